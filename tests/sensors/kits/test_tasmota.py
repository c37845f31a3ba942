"""Tasmota: sensors of every shape, units that the message states, Zigbee bridges, and what is not the room."""

import json

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, read, reasons, times, values

AIR = {"SCD30": {"CarbonDioxide": 812, "eCO2": 830, "Temperature": 21.5, "Humidity": 44.5, "DewPoint": 9.1}}


@pytest.mark.parametrize(
    ("topic", "device"),
    [
        ("tele/klas/SENSOR", "klas"),
        ("school/blok-a/klas/tele/SENSOR", "klas"),
        ("klas/tele/SENSOR", "klas"),
        ("tele/school/klas/SENSOR", "klas"),
        ("meting/klas/SENSOR", "klas"),
        ("stat/klas/STATUS10", "klas"),
        ("tele/SENSOR", "kit-1"),
    ],
)
def test_the_full_topic_is_free(topic, device):
    decoded = read(topic, {"StatusSNS": AIR} if "STATUS" in topic else AIR)
    assert values(decoded) == {"co2/SCD30": 812, "temperature/SCD30": 21.5, "humidity/SCD30": 44.5}
    assert {reading.device for reading in decoded.readings} == {device}
    assert decoded.family == "tasmota"


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"SCD40": {"Temperature": 70.7}, "TempUnit": "F"}, {"temperature/SCD40": 21.5}),
        ({"BMP280": {"Pressure": 1013.2}, "PressureUnit": "hPa"}, {"pressure/BMP280": 1013.2}),
        ({"SGP30": {"eCO2": 812, "TVOC": 3}}, {}),
        ({"ESP32": {"Temperature": 46.5}}, {}),
        ({"ANALOG": {"Temperature1": 20.5, "Temperature2": 21.5, "Illuminance3": 2.4}},
         {"temperature/ANALOG-1": 20.5, "temperature/ANALOG-2": 21.5}),
        ({"ANALOG": {"Temperature": 20.5}}, {"temperature/ANALOG": 20.5}),
        ({"DS18x20": {"DS1": {"Type": "DS18B20", "Temperature": 20.5}, "DS2": {"Temperature": 21.5}}},
         {"temperature/DS18x20-DS1": 20.5, "temperature/DS18x20-DS2": 21.5}),
        ({"Temperature": 20.5, "Humidity": 44, "Light": 10}, {"temperature": 20.5, "humidity": 44}),
        ({"Thermostat0": {"TempTargetSet": 21.5}, "Shutter1": {"Position": 40}}, {}),
    ],
)  # fmt: skip
def test_sensors_of_every_shape(held, expected):
    assert values(read("tele/klas/SENSOR", held)) == expected


@pytest.mark.parametrize(
    ("energy", "expected"),
    [
        ({"Total": 6.5, "Today": 1.1, "Yesterday": 2.2, "Period": 9, "Power": 12, "ApparentPower": 20},
         {"electricity_import": 6.5, "power": 12}),
        ({"Total": [1.5, 2.5], "TotalTariff": [3.5, 0.5], "Power": [10, 20]},
         {"electricity_import/0": 1.5, "electricity_import/1": 2.5, "power/0": 10, "power/1": 20}),
        ({"Total": {"Phase1": 1.5, "Phase2": 2.5}},
         {"electricity_import/Phase1": 1.5, "electricity_import/Phase2": 2.5}),
        ({"Total": 0, "ExportActive": 3.25, "Power": -40},
         {"electricity_import": 0, "electricity_export": 3.25, "power": -40}),
        ({"Power": None, "Total": "6.5"}, {"electricity_import": 6.5}),
        ({"Power": [], "Total": []}, {}),
    ],
)  # fmt: skip
def test_energy_is_cumulative_or_nothing(energy, expected):
    assert values(read("tele/plug/SENSOR", {"ENERGY": energy})) == expected


def test_a_probe_beside_a_power_meter_guards_the_device():
    assert values(read("tele/plug/SENSOR", {"ANALOG": {"Temperature": 55.5}, "ENERGY": {"Power": 3}})) == {"power": 3}
    clamp = {"ANALOG": {"CTEnergy1": {"Energy": 0.5, "Power": 2300, "Voltage": 230}}}
    expected = {"electricity_import/ANALOG-CTEnergy1": 0.5, "power/ANALOG-CTEnergy1": 2300}
    assert values(read("tele/plug/SENSOR", clamp)) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"Time": "2026-01-15T10:30:00"}, "2026-01-15T09:30:00Z"),
        ({"Time": "2026-01-15T10:30:00+02:00"}, "2026-01-15T08:30:00Z"),
        ({"Time": "2026-01-15T10:30:00", "Epoch": 1768469400}, "2026-01-15T09:30:00Z"),
        ({"Time": 1768469400}, "2026-01-15T09:30:00Z"),
        ({"Time": 1768469400123}, "2026-01-15T09:30:00.123000Z"),
        ({"Time": "1970-01-01T00:21:40"}, None),
        ({"Time": "2026-10-25T02:30:00"}, None),
        ({"Time": "2026-03-29T02:30:00"}, None),
        ({"Time": None}, None),
        ({}, None),
    ],
)
def test_every_way_of_stating_the_time(stated, expected):
    assert times(read("tele/klas/SENSOR", {**stated, "S8": {"CarbonDioxide": 812}}, BRUSSELS)) == {"co2": expected}


ZIGBEE = {"Device": "0xB2A2", "Name": "Klas", "Temperature": 24.5, "Humidity": 71, "Power": 1, "Endpoint": 1}


@pytest.mark.parametrize(
    "held", [{"ZbReceived": {"0xB2A2": ZIGBEE}}, {"ZbReceived": {"Klas": ZIGBEE}}, {"Klas": ZIGBEE}, ZIGBEE]
)
def test_a_zigbee_bridge_in_every_setting(held):
    decoded = read("tele/brug/SENSOR", {"TempUnit": "F", **held})
    assert values(decoded) == {"temperature/0xB2A2": 24.5, "humidity/0xB2A2": 71}
    assert {reading.device for reading in decoded.readings} == {"0xB2A2"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1-0:1.8.2(002607.237*kWh)\r", {"electricity_import/t2": 2607.237}),
        ("1-0:2.8.1(000001.500*kWh)", {"electricity_export/t1": 1.5}),
        ("1-0:1.7.0(00.638*kW)\r\n", {"power_import": 638}),
        ("0-1:24.2.3(260115101500W)(00734.607*m3)", {"gas": 734.607}),
        ("0-0:96.1.1(3153)", {}),
        ("!A1B2", {}),
        ("", {}),
    ],
)
def test_lines_of_a_p1_telegram(line, expected):
    assert values(read("tele/p1/RESULT", {"SerialReceived": line})) == expected


def test_a_line_of_an_unnamed_meter_is_set_aside():
    assert "what meter" in reasons(read("tele/p1/RESULT", {"SerialReceived": "0-2:24.2.1(260115101500W)(00012.5*m3)"}))
    gas = read("tele/p1/RESULT", {"SerialReceived": "0-1:24.2.3(260715101500S)(00734.607*m3)"})
    assert times(gas) == {"gas": "2026-07-15T08:15:00Z"}


@pytest.mark.parametrize(
    ("topic", "payload", "kind"),
    [
        ("tele/klas/STATE", {"Uptime": "0T00:01", "Wifi": {"RSSI": 80}}, MessageKind.METADATA),
        ("stat/klas/POWER1", "ON", MessageKind.METADATA),
        ("cmnd/klas/TelePeriod", "60", MessageKind.METADATA),
        ("stat/klas/RESULT", {"EnergyReset": {"Total": 5.5}}, MessageKind.METADATA),
        ("stat/klas/STATUS2", {"StatusFWR": {"Version": "14.3.0"}}, MessageKind.METADATA),
        ("tasmota/discovery/AABBCCDDEEFF/sensors", {"sn": AIR, "ver": 1}, MessageKind.DISCOVERY),
        ("tasmota/discovery/AABBCCDDEEFF/config", {"ip": "192.0.2.1"}, MessageKind.DISCOVERY),
        ("tele/klas/LWT", "Offline", MessageKind.AVAILABILITY),
        ("tele/klas/LWT", "klas", MessageKind.REJECT),
        ("tele/klas/SENSOR", "812", MessageKind.REJECT),
        ("tele/klas/SENSOR", json.dumps({"SCD30": {"CarbonDioxide": 0}}), MessageKind.REJECT),
    ],
)
def test_what_holds_no_reading(topic, payload, kind):
    decoded = read(topic, payload)
    assert (decoded.family, decoded.kind) == ("tasmota", kind)


def test_a_sensor_that_failed_leaves_the_rest():
    held = {"SCD30": {"CarbonDioxide": 0, "Temperature": None, "Humidity": 44.5}, "BME280": {"Temperature": 20.5}}
    decoded = read("tele/klas/SENSOR", held)
    assert values(decoded) == {"humidity/SCD30": 44.5, "temperature/BME280": 20.5}
    assert "outside" in reasons(decoded)
    assert "no value" in reasons(decoded)
