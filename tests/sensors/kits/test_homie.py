"""Homie: units come before values, and where a value stands says which of two it is."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import Kit, read, reasons, values


def test_a_value_needs_its_unit_first():
    kit = Kit()
    assert "unit unknown" in reasons(kit.says("homie/k/scd40/temperature", "21.5"))
    kit.says("homie/k/scd40/temperature/$unit", "°F")
    assert values(kit.says("homie/k/scd40/temperature", "70.7")) == {"temperature": 21.5}


def test_two_nodes_of_a_device_stay_apart():
    kit = Kit()
    for node in ("scd40", "bme280"):
        kit.says(f"homie/k/{node}/temperature/$unit", "°C")
    assert values(kit.says("homie/k/scd40/temperature", "21.5")) == {"temperature": 21.5}
    assert values(kit.says("homie/k/bme280/temperature", "22.5")) == {"temperature/bme280/temperature": 22.5}
    assert values(kit.says("homie/k/scd40/temperature", "21.6")) == {"temperature": 21.6}


def test_the_device_itself_and_wishes_are_not_the_room():
    kit = Kit()
    for place in ("cpu/temperature", "heating/target-temperature", "system/temperature", "room/dewpoint"):
        kit.says(f"homie/k/{place}/$unit", "°C")
        assert kit.says(f"homie/k/{place}", "45.2").kind is MessageKind.METADATA
    assert kit.says("homie/k/$stats/uptime", "45").kind is MessageKind.METADATA
    assert kit.says("homie/k/scd40/temperature/set", "45").kind is MessageKind.METADATA


def test_version_5_describes_all_at_once():
    kit = Kit()
    about = {
        "homie": "5.0",
        "nodes": {
            "air": {
                "properties": {
                    "t": {"name": "Temp", "datatype": "float", "unit": "°F"},
                    "x": {"name": "Buiten", "datatype": "float", "unit": "°C"},
                    "mode": {"name": "Temperature mode", "datatype": "enum"},
                    "co2": {"name": "CO2", "datatype": "integer"},
                }
            },
            "meter": {
                "properties": {
                    "power": {"datatype": "float", "unit": "kW"},
                    "energy": {"datatype": "float", "unit": "Wh"},
                    "water": {"datatype": "float", "unit": "L"},
                }
            },
        },
    }
    assert kit.says("homie/5/k/$description", about).kind is MessageKind.DISCOVERY
    assert values(kit.says("homie/5/k/air/t", "70.7")) == {"temperature": 21.5}
    assert values(kit.says("homie/5/k/air/x", "4.5")) == {"temperature/air/x": 4.5}
    assert values(kit.says("homie/5/k/meter/power", "1.2")) == {"power": 1200}
    assert values(kit.says("homie/5/k/meter/energy", "4423770")) == {"electricity_import": 4423.77}
    assert values(kit.says("homie/5/k/meter/water", "8580")) == {"water": 8.58}
    assert "unit unknown" in reasons(kit.says("homie/5/k/air/co2", "812"))
    assert kit.says("homie/5/k/air/mode", "auto").kind is MessageKind.METADATA


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ready", "online"),
        ("alert", "online"),
        ("sleeping", "online"),
        ("disconnected", "offline"),
        ("lost", "offline"),
    ],
)
def test_states(state, expected):
    decoded = read("homie/k/$state", state)
    assert decoded.kind is MessageKind.AVAILABILITY
    assert values(decoded) == {"availability": expected}


def test_what_says_nothing_says_nothing():
    assert read("homie/k/$state", "init").kind is MessageKind.METADATA
    assert read("homie/k/$state", "").kind is MessageKind.METADATA
    assert read("homie/k/$state", "confused").kind is MessageKind.REJECT
    assert read("homie/k/scd40/temperature", "").kind is MessageKind.METADATA
    kit = Kit()
    kit.says("homie/k/scd40/co2/$unit", "ppm")
    for impossible in ("nan", "0", "inf", "99999"):
        assert kit.says("homie/k/scd40/co2", impossible).kind is MessageKind.REJECT
