"""Shelly, both generations: which counter is cumulative, which temperature is the room, and what a partial message leaves out."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import Kit, read, reasons, times, values


@pytest.mark.parametrize(
    ("path", "payload", "expected"),
    [
        ("relay/0/power", "46.81", {"power/0": 46.81}),
        ("relay/1/energy", "123480", {"electricity_import/1": 2.058}),
        ("roller/0/energy", "60", {"electricity_import/0": 0.001}),
        ("light/0/power", "8.5", {"power/0": 8.5}),
        ("emeter/2/power", "-154.38", {"power/2": -154.38}),
        ("emeter/1/total", "12340.5", {"electricity_import/1": 12.3405}),
        ("emeter/1/total_returned", "0.0", {"electricity_export/1": 0}),
        ("sensor/temperature", "21.25", {"temperature": 21.25}),
        ("sensor/humidity", "44.5", {"humidity": 44.5}),
        ("sensor/battery", "94", {"battery": 94}),
        ("ext_temperature/1", "6.69", {"temperature/1": 6.69}),
        ("ext_humidity/0", "61.5", {"humidity/0": 61.5}),
    ],
)
def test_the_first_generation(path, payload, expected):
    decoded = read(f"shellies/shelly-1/{path}", payload)
    assert values(decoded) == expected
    assert {reading.device for reading in decoded.readings} == {"shelly-1"}


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("temperature", "58.32"), ("temperature_f", "136.98"), ("ext_temperature_f/0", "44.0"), ("overtemperature", "0"),
        ("relay/0", "on"), ("emeter/0/energy", "34.24"), ("emeter/0/returned_energy", "12.11"), ("emeter/0/voltage", "228"),
        ("emeter/0/reactive_power", "12.45"), ("emeter/0/pf", "0.86"), ("sensor/lux", "46"), ("info", '{"temperature":58}'),
        ("announce", '{"id":"shelly-1"}'), ("online", ""),
    ],
)  # fmt: skip
def test_what_of_the_first_generation_is_no_reading(path, payload):
    decoded = read(f"shellies/shelly-1/{path}", payload)
    assert (decoded.family, decoded.kind, decoded.readings) == ("shelly_gen1", MessageKind.METADATA, ())


def test_an_error_code_is_no_temperature():
    assert "outside" in reasons(read("shellies/ht/sensor/temperature", "999"))
    assert "not a number" in reasons(read("shellies/ht/sensor/temperature", "null"))


PM = {"id": 0, "apower": 12.5, "aenergy": {"total": 1500.5, "by_minute": [9.5], "minute_ts": 1768469400}}


@pytest.mark.parametrize(
    ("component", "held", "expected"),
    [
        ("switch:0", PM, {"power/0": 12.5, "electricity_import/0": 1.5005}),
        ("pm1:0", {**PM, "ret_aenergy": {"total": 2500}},
         {"power/0": 12.5, "electricity_import/0": 1.5005, "electricity_export/0": 2.5}),
        ("cover:1", {**PM, "temperature": {"tC": 36.5}}, {"power/1": 12.5, "electricity_import/1": 1.5005}),
        ("light:0", {"apower": 3.5}, {"power/0": 3.5}),
        ("switch:0", {"id": 0, "output": True}, {}),
        ("em:0", {"a_act_power": 5, "b_act_power": 6, "total_act_power": 11}, {"power": 11}),
        ("em:0", {"a_act_power": 5}, {}),
        ("emdata:0", {"a_total_act_energy": 5, "total_act": 5415414.19, "total_act_ret": 0},
         {"electricity_import": 5415.41419, "electricity_export": 0}),
        ("em1:1", {"act_power": -20.5, "aprt_power": 30}, {"power/1": -20.5}),
        ("em1data:1", {"total_act_energy": 1500, "total_act_ret_energy": 2500},
         {"electricity_import/1": 1.5, "electricity_export/1": 2.5}),
        ("temperature:0", {"tC": 46.5, "tF": 115.7}, {}),
        ("temperature:100", {"tC": 18.5}, {"temperature/100": 18.5}),
        ("humidity:100", {"rh": 55.5}, {"humidity/100": 55.5}),
        ("devicepower:0", {"battery": {"V": 5.5, "percent": 80}, "external": {"present": False}}, {"battery": 80}),
        ("devicepower:0", {"battery": {"percent": 0}, "external": {"present": True}}, {}),
        ("wifi", {"rssi": -60}, {}),
        ("input:0", {"state": True}, {}),
    ],
)  # fmt: skip
def test_components(component, held, expected):
    decoded = read(f"shellypro3em-aabb/status/{component}", held)
    assert values(decoded) == expected
    assert decoded.kind is (MessageKind.READING if expected else MessageKind.METADATA)


def told(device, method="NotifyStatus", **params):
    return {"src": device, "dst": f"{device}/events", "method": method, "params": params}


def test_a_notification_holds_only_what_changed():
    decoded = read(
        "shellyplus1pm-a/events/rpc", told("shellyplus1pm-a", ts=1768469400.25, **{"switch:0": {"apower": 5}})
    )
    assert values(decoded) == {"power/0": 5}
    assert times(decoded) == {"power": "2026-01-15T09:30:00.250000Z"}
    pushed = told("shellyplus1pm-a", "NotifyEvent", ts=1768469400, events=[{"component": "input:0"}])
    assert read("shellyplus1pm-a/events/rpc", pushed).kind is MessageKind.METADATA


@pytest.mark.parametrize("clock", [{"ts": None}, {"ts": 1.31}, {"ts": 1768469400, "sys": {"unixtime": None}}, {}])
def test_a_clock_that_was_never_set(clock):
    decoded = read("x/events/rpc", told("shellyhtg3-a", "NotifyFullStatus", **clock, **{"temperature:0": {"tC": 20.5}}))
    assert times(decoded) == {"temperature": None}


def test_an_answer_to_a_question():
    answer = {"id": 1, "src": "shellypmminig3-a", "dst": "school", "result": {"pm1:0": PM, "sys": {"unixtime": 5}}}
    decoded = read("school/rpc", answer)
    assert values(decoded) == {"power/0": 12.5, "electricity_import/0": 1.5005}
    assert {reading.device for reading in decoded.readings} == {"shellypmminig3-a"}
    assert read("x/rpc", {"id": 1, "src": "school", "method": "Switch.Set", "params": {}}).kind is MessageKind.METADATA


@pytest.mark.parametrize(
    "name", ["shellyplusht-a", "shellyhtg3-a", "ShellyHTG4-A", "shellywalldisplay-a", "school/shellyplusht-a"]
)
def test_devices_that_measure_the_room(name):
    assert values(read(f"{name}/status/temperature:0", {"tC": 21.5})) == {"temperature": 21.5}


@pytest.mark.parametrize("name", ["klaslicht-1", "nacht", "shellyplus1-a", "shellypro4pm-a", "echt-1"])
def test_devices_that_measure_themselves(name):
    assert values(read(f"{name}/status/temperature:0", {"tC": 46.5})) == {}


def test_a_sensor_is_known_by_what_it_told_under_another_name():
    kit = Kit()
    told_full = told("shellyhtg3-a", "NotifyFullStatus", ts=1768469400, **{"temperature:0": {"tC": 20.5}})
    assert values(kit.says("lokaal 5/events/rpc", told_full)) == {"temperature": 20.5}
    assert values(kit.says("lokaal 5/status/temperature:0", {"tC": 20.75})) == {"temperature": 20.75}


def test_an_absent_sensor_says_impossible_things():
    held = {"temperature:0": {"tC": -275.15, "errors": ["x"]}, "humidity:0": {"rh": -2}}
    decoded = read("d/events/rpc", told("ShellyWallDisplay-A", "NotifyFullStatus", ts=1768469400, **held))
    assert decoded.kind is MessageKind.REJECT
    assert reasons(decoded).count("outside") == 2


def test_the_root_of_the_kit_as_prefix():
    assert values(read("status/em:0", {"total_act_power": 10})) == {"power": 10}
    assert read("online", "true").readings[0].device == "kit-1"
    decoded = read("events/rpc", told("", ts=1, **{"em:0": {"total_act_power": 5}}))
    assert values(decoded) == {"power": 5}
    assert decoded.readings[0].device == "kit-1"
