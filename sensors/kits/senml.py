"""SenML (RFC 8428) as JSON, on any topic: records with base values that hold for what follows.

Units of RFC 8428 and RFC 8798. A pack of a later version, or with a field that must be understood (its name ends in
`_`), is refused whole, as section 4.4 asks.
"""

import re
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sensors.kits.family import Context, Message
from sensors.kits.naming import tokens_of
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, epoch, json_of, number_of, rejected
from sensors.reading import Decoded, TimeBasis

_RELATIVE_BELOW: Final = 2**28  # RFC 8428, section 4.5.3: smaller times are relative to now
_VERSION: Final = 10
_MOST_RECORDS: Final = 5_000
_OTHER_VALUES: Final = frozenset({"vs", "vb", "vd", "s"})
_BY_UNIT: Final = {"Cel": "temperature", "K": "temperature", "%RH": "humidity", "%EL": "battery", "hPa": "pressure",
                   "Pa": "pressure"}  # fmt: skip
_METERS: Final = frozenset({"kWh", "Wh", "MWh", "J", "MJ", "GJ"})
_AS_WE_WRITE_IT: Final = {"%EL": "%"}
_NOT_THAT: Final = frozenset({"setpoint", "target", "dewpoint", "dew", "chip", "cpu", "mcu", "internal", "board", "soil",
                              "max", "min", "eco2", "est", "estimated", "solar", "pv", "day", "today", "daily", "month",
                              "week", "year", "apparent", "reactive", "flow", "leak"})  # fmt: skip
_EXPORT: Final = frozenset({"export", "exported", "returned", "injection", "injectie", "produced"})
_IMPORT: Final = frozenset({"import", "imported", "energy", "electricity", "consumed", "delivered", "afname", "total",
                            "meter", "kwh", "wh", "counter"})  # fmt: skip
# Names that say no more than the quantity: the series then needs no channel.
_PLAIN: Final = frozenset({"", "temp", "temperature", "t", "co2", "carbondioxide", "rh", "hum", "humidity", "h", "power",
                           "p", "import", "export", "energy", "gas", "water", "heat", "battery", "batt", "pressure"})  # fmt: skip
_NAMED: Final = (("co2", "co2"), ("temp", "temperature"), ("temperature", "temperature"), ("humidity", "humidity"),
                 ("rh", "humidity"), ("power", "power"), ("gas", "gas"), ("water", "water"))  # fmt: skip


class _Record(NamedTuple):
    name: str
    device: str
    local: str
    unit: str | None
    value: float
    stamp: Stamp


class _SenML:
    name = "senml"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        named_so = "senml" in message.topic.lower()
        if not message.payload.lstrip().startswith(b"["):
            return None
        try:
            held = json_of(message.payload)
        except Unreadable:
            if named_so:
                raise
            return None
        if not isinstance(held, list) or not held or not all(isinstance(one, dict) for one in held):
            return None
        if not named_so and not any({"bn", "n"} & one.keys() for one in held):
            return None
        if len(held) > _MOST_RECORDS:
            return rejected(self.name, "message", f"more than {_MOST_RECORDS} records in one message")
        _refuse_what_must_be_understood(held)
        collector = Collector(self.name, None)
        records = _resolved(held, message, collector)
        several = len({record.device for record in records}) > 1
        for record in records:
            _add(collector, record, several=several)
        return collector.decoded()


def _refuse_what_must_be_understood(held: list[dict[str, Any]]) -> None:
    for one in held:
        version = one.get("bver", _VERSION)
        if not isinstance(version, int) or version > _VERSION:
            raise Unreadable(f"the message is SenML of version {version!s:.10}, later than {_VERSION}")
        unknown = next((key for key in one if key.endswith("_")), None)
        if unknown:
            raise Unreadable(f"the message says that {unknown[:20]!r} must be understood, and it is not")


def _resolved(held: list[dict[str, Any]], message: Message, collector: Collector) -> list[_Record]:
    """Return the records with the base values filled in; a base holds until another takes its place."""
    base: dict[str, Any] = {}
    records = []
    for at, one in enumerate(held):
        base.update({key: one[key] for key in ("bn", "bt", "bu", "bv") if key in one})
        if "v" not in one and (
            "bv" not in base or {"vs", "vb", "vd", "s", "n"} - one.keys() != {"vs", "vb", "vd", "s"}
        ):
            continue  # booleans, texts and sums are no readings
        try:
            value = (number_of(one["v"]) if "v" in one else 0) + (number_of(base["bv"]) if "bv" in base else 0)
            time = sum(number_of(part) for part in (base.get("bt", 0), one.get("t", 0)))
        except Unreadable as problem:
            collector.reject(f"record {at + 1}", str(problem))
            continue
        device, name, local = _names(_text(base.get("bn")), _text(one.get("n")))
        unit = one.get("u", base.get("bu"))
        records.append(
            _Record(name, device, local, unit if isinstance(unit, str) else None, value, _stamp(time, message))
        )
    return records


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _names(stem: str, own: str) -> tuple[str, str, str]:
    """Return the device, the whole name and what a record's name adds to its device."""
    name = stem + own
    if stem:
        return stem.rstrip(":/"), name, own.strip(":/")
    cut = max(name.rfind(sign) for sign in ":/")
    last = name[cut + 1 :]
    if cut > 0 and last.lower() in _PLAIN:
        return name[:cut].rstrip(":/"), name, last
    return (name, name, "") if cut > 0 else ("", name, name)


def _stamp(time: float, message: Message) -> Stamp:
    if time >= _RELATIVE_BELOW:
        return epoch(time)
    if time == 0 or abs(time) > _RELATIVE_BELOW:
        return NO_TIME
    return message.heard_at + timedelta(seconds=time), TimeBasis.EXPLICIT


def _add(collector: Collector, record: _Record, *, several: bool) -> None:
    words = tokens_of(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", record.local or record.name))
    if words & _NOT_THAT:
        return
    quantity = _quantity(record.unit, words)
    if quantity is None:
        if record.unit in _METERS:
            collector.reject(record.name, "the name does not say which way the energy goes")
        return
    channel = record.name if several else None if record.local.lower() in _PLAIN else record.local
    value, unit = record.value, _AS_WE_WRITE_IT.get(record.unit or "", record.unit)
    if unit == "/" and quantity == "humidity":  # a ratio
        value, unit = value * 100, "%"
    collector.add(quantity, value, unit, channel=channel, device=record.device or None, stamp=record.stamp)


def _quantity(unit: str | None, words: set[str]) -> str | None:
    """Return what a record measures: by its unit, and where that is not enough by its name."""
    way = "export" if words & _EXPORT else "import" if words & _IMPORT else None
    if unit in _METERS:
        return "heat" if "heat" in words else f"electricity_{way}" if way else None
    if unit in {"W", "kW"}:
        return f"power_{way}" if way else "power"
    if unit in _BY_UNIT:
        return _BY_UNIT[unit]
    return next((quantity for word, quantity in _NAMED if word in words), None)


FAMILY: Final = _SenML()
