"""Air sensors that speak for themselves: our own format, Tasmota, ESPHome, AirGradient, CO2Monitor."""

from datetime import UTC, datetime
from typing import Final

from sensors.periods import BRUSSELS
from sensors.simulate.dialects.base import Device, Dialect, Moment, Outgoing, air_columns, packed, rounded

_ESPHOME_SENSORS: Final = (
    ("co2", "CO2", "carbon_dioxide", "ppm", "co2", 0),
    ("temperatuur", "Temperatuur", "temperature", "°C", "temperature", 1),
    ("vochtigheid", "Vochtigheid", "humidity", "%", "humidity", 1),
)


def _own_birth(_: Device) -> tuple[Outgoing, ...]:
    return (Outgoing("s", b"online", qos=1, retain=True),)


def _own_will(_: Device) -> Outgoing:
    return Outgoing("s", b"offline", qos=1, retain=True)


def _own_report(moment: Moment) -> tuple[Outgoing, ...]:
    payload = {
        "v": 1,
        "seq": moment.sequence,
        "boot": 1,
        "t": int(moment.at_s),
        "up": moment.sequence * 60,
        "co2": rounded(moment.sense["co2"], 0),
        "temp": rounded(moment.sense["temperature"], 2),
        "rh": rounded(moment.sense["humidity"], 1),
    }
    return (Outgoing("r", packed(payload), qos=1),)


OWN: Final = Dialect("own", air_columns(temperature=2), _own_report, birth=_own_birth, will=_own_will)
"""Our own firmware: `r` with QoS 1, not retained, and a retained state `s` that is also the will."""


def _tasmota_birth(device: Device) -> tuple[Outgoing, ...]:
    return (Outgoing(f"tele/{device.label}/LWT", b"Online", retain=True),)


def _tasmota_will(device: Device) -> Outgoing:
    return Outgoing(f"tele/{device.label}/LWT", b"Offline", retain=True)


def _tasmota_report(moment: Moment) -> tuple[Outgoing, ...]:
    wall = datetime.fromtimestamp(moment.at_s, UTC).astimezone(BRUSSELS)
    payload = {
        "Time": wall.strftime("%Y-%m-%dT%H:%M:%S"),
        "SCD40": {
            "CarbonDioxide": rounded(moment.sense["co2"], 0),
            "eCO2": rounded(moment.sense["co2"] * 1.02 + 8, 0),
            "Temperature": rounded(moment.sense["temperature"], 1),
            "Humidity": rounded(moment.sense["humidity"], 1),
            "DewPoint": rounded(moment.sense["temperature"] - (100 - moment.sense["humidity"]) / 5, 1),
        },
        "TempUnit": "C",
    }
    return (Outgoing(f"tele/{moment.device.label}/SENSOR", packed(payload)),)


TASMOTA: Final = Dialect(
    "tasmota", air_columns(channel="SCD40"), _tasmota_report, birth=_tasmota_birth, will=_tasmota_will
)
"""Tasmota with an SCD40: wall-clock time without a zone, and an eCO2 that is not CO2."""


def _esphome_birth(device: Device) -> tuple[Outgoing, ...]:
    discovery = tuple(
        Outgoing(
            f"homeassistant/sensor/{device.label}/{object_id}/config",
            packed(
                {
                    "dev_cla": device_class,
                    "unit_of_meas": unit,
                    "stat_cla": "measurement",
                    "name": name,
                    "stat_t": f"{device.label}/sensor/{object_id}/state",
                    "avty_t": f"{device.label}/status",
                    "uniq_id": f"{device.serial}-sensor-{object_id}",
                    "dev": {"ids": device.serial, "name": device.label, "sw": "2025.8.0", "mf": "espressif"},
                }
            ),
            retain=True,
        )
        for object_id, name, device_class, unit, _, _ in _ESPHOME_SENSORS
    )
    return (*discovery, Outgoing(f"{device.label}/status", b"online", retain=True))


def _esphome_will(device: Device) -> Outgoing:
    return Outgoing(f"{device.label}/status", b"offline", retain=True)


def _esphome_report(moment: Moment) -> tuple[Outgoing, ...]:
    return tuple(
        Outgoing(
            f"{moment.device.label}/sensor/{object_id}/state",
            f"{moment.sense[field]:.{decimals}f}".encode(),
            retain=True,
        )
        for object_id, _, _, _, field, decimals in _ESPHOME_SENSORS
    )


ESPHOME: Final = Dialect("esphome", air_columns(), _esphome_report, birth=_esphome_birth, will=_esphome_will)
"""ESPHome: bare retained numbers whose units are only in the discovery messages."""


def _airgradient_report(moment: Moment) -> tuple[Outgoing, ...]:
    payload = {
        "wifi": -52,
        "serialno": moment.device.serial,
        "rco2": rounded(moment.sense["co2"], 0),
        "pm01": 3,
        "pm02": 6,
        "pm10": 7,
        "atmpCompensated": rounded(moment.sense["temperature"], 2),
        "rhumCompensated": rounded(moment.sense["humidity"], 1),
        "tvocIndex": 100,
        "noxIndex": 1,
        "boot": moment.sequence,
        "bootCount": moment.sequence,
        "ledMode": "co2",
        "firmware": "3.1.9",
        "model": "I-9PSL",
    }
    return (Outgoing(f"airgradient/readings/{moment.device.serial}", packed(payload)),)


AIRGRADIENT: Final = Dialect("airgradient", air_columns(temperature=2), _airgradient_report)
"""AirGradient ONE: flat JSON, raw and compensated values side by side."""


def _short_number(device: Device) -> str:
    return str(device.number % 1000)


def _co2monitor_birth(device: Device) -> tuple[Outgoing, ...]:
    return (Outgoing(f"co2monitor/{_short_number(device)}/up/status", b'{"online":true}', retain=True),)


def _co2monitor_will(device: Device) -> Outgoing:
    return Outgoing(f"co2monitor/{_short_number(device)}/up/status", b'{"online":false}', retain=True)


def _co2monitor_report(moment: Moment) -> tuple[Outgoing, ...]:
    payload = {
        "co2": rounded(moment.sense["co2"], 0),
        "temperature": f"{moment.sense['temperature']:.1f}",
        "humidity": f"{moment.sense['humidity']:.1f}",
    }
    return (Outgoing(f"co2monitor/{_short_number(moment.device)}/up/sensors", packed(payload)),)


CO2MONITOR: Final = Dialect(
    "co2monitor",
    air_columns(),
    _co2monitor_report,
    birth=_co2monitor_birth,
    will=_co2monitor_will,
    channel=_short_number,
)
"""CO2Monitor of New Zealand schools: numbers and strings mixed."""
