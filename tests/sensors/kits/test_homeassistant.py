"""Home Assistant and ESPHome: what discovery announces, what names alone may say, and states that are none."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import Kit, read, reasons, values


def announced(config, topic="eigen/klas", payload="21.5", at="homeassistant/sensor/n1/o1/config"):
    kit = Kit()
    assert kit.says(at, {"stat_t": topic, **config}).kind is MessageKind.DISCOVERY
    return kit.says(topic, payload)


@pytest.mark.parametrize(
    ("config", "payload", "expected"),
    [
        ({"dev_cla": "temperature", "unit_of_meas": "°F"}, "70.7", {"temperature": 21.5}),
        ({"device_class": "temperature", "unit_of_measurement": "K"}, "294.65", {"temperature": 21.5}),
        ({"dev_cla": "carbon_dioxide", "unit_of_meas": "ppm"}, "812", {"co2": 812}),
        ({"dev_cla": "energy", "unit_of_meas": "Wh"}, "1500", {"electricity_import": 1.5}),
        ({"dev_cla": "energy", "unit_of_meas": "MWh"}, "1.5", {"electricity_import": 1500}),
        ({"dev_cla": "power", "unit_of_meas": "kW"}, "-0.5", {"power": -500}),
        ({"dev_cla": "gas", "unit_of_meas": "m³"}, "734.607", {"gas": 734.607}),
        ({"dev_cla": "water", "unit_of_meas": "L"}, "1500", {"water": 1.5}),
        ({"dev_cla": "atmospheric_pressure", "unit_of_meas": "Pa"}, "101325", {"pressure": 1013.25}),
        ({"dev_cla": "humidity", "unit_of_meas": "%", "val_tpl": "{{ value | float }}"}, "44", {"humidity": 44}),
        ({"dev_cla": "voltage", "unit_of_meas": "V"}, "230", {}),
        ({"dev_cla": "power", "unit_of_meas": "VA"}, "230", {}),
        ({"dev_cla": "energy"}, "5", {}),
        ({"dev_cla": "gas", "unit_of_meas": "kWh"}, "5", {}),
        ({"dev_cla": "temperature", "unit_of_meas": "°C"}, "unavailable", {}),
        ({"dev_cla": "temperature", "unit_of_meas": "°C"}, "nan", {}),
    ],
)
def test_a_bare_number_is_what_discovery_says(config, payload, expected):
    decoded = announced(config, payload=payload)
    assert values(decoded) == pytest.approx(expected)
    assert {reading.device for reading in decoded.readings} <= {"n1"}


@pytest.mark.parametrize(
    "template", ["{{ value | float / 1000 }}", "{{ (value|float/60/1000)|round(2) }}", "{% if 1 %}5"]
)
def test_a_value_that_discovery_calculates_with_is_set_aside(template):
    config = {"dev_cla": "energy", "unit_of_meas": "kWh", "val_tpl": template}
    assert "calculates" in reasons(announced(config, payload="5000"))
    kit = Kit()
    kit.says("homeassistant/sensor/n1/o1/config", {"stat_t": "eigen/x", **config, "val_tpl": ""})
    kit.says("homeassistant/sensor/n1/o1/config", {"stat_t": "eigen/x", **config})
    assert kit.says("eigen/x", "5000").readings == ()


@pytest.mark.parametrize(
    ("topic", "base"), [("~/klas", "eigen"), ("eigen/~", "klas"), ("eigen/klas", None), ("kits/kit-1/eigen/klas", None)]
)
def test_the_topic_as_this_kit_will_use_it(topic, base):
    kit = Kit()
    config = {"stat_t": topic, "dev_cla": "power", "unit_of_meas": "kW"}
    kit.says("homeassistant/sensor/n1/o1/config", config if base is None else {**config, "~": base})
    assert values(kit.says("eigen/klas", "1.5")) == {"power": 1500}


def test_the_name_of_an_entity_says_what_a_field_does_not():
    kit = Kit()
    for entity, field, unit, about in (
        ("klas_temperature", "t", "°C", "temperature"), ("chip_temperature", "temp", "°C", "temperature"),
        ("energy_today", "energy", "kWh", "energy"), ("power_phase_2", "p2", "kW", "power"),
    ):  # fmt: skip
        template = f"{{{{ value_json.{field} }}}}"
        config = {"stat_t": "eigen/x", "dev_cla": about, "unit_of_meas": unit, "val_tpl": template}
        kit.says(f"homeassistant/sensor/n1/{entity}/config", config)
    decoded = kit.says("eigen/x", {"t": 21.5, "temp": 45.5, "energy": 1.5, "p2": 0.5, "other": 3})
    assert values(decoded) == {"temperature": 21.5, "power/l2": 500}
    assert kit.says("eigen/x", "{").kind is MessageKind.REJECT
    assert kit.says("eigen/x", {"other": 3}).kind is MessageKind.METADATA


@pytest.mark.parametrize(
    ("config", "payload", "word"),
    [
        ({"avty_t": "eigen/er"}, "offline", "offline"),
        ({"availability": [{"topic": "eigen/er"}]}, "online", "online"),
        ({"avty": [{"t": "~/er"}], "~": "eigen"}, '{"state":"online"}', "online"),
    ],
)
def test_an_announced_availability(config, payload, word):
    kit = Kit()
    kit.says("homeassistant/sensor/n1/o1/config", {"stat_t": "eigen/x", **config})
    decoded = kit.says("eigen/er", payload)
    assert (decoded.family, decoded.kind) == ("homeassistant", MessageKind.AVAILABILITY)
    assert [(reading.device, reading.value) for reading in decoded.readings] == [("n1", word)]


@pytest.mark.parametrize(
    ("topic", "payload", "kind"),
    [
        ("homeassistant/switch/n1/o1/config", {"cmd_t": "x"}, MessageKind.DISCOVERY),
        ("homeassistant/sensor/o1/config", {"stat_t": 5}, MessageKind.DISCOVERY),
        ("homeassistant/device/d/config", {"cmps": []}, MessageKind.DISCOVERY),
        ("ha/sensor/o1/config", {"stat_t": "x"}, MessageKind.DISCOVERY),
        ("homeassistant/sensor/n1/o1/config", "", MessageKind.METADATA),
        ("homeassistant/sensor/n1/o1/config", "{", MessageKind.REJECT),
        ("foo/bar/baz/config", {"stat_t": "x"}, MessageKind.REJECT),
        ("eigen/never/announced", "21.5", MessageKind.REJECT),
    ],
)
def test_configurations(topic, payload, kind):
    assert read(topic, payload).kind is kind


STREAM = "homeassistant/sensor/klas_1a"


def test_statestream_with_its_attributes():
    kit = Kit()
    kit.says(f"{STREAM}_power/unit_of_measurement", '"kW"')
    kit.says(f"{STREAM}_power/device_class", '"power"')
    assert values(kit.says(f"{STREAM}_power/state", "0.638")) == {"power": 638}
    kit.says(f"{STREAM}_x/unit_of_measurement", "null")
    assert kit.says(f"{STREAM}_x/state", "5").kind is MessageKind.METADATA


@pytest.mark.parametrize(
    ("topic", "payload", "expected", "kind"),
    [
        (f"{STREAM}_co2/state", "803", {"co2": 803}, MessageKind.READING),
        (f"{STREAM}_luchtvochtigheid/state", "44.5", {"humidity": 44.5}, MessageKind.READING),
        (f"{STREAM}_power/state", "300", {}, MessageKind.REJECT),
        (f"{STREAM}_co2/state", "unavailable", {}, MessageKind.REJECT),
        (f"{STREAM}_co2/state", "Unknown", {}, MessageKind.REJECT),
        (f"{STREAM}_co2/last_updated", '"2026-01-15T09:30:00+00:00"', {}, MessageKind.METADATA),
        ("homeassistant/binary_sensor/raam/state", "on", {}, MessageKind.METADATA),
        ("homeassistant/light/lamp/state", "off", {}, MessageKind.METADATA),
    ],
)
def test_statestream(topic, payload, expected, kind):
    decoded = read(topic, payload)
    assert (values(decoded), decoded.kind) == (expected, kind)


@pytest.mark.parametrize(
    ("entity", "payload", "expected", "kind"),
    [
        ("scd40_co2_value", "812", {"co2": 812}, MessageKind.READING),
        ("kamertemperatuur", "21.5", {"temperature": 21.5}, MessageKind.READING),
        ("esp32_temperature", "46.5", {}, MessageKind.METADATA),
        ("scd4x_eco2", "812", {}, MessageKind.METADATA),
        ("uptime", "5000", {}, MessageKind.METADATA),
        ("wifi_signal", "-60", {}, MessageKind.METADATA),
        ("power_consumed", "0.638", {}, MessageKind.REJECT),
        ("klas_co2", "nan", {}, MessageKind.REJECT),
        ("klas_co2", "-nan", {}, MessageKind.REJECT),
        ("klas_co2", "None", {}, MessageKind.REJECT),
        ("klas_co2", "", {}, MessageKind.REJECT),
        ("klas_co2", "812 ppm", {}, MessageKind.REJECT),
        ("klas_co2", "0", {}, MessageKind.REJECT),
        ("energy_produced_tariff_2", "755.554", {"electricity_export/t2": 755.554}, MessageKind.READING),
        ("gas_consumed_belgium", "734.607", {"gas": 734.607}, MessageKind.READING),
    ],
)
def test_esphome_by_its_names_alone(entity, payload, expected, kind):
    decoded = read(f"klas-1a/sensor/{entity}/state", payload)
    assert (values(decoded), decoded.kind, decoded.family) == (expected, kind, "esphome")
    assert {reading.device for reading in decoded.readings} <= {"klas-1a"}


def test_esphome_takes_its_units_from_discovery():
    kit = Kit()
    for entity, unit, about in (("t", "°F", "temperature"), ("p", "kW", "power"), ("w", "L", "water")):
        config = {"stat_t": f"klas/sensor/{entity}/state", "unit_of_meas": unit, "dev_cla": about}
        kit.says(f"homeassistant/sensor/klas/{entity}/config", config)
    assert values(kit.says("klas/sensor/t/state", "70.7")) == {"temperature": 21.5}
    assert values(kit.says("klas/sensor/p/state", "1.5")) == {"power": 1500}
    assert values(kit.says("klas/sensor/w/state", "250")) == {"water": 0.25}


@pytest.mark.parametrize(
    ("topic", "device"),
    [("sensor/co2/state", "kit-1"), ("klas/sensor/co2/state", "klas"), ("blok/klas/sensor/co2/state", "blok/klas")],
)
def test_the_prefix_of_an_esphome_node_can_be_set(topic, device):
    decoded = read(topic, "812")
    assert values(decoded) == {"co2": 812}
    assert decoded.readings[0].device == device


@pytest.mark.parametrize(
    "topic", ["klas/binary_sensor/raam/state", "klas/text_sensor/versie/state", "klas/debug", "debug"]
)
def test_what_of_esphome_is_no_reading(topic):
    decoded = read(topic, "ON")
    assert (decoded.family, decoded.kind) == ("esphome", MessageKind.METADATA)


def test_the_status_of_a_node():
    assert read("status", "online").readings[0].device == "kit-1"
    assert read("klas/status", "offline").readings[0].value == "offline"
    assert read("klas/status", "").kind is MessageKind.METADATA
