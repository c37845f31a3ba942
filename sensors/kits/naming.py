"""What firmwares with one bare number per topic mean by their names and units (ESPHome, Home Assistant, Homie, Sparkplug).

With a discovery message its unit and device class decide. Without one only names that say a quantity whose unit these
firmwares fix are taken: ppm, °C, %, hPa. A power or a meter without a stated unit is refused, never guessed.
"""

import re
from typing import Any, Final, NamedTuple

from sensors.kits.family import Context
from sensors.kits.parsing import Collector

# The temperature of the device itself: said so anywhere, or right before the word, or by where it stands.
_CHIP: Final = frozenset({"internal", "chip", "cpu", "mcu", "soc"})
_CHIP_TEMPERATURE: Final = re.compile(r"(?:\A|_)(?:esp(?:32|8266)?|board|device|node|system|core)_temp")
_CHIP_PLACE: Final = _CHIP | {"system", "board", "esp", "esp32", "esp8266"}
_NOT_THAT: Final = frozenset({"absolute", "abs", "dew", "dewpoint", "setpoint", "target", "offset", "eco2", "equivalent",
                              "estimated", "est", "calibration", "raw", "min", "max", "average", "maximum", "minimum",
                              "alarm", "threshold", "limit", "index", "delta", "difference", "factor", "apparent",
                              "reactive", "solar", "pv", "resistance", "flow", "rate", "leak", "heater", "soil",
                              "co2eq", "baseline", "unit", "units", "status", "state", "valid", "quality", "error",
                              "fault", "enabled"})  # fmt: skip
_PERIOD: Final = frozenset({"today", "yesterday", "daily", "day", "dag", "week", "weekly", "month", "monthly", "maand",
                            "year", "yearly", "jaar", "hourly", "peak", "demand", "cost", "price"})  # fmt: skip
_EXPORT: Final = frozenset(
    {"export", "exported", "produced", "returned", "return", "injection", "injected", "injectie"}
)
_IMPORT: Final = frozenset({"import", "imported", "consumed", "delivered", "afname"})
_BY_CLASS: Final = {
    "carbon_dioxide": "co2", "temperature": "temperature", "humidity": "humidity", "atmospheric_pressure": "pressure",
    "battery": "battery", "power": "power", "energy": "energy", "gas": "gas", "water": "water",
}  # fmt: skip
_BY_WORD: Final = (
    ("co2", frozenset({"co2", "carbondioxide"})),
    ("temperature", frozenset({"temperature", "temp", "temperatuur", "temperatur", "kamertemperatuur", "klastemperatuur",
                               "lokaaltemperatuur", "ruimtetemperatuur", "binnentemperatuur", "buitentemperatuur",
                               "luchttemperatuur", "raumtemperatur"})),
    (
        "humidity",
        frozenset({"humidity", "humid", "hum", "humi", "rh", "vochtigheid", "luchtvochtigheid", "luftfeuchtigkeit"}),
    ),
    ("pressure", frozenset({"pressure", "luchtdruk", "luftdruck"})),
    ("power", frozenset({"power", "vermogen"})),
    ("energy", frozenset({"energy", "energie"})),
    ("gas", frozenset({"gas"})),
    ("water", frozenset({"water"})),
    ("heat", frozenset({"heat", "warmte"})),
)  # fmt: skip
_FIXED: Final = {"co2": "ppm", "humidity": "%", "pressure": "hPa", "battery": "%"}
# SlimmeLezer and ESPHome's dsmr component: the registers, whose unit is kWh and m³ on every meter.
_METER: Final = re.compile(
    r"(?:\A|_)(?:energy_(?P<way>consumed|delivered|produced|returned)_tariff_?(?P<tariff>[12])"
    r"|(?P<kind>gas|water)_(?:consumed|delivered)(?:_belgium|_be)?)\Z"
)
_PHASE: Final = re.compile(r"(?:\A|_)(?:phase_?|l)([1-3abc])(?:_|\Z)")
_TARIFF: Final = re.compile(r"(?:\A|_)t(?:ariff)?_?([12])(?:_|\Z)")


class Meaning(NamedTuple):
    """What a name stands for; `unit` is None where nothing told it."""

    quantity: str
    unit: str | None
    channel: str | None = None


def tokens_of(name: str) -> set[str]:
    """Return the words of a name, with `carbon dioxide` and `dew point` as one each."""
    plain = re.sub(r"carbon[\W_]?dioxide", "carbondioxide", name.lower().replace("₂", "2"))
    return set(re.split(r"[^a-z0-9]+", re.sub(r"dew[\W_]?point", "dewpoint", plain)))


def meaning_of(
    name: str, *, unit: str | None = None, device_class: str | None = None, place: str = ""
) -> Meaning | None:
    """Return what a bare number means by its name and, where discovery gave them, its unit and class.

    `place` is what the name stands under (a node, a folder): "cpu" there makes a temperature one of the device.
    """
    register = _register(name, unit)
    if register:
        return register
    words = tokens_of(name)
    if "13" not in words and ({"peak", "month", "maximum"} <= words or {"maximum", "demand", "running"} <= words):
        # Declared in kWh by one firmware; what is no unit of power is refused.
        return Meaning("peak_power", unit)
    around = words | tokens_of(place)
    if around & _NOT_THAT:
        return None
    match _BY_CLASS.get(device_class) if device_class else _kind_by_words(words):
        case "temperature":
            chip = words & _CHIP or _CHIP_TEMPERATURE.search(name) or tokens_of(place) & _CHIP_PLACE
            return None if chip else Meaning("temperature", unit or "C")
        case "power":
            return _power(name, words, unit)
        case "energy" | "gas" | "water" | "heat" as kind:
            return _counter(name, words, kind, unit)
        case "co2" | "humidity" | "pressure" | "battery" as kind:
            return Meaning(kind, unit or _FIXED[kind])
    return None


def add_named(
    collector: Collector, context: Context, name: str, value: Any, *, unit: str | None = None,
    device_class: str | None = None, place: str = "",
) -> bool:  # fmt: skip
    """Add a bare number by its name (see `meaning_of`); say whether it was known."""
    meaning = meaning_of(name, unit=unit, device_class=device_class, place=place)
    if meaning is None:
        return False
    add_meaning(collector, context, meaning, f"{place}/{name}" if place else name, value)
    return True


def add_meaning(collector: Collector, context: Context, meaning: Meaning, name: str, value: Any) -> None:
    """Add a value. The first name of a device to speak of a quantity needs no channel; any other is a channel."""
    channel = meaning.channel
    if channel is None and meaning.unit is not None:
        key = f"{collector.family}:first:{collector.device}:{meaning.quantity}"
        first = context.recall(key)
        if first is None:
            context.remember(key, name)
        elif first != name:
            channel = name
    collector.add(meaning.quantity, value, meaning.unit, channel=channel)


def _register(name: str, unit: str | None) -> Meaning | None:
    match = _METER.search(name)
    if match is None:
        return None
    if match["kind"]:
        return Meaning(match["kind"], unit or "m3")
    way = "export" if match["way"] in {"produced", "returned"} else "import"
    return Meaning(f"electricity_{way}", unit or "kWh", f"t{match['tariff']}")


def _kind_by_words(words: set[str]) -> str | None:
    return next((kind for kind, known in _BY_WORD if words & known), None)


def _power(name: str, words: set[str], unit: str | None) -> Meaning | None:
    if words & _PERIOD or (unit or "").lower() in {"va", "kva", "var", "kvar"}:
        return None
    phase = _PHASE.search(name)
    channel = f"l{phase[1]}" if phase else None
    way = "_export" if words & _EXPORT else "_import" if words & _IMPORT else ""
    return Meaning(f"power{way}", unit, channel)


def _counter(name: str, words: set[str], kind: str, unit: str | None) -> Meaning | None:
    if words & _PERIOD:
        return None
    if kind != "energy":
        return Meaning(kind, unit)
    tariff, phase = _TARIFF.search(name), _PHASE.search(name)
    channel = f"t{tariff[1]}" if tariff else f"l{phase[1]}" if phase else None
    return Meaning(f"electricity_{'export' if words & _EXPORT else 'import'}", unit, channel)
