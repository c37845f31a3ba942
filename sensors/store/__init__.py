"""Where readings stay: one protocol, an embedded store in SQLite and a store in InfluxDB."""

from sensors.store.protocol import Buckets, Conflict, Point, Quality, ReadingStore, Series, StoreError, WriteOutcome

__all__ = ["Buckets", "Conflict", "Point", "Quality", "ReadingStore", "Series", "StoreError", "WriteOutcome"]
