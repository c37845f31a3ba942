"""P1 telegrams: whole or not at all, by the type of meter, with the meter's own clock."""

import pytest

from sensors.kits.dsmr_raw import crc16_arc
from tests.sensors.kits.hearing import BRUSSELS, read, reasons, times, values

HEAD = ["/FLU5\\253769484_A", "", "0-0:96.1.4(50217)", "0-0:96.1.1(3153414700000001)"]


def telegram(*lines: str, at: str = "251026023000S", crc: str = "{:04X}", end: str = "\r\n") -> bytes:
    body = end.join([*HEAD, *([f"0-0:1.0.0({at})"] if at else []), *lines, "!"]).encode()
    return body + crc.format(crc16_arc(body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))).encode() + end.encode()


def gas(channel: int, at: str, value: str, *, kind: str = "003", register: str = "24.2.3") -> list[str]:
    return [f"0-{channel}:24.1.0({kind})", f"0-{channel}:96.1.1(37)", f"0-{channel}:{register}({at})({value})"]


@pytest.mark.parametrize("topic", ["dsmr/raw", "p1/telegram", "school/meter", "data/devices/utility_meter/telegram"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_telegram_is_known_by_what_it_is(topic, end):
    decoded = read(topic, telegram("1-0:1.8.1(000001.000*kWh)", "1-0:1.8.2(000002.500*kWh)", end=end))
    assert decoded.family == "dsmr_raw"
    assert values(decoded) == {"electricity_import": 3.5}
    assert decoded.readings[0].device == "3153414700000001"


@pytest.mark.parametrize(
    ("flagged", "utc"), [("251026023000S", "2025-10-26T00:30:00Z"), ("251026023000W", "2025-10-26T01:30:00Z")]
)
def test_the_doubled_hour_is_two_hours(flagged, utc):
    decoded = read("dsmr/raw", telegram("1-0:1.7.0(00.500*kW)", "1-0:2.7.0(00.100*kW)", at=flagged))
    assert values(decoded) == {"power": 400}
    assert times(decoded) == {"power": utc}


@pytest.mark.parametrize("clock", ["700101010000W", "000101000000W", "632525252525W"])
def test_a_clock_never_set_is_no_time(clock):
    assert times(read("dsmr/raw", telegram("1-0:1.7.0(00.500*kW)", at=clock))) == {"power_import": None}


def test_checksums_with_or_without_leading_zeros():
    for number in range(2000):
        lines = [f"1-0:1.8.0({number:010.3f}*kWh)"]
        if crc16_arc(telegram(*lines).partition(b"!")[0] + b"!") < 0x1000:
            break
    assert values(read("dsmr/raw", telegram(*lines, crc="{:X}"))) == {"electricity_import": number}
    assert values(read("dsmr/raw", telegram(*lines))) == {"electricity_import": number}


def test_a_damaged_telegram_is_refused_whole():
    good = telegram("1-0:1.8.0(000001.000*kWh)")
    assert "checksum is wrong" in reasons(read("dsmr/raw", good.replace(b"001.000", b"901.000")))
    assert "checksum is missing" in reasons(read("dsmr/raw", good[: good.index(b"!") + 1]))
    assert "no end mark" in reasons(read("dsmr/raw", good[: good.index(b"!")]))
    assert "begin like a telegram" in reasons(read("dsmr/raw", good[5:]))
    for at in range(len(good) - 6):
        assert not read("dsmr/raw", good[:at]).readings


def test_the_total_and_its_tariffs_are_never_added_up():
    lines = ["1-0:1.8.0(006545766*Wh)", "1-0:1.8.1(005017120*Wh)", "1-0:1.8.2(001528646*Wh)", "1-0:2.8.1(000000007*Wh)"]
    assert values(read("dsmr/raw", telegram(*lines))) == {
        "electricity_import": 6545.766,
        "electricity_export/t1": 0.007,
    }


def test_phases_and_the_history_of_peaks_are_passed_over():
    lines = [
        "1-0:1.4.0(02.351*kW)",
        "1-0:1.6.0(251009134500S)(02.589*kW)",
        "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(250901000000S)(250823192500S)(03.695*kW)",
        "1-0:1.7.0(00.700*kW)",
        "1-0:2.7.0(00.000*kW)",
        "1-0:21.7.0(00.300*kW)",
        "1-0:41.7.0(00.400*kW)",
        "0-0:17.0.0(999.9*kW)",
    ]
    decoded = read("dsmr/raw", telegram(*lines))
    assert values(decoded) == {"power": 700, "peak_power": 2589, "demand": 2351}
    assert times(decoded)["peak_power"] == "2025-10-09T11:45:00Z"


def test_a_peak_not_measured_yet_is_no_peak():
    decoded = read("dsmr/raw", telegram("1-0:1.6.0(632525252525W)(00.000*kW)", "1-0:1.7.0(00.100*kW)"))
    assert values(decoded) == {"power_import": 100}


def test_meters_are_known_by_type_not_by_channel():
    lines = [
        *gas(1, "251026022532S", "00389.732*m3", kind="007", register="24.2.1"),
        *gas(3, "251026022501S", "00012.345*m3"),
        *gas(4, "251026020000S", "0240.860*GJ", kind="004", register="24.2.1"),
        *gas(2, "251026020000S", "00001.000*m3", kind="006", register="24.2.1"),
    ]
    decoded = read("dsmr/raw", telegram(*lines))
    assert values(decoded) == {"water": 389.732, "gas": 12.345, "heat": 240.86, "water/warm": 1.0}
    assert times(decoded)["gas"] == "2025-10-26T00:25:01Z"


@pytest.mark.parametrize(
    "old",
    [
        gas(1, "170113170000W", "00001.287*m3"),  # replaced meter (home-assistant/core 56558)
        gas(1, "632525252525W", "00000.000*m3"),  # listed, never read
        gas(1, "700101010000W", "00000000"),  # removed, without a unit
    ],
)
def test_of_two_gas_meters_the_one_in_use_counts(old):
    lines = [*old, *gas(2, "251026022501S", "06805.499*m3")]
    assert values(read("dsmr/raw", telegram(*lines))) == {"gas": 6805.499}
    assert values(read("dsmr/raw", telegram(*lines[3:], *lines[:3]))) == {"gas": 6805.499}


def test_two_meters_in_use_stay_apart():
    lines = [*gas(1, "251026022001S", "00100.000*m3"), *gas(2, "251026022501S", "00200.000*m3")]
    assert values(read("dsmr/raw", telegram(*lines))) == {"gas/M-Bus 1": 100, "gas/M-Bus 2": 200}


def test_a_unit_is_never_guessed():
    decoded = read("dsmr/raw", telegram("1-0:1.8.0(000123.000)", "0-1:24.2.3(251026022501S)(00001.000*m3)"))
    assert not decoded.readings
    assert "unit unknown" in reasons(decoded)
    assert "what kind of meter" in reasons(decoded)


def test_dsmr_2_2_has_no_clock_and_its_gas_on_the_next_line():
    lines = ["1-0:1.8.1(00001.001*kWh)", "1-0:1.8.2(00002.001*kWh)", "0-1:24.1.0(3)"]
    lines += ["0-1:24.3.0(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)", "(00001.001)"]
    body = telegram(*lines, at="", crc="")
    assert values(read("dsmr/raw", body)) == {"electricity_import": 3.002, "gas": 1.001}
    assert times(read("dsmr/raw", body))["gas"] is None
    assert times(read("dsmr/raw", body, BRUSSELS)) == {"electricity_import": None, "gas": "2016-11-07T18:00:00Z"}


def test_a_meter_with_storage_numbers_behind_a_gateway_that_adds_lines():
    lines = ["/ESY5Q3DB1024 V3.04", "", "1-0:0.0.0*255(0272031312565)", "1-0:1.8.0*255(00052185.7825309*kWh)"]
    lines += ["1-0:2.8.0*255(00019949.3221493*kWh)", "1-0:21.7.0*255(000747.85*W)", "1-0:1.7.0*255(002124.86*W)"]
    lines += ["0-0:96.1.255*255(1ESY1313002565)", "!", "  25803103", "\xff\xff", ""]
    decoded = read("dsmr/raw", "\r\n".join(lines).encode("latin-1"))
    assert values(decoded) == {
        "electricity_import": 52185.782531,
        "electricity_export": 19949.322149,
        "power_import": 2124.86,
    }
    assert {one.device for one in decoded.readings} == {"1ESY1313002565"}


def test_a_net_power_keeps_its_sign():
    assert values(read("dsmr/raw", telegram("1-0:16.7.0(-00.350*kW)"))) == {"power": -350}
