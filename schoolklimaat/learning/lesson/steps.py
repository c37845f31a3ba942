"""The body of a lesson: steps, and in them text, notes, levels, fences and questions."""

import re
from collections.abc import Sequence
from typing import Final

from schoolklimaat.learning.lesson.attributes import Attributes, check_values, is_effect, read_attributes
from schoolklimaat.learning.lesson.faults import Faults, did_you_mean, listed, quoted
from schoolklimaat.learning.lesson.fences import read_fence, tries_and_points
from schoolklimaat.learning.lesson.fields import Fields
from schoolklimaat.learning.lesson.model import (
    STEP_KINDS,
    Block,
    LevelBlock,
    Question,
    QuestionKind,
    Step,
    TeacherNote,
    Text,
)
from schoolklimaat.learning.lesson.nodes import Node
from schoolklimaat.learning.lesson.prose import Prose, plain
from schoolklimaat.learning.lesson.questions import is_answer, is_hints, read_answer_block, read_hints
from schoolklimaat.learning.lesson.vocabulary import LEVELS

_CONTAINERS: Final = ("leerkracht", "niveau")
_FENCE_END: Final = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*\Z")
_CONTAINER_END: Final = re.compile(r"\s{0,3}:{3,}\s*\Z")


def read_steps(nodes: Sequence[Node], prose: Prose) -> tuple[Step, ...]:
    """Read all below the front matter: every level-2 heading starts a step."""
    starts = [place for place, node in enumerate(nodes) if _is_step(node)]
    # The attribute line of a heading belongs to it, not to the step before.
    cuts = [place - (place > 0 and is_attributes(nodes[place - 1])) for place in starts]
    for node in nodes[: cuts[0] if cuts else len(nodes)]:
        prose.html([node])
        prose.faults.error(node.line, "Deze tekst staat voor de eerste stap. Zet er een titel met ## boven.")
        break
    steps = []
    for cut, start, end in zip(cuts, starts, [*cuts, len(nodes)][1:], strict=True):
        attributes = _attributes(nodes[cut], prose) if cut < start else None
        steps.append(_read_step(nodes[start], attributes, nodes[start + 1 : end], prose))
    if not steps:
        prose.faults.error(1, "Deze les heeft geen stappen. Begin elke stap met {#id .lezen} en daaronder '## Titel'.")
    return tuple(steps)


def _is_step(node: Node) -> bool:
    return node.type == "heading" and node.token.tag == "h2"


def is_attributes(node: Node) -> bool:
    """Say whether a block is one line of attributes; with a fault in it, Markdown takes it for a paragraph."""
    return node.type == "attrs_block" or (
        node.type == "paragraph" and node.content.startswith("{") and "\n" not in node.content
    )


def _attributes(node: Node, prose: Prose) -> Attributes:
    if node.type == "paragraph":
        prose.stuck_attributes(node.line)
        return read_attributes(node.content, node.line, Faults())
    return read_attributes(prose.lines[node.line - 1], node.line, prose.faults)


def _read_step(heading: Node, attributes: Attributes | None, body: Sequence[Node], prose: Prose) -> Step:
    faults = prose.faults
    given = attributes or Attributes(heading.line)
    title = plain(heading.tokens)
    prose.lint(heading)
    if heading.token.markup != "##":
        faults.error(
            heading.line, "Een regel met --- of === maakt van de tekst erboven een titel. Zet er een lege regel tussen."
        )
    if not title:
        faults.error(heading.line, "Deze stap heeft geen titel. Schrijf er een achter ##.")
    if not given.id:
        faults.error(
            given.line, f"De stap {quoted(title)} heeft geen id. Zet er {{#{proposed_id(title)} .lezen}} boven."
        )
    kind = given.kinds[0] if given.kinds else ""
    if given.id and not kind:
        faults.error(
            given.line, f"De stap {quoted(title)} heeft geen soort. Zet .lezen erbij, of .{listed(STEP_KINDS[1:])}."
        )
    if len(given.kinds) > 1:
        faults.error(given.line, "Een stap heeft één soort. Laat één woord met een punt staan.")
    elif kind and kind not in STEP_KINDS:
        faults.error(given.line, f"De soort {quoted(kind)} kennen we niet. {did_you_mean(kind, STEP_KINDS)}")
    check_values(given, ("duur",), "een stap", faults)
    minutes = Fields("de stap", given.line, given.values, faults).whole("duur", 1, 300, 0)
    return Step(heading.line, given.id, kind, title, minutes or None, read_blocks(body, prose))


def proposed_id(title: str) -> str:
    """Return an id made of the words of a title."""
    words = re.findall(r"[a-z0-9]+", title.casefold())
    return "-".join(word for word in words if word[0].isalpha())[:30].strip("-") or "stap-1"


def read_blocks(nodes: Sequence[Node], prose: Prose) -> tuple[Block, ...]:
    """Read what stands inside a step or a level."""
    return _Reading(nodes, prose).read()


class _Reading:
    """One walk over neighbouring blocks, in which a question takes as many as it needs."""

    def __init__(self, nodes: Sequence[Node], prose: Prose) -> None:
        self._nodes = nodes
        self._prose = prose
        self._faults = prose.faults
        self._place = 0
        self._blocks: list[Block] = []
        self._text: list[Node] = []

    def read(self) -> tuple[Block, ...]:
        while (node := self._peek()) is not None:
            self._place += 1
            if is_attributes(node):
                self._end_text()
                self._with_attributes(node)
            elif node.type == "fence" and node.token.info.strip():
                self._end_text()
                self._fence(node)
            elif node.type == "container_lesson":
                self._end_text()
                self._container(node)
            elif is_hints(node):
                self._faults.error(
                    node.line, "Hier staan tips zonder antwoord. Zet ze onder het antwoord van een vraag."
                )
            elif is_answer(node):
                self._without_id(node)
            elif _is_explanation(node):
                self._faults.error(node.line, "Uitleg tussen *** hoort vlak onder het antwoord van een vraag.")
                self._explanation_until_end(node)
            elif node.type == "heading" and node.token.tag in {"h1", "h2"}:
                self._faults.error(
                    node.line,
                    "De titel van de les staat in de kop. Schrijf hier ## voor een stap of ### voor een tussentitel."
                    if node.token.tag == "h1"
                    else "Een stap kan niet in een blok met ::: beginnen. Sluit het blok eerst met :::.",
                )
            else:
                if node.type == "fence":
                    self._closed_fence(node)
                self._text.append(node)
        self._end_text()
        return tuple(self._blocks)

    def _peek(self) -> Node | None:
        return self._nodes[self._place] if self._place < len(self._nodes) else None

    def _end_text(self) -> None:
        if self._text:
            html = self._prose.html(self._text)
            self._blocks.append(Text(self._text[0].line, html, self._prose.source_of(self._text)))
            self._text = []

    def _with_attributes(self, node: Node) -> None:
        attributes = _attributes(node, self._prose)
        prompt = self._peek()
        if prompt is None or prompt.type != "paragraph" or is_attributes(prompt) or is_answer(prompt):
            self._faults.error(
                node.line, "Een regel met {…} hoort vlak boven een titel met ## of boven de tekst van een vraag."
            )
            if prompt is not None and is_answer(prompt):
                self._place += 1
                self._answered(Attributes(node.line, attributes.id or "q"), [], prompt)
            return
        start = self._place
        while (following := self._peek()) is not None and not is_answer(following) and not ends_prompt(following):
            self._place += 1
        prompts = self._nodes[start : self._place]
        answer = self._peek()
        if answer is None or not is_answer(answer):
            self._faults.error(
                node.line,
                f"Onder de vraag {quoted(attributes.id or plain(prompts[0].tokens))} staat geen antwoord. "
                "Zet er keuzes onder, of [[___]] voor een open antwoord, of haal deze regel weg.",
            )
            self._text.extend(prompts)
            return
        self._place += 1
        if not attributes.id:
            self._faults.error(node.line, f"Deze vraag heeft geen id. Zet {_id_for(prompts)} tussen de accolades.")
        self._answered(attributes, prompts, answer)

    def _without_id(self, answer: Node) -> None:
        prompt = self._text[-1:]
        if prompt and re.search(r"^\{", prompt[0].content, re.MULTILINE):
            self._text.pop()  # its fault is that line, which is said with the prose
        elif prompt:
            self._faults.error(
                prompt[0].line, f"Deze vraag heeft geen id. Zet er een regel {{{_id_for(prompt)}}} boven."
            )
            self._text.pop()
        else:
            self._faults.error(answer.line, "Dit antwoord hoort bij geen vraag. Schrijf er {#q-…} en de vraag boven.")
        self._end_text()
        self._answered(Attributes(answer.line), prompt, answer)

    def _answered(self, attributes: Attributes, prompts: Sequence[Node], node: Node) -> None:
        check_values(attributes, ("pogingen", "punten", "schudden"), "een vraag", self._faults)
        if attributes.kinds:
            self._faults.error(attributes.line, f"Een vraag heeft geen soort. Haal .{attributes.kinds[0]} weg.")
        fields = Fields("de vraag", attributes.line, attributes.values, self._faults)
        tries, points = tries_and_points(fields)
        answer = read_answer_block(node, self._prose)
        hints, explanation = self._afterwards()
        if answer is None:
            return
        self._blocks.append(
            Question(
                line=prompts[0].line if prompts else node.line,
                id=attributes.id,
                kind=answer.kind,
                prompt_html=self._prose.html(prompts),
                prompt_text=" ".join(plain(prompt.tokens) for prompt in prompts),
                options=tuple(answer.options),
                accepted=answer.accepted,
                number=answer.number,
                lines=answer.lines,
                hints=(*answer.hints, *hints),
                explanation=explanation,
                tries=tries,
                points=points,
                shuffle=fields.yes("schudden"),
            )
        )

    def _afterwards(self) -> tuple[list[str], str]:
        """Take the hints and the explanation that follow an answer."""
        hints: list[str] = []
        node = self._peek()
        if node is not None and is_hints(node):
            self._place += 1
            hints = read_hints(node, self._prose)
            node = self._peek()
        if node is None or not _is_explanation(node):
            return hints, ""
        self._place += 1
        return hints, self._explanation_until_end(node)

    def _explanation_until_end(self, opening: Node) -> str:
        start = self._place
        while (node := self._peek()) is not None and not _is_explanation(node) and not ends_prompt(node):
            self._place += 1
        inside = self._nodes[start : self._place]
        if node is None or not _is_explanation(node):
            self._faults.error(
                opening.line, "De uitleg die hier begint met ***, wordt niet gesloten. Zet er *** onder."
            )
        else:
            self._place += 1
        return self._prose.html(inside)

    def _fence(self, node: Node) -> None:
        self._closed_fence(node)
        kind = node.token.info.split()[0]
        block = read_fence(kind, node.token.content, node.line, self._prose)
        if isinstance(block, Question) and block.kind is QuestionKind.ORDER:
            hints, explanation = self._afterwards()
            block = _joined(block, hints, explanation)
        if block is not None:
            self._blocks.append(block)

    def _closed_fence(self, node: Node) -> None:
        last = self._prose.lines[node.last_line - 1]
        end = _FENCE_END.match(last)
        if node.last_line == node.line or not end or not end[1].startswith(node.token.markup):
            self._faults.error(node.line, f"Dit blok wordt niet gesloten. Zet er een regel {node.token.markup} onder.")

    def _container(self, node: Node) -> None:
        if node.last_line >= len(self._prose.lines) or not _CONTAINER_END.match(self._prose.lines[node.last_line]):
            self._faults.error(node.line, "Dit blok wordt niet gesloten. Zet er een regel ::: onder.")
        name, _, level = node.token.info.strip().partition(" ")
        level = level.strip()
        if name == "leerkracht" and not level:
            source = "\n".join(self._prose.lines[node.line : node.last_line]).strip("\n")
            self._blocks.append(TeacherNote(node.line, self._prose.html(node.children), source))
        elif name == "niveau" and level in LEVELS:
            self._blocks.append(LevelBlock(node.line, level, read_blocks(node.children, self._prose)))
        else:
            self._faults.error(node.line, _unknown_container(name, level))
            read_blocks(node.children, self._prose)


def _joined(block: Question, hints: list[str], explanation: str) -> Question:
    """Return an order question with what follows its fence."""
    values = {name: getattr(block, name) for name in block.__dataclass_fields__}
    return Question(**values | {"hints": (*block.hints, *hints), "explanation": explanation or block.explanation})


def _unknown_container(name: str, level: str) -> str:
    if name == "niveau":
        return f"Het niveau {quoted(level)} kennen we niet. {did_you_mean(level, LEVELS)}"
    if name == "leerkracht":
        return f"Achter '::: leerkracht' kan niets staan. Haal {quoted(level)} weg."
    if is_effect(name):
        return "Effecten van LiaScript ({{…}}) werken hier niet. Haal ze weg."
    return f"Het blok {quoted(name)} kennen we niet. {did_you_mean(name, _CONTAINERS)}"


def _is_explanation(node: Node) -> bool:
    return node.type == "hr" and node.token.markup.startswith("*")


def ends_prompt(node: Node) -> bool:
    """Say whether a block cannot be part of a question's text."""
    return (
        is_attributes(node)
        or node.type in {"container_lesson", "heading"}
        or _is_explanation(node)
        or (node.type == "fence" and bool(node.token.info.strip()))
    )


def _id_for(prompts: Sequence[Node]) -> str:
    return f"#q-{proposed_id(plain(prompts[0].tokens))}"
