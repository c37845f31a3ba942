"""The kit families, in the order in which they are asked, and how a message finds its own."""

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any, Final

from sensors.kits import (
    airgradient,
    awair,
    chirpstack_v4,
    classroom_kits,
    dsmr2mqtt,
    dsmr_raw,
    dsmr_reader,
    emoncms,
    esphome,
    homeassistant,
    homewizard,
    homie,
    openmqttgateway,
    opensensemap,
    own,
    p1_dongle,
    senml,
    sensor_community,
    shelly_gen1,
    shelly_gen2,
    sparkplug_b,
    tasmota,
    ttn_v3,
    zigbee2mqtt,
)
from sensors.kits.family import Context, Family, Message, split_root
from sensors.kits.parsing import Unreadable, json_of, rejected
from sensors.reading import Decoded

__all__ = ["BUILT_IN", "ENTRY_POINTS", "decode", "families", "is_gateway", "split_root"]
log = logging.getLogger(__name__)

# Families with a topic of their own first; those that must look into the payload to know their own last.
BUILT_IN: Final[tuple[Family, ...]] = (
    own.FAMILY,
    sparkplug_b.FAMILY,
    ttn_v3.FAMILY,
    chirpstack_v4.FAMILY,
    homie.FAMILY,
    shelly_gen1.FAMILY,
    airgradient.FAMILY,
    zigbee2mqtt.FAMILY,
    dsmr_raw.FAMILY,
    dsmr2mqtt.FAMILY,
    dsmr_reader.FAMILY,
    p1_dongle.FAMILY,
    homewizard.FAMILY,
    openmqttgateway.FAMILY,
    emoncms.FAMILY,
    awair.FAMILY,
    tasmota.FAMILY,
    shelly_gen2.FAMILY,
    esphome.FAMILY,
    *classroom_kits.FAMILIES,
    sensor_community.FAMILY,
    senml.FAMILY,
    opensensemap.FAMILY,
    homeassistant.FAMILY,
)
ENTRY_POINTS: Final = "schoolklimaat.kit_families"
_MARKS: Final = frozenset({"simulated", "is_simulated", "simulation", "test", "is_test", "test_mode", "testmode"})
_MARK: Final = re.compile(rb'"(?:is_)?(?:simulat(?:ed|ion)|test(?:_?mode)?)"', re.IGNORECASE)
_YES: Final = frozenset({"true", "1", "1.0", "yes"})


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """Return all families: those that other packages bring by entry point, and ours."""
    return (*_brought(), *BUILT_IN)


def _brought() -> Iterator[Family]:
    for point in entry_points(group=ENTRY_POINTS):
        try:
            yield point.load()
        except Exception:
            log.exception("the kit family %s cannot be loaded; remove or repair its package", point.name)


@lru_cache(maxsize=10_000)
def _claimants(topic: str) -> tuple[Family, ...]:
    return tuple(family for family in families() if _claims(family, topic))


def _claims(family: Family, topic: str) -> bool:
    try:
        return family.claims(topic)
    except Exception:
        log.exception("the kit family %s failed on a topic", family.name)
        return False


@lru_cache(maxsize=100)
def is_gateway(name: str | None) -> bool:
    """Say whether a family's kits carry several devices."""
    return any(family.name == name and family.gateway for family in families())


def decode(message: Message, context: Context) -> Decoded:
    """Let the first family that knows a message read it; never raises."""
    for family in _claimants(message.topic):
        try:
            decoded = family.decode(message, context)
            if decoded is not None and decoded.readings and _is_a_test(message.payload):
                return rejected(decoded.family, "message", "the message says that it is simulated or a test")
        except Unreadable as problem:
            return rejected(family.name, "message", str(problem))
        except Exception:
            log.exception("the decoder of %s failed", family.name)
            return rejected(family.name, "message", "the decoder failed on this message")
        if decoded is not None:
            return decoded
    return rejected(None, "topic", "no kit family knows this topic")


def _is_a_test(payload: bytes) -> bool:
    """Say whether a message calls itself simulated or a test."""
    if not _MARK.search(payload):
        return False
    try:
        return _holds_mark(json_of(payload), depth=3)
    except Unreadable:
        return False


def _holds_mark(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth > 0 and any(_holds_mark(one, depth - 1) for one in value)
    if not isinstance(value, dict):
        return False
    if any(key.lower() in _MARKS and str(said).strip().lower() in _YES for key, said in value.items()):
        return True
    return depth > 0 and any(_holds_mark(one, depth - 1) for one in value.values())
