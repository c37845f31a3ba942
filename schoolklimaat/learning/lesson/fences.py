"""The fenced blocks of a lesson: grafiek, meting, volgorde, voorstel."""

from collections.abc import Callable
from typing import Final

from schoolklimaat.learning.lesson.faults import did_you_mean, quoted, sound_id
from schoolklimaat.learning.lesson.fields import Fields
from schoolklimaat.learning.lesson.flat_yaml import read_flat
from schoolklimaat.learning.lesson.model import (
    THEMES,
    Chart,
    Measurement,
    Option,
    ProposalTask,
    Question,
    QuestionKind,
)
from schoolklimaat.learning.lesson.prose import Prose
from schoolklimaat.learning.lesson.vocabulary import COMPARISONS, PROPOSAL_FIELDS, QUANTITIES, SHAPES, SHARES

Fenced = Chart | Measurement | Question | ProposalTask
_TRIES: Final = 20
_REPEATS: Final = 20


def read_fence(kind: str, content: str, line: int, prose: Prose) -> Fenced | None:
    """Read one block that opens at `line`; None when it cannot be read."""
    faults = prose.faults
    read = _READERS.get(kind)
    if read is None:
        faults.error(line, f"Het blok {quoted(kind)} kennen we niet. {did_you_mean(kind, _READERS)}")
        return None
    entries = read_flat(content, line + 1, faults)
    if entries is None:
        return None
    return read(Fields(f"het blok '{kind}'", line, entries, faults), prose)


def tries_and_points(fields: Fields) -> tuple[int, float]:
    """Return `pogingen` and `punten`, of a fence or of an attribute line."""
    return fields.whole("pogingen", 1, _TRIES, 2), fields.points("punten")


def _identity(fields: Fields) -> str:
    identity = fields.text("id")
    if identity:
        sound_id(identity, fields.line_of("id"), fields.faults)
    return identity


def _prompt(fields: Fields, prose: Prose) -> tuple[str, str]:
    return prose.inline(fields.text("vraag", longest=1000), fields.line_of("vraag"))


def _chart(fields: Fields, _prose: Prose) -> Chart:
    fields.check_keys(("meting", "ruimte", "periode"), ("vergelijk", "vorm", "grenzen"))
    return Chart(
        line=fields.line,
        quantity=fields.one_of("meting", QUANTITIES),
        place=fields.place("school"),
        period=fields.period(),
        compare=fields.one_of("vergelijk", COMPARISONS, "geen"),
        shape=fields.one_of("vorm", SHAPES, "lijn"),
        limits=fields.yes("grenzen"),
    )


def _measurement(fields: Fields, prose: Prose) -> Measurement:
    fields.check_keys(("id", "vraag", "grootheid", "eenheid"), ("bereik", "verwacht", "herhaal", "ruimte", "deel"))
    hard = fields.span("bereik")
    expected = fields.span("verwacht")
    if hard and expected and not hard[0] <= expected[0] < expected[1] <= hard[1]:
        fields.faults.error(
            fields.line_of("verwacht"),
            "Wat je verwacht, ligt buiten het bereik. Maak 'bereik' ruimer of 'verwacht' kleiner.",
        )
    quantity = fields.text("grootheid", longest=40)
    if quantity:
        sound_id(quantity, fields.line_of("grootheid"), fields.faults)
    return Measurement(
        line=fields.line,
        id=_identity(fields),
        prompt=_prompt(fields, prose)[1],
        quantity=quantity,
        unit=fields.text("eenheid", longest=20),
        hard_low=hard[0] if hard else None,
        hard_high=hard[1] if hard else None,
        expected_low=expected[0] if expected else None,
        expected_high=expected[1] if expected else None,
        repeats=fields.whole("herhaal", 1, _REPEATS, 1),
        place=fields.place("kiezen"),
        share=fields.one_of("deel", SHARES, "klas"),
    )


def _order(fields: Fields, prose: Prose) -> Question:
    fields.check_keys(("id", "vraag", "juist"), ("pogingen", "punten", "tips", "uitleg"))
    line = fields.line_of("juist")
    parts = fields.texts("juist")
    if "juist" in fields.entries and len(parts) < 2:  # noqa: PLR2004 - said in the sentence below
        fields.faults.error(line, "Een volgorde heeft minstens twee delen. Schrijf juist: [eerst, dan, daarna].")
    if len(set(parts)) < len(parts):
        fields.faults.error(line, "Twee delen van de volgorde zijn gelijk. Geef elk deel een eigen tekst.")
    options = []
    # Keys by alphabet: they reach the pupil's page and may not say the order.
    keys = {part: str(number) for number, part in enumerate(sorted(parts), 1)}
    for part in parts:
        html, text = prose.inline(part, line)
        options.append(Option(key=keys[part], text=text, html=html))
    prompt_html, prompt_text = _prompt(fields, prose)
    tries, points = tries_and_points(fields)
    return Question(
        line=fields.line,
        id=_identity(fields),
        kind=QuestionKind.ORDER,
        prompt_html=f"<p>{prompt_html}</p>",
        prompt_text=prompt_text,
        options=tuple(options),
        hints=tuple(prose.inline(tip, fields.line_of("tips"))[0] for tip in fields.texts("tips")),
        explanation=_paragraph(fields, prose),
        tries=tries,
        points=points,
        shuffle=True,
    )


def _paragraph(fields: Fields, prose: Prose) -> str:
    text = fields.text("uitleg", longest=1000)
    return f"<p>{prose.inline(text, fields.line_of('uitleg'))[0]}</p>" if text else ""


def _proposal(fields: Fields, prose: Prose) -> ProposalTask:
    fields.check_keys(("id", "vraag", "thema"), ("velden", "groepje"))
    asked = fields.texts("velden") or PROPOSAL_FIELDS
    for name in asked:
        if name not in PROPOSAL_FIELDS:
            fields.faults.error(
                fields.line_of("velden"),
                f"Het veld {quoted(name)} bestaat niet. {did_you_mean(name, PROPOSAL_FIELDS)}",
            )
    if "titel" not in asked:
        fields.faults.error(fields.line_of("velden"), "Een voorstel heeft een titel nodig. Zet 'titel' bij de velden.")
    return ProposalTask(
        line=fields.line,
        id=_identity(fields),
        prompt=_prompt(fields, prose)[1],
        theme=fields.one_of("thema", THEMES),
        fields=tuple(dict.fromkeys(asked)),
        in_group=fields.yes("groepje"),
    )


_READERS: Final[dict[str, Callable[[Fields, Prose], Fenced]]] = {
    "grafiek": _chart,
    "meting": _measurement,
    "volgorde": _order,
    "voorstel": _proposal,
}
