"""What simulated kits say is read back, by the decoders of real kits, as what was sensed."""

from datetime import UTC, datetime

import numpy as np
import pytest

from sensors.kits import decode, is_gateway
from sensors.kits.family import MemoryContext, Message
from sensors.periods import BRUSSELS, from_ms, to_ms
from sensors.reading import MessageKind
from sensors.simulate.dialects import DIALECTS
from sensors.simulate.dialects.base import Column, Moment, Outgoing
from sensors.simulate.dialects.electricity import crc16_arc
from sensors.simulate.history import Window, kit_history, senses
from sensors.simulate.kits import KitSpec, SchoolSenses, SensedPlace
from sensors.simulate.spec import MeterSpec, RoomSpec, SchoolSpec
from sensors.store.protocol import Series

NOW = int(datetime(2026, 3, 17, 9, 30, tzinfo=UTC).timestamp())
SCHOOL = SchoolSpec(
    "proef",
    seed=11,
    origin_s=NOW - 30 * 86_400,
    rooms=(RoomSpec("klas-1"), RoomSpec("klas-2")),
    meters=(MeterSpec("hoofd", pv_kwp=60, heat_loss_kw_per_k=2, litres_per_pupil=8),),
)
SENSED: SchoolSenses = senses(SCHOOL, NOW - 86_400, NOW + 3600)
METERS = {"dsmr_raw", "dsmr_reader", "homewizard", "shelly_gen2"}


def _kit(dialect: str, devices: int = 1) -> KitSpec:
    if dialect in METERS:
        return KitSpec("kit-1", "s", dialect, (SensedPlace("", 40, meter="hoofd"),))
    labels = ("Klas 1 – CO₂", "lokaal-2") if dialect == "zigbee2mqtt" else ("klas-1", "klas-2")
    places = tuple(SensedPlace(labels[at], 41 + at, room=f"klas-{at + 1}") for at in range(devices))
    return KitSpec("kit-1", "s", dialect, places)


def _heard(messages: tuple[Outgoing, ...], context: MemoryContext, at_s: float, *, live: bool = True):
    for message in messages:
        yield decode(
            Message(
                topic=message.topic,
                payload=message.payload,
                heard_at=from_ms(round(at_s * 1000)),
                retain=message.retain and not live,
                kit="kit-1",
                timezone=BRUSSELS,
            ),
            context,
        )


def _stored(kit: KitSpec, at_s: int) -> dict[tuple[Series, int], float]:
    """What live reports at a moment would be stored as, by series and time."""
    context = MemoryContext()
    stored = {}
    for place in kit.places:
        device = kit.device(place)
        for decoded in _heard(kit.speaks.birth(device), context, at_s):
            assert decoded.kind in {MessageKind.AVAILABILITY, MessageKind.DISCOVERY}, decoded
        sense = {name: float(values[0]) for name, values in SENSED.of(kit, place, np.array([at_s])).items()}
        for decoded in _heard(kit.speaks.report(Moment(device, sense, at_s, 7)), context, at_s):
            assert decoded.kind is MessageKind.READING, decoded
            assert decoded.family == kit.dialect
            assert decoded.rejected == ()
            for reading in decoded.readings:
                channel = reading.channel or ""
                if is_gateway(decoded.family):
                    channel = "/".join(part for part in (reading.device, reading.channel) if part)
                series = Series(kit.kit, channel, reading.quantity)
                time_ms = to_ms(reading.time) if reading.time else at_s * 1000
                stored[series, time_ms] = reading.value
    return stored


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_live_reports_are_the_continuation_of_history(dialect: str) -> None:
    """The same series, the same times, the same values: a chart shows no seam."""
    kit = _kit(dialect, devices=1 if dialect in {"own", "tasmota", "esphome", "airgradient", "co2monitor"} else 2)
    at = NOW // 86_400 * 86_400 + 9 * 3600
    stored = _stored(kit, at)
    window = Window(at - 7200, at + 60, at - 7200)
    history = {
        (point.series, point.time_ms): point.value
        for points in kit_history(SCHOOL, kit, SENSED, window)
        for point in points
    }
    own_time = {column.quantity for column in kit.speaks.columns if column.time_field == "peak_at_s"}
    known = {Series(kit.kit, c.channel, c.quantity) for p in kit.places for c in kit.speaks.stored(kit.device(p))}
    live = {series for series, _ in stored}
    assert live >= known
    assert {series.channel for series in live - known} <= {"t1", "t2", "a", "b", "c"}
    for (series, time_ms), value in stored.items():
        if series not in known or (series.quantity in own_time and (series, time_ms) not in history):
            continue
        assert history[series, time_ms] == pytest.approx(value, rel=1e-9, abs=0.0021), series


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_a_will_is_read_as_offline(dialect: str) -> None:
    kit = _kit(dialect)
    will = kit.speaks.will(kit.device(kit.places[0]))
    if will is None:
        return
    [decoded] = _heard((will,), MemoryContext(), NOW)
    assert decoded.kind is MessageKind.AVAILABILITY
    assert {reading.value for reading in decoded.readings} == {"offline"}


def test_at_least_eight_families_are_spoken() -> None:
    assert len(DIALECTS) >= 8
    assert all(isinstance(column, Column) for dialect in DIALECTS.values() for column in dialect.columns)


def test_the_checksum_is_that_of_a_real_telegram() -> None:
    # CRC-16/ARC of the standard check string (Williams, "A painless guide to CRC error detection algorithms").
    assert crc16_arc(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    "moment", ["2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00", "2026-03-29T01:30:00+00:00"]
)
def test_a_telegram_keeps_its_time_through_a_clock_change(moment: str) -> None:
    at = int(datetime.fromisoformat(moment).timestamp())
    spec = SchoolSpec("x", 1, at - 86_400, meters=SCHOOL.meters)
    sensed = senses(spec, at - 3600, at + 60)
    kit = _kit("dsmr_raw")
    place = kit.places[0]
    sense = {name: float(values[0]) for name, values in sensed.of(kit, place, np.array([at])).items()}
    [decoded] = _heard(kit.speaks.report(Moment(kit.device(place), sense, at, 1)), MemoryContext(), at)
    times = {reading.time for reading in decoded.readings if reading.quantity == "electricity_import"}
    assert times == {datetime.fromtimestamp(at, UTC)}
