"""Questions built by hand, one of each kind."""

from schoolklimaat.learning.lesson.model import Measurement, NumberRange, Option, Question, QuestionKind


def options(*texts, right=()):
    return tuple(
        Option(str(at), text, text, right=at in right, feedback=f"over {text}") for at, text in enumerate(texts, 1)
    )


def question(kind, **fields):
    return Question(line=1, id=f"q-{kind}", kind=kind, prompt_html="<p>?</p>", prompt_text="?", **fields)


ONE = question(
    QuestionKind.ONE,
    options=options("2500 ppm", "700 ppm", "0 ppm", right={2}),
    hints=("kijk", "kijk goed"),
    explanation="<p>Onder 900.</p>",
    tries=3,
)
MANY = question(QuestionKind.MANY, options=options("mensen", "boek", "kaars", "steen", "hond", right={1, 3, 5}))
DROPDOWN = question(QuestionKind.DROPDOWN, options=options("te laag", "goed", "te hoog", right={2}))
NUMBER = question(QuestionKind.NUMBER, number=NumberRange(20.5, 21.5, "°C"))
TEXT = question(QuestionKind.TEXT, accepted=("ramen open", "verluchten", "CO2", "lock-in", "zon"))
OPEN = question(QuestionKind.OPEN, lines=3, explanation="<p>Zo kan het.</p>")
POLL = question(QuestionKind.POLL, options=options("te koud", "net goed", "te warm"))
# Keys of an order question are by alphabet: they do not give the order away.
ORDER = question(
    QuestionKind.ORDER,
    options=(
        Option("2", "Iedereen komt binnen", ""),
        Option("1", "De CO2 stijgt", ""),
        Option("4", "We openen het raam", ""),
        Option("3", "De CO2 daalt", ""),
    ),
)
ALL = (ONE, MANY, DROPDOWN, NUMBER, TEXT, OPEN, POLL, ORDER)


def number(low, high=None, unit=""):
    return question(QuestionKind.NUMBER, number=NumberRange(low, low if high is None else high, unit))


def measuring(**fields):
    return Measurement(
        **(
            {
                "line": 1, "id": "m-temp", "prompt": "Hoe warm?", "quantity": "temperatuur", "unit": "°C",
                "hard_low": -5.0, "hard_high": 45.0, "expected_low": 17.0, "expected_high": 26.0, "repeats": 1,
            }
            | fields
        )
    )  # fmt: skip
