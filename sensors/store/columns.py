"""Points of one series as columns, and how columns are packed: 4,000 points in some 8 kB, unpacked in half a millisecond.

A packed block is one zlib stream over its columns, each: a letter for its form, its parameters, its values byte by byte
(all lowest bytes, then all second ones …, since neighbours resemble each other most in the same byte). Numbers of a few
decimals are packed as whole numbers. What comes out is to the last bit what went in.
"""

import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

_CODES: Final = {1: "b", 2: "h", 4: "i", 8: "q"}
_MOST_DECIMALS: Final = 6
_EXACT: Final = 2**53  # whole numbers up to here are exact as float


class Columns(NamedTuple):
    """Points in order of time; all lists have the same length."""

    times: list[int]
    values: list[float | None]
    durations: list[int]
    qualities: list[int]

    def part(self, start: int, stop: int | None = None) -> "Columns":
        """Return the points from one place to another."""
        cut = slice(start, stop)
        return Columns(self.times[cut], self.values[cut], self.durations[cut], self.qualities[cut])

    def add(self, more: "Columns") -> None:
        """Put later points behind these."""
        self.times.extend(more.times)
        self.values.extend(more.values)
        self.durations.extend(more.durations)
        self.qualities.extend(more.qualities)


def pack(columns: Columns) -> bytes:
    """Pack columns; raises OverflowError for a time or duration beyond 64 bits."""
    times, values, durations, qualities = columns
    return zlib.compress(
        pack_integers(times) + pack_numbers(values) + pack_integers(durations) + pack_integers(qualities)
    )


def unpack(block: bytes, count: int) -> Columns:
    """Return what `pack` was given."""
    reader = Reader(zlib.decompress(block), count)
    return Columns(reader.integers(), reader.numbers(), reader.integers(), reader.integers())


def pack_integers(numbers: Sequence[int]) -> bytes:
    """Pack whole numbers in the smallest of three forms: even steps, differences, or as they are."""
    if not numbers:
        return b"E"
    steps = [after - before for before, after in pairwise(numbers)]
    if not steps or (steps[0] == steps[-1] and len(set(steps)) == 1):
        return b"E" + struct.pack("<qq", numbers[0], steps[0] if steps else 0)
    forms = (
        b"D" + struct.pack("<q", numbers[0]) + _planes(steps),
        b"P" + _planes(numbers),
    )
    return min(forms, key=_compressed)


def pack_numbers(numbers: Sequence[float | None]) -> bytes:
    """Pack numbers, of which some may be absent."""
    absent = [place for place, number in enumerate(numbers) if number is None]
    present = [number for number in numbers if number is not None]
    head = struct.pack("<I", len(absent)) + (pack_integers(absent) if absent else b"")
    if not present:
        return head
    for decimals in range(_MOST_DECIMALS + 1):
        whole = _whole(present, float(10**decimals))
        if whole is not None:
            return head + b"S" + bytes([decimals]) + pack_integers(whole)
    return head + b"F" + _bytewise(array("d", present))


class Reader:
    """Reads packed columns of `count` rows one after the other."""

    def __init__(self, packed: bytes, count: int) -> None:
        self._packed = packed
        self._count = count
        self._at = 0

    def integers(self, count: int | None = None) -> list[int]:
        """Return the next column of whole numbers."""
        count = self._count if count is None else count
        form = self._take(1)
        if not count:
            return []
        if form == b"E":
            first, step = struct.unpack("<qq", self._take(16))
            return list(range(first, first + step * count, step)) if step else [first] * count
        if form == b"P":
            return self._planes(count)
        (first,) = struct.unpack("<q", self._take(8))
        return list(accumulate(self._planes(count - 1), initial=first))

    def numbers(self) -> list[float | None]:
        """Return the next column of numbers, None where absent."""
        (lacking,) = struct.unpack("<I", self._take(4))
        absent = self.integers(lacking) if lacking else []
        count = self._count - lacking
        found: list[float | None] = []
        if count and self._take(1) == b"S":
            scale = float(10 ** self._take(1)[0])
            found = [whole / scale for whole in self.integers(count)]
        elif count:
            found = list(self._array("d", 8, count))
        for place in absent:
            found.insert(place, None)
        return found

    def _planes(self, count: int) -> list[int]:
        width = self._take(1)[0]
        return list(self._array(_CODES[width], width, count))

    def _array(self, code: str, width: int, count: int) -> "array[Any]":
        planes = self._take(width * count)
        laid = bytearray(width * count)
        for place in range(width):
            laid[place::width] = planes[place * count : (place + 1) * count]
        made: array[Any] = array(code, bytes(laid))
        if sys.byteorder == "big":
            made.byteswap()
        return made

    def _take(self, size: int) -> bytes:
        taken = self._packed[self._at : self._at + size]
        self._at += size
        return taken


def _whole(numbers: list[float], scale: float) -> list[int] | None:
    """Return the numbers times `scale` as whole numbers, or None where that would change one."""
    whole = []
    for number in numbers:
        scaled = number * scale
        if not -_EXACT < scaled < _EXACT:
            return None
        rounded = round(scaled)
        if rounded / scale != number or (not rounded and str(number)[0] == "-"):
            return None
        whole.append(rounded)
    return whole


def _planes(numbers: Sequence[int]) -> bytes:
    lowest, highest = min(numbers), max(numbers)
    width = next((size for size in (1, 2, 4) if -(1 << 8 * size - 1) <= lowest and highest < 1 << 8 * size - 1), 8)
    return bytes([width]) + _bytewise(array(_CODES[width], numbers))


def _bytewise(numbers: "array[Any]") -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    laid = numbers.tobytes()
    return b"".join(laid[place :: numbers.itemsize] for place in range(numbers.itemsize))


def _compressed(packed: bytes) -> int:
    return len(zlib.compress(packed, 1))
