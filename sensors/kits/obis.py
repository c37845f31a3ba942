"""Lines of a P1 telegram: OBIS codes of electricity, and M-Bus devices by their type.

Belgian meters (Fluvius, e-MUCS P1 1.7.1): tariff 1 is day, 2 is night. The M-Bus channel is whatever the installer
chose, so a device is known by its type: 003 gas, 007 water, 004 and 012 heat, 006 warm water.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensors.kits.parsing import NO_TIME, Collector, Stamp, local_time
from sensors.reading import TimeBasis

_VALUE: Final = re.compile(r"(-?[\d.]+)(?:\*([A-Za-z0-9³]+))?\Z")
_TIME: Final = re.compile(r"(\d{12})([SW])?\Z")
_GROUPS: Final = re.compile(r"\(([^()]*)\)")
# Years in two digits: no P1 port is older than 2001 or will live in 2070, so these are clocks never set.
_YEARS_OF_UNSET_CLOCKS: Final = (2000, *range(2070, 2100))
# Medium 0-0 or 1-0; code -> quantity, channel.
ELECTRICITY: Final = {
    "1.8.0": ("electricity_import", None), "1.8.1": ("electricity_import", "t1"), "1.8.2": ("electricity_import", "t2"),
    "2.8.0": ("electricity_export", None), "2.8.1": ("electricity_export", "t1"), "2.8.2": ("electricity_export", "t2"),
    "1.7.0": ("power_import", None), "2.7.0": ("power_export", None), "1.4.0": ("demand", None),
    "1.6.0": ("peak_power", None),
}  # fmt: skip
MBUS: Final = {
    "003": ("gas", None), "007": ("water", None), "006": ("water", "warm"), "004": ("heat", None),
    "012": ("heat", None), "00C": ("heat", None),
}  # fmt: skip


def groups_of(line: str) -> tuple[str, list[str]]:
    """Return the code of a line, without the storage number that some meters add, and what stands in its brackets."""
    code, bracket, _rest = line.partition("(")
    return code.strip().removesuffix("*255"), [group.strip() for group in _GROUPS.findall(line)] if bracket else []


def value_of(group: str) -> tuple[str, str | None] | None:
    """Return the number and unit of a bracket, as written."""
    match = _VALUE.match(group)
    return (match.group(1), match.group(2)) if match else None


def wall_clock(text: str) -> datetime | None:
    """Return the local time of YYMMDDhhmmss with or without S or W; None when it is impossible or was never set."""
    match = _TIME.match(text)
    if match is None:
        return None
    try:
        moment = datetime.strptime("20" + match.group(1), "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone is the letter
    except ValueError:
        return None
    return None if moment.year in _YEARS_OF_UNSET_CLOCKS else moment


def telegram_time(text: str, zone: ZoneInfo | None) -> Stamp:
    """Read YYMMDDhhmmss with S (summer) or W (winter); without either it is a naive local time."""
    moment = wall_clock(text)
    if moment is None:
        return NO_TIME
    if text[-1] not in "SW":
        return local_time(moment, zone)
    offset = timedelta(hours=2 if text[-1] == "S" else 1)
    return (moment - offset).replace(tzinfo=UTC), TimeBasis.EXPLICIT


def add_line(collector: Collector, line: str, zone: ZoneInfo | None = None) -> bool:
    """Add what one line of electricity says, as a message of its own; say whether it was one."""
    code, groups = groups_of(line)
    known = ELECTRICITY.get(code.partition(":")[2]) if code.startswith(("1-0:", "1-1:")) else None
    if known is None or not groups:
        return False
    value = value_of(groups[-1])
    if value is None:
        collector.reject(code, f"{groups[-1][:40]!r} is not a value with a unit")
        return True
    stamp = telegram_time(groups[0], zone) if len(groups) > 1 else None
    collector.add(known[0], value[0], value[1], channel=known[1], stamp=stamp)
    return True
