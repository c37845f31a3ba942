"""Sparkplug B: protobuf; the names stand in the BIRTH message alone, later ones say an alias.

An edge node's own BIRTH begins a new session: what its aliases meant before is forgotten. Its DEATH names that session
by `bdSeq`; one of an earlier session, delivered late by the broker, says nothing (Eclipse Sparkplug 3.0, sections 5, 6.4).
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import add_named, meaning_of
from sensors.kits.parsing import NO_TIME, Collector, epoch, metadata
from sensors.kits.protobuf import Metric, payload_of
from sensors.reading import Decoded

_TOPIC: Final = re.compile(
    r"spBv1\.0/(?P<group>[^/]+)/(?P<verb>[ND](?:BIRTH|DATA|DEATH|CMD))/(?P<node>[^/]+)(?:/(?P<device>[^/]+))?\Z"
)
_SESSION: Final = "bdSeq"


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
        collector = Collector(self.name, "/".join(part for part in (match["node"], match["device"]) if part))
        key = f"sparkplug_b:{match['group']}/{match['node']}"
        if match["verb"].endswith("DEATH"):
            return self._death(message, context, collector, key, whole_node=match["verb"] == "NDEATH")
        payload_ms, metrics = payload_of(message.payload)
        known: dict[str, Any] = context.recall(key) or {}
        if match["verb"].endswith("BIRTH"):
            if match["verb"] == "NBIRTH":
                known = {_SESSION: _session_of(metrics)}
            known = {**known, **_told(metrics, collector.device or "")}
            context.remember(key, known)
        for metric in metrics:
            _add(collector, context, metric, known, payload_ms)
        return collector.decoded()

    def _death(
        self, message: Message, context: Context, collector: Collector, key: str, *, whole_node: bool
    ) -> Decoded:
        if whole_node:
            _ms, metrics = payload_of(message.payload)
            of_session, now = _session_of(metrics), (context.recall(key) or {}).get(_SESSION)
            if of_session is not None and now is not None and of_session != now:
                return metadata(self.name)
        collector.availability(online=False)
        return collector.decoded()


def _session_of(metrics: list[Metric]) -> int | None:
    value = next((metric.value for metric in metrics if metric.name == _SESSION), None)
    return value if isinstance(value, int) else None


def _told(metrics: list[Metric], device: str) -> dict[str, Any]:
    """Return what a birth says of its metrics, by alias and, where later messages repeat the name, by name."""
    told: dict[str, Any] = {}
    for metric in metrics:
        if not metric.name:
            continue
        about = {"name": metric.name, "unit": metric.unit, "type": metric.datatype}
        place, last = _split(metric.name)
        if meaning_of(last, unit=metric.unit, place=place) is None:
            about = {}  # a machine has hundreds of metrics; of most it is enough that they were told
        if metric.alias is not None:
            told[f"#{metric.alias}"] = about
        if metric.unit and about:
            told[f"{device}:{metric.name}"] = about
    return told


def _split(name: str) -> tuple[str, str]:
    """Return where a metric stands and its own name, as words with `_` between them."""
    place, _, last = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace(" ", "_").rpartition("/")
    return place, last


def _add(collector: Collector, context: Context, metric: Metric, known: dict[str, Any], payload_ms: int | None) -> None:
    about = known.get(f"{collector.device}:{metric.name}" if metric.name else f"#{metric.alias}")
    if not metric.name and about is None:
        collector.reject(f"alias {metric.alias}", "no birth message has told what this alias means")
        return
    about = about or {}
    name = metric.name or about.get("name")
    value = metric.number(metric.datatype or about.get("type"))
    if not name or value is None:  # nothing we know of, null, or no number
        return
    at_ms = payload_ms if metric.timestamp is None else metric.timestamp
    collector.stamp = NO_TIME if at_ms is None else epoch(at_ms / 1000)
    place, last = _split(name)
    add_named(collector, context, last, value, unit=metric.unit or about.get("unit"), place=place)


FAMILY: Final = _SparkplugB()
