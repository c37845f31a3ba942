"""Our own format, for firmware of our own and for makers.

`kits/<kit-id>/r` (QoS 1, not retained) holds an object, or an array of them to fill in later what could not be sent:
`{"v":1,"seq":n,"boot":b,"t":epoch_s|null,"up":s,"co2":ppm,"temp":°C,"rh":%}`, and for meters `"p":W,"e_imp":kWh,
"e_exp":kWh,"gas":m³,"water":m³,"heat":GJ`; also `"press":hPa` and `"batt":%`. `kits/<kit-id>/s` is a retained will:
`online` or `offline`.
"""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, epoch, json_of, rejected, text_of
from sensors.reading import Decoded, MessageKind

VERSION: Final = 1
_MOST_RECORDS: Final = 2_500
_KEYS: Final = {
    "co2": ("co2", "ppm"), "temp": ("temperature", "C"), "rh": ("humidity", "%"), "press": ("pressure", "hPa"),
    "batt": ("battery", "%"), "p": ("power", "W"), "e_imp": ("electricity_import", "kWh"),
    "e_exp": ("electricity_export", "kWh"), "gas": ("gas", "m3"), "water": ("water", "m3"), "heat": ("heat", "GJ"),
}  # fmt: skip


class _Own:
    name = "own"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic in {"r", "s"}

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if message.kit is None:
            return None
        if message.topic == "s":
            return available(self.name, message.kit, text_of(message.payload))
        held = json_of(message.payload)
        records = held if isinstance(held, list) else [held]
        if len(records) > _MOST_RECORDS:
            return rejected(self.name, "message", f"more than {_MOST_RECORDS} records in one message; send fewer")
        collector = Collector(self.name, message.kit)
        for at, record in enumerate(records):
            self._add(collector, record, f"record {at + 1}" if isinstance(held, list) else "message")
        return collector.decoded(otherwise=MessageKind.METADATA)

    @staticmethod
    def _add(collector: Collector, record: Any, what: str) -> None:
        if not isinstance(record, dict):
            collector.reject(what, "not an object")
            return
        if record.get("v") != VERSION or isinstance(record.get("v"), bool):
            collector.reject(what, f'"v" must be {VERSION}, the version of the format')
            return
        stamp = epoch(record.get("t"))
        for key, (quantity, unit) in _KEYS.items():
            if record.get(key) is not None:
                collector.add(quantity, record[key], unit, stamp=stamp)


FAMILY: Final = _Own()
