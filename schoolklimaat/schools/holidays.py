"""What the Flemish holidays are called."""

from typing import Final

from flask_babel import lazy_gettext as _l

HOLIDAY_WORDS: Final = {
    "herfstvakantie": _l("herfstvakantie"),
    "wapenstilstand": _l("wapenstilstand"),
    "kerstvakantie": _l("kerstvakantie"),
    "krokusvakantie": _l("krokusvakantie"),
    "paasvakantie": _l("paasvakantie"),
    "paasmaandag": _l("paasmaandag"),
    "dag van de arbeid": _l("dag van de arbeid"),
    "hemelvaart": _l("hemelvaart"),
    "pinkstermaandag": _l("pinkstermaandag"),
    "zomervakantie": _l("zomervakantie"),
}
