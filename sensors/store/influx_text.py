"""What the InfluxDB store says and hears as text: its address, line protocol and InfluxQL.

One measurement, `reading`, with the tags source, channel and quantity. InfluxDB has no empty tag, so a channel is written
with a colon before it; and line protocol cannot hold a backslash or a line end, so these are written as %5C, %0A and the
like. Every point has all fields but two, so that one replaces another whole; a point without a value lacks `value` and
`at_ms`. The fields `at_ms`, `covered_s`, `estimated_s` and `absent` say what the point says in a form that plain sums
and minima can aggregate, which is all that every generation of InfluxQL has.
"""

import re
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from sensors.store.protocol import Point, Quality, Series, StoreError

MEASUREMENT: Final = "reading"
FIELDS: Final = "value, duration_s, quality"
AGGREGATES: Final = (
    "COUNT(value), SUM(value), MIN(value), MAX(value), MIN(at_ms), MAX(at_ms), FIRST(value), LAST(value),"
    " SUM(covered_s), SUM(estimated_s), SUM(absent)"
)
_FORM: Final = "write SCHOOLKLIMAAT_READINGS_URL as influxdb://token@host:port/bucket?org=…"
_FARTHEST_MS: Final = 9_200_000_000_000
_DEFAULT_PORT: Final = 8086
_QUALITIES: Final = tuple(Quality)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an InfluxDB is; a token for 2.x and 3.x, a user and a password (or neither) for 1.x."""

    where: str
    bucket: str
    org: str
    token: str | None
    user: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read `influxdb[+https]://token@host:port/bucket?org=…` or `influxdb://user:password@…`; raises `StoreError`."""
        try:
            parts = urlsplit(url)
            port = parts.port or _DEFAULT_PORT
        except ValueError:
            raise StoreError(f"The address of InfluxDB has a host or port that is none; {_FORM}.") from None
        bucket = unquote(parts.path.strip("/"))
        lacking = "a host" if not parts.hostname else "a bucket" if not bucket else None
        if lacking:
            raise StoreError(f"The address of InfluxDB lacks {lacking}; {_FORM}.")
        scheme = "https" if parts.scheme == "influxdb+https" else "http"
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        has_password = parts.password is not None
        return cls(
            where=f"{scheme}://{host}:{port}",
            bucket=bucket,
            org=parse_qs(parts.query).get("org", [""])[0],
            token=unquote(parts.username) if parts.username and not has_password else None,
            user=unquote(parts.username or "") if has_password else None,
            password=unquote(parts.password or "") if has_password else None,
        )


# --- tags


def tags_of(series: Series) -> list[tuple[str, str]]:
    """Return the tags of a series, as they are stored."""
    return [
        ("source", _kept(series.source)),
        ("channel", ":" + _kept(series.channel)),
        ("quantity", _kept(series.quantity)),
    ]


def series_of(tags: dict[str, str]) -> Series:
    """Return the series that these stored tags say."""
    return Series(unquote(tags["source"]), unquote(tags["channel"][1:]), unquote(tags["quantity"]))


def _kept(text: str) -> str:
    """Write what line protocol cannot hold as %XX."""
    return re.sub(r"[\x00-\x1f\x7f%\\]", lambda found: f"%{ord(found[0]):02X}", text)


# --- line protocol


def line_of(point: Point) -> str:
    """Write a point in line protocol, its time in milliseconds."""
    tags = ",".join(f"{name}={_escaped(value)}" for name, value in tags_of(point.series))
    has_value = point.value is not None
    covered = point.duration_s if has_value else 0
    fields = [
        f"duration_s={point.duration_s}i",
        f"quality={int(point.quality)}i",
        f"covered_s={covered}i",
        f"estimated_s={covered if point.quality is Quality.ESTIMATED else 0}i",
        f"absent={0 if has_value else 1}i",
    ]
    if point.value is not None:
        fields += [f"value={float(point.value)!r}", f"at_ms={point.time_ms}i"]
    return f"{MEASUREMENT},{tags} {','.join(fields)} {point.time_ms}"


def _escaped(tag: str) -> str:
    return re.sub(r"([,= ])", r"\\\1", tag)


# --- InfluxQL


def only(series: Series) -> str:
    """Write the condition that a point is of this series."""
    return " AND ".join(f"{name} = {_quoted(value)}" for name, value in tags_of(series))


def only_source(source: str) -> str:
    """Write the condition that a point is of this source."""
    return f"source = {_quoted(_kept(source))}"


def period(start_ms: int, end_ms: int) -> str:
    """Write the condition that a point lies in a period, in so far as InfluxDB can hold it (64 bits of nanoseconds)."""
    start_ms, end_ms = (max(-_FARTHEST_MS, min(_FARTHEST_MS, instant)) for instant in (start_ms, end_ms))
    return f"time >= {start_ms}ms AND time < {end_ms}ms"


def _quoted(text: str) -> str:
    """Write a string; it holds no backslash, see `_kept`."""
    return "'" + text.replace("'", "\\'") + "'"


def name_quoted(name: str) -> str:
    """Write the name of a database."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def predicate(series: Series) -> str:
    """Write the condition of a delete in the API of 2.x."""
    return f'_measurement="{MEASUREMENT}" AND ' + " AND ".join(
        f"{name}={name_quoted(value)}" for name, value in tags_of(series)
    )


def rfc3339(instant_ms: int) -> str:
    """Write an instant for the API of 2.x."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant_ms // 1000)) + f".{instant_ms % 1000:03d}Z"


def point_of(series: Series, row: list[Any]) -> Point:
    """Read a row of time and `FIELDS`."""
    time_ms, value, duration_s, quality = row
    return Point(series, time_ms, None if value is None else float(value), duration_s, _QUALITIES[quality])
