"""The twelve pictures that youngest pupils sign in with: three of them, in order, instead of a PIN."""

from typing import Final

from flask_babel import lazy_gettext as _l

PICTURES: Final = {
    "zon": _l("zon"),
    "maan": _l("maan"),
    "ster": _l("ster"),
    "wolk": _l("wolk"),
    "boom": _l("boom"),
    "bloem": _l("bloem"),
    "huis": _l("huis"),
    "boot": _l("boot"),
    "appel": _l("appel"),
    "vis": _l("vis"),
    "hart": _l("hart"),
    "paraplu": _l("paraplu"),
}
PICTURES_IN_A_SECRET: Final = 3
