"""Sparkplug B, in payloads built by hand: names only in births, sessions, history, null and signs."""

import struct

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import Kit, read, reasons, times, values

MS = 1_705_307_400_000  # 2024-01-15T08:30:00Z
INT16, INT32, UINT32, FLOAT, DOUBLE, STRING = 2, 3, 7, 9, 10, 12


def varint(number: int) -> bytes:
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def field(number: int, value: int | bytes, kind: int | None = None) -> bytes:
    kind = (0 if isinstance(value, int) else 2) if kind is None else kind
    body = varint(value) if isinstance(value, int) else (varint(len(value)) if kind == 2 else b"") + value
    return varint(number << 3 | kind) + body


def metric(value=None, *, name=None, alias=None, at=MS, datatype=DOUBLE, unit=None, null=False, old=False) -> bytes:
    out = b""
    if name is not None:
        out += field(1, name.encode())
    if alias is not None:
        out += field(2, alias)
    out += field(3, at) if at is not None else b""
    out += field(4, datatype) if datatype else b""
    out += field(5, 1) if old else b""
    out += field(7, 1) if null else b""
    if unit:
        out += field(9, field(1, b"engUnit") + field(2, field(1, STRING) + field(8, unit.encode())))
    if isinstance(value, int):
        out += field(10, value & 0xFFFFFFFF)
    elif isinstance(value, str):
        out += field(15, value.encode())
    elif value is not None:
        out += field(13, struct.pack("<d", value), 1) if datatype != FLOAT else field(12, struct.pack("<f", value), 5)
    return field(2, out)


def payload(*metrics: bytes, at: int = MS) -> bytes:
    return field(1, at) + b"".join(metrics) + field(3, 1)


def born(kit: Kit) -> Kit:
    kit.says("spBv1.0/s/NBIRTH/gw", payload(metric(5, name="bdSeq", datatype=UINT32)))
    kit.says(
        "spBv1.0/s/DBIRTH/gw/klas",
        payload(
            metric(800.0, name="Climate/CO2", alias=1),
            metric(21.5, name="Climate/Temperature", alias=2),
            metric(4.5, name="Outside/Temperature", alias=3),
            metric(48.5, name="CPU/Temperature", alias=4),
            metric(-120, name="Meter/Power", alias=5, datatype=INT32, unit="W"),
            metric("C", name="Properties/Temperature Unit", alias=6, datatype=STRING),
        ),
    )
    return kit


def test_a_birth_is_a_reading_and_names_what_comes_later():
    kit = born(Kit())
    later = payload(metric(866.0, alias=1, datatype=None), metric(5.0, alias=3, at=None), metric(70.0, alias=4))
    decoded = kit.says("spBv1.0/s/DDATA/gw/klas", later)
    assert values(decoded) == {"co2": 866, "temperature/outside/temperature": 5}
    assert times(decoded)["co2"] == "2024-01-15T08:30:00Z"
    assert {reading.device for reading in decoded.readings} == {"gw/klas"}


@pytest.mark.parametrize(("datatype", "value"), [(INT16, -120 & 0xFFFF), (INT32, -120), (None, -120)])
def test_a_negative_number_keeps_its_sign_and_its_unit(datatype, value):
    decoded = born(Kit()).says("spBv1.0/s/DDATA/gw/klas", payload(metric(value, alias=5, datatype=datatype)))
    assert values(decoded) == {"power": -120}


def test_history_null_and_absence():
    decoded = born(Kit()).says(
        "spBv1.0/s/DDATA/gw/klas",
        payload(metric(901.0, alias=1, at=MS + 600_000, old=True), metric(alias=2, null=True), metric(alias=3)),
    )
    assert values(decoded) == {"co2": 901}
    assert times(decoded) == {"co2": "2024-01-15T08:40:00Z"}


def test_milliseconds_since_the_start_are_no_time():
    decoded = read("spBv1.0/s/DDATA/gw/klas", payload(metric(800.0, name="CO2", at=900_000_000)))
    assert times(decoded) == {"co2": None}


def test_without_a_birth_an_alias_means_nothing():
    decoded = read("spBv1.0/s/DDATA/gw/klas", payload(metric(866.0, alias=1)))
    assert decoded.kind is MessageKind.REJECT
    assert "no birth" in reasons(decoded)


def test_hundreds_of_other_metrics_take_little_room():
    kit = Kit()
    others = [metric(1.0, name=f"Machine/Spindle {n}/Speed Override", alias=10 + n) for n in range(1000)]
    kit.says("spBv1.0/s/DBIRTH/gw/klas", payload(*others, metric(800.0, name="Climate/CO2", alias=1)))
    assert len(str(kit.context.kept())) < 20_000
    decoded = kit.says("spBv1.0/s/DDATA/gw/klas", payload(metric(866.0, alias=1), metric(2.0, alias=500)))
    assert (values(decoded), decoded.rejected) == ({"co2": 866}, ())


def test_a_new_session_forgets_the_aliases_of_the_old():
    kit = born(Kit())
    kit.says("spBv1.0/s/NBIRTH/gw", payload(metric(6, name="bdSeq", datatype=UINT32)))
    assert "no birth" in reasons(kit.says("spBv1.0/s/DDATA/gw/klas", payload(metric(866.0, alias=1))))


def test_deaths():
    kit = born(Kit())
    late = kit.says("spBv1.0/s/NDEATH/gw", payload(metric(4, name="bdSeq", datatype=UINT32)))
    assert late.kind is MessageKind.METADATA
    now = kit.says("spBv1.0/s/NDEATH/gw", payload(metric(5, name="bdSeq", datatype=UINT32)))
    assert (values(now), now.readings[0].device) == ({"availability": "offline"}, "gw")
    device = kit.says("spBv1.0/s/DDEATH/gw/klas", payload())
    assert (values(device), device.readings[0].device) == ({"availability": "offline"}, "gw/klas")


def test_units_are_told_or_refused():
    told = payload(
        metric(4.2, name="Energy", unit="MWh"), metric(70.7, name="Temp", unit="°F"), metric(9.0, name="Power")
    )
    decoded = read("spBv1.0/s/DDATA/gw/klas", told)
    assert values(decoded) == pytest.approx({"electricity_import": 4200, "temperature": 21.5})
    assert "unit unknown" in reasons(decoded)


def test_commands_and_state_are_not_read():
    assert read("spBv1.0/s/DCMD/gw/klas", payload(metric(1.0, name="CO2"))).kind is MessageKind.METADATA
    assert read("spBv1.0/STATE/host", b'{"online":true}').kind is MessageKind.METADATA


def test_any_cut_is_refused_or_shorter_never_wrong():
    whole = payload(metric(800.0, name="CO2"), metric(21.5, name="Temperature", datatype=FLOAT))
    for at in range(len(whole)):
        decoded = read("spBv1.0/s/DDATA/gw/klas", whole[:at])
        assert {reading.value for reading in decoded.readings} <= {800.0, 21.5}
