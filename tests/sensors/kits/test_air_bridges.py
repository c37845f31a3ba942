"""Sensors that others carry to MQTT: AirGradient, Awair, openSenseMap, Sensor.Community, emonHub, OpenMQTTGateway."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, Kit, read, reasons, times, values

CO2_ID, TEMP_ID, BAD_ID = "5f0000000000000000000003", "5f0000000000000000000001", "5f0000000000000000000009"


def box() -> Kit:
    kit = Kit(BRUSSELS)
    told = {CO2_ID: {"quantity": "co2", "unit": "ppm"}, TEMP_ID: {"quantity": "temperature", "unit": "°F"},
            BAD_ID: {"quantity": ["x"]}}  # fmt: skip
    kit.context.remember("opensensemap", told)
    return kit


def test_airgradient_shows_what_is_compensated():
    decoded = read("airgradient/readings/abc", {"rco2": 447, "atmp": 25.87, "atmpCompensated": 24.47, "rhum": 43})
    assert values(decoded) == {"co2": 447, "temperature": 24.47, "humidity": 43}
    assert values(read("airgradient/readings/abc", {"rco2": None, "atmp": 20.5, "rhumCompensated": 49})) == {
        "temperature": 20.5,
        "humidity": 49,
    }
    assert read("airgradient/readings/abc", {"rco2": -1}).kind is MessageKind.REJECT
    assert read("airgradient/readings/abc", {"pm02": 3, "tvocIndex": 100}).kind is MessageKind.METADATA


def test_awair_estimates_and_grams_are_left_out():
    air = {"timestamp": "2026-01-15T09:29:58.108Z", "temp": 23.64, "humid": 56.45, "abs_humid": 12.0, "co2_est": 489,
           "dew_point": 14.47, "voc": 149}  # fmt: skip
    decoded = read("awair/element-1/air-data", air)
    assert values(decoded) == {"temperature": 23.64, "humidity": 56.45}
    assert times(decoded)["temperature"] == "2026-01-15T09:29:58.108000Z"
    assert values(read("awair/element-1/co2", "812")) == {"co2": 812}
    assert read("awair/element-1/co2_est", "812").kind is MessageKind.METADATA
    assert read("awair/element-1/settings", {"temp": 1}).kind is MessageKind.METADATA


def test_opensensemap_reads_what_it_was_told_of():
    rows = [{"sensor": CO2_ID, "value": "733", "createdAt": "2024-01-15T08:20:00.000Z"},
            {"sensor": TEMP_ID, "value": "70.7", "location": [4.9, 51.1]}]  # fmt: skip
    decoded = box().says("any/topic", rows)
    assert values(decoded) == {f"co2/{CO2_ID}": 733, f"temperature/{TEMP_ID}": 21.5}
    assert times(decoded) == {"co2": "2024-01-15T08:20:00Z", "temperature": None}
    told = box().says("any/topic", {CO2_ID: ["845", "2024-01-15T09:25:00"], TEMP_ID: 70.7})
    assert times(told) == {"co2": "2024-01-15T08:25:00Z", "temperature": None}
    csv = box().says("any/topic", f"{CO2_ID},1022,2024-01-15T08:30:00.000Z,4.9,51.1\n{TEMP_ID},70.7\n")
    assert values(csv) == {f"co2/{CO2_ID}": 1022, f"temperature/{TEMP_ID}": 21.5}


def test_opensensemap_refuses_what_it_was_not_told_of():
    decoded = box().says("any/topic", {"5f00000000000000000000ff": 812, CO2_ID: 800})
    assert values(decoded) == {f"co2/{CO2_ID}": 800}
    assert "not known" in reasons(decoded)
    assert "no known quantity" in reasons(box().says("any/topic", {BAD_ID: 812}))
    assert box().says("any/topic", {"co2": 812}).family is None


def sensordata(*pairs, **more):
    return {**more, "sensordatavalues": [{"value_type": kind, "value": value} for kind, value in pairs]}


def test_sensor_community_keeps_sensors_apart_and_leaves_out_the_heater():
    pairs = [("BME280_temperature", "21.93"), ("BME280_pressure", "101320.5"), ("HECA_temperature", "35.1"),
             ("SCD30_temperature", "22.5"), ("SCD30_co2_ppm", "911"), ("temperature", "20.0"), ("SDS_P1", "5.38"),
             ("BME280_pressure_at_sealevel", "102000"), ("signal", "-59 dBm")]  # fmt: skip
    decoded = read("airrohr/esp8266-1234567", sensordata(*pairs, esp8266id="1234567"))
    assert values(decoded) == pytest.approx(
        {"temperature/BME280": 21.93, "pressure/BME280": 1013.205, "temperature/SCD30": 22.5, "co2/SCD30": 911,
         "temperature": 20.0}
    )  # fmt: skip
    assert {one.device for one in decoded.readings} == {"esp8266-1234567"}


def test_sensor_community_refuses_what_is_twice_or_no_number():
    decoded = read("x/y", sensordata(("temperature", "21.5"), ("temperature", "22.5"), ("humidity", "nan")))
    assert values(decoded) == {"temperature": 21.5}
    assert len(decoded.rejected) == 2
    assert read("x/y", '{"sensordatavalues":{"a":1}}').kind is MessageKind.REJECT


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("power2", "1250", {"power/power2": 1250}),
        ("P1", "-300", {"power/P1": -300}),
        ("power1pluspower2", "2500", {}),
        ("powerfactor1", "0.98", {}),
        ("power_factor", "0.98", {}),
        ("vrms", "230.1", {}),
        ("E1", "4423770", {"electricity_import/E1": 4423.77}),
        ("T2", "21.5", {"temperature/T2": 21.5}),
        ("external temperature", "4.5", {"temperature/external temperature": 4.5}),
        ("humidity", "45.5", {"humidity": 45.5}),
        ("battery", "3.1", {}),
        ("pulsecount", "12345", {}),
    ],
)
def test_emonhub_keys(key, value, expected):
    assert values(read(f"emon/emontx/{key}", value)) == expected
    assert values(read("emon/emontx", {key: float(value)})) == expected


def test_emonhub_times_and_rows():
    assert times(read("emon/n", {"time": "1720080000", "power": 1})) == {"power": "2024-07-04T08:00:00Z"}
    assert times(read("emon/n", {"time": "2024-07-04T10:00:00", "power": 1}, BRUSSELS)) == {
        "power": "2024-07-04T08:00:00Z"
    }
    assert times(read("emon/n", {"time": 0, "power": 1})) == {"power": None}
    assert read("emon/10", "10,11,12").kind is MessageKind.METADATA
    assert read("emonhub/rx/10/values", "10,11,12").kind is MessageKind.METADATA
    assert read("emon/n/temperature", "300.0").kind is MessageKind.REJECT  # no sensor connected


@pytest.mark.parametrize(
    ("topic", "payload", "device", "expected"),
    [
        ("home/OMG/BTtoMQTT/A4C138", {"tempc": 21.5, "tempf": 70.7, "hum": 45, "batt": 80, "volt": 2.9}, "A4C138",
         {"temperature": 21.5, "humidity": 45, "battery": 80}),
        ("home/OMG/BTtoMQTT/A4C138", {"tempf": 70.7}, "A4C138", {"temperature": 21.5}),
        ("home/TG/BTtoMQTT", {"id": "A4:C1:38:00:11:22", "co2": 812}, "A4C138001122", {"co2": 812}),
        ("home/OMG/RTL_433toMQTT/Acurite-Tower/A/5812", {"model": "Acurite-Tower", "id": 5812, "temperature_C": 21.3,
         "humidity": 44, "battery_ok": 1}, "Acurite-Tower/A/5812", {"temperature": 21.3, "humidity": 44}),
        ("home/OMG/CLIMAtoMQTT/bme", {"tempc": 21.5, "tempf": 70.7, "hum": 45, "pa": 101320}, "bme",
         {"temperature": 21.5, "humidity": 45, "pressure": 1013.2}),
        ("home/OMG/BTtoMQTT/B0", {"tempc": 21.5, "tempc2": 4.5}, "B0", {"temperature": 21.5, "temperature/2": 4.5}),
        ("home/OMG/SYStoMQTT", {"tempc": 52.5, "uptime": 5}, None, {}),
        ("home/OMG/BTtoMQTT/B0", {"id": "B0", "rssi": -70, "presence": True}, None, {}),
    ],
)  # fmt: skip
def test_openmqttgateway(topic, payload, device, expected):
    decoded = read(topic, payload)
    assert values(decoded) == pytest.approx(expected)
    assert {one.device for one in decoded.readings} == ({device} if device else set())
    assert decoded.family == "openmqttgateway"


def test_openmqttgateway_sets_aside_one_value_and_keeps_the_rest():
    decoded = read("home/OMG/BTtoMQTT/A4", {"tempc": "21.5", "hum": "104.7", "co2": 0})
    assert values(decoded) == {"temperature": 21.5}
    assert len(decoded.rejected) == 2
    assert values(read("home/OMG/LWT", "offline")) == {"availability": "offline"}
