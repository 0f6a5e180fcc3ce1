"""Types of numbers for ``argparse``, which adds the option's name to their errors."""

from __future__ import annotations

import argparse
import re

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


def _number(text: str) -> float:
    """The number in a text; NaN if it is none, since no comparison holds for NaN."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
