"""SenML (RFC 8428) as JSON, on any topic: records with base values that hold for what follows."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from sensors.kits.family import Context, Message
from sensors.kits.naming import tokens_of
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, epoch, json_of, number_of, rejected
from sensors.reading import Decoded, TimeBasis

_RELATIVE_BELOW: Final = 2**28  # RFC 8428, section 4.5.3: smaller times are relative to now
_MOST_RECORDS: Final = 5_000
_BY_UNIT: Final = {"Cel": "temperature", "K": "temperature", "%RH": "humidity", "%EL": "battery", "hPa": "pressure",
                   "Pa": "pressure"}  # fmt: skip
_UNIT_AS_WE_KNOW_IT: Final = {"%EL": "%"}
_EXPORT: Final = frozenset({"export", "returned", "injection", "injectie", "produced"})


class _Record(NamedTuple):
    name: str
    base: str
    unit: str | None
    value: Any
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
        collector = Collector(self.name, None)
        records = _resolved(held, message, collector)
        several = len({record.base for record in records}) > 1
        for record in records:
            _add(collector, record, several=several)
        return collector.decoded()


def _resolved(held: list[dict[str, Any]], message: Message, collector: Collector) -> list[_Record]:
    """Return the records with the base values filled in; a base holds until another takes its place."""
    base: dict[str, Any] = {}
    records = []
    for at, one in enumerate(held):
        base.update({key: one[key] for key in ("bn", "bt", "bu", "bv") if key in one})
        if "v" not in one:
            continue  # booleans, texts and sums are no readings
        try:
            value = number_of(one["v"]) + (number_of(base["bv"]) if "bv" in base else 0)
            time = sum(number_of(part) for part in (base.get("bt", 0), one.get("t", 0)))
        except Unreadable as problem:
            collector.reject(f"record {at + 1}", str(problem))
            continue
        stem = str(base.get("bn", ""))
        unit = one.get("u", base.get("bu"))
        records.append(
            _Record(
                stem + str(one.get("n", "")),
                stem,
                unit if isinstance(unit, str) else None,
                value,
                _stamp(time, message),
            )
        )
    return records


def _stamp(time: float, message: Message) -> Stamp:
    if time >= _RELATIVE_BELOW:
        return epoch(time)
    if time == 0 or abs(time) > _RELATIVE_BELOW:
        return NO_TIME
    return message.heard_at + timedelta(seconds=time), TimeBasis.EXPLICIT


def _add(collector: Collector, record: _Record, *, several: bool) -> None:
    quantity = _quantity(record)
    if quantity is None:
        return
    device = (record.base or record.name).rstrip(":/")
    unit = _UNIT_AS_WE_KNOW_IT.get(record.unit or "", record.unit)
    channel = record.name if several else None
    collector.add(quantity, record.value, unit, channel=channel, device=device or None, stamp=record.stamp)


def _quantity(record: _Record) -> str | None:
    """Return what a record measures: by its unit, and where that is not enough by its name."""
    words = tokens_of(record.name.removeprefix(record.base))
    match record.unit:
        case "ppm" if words & {"co2", "carbondioxide"}:
            return "co2"
        case "kWh" | "Wh" | "J" | "MJ":
            return "electricity_export" if words & _EXPORT else "electricity_import"
        case "W" | "kW":
            return "power"
        case "m3" | "l":
            return next((kind for kind in ("gas", "water") if kind in words), None)
        case None:
            if words & {"temp", "temperature", "co2", "humidity", "rh", "power"}:
                return next(
                    quantity
                    for word, quantity in (("co2", "co2"), ("temp", "temperature"), ("temperature", "temperature"),
                                           ("humidity", "humidity"), ("rh", "humidity"), ("power", "power"))
                    if word in words
                )  # fmt: skip
            return None
    return _BY_UNIT.get(record.unit or "")


FAMILY: Final = _SenML()
