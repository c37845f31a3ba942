"""Tables of learning, a file a noun: versions, drafts, assignments, answers, measurements, proposals, projects, goals."""

from schoolklimaat.learning.models.answers import Answer, AnswerState, Attempt, CommentBank
from schoolklimaat.learning.models.assignments import Assignment, AssignmentTarget, Level, Pace
from schoolklimaat.learning.models.draft import DraftCopy, LessonDraft, LessonPicture
from schoolklimaat.learning.models.goals import LearningGoal
from schoolklimaat.learning.models.measurements import PupilMeasurement, Share
from schoolklimaat.learning.models.projects import Project, ProjectKind, ProjectState, Survey
from schoolklimaat.learning.models.proposals import Proposal, ProposalEvent, ProposalState, ProposalVote
from schoolklimaat.learning.models.showing import EcoStep, EcoStepState, Story
from schoolklimaat.learning.models.versions import ImmutableVersionError, LessonVersion

__all__ = [
    "Answer", "AnswerState", "Assignment", "AssignmentTarget", "Attempt", "CommentBank", "DraftCopy", "EcoStep", "EcoStepState",
    "ImmutableVersionError", "LearningGoal", "LessonDraft", "LessonPicture", "LessonVersion", "Level", "Pace", "Project",
    "ProjectKind", "ProjectState",
    "Proposal", "ProposalEvent", "ProposalState", "ProposalVote", "PupilMeasurement", "Share", "Story", "Survey",
]  # fmt: skip
