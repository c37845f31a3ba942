"""HomeWizard behind any bridge, and our own format for makers."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, read, reasons, times, values

SOCKET = {"wifi_ssid": "x", "total_power_import_t1_kwh": 10.5, "total_power_export_t1_kwh": 2.5, "active_power_w": 12}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (SOCKET, {"electricity_import": 10.5, "electricity_export": 2.5, "power": 12}),
        ({"energy_import_kwh": 1.5, "energy_export_kwh": 2.5, "power_w": -5, "state_of_charge_pct": 50},
         {"electricity_import": 1.5, "electricity_export": 2.5, "power": -5}),
        ({"protocol_version": 50, "energy_import_t1_kwh": 1, "energy_import_t2_kwh": 2, "energy_import_t3_kwh": 4},
         {"electricity_import": 7}),
        ({"smr_version": 50, "total_power_import_t2_kwh": 2.5}, {"electricity_import/t2": 2.5}),
        ({"total_power_import_kwh": 5, "total_power_import_t1_kwh": 3, "total_power_import_t2_kwh": 2},
         {"electricity_import": 5}),
        ({"smr_version": 50, "total_power_import_t1_kwh": "x", "total_power_import_t2_kwh": 2},
         {"electricity_import/t2": 2}),
        ({"total_liter_m3": 8.125, "active_liter_lpm": 13}, {"water": 8.125}),
        ({"type": "measurement", "data": {"energy_import_kwh": 1.5}}, {"electricity_import": 1.5}),
        ({"active_power_w": 5, "active_power_l1_w": 2, "active_power_l2_w": 3}, {"power": 5}),
    ],
)  # fmt: skip
def test_homewizard(held, expected):
    decoded = read("homewizard/x/data", held)
    assert values(decoded) == expected
    assert {reading.device for reading in decoded.readings} == {"kit-1"}


@pytest.mark.parametrize("topic", ["school/meter", "p1", "hwe-p1-aabbcc/measurement"])
def test_the_bridge_chooses_the_topic(topic):
    decoded = read(topic, SOCKET)
    assert decoded.family == "homewizard"
    assert values(decoded)["electricity_import"] == 10.5


def test_other_messages_are_left_to_others():
    assert read("school/meter", {"power_w": 5}).family is None
    assert read("homewizard/p1/data", "offline").kind is MessageKind.REJECT


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (260115103000, "2026-01-15T09:30:00Z"),
        ("2026-07-15T10:30:00", "2026-07-15T08:30:00Z"),
        (261025023000, None),
        (0, None),
        (None, None),
        (True, None),
        (-5, None),
        (99 * 10**20, None),
    ],
)
def test_meters_behind_it_have_their_own_time(at, expected):
    gas = {"unique_id": "A", "type": "gas_meter", "timestamp": at, "value": 5.5, "unit": "m3"}
    decoded = read("homewizard/p1/x", {"timestamp": "2026-01-15T10:31:00", "power_w": 5, "external": [gas]}, BRUSSELS)
    assert times(decoded) == {"power": "2026-01-15T09:31:00Z", "gas": expected}


def test_a_unit_that_does_not_fit_is_set_aside():
    heat = {"unique_id": "A", "type": "heat_meter", "value": 5.5, "unit": "m3"}
    water = {"unique_id": "B", "type": "water_meter", "value": 5.5}
    decoded = read("homewizard/p1/data", {"active_power_w": 5, "external": [heat, water, 5]})
    assert values(decoded) == {"power": 5}
    assert reasons(decoded).count("unit unknown") == 2


RECORD = {"v": 1, "seq": 5, "boot": 2, "t": 1768469400, "up": 900}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"co2": 812, "temp": 21.5, "rh": 44}, {"co2": 812, "temperature": 21.5, "humidity": 44}),
        ({"p": -250.5, "e_imp": 1.5, "e_exp": 2.5}, {"power": -250.5, "electricity_import": 1.5, "electricity_export": 2.5}),
        ({"gas": 5.5, "water": 0, "heat": 1.25, "press": 1013, "batt": 80},
         {"gas": 5.5, "water": 0, "heat": 1.25, "pressure": 1013, "battery": 80}),
        ({"co2": None, "temp": 21.5, "eco2": 900, "voc": 3}, {"temperature": 21.5}),
        ({"co2": 0, "rh": 140, "temp": "21.5"}, {"temperature": 21.5}),
    ],
)  # fmt: skip
def test_our_own_format(said, expected):
    decoded = read("r", {**RECORD, **said})
    assert values(decoded) == expected
    assert {reading.device for reading in decoded.readings} == {"kit-1"}
    assert set(times(decoded).values()) == {"2026-01-15T09:30:00Z"}


@pytest.mark.parametrize("at", [None, 0, 12, True, "soon"])
def test_our_own_format_without_a_clock(at):
    assert times(read("r", {**RECORD, "t": at, "co2": 812})) == {"co2": None}


def test_what_could_not_be_sent_is_filled_in_later():
    records = [{**RECORD, "seq": n, "t": 1768469400 + 60 * n, "co2": 800 + n} for n in range(500)]
    decoded = read("r", [*records, {**RECORD, "v": 2, "co2": 5}, 5])
    assert [reading.value for reading in decoded.readings] == [800 + n for n in range(500)]
    assert len({reading.time for reading in decoded.readings}) == 500
    assert [one.what for one in decoded.rejected] == ["record 501", "record 502"]


@pytest.mark.parametrize(
    ("topic", "payload", "kind"),
    [
        ("r", {"co2": 812}, MessageKind.REJECT),
        ("r", {"v": True, "co2": 812}, MessageKind.REJECT),
        ("r", "5", MessageKind.REJECT),
        ("r", [], MessageKind.METADATA),
        ("r", {"v": 1, "seq": 5}, MessageKind.METADATA),
        ("r", [{"v": 1}] * 2_501, MessageKind.REJECT),
        ("s", "offline", MessageKind.AVAILABILITY),
        ("s", "", MessageKind.METADATA),
        ("s", "tired", MessageKind.REJECT),
    ],
)
def test_our_own_format_without_readings(topic, payload, kind):
    assert read(topic, payload).kind is kind
