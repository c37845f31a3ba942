"""Sparkplug B: protobuf; the names stand in the BIRTH message alone, later ones say an alias.

The few fields of the payload that matter are read straight from the wire format (Eclipse Sparkplug 3.0, section 6.4).
"""

import re
import struct
from collections.abc import Iterator
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import add_named
from sensors.kits.parsing import Collector, Unreadable, epoch, metadata
from sensors.reading import Decoded

_TOPIC: Final = re.compile(
    r"spBv1\.0/(?P<group>[^/]+)/(?P<verb>[ND](?:BIRTH|DATA|DEATH|CMD))/(?P<node>[^/]+)(?:/(?P<device>[^/]+))?\Z"
)
_SIGNED_BITS: Final = {1: 8, 2: 16, 3: 32, 4: 64}
_UNIT_NAMES: Final = frozenset({"engUnit", "engunit", "unit", "Engineering Units"})
_MOST_METRICS: Final = 5_000


class _SparkplugB:
    name = "sparkplug_b"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return topic.startswith("spBv1.0/")

    def decode(self, message: Message, context: Context) -> Decoded | None:
        match = _TOPIC.match(message.topic)
        if match is None or match["verb"].endswith("CMD"):
            return metadata(self.name)
        device = "/".join(part for part in (match["node"], match["device"]) if part)
        collector = Collector(self.name, device)
        if match["verb"].endswith("DEATH"):
            collector.availability(online=False)
            return collector.decoded()
        payload_ms, metrics = _payload(message.payload)
        key = f"sparkplug_b:{match['group']}/{match['node']}"
        known: dict[str, Any] = context.recall(key) or {}
        if match["verb"].endswith("BIRTH"):
            told = {
                str(metric["alias"]): {
                    "name": metric["name"],
                    "unit": metric.get("unit"),
                    "type": metric.get("datatype"),
                }
                for metric in metrics
                if "alias" in metric and "name" in metric
            }
            known = {**known, **told}
            context.remember(key, known)
        for metric in metrics:
            _add(collector, metric, known, payload_ms)
        return collector.decoded()


def _add(collector: Collector, metric: dict[str, Any], known: dict[str, Any], payload_ms: int | None) -> None:
    told = known.get(str(metric.get("alias")), {})
    name = metric.get("name") or told.get("name")
    if not name:
        collector.reject(f"alias {metric.get('alias')}", "no birth message has told what this alias means")
        return
    if metric.get("is_null") or "value" not in metric:
        return
    bits = _SIGNED_BITS.get(metric.get("datatype") or told.get("type") or 0)
    value = metric["value"]
    if bits and isinstance(value, int) and value >> (bits - 1) & 1:
        value = (value & ((1 << bits) - 1)) - (1 << bits)
    collector.stamp = epoch(metric.get("timestamp", payload_ms))
    last = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.rsplit("/", 1)[-1])
    add_named(collector, last.lower().replace(" ", "_"), value, unit=metric.get("unit") or told.get("unit"))


def _payload(data: bytes) -> tuple[int | None, list[dict[str, Any]]]:
    """Return the payload's time in milliseconds and its metrics."""
    stamp: int | None = None
    metrics: list[dict[str, Any]] = []
    for field, value in _fields(data):
        if field == 1 and isinstance(value, int):
            stamp = value
        elif field == 2 and isinstance(value, bytes):  # noqa: PLR2004 - field numbers of the specification
            metrics.append(_metric(value))
            if len(metrics) > _MOST_METRICS:
                raise Unreadable(f"more than {_MOST_METRICS} metrics in one message")
    return stamp, metrics


def _metric(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, value in _fields(data):
        match field, value:
            case 1, bytes():
                found["name"] = _text(value)
            case 2, int():
                found["alias"] = value
            case 3, int():
                found["timestamp"] = value
            case 4, int():
                found["datatype"] = value
            case 7, int():
                found["is_null"] = bool(value)
            case 9, bytes():
                unit = _unit(value)
                if unit:
                    found["unit"] = unit
            case ((10 | 11), int()):
                found["value"] = value
            case 12, bytes():
                found["value"] = float(f"{struct.unpack('<f', value)[0]:.7g}")
            case 13, bytes():
                found["value"] = struct.unpack("<d", value)[0]
            case 15, bytes():
                found["value"] = _text(value)
    return found


def _unit(data: bytes) -> str | None:
    """Return the engineering unit of a property set: keys are field 1, values field 2 with their text in field 8."""
    keys = [_text(value) for field, value in _fields(data) if field == 1 and isinstance(value, bytes)]
    values = [value for field, value in _fields(data) if field == 2 and isinstance(value, bytes)]  # noqa: PLR2004
    for key, value in zip(keys, values, strict=False):
        if key in _UNIT_NAMES:
            return next((_text(text) for field, text in _fields(value) if field == 8 and isinstance(text, bytes)), None)  # noqa: PLR2004
    return None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a protobuf message: numbers as int, all else as bytes; raises `Unreadable`."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, kind = key >> 3, key & 7
        if kind == 0:
            number, at = _varint(data, at)
            yield field, number
            continue
        if kind == 2:  # noqa: PLR2004 - wire types: 1 is 64 bits, 2 has a length, 5 is 32 bits
            size, at = _varint(data, at)
        elif kind in {1, 5}:
            size = 8 if kind == 1 else 4
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


FAMILY: Final = _SparkplugB()
