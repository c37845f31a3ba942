"""The production store: one adapter for InfluxDB 1.x, 2.x and 3.x.

It uses the two endpoints that all three share: line protocol to `/write` and InfluxQL from `/query`, over
influxdb-client's API client. No Flux. Every query is bounded in time on both sides. Local days are made from UTC hours
here, since not every generation has `tz()`. The tests run it against 1.6; what is for 2.x (`prepare` and `delete` with a
token) and for 3.x is written to their documentation and not yet run against. In 3.x nothing can be deleted, and so a
value cannot be replaced by no value: `StoreError`.
"""

import base64
import gzip
import json
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from influxdb_client._sync.api_client import ApiClient
from influxdb_client.configuration import Configuration
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from sensors.periods import FIXED_MS, HOUR_MS, Step, day_start_ms, first_day, floor_ms, local_day, next_first_day
from sensors.store.aggregate import Aggregate, Row, regroup, to_buckets
from sensors.store.influx_text import (
    AGGREGATES,
    FIELDS,
    MEASUREMENT,
    Address,
    line_of,
    name_quoted,
    only,
    only_source,
    period,
    point_of,
    predicate,
    rfc3339,
    series_of,
)
from sensors.store.protocol import Buckets, Conflict, Point, Series, StoreError, WriteOutcome

_POINTS_A_REQUEST: Final = 5_000
_PAGE: Final = 20_000
_SOURCES_A_QUERY: Final = 50  # what an address of some kB can name
_BEGINNING_MS: Final = 946_684_800_000  # 2000-01-01; a period of nothing costs nothing
_END_MS: Final = 4_102_444_800_000  # 2100-01-01
_NEAR_MS: Final = 32 * 24 * HOUR_MS
_GAP_MS: Final = 7 * 24 * HOUR_MS
_LIVE_MS: Final = 2 * HOUR_MS
_TIMEOUT_S: Final = 30
_NOT_FOUND: Final = 404
_Key = tuple[Series, int]
_Answer = list[tuple[dict[str, str], list[list[Any]]]]


class InfluxReadingStore:
    """A `ReadingStore` in InfluxDB; raises `StoreError` when the server does not answer or refuses."""

    def __init__(self, url: str) -> None:
        self._address = Address.parse(url)
        configuration = Configuration()
        configuration.host = self._address.where
        self._client = ApiClient(configuration)
        if self._address.token is not None:
            self._client.set_default_header("Authorization", f"Token {self._address.token}")
        elif self._address.user is not None:
            login = f"{self._address.user}:{self._address.password}".encode()
            self._client.set_default_header("Authorization", f"Basic {base64.b64encode(login).decode()}")

    # --- writing

    def write(self, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP) -> WriteOutcome:
        """Store points; see the protocol. What is stored is read first, since InfluxDB overwrites in silence."""
        new = identical = conflicting = 0
        given = list(points)
        for point in given:
            if point.value is not None and not math.isfinite(point.value):
                raise ValueError(f"{point.value} is no value of {point.series} at {point.time_ms}")
        iterator = iter(given)
        while batch := list(islice(iterator, _POINTS_A_REQUEST)):
            stored = self._stored_among(batch)
            put: dict[_Key, Point] = {}
            for point in batch:
                key = point.series, point.time_ms
                there = put.get(key) or stored.get(key)
                if there == point:
                    identical += 1
                    continue
                if there is None:
                    new += 1
                else:
                    conflicting += 1
                    if on_conflict is Conflict.KEEP:
                        continue
                put[key] = point
            self._put(put, stored)
        return WriteOutcome(new, identical, conflicting)

    def _put(self, put: dict[_Key, Point], stored: dict[_Key, Point]) -> None:
        for (series, time_ms), point in put.items():
            there = stored.get((series, time_ms))
            if there is not None and there.value is not None and point.value is None:
                self._delete(series, time_ms, time_ms + 1)  # or its value would stay, beside the new fields
        if put:
            body = gzip.compress("\n".join(map(line_of, put.values())).encode(), compresslevel=1)
            self._call(
                "POST", "/write", {"db": self._address.bucket, "precision": "ms"}, body,
                {"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"},
            )  # fmt: skip

    def _stored_among(self, batch: list[Point]) -> dict[_Key, Point]:
        """Return what is stored at the times of a batch, and some around it."""
        times: dict[Series, list[int]] = {}
        for point in batch:
            times.setdefault(point.series, []).append(point.time_ms)
        first, last = min(point.time_ms for point in batch), max(point.time_ms for point in batch)
        if len(times) > 1 and last - first <= _LIVE_MS:
            return self._stored_of_many(sorted({series.source for series in times}), first, last + 1)
        stored = {}
        for series, mine in times.items():
            for start, end in _stretches(sorted(mine)):
                stored.update({(series, point.time_ms): point for point in self.points(series, start, end)})
        return stored

    def _stored_of_many(self, sources: list[str], start_ms: int, end_ms: int) -> dict[_Key, Point]:
        stored = {}
        for tags, rows in self._of_sources(FIELDS, sources, start_ms, end_ms):
            series = series_of(tags)
            stored.update({(series, row[0]): point_of(series, row) for row in rows})
        return stored

    def delete(self, series: Series, start_ms: int, end_ms: int) -> int:
        """Remove the points of a period and return how many (3.x cannot: `StoreError`)."""
        count = len(self.points(series, start_ms, end_ms))
        if count:
            self._delete(series, start_ms, end_ms)
        return count

    def _delete(self, series: Series, start_ms: int, end_ms: int) -> None:
        if self._address.token is None:
            where = f"{only(series)} AND {period(start_ms, end_ms)}"
            self._query(f"DELETE FROM {MEASUREMENT} WHERE {where}", method="POST")  # noqa: S608 - quoted by `only`
            return
        body = {"start": rfc3339(start_ms), "stop": rfc3339(end_ms), "predicate": predicate(series)}
        query = {"org": self._address.org, "bucket": self._address.bucket}
        self._call("POST", "/api/v2/delete", query, json.dumps(body).encode(), {"Content-Type": "application/json"})

    # --- reading

    def series(self, source: str) -> list[Series]:
        """Return all series of a kit or connection, sorted."""
        return sorted(series_of(tags) for tags, _rows in self._of_sources("LAST(quality)", [source]))

    def points(self, series: Series, start_ms: int, end_ms: int, limit: int | None = None) -> list[Point]:
        """Return raw points in order of time."""
        found: list[Point] = []
        at = start_ms
        while at < end_ms and (limit is None or len(found) < limit):
            size = _PAGE if limit is None else min(_PAGE, limit - len(found))
            rows = self._rows(
                f"SELECT {FIELDS} FROM {MEASUREMENT} WHERE {only(series)}"  # noqa: S608 - quoted by `only`
                f" AND {period(at, end_ms)} ORDER BY time ASC LIMIT {size}"
            )
            found += [point_of(series, row) for row in rows]
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
        """Return the newest point with a value of each series of these sources."""
        found = {}
        for tags, rows in self._of_sources("LAST(value), duration_s, quality", sorted(set(sources))):
            series = series_of(tags)
            found[series] = point_of(series, rows[0])
        return found

    def last_before(self, series: Series, time_ms: int) -> Point | None:
        """Return the newest point with a value before an instant; near it first, which is nearly always enough."""
        near = max(_BEGINNING_MS, time_ms - _NEAR_MS)
        for start, end in ((near, time_ms), (_BEGINNING_MS, near)):
            rows = self._rows(
                f"SELECT LAST(value), duration_s, quality FROM {MEASUREMENT}"  # noqa: S608 - quoted by `only`
                f" WHERE {only(series)} AND {period(start, end)}"
            )
            if rows:
                return point_of(series, rows[0])
        return None

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
            f"SELECT {AGGREGATES} FROM {MEASUREMENT} WHERE {only(series)}"  # noqa: S608 - quoted by `only`
            f" AND {period(start_ms, end_ms)} GROUP BY time({step_ms // 1000}s) FILL(none)"
        )
        return [
            (row[0], Aggregate._make([row[1] or 0, *row[2:9], *(value or 0 for value in row[9:12])]))
            for row in rows
            if row[1] or row[11]
        ]

    def ready(self) -> bool:
        """Say whether the server answers."""
        now = time.time_ns() // 1_000_000
        try:
            self._rows(f"SELECT LAST(quality) FROM {MEASUREMENT} WHERE {period(now - HOUR_MS, now)}")  # noqa: S608 - constants
        except StoreError:
            return False
        return True

    # --- setting up

    def prepare(self) -> None:
        """Make the database (1.x), or the bucket and its mapping for InfluxQL (2.x); 3.x makes it on the first write.

        Safe to repeat.
        """
        if self._address.token is None:
            self._query(f"CREATE DATABASE {name_quoted(self._address.bucket)}", method="POST")
            return
        org, bucket = self._address.org, self._address.bucket
        known = self._found("/api/v2/orgs", {"org": org})
        if known is None:
            return  # 3.x has no organisations
        organisations = known.get("orgs") or []
        if not organisations:
            raise StoreError(
                f"InfluxDB at {self._address.where} knows no organisation {org!r}, or the token may not see it."
                " Name it in SCHOOLKLIMAAT_READINGS_URL: …/bucket?org=…"
            )
        org_id = organisations[0]["id"]
        # Some versions give their own buckets beside, or instead of, the one asked for.
        answer = self._found("/api/v2/buckets", {"name": bucket, "orgID": org_id}) or {}
        found = next((one for one in answer.get("buckets") or [] if one["name"] == bucket), None)
        if found is None:
            found = self._posted("/api/v2/buckets", {"name": bucket, "orgID": org_id, "retentionRules": []})
        mappings = self._found("/api/v2/dbrps", {"orgID": org_id, "db": bucket}) or {}
        if not mappings.get("content"):
            self._posted(
                "/api/v2/dbrps",
                {"bucketID": found["id"], "database": bucket, "default": True, "orgID": org_id,
                 "retention_policy": "autogen"},
            )  # fmt: skip

    def close(self) -> None:
        """Let go of connections."""
        self._client.rest_client.pool_manager.clear()

    # --- over HTTP

    def _of_sources(
        self, what: str, sources: Sequence[str], start_ms: int = _BEGINNING_MS, end_ms: int = _END_MS
    ) -> Iterator[tuple[dict[str, str], list[list[Any]]]]:
        """Yield tags and rows of each series of these sources."""
        for at in range(0, len(sources), _SOURCES_A_QUERY):
            either = " OR ".join(map(only_source, sources[at : at + _SOURCES_A_QUERY]))
            yield from self._query(
                f"SELECT {what} FROM {MEASUREMENT} WHERE ({either}) AND {period(start_ms, end_ms)}"  # noqa: S608 - quoted
                " GROUP BY source, channel, quantity"
            )

    def _rows(self, query: str) -> list[list[Any]]:
        answer = self._query(query)
        return answer[0][1] if answer else []

    def _query(self, query: str, method: str = "GET") -> _Answer:
        """Return tags and rows of each series of the answer."""
        parameters = {"db": self._address.bucket, "epoch": "ms", "q": query}
        answer = json.loads(self._call(method, "/query", parameters))
        result = (answer.get("results") or [{}])[0]
        if problem := result.get("error") or answer.get("error"):
            raise StoreError(
                f"InfluxDB at {self._address.where} refused a query: {problem}."
                " Check SCHOOLKLIMAAT_READINGS_URL; `schoolklimaat migrate` makes the bucket."
            )
        return [(one.get("tags", {}), one["values"]) for one in result.get("series", [])]

    def _found(self, path: str, query: dict[str, str]) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = json.loads(self._call("GET", path, query))
        except StoreError as problem:
            if isinstance(problem.__cause__, ApiException) and problem.__cause__.status == _NOT_FOUND:
                return None
            raise
        return answer

    def _posted(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        sent = json.dumps(body).encode()
        answer: dict[str, Any] = json.loads(self._call("POST", path, {}, sent, {"Content-Type": "application/json"}))
        return answer

    def _call(
        self, method: str, path: str, query: dict[str, str], body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        try:
            response, _status, _headers = self._client.call_api(
                path, method, query_params=query, header_params=headers or {}, body=body,
                _preload_content=False, _request_timeout=_TIMEOUT_S * 1000,
            )  # fmt: skip
            return bytes(response.data)
        except ApiException as problem:
            raise StoreError(
                f"InfluxDB at {self._address.where} refused ({problem.status}): {_words(problem)}."
                " Check the token, the bucket and SCHOOLKLIMAAT_READINGS_URL; `schoolklimaat migrate` makes the bucket."
            ) from problem
        except (HTTPError, OSError) as problem:
            raise StoreError(
                f"InfluxDB at {self._address.where} does not answer ({type(problem).__name__})."
                " Check that it runs and that SCHOOLKLIMAAT_READINGS_URL names it."
            ) from problem


def _stretches(times: list[int]) -> Iterator[tuple[int, int]]:
    """Yield periods that hold these times, which come sorted, without long stretches that hold none."""
    start = previous = times[0]
    for at in times:
        if at - previous > _GAP_MS:
            yield start, previous + 1
            start = at
        previous = at
    yield start, previous + 1


def _words(problem: ApiException) -> str:
    body = problem.body.decode("utf-8", "replace") if isinstance(problem.body, bytes) else str(problem.body or "")
    return (body.strip() or str(problem.reason or "no reason given"))[:300]
