"""Writes the ids that an author left out into the text, so that an answer can name its question for ever."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults
from schoolklimaat.learning.lesson.nodes import Node
from schoolklimaat.learning.lesson.prose import LINE_END, Prose, plain
from schoolklimaat.learning.lesson.questions import is_answer
from schoolklimaat.learning.lesson.steps import ends_prompt, is_attributes, proposed_id
from schoolklimaat.learning.lesson.vocabulary import LARGEST_SOURCE, MOST_LINES, MOST_MARKS

_IN_BRACES: Final = re.compile(r"^\s{0,3}\{[^}]*#([^\s}]+)", re.MULTILINE)
_IN_FENCE: Final = re.compile(r"^\s*id:\s*(\S+)", re.MULTILINE)
_MARKS: Final = re.compile(r"[\[*_<`&\\|]")
_FENCES: Final = {"volgorde": "q", "meting": "m", "voorstel": "v"}


@dataclass(frozen=True, slots=True)
class _Missing:
    """A place where an id belongs: a line (from 1), what to make it of, and how it is written there."""

    line: int
    words: str
    form: str  # with {} for the id; the line is written above `line`, or with `inside` into it
    inside: bool = False
    below: bool = False


def fill_ids(source: str, taken: Collection[str] = ()) -> str:
    """Return the text with an id for each step, question and task that has none; everything else stays as it is.

    `taken` are ids of earlier versions: an id is never used again for something else. A text too large to read comes
    back unchanged.
    """
    if len(source) > LARGEST_SOURCE or source.count("\n") >= MOST_LINES or len(_MARKS.findall(source)) > 2 * MOST_MARKS:
        return source
    prose = Prose(source, Faults())
    missing = sorted(_missing(prose.nodes(), prose), key=lambda one: one.line, reverse=True)
    if not missing:
        return source
    used = {*taken, *_IN_BRACES.findall(source), *_IN_FENCE.findall(source)}
    ids = {}
    for one in reversed(missing):
        ids[one] = _free(one.words, used)
        used.add(ids[one])
    lines = LINE_END.split(source)
    for one in missing:
        written = one.form.format(ids[one])
        place = one.line - 1
        if one.inside:
            lines[place] = re.sub(r"\{\s*", lambda _found, text=written: "{" + text, lines[place], count=1).replace(
                " }", "}"
            )
        else:
            lines[place + one.below : place + one.below] = [written]
    return "\n".join(lines)


def _missing(nodes: Sequence[Node], prose: Prose) -> Iterator[_Missing]:
    place = 0
    last_text: Node | None = None  # the paragraph that a question without attributes asks with
    while place < len(nodes):
        node = nodes[place]
        place += 1
        following = nodes[place] if place < len(nodes) else None
        if node.type == "heading" and node.token.tag == "h2":
            if place < 2 or not is_attributes(nodes[place - 2]):  # noqa: PLR2004 - the block before this one
                yield _Missing(node.line, plain(node.tokens), "{{#{} .lezen}}")
        elif is_attributes(node):
            if following is not None and following.type == "heading" and following.token.tag == "h2":
                yield from _in_braces(node, plain(following.tokens), "", prose)
            elif following is not None and following.type == "paragraph" and not is_answer(following):
                yield from _in_braces(node, plain(following.tokens), "q-", prose)
                while place < len(nodes) and not is_answer(nodes[place]) and not ends_prompt(nodes[place]):
                    place += 1
                place += place < len(nodes) and is_answer(nodes[place])
            last_text = None
            continue
        elif node.type == "fence" and node.token.info.split()[:1]:
            kind = node.token.info.split()[0]
            if kind in _FENCES and not _IN_FENCE.search(node.token.content):
                asked = re.search(r"^vraag:\s*(.+)$", node.token.content, re.MULTILINE)
                yield _Missing(node.line, f"{_FENCES[kind]} {asked[1] if asked else kind}", "id: {}", below=True)
        elif node.type == "container_lesson":
            if node.token.info.strip().startswith("niveau"):
                yield from _missing(node.children, prose)
        elif is_answer(node) and last_text is not None:
            yield _Missing(last_text.line, f"q {plain(last_text.tokens)}", "{{#{}}}")
        last_text = node if node.type == "paragraph" and not is_answer(node) else None


def _in_braces(node: Node, words: str, prefix: str, prose: Prose) -> Iterator[_Missing]:
    if not _IN_BRACES.match(prose.lines[node.line - 1]):
        yield _Missing(node.line, f"{prefix}{words}", "#{} ", inside=True)


def _free(words: str, used: Collection[str]) -> str:
    identity = proposed_id(words)
    if identity not in used:
        return identity
    return next(f"{identity}-{number}" for number in range(2, len(used) + 3) if f"{identity}-{number}" not in used)
