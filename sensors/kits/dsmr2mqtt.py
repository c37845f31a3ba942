"""dsmr2mqtt: `dsmr/el` in Wh and W, `dsmr/gas` in litres, whatever its documentation calls them."""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, epoch, object_of, text_of
from sensors.reading import Decoded

_TOPICS: Final = frozenset({"dsmr/el", "dsmr/gas", "dsmr/water", "dsmr/heat", "dsmr/status"})


class _Dsmr2Mqtt:
    name = "dsmr2mqtt"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic in _TOPICS

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if message.topic == "dsmr/status":
            return available(self.name, None, text_of(message.payload))
        held = object_of(message.payload)
        serial = held.get("serial")
        collector = Collector(self.name, str(serial) if serial is not None else None, epoch(held.get("timestamp")))
        for quantity, key in (("electricity_import", "el_consumed"), ("electricity_export", "el_returned")):
            parts = [held.get(f"{key}1"), held.get(f"{key}2")]
            if held.get(key) is not None:
                collector.add(quantity, held[key], "Wh")
            elif all(isinstance(part, int | float) for part in parts):
                collector.add(quantity, sum(parts), "Wh")
        drawn, given = held.get("p_consumed"), held.get("p_generated")
        if isinstance(drawn, int | float) and isinstance(given, int | float):
            collector.add("power", drawn - given, "W")
        for quantity, key in (("gas", "gas_consumed"), ("water", "water_consumed")):
            if held.get(key) is not None:
                collector.add(quantity, held[key], "l")
        return collector.decoded()


FAMILY: Final = _Dsmr2Mqtt()
