"""The closed lists of the lesson format: the words an author may write, in the order in which we name them."""

from typing import Final

FORMAT_VERSION: Final = "1"
LICENCES: Final = ("CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-4.0")
LANGUAGES: Final = {"nl": ("nl-BE", "nl", "nl-NL"), "en": ("en", "en-GB")}
BANDS: Final = ("K", "L1-2", "L3-4", "L5-6", "SO1", "SO2", "SO3")

QUANTITIES: Final = ("co2", "temperatuur", "vocht", "elektriciteit", "injectie", "gas", "warmte", "water", "zon")
PLACES: Final = ("eigen-klas", "kiezen", "school", "buiten")  # or the slug of a room
PERIODS: Final = ("vandaag", "gisteren", "deze-week", "vorige-week", "maand", "schooljaar")
COMPARISONS: Final = ("geen", "week-ervoor", "andere-klas", "buiten", "zelfde-week-vorig-jaar")
SHAPES: Final = ("lijn", "staaf", "dagtegels", "getal", "vergelijking")
SHARES: Final = ("leerkracht", "klas", "school")
PROPOSAL_FIELDS: Final = ("titel", "wat", "waarom", "wie")
LEVELS: Final = ("basis", "verdieping")

LARGEST_SOURCE: Final = 200_000  # bytes of UTF-8
MOST_LINES: Final = 5000  # with the next: no text of this size can keep the reader busy for long
MOST_MARKS: Final = 15_000  # signs that Markdown must think about; a lesson of 10 KB has about 300
MOST_STEPS: Final = 20
MOST_ITEMS: Final = 60
LONGEST_ID: Final = 80
