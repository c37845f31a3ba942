"""The pages of taking part, gathered so that the list of all pages stays short."""

from schoolklimaat.learning.views import (
    eco_school,
    projects,
    proposals_pupil,
    proposals_school,
    proposals_teacher,
    recognition,
    stories,
    surveys,
)

PAGES = (
    eco_school, projects, proposals_pupil, proposals_school, proposals_teacher, recognition, stories, surveys,
)  # fmt: skip
