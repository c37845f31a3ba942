"""Every real message of the shared corpus, by the rules of its README; and any bytes on any topic."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.kits import decode, split_root
from sensors.kits.family import MemoryContext, Message
from sensors.quantities import QUANTITIES
from sensors.reading import MessageKind, TimeBasis

PAYLOADS = Path(__file__).resolve().parents[4] / "shared/data/payloads"
INDEX = PAYLOADS / "index.jsonl"
SAMPLES = [json.loads(line) for line in INDEX.read_text().splitlines()] if INDEX.exists() else []
BY_FILE = {sample["file"]: sample for sample in SAMPLES}
HEARD = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
EXTRA = {"pressure", "battery", "demand"}
SENSEMAP = {
    "5f0000000000000000000001": {"quantity": "temperature", "unit": "C"},
    "5f0000000000000000000002": {"quantity": "humidity", "unit": "%"},
    "5f0000000000000000000003": {"quantity": "co2", "unit": "ppm"},
}


def read(sample, zone):
    context = MemoryContext()
    if sample["family"] == "opensensemap":
        context.remember("opensensemap", SENSEMAP)
    for file in [*sample.get("after", []), sample["file"]]:
        one = BY_FILE[file]
        payload = (PAYLOADS / file).read_bytes()
        decoded = decode(Message(one["topic"], payload, HEARD, one.get("retain", False), None, zone), context)
    return decoded


def as_time(text):
    return None if text is None else datetime.fromisoformat(text)


def fits(expected, reading, *, zone):
    wanted_time = as_time(expected["time"])
    if expected.get("time_basis") == "naive_local" and zone is None:
        wanted_time = None
    if reading.quantity != expected["quantity"] or reading.unit != expected["unit"]:
        return False
    if isinstance(expected["value"], str):
        return reading.value == expected["value"]
    if not math.isclose(reading.value, expected["value"], rel_tol=1e-6, abs_tol=1e-9):
        return False
    if wanted_time is None or reading.time is None:
        return wanted_time is None and reading.time is None
    return abs((reading.time - wanted_time).total_seconds()) <= 0.001


@pytest.mark.parametrize("zone", [BRUSSELS, None], ids=["brussels", "no-zone"])
@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["file"] for sample in SAMPLES])
def test_a_real_message_yields_what_it_says(sample, zone):
    decoded = read(sample, zone)
    left = list(decoded.readings)
    channels = [(reading.device, reading.channel, reading.quantity, reading.time) for reading in left]
    assert len(channels) == len(set(channels)), "values of one quantity must stay apart"
    for expected in sorted(sample["expected"], key=lambda expected: bool(expected.get("optional"))):
        found = next((reading for reading in left if fits(expected, reading, zone=zone)), None)
        if found is None:
            assert expected.get("optional"), f"missing {expected}, got {decoded}"
        else:
            left.remove(found)
            if found.time is not None and expected.get("time_basis"):
                assert found.time_basis == TimeBasis(expected["time_basis"])
    expected_quantities = {expected["quantity"] for expected in sample["expected"]}
    for reading in left:
        assert reading.quantity in EXTRA, f"not expected: {reading}"
        assert reading.quantity not in sample.get("forbid", [])
    assert not {reading.quantity for reading in decoded.readings} & (
        set(sample.get("forbid", [])) - expected_quantities
    )
    if (sample["expected"] and not all(expected.get("optional") for expected in sample["expected"])) or sample[
        "kind"
    ] in {"reject", "metadata", "discovery"}:
        assert decoded.kind.value == sample["kind"]
    if decoded.kind is MessageKind.REJECT:
        assert decoded.rejected
        assert decoded.rejected[0].reason
    if sample.get("device") and decoded.readings:
        assert {reading.device for reading in decoded.readings} == {sample["device"]}


def test_the_corpus_is_there():
    if not SAMPLES:
        pytest.skip("the folder ../shared with real messages is not beside the project")
    assert len({sample["family"] for sample in SAMPLES}) >= 24


TOPICS = sorted({sample["topic"] for sample in SAMPLES}) or ["tele/x/SENSOR"]
KEYS = st.sampled_from(
    ["co2", "temperature", "humidity", "Time", "ENERGY", "Total", "v", "t", "n", "bn", "bt", "u", "params", "ts",
     "SCD40", "CarbonDioxide", "TempUnit", "last_seen", "history", "timestamp", "value", "unit", "external", "type",
     "uplink_message", "decoded_payload", "object", "sensordatavalues", "value_type", "nodes", "properties", "stat_t",
     "val_tpl", "switch:0", "aenergy", "total", "emdata:0", "total_act", "sys", "unixtime", "history", "power"]
)  # fmt: skip
JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["nan", "1e999", "21.5", "kWh"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=6),
    max_leaves=20,
)


@st.composite
def payloads(draw):
    kind = draw(st.sampled_from(["bytes", "json", "text", "mutated"]))
    if kind == "bytes":
        return draw(st.binary(max_size=200))
    if kind == "json":
        return json.dumps(draw(JSONISH)).encode()
    if kind == "text" or not SAMPLES:
        return draw(st.text(max_size=60)).encode("utf-8", "surrogatepass")
    original = bytearray((PAYLOADS / draw(st.sampled_from(sorted(BY_FILE)))).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        if original:
            at = draw(st.integers(0, len(original) - 1))
            original[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(original)


@settings(max_examples=1500, deadline=1000, suppress_health_check=[HealthCheck.too_slow])
@given(
    topic=st.sampled_from(TOPICS)
    | st.text(max_size=40)
    | st.sampled_from(TOPICS).map(lambda topic: f"kits/k1/{topic}"),
    payload=payloads(),
    retain=st.booleans(),
    zone=st.sampled_from([None, BRUSSELS]),
)
def test_any_bytes_on_any_topic_give_readings_or_a_reason(topic, payload, retain, zone):
    kit, own = split_root(topic)
    context = MemoryContext()
    for _ in range(2):
        decoded = decode(Message(own, payload, HEARD, retain, kit, zone), context)
        if decoded.kind is MessageKind.REJECT:
            assert decoded.rejected
            assert all(one.reason for one in decoded.rejected)
            assert "decoder failed" not in decoded.rejected[0].reason
        for reading in decoded.readings:
            if reading.quantity != "availability":
                quantity = QUANTITIES[reading.quantity]
                assert math.isfinite(reading.value)
                assert quantity.lowest <= reading.value <= quantity.highest
    json.dumps(dict(context.kept()))
