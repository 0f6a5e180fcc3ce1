"""Types of numbers for ``argparse``, which adds the option's name to their errors. All raise its error."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping

#: Largest number of seconds, gigabytes or processes: a larger one is a slip, and overflows somewhere.
MOST = 1e9


def whole(text: str) -> int:
    """A whole number from 1."""
    if re.fullmatch(r"[0-9]+", text) and 0 < float(text) <= MOST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")


def positive(text: str) -> float:
    """A number above 0."""
    if 0 < (number := _number(text)) <= MOST:
        return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")


def not_negative(text: str) -> float:
    """A number from 0."""
    if 0 <= (number := _number(text)) <= MOST:
        return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")


#: Factors of units, in seconds and in bytes.
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
BYTES = {"B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9}


def duration(text: str) -> float:
    """Seconds of a duration such as ``20ms``."""
    return _with_unit(text, SECONDS, "20ms")


def size(text: str) -> float:
    """Bytes of a size such as ``500MB``."""
    return _with_unit(text, BYTES, "500MB")


def share(text: str) -> float:
    """A share such as ``1%``, or ``0.01``."""
    number, scale = text.strip(), 1.0
    if number.endswith("%"):
        number, scale = number[:-1], 0.01
    if 0 <= (found := _number(number)) <= MOST:
        return found * scale
    raise argparse.ArgumentTypeError(f"{text!r} is not a share, such as 1%")


def _with_unit(text: str, units: Mapping[str, float], example: str) -> float:
    found = re.fullmatch(r"\s*([0-9.]+)\s*([A-Za-z]+)\s*", text)
    if found and found[2] in units and 0 < (number := _number(found[1])) <= MOST:
        return number * units[found[2]]
    known = ", ".join(units)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number and its unit, such as {example} ({known})")


def below(text: str) -> tuple[int, float]:
    """The percentile and the seconds of a bound such as ``p99<50ms``."""
    found = re.fullmatch(r"\s*p([0-9]{1,2})\s*<\s*(.+)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentile and its limit, such as p99<50ms")
    return int(found[1]), duration(found[2])


def _number(text: str) -> float:
    """The number in a text; NaN if it is none, since no comparison holds for NaN."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


#: By unit of a figure: the factor, and the unit that people read.
UNITS = {"s": (1e3, "ms"), "bytes": (1e-6, "MB"), "FLOP": (1e-9, "GFLOP")}


def shown(unit: str) -> tuple[float, str]:
    """The factor and the unit in which people read figures of a unit."""
    return UNITS.get(unit, (1.0, unit))


def scaled(value: float | None, scale: float) -> str:
    """A value with three significant digits; empty if there is none."""
    if value is None:
        return ""
    rounded = float(f"{value * scale:.3g}")
    return f"{rounded:.0f}" if rounded.is_integer() else f"{rounded}"


def told(value: float | None, unit: str) -> str:
    """A value with its unit, as people read it; empty if there is none."""
    scale, word = shown(unit)
    return f"{scaled(value, scale)} {word}".strip() if value is not None else ""
