"""No solution reaches a pupil, a board or paper; what does reach them stands still and is never already in order."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.learning.lesson.model import Option, Question, QuestionKind
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.render import Audience, as_json, render_step, shuffled, solution

HEAD = (Path(__file__).parent / "sample.md").read_text().split("\n{#start")[0]
# Every solution holds GEHEIM or 98765, so that one search finds any leak, whatever it leaks through.
BODY = """
{#a .lezen}
## Alles

Gewone tekst. ![raam](raam.png)

::: leerkracht
GEHEIM voor de leerkracht.
:::

{#q-een}
Kies er een.

- [( )] rood
  > GEHEIM: rood is het niet.
- [(X)] groen
  > GEHEIM: goed zo.
- [[?]] Een tip.

***
GEHEIM omdat het groen is.
***

{#q-meer schudden=ja}
Kies er meer.

- [[X]] dit
  > GEHEIM goed
- [[ ]] dat

***
GEHEIM uitleg
***

{#q-lijst}
Kies uit de lijst.

[[ laag | (midden) | hoog ]]

***
GEHEIM uitleg
***

{#q-getal}
Hoeveel?

[[# 98765 ± 0,5 ppm]]

***
Het is 98765, GEHEIM.
***

{#q-woord}
Welk woord?

[[GEHEIM; heel GEHEIM]]

{#q-open}
Leg uit.

[[___ ___]]

{#q-mening}
Wat vind jij?

- [(1)] goed
- [(2)] slecht

```volgorde
id: q-orde
vraag: Zet in orde.
juist: [morgen, middag, avond, nacht]
uitleg: GEHEIM want de dag gaat zo.
```

```meting
id: m-een
vraag: Meet.
grootheid: temperatuur
eenheid: °C
```

::: niveau verdieping
{#q-diep}
Dieper?

[[GEHEIM]]
:::

:::: niveau basis
Basis.

::: leerkracht
GEHEIM in een niveau.
:::
::::

```voorstel
id: v-een
vraag: Wat?
thema: lucht
```

```grafiek
meting: co2
ruimte: school
periode: gisteren
```
"""


@pytest.fixture(scope="module")
def lesson():
    lesson, faults = parse(HEAD + BODY, slug=None, language="nl")
    assert faults == []
    assert {item.kind for item in lesson.items() if isinstance(item, Question)} == set(QuestionKind)
    return lesson


def drawn(lesson, audience, level=None, **settings):
    return json.dumps(as_json(render_step(lesson, lesson.steps[0], audience, level, **settings)), ensure_ascii=False)


@pytest.mark.parametrize("audience", [Audience.PUPIL, Audience.BOARD, Audience.PRINT])
@pytest.mark.parametrize("level", [None, "basis", "verdieping"])
def test_nothing_leaks(lesson, audience, level):
    text = drawn(lesson, audience, level)
    assert "GEHEIM" not in text
    assert "98765" not in text
    assert "true" not in text.replace('"marked": true', ""), "nothing says which option is right"
    assert ("Een tip." in text) == (audience is not Audience.PRINT)
    assert "Gewone tekst." in text
    assert "ppm" in text


def test_the_right_option_looks_like_any_other(lesson):
    for block in as_json(render_step(lesson, lesson.steps[0], Audience.PUPIL)):
        for option in block.get("options", ()):
            assert set(option) == {"key", "text", "html"}
        assert block.get("solution") is None


def test_the_teacher_sees_it_all(lesson):
    text = drawn(lesson, Audience.TEACHER)
    for words in (
        "GEHEIM voor de leerkracht",
        "rood is het niet",
        "98765.5",
        "heel GEHEIM",
        "de dag gaat zo",
        "in een niveau",
    ):
        assert words in text
    order = solution(lesson.item("q-orde"))
    assert [next(o.text for o in lesson.item("q-orde").options if o.key == key) for key in order.keys] == [
        "morgen",
        "middag",
        "avond",
        "nacht",
    ]


def test_levels(lesson):
    assert "Dieper?" not in drawn(lesson, Audience.PUPIL, "basis")
    assert "Dieper?" in drawn(lesson, Audience.PUPIL, "verdieping")
    assert "Basis." in drawn(lesson, Audience.PUPIL, "verdieping")


def test_pictures_get_their_address(lesson):
    assert 'src=\\"/lessen/x/raam.png\\"' in drawn(lesson, Audience.PUPIL, pictures="/lessen/x/")


def test_options_stand_still_for_one_pupil(lesson):
    assert drawn(lesson, Audience.PUPIL, seed="7") == drawn(lesson, Audience.PUPIL, seed="7")
    assert len({drawn(lesson, Audience.PUPIL, seed=str(seed)) for seed in range(20)}) > 5
    one = lesson.item("q-een")
    assert shuffled(one, "7") == one.options, "not asked to shuffle"


@given(st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=8, unique=True), st.text(max_size=5))
def test_an_order_is_never_given_solved(parts, seed):
    keys = {part: str(number) for number, part in enumerate(sorted(parts), 1)}
    options = tuple(Option(keys[part], part, part) for part in parts)
    mixed = shuffled(Question(1, "q", QuestionKind.ORDER, "", "", options), seed)
    assert mixed != options
    assert sorted(mixed, key=lambda o: o.key) == sorted(options, key=lambda o: o.key)
