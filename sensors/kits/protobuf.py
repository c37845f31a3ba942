"""The few fields of a Sparkplug B payload that matter, read straight from the protobuf wire format.

Field numbers are those of the specification's schema (Eclipse Sparkplug 3.0, section 6.4).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sensors.kits.parsing import Unreadable

_SIGNED_BITS: Final = {1: 8, 2: 16, 3: 32, 4: 64}
_UNIT_NAMES: Final = frozenset({"engunit", "unit", "units", "engineering units", "engineeringunits"})
_MOST_METRICS: Final = 5_000
_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5


@dataclass(slots=True)
class Metric:
    """One metric as it stands in the message; a number is not yet given its sign."""

    name: str | None = None
    alias: int | None = None
    timestamp: int | None = None
    datatype: int | None = None
    is_null: bool = False
    unit: str | None = None
    value: int | float | str | None = None

    def number(self, datatype: int | None) -> float | str | None:
        """Return the value with the sign that its data type gives it; None when it is null or absent."""
        if self.is_null or self.value is None:
            return None
        bits = _SIGNED_BITS.get(datatype or 0)
        if bits and isinstance(self.value, int) and self.value >> (bits - 1) & 1:
            return (self.value & ((1 << bits) - 1)) - (1 << bits)
        return self.value


def payload_of(data: bytes) -> tuple[int | None, list[Metric]]:
    """Return a payload's time in milliseconds since 1970 and its metrics; raises `Unreadable`."""
    stamp: int | None = None
    metrics: list[Metric] = []
    for field, value in _fields(data):
        match field, value:
            case 1, int():
                stamp = value
            case 2, bytes():
                metrics.append(_metric(value))
                if len(metrics) > _MOST_METRICS:
                    raise Unreadable(f"more than {_MOST_METRICS} metrics in one message")
    return stamp, metrics


def _metric(data: bytes) -> Metric:
    found = Metric()
    for field, value in _fields(data):
        match field, value:
            case 1, bytes():
                found.name = _text(value)
            case 2, int():
                found.alias = value
            case 3, int():
                found.timestamp = value
            case 4, int():
                found.datatype = value
            case 7, int():
                found.is_null = bool(value)
            case 9, bytes():
                found.unit = _unit(value) or found.unit
            case ((10 | 11), int()):
                found.value = value
            case 12, bytes() if len(value) == 4:  # noqa: PLR2004 - a float, printed as short as it reads back
                found.value = float(f"{struct.unpack('<f', value)[0]:.7g}")
            case 13, bytes() if len(value) == 8:  # noqa: PLR2004 - a double
                found.value = struct.unpack("<d", value)[0]
            case 15, bytes():
                found.value = _text(value)
    return found


def _unit(data: bytes) -> str | None:
    """Return the engineering unit of a property set: keys are field 1, values field 2 with their text in field 8."""
    keys: list[str] = []
    texts: list[str | None] = []
    for field, value in _fields(data):
        match field, value:
            case 1, bytes():
                keys.append(_text(value).strip().lower())
            case 2, bytes():
                inner = (_text(part) for number, part in _fields(value) if number == 8 and isinstance(part, bytes))  # noqa: PLR2004
                texts.append(next(inner, None))
    return next((text for key, text in zip(keys, texts, strict=False) if key in _UNIT_NAMES and text), None)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a protobuf message: varints as int, all else as bytes; raises `Unreadable`."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, kind = key >> 3, key & 7
        if kind == _VARINT:
            number, at = _varint(data, at)
            yield field, number
            continue
        if kind == _SIZED:
            size, at = _varint(data, at)
        elif kind in {_EIGHT_BYTES, _FOUR_BYTES}:
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise Unreadable("the message is not a Sparkplug payload")
        if field == 0 or at + size > len(data):
            raise Unreadable("the Sparkplug payload is cut off")
        yield field, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return number, at
    raise Unreadable("the Sparkplug payload is cut off")
