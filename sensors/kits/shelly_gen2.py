"""Shelly, second generation and later: components as JSON on `<prefix>/status/…`, changes on `<prefix>/events/rpc`.

Energy is in watt-hours. A notification holds only what changed. `temperature:0` is the room on a sensor device, known by
its name or by its humidity, and the device itself on a meter; a component number from 100 on is an attached probe. A
clock that was never set gives small numbers, or `unixtime` null (shelly-api-docs.shelly.cloud/gen2, read 2026-11-24).
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, available, epoch, metadata, object_of, text_of
from sensors.reading import Decoded

_STATUS: Final = re.compile(r"(?P<prefix>.+)/status/(?P<component>[a-z0-9_]+(?::\d+)?)\Z")
_RPC: Final = re.compile(r"(?P<prefix>.+)/events/rpc\Z")
_ONLINE: Final = re.compile(r"(?P<prefix>.+)/online\Z")
_SENSOR_MODEL: Final = re.compile(r"ht(g\d)?(-|\Z)|shellyhtg?\d?|plusht")
_FIRST_PROBE: Final = 100


class _ShellyGen2:
    name = "shelly_gen2"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return bool(_STATUS.match(topic) or _RPC.match(topic) or _ONLINE.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:
        online = _ONLINE.match(message.topic)
        if online:
            return available(self.name, online["prefix"], text_of(message.payload))
        status = _STATUS.match(message.topic)
        if status:
            collector = Collector(self.name, status["prefix"])
            room = _is_sensor(context, status["prefix"], status["component"])
            _add_component(collector, status["component"], object_of(message.payload), room=room)
            return collector.decoded()
        held = object_of(message.payload)
        params = held.get("params")
        if str(held.get("method")) not in {"NotifyStatus", "NotifyFullStatus"} or not isinstance(params, dict):
            return metadata(self.name)
        device = held.get("src")
        collector = Collector(self.name, device if isinstance(device, str) else None, _time_of(params))
        room = _is_sensor(context, collector.device or "", *params)
        for component, values in params.items():
            if isinstance(values, dict):
                _add_component(collector, component, values, room=room)
        return collector.decoded()


def _time_of(params: dict[str, Any]) -> Stamp:
    system = params.get("sys")
    if isinstance(system, dict) and "unixtime" in system and not system["unixtime"]:
        return NO_TIME
    return epoch(params.get("ts")) if params.get("ts") is not None else NO_TIME


def _is_sensor(context: Context, device: str, *components: str) -> bool:
    """Say whether a device measures the room: by its name, or since it has ever reported humidity."""
    if _SENSOR_MODEL.search(device.lower()):
        return True
    key = f"shelly_gen2:sensor:{device}"
    if "humidity:0" in components:
        context.remember(key, True)
    return context.recall(key) is True


def _add_component(collector: Collector, component: str, values: dict[str, Any], *, room: bool) -> None:
    kind, _, number = component.partition(":")

    def add(quantity: str, value: Any, unit: str, channel: str | None) -> None:
        if value is not None:
            collector.add(quantity, value, unit, channel=channel)

    match kind:
        case "em":
            add("power", values.get("total_act_power"), "W", None)
        case "emdata":
            add("electricity_import", values.get("total_act"), "Wh", None)
            add("electricity_export", values.get("total_act_ret"), "Wh", None)
        case "em1":
            add("power", values.get("act_power"), "W", number)
        case "em1data":
            add("electricity_import", values.get("total_act_energy"), "Wh", number)
            add("electricity_export", values.get("total_act_ret_energy"), "Wh", number)
        case "switch" | "pm1" | "cover" | "light" | "rgb" | "rgbw" | "cct":
            add("power", values.get("apower"), "W", number)
            for key, quantity in (("aenergy", "electricity_import"), ("ret_aenergy", "electricity_export")):
                energy = values.get(key)
                if isinstance(energy, dict):
                    add(quantity, energy.get("total"), "Wh", number)
        case "temperature" if room or (number.isdigit() and int(number) >= _FIRST_PROBE):
            add("temperature", values.get("tC"), "C", number if number != "0" else None)
        case "humidity":
            add("humidity", values.get("rh"), "%", number if number != "0" else None)
        case "devicepower":
            battery, outside = values.get("battery"), values.get("external")
            powered = isinstance(outside, dict) and outside.get("present") is True
            if isinstance(battery, dict) and not powered:
                add("battery", battery.get("percent"), "%", None)


FAMILY: Final = _ShellyGen2()
