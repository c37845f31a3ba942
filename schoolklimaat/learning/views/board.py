"""Pages for the whole class to look at: progress by step and the answers to one question, never whose they are."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.marking import right_answer
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.policy import FOLLOW_ASSIGNMENT
from schoolklimaat.learning.services import following
from schoolklimaat.learning.services.assigning import find_assignment
from schoolklimaat.learning.services.spread import spread_of
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.learning.views.following import work_of


def find_for_board(assignment_id: int, **_item: str) -> Assignment | None:
    """Return the assignment of an address; the view judges the question."""
    return find_assignment(assignment_id)


@blueprint.get("/opdrachten/<int:assignment_id>/bord")
@needs(FOLLOW_ASSIGNMENT, on=find_assignment)
def board(assignment: Assignment) -> ResponseReturnValue:
    """Show how many are done with each step, and the questions to talk about."""
    work = work_of(assignment)
    return page(
        "learning/board.html",
        assignment=assignment,
        lesson=work.lesson,
        class_group=assignment.class_group,
        school=assignment.class_group.school,
        grid=following.grid_of(work),
        everybody=len(work.learners),
        questions=[
            (step, work.number_of(item), item, len([one for one in work.learners if one.last(item.id)]))
            for step, item in following.items_to_discuss(work.lesson)
        ],
    )


@blueprint.get("/opdrachten/<int:assignment_id>/bord/<item>")
@needs(FOLLOW_ASSIGNMENT, on=find_for_board)
def board_item(assignment: Assignment) -> ResponseReturnValue:
    """Show how the answers to a question are spread; which is right comes only when it is asked for."""
    work = work_of(assignment)
    wanted = (request.view_args or {})["item"]
    listed = following.items_to_discuss(work.lesson)
    at = next((at for at, (_step, item) in enumerate(listed) if item.id == wanted), None)
    if at is None:
        return abort(404)
    step, item = listed[at]
    revealed = request.args.get("antwoord") == "ja" and item.is_marked
    return page(
        "learning/board_item.html",
        assignment=assignment,
        lesson=work.lesson,
        class_group=assignment.class_group,
        school=assignment.class_group.school,
        item=item,
        step=step,
        number=work.number_of(item),
        spread=spread_of(item, work, revealed=revealed),
        everybody=len(work.learners),
        revealed=revealed,
        right=[str(word) for word in right_answer(item)] if revealed else [],
        explanation=item.explanation if revealed else "",
        previous=listed[at - 1][1] if at > 0 else None,
        following_item=listed[at + 1][1] if at + 1 < len(listed) else None,
    )
