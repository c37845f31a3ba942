"""Traps of families that share code: tests and simulations, unset clocks, discovery, probes and replaced meters."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, Kit, read, reasons, times, values


@pytest.mark.parametrize("mark", [{"test": True}, {"simulated": 1}, {"Simulated": "true"}, {"is_test": "yes"}])
def test_what_calls_itself_a_test_is_refused(mark):
    assert "simulated or a test" in reasons(read("zigbee2mqtt/klas", {"co2": 800, **mark}))
    assert "simulated or a test" in reasons(read("tele/klas/SENSOR", {"SCD40": {"CarbonDioxide": 800, **mark}}))


@pytest.mark.parametrize(
    "mark", [{"test": False}, {"test": [1]}, {"test": {}}, {"simulated": None}, {"self_test": True}]
)
def test_what_does_not_is_read(mark):
    assert values(read("zigbee2mqtt/klas", {"co2": 800, **mark})) == {"co2": 800}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("1970-01-01T00:00:12Z", None),
        ("0001-01-01T00:00:00Z", None),
        (None, None),
        (0, None),
        (86_400, None),
        (1_700_000_000_000, "2023-11-14T22:13:20Z"),
        ("2001-02-03T04:05:06Z", "2001-02-03T04:05:06Z"),
        ("2099-02-03T04:05:06Z", "2099-02-03T04:05:06Z"),
        ("2026-10-25T02:30:00", None),
        ("2026-03-29T02:30:00", None),
        ("2026-07-01T12:00:00", "2026-07-01T10:00:00Z"),
    ],
)
def test_times_are_given_as_stated(stated, expected):
    assert times(read("zigbee2mqtt/klas", {"co2": 800, "last_seen": stated}, BRUSSELS)) == {"co2": expected}


def test_devices_behind_a_tasmota_bridge_are_channels():
    said = {"ZbReceived": {"0xA1": {"Device": "0xA1", "Temperature": 21.5}}}
    assert values(read("tele/bridge/SENSOR", said)) == {"temperature/0xA1": 21.5}


def test_two_sensors_of_an_esphome_node_are_two_series():
    kit = Kit()
    assert values(kit.says("k/sensor/scd30_temperature/state", "21.5")) == {"temperature": 21.5}
    assert values(kit.says("k/sensor/bme280_temperature/state", "22.5")) == {"temperature/bme280_temperature": 22.5}
    assert values(kit.says("k/sensor/scd30_temperature/state", "21.6")) == {"temperature": 21.6}
    assert values(kit.says("other/sensor/room_temperature/state", "20.0")) == {"temperature": 20}


def test_a_peak_declared_in_kwh_is_not_a_meter():
    kit = Kit()
    name = "peak_month_maximum_quarterly_demand"
    told = {"stat_t": f"s/sensor/{name}/state", "unit_of_meas": "kWh", "dev_cla": "energy"}
    kit.says(f"homeassistant/sensor/s/{name}/config", told)
    assert "unit unknown" in reasons(kit.says(f"s/sensor/{name}/state", "3.064"))
    kit.says(f"homeassistant/sensor/s/{name}/config", {**told, "unit_of_meas": "kW", "dev_cla": "power"})
    assert values(kit.says(f"s/sensor/{name}/state", "3.064")) == {"peak_power": 3064}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ value_json.t }}", {"temperature": 21.5}),
        ("{{ value_json['t'] | float | round(1) }}", {"temperature": 21.5}),
        ("{{ value_json.deep.t | default(none) }}", {"temperature": 20.5}),
        ("{{ value_json.t * 2 }}", {}),
        ("{{ value_json.t | multiply(2) }}", {}),
        ("{{ (value_json.t - 32) / 1.8 }}", {}),
    ],
)
def test_only_templates_that_do_not_calculate_are_followed(template, expected):
    kit = Kit()
    told = {
        "stat_t": "x/all",
        "val_tpl": template,
        "unit_of_meas": "°C",
        "dev_cla": "temperature",
        "dev": {"ids": ["x1"]},
    }
    assert kit.says("homeassistant/sensor/x_t/config", told).kind is MessageKind.DISCOVERY
    decoded = kit.says("x/all", {"t": 21.5, "deep": {"t": 20.5}})
    assert values(decoded) == expected
    assert {one.device for one in decoded.readings} <= {"x1"}


@pytest.mark.parametrize(
    ("template", "expected"), [("{{ value | float }}", {"power": 1500}), ("{{ value | float / 1000 }}", {})]
)
def test_nor_is_a_bare_value_taken_that_a_template_would_change(template, expected):
    kit = Kit()
    told = {"stat_t": "x/p", "val_tpl": template, "unit_of_meas": "W", "dev_cla": "power"}
    kit.says("homeassistant/sensor/x/p/config", told)
    assert values(kit.says("x/p", "1500")) == expected


def test_a_device_announces_all_its_sensors_at_once():
    kit = Kit()
    told = {
        "dev": {"ids": "ea334450945afc", "name": "Klas"},
        "cmps": {
            "a": {"p": "sensor", "dev_cla": "temperature", "unit_of_meas": "°F", "val_tpl": "{{ value_json.temp }}"},
            "b": {"p": "sensor", "dev_cla": "carbon_dioxide", "unit_of_meas": "ppm", "val_tpl": "{{ value_json.c }}"},
            "c": {"p": "switch", "val_tpl": "{{ value_json.s }}"},
        },
        "state_topic": "x/state",
    }
    assert kit.says("homeassistant/device/ea334450945afc/config", told).kind is MessageKind.DISCOVERY
    assert values(kit.says("x/state", {"temp": 70.7, "c": 812, "s": 1})) == {"temperature": 21.5, "co2": 812}


def test_a_shelly_sensor_with_a_prefix_of_its_own():
    kit = Kit()
    assert values(kit.says("klas1/status/temperature:0", {"id": 0, "tC": 21.5})) == {}
    assert values(kit.says("klas1/status/humidity:0", {"id": 0, "rh": 45.5})) == {"humidity": 45.5}
    assert values(kit.says("klas1/status/temperature:0", {"id": 0, "tC": 21.5})) == {"temperature": 21.5}
    assert values(kit.says("meter/status/temperature:0", {"id": 0, "tC": 45.5})) == {}
    assert values(kit.says("meter/status/temperature:100", {"id": 100, "tC": 18.5})) == {"temperature/100": 18.5}


def meter(kind, at, value, unit="m3", identity="A"):
    return {"type": f"{kind}_meter", "timestamp": at, "value": value, "unit": unit, "unique_id": identity}


def test_homewizard_meters_in_use():
    old, new = meter("gas", 170113170000, 1.287), meter("gas", 260115100000, 6805.499, identity="B")
    assert values(read("homewizard/p1/data", {"external": [old, new]})) == {"gas": 6805.499}
    two = [meter("water", 260115100000, 1.5), meter("water", 260115095500, 2500, "L", "B")]
    assert values(read("homewizard/p1/data", {"external": two})) == {"water/A": 1.5, "water/B": 2.5}
    assert values(read("homewizard/p1/data", {"external": [meter("heat", 0, 12.5, "GJ")]})) == {"heat": 12.5}
    p1 = {"smr_version": 50, "total_power_import_t1_kwh": 5.5}
    assert values(read("homewizard/p1/data", p1)) == {"electricity_import/t1": 5.5}


def test_an_unknown_status_is_no_fault_of_esphome():
    assert read("school/klas/status", "online").kind is MessageKind.AVAILABILITY
    assert read("klas/status", "OK").kind is MessageKind.METADATA


def test_one_series_has_one_value_at_a_time():
    pack = [{"n": "co2", "u": "ppm", "v": 800}, {"n": "co2", "u": "ppm", "v": 800}, {"n": "co2", "u": "ppm", "v": 900}]
    decoded = read("senml/x", pack)
    assert values(decoded) == {"co2": 800}
    assert reasons(decoded).count("second value") == 1


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (
            "homie/5/k/$description",
            {"nodes": {"a": {"properties": {"co2": {"unit": [1], "name": {}, "datatype": []}}}}},
        ),
        ("k/events/rpc", {"src": "k", "method": ["x"], "params": {}}),
        ("senml/x", [{"bn": None, "n": ["x"], "u": "ppm", "v": 1}]),
        ("v3/a@t/devices/d/up", {"uplink_message": {"decoded_payload": {"co2": {"value": [], "unit": "ppm"}}}}),
    ],
)
def test_words_of_the_wrong_kind_do_no_harm(topic, payload):
    kit = Kit()
    kit.says(topic, payload)
    assert "decoder failed" not in reasons(kit.says(topic, payload))
    assert "decoder failed" not in reasons(kit.says("homie/5/k/a/co2", "812"))
