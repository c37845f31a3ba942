"""AirGradient ONE: `airgradient/readings/<serial>`; the compensated values are the ones to show."""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, metadata, object_of
from sensors.reading import Decoded

_BASE: Final = "airgradient/readings/"
_VALUES: Final = (
    ("co2", ("rco2",), "ppm"),
    ("temperature", ("atmpCompensated", "atmp"), "C"),
    ("humidity", ("rhumCompensated", "rhum"), "%"),
)


class _AirGradient:
    name = "airgradient"
    gateway = False
    best_effort = True

    def claims(self, topic: str) -> bool:
        return topic.startswith("airgradient/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if not message.topic.startswith(_BASE):
            return metadata(self.name)
        held = object_of(message.payload)
        collector = Collector(self.name, message.topic.removeprefix(_BASE).partition("/")[0])
        for quantity, keys, unit in _VALUES:
            value = next((held[key] for key in keys if held.get(key) is not None), None)
            if value is not None:
                collector.add(quantity, value, unit)
        return collector.decoded()


FAMILY: Final = _AirGradient()
