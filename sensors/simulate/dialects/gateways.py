"""Air sensors behind a gateway: Zigbee2MQTT, Bluetooth through OpenMQTTGateway, LoRaWAN through The Things Stack."""

from datetime import UTC, datetime
from typing import Final

from sensors.simulate.dialects.base import Column, Device, Dialect, Moment, Outgoing, air_columns, packed, rounded

_BEACON: Final = (*air_columns(humidity=0), Column("", "pressure", "pressure", 1), Column("", "battery", "battery", 0))
_AM103: Final = (*air_columns(), Column("", "battery", "battery", 0))


def _label(device: Device) -> str:
    return device.label


def _address(device: Device) -> str:
    return device.serial.upper()


def _zigbee_birth(device: Device) -> tuple[Outgoing, ...]:
    return (Outgoing(f"zigbee2mqtt/{device.label}/availability", b'{"state":"online"}', qos=1, retain=True),)


def _zigbee_will(_: Device) -> Outgoing:
    return Outgoing("zigbee2mqtt/bridge/state", b'{"state":"offline"}', qos=1, retain=True)


def _zigbee_report(moment: Moment) -> tuple[Outgoing, ...]:
    payload = {
        "co2": rounded(moment.sense["co2"], 0),
        "formaldehyd": 1,
        "humidity": rounded(moment.sense["humidity"], 1),
        "last_seen": int(moment.at_s * 1000),
        "linkquality": 140,
        "temperature": rounded(moment.sense["temperature"], 1),
        "voc": 2,
    }
    return (Outgoing(f"zigbee2mqtt/{moment.device.label}", packed(payload), qos=1),)


ZIGBEE2MQTT: Final = Dialect(
    "zigbee2mqtt", air_columns(), _zigbee_report, birth=_zigbee_birth, will=_zigbee_will, channel=_label
)
"""A Tuya air box behind Zigbee2MQTT; friendly names may hold blanks and signs."""


def _aranet_report(moment: Moment) -> tuple[Outgoing, ...]:
    address = moment.device.serial.upper()
    celsius = rounded(moment.sense["temperature"], 1)
    payload = {
        "id": ":".join(address[at : at + 2] for at in range(0, 12, 2)),
        "rssi": -71,
        "brand": "Aranet",
        "model": "Aranet4 CO₂ Monitor",
        "model_id": "ARANET4",
        "type": "AIR",
        "tempc": celsius,
        "tempf": round(celsius * 9 / 5 + 32, 2),
        "hum": rounded(moment.sense["humidity"], 0),
        "pres": rounded(moment.sense["pressure"], 1),
        "co2": rounded(moment.sense["co2"], 0),
        "batt": rounded(moment.sense["battery"], 0),
    }
    return (Outgoing(f"home/TheengsGateway/BTtoMQTT/{address}", packed(payload)),)


ARANET: Final = Dialect("openmqttgateway", _BEACON, _aranet_report, channel=_address)
"""An Aranet4 heard over Bluetooth; degrees in C and in F."""


def _lorawan_report(moment: Moment) -> tuple[Outgoing, ...]:
    received = datetime.fromtimestamp(moment.at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"
    application = "klimaat"
    payload = {
        "end_device_ids": {
            "device_id": moment.device.label,
            "application_ids": {"application_id": application},
            "dev_eui": f"0200{moment.device.serial.upper()}",
            "join_eui": "0200000000000000",
            "dev_addr": "260B0001",
        },
        "correlation_ids": [f"gs:uplink:{moment.device.serial}-{moment.sequence}"],
        "received_at": received,
        "uplink_message": {
            "session_key_id": "AYfDemoDemoDemoDemo==",
            "f_port": 85,
            "f_cnt": moment.sequence,
            "frm_payload": "AQ==",
            "decoded_payload": {
                "battery": rounded(moment.sense["battery"], 0),
                "temperature": rounded(moment.sense["temperature"], 1),
                "humidity": rounded(moment.sense["humidity"], 1),
                "co2": rounded(moment.sense["co2"], 0),
            },
            "rx_metadata": [{"gateway_ids": {"gateway_id": "school-gw"}, "rssi": -93, "snr": 7.8}],
            "received_at": received,
            "consumed_airtime": "0.056576s",
            "version_ids": {"brand_id": "milesight-iot", "model_id": "am103", "band_id": "EU_863_870"},
        },
    }
    return (Outgoing(f"v3/{application}@ttn/devices/{moment.device.label}/up", packed(payload)),)


LORAWAN: Final = Dialect("ttn_v3", _AM103, _lorawan_report, channel=_label)
"""A Milesight AM103 through The Things Stack v3: an envelope with the server's time to the nanosecond."""
