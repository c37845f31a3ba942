"""Meters: the Belgian P1 telegram raw, DSMR-reader, HomeWizard through a bridge, Shelly Pro 3EM."""

from datetime import UTC, datetime
from typing import Final

from sensors.periods import BRUSSELS
from sensors.simulate.dialects.base import Column, Device, Dialect, Moment, Outgoing, packed

_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
_CRC_POLYNOMIAL: Final = 0xA001  # CRC-16/ARC, reflected


def crc16_arc(content: bytes) -> int:
    """Checksum of a P1 telegram from `/` up to and including `!` (DSMR 5.0.2, chapter 6.2: CRC16, x16+x15+x2+1)."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ _CRC_POLYNOMIAL if crc & 1 else crc >> 1
    return crc


# Only what a decoder must yield; registers and phases beside the total would be counted twice by a careless reader.
_FLUVIUS: Final = (
    Column("", "electricity_import", "import_kwh", 3),
    Column("", "electricity_export", "export_kwh", 3),
    Column("", "power", "power_w", 0),
    Column("", "demand", "demand_w", 0, step_s=_DAY_S),
    Column("", "peak_power", "peak_w", 0, time_field="peak_at_s"),
    Column("", "gas", "gas_m3", 3, time_field="quarter_s", step_s=_HOUR_S),
    Column("", "water", "water_m3", 3, time_field="quarter_s", step_s=_HOUR_S),
)
_IN_AND_OUT: Final = (
    Column("", "electricity_import", "import_kwh", 3),
    Column("", "electricity_export", "export_kwh", 3),
    Column("", "power", "power_w", 0),
)
_PANELS: Final = (
    Column("", "electricity_export", "pv_kwh", 5),
    Column("", "electricity_import", "pv_standby_kwh", 5, step_s=_DAY_S),
    Column("", "power", "pv_power_w", 1),
)


def _prefix(device: Device) -> str:
    return f"shellypro3em-{device.serial}"


def _p1_time(moment_s: float) -> str:
    """YYMMDDhhmmss with S or W for summer and winter time."""
    local = datetime.fromtimestamp(int(moment_s), UTC).astimezone(BRUSSELS)
    return local.strftime("%y%m%d%H%M%S") + ("S" if local.dst() else "W")


def _wall(moment_s: float) -> str:
    return datetime.fromtimestamp(int(moment_s), UTC).astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M:%S")


def _telegram_report(moment: Moment) -> tuple[Outgoing, ...]:
    quarter, peak_at = _p1_time(moment.sense["quarter_s"]), _p1_time(moment.sense["peak_at_s"])
    import_kw, export_kw = moment.sense["import_w"] / 1000, moment.sense["export_w"] / 1000
    serial = f"1SAGDEMO{moment.device.number % 1_000_000:06d}"
    lines = [
        "/FLU5\\253769484_A",
        "",
        "0-0:96.1.4(50217)",
        f"0-0:96.1.1({serial.encode().hex().upper()})",
        f"0-0:1.0.0({_p1_time(moment.at_s)})",
        f"1-0:1.8.1({moment.sense['import_t1_kwh']:010.3f}*kWh)",
        f"1-0:1.8.2({moment.sense['import_t2_kwh']:010.3f}*kWh)",
        f"1-0:2.8.1({moment.sense['export_t1_kwh']:010.3f}*kWh)",
        f"1-0:2.8.2({moment.sense['export_t2_kwh']:010.3f}*kWh)",
        f"1-0:1.4.0({moment.sense['demand_w'] / 1000:06.3f}*kW)",
        f"1-0:1.6.0({peak_at})({moment.sense['peak_w'] / 1000:06.3f}*kW)",
        f"0-0:96.14.0({int(moment.sense['tariff']):04d})",
        f"1-0:1.7.0({import_kw:06.3f}*kW)",
        f"1-0:2.7.0({export_kw:06.3f}*kW)",
        "1-0:32.7.0(233.1*V)",
        "0-0:96.13.0()",
        "0-1:24.1.0(003)",
        "0-1:96.1.1(37464C4F44454D4F303030303031)",
        "0-1:24.4.0(1)",
        f"0-1:24.2.3({quarter})({moment.sense['gas_m3']:09.3f}*m3)",
        "0-2:24.1.0(007)",
        "0-2:96.1.1(3853414744454D4F303030303031)",
        f"0-2:24.2.1({quarter})({moment.sense['water_m3']:09.3f}*m3)",
        "!",
    ]
    content = "\r\n".join(lines).encode()
    return (Outgoing("dsmr/raw", content + f"{crc16_arc(content):04X}\r\n".encode()),)


P1_TELEGRAM: Final = Dialect("dsmr_raw", _FLUVIUS, _telegram_report)
"""The P1 port of a Fluvius meter, passed on as it is: tariff 1 is day, gas on M-Bus 1, water on M-Bus 2."""


def _dsmr_reader_report(moment: Moment) -> tuple[Outgoing, ...]:
    payload = {
        "id": moment.sequence,
        "timestamp": datetime.fromtimestamp(int(moment.at_s), UTC).astimezone(BRUSSELS).isoformat(),
        "electricity_delivered_1": round(moment.sense["import_t1_kwh"], 3),
        "electricity_returned_1": round(moment.sense["export_t1_kwh"], 3),
        "electricity_delivered_2": round(moment.sense["import_t2_kwh"], 3),
        "electricity_returned_2": round(moment.sense["export_t2_kwh"], 3),
        "electricity_currently_delivered": round(moment.sense["import_w"] / 1000, 3),
        "electricity_currently_returned": round(moment.sense["export_w"] / 1000, 3),
        "extra_device_timestamp": None,
        "extra_device_delivered": None,
    }
    return (Outgoing("dsmr/json", packed(payload), qos=2, retain=True),)


DSMR_READER: Final = Dialect("dsmr_reader", _IN_AND_OUT, _dsmr_reader_report)
"""DSMR-reader's JSON: kW, time with offset, retained."""


def _homewizard_report(moment: Moment) -> tuple[Outgoing, ...]:
    quarter = _wall(moment.sense["quarter_s"])
    payload = {
        "protocol_version": 50,
        "meter_model": "DEMO",
        "unique_id": moment.device.serial.upper(),
        "timestamp": _wall(moment.at_s),
        "tariff": int(moment.sense["tariff"]),
        "energy_import_kwh": round(moment.sense["import_kwh"], 3),
        "energy_import_t1_kwh": round(moment.sense["import_t1_kwh"], 3),
        "energy_import_t2_kwh": round(moment.sense["import_t2_kwh"], 3),
        "energy_export_kwh": round(moment.sense["export_kwh"], 3),
        "power_w": round(moment.sense["power_w"]),
        "average_power_15m_w": round(moment.sense["demand_w"]),
        "monthly_power_peak_w": round(moment.sense["peak_w"]),
        "monthly_power_peak_timestamp": _wall(moment.sense["peak_at_s"]),
        "external": [
            {
                "unique_id": "4744454D4F0001",
                "type": "gas_meter",
                "timestamp": quarter,
                "value": round(moment.sense["gas_m3"], 3),
                "unit": "m3",
            },
            {
                "unique_id": "5744454D4F0001",
                "type": "water_meter",
                "timestamp": quarter,
                "value": round(moment.sense["water_m3"], 3),
                "unit": "m3",
            },
        ],
    }
    return (Outgoing("homewizard/p1/measurement", packed(payload), qos=1),)


HOMEWIZARD: Final = Dialect("homewizard", _FLUVIUS, _homewizard_report)
"""HomeWizard P1, API v2, carried to MQTT by a bridge; times are wall-clock times without a zone."""


def _shelly_birth(device: Device) -> tuple[Outgoing, ...]:
    return (Outgoing(f"{_prefix(device)}/online", b"true", qos=1, retain=True),)


def _shelly_will(device: Device) -> Outgoing:
    return Outgoing(f"{_prefix(device)}/online", b"false", qos=1, retain=True)


def _shelly_report(moment: Moment) -> tuple[Outgoing, ...]:
    third = round(moment.sense["pv_phase_w"], 1)
    meter = {"id": 0} | {
        f"{phase}_{name}": value
        for phase in "abc"
        for name, value in (("voltage", 231.0), ("act_power", third), ("pf", 0.99), ("freq", 50.0))
    }
    meter["total_act_power"] = round(moment.sense["pv_power_w"], 1)
    given, taken = (round(moment.sense[field] * 1000, 2) for field in ("pv_kwh", "pv_standby_kwh"))
    counters = {"id": 0, "total_act": taken, "total_act_ret": given}
    return (
        Outgoing(f"{_prefix(moment.device)}/status/em:0", packed(meter), qos=1),
        Outgoing(f"{_prefix(moment.device)}/status/emdata:0", packed(counters), qos=1),
    )


SHELLY_EM: Final = Dialect("shelly_gen2", _PANELS, _shelly_report, birth=_shelly_birth, will=_shelly_will)
"""A Shelly Pro 3EM on the cable of the solar panels: Wh, not kWh; what they give counts as returned, so W are below zero."""
