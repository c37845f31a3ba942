"""Who may find lessons, give them to a class, and do them."""

from typing import Any, Final

from schoolklimaat.core.guard import Permission
from schoolklimaat.learning.models import Assignment, Proposal
from schoolklimaat.learning.services.proposal_steps import SEEN_BY_CLASS
from schoolklimaat.schools.models import Role
from schoolklimaat.schools.policy import (
    RUNS_CLASSES,
    belongs,
    class_permission,
    class_scope_of,
    memberships_of,
    school_permission,
)

LEARNER_KINDS: Final = frozenset({"pupil", "guest"})
_TEACHES: Final = RUNS_CLASSES | {Role.TEACHER}


def is_learner(actor: Any) -> bool:
    """Say whether somebody is here to do lessons: a pupil or a guest of one lesson."""
    return getattr(actor, "kind", None) in LEARNER_KINDS


def teaches_somewhere(actor: Any) -> bool:
    """Say whether an adult runs a class somewhere: a teacher, a climate coordinator, or IOK's administrator."""
    return any(membership.role in _TEACHES for membership in memberships_of(actor))


def is_meant_for(actor: Any, assignment: Assignment) -> bool:
    """Say whether an assignment was given to a learner: to the whole class, or to them among others.

    A guest comes for what the whole class does.
    """
    if not is_learner(actor) or actor.class_group_id != assignment.class_group_id:
        return False
    if assignment.for_whole_class:
        return True
    return actor.kind == "pupil" and any(target.pupil_id == actor.id for target in assignment.targets)


FIND_LESSONS: Final = Permission(
    "find lessons", allows=lambda actor, _thing: getattr(actor, "kind", None) == "staff", knows=lambda _a, _t: True
)
TEACH: Final = Permission("teach", allows=lambda actor, _thing: teaches_somewhere(actor))
HAVE_LESSONS: Final = Permission("have lessons", allows=lambda actor, _thing: is_learner(actor))
DO_ASSIGNMENT: Final = Permission(
    "do assignment",
    allows=is_meant_for,
    knows=lambda actor, assignment: belongs(actor, assignment.class_group),
    writes=True,
)
FOLLOW_ASSIGNMENT: Final = class_permission("follow assignment")
RUN_ASSIGNMENT: Final = class_permission("run assignment", writes=True)


def may_run(actor: Any, assignment: Assignment) -> bool:
    """Say whether an adult runs the class of an assignment."""
    return class_scope_of(actor).holds(assignment.class_group)


# ---- participation: proposals, projects, walk rounds, stories, Green Flag ----


def is_pupil(actor: Any) -> bool:
    """Say whether somebody is a pupil of a class (not a guest of one lesson)."""
    return getattr(actor, "kind", None) == "pupil"


def is_author(actor: Any, proposal: Proposal) -> bool:
    """Say whether a pupil wrote a proposal."""
    return is_pupil(actor) and proposal.pupil_id == actor.id


def pupil_may_see(actor: Any, proposal: Proposal) -> bool:
    """Say whether a pupil sees a proposal: free text is seen by others only after the teacher let it through."""
    if not is_pupil(actor) or actor.class_group_id != proposal.class_group_id:
        return False
    return proposal.state in SEEN_BY_CLASS or is_author(actor, proposal)


ANSWERS_FOR_THE_SCHOOL: Final = frozenset({Role.IOK_ADMIN, Role.IOK_EXPERT, Role.CLIMATE_COORDINATOR})
TAKE_PART: Final = Permission("take part as pupil", allows=lambda actor, _thing: is_pupil(actor), writes=True)
FOLLOW_PROPOSAL: Final = Permission("follow proposal", allows=pupil_may_see, writes=True)
REVIEW_PROPOSALS: Final = class_permission("review proposals", writes=True)
ANSWER_PROPOSAL: Final = school_permission("answer proposal", ANSWERS_FOR_THE_SCHOOL, writes=True)
VOTE: Final = Permission(
    "vote", allows=lambda actor, thing: is_pupil(actor) and belongs(actor, thing), knows=belongs, writes=True
)
RUN_PROJECTS: Final = class_permission("run projects", writes=True)
READ_ROUNDS: Final = school_permission("read walk rounds", ANSWERS_FOR_THE_SCHOOL | {Role.TECHNICAL_TEAM})
SEE_CLASS_BADGES: Final = class_permission("see class badges", pupils=True)
ECO_SCHOOL_READERS: Final = RUNS_CLASSES | {Role.IOK_EXPERT, Role.TECHNICAL_TEAM, Role.TEACHER}
READ_ECO_SCHOOL: Final = school_permission("read eco-school file", ECO_SCHOOL_READERS)
WRITE_ECO_SCHOOL: Final = school_permission("write eco-school file", RUNS_CLASSES | {Role.TEACHER}, writes=True)
PUBLISH_STORIES: Final = school_permission("publish stories", RUNS_CLASSES, writes=True)


# ---- own lessons of a school ----

AUTHORS: Final = _TEACHES
WRITE_LESSONS: Final = school_permission("write own lessons", AUTHORS, writes=True)
READ_DRAFTS: Final = school_permission("read drafts of own lessons", AUTHORS)
