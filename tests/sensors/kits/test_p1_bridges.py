"""DSMR-reader, plan-d's dongle and dsmr2mqtt: the same meter, three ways of saying it."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import BRUSSELS, read, reasons, times, values

METER = "data/devices/utility_meter"


def test_dsmr_reader_writes_decimals_as_text_and_gas_with_its_own_time():
    decoded = read(
        "dsmr/json",
        {
            "timestamp": "2026-01-15T10:29:58+01:00",
            "electricity_delivered_1": "4423.770",
            "electricity_delivered_2": "2607.237",
            "electricity_returned_1": "1194.693",
            "electricity_returned_2": "755.554",
            "electricity_currently_delivered": "0.000",
            "electricity_currently_returned": "0.204",
            "phase_currently_returned_l1": "0.491",
            "extra_device_timestamp": "2026-01-15T10:25:00+01:00",
            "extra_device_delivered": "734.607",
        },
    )
    assert values(decoded) == {
        "electricity_import": 7031.007,
        "electricity_export": 1950.247,
        "power": -204,
        "gas": 734.607,
    }
    assert times(decoded)["power"] == "2026-01-15T09:29:58Z"
    assert times(decoded)["gas"] == "2026-01-15T09:25:00Z"


def test_dsmr_reader_never_gives_half_a_sum():
    decoded = read("dsmr/json", {"electricity_delivered_1": "nan", "electricity_delivered_2": 2.5})
    assert values(decoded) == {"electricity_import/t2": 2.5}
    assert "not a number" in reasons(decoded)
    assert values(read("dsmr/json", {"electricity_currently_delivered": 0.3})) == {"power_import": 300}


@pytest.mark.parametrize(
    "topic",
    [
        "dsmr/day-totals/electricity1",
        "dsmr/current-month/gas",
        "dsmr/current-period/electricity_merged",
        "dsmr/meter-stats/electricity_tariff",
        "dsmr/reading/phase_currently_delivered_l1",
        "dsmr/reading/timestamp",
        "dsmr/consumption/gas/currently_delivered",
        "dsmr/consumption/quarter-hour-peak-electricity/average_delivered",
    ],
)
def test_dsmr_reader_totals_of_periods_are_no_meters(topic):
    decoded = read(topic, "12.5")
    assert (decoded.family, decoded.kind, decoded.readings) == ("dsmr_reader", MessageKind.METADATA, ())


def test_dsmr_reader_in_topics():
    assert values(read("dsmr/reading/electricity_returned_2", "0.011")) == {"electricity_export/t2": 0.011}
    assert values(read("dsmr/reading/electricity_currently_returned", "1.5")) == {"power_export": 1500}
    assert values(read("dsmr/reading/extra_device_delivered", "956.212")) == {"gas": 956.212}
    assert read("dsmr/reading/extra_device_delivered", "None").kind is MessageKind.METADATA
    gas = read("dsmr/consumption/gas/json", {"read_at": "2026-01-15T10:25:00", "delivered": 1.5}, BRUSSELS)
    assert times(gas) == {"gas": "2026-01-15T09:25:00Z"}


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        (
            "total_energy_injected",
            {"value": 12.5, "unit": "kWh", "timestamp": 1698923748},
            {"electricity_export": 12.5},
        ),
        ("total_consumption_t2", {"value": 270.01, "unit": "kWh", "timestamp": 1}, {"electricity_import/t2": 270.01}),
        ("total_injection_t1", "0", {"electricity_export/t1": 0}),
        ("total_consumption_day", "301.55", {"electricity_import/t1": 301.55}),
        ("active_power_injection", {"value": 1.2, "unit": "kW"}, {"power_export": 1200}),
        ("total_active_power", "-1.2", {"power": -1200}),
        ("maximum_demand_current_month", {"value": 3.06, "unit": "kW", "timestamp": 5}, {"peak_power": 3060}),
        ("current_average_demand", "0.05", {"demand": 50}),
        ("heat", {"value": 12.5, "unit": "GJ"}, {"heat": 12.5}),
        ("voltage_phase_1", {"value": 232.9, "unit": "V"}, {}),
        ("active_tariff_period", "1", {}),
    ],
)
def test_the_dongle_of_plan_d(name, payload, expected):
    assert values(read(f"{METER}/{name}", payload)) == pytest.approx(expected)


def test_the_dongle_says_no_unit_for_heat():
    assert "unit unknown" in reasons(read(f"{METER}/heat", {"value": 240.86, "timestamp": 1698923748}))
    assert "no number" in reasons(read(f"{METER}/water_consumption", '{"value":NaN}'))
    assert read(METER, "online").readings[0].value == "online"


def test_dsmr2mqtt_counts_in_thousandths():
    decoded = read(
        "dsmr/el",
        {"el_consumed1": 16230145.0, "el_consumed2": 7449542.0, "el_returned1": 5.0, "p_consumed": 0.0,
         "p_generated": 250.0, "P1_generated": 250.0, "serial": "33", "timestamp": 1708542164},
    )  # fmt: skip
    assert values(decoded) == {"electricity_import": 23679.687, "electricity_export/t1": 0.005, "power": -250}
    assert values(read("dsmr/gas", {"gas_consumed": 10142194.0, "timestamp": 0})) == {"gas": 10142.194}
    assert times(read("dsmr/gas", {"gas_consumed": 1.0, "timestamp": 0})) == {"gas": None}
    assert read("dsmr/status", "offline").readings[0].value == "offline"
    assert read("dsmr/system", {"dsmr_version": "50"}).kind is MessageKind.METADATA
