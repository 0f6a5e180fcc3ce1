"""Charts as pictures: PNG, SVG or PDF, made without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import vl_convert

from tandem_reports.charts.base import ON_WHITE, Chart, specification

#: Width of a picture, in pixels, and pixels of a PNG for each of them.
WIDTH, SCALE = 800, 2

#: Bytes of a picture from a chart in Vega-Lite's JSON, by the end of a file's name.
KINDS: dict[str, Callable[[str], bytes]] = {
    "png": lambda chart: vl_convert.vegalite_to_png(chart, scale=SCALE),
    "svg": lambda chart: vl_convert.vegalite_to_svg(chart).encode(),
    "pdf": vl_convert.vegalite_to_pdf,
}


def kind_of(path: Path) -> str:
    """The kind of a picture by its name. Raises ``ValueError`` for an unknown one."""
    name = path.suffix.removeprefix(".")
    if name not in KINDS:
        raise ValueError(f"{path}: {name!r} is not one of {', '.join(KINDS)}")
    return name


def draw(chart: Chart, path: Path) -> None:
    """Write a chart to a file, by the end of its name. Raises ``ValueError`` for an unknown kind."""
    make, found = KINDS[kind_of(path)], specification(chart, ON_WHITE)
    found["background"] = "white"
    found["title"] = chart.title
    if found.get("width") == "container":
        found["width"] = WIDTH
    path.write_bytes(make(json.dumps(found)))
