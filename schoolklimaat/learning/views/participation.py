"""The pages of taking part, gathered so that the list of all pages stays short."""

from schoolklimaat.learning.views import proposals_pupil, proposals_school, proposals_teacher

PAGES = (proposals_pupil, proposals_school, proposals_teacher)
