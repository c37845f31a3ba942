"""Reading what kits send, strictly: JSON without tricks, numbers that are numbers, times that are times, known units.

Decoders use these and add no parsing of their own. Everything that cannot be read raises `Unreadable` with a reason in
words, or ends as a rejection in the `Collector`.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sensors.quantities import QUANTITIES
from sensors.reading import Decoded, Implausible, MessageKind, Reading, Rejection, TimeBasis

MAX_PAYLOAD_BYTES: Final = 1_000_000
_MAX_DEPTH: Final = 30
_NUMBER: Final = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?\Z", re.ASCII)
# A clock that was never set counts from 1970, or writes year 1; any later time is what the device says.
_UNSET_BEFORE: Final = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM: Final = 1e11  # as seconds this is the year 5138
Stamp = tuple[datetime | None, TimeBasis | None]
NO_TIME: Final[Stamp] = (None, None)


class Unreadable(ValueError):  # noqa: N818 - it reads as what it is
    """A message or value that cannot be read; the text is the reason."""


def text_of(payload: bytes) -> str:
    """Return a payload as text, without a byte order mark."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Unreadable(f"the message is larger than {MAX_PAYLOAD_BYTES} bytes")
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("the message is not UTF-8 text") from None


def json_of(payload: bytes) -> Any:
    """Return a payload as JSON; refuses duplicate keys, NaN and Infinity, and deep nesting."""
    text = text_of(payload)
    if text.count("[") + text.count("{") > _MAX_DEPTH and _deepest(text) > _MAX_DEPTH:
        raise Unreadable("the message is nested too deeply")
    if not text or text.isspace():
        raise Unreadable("the message is empty")
    try:
        return _STRICT.decode(text)
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("the message is not valid JSON") from None


def _deepest(text: str) -> int:
    """Return the deepest nesting, before the parser recurses; brackets in strings only make it stricter."""
    depth = deepest = 0
    for sign in text:
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def object_of(payload: bytes) -> dict[str, Any]:
    """Return a payload as a JSON object."""
    value = json_of(payload)
    if not isinstance(value, dict):
        raise Unreadable("the message is JSON, but not an object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a key stands twice in the message")
    return found


def _no_constant(word: str) -> float:
    raise Unreadable(f"the message holds {word}, which is no number")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)  # noqa: PLR2004 - beyond 64 bits


def number_of(value: Any) -> float:
    """Return a number given as a number or as text, with blanks around it allowed."""
    if isinstance(value, bool):
        raise Unreadable(f"{value} is not a number")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise Unreadable(f"{value} is not a number")
        return float(value)
    if isinstance(value, str):
        text = value.strip()
        if _NUMBER.match(text):
            found = float(text)
            if math.isfinite(found):
                return found
        raise Unreadable(f"{text[:40]!r} is not a number" if text else "the value is empty")
    raise Unreadable("there is no value" if value is None else f"a {type(value).__name__} is not a number")


def number_or_none(value: Any) -> float | None:
    """Return a number as `number_of` does, or None where there is none."""
    try:
        return number_of(value)
    except Unreadable:
        return None


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole)

# Unit as written -> (canonical unit, factor, offset): canonical = written * factor + offset.
_UNITS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "ppm": {"ppm": (1, 0), "ppb": (1e-3, 0)},
    "C": {"c": (1, 0), "°c": (1, 0), "cel": (1, 0), "celsius": (1, 0), "degc": (1, 0), "oc": (1, 0),
          "f": (5 / 9, -160 / 9), "°f": (5 / 9, -160 / 9), "fahrenheit": (5 / 9, -160 / 9), "degf": (5 / 9, -160 / 9),
          "k": (1, -273.15), "kelvin": (1, -273.15)},
    "%": {"%": (1, 0), "%rh": (1, 0), "percent": (1, 0), "rh": (1, 0)},
    "hPa": {"hpa": (1, 0), "mbar": (1, 0), "pa": (1e-2, 0), "kpa": (10, 0), "bar": (1e3, 0), "mmhg": (1.333224, 0),
            "inhg": (33.86389, 0), "psi": (68.94757, 0)},
    "W": {"w": (1, 0), "watt": (1, 0), "kw": (1e3, 0), "mw": (1e6, 0), "va": (math.nan, 0)},
    "kWh": {"kwh": (1, 0), "wh": (1e-3, 0), "mwh": (1e3, 0), "j": (1 / 3.6e6, 0), "mj": (1 / 3.6, 0),
            "gj": (1e3 / 3.6, 0), "wmin": (1 / 60_000, 0), "watt-minute": (1 / 60_000, 0)},
    "m3": {"m3": (1, 0), "m^3": (1, 0), "cubic meter": (1, 0), "l": (1e-3, 0), "liter": (1e-3, 0), "litre": (1e-3, 0),
           "dm3": (1e-3, 0), "ft3": (0.028316846592, 0), "gal": (3.785411784e-3, 0)},
    "GJ": {"gj": (1, 0), "mj": (1e-3, 0), "kwh": (3.6e-3, 0), "mwh": (3.6, 0), "j": (1e-9, 0)},
}  # fmt: skip
_CASED: Final = {"mW": 1e-3, "mWh": 1e-6}  # where capitals change the meaning
_MILLI: Final = {"W": "mW", "kWh": "mWh"}


def converted(quantity: str, value: float, unit: str | None) -> float:
    """Return a value in its quantity's own unit; raises `Unreadable` for an unknown or unfit unit."""
    canonical = QUANTITIES[quantity].unit or ""
    if unit is None or not unit.strip():
        raise Unreadable("unit unknown")
    # One spelling of signs that look alike: m³ is m3, ℃ is °C, ºC is oC.
    written = unicodedata.normalize("NFKC", unit[:40]).replace("° ", "°").strip()
    if _MILLI.get(canonical) == written:
        return value * _CASED[written]
    known = _UNITS[canonical].get(written.lower())
    if known is None or math.isnan(known[0]):
        raise Unreadable(f"unit unknown: {written[:20]!r} is no unit of {quantity}")
    return value * known[0] + known[1]


def epoch(value: Any) -> Stamp:
    """Read seconds or milliseconds since 1970; nothing for an unset clock."""
    try:
        seconds = number_of(value)
    except Unreadable:
        return NO_TIME
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds /= 1000
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return NO_TIME
    return _believable(moment)


def iso_time(value: Any, zone: ZoneInfo | None) -> Stamp:
    """Read an ISO 8601 time: with a zone explicit; without one by `zone`, unless the wall clock shows it twice or never."""
    if not isinstance(value, str) or len(value) > 40:  # noqa: PLR2004 - longer than any ISO time
        return NO_TIME
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return NO_TIME
    if "T" not in text and " " not in text:
        return NO_TIME
    if moment.tzinfo is not None:
        try:
            return _believable(moment.astimezone(UTC))
        except OverflowError:
            return NO_TIME
    return local_time(moment, zone)


def local_time(moment: datetime, zone: ZoneInfo | None) -> Stamp:
    """Give a wall clock its zone; nothing without one, in the doubled autumn hour, or in the hour spring leaves out."""
    if zone is None or not 2 <= moment.year <= 8000:  # noqa: PLR2004 - years that can be converted
        return NO_TIME
    earlier, later = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() != later.utcoffset():
        return NO_TIME
    found, _basis = _believable(earlier.astimezone(UTC))
    return (found, TimeBasis.NAIVE_LOCAL) if found else NO_TIME


def _believable(moment: datetime) -> Stamp:
    return (moment, TimeBasis.EXPLICIT) if _UNSET_BEFORE <= moment < _LATEST else NO_TIME


class Collector:
    """Gathers what one message yields; a value that cannot be used is set aside and the rest is kept."""

    def __init__(self, family: str, device: str | None = None, stamp: Stamp = NO_TIME) -> None:
        self.family = family
        self.device = device
        self.stamp = stamp
        self._readings: list[Reading] = []
        self._rejected: list[Rejection] = []
        self._said: dict[tuple[str | None, str | None, str, datetime | None], float | str] = {}

    def add(
        self, quantity: str, value: Any, unit: str | None, *, channel: str | None = None, device: str | None = None,
        stamp: Stamp | None = None,
    ) -> None:  # fmt: skip
        """Add a value as it is written, in the unit it is written in."""
        time, basis = stamp if stamp is not None else self.stamp
        canonical = QUANTITIES[quantity].unit
        what = f"{quantity} {channel}" if channel else quantity
        try:
            amount = number_of(value)
            if unit != canonical:
                amount = converted(quantity, amount, unit)
            reading = Reading(device or self.device, channel, quantity, amount, canonical, time, basis)
        except (Implausible, Unreadable, ValueError) as problem:
            self.reject(what, str(problem))
        else:
            self._keep(reading, what)

    def _keep(self, reading: Reading, what: str) -> None:
        """Keep a reading, unless the message gives that series two values at one time."""
        key = (reading.device, reading.channel, reading.quantity, reading.time)
        before = self._said.get(key)
        if before is None:
            self._said[key] = reading.value
            self._readings.append(reading)
        elif before != reading.value:
            self.reject(what, f"a second value at the same time: {reading.value} beside {before}")

    def availability(self, online: bool) -> None:
        """Add the device's word about itself."""
        self._readings.append(Reading(self.device, None, "availability", "online" if online else "offline", None))

    def reject(self, what: str, reason: str) -> None:
        """Set something aside."""
        self._rejected.append(Rejection(what[:200], reason[:300]))

    def decoded(self, *, otherwise: MessageKind = MessageKind.METADATA) -> Decoded:
        """Return the whole: a reading, an availability, a reject, or `otherwise` when there was nothing to say."""
        if any(reading.quantity != "availability" for reading in self._readings):
            kind = MessageKind.READING
        elif self._readings:
            kind = MessageKind.AVAILABILITY
        elif self._rejected:
            kind = MessageKind.REJECT
        else:
            kind = otherwise
        return Decoded(kind, self.family, tuple(self._readings), tuple(self._rejected))


def rejected(family: str | None, what: str, reason: str) -> Decoded:
    """Return a message that cannot be used at all."""
    return Decoded(MessageKind.REJECT, family, (), (Rejection(what[:200], reason[:300]),))


def metadata(family: str) -> Decoded:
    """Return a message that says nothing about the school."""
    return Decoded(MessageKind.METADATA, family)


def available(family: str, device: str | None, word: str | bool) -> Decoded:
    """Read the usual words for being there or not; an empty message clears a retained one and says nothing."""
    known = {"online": True, "offline": False, "true": True, "false": False, "connected": True, "disconnected": False,
             "ready": True, "lost": False, "1": True, "0": False}  # fmt: skip
    said = str(word).strip().lower()
    if not said:
        return metadata(family)
    online = known.get(said)
    if online is None:
        return rejected(family, "availability", f"{str(word)[:40]!r} says neither online nor offline")
    collector = Collector(family, device)
    collector.availability(online)
    return collector.decoded()
