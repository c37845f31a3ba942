"""Zigbee2MQTT: any name, both ways of publishing, endpoints apart, and what is not the room or not a meter."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, read, reasons, times, values


@pytest.mark.parametrize(
    "name", ["klas", "Klas 2B – CO₂ meter", "blok a/klas 1/lucht", "0x00158d0001", "klas/temperature"]
)
@pytest.mark.parametrize("base", ["zigbee2mqtt", "zigbee2mqtt_2"])
def test_a_name_may_hold_anything(base, name):
    decoded = read(f"{base}/{name}", {"co2": 812, "temperature": 21.5, "humidity": 44, "linkquality": 90})
    assert values(decoded) == {"co2": 812, "temperature": 21.5, "humidity": 44}
    assert {reading.device for reading in decoded.readings} == {name}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"co2": 812, "eco2": 900, "voc": 5, "formaldehyd": 1, "pm25": 3}, {"co2": 812}),
        ({"temperature": 21.5, "device_temperature": 40, "soil_temperature": 9, "dew_point": 4}, {"temperature": 21.5}),
        ({"temperature_1": 21.5, "temperature_2": 22.5}, {"temperature/1": 21.5, "temperature/2": 22.5}),
        ({"power": 300, "power_phase_a": 100, "power_phase_b": 200},
         {"power": 300, "power/phase_a": 100, "power/phase_b": 200}),
        ({"energy_l1": 1.5, "energy_l2": 2.5, "state_l1": "ON"},
         {"electricity_import/l1": 1.5, "electricity_import/l2": 2.5}),
        ({"energy": 0, "produced_energy": 3.5, "power": -12}, {"electricity_import": 0, "electricity_export": 3.5, "power": -12}),
        ({"power_a": 120, "energy_flow_a": "producing", "power_b": 80, "energy_flow_b": "consuming"},
         {"power/a": -120, "power/b": 80}),
        ({"energy_a": 5.5, "energy_produced_a": 1.5}, {"electricity_import/a": 5.5, "electricity_export/a": 1.5}),
        ({"power_factor": 1, "power_on_behavior": "off", "power_outage_count": 3, "energy_today": 4}, {}),
        ({"gas": True, "water_leak": False, "battery_low": False, "smoke": False}, {}),
        ({"battery": 80, "pressure": 1013, "humidity": None}, {"battery": 80, "pressure": 1013}),
        ({"temperature": "21.5", "humidity": " 44 "}, {"temperature": 21.5, "humidity": 44}),
        ({"update": {"state": "idle"}, "co2": 812, "device": {"temperature": 3}}, {"co2": 812}),
    ],
)  # fmt: skip
def test_attributes(held, expected):
    assert values(read("zigbee2mqtt/klas", held)) == expected


@pytest.mark.parametrize(
    ("topic", "payload", "expected"),
    [
        ("klas/temperature", "21.5", {"temperature": 21.5}),
        ("blok/klas/co2", "812", {"co2": 812}),
        ("meter/energy_l1", "1.5", {"electricity_import/l1": 1.5}),
        ("klas/humidity", "null", {}),
        ("klas/linkquality", "91", {}),
        ("klas/state", "ON", {}),
        ("klas/last_seen", "2026-01-15T10:30:00+01:00", {}),
    ],
)
def test_attributes_on_topics_of_their_own(topic, payload, expected):
    decoded = read(f"zigbee2mqtt/{topic}", payload)
    assert values(decoded) == expected
    assert decoded.kind is (MessageKind.READING if expected else MessageKind.METADATA)
    assert {reading.device for reading in decoded.readings} <= {topic.rpartition("/")[0]}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (1765292664979, "2025-12-09T15:04:24.979000Z"),
        ("2025-12-09T15:04:24.979Z", "2025-12-09T15:04:24.979000Z"),
        ("2025-12-09T16:04:24+01:00", "2025-12-09T15:04:24Z"),
        ("1765292664979", "2025-12-09T15:04:24.979000Z"),
        ("N/A", None),
        (None, None),
        (0, None),
    ],
)
def test_when_it_was_last_seen(seen, expected):
    assert times(read("zigbee2mqtt/klas", {"co2": 812, "last_seen": seen}, BRUSSELS)) == {"co2": expected}


@pytest.mark.parametrize(
    ("topic", "payload", "device", "word"),
    [
        ("klas/availability", '{"state":"online"}', "klas", "online"),
        ("blok a/klas/availability", "offline", "blok a/klas", "offline"),
        ("bridge/state", '{"state":"offline"}', "bridge", "offline"),
        ("bridge/state", "online", "bridge", "online"),
    ],
)
def test_availability(topic, payload, device, word):
    decoded = read(f"zigbee2mqtt/{topic}", payload)
    assert decoded.kind is MessageKind.AVAILABILITY
    assert [(reading.device, reading.value) for reading in decoded.readings] == [(device, word)]


@pytest.mark.parametrize(
    ("topic", "payload", "kind"),
    [
        ("bridge/devices", [{"ieee_address": "0x1"}], MessageKind.METADATA),
        ("bridge/info", {"version": "2.0"}, MessageKind.METADATA),
        ("bridge/logging", {"level": "info", "message": "x"}, MessageKind.METADATA),
        ("klas/set", {"state": "ON"}, MessageKind.METADATA),
        ("klas/get", {"co2": ""}, MessageKind.METADATA),
        ("klas/availability", "", MessageKind.METADATA),
        ("klas/availability", '{"state":5}', MessageKind.REJECT),
        ("klas", '{"co2":', MessageKind.REJECT),
        ("klas", "", MessageKind.REJECT),
        ("klas", {"co2": 1}, MessageKind.REJECT),
    ],
)
def test_what_holds_no_reading(topic, payload, kind):
    assert read(f"zigbee2mqtt/{topic}", payload).kind is kind


def test_a_temperature_in_the_unit_of_a_display_is_set_aside():
    decoded = read("zigbee2mqtt/klas", {"temperature": 70.7, "humidity": 44, "temperature_unit": "fahrenheit"})
    assert values(decoded) == {"humidity": 44}
    assert "unit unknown" in reasons(decoded)
    assert values(read("zigbee2mqtt/klas", {"temperature": 21.5, "temperature_unit": "celsius"})) == {
        "temperature": 21.5
    }
