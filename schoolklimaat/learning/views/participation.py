"""The pages of taking part, gathered so that the list of all pages stays short."""

from schoolklimaat.learning.views import projects, proposals_pupil, proposals_school, proposals_teacher, surveys

PAGES = (projects, proposals_pupil, proposals_school, proposals_teacher, surveys)
