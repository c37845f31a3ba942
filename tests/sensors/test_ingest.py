"""What the ingester makes of messages, with a real mosquitto and the ingester as a process of its own."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sensors.store import Quality
from tests.sensors.ingest_world import own, send

PAYLOADS = Path(__file__).resolve().parents[3] / "shared/data/payloads"


def test_a_reading_is_stored_with_the_moment_it_was_heard(world):
    with world.ingester(), world.publisher() as publisher:
        before = time.time() * 1000
        send(publisher, "kits/a1/r", own(seq=1, t=None, co2=812, temp=21.5, rh=47))
        world.wait_for("readings_new", 3)
    (point,) = world.points("a1", "", "co2")
    assert point.value == 812
    assert before - 50 <= point.time_ms <= time.time() * 1000 + 50
    assert world.log().last_heard(["a1", "nobody"]).keys() == {"a1"}
    world.check_sums()


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the folder ../shared with real messages is not beside the project")
def test_p5_poison_is_set_aside_with_its_reason_and_delays_nobody(world):
    samples = [json.loads(line) for line in (PAYLOADS / "index.jsonl").read_text().splitlines()]
    bad = [sample for sample in samples if sample["kind"] == "reject" and "+" not in sample["topic"]]
    assert len(bad) > 10
    with world.ingester(), world.publisher() as publisher:
        for number, sample in enumerate(bad):
            send(publisher, f"kits/p5-{number}/{sample['topic']}", (PAYLOADS / sample["file"]).read_bytes())
            send(publisher, "kits/p5-good/r", own(seq=number, co2=500 + number))
        world.wait_for("messages_received", 2 * len(bad))
        assert sorted(point.value for point in world.points("p5-good", "", "co2")) == [500 + n for n in range(len(bad))]
        assert world.counters()["messages_rejected"] == len(bad)
        aside = world.log().set_aside([f"p5-{number}" for number in range(len(bad))], limit=1000)
        assert {one.kit for one in aside} == {f"p5-{number}" for number in range(len(bad))}
        assert all(one.reason and one.count == 1 for one in aside)
    world.check_sums()


def test_p5_ten_thousand_bad_topics_do_not_grow_without_end(world):
    with world.ingester(), world.publisher() as publisher:
        for number in range(10_000):
            publisher.publish(f"kits/noisy/unknown/{number}", b"?", qos=1)
        world.wait_for("messages_rejected", 10_000, 60)
    aside = world.log().set_aside(["noisy"], limit=20_000)
    assert len(aside) <= 201
    assert sum(one.count for one in aside) == 10_000


def test_p6_the_same_sample_is_one_point(world):
    now = int(time.time())
    with world.ingester(), world.publisher() as publisher:
        for _ in range(4):
            send(publisher, "kits/p6/r", own(seq=1, t=now, co2=700))  # the same device time
        for _ in range(4):
            send(publisher, "kits/p6b/r", own(seq=2, t=None, co2=701))  # the same bytes within a second
        time.sleep(1.1)
        send(publisher, "kits/p6b/r", own(seq=2, t=None, co2=701))  # a second later it is a new sample
        world.wait_for("messages_received", 9)
    assert len(world.points("p6", "", "co2")) == 1
    assert len(world.points("p6b", "", "co2")) == 2
    assert world.counters()["readings_identical"] == 3
    assert world.counters()["messages_collapsed"] == 3
    world.check_sums()


def test_p8_what_the_broker_tells_again_is_no_new_reading(world):
    topic = "kits/p8/klas/sensor/klas_co2/state"
    with world.ingester(), world.publisher() as publisher:
        send(publisher, topic, "812", retain=True)
        world.wait_for("readings_new", 1)
    for _ in range(10):
        with world.ingester():
            time.sleep(0.1)
    assert len(world.points("p8", "", "co2")) == 1
    assert world.counters()["messages_replayed"] >= 10
    world.check_sums()
    with world.publisher() as publisher:
        send(publisher, topic, b"", retain=True)


def test_retained_units_are_learned_and_survive_a_restart(world):
    config = {"dev_cla": "power", "unit_of_meas": "kW", "stat_t": "slim/sensor/power_consumed/state"}
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/unit/homeassistant/sensor/slim/power_consumed/config", json.dumps(config))
        world.wait_for("messages_informative", 1)
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/unit/slim/sensor/power_consumed/state", "0.638")
        world.wait_for("readings_new", 1)
    assert world.points("unit", "", "power_import")[0].value == pytest.approx(638)


def test_p9_and_p10_history_lands_in_its_own_time_and_implausible_clocks_are_corrected(world):
    now = datetime.now(UTC).replace(microsecond=0)
    clocks = {
        "history": (now - timedelta(days=3), True),
        "hour-ahead": (now + timedelta(hours=1), False),
        "in-2099": (datetime(2099, 1, 1, tzinfo=UTC), False),
        "in-2012": (datetime(2012, 1, 1, tzinfo=UTC), False),
        "year-before-last": (now - timedelta(days=700), False),
    }
    with world.ingester(), world.publisher() as publisher:
        for kit, (moment, _kept) in clocks.items():
            send(publisher, f"kits/{kit}/r", own(seq=1, t=int(moment.timestamp()), co2=600))
        send(publisher, "kits/in-1970/r", own(seq=1, t=12, co2=600))
        world.wait_for("readings_new", 6)
        heard = world.log().last_heard(["history"])["history"]
    assert abs((heard - now).total_seconds()) < 30
    for kit, (moment, kept) in clocks.items():
        (point,) = world.points(kit, "", "co2")
        if kept:
            assert (point.time_ms, point.quality) == (moment.timestamp() * 1000, Quality.MEASURED)
        else:
            assert abs(point.time_ms / 1000 - now.timestamp()) < 30
            assert point.quality is Quality.CLOCK_CORRECTED
    assert (
        world.points("in-1970", "", "co2")[0].quality is Quality.MEASURED
    )  # a clock that was never set states nothing
    assert world.counters()["clocks_corrected"] == 4


def last_sunday(month):
    """The day of the latest change of clocks in this month."""
    today = datetime.now(UTC).date()
    for year in (today.year, today.year - 1):
        day = max(date(year, month, number) for number in range(25, 32) if date(year, month, number).weekday() == 6)
        if day < today:
            return day
    raise AssertionError


def telegram(stamp, value):
    body = f"/FLU5\\253\r\n\r\n0-0:1.0.0({stamp})\r\n1-0:1.8.1({value:010.3f}*kWh)\r\n1-0:1.8.2(000000.000*kWh)\r\n!"
    crc = 0
    for byte in body.encode():
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return f"{body}{crc:04X}\r\n"


def test_p12_the_doubled_hour_is_kept_twice_and_no_hour_is_invented(world):
    autumn, spring = last_sunday(10), last_sunday(3)
    with world.ingester(), world.publisher() as publisher:
        for day, stamps in ((autumn, ("023000S", "023000W")), (spring, ("015959W", "030000S"))):
            for number, stamp in enumerate(stamps):
                send(publisher, f"kits/p12-{day.month}/dsmr/raw", telegram(f"{day:%y%m%d}{stamp}", 100 + number))
            # There is no half past two in spring and there are two in autumn: nobody guesses.
            naive = {"Time": f"{day}T02:30:00", "SCD40": {"CarbonDioxide": 700}}
            send(publisher, f"kits/p12t-{day.month}/tele/klas/SENSOR", json.dumps(naive))
        naive = {"Time": f"{autumn}T12:30:00", "SCD40": {"CarbonDioxide": 700}}
        send(publisher, "kits/p12n/tele/klas/SENSOR", json.dumps(naive))
        world.wait_for("readings_new", 7)

    def moments(kit, channel, quantity):
        return [datetime.fromtimestamp(point.time_ms / 1000, UTC) for point in world.points(kit, channel, quantity)]

    def at(day, *clock):
        return datetime(day.year, day.month, day.day, *clock, tzinfo=UTC)

    assert moments("p12-10", "", "electricity_import") == [at(autumn, 0, 30), at(autumn, 1, 30)]
    assert moments("p12-3", "", "electricity_import") == [at(spring, 0, 59, 59), at(spring, 1)]
    assert moments("p12n", "SCD40", "co2") == [at(autumn, 11, 30)]
    for kit in ("p12t-10", "p12t-3"):
        (moment,) = moments(kit, "SCD40", "co2")
        assert abs(moment - datetime.now(UTC)) < timedelta(seconds=60)


def test_p14_one_bad_value_does_not_take_the_others_with_it(world):
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/p14/zigbee2mqtt/klas", json.dumps({"co2": 2, "temperature": 21.5, "humidity": 44}))
        world.wait_for("readings_new", 2)
    assert world.points("p14", "klas", "temperature")[0].value == 21.5
    assert world.points("p14", "klas", "co2") == []
    (aside,) = world.log().set_aside(["p14"], limit=10)
    assert aside.what == "co2"
    assert "outside" in aside.reason


def test_p7_values_that_come_in_the_same_millisecond_are_all_kept(world):
    with world.ingester(), world.publisher() as publisher:
        for value in range(3_000):  # more than one a millisecond
            info = publisher.publish("kits/p7/r", own(t=None, e_imp=value), qos=1)
        info.wait_for_publish(20)
        world.wait_for("readings_new", 3_000)
    assert [point.value for point in world.points("p7", "", "electricity_import")] == list(range(3_000))
    world.check_sums()


def test_what_is_known_of_a_kit_and_of_devices_behind_it(world):
    with world.publisher() as publisher:
        # Said before there was an ingester, so the broker tells it as an old word.
        send(publisher, "kits/gate/zigbee2mqtt/gang/availability", '{"state":"offline"}', retain=True)
        with world.ingester():
            world.wait_for("messages_replayed", 1)
            send(publisher, "kits/gate/zigbee2mqtt/klas/availability", '{"state":"online"}')
            send(publisher, "kits/gate/zigbee2mqtt/klas", '{"co2":700}')
            send(publisher, "kits/late/r", own(t=int(time.time()) - 600, co2=700))
            world.wait_for("readings_new", 2)
        with world.ingester():
            world.wait_for("messages_replayed", 2)
        send(publisher, "kits/gate/zigbee2mqtt/gang/availability", b"", retain=True)
    known = world.log().devices(["gate", "late"])
    devices = {device.name: device for device in known["gate"]}
    assert devices.keys() == {"", "klas", "gang"}
    assert (devices["gang"].availability, devices["gang"].heard_at, devices["gang"].said_at) == ("offline", None, None)
    assert devices["klas"].availability == "online"
    assert devices["klas"].said_at is not None
    (late,) = known["late"]
    assert late.name == ""
    assert late.lag_s == pytest.approx(600, abs=5)


def test_a_message_that_no_text_can_hold_stops_nobody(world):
    half = '{"Time":"2026-10-01T10:00:00","\\udc00x":{"CarbonDioxide":700}}'  # half a character, by JSON's escapes
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/half/tele/klas/SENSOR", half)
        send(publisher, "kits/whole/r", own(t=None, co2=812))
        world.wait_for("readings_new", 2)
    assert [series.channel for series in world.series("half")] == ["?x"]
    world.check_sums()
