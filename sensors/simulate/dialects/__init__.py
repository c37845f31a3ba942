"""How simulated kits speak: each family's real topics and payloads, as its firmware publishes them."""

from typing import Final

from sensors.simulate.dialects.base import Dialect
from sensors.simulate.dialects.electricity import DSMR_READER, HOMEWIZARD, P1_TELEGRAM, SHELLY_EM
from sensors.simulate.dialects.gateways import ARANET, LORAWAN, ZIGBEE2MQTT
from sensors.simulate.dialects.rooms import AIRGRADIENT, CO2MONITOR, ESPHOME, OWN, TASMOTA

DIALECTS: Final[dict[str, Dialect]] = {
    dialect.name: dialect
    for dialect in (
        OWN,
        TASMOTA,
        ESPHOME,
        AIRGRADIENT,
        CO2MONITOR,
        ZIGBEE2MQTT,
        ARANET,
        LORAWAN,
        P1_TELEGRAM,
        DSMR_READER,
        HOMEWIZARD,
        SHELLY_EM,
    )
}
"""By the name of the kit family."""
