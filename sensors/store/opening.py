"""Opens the store that a URL names."""

from urllib.parse import urlsplit

from sensors.store.influx import InfluxReadingStore
from sensors.store.protocol import ReadingStore, StoreError
from sensors.store.sqlite import SqliteReadingStore


def open_store(url: str, *, read_only: bool = False) -> ReadingStore:
    """Open `sqlite:///path`, `influxdb://token@host:port/bucket?org=…` or `influxdb+https://…`; raises `StoreError`."""
    if url.startswith("sqlite:///"):
        return SqliteReadingStore(url.removeprefix("sqlite:///"), read_only=read_only)
    if urlsplit(url).scheme in {"influxdb", "influxdb+https"}:
        return InfluxReadingStore(url)
    raise StoreError(
        f"SCHOOLKLIMAAT_READINGS_URL begins with {url.split(':', 1)[0]!r}; it must be sqlite:///path,"
        " influxdb://token@host:port/bucket?org=… or influxdb+https://…"
    )
