"""What changed between two texts of a lesson, block by block, as a teacher can read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_BLOCK_END: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")
_MOST_BLOCKS: Final = 2000  # comparing more would take long; a lesson of 20 steps has about 200


@dataclass(frozen=True, slots=True)
class Change:
    """One block, or some that belong together; `kind` is same, gone, new or changed.

    Of `before` and `after` each piece says whether it differs: (text, is_other).
    """

    kind: str
    before: tuple[tuple[str, bool], ...] = ()
    after: tuple[tuple[str, bool], ...] = ()


def changed_lines(before: str, after: str) -> list[Change]:
    """Return the blocks of two texts in order; unchanged ones too, so that a change stands in its place."""
    old, new = ([one for one in _BLOCK_END.split(text) if one.strip()][:_MOST_BLOCKS] for text in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [change for code in matcher.get_opcodes() for change in _changes(code, old, new)]


def _changes(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Change]:
    tag, start, end, first, last = code
    if tag == "equal":
        yield Change("same", tuple((text, False) for text in old[start:end]))
        return
    for at in range(max(end - start, last - first)):
        gone = old[start + at] if start + at < end else None
        came = new[first + at] if first + at < last else None
        if gone is None:
            yield Change("new", after=((came or "", True),))
        elif came is None:
            yield Change("gone", before=((gone, True),))
        else:
            yield Change("changed", *_words(gone, came))


def _words(gone: str, came: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (gone, came))
    matcher = SequenceMatcher(None, old, new, autojunk=True)
    before, after = [], []
    for tag, start, end, first, last in matcher.get_opcodes():
        if end > start:
            before.append(("".join(old[start:end]), tag != "equal"))
        if last > first:
            after.append(("".join(new[first:last]), tag != "equal"))
    return tuple(before), tuple(after)
