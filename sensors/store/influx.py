"""The production store: one adapter for InfluxDB 1.x, 2.x and 3.x.

It uses the two endpoints that all three share: line protocol to `/write` and InfluxQL from `/query`, over
influxdb-client's API client. No Flux. Every query is bounded in time. Local days are made from UTC hours here, since not
every generation has `tz()`. Run in the tests against 1.6; 2.x and 3.x are written to their documentation and not yet
run against.

One measurement, `reading`, with the tags source, channel and quantity (an empty tag does not exist in InfluxDB, so a
channel is written with a colon before it). A point without a value has no field `value`. The fields `at_ms`, `covered_s`,
`estimated_s` and `absent` repeat what the point says in a form that plain sums and minima can aggregate.
"""

import gzip
import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from influxdb_client._sync.api_client import ApiClient
from influxdb_client.configuration import Configuration
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from sensors.periods import FIXED_MS, HOUR_MS, Step, day_start_ms, first_day, floor_ms, local_day, next_first_day
from sensors.store.aggregate import Aggregate, Row, regroup, to_buckets
from sensors.store.protocol import Buckets, Conflict, Point, Quality, Series, StoreError, WriteOutcome

_MEASUREMENT: Final = "reading"
_POINTS_A_REQUEST: Final = 5_000
_PAGE: Final = 20_000
_BEGINNING_MS: Final = 1_262_304_000_000  # 2010-01-01: no kit is older
_AHEAD_MS: Final = 2 * 24 * HOUR_MS
_LATEST_WITHIN_MS: Final = 400 * 24 * HOUR_MS
_TIMEOUT_S: Final = 30
_PREPARE_PATHS: Final = ("/api/v2/buckets", "/api/v2/dbrps", "/api/v2/orgs")


class InfluxReadingStore:
    """A `ReadingStore` in InfluxDB; raises `StoreError` when the server does not answer or refuses."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._database = unquote(parts.path.strip("/"))
        if not parts.hostname or not self._database:
            raise StoreError(
                "The InfluxDB address lacks a host or a bucket; write influxdb://token@host:port/bucket?org=…"
            )
        self._org = parse_qs(parts.query).get("org", [""])[0]
        scheme = "https" if parts.scheme == "influxdb+https" else "http"
        self._where = f"{scheme}://{parts.hostname}:{parts.port or 8086}"
        configuration = Configuration()
        configuration.host = self._where
        self._token: str | None = None
        self._login: dict[str, str] = {}
        headers: dict[str, str] = {}
        if parts.password is not None:
            self._login = {"u": unquote(parts.username or ""), "p": unquote(parts.password)}
        elif parts.username:
            self._token = unquote(parts.username)
            headers["Authorization"] = f"Token {self._token}"
        self._client = ApiClient(configuration, *next(iter(headers.items()), ()))

    # --- writing

    def write(self, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP) -> WriteOutcome:
        """Store points; see the protocol. What is stored is read first, since InfluxDB overwrites in silence."""
        new = identical = conflicting = 0
        iterator = iter(points)
        while batch := list(islice(iterator, _POINTS_A_REQUEST)):
            stored = self._stored_among(batch)
            lines = []
            for point in batch:
                key = point.series, point.time_ms
                there = stored.get(key)
                if there is None:
                    new += 1
                elif there == point:
                    identical += 1
                    continue
                else:
                    conflicting += 1
                    if on_conflict is Conflict.KEEP:
                        continue
                    if there.value is not None and point.value is None:
                        # Fields of the old point would stay beside those of the new one.
                        self.delete(point.series, point.time_ms, point.time_ms + 1)
                stored[key] = point
                lines.append(_line(point))
            if lines:
                self._post_lines(lines)
        return WriteOutcome(new, identical, conflicting)

    def _stored_among(self, batch: list[Point]) -> dict[tuple[Series, int], Point]:
        stored = {}
        for series, group in groupby(sorted(batch, key=lambda point: point.series), key=lambda point: point.series):
            times = [point.time_ms for point in group]
            for point in self.points(series, min(times), max(times) + 1):
                stored[series, point.time_ms] = point
        return stored

    def _post_lines(self, lines: list[str]) -> None:
        body = gzip.compress("\n".join(lines).encode(), compresslevel=1)
        self._call(
            "POST", "/write", {"db": self._database, "precision": "ms"}, body,
            {"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"},
        )  # fmt: skip

    def delete(self, series: Series, start_ms: int, end_ms: int) -> int:
        """Remove the points of a period and return how many (3.x cannot: `StoreError`)."""
        count = len(self.points(series, start_ms, end_ms))
        if not count:
            return 0
        if self._token is None:
            where = f"{_tags(series)} AND {_period(start_ms, end_ms)}"
            self._query(f"DELETE FROM {_MEASUREMENT} WHERE {where}", method="POST")  # noqa: S608 - quoted by _tags
        else:
            predicate = f'_measurement="{_MEASUREMENT}" AND ' + " AND ".join(
                f"{tag}={_double_quoted(value)}" for tag, value in _tag_values(series)
            )
            body = {"start": _rfc3339(start_ms), "stop": _rfc3339(end_ms), "predicate": predicate}
            self._call("POST", "/api/v2/delete", {"org": self._org, "bucket": self._database},
                       json.dumps(body).encode(), {"Content-Type": "application/json"})  # fmt: skip
        return count

    # --- reading

    def series(self, source: str) -> list[Series]:
        """Return all series of a kit or connection, sorted."""
        answer = self._query(
            f"SELECT LAST(quality) FROM {_MEASUREMENT} WHERE source = {_quoted(source)}"  # noqa: S608 - quoted
            f" AND {_period(_BEGINNING_MS, _now_ms() + _AHEAD_MS)} GROUP BY channel, quantity"
        )
        return sorted(Series(source, tags["channel"][1:], tags["quantity"]) for tags, _columns, _rows in answer)

    def points(self, series: Series, start_ms: int, end_ms: int, limit: int | None = None) -> list[Point]:
        """Return raw points in order of time."""
        found: list[Point] = []
        at = start_ms
        while limit is None or len(found) < limit:
            size = _PAGE if limit is None else min(_PAGE, limit - len(found))
            rows = self._rows(
                f"SELECT value, duration_s, quality FROM {_MEASUREMENT} WHERE {_tags(series)}"  # noqa: S608 - quoted
                f" AND {_period(at, end_ms)} ORDER BY time ASC LIMIT {size}"
            )
            found += [_point(series, row) for row in rows]
            if len(rows) < size:
                break
            at = found[-1].time_ms + 1
        return found

    def scan(self, source: str, start_ms: int, end_ms: int) -> Iterator[Point]:
        """Yield raw points of all series of a source, by series and time."""
        for series in self.series(source):
            at = start_ms
            while batch := self.points(series, at, end_ms, _PAGE):
                yield from batch
                at = batch[-1].time_ms + 1

    def latest(self, sources: Sequence[str]) -> dict[Series, Point]:
        """Return the newest point with a value of each series of these sources, of the last 400 days."""
        if not sources:
            return {}
        either = " OR ".join(f"source = {_quoted(source)}" for source in sources)
        now = _now_ms()
        answer = self._query(
            f"SELECT LAST(value), duration_s, quality FROM {_MEASUREMENT} WHERE ({either})"  # noqa: S608 - quoted
            f" AND {_period(now - _LATEST_WITHIN_MS, now + _AHEAD_MS)} GROUP BY source, channel, quantity"
        )
        found = {}
        for tags, _columns, rows in answer:
            series = Series(tags["source"], tags["channel"][1:], tags["quantity"])
            found[series] = _point(series, rows[0])
        return found

    def last_before(self, series: Series, time_ms: int) -> Point | None:
        """Return the newest point with a value before an instant."""
        rows = self._rows(
            f"SELECT LAST(value), duration_s, quality FROM {_MEASUREMENT} WHERE {_tags(series)}"  # noqa: S608 - quoted
            f" AND {_period(_BEGINNING_MS, time_ms)}"
        )
        return _point(series, rows[0]) if rows else None

    def buckets(self, series: Series, start_ms: int, end_ms: int, step: Step) -> Buckets:
        """Return aggregates per bucket; from a day on they are made of UTC hours."""
        if end_ms <= start_ms:
            return Buckets()
        start, last = floor_ms(start_ms, step), floor_ms(end_ms - 1, step)
        if step in FIXED_MS:
            return to_buckets(self._aggregates(series, start, last + FIXED_MS[step], FIXED_MS[step]))
        end = day_start_ms(next_first_day(first_day(local_day(last), step), step))
        return to_buckets(regroup(self._aggregates(series, start, end, HOUR_MS), step))

    def _aggregates(self, series: Series, start_ms: int, end_ms: int, step_ms: int) -> list[Row]:
        rows = self._rows(
            "SELECT COUNT(value), SUM(value), MIN(value), MAX(value), MIN(at_ms), MAX(at_ms), FIRST(value), LAST(value),"  # noqa: S608 - quoted
            f" SUM(covered_s), SUM(estimated_s), SUM(absent) FROM {_MEASUREMENT} WHERE {_tags(series)}"
            f" AND {_period(start_ms, end_ms)} GROUP BY time({step_ms // 1000}s) FILL(none)"
        )
        return [
            (row[0], Aggregate._make([row[1] or 0, *row[2:9], *(value or 0 for value in row[9:12])]))
            for row in rows
            if row[1] or row[11]
        ]

    def ready(self) -> bool:
        """Say whether the server answers."""
        try:
            self._rows(f"SELECT LAST(quality) FROM {_MEASUREMENT} WHERE {_period(_now_ms() - HOUR_MS, _now_ms())}")  # noqa: S608 - constants
        except StoreError:
            return False
        return True

    def prepare(self) -> None:
        """Make the database (1.x), or the bucket and its mapping for InfluxQL (2.x); 3.x makes it on the first write."""
        if self._token is None:
            self._query(f'CREATE DATABASE "{self._database}"', method="POST")
            return
        try:
            self._prepare_bucket()
        except StoreError as problem:
            if not isinstance(problem.__cause__, ApiException) or problem.__cause__.status != 404:  # noqa: PLR2004 - HTTP
                raise

    def _prepare_bucket(self) -> None:
        buckets, mappings, organisations = _PREPARE_PATHS
        found = self._json("GET", buckets, {"name": self._database, "org": self._org}).get("buckets") or []
        org_id = self._json("GET", organisations, {"org": self._org})["orgs"][0]["id"]
        if not found:
            found = [self._json("POST", buckets, {}, {"name": self._database, "orgID": org_id, "retentionRules": []})]
        known = self._json("GET", mappings, {"org": self._org, "db": self._database}).get("content") or []
        if not known:
            mapping = {"bucketID": found[0]["id"], "database": self._database, "default": True, "orgID": org_id,
                       "retention_policy": "autogen"}  # fmt: skip
            self._json("POST", mappings, {}, mapping)

    def close(self) -> None:
        """Let go of connections."""
        self._client.__del__()

    # --- over HTTP

    def _rows(self, query: str) -> list[list[Any]]:
        answer = self._query(query)
        return answer[0][2] if answer else []

    def _query(self, query: str, method: str = "GET") -> list[tuple[dict[str, str], list[str], list[list[Any]]]]:
        """Return (tags, columns, rows) of each series of the answer."""
        parameters = {"db": self._database, "epoch": "ms", "q": query}
        answer = json.loads(self._call(method, "/query", parameters))
        result = (answer.get("results") or [{}])[0]
        if problem := result.get("error") or answer.get("error"):
            raise StoreError(f"InfluxDB at {self._where} refused a query: {problem}.")
        return [(one.get("tags", {}), one["columns"], one["values"]) for one in result.get("series", [])]

    def _json(self, method: str, path: str, query: dict[str, str], body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        return json.loads(self._call(method, path, query, sent, {"Content-Type": "application/json"}))

    def _call(
        self, method: str, path: str, query: dict[str, str], body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        try:
            response, _status, _headers = self._client.call_api(
                path, method, query_params={**query, **self._login}, header_params=headers or {}, body=body,
                _preload_content=False, _request_timeout=_TIMEOUT_S * 1000,
            )  # fmt: skip
        except ApiException as problem:
            raise StoreError(
                f"InfluxDB at {self._where} refused ({problem.status}): {_words(problem)}."
                " Check the token, the bucket and SCHOOLKLIMAAT_READINGS_URL; `schoolklimaat migrate` makes the bucket."
            ) from problem
        except (HTTPError, OSError) as problem:
            raise StoreError(
                f"InfluxDB at {self._where} does not answer ({type(problem).__name__})."
                " Check that it runs and that SCHOOLKLIMAAT_READINGS_URL names it."
            ) from problem
        return bytes(response.data)


def _words(problem: ApiException) -> str:
    body = problem.body.decode("utf-8", "replace") if isinstance(problem.body, bytes) else str(problem.body or "")
    return (body.strip() or str(problem.reason or "no reason given"))[:300]


def _tag_values(series: Series) -> list[tuple[str, str]]:
    return [("source", series.source), ("channel", f":{series.channel}"), ("quantity", series.quantity)]


def _tags(series: Series) -> str:
    return " AND ".join(f"{tag} = {_quoted(value)}" for tag, value in _tag_values(series))


def _quoted(text: str) -> str:
    """Write a string of InfluxQL."""
    return "'" + _plain(text).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _double_quoted(text: str) -> str:
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(text: str) -> str:
    """Replace what line protocol cannot hold: line ends, and a backslash, which it would read as an escape."""
    return re.sub(r"[\r\n]", " ", text).replace("\\", "/")


def _escaped_tag(text: str) -> str:
    return re.sub(r"([,= ])", r"\\\1", _plain(text))


def _line(point: Point) -> str:
    """Write a point in line protocol."""
    tags = ",".join(f"{tag}={_escaped_tag(value)}" for tag, value in _tag_values(point.series))
    fields = [f"duration_s={point.duration_s}i", f"quality={int(point.quality)}i"]
    if point.value is None:
        fields.append("absent=1i")
    else:
        fields += [f"value={float(point.value)!r}", f"at_ms={point.time_ms}i"]
        if point.duration_s:
            fields.append(f"covered_s={point.duration_s}i")
            if point.quality is Quality.ESTIMATED:
                fields.append(f"estimated_s={point.duration_s}i")
    return f"{_MEASUREMENT},{tags} {','.join(fields)} {point.time_ms}"


def _point(series: Series, row: list[Any]) -> Point:
    time_ms, value, duration_s, quality = row
    return Point(series, time_ms, None if value is None else float(value), duration_s, Quality(quality))


def _period(start_ms: int, end_ms: int) -> str:
    return f"time >= {start_ms}ms AND time < {end_ms}ms"


def _rfc3339(instant_ms: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant_ms // 1000)) + f".{instant_ms % 1000:03d}Z"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
