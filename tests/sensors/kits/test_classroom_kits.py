"""Kits made for classrooms: their own formats, and the mistakes of their firmwares."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import Kit, read, reasons, values


def only(decoded):
    return {one.device for one in decoded.readings}, values(decoded)


@pytest.mark.parametrize("identity", ["3f1ac2", "12e345", "000000", "1e999", "nan"])
def test_anaire_ids_stay_text(identity):
    decoded = read("measurement", f"{{id: {identity},CO2: 914,humidity: 44.120000,temperature: 21.530000}}")
    assert only(decoded) == ({identity}, {"co2": 914, "humidity": 44.12, "temperature": 21.53})


def test_anaire_keeps_what_it_can():
    decoded = read("measurement", "{id: a1,CO2: nan,humidity: 44.1,temperature: -127.0,VBat: 4.11}")
    assert only(decoded) == ({"a1"}, {"humidity": 44.1})
    assert len(decoded.rejected) == 2
    for broken in ("{CO2: 914}", "{id: a1,CO2: 914", "{id: a1,CO2: 1,CO2: 2}", "id: a1", "{id: a1,CO2 914}"):
        assert read("measurement", broken).kind is MessageKind.REJECT
    assert only(read("measurement", {"id": "a1", "CO2": 914})) == ({"a1"}, {"co2": 914})


def test_co2monitor():
    decoded = read("co2monitor/17/up/sensors", {"co2": 0, "temperature": "21.6", "pressure": 1012, "iaq": 3})
    assert only(decoded) == ({"17"}, {"temperature": 21.6})
    assert only(read("co2monitor/17/up/status", {"online": True})) == ({"17"}, {"availability": "online"})
    assert read("co2monitor/17/up/status", {"msg": "configuration updated"}).kind is MessageKind.METADATA
    assert read("co2monitor/17/up/config", {"co2": 1}).kind is MessageKind.METADATA
    assert read("co2monitor/17/down/getConfig", "").kind is MessageKind.METADATA


@pytest.mark.parametrize(
    "line",
    [
        "co2ampel,name=klas1a co2=967,temp=21.07,hum=43,lux=102",
        "co2ampel,name=klas1a,co2=967,temp=21.07,hum=43,lux=102",
        "co2ampel,name=klas1a co2=967i,temp=21.07,hum=43i 1700000000000000000",
    ],
)
def test_watterott_lines(line):
    assert only(read("sensors", line)) == ({"klas1a"}, {"co2": 967, "temperature": 21.07, "humidity": 43})


@pytest.mark.parametrize("line", ["co2ampel,name=klas 1a,co2=967,lux=2", "co2ampel,name=klas\\ 1a co2=967,lux=2"])
def test_watterott_names_with_blanks(line):
    assert only(read("sensors", line)) == ({"klas 1a"}, {"co2": 967})


@pytest.mark.parametrize("wrong", ["-5.-32", "0.-32", "-0.-5"])
def test_watterott_cannot_print_frost(wrong):
    decoded = read("sensors/buiten", {"co2": "431", "temp": f" {wrong} ", "hum": "81", "lux": "9"})
    assert only(decoded) == ({"buiten"}, {"co2": 431, "humidity": 81})
    assert "temperature" in reasons(decoded)
    line = read("sensors", f"co2ampel,name=buiten co2=431,temp={wrong},hum=81")
    assert values(line) == {"co2": 431, "humidity": 81}


def test_watterott_presence():
    assert only(read("sensors/klas 1/LWT", "disconnected")) == ({"klas 1"}, {"availability": "offline"})
    assert only(read("sensors/klas 1/LWT", "connected")) == ({"klas 1"}, {"availability": "online"})
    assert read("sensors/klas 1/set", '{"buzzer_enabled":"true"}').kind is MessageKind.METADATA
    assert read("sensors", "x" * 5000).kind is MessageKind.REJECT


def test_lrswss_in_one_message_or_in_many():
    whole = {"device": "8F2A11", "co2": 1300, "co2median": 1188, "temperature": 22.31, "pressure": 1004}
    assert only(read("co2ampel", whole)) == ({"8F2A11"}, {"co2": 1188, "temperature": 22.31, "pressure": 1004})
    assert only(read("co2ampel/8F2A11/co2median", "1188")) == ({"8F2A11"}, {"co2": 1188})
    assert only(read("co2ampel/8F2A11/hum", "39")) == ({"8F2A11"}, {"humidity": 39})
    assert read("co2ampel/8F2A11/status", "WARMUP").kind is MessageKind.METADATA
    assert read("co2ampel", {"device": "8F2A11", "co2status": "WARMUP", "vbat": 4.05}).kind is MessageKind.METADATA


def test_igs_rooms_and_estimates():
    assert only(read("igs/environment/raum1/temp", "21.5")) == ({"raum1"}, {"temperature": 21.5})
    assert only(read("igs/environment/raum2/hum", "45")) == ({"raum2"}, {"humidity": 45})
    for name in ("co2eq", "bvoceq", "iaq", "vol", "gasresistance"):
        assert read(f"igs/environment/raum1/{name}", "600").kind is MessageKind.METADATA


def test_co2_gadget():
    assert only(read("CO2-Gadget-1/humi", "48.20")) == ({"CO2-Gadget-1"}, {"humidity": 48.2})
    assert only(read("school/co2gadget/co2", "1287")) == ({"co2gadget"}, {"co2": 1287})
    for name, text in (("status", "OK"), ("uptime", "3600"), ("voltage", "4.1"), ("green", "ON"), ("IP", "10.0.0.7")):
        assert read(f"CO2-Gadget-1/{name}", text).kind is MessageKind.METADATA
    assert read("CO2-Gadget-1/co2", "0").kind is MessageKind.REJECT
    assert read("CO2-Gadget-1/temp", "nan").kind is MessageKind.REJECT


def test_a_discovery_message_says_it_better():
    kit = Kit()
    told = {"~": "g", "state_topic": "~/temp", "device_class": "temperature", "unit_of_measurement": "°F"}
    kit.says("homeassistant/sensor/g/temp/config", told)
    assert values(kit.says("g/temp", "70.7")) == {"temperature": 21.5}


def test_a_bare_number_of_an_unknown_kit_is_not_guessed():
    assert read("heating/boiler/temperature", "71.2").kind is MessageKind.REJECT
