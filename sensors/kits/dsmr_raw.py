"""Raw P1 telegrams (DSMR 2.2 to 5, e-MUCS for Belgium), on any topic: whole, with their checksum, or not at all.

The checksum is CRC16/ARC over everything from `/` to `!`, both included; one firmware prints it without leading zeros.
DSMR 2.2 has neither a checksum nor a time of the telegram.
"""

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sensors.kits import obis
from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, converted, number_of
from sensors.reading import Decoded, MessageKind

_HEAD: Final = re.compile(rb"/[A-Za-z0-9]{3}[^\r\n]*\r?\n")
# A gateway may add lines of its own after the end.
_END: Final = re.compile(rb"^!([0-9A-Fa-f]{0,4})[ \t]*\r?$", re.MULTILINE)
_MBUS: Final = re.compile(r"0-(\d+):(24\.1\.0|24\.2\.1|24\.2\.3|24\.3\.0)\Z")
_TARIFF: Final = re.compile(r"1-0:([12]\.8)\.([1-9])\Z")
_SERIALS: Final = ("0-0:96.1.1", "0-0:96.1.0", "0-0:42.0.0", "0-0:96.1.255")
# A meter that was taken away stays listed with its last reading; those in use are read hourly or oftener.
_IN_USE_WITHIN: Final = timedelta(days=2)


class _Meter(NamedTuple):
    """A reading of a meter on the M-Bus; `at` is its wall clock, which compares even where the zone is not known."""

    channel: str
    value: str
    unit: str | None
    at: datetime | None
    stamp: Stamp


def _crc_of_byte(crc: int) -> int:
    for _bit in range(8):
        crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


_CRC_OF_BYTE: Final = tuple(_crc_of_byte(byte) for byte in range(256))


def crc16_arc(data: bytes) -> int:
    """Return the CRC16/ARC checksum (polynomial 0xA001 reflected, start 0)."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    return crc


class _DsmrRaw:
    name = "dsmr_raw"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        payload = message.payload.lstrip()
        if not _HEAD.match(payload):
            if message.topic == "dsmr/raw":
                raise Unreadable("the message does not begin like a telegram, with /")
            return None
        lines = _checked(payload)
        collector = Collector(self.name, None)
        values: dict[str, list[str]] = {}
        for line in lines:
            code, groups = obis.groups_of(line)
            if groups and code:
                values.setdefault(code.replace("1-1:", "1-0:", 1), groups)
        serials = (values[code][-1] for code in _SERIALS if code in values)
        collector.device = next((serial for serial in serials if serial), None)
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
        if stated != crc16_arc(body) and stated != crc16_arc(re.sub(rb"\r?\n", b"\r\n", body)):
            raise Unreadable("the telegram's checksum is wrong")
    elif "0-0:1.0.0(" in text:
        raise Unreadable("the telegram is cut off: its checksum is missing")
    return text.splitlines()


def _add_electricity(collector: Collector, values: dict[str, list[str]], message: Message) -> None:
    for quantity, register in (("electricity_import", "1.8"), ("electricity_export", "2.8")):
        _add_counter(collector, quantity, register, values)
    imported = _amount(collector, values, "1-0:1.7.0", "power")
    exported = _amount(collector, values, "1-0:2.7.0", "power")
    if imported is not None and exported is not None:
        collector.add("power", round(imported - exported, 6), "W")
    elif imported is not None:
        collector.add("power_import", imported, "W")
    elif exported is not None:
        collector.add("power_export", exported, "W")
    elif "1-0:16.7.0" in values:  # net, with its sign; not in the Netherlands or Belgium
        net = _amount(collector, values, "1-0:16.7.0", "power")
        if net is not None:
            collector.add("power", net, "W")
    demand = _amount(collector, values, "1-0:1.4.0", "demand")
    if demand is not None:
        collector.add("demand", demand, "W")
    peak = values.get("1-0:1.6.0", [])
    if len(peak) > 1 and obis.wall_clock(peak[0]) is not None:
        amount = _amount(collector, values, "1-0:1.6.0", "peak_power")
        if amount is not None:
            collector.add("peak_power", amount, "W", stamp=obis.telegram_time(peak[0], message.timezone))


def _add_counter(collector: Collector, quantity: str, register: str, values: dict[str, list[str]]) -> None:
    """Add the total: as the meter states it, else the sum of its tariffs; a tariff that stands alone is itself."""
    total = _amount(collector, values, f"1-0:{register}.0", quantity)
    if total is None:
        found = {code: match for code in values if (match := _TARIFF.match(code)) and match[1] == register}
        tariffs = {match[2]: _amount(collector, values, code, quantity) for code, match in found.items()}
        known = {tariff: amount for tariff, amount in tariffs.items() if amount is not None}
        if len(known) == len(tariffs) and {"1", "2"} <= known.keys():
            total = round(sum(known.values()), 6)
        else:
            for tariff, amount in known.items():
                collector.add(quantity, amount, "kWh", channel=f"t{tariff}")
    if total is not None:
        collector.add(quantity, total, "kWh")


def _amount(collector: Collector, values: dict[str, list[str]], code: str, quantity: str) -> float | None:
    """Return the value of a line in its quantity's unit; None where there is none, or none that can be used."""
    groups = values.get(code)
    if groups is None or not groups[-1]:
        return None
    value = obis.value_of(groups[-1])
    if value is None:
        collector.reject(code, f"{groups[-1][:40]!r} is not a value with a unit")
        return None
    try:
        return round(converted(quantity, number_of(value[0]), value[1]), 6)
    except Unreadable as problem:
        collector.reject(code, str(problem))
        return None


def _add_mbus(collector: Collector, lines: list[str], message: Message) -> None:
    """Add gas, water and heat by the type of the device; of several of a type those that are still read."""
    kinds, meters = _mbus(lines, message)
    by_kind: dict[tuple[str, str | None], list[_Meter]] = {}
    for meter in meters.values():
        if meter.channel not in kinds:
            collector.reject(f"M-Bus {meter.channel}", "the telegram does not say what kind of meter this is")
        elif kinds[meter.channel] in obis.MBUS:
            by_kind.setdefault(obis.MBUS[kinds[meter.channel]], []).append(meter)
    for (quantity, name), found in by_kind.items():
        times = [meter.at for meter in found if meter.at is not None]
        since = max(times) - _IN_USE_WITHIN if times else None
        in_use = [meter for meter in found if since is None or meter.at is None or meter.at >= since]
        for meter in in_use:
            channel = name if len(in_use) == 1 else f"{name or 'M-Bus'} {meter.channel}"
            collector.add(quantity, meter.value, meter.unit, channel=channel, stamp=meter.stamp)


def _mbus(lines: list[str], message: Message) -> tuple[dict[str, str], dict[str, _Meter]]:
    """Return the type of each M-Bus channel, and its reading if it was ever read."""
    kinds: dict[str, str] = {}
    meters: dict[str, _Meter] = {}
    for number, line in enumerate(lines):
        code, groups = obis.groups_of(line)
        match = _MBUS.match(code)
        if match is None or not groups:
            continue
        channel, register = match.groups()
        if register == "24.1.0":
            kinds[channel] = groups[-1].upper().zfill(3)
            continue
        timed = len(groups) > 1
        at = obis.wall_clock(groups[0]) if timed else None
        stamp = obis.telegram_time(groups[0], message.timezone) if timed else NO_TIME
        if timed and at is None:
            continue  # (700101010000W) or (632525252525W): listed, but not read yet
        if register == "24.3.0":  # DSMR 2.2: the value stands on the next line, its unit on this one
            following = obis.groups_of(lines[number + 1])[1] if number + 1 < len(lines) else []
            value: tuple[str, str | None] | None = (following[-1], groups[-1]) if following else None
        else:
            value = obis.value_of(groups[-1])
        if value is not None and not (channel in meters and register == "24.2.3"):
            meters[channel] = _Meter(channel, value[0], value[1], at, stamp)
    return kinds, meters


FAMILY: Final = _DsmrRaw()
