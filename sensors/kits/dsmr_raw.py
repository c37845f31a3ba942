"""Raw P1 telegrams (DSMR 2.2 to 5, e-MUCS for Belgium): whole, with their checksum, or not at all.

The checksum is CRC16/ARC over everything from `/` to `!`, both included; one firmware prints it without leading zeros.
DSMR 2.2 has neither a checksum nor a time of the telegram.
"""

import re
from typing import Final

from sensors.kits import obis
from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, converted, number_of
from sensors.reading import Decoded, MessageKind

_END: Final = re.compile(rb"!([0-9A-Fa-f]{0,4})\s*\Z")
_MBUS: Final = re.compile(r"0-(\d+):(24\.1\.0|24\.2\.1|24\.2\.3|24\.3\.0)\Z")
_YEAR_OF_UNREAD: Final = "700101"


def crc16_arc(data: bytes) -> int:
    """Return the CRC16/ARC checksum (polynomial 0xA001 reflected, start 0)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _bit in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


class _DsmrRaw:
    name = "dsmr_raw"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic == "dsmr/raw" or topic.endswith(("/telegram", "/raw"))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        payload = message.payload.lstrip()
        if not payload.startswith(b"/"):
            if message.topic == "dsmr/raw":
                raise Unreadable("the message does not begin like a telegram, with /")
            return None
        lines = _checked(payload)
        collector = Collector(self.name, None)
        values: dict[str, list[str]] = {}
        for line in lines:
            code, groups = obis.groups_of(line)
            if groups and code:
                values.setdefault(code, groups)
        serial = values.get("0-0:96.1.1")
        collector.device = serial[-1] if serial and serial[-1] else None
        if "0-0:1.0.0" in values:
            collector.stamp = obis.telegram_time(values["0-0:1.0.0"][0], message.timezone)
        _add_electricity(collector, values, message)
        _add_mbus(collector, lines, message)
        return collector.decoded(otherwise=MessageKind.METADATA)


def _checked(payload: bytes) -> list[str]:
    """Return the lines of a telegram that is whole; raises `Unreadable` otherwise."""
    end = _END.search(payload)
    if end is None:
        raise Unreadable("the telegram is cut off: it has no end mark")
    body = payload[: end.start() + 1]
    text = body.decode("ascii", "replace")
    if end[1]:
        stated = int(end[1], 16)
        as_sent_by_the_meter = re.sub(rb"\r?\n", b"\r\n", body)
        if stated not in {crc16_arc(body), crc16_arc(as_sent_by_the_meter)}:
            raise Unreadable("the telegram's checksum is wrong")
    elif "0-0:1.0.0(" in text:
        raise Unreadable("the telegram is cut off: its checksum is missing")
    return text.splitlines()


def _add_electricity(collector: Collector, values: dict[str, list[str]], message: Message) -> None:
    for quantity, register in (("electricity_import", "1-0:1.8"), ("electricity_export", "1-0:2.8")):
        total = _amount(values.get(f"{register}.0"), quantity)
        parts = [_amount(values.get(f"{register}.{tariff}"), quantity) for tariff in (1, 2)]
        if total is None and all(part is not None for part in parts):
            total = sum(part for part in parts if part is not None)
        if total is not None:
            collector.add(quantity, total, "kWh")
    imported, exported = _amount(values.get("1-0:1.7.0"), "power"), _amount(values.get("1-0:2.7.0"), "power")
    if imported is not None and exported is not None:
        collector.add("power", imported - exported, "W")
    elif imported is not None:
        collector.add("power_import", imported, "W")
    elif exported is not None:
        collector.add("power_export", exported, "W")
    demand = _amount(values.get("1-0:1.4.0"), "demand")
    if demand is not None:
        collector.add("demand", demand, "W")
    peak = values.get("1-0:1.6.0")
    amount = _amount(peak, "peak_power")
    if peak is not None and amount is not None and len(peak) > 1:
        collector.add("peak_power", amount, "W", stamp=obis.telegram_time(peak[0], message.timezone))


def _amount(groups: list[str] | None, quantity: str) -> float | None:
    """Return the value of a line in its quantity's unit, or None where there is none that can be used."""
    value = obis.value_of(groups[-1]) if groups else None
    if value is None:
        return None
    try:
        return converted(quantity, number_of(value[0]), value[1])
    except Unreadable:
        return None


def _add_mbus(collector: Collector, lines: list[str], message: Message) -> None:
    """Add gas, water and heat: of two meters of a kind the one read last, since a replaced meter may stay listed."""
    kinds: dict[str, str] = {}
    read: dict[str, tuple[Stamp, str, str]] = {}
    for at, line in enumerate(lines):
        code, groups = obis.groups_of(line)
        match = _MBUS.match(code)
        if match is None or not groups:
            continue
        channel, register = match.groups()
        if register == "24.1.0":
            kinds[channel] = groups[-1].zfill(3)
        elif register == "24.3.0":  # DSMR 2.2: the value stands on the next line
            following = obis.groups_of(lines[at + 1])[1] if at + 1 < len(lines) else []
            if following:
                read[channel] = (obis.telegram_time(groups[0], message.timezone), following[-1], groups[-1])
        else:
            value = obis.value_of(groups[-1])
            stamp = obis.telegram_time(groups[0], message.timezone) if len(groups) > 1 else NO_TIME
            unread = len(groups) > 1 and (stamp == NO_TIME or groups[0].startswith(_YEAR_OF_UNREAD))
            if value is not None and value[1] is not None and not unread:
                read[channel] = (stamp, value[0], value[1])
    newest: dict[tuple[str, str | None], tuple[Stamp, str, str]] = {}
    for channel, found in read.items():
        kind = obis.MBUS.get(kinds.get(channel, ""))
        if kind is not None:
            known = newest.get(kind)
            if known is None or _moment(found[0]) > _moment(known[0]):
                newest[kind] = found
    for (quantity, name), (stamp, amount, unit) in newest.items():
        collector.add(quantity, amount, unit, channel=name, stamp=stamp)


def _moment(stamp: Stamp) -> float:
    return stamp[0].timestamp() if stamp[0] else 0.0


FAMILY: Final = _DsmrRaw()
