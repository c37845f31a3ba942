"""What a name means with and without a unit: bare numbers of ESPHome, Home Assistant, Homie and Sparkplug."""

import pytest

from sensors.kits.naming import Meaning, meaning_of


@pytest.mark.parametrize(
    ("name", "unit", "device_class", "expected"),
    [
        ("klas_co2", None, None, Meaning("co2", "ppm")),
        ("carbon_dioxide", None, None, Meaning("co2", "ppm")),
        ("CO₂", None, None, Meaning("co2", "ppm")),
        ("klas_eco2", "ppm", "carbon_dioxide", None),
        ("co2_equivalent", "ppm", None, None),
        ("estimated_co2", "ppm", None, None),
        ("voc", "ppm", "volatile_organic_compounds_parts", None),
        ("room_temperature", "°F", "temperature", Meaning("temperature", "°F")),
        ("esp32_temperature", "°C", "temperature", None),
        ("esp32_klas_temperature", "°C", "temperature", Meaning("temperature", "°C")),
        ("internal_temperature", "°C", "temperature", None),
        ("dew_point", "°C", "temperature", None),
        ("target_temperature", "°C", "temperature", None),
        ("absolute_humidity", "g/m³", "humidity", None),
        ("humid", "%", None, Meaning("humidity", "%")),
        ("abs_humid", "g/m³", None, None),
        ("co2_est", "ppm", None, None),
        ("heat_index", "°C", "temperature", None),
        ("power", None, None, Meaning("power", None)),
        ("power", "W", None, Meaning("power", "W")),
        ("apparent_power", "VA", "apparent_power", None),
        ("total_power", "kVA", None, None),
        ("power_factor", None, None, None),
        ("power_consumed_phase_1", "kW", "power", Meaning("power_import", "kW", "l1")),
        ("power_returned_l3", "kW", "power", Meaning("power_export", "kW", "l3")),
        ("power_produced", "kW", "power", Meaning("power_export", "kW")),
        ("dsmr_energy_delivered_tariff2", None, None, Meaning("electricity_import", "kWh", "t2")),
        ("energy_produced_tariff_1", "kWh", "energy", Meaning("electricity_export", "kWh", "t1")),
        ("energy_delivered_lux", "kWh", "energy", Meaning("electricity_import", "kWh")),
        ("energy", "kWh", None, Meaning("electricity_import", "kWh")),
        ("energy", None, None, Meaning("electricity_import", None)),
        ("daily_energy", "kWh", "energy", None),
        ("energy_today", "kWh", "energy", None),
        ("solar_energy", "kWh", "energy", None),
        ("peak_month_maximum_quarterly_demand", "kW", "power", Meaning("peak_power", "kW")),
        ("peak_current_average_quarterly_demand", "kW", "power", None),
        ("peak_13_month_maximum_quarterly_demand", "kW", "power", None),
        ("gas_consumed_belgium", None, None, Meaning("gas", "m3")),
        ("gas_resistance", "Ω", None, None),
        ("water_flow", "L/min", "water", None),
        ("water_meter", "L", "water", Meaning("water", "L")),
        ("uptime", "s", "duration", None),
        ("temperature_unit", None, None, None),
    ],
)
def test_a_name_and_its_unit(name, unit, device_class, expected):
    assert meaning_of(name, unit=unit, device_class=device_class) == expected


def test_where_a_name_stands_counts():
    assert meaning_of("temperature", unit="°C", place="system/cpu") is None
    assert meaning_of("temperature", unit="°C", place="thermostat/setpoint") is None
    assert meaning_of("temperature", unit="°C", place="climate") == Meaning("temperature", "°C")
