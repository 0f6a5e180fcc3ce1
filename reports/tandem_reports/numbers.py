"""Numbers on the command line, as types for ``argparse``, which names the option."""

from __future__ import annotations

import argparse
import re

#: As large as any number may be, seconds, gigabytes or processes: more is a slip, and overflows somewhere.
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
    """NaN where it is none, which no comparison holds for."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
