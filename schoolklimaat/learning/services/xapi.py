"""A report as xAPI statements (1.0.3): who did what is a pseudonym that only this site can make, never an animal or a number.

What pupils wrote in words of their own stays here: a response is given for choices and numbers alone.
"""

from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from schoolklimaat.core.context import settings
from schoolklimaat.core.sealed import stamp
from schoolklimaat.learning.lesson.model import Item, Measurement, Question, QuestionKind
from schoolklimaat.learning.models import AnswerState
from schoolklimaat.learning.services.classwork import ClassWork, Learner, Try
from schoolklimaat.learning.services.reports import points_of

VERSION: Final = "1.0.3"
_VERBS: Final = "http://adlnet.gov/expapi/verbs/"
_TYPES: Final = "http://adlnet.gov/expapi/activities/"
_ACTOR: Final = "xapi-actor"
_KINDS: Final = {
    QuestionKind.ONE: "choice",
    QuestionKind.MANY: "choice",
    QuestionKind.DROPDOWN: "choice",
    QuestionKind.POLL: "likert",
    QuestionKind.ORDER: "sequencing",
    QuestionKind.NUMBER: "numeric",
    QuestionKind.TEXT: "fill-in",
    QuestionKind.OPEN: "long-fill-in",
}
_CHOSEN: Final = frozenset(
    {QuestionKind.ONE, QuestionKind.MANY, QuestionKind.DROPDOWN, QuestionKind.POLL, QuestionKind.ORDER}
)


def statements(work: ClassWork) -> list[dict[str, Any]]:
    """Return a statement for each answer that was sent and each learner who handed in."""
    home = settings().site_url.rstrip("/")
    items = {item.id: item for item in work.lesson.items()}
    lesson = f"{home}/opdrachten/{work.assignment.id}"
    language = "en" if work.lesson.language == "en" else "nl-BE"
    activities = {item_id: _activity(lesson, item, language) for item_id, item in items.items()}
    told = []
    for learner in work.learners:
        actor = {"objectType": "Agent", "account": {"homePage": home, "name": stamp(learner.key, _ACTOR)}}
        told += [
            _answered(actor, activities[one.item_id], items[one.item_id], one, lesson)
            for one in learner.tries
            if one.item_id in items
        ]
        if learner.handed_in_at is not None:
            told.append(
                _completed(actor, learner, learner.handed_in_at, lesson, title=work.lesson.title, language=language)
            )
    return told


def _answered(actor: dict[str, Any], activity: dict[str, Any], item: Item, answer: Try, lesson: str) -> dict[str, Any]:
    result: dict[str, Any] = {"completion": True}
    if isinstance(item, Question) and item.is_marked:
        result["success"] = answer.state is AnswerState.RIGHT
        scaled = answer.score or 0.0
        result["score"] = {"scaled": scaled, "raw": points_of(item, answer), "min": 0, "max": item.points}
    response = _response(item, answer)
    if response is not None:
        result["response"] = response
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{lesson}/antwoord/{answer.answer_id}")),
        "actor": actor,
        "verb": {"id": f"{_VERBS}answered", "display": {"en": "answered", "nl-BE": "antwoordde"}},
        "object": activity,
        "result": result,
        "timestamp": answer.at.isoformat(),
        "version": VERSION,
        "context": {
            "contextActivities": {"parent": [{"id": lesson}]},
            "extensions": {
                f"{lesson}/poging": answer.number,
                f"{lesson}/te-laat": answer.is_late,
                f"{lesson}/uitkomst": answer.state.value,
            },
        },
    }


def _completed(
    actor: dict[str, Any], learner: Learner, at: datetime, lesson: str, *, title: str, language: str
) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{lesson}/ingediend/{learner.attempt_id}")),
        "actor": actor,
        "verb": {"id": f"{_VERBS}completed", "display": {"en": "completed", "nl-BE": "diende in"}},
        "object": {"id": lesson, "definition": {"type": f"{_TYPES}lesson", "name": {language: title}}},
        "result": {"completion": True},
        "timestamp": at.isoformat(),
        "version": VERSION,
    }


def _activity(lesson: str, item: Item, language: str) -> dict[str, Any]:
    prompt = item.prompt_text if isinstance(item, Question) else item.prompt
    definition: dict[str, Any] = {
        "type": f"{_TYPES}cmi.interaction",
        "description": {language: prompt},
        "interactionType": _interaction(item),
    }
    if isinstance(item, Question):
        parts = [{"id": option.key, "description": {language: option.text}} for option in item.options]
        if parts:
            definition["scale" if item.kind is QuestionKind.POLL else "choices"] = parts
        pattern = _pattern(item)
        if pattern:
            definition["correctResponsesPattern"] = pattern
    return {"id": f"{lesson}/vraag/{item.id}", "objectType": "Activity", "definition": definition}


def _interaction(item: Item) -> str:
    if isinstance(item, Question):
        return _KINDS[item.kind]
    return "numeric" if isinstance(item, Measurement) else "long-fill-in"


def _pattern(item: Question) -> list[str]:
    if item.kind is QuestionKind.ORDER:
        return ["[,]".join(option.key for option in item.options)]
    if item.kind is QuestionKind.NUMBER and item.number is not None:
        return [f"{item.number.low:g}[:]{item.number.high:g}"]
    if item.kind is QuestionKind.TEXT:
        return list(item.accepted)
    right = [option.key for option in item.options if option.right]
    return ["[,]".join(right)] if item.is_marked and right else []


def _response(item: Item, answer: Try) -> str | None:
    if not isinstance(item, Question) or answer.hidden:
        return None
    if item.kind in _CHOSEN:
        known = {option.key for option in item.options}
        keys = [str(key) for key in (answer.value if isinstance(answer.value, list) else [answer.value])]
        return "[,]".join(keys) if set(keys) <= known else None
    if item.kind is QuestionKind.NUMBER and answer.state is not AnswerState.DRAFT:
        return str(answer.value)[:40]
    return None
