"""LoRaWAN through The Things Stack and ChirpStack: the names of many decoders, history, and what is no uplink."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import read, reasons, times, values

TTN = "v3/klimaat@ttn/devices/klas-1a/up"
CHIRP = "application/17c82e96/device/24e124725b123456/event/up"
AT = "2026-01-15T09:29:58.123456789Z"


def up(decoded, **uplink):
    return {"uplink_message": {"frm_payload": "AQ==", "decoded_payload": decoded, "received_at": AT, **uplink}}


@pytest.mark.parametrize(
    ("decoded", "expected"),
    [
        ({"temperature": 21.5, "humidity": 45, "co2": 812, "battery": 100}, # Milesight
         {"temperature": 21.5, "humidity": 45, "co2": 812, "battery": 100}),
        ({"temperature": 22.6, "humidity": 41, "co2": 776, "vdd": 3650, "externalTemperature": 4.5},  # Elsys
         {"temperature": 22.6, "humidity": 41, "co2": 776, "temperature/external": 4.5}),
        ({"irInternalTemperature": 30.1, "irExternalTemperature": 20.1, "occupancy": 1}, {}),
        ({"BatV": 3.1, "TempC_SHT": "21.50", "Hum_SHT": "48.3", "TempC_DS": 7.5, "Ext_sensor": "Temperature Sensor"},
         {"temperature": 21.5, "humidity": 48.3, "temperature/external": 7.5}),  # Dragino LHT65
        ({"TempC1": 18.5, "TempC2": 19.5, "Bat": 3.3}, {"temperature/1": 18.5, "temperature/2": 19.5}),
        ({"temperature_1": 21.5, "relative_humidity_2": 45.5, "barometric_pressure_3": 1013.2},  # Cayenne LPP
         {"temperature/1": 21.5, "humidity/2": 45.5, "pressure/3": 1013.2}),
        ({"temperatureSensor": {"3": 27.2}, "humiditySensor": {"5": 40}, "analogInput": {"1": 3.3}},
         {"temperature/3": 27.2, "humidity/5": 40}),
        ({"air_temperature": {"displayName": "Air temperature", "unit": "°C", "value": 21.5},  # Decentlab
          "air_humidity": {"unit": "%", "value": 45.5}, "barometric_pressure": {"unit": "Pa", "value": 101320},
          "co2_concentration": {"unit": "ppm", "value": 812}, "co2_concentration_lpf": {"unit": "ppm", "value": 790},
          "battery_voltage": {"unit": "V", "value": 3.1}},
         {"temperature": 21.5, "humidity": 45.5, "pressure": 1013.2, "co2": 812}),
        ({"messages": [[{"measurementId": "4097", "measurementValue": 21.5}, {"measurementId": "4100",
          "measurementValue": 812}, {"measurementId": "4099", "measurementValue": 300}]], "valid": True},  # SenseCAP
         {"temperature": 21.5, "co2": 812}),
        ({"CO2": 812, "sensorTemperature": 21.5, "relativeHumidity": 45.5, "targetTemperature": 19}, # MClimate
         {"co2": 812, "temperature": 21.5, "humidity": 45.5}),
        ({"temperature_c": 21.5, "temperature_f": 70.7, "co2_ppm": 812}, {"temperature": 21.5, "co2": 812}),
        ({"temp_f": 70.7}, {"temperature": 21.5}),
        ({"temperature": 70.7, "temperature_unit": "fahrenheit"}, {"temperature": 21.5}),
        ({"data": {"co2": 812}, "port": 2}, {"co2": 812}),
        ({"eco2": 812, "co2_eq": 5, "mcu_temperature": 40, "board_temperature": 40, "soil_humidity": 30,
          "temperature_alarm": "high", "temperature_max": 25, "dew_point": 8, "battery": 3.6}, {}),
    ],
)  # fmt: skip
def test_the_names_of_decoders(decoded, expected):
    assert values(read(TTN, up(decoded))) == pytest.approx(expected)
    assert values(read(CHIRP, {"time": AT, "data": "AQ==", "object": decoded})) == pytest.approx(expected)


def test_impossible_values_go_and_the_rest_stays():
    decoded = read(TTN, up({"TempC_SHT": 21.5, "TempC_DS": 327.67, "Hum_SHT": 654, "co2": 0}))
    assert values(decoded) == {"temperature": 21.5}
    assert len(decoded.rejected) == 3


def test_history_keeps_its_own_time_beside_the_present():
    past = [{"timestamp": 1665561758, "co2": 900, "temperature": 20.5}, {"timestamp": 0, "co2": 700}, {"co2": 600}]
    decoded = read(TTN, up({"co2": 812, "history": past}))
    told = {(one.quantity, one.value): one.time.isoformat() for one in decoded.readings}
    assert told[("co2", 900.0)] == "2022-10-12T08:02:38+00:00"
    assert told[("co2", 812.0)].startswith("2026-01-15T09:29:58.123456")
    assert len(told) == 3
    assert reasons(decoded).count("without a usable time") == 2


@pytest.mark.parametrize(
    ("gateways", "expected"),
    [
        ([{"time": "2026-01-15T09:29:57.500Z"}], "2026-01-15T09:29:57.500000Z"),
        ([{"rssi": -90}, {"time": "2026-01-15T09:29:57Z"}], "2026-01-15T09:29:57Z"),
        ([{"time": "1970-01-01T00:00:12Z"}], "2026-01-15T09:29:58.123456Z"),
        ([{"time": "2027-01-15T09:29:57Z"}], "2026-01-15T09:29:58.123456Z"),
        ([], "2026-01-15T09:29:58.123456Z"),
    ],
)
def test_the_time_is_that_of_a_gateway_that_can_know(gateways, expected):
    assert times(read(TTN, up({"co2": 812}, rx_metadata=gateways))) == {"co2": expected}


def test_simulated_uplinks_are_refused():
    assert "simulated" in reasons(read(TTN, {**up({"co2": 812}), "simulated": True}))
    assert "simulated" in reasons(read(TTN, up({"co2": 812, "test": True})))
    assert "simulated" in reasons(read(CHIRP, {"time": AT, "object": {"co2": 812, "simulated": True}}))


def test_without_a_decoder_it_says_what_to_do():
    assert "payload formatter" in reasons(read(TTN, {"uplink_message": {"frm_payload": "AQ==", "received_at": AT}}))
    assert "codec" in reasons(read(CHIRP, {"time": AT, "data": "AQ=="}))
    assert read(TTN, {"uplink_message": {"received_at": AT}}).kind is MessageKind.METADATA
    assert read(CHIRP, {"time": AT}).kind is MessageKind.METADATA


def test_the_common_shape_is_read_where_the_own_is_not():
    air = [{"air": {"temperature": 21.5, "relativeHumidity": 45.5, "co2": 812}, "time": "2026-01-15T09:00:00Z"}]
    decoded = read(TTN, up({"TEMP": "x1"}, normalized_payload=air))
    assert values(decoded) == {"temperature": 21.5, "humidity": 45.5, "co2": 812}
    assert times(decoded)["co2"] == "2026-01-15T09:00:00Z"


@pytest.mark.parametrize(
    "topic",
    [
        "v3/klimaat@ttn/devices/klas-1a/join",
        "v3/klimaat@ttn/devices/klas-1a/down/ack",
        "v3/klimaat@ttn/devices/klas-1a/location/solved",
        "application/17c82e96/device/24e124725b123456/event/join",
        "eu868/application/17c82e96/device/24e124725b123456/event/log",
    ],
)
def test_other_events_are_no_readings(topic):
    assert read(topic, {"object": {"co2": 1}}).kind is MessageKind.METADATA
