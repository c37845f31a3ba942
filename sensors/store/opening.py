"""Opens the store that a URL names."""

from typing import Final

from sensors.store.influx import InfluxReadingStore
from sensors.store.protocol import ReadingStore, StoreError
from sensors.store.sqlite import SqliteReadingStore

_FORMS: Final = "sqlite:///path, influxdb://token@host:port/bucket?org=… or influxdb+https://…"


def open_store(url: str, *, read_only: bool = False) -> ReadingStore:
    """Open `sqlite:///path`, `influxdb://token@host:port/bucket?org=…` or `influxdb+https://…`; raises `StoreError`.

    `influxdb://user:password@host:port/database` is for 1.x. `read_only` makes nothing that is not there, in SQLite;
    in InfluxDB the token says what one may.
    """
    scheme, mark, rest = url.partition("://")
    if scheme == "sqlite" and mark:
        if not rest.startswith("/"):
            raise StoreError("SCHOOLKLIMAAT_READINGS_URL has too few: it takes three slashes, sqlite:///path")
        if rest == "/" or rest.endswith("/"):
            raise StoreError("SCHOOLKLIMAAT_READINGS_URL names no file; write sqlite:///path/readings.sqlite")
        return SqliteReadingStore(rest.removeprefix("/"), read_only=read_only)
    if scheme in {"influxdb", "influxdb+https"} and mark:
        return InfluxReadingStore(url)
    begin = f"begins with {scheme!r}" if mark else "names no kind of store"
    raise StoreError(f"SCHOOLKLIMAAT_READINGS_URL {begin}; it must be {_FORMS}")
