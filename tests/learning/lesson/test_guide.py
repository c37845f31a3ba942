"""The author's guide is true: its example is a sound lesson with every element, its lists are those of the parser."""

from pathlib import Path

import pytest

from schoolklimaat.learning.lesson import vocabulary
from schoolklimaat.learning.lesson.model import THEMES, Question, QuestionKind
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.reading_level import reading_advice

GUIDE = (Path(__file__).parents[3] / "docs" / "lesson-format.md").read_text()


def test_the_example_is_a_lesson_with_everything():
    example = GUIDE.split("````markdown\n")[1].split("````\n")[0]
    lesson, faults = parse(example, slug="lucht-in-de-klas", language="nl")
    assert faults == []
    assert {item.kind for item in lesson.items() if isinstance(item, Question)} == set(QuestionKind)
    assert reading_advice(lesson) == []


@pytest.mark.parametrize(
    "words",
    [
        THEMES,
        *(getattr(vocabulary, name) for name in ("QUANTITIES", "PLACES", "PERIODS", "COMPARISONS", "SHAPES", "SHARES")),
    ],
)
def test_the_lists_are_whole(words):
    assert f"| {', '.join(words)}" in GUIDE
