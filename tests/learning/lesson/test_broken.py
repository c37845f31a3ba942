"""Each file in broken/ has its faults beside it, word for word: `line fout|waarschuwing: message`."""

from pathlib import Path

import pytest

from schoolklimaat.learning.lesson.model import Severity
from schoolklimaat.learning.lesson.parse import parse

FOLDER = Path(__file__).parent / "broken"
LESSONS = sorted(FOLDER.glob("*.md"))


def test_there_are_many():
    assert len(LESSONS) >= 90
    assert {path.stem for path in LESSONS} == {path.stem for path in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_says_what_is_wrong_and_where(path):
    lesson, faults = parse(path.read_bytes().decode(), slug="lucht", language="nl", folder=FOLDER)
    words = {Severity.ERROR: "fout", Severity.WARNING: "waarschuwing"}
    said = [f"{fault.line} {words[fault.severity]}: {fault.message}" for fault in faults]
    assert said == path.with_suffix(".txt").read_text().splitlines()
    assert said, "a broken lesson has at least one fault"
    assert (lesson is None) == any("fout:" in line for line in said)
