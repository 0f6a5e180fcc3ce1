"""HTML of a page: templates, with everything that a browser needs written into the file."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from platformdirs import user_cache_path

from tandem_reports.charts import Group
from tandem_reports.charts.base import ON_PAGE, Chart, specification
from tandem_reports.render.verdicts import tally


def make(template: str, data: dict[str, Any], **context: Any) -> str:
    """The page of a template. ``data`` are what its script reads; every text is escaped."""
    return _environment().get_template(template).render(
        data=embedded(data),
        style=Markup(_text("page.css")),
        script=Markup(_text("page.js")),
        vega=Markup(_vega()),
        **context,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tandem_reports", "page/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = linked
    environment.globals["case_link"] = case_link
    environment.globals["tally"] = tally
    return environment


def _vega() -> str:
    """The JavaScript of Vega, Vega-Lite and Vega-Embed. To make it takes a second, so it is kept."""
    kept = user_cache_path("tandem-reports") / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError):
        return kept.read_text(encoding="utf-8")
    found = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # not as its stub has it
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        scratch = kept.with_name(f".{kept.name}.{os.getpid()}")
        scratch.write_text(found, encoding="utf-8")
        scratch.replace(kept)
    return found


def _text(name: str) -> str:
    return files("tandem_reports").joinpath("page", "templates", name).read_text(encoding="utf-8")


def drawn(group: Group) -> dict[str, Any]:
    """A group of charts as a template reads it."""
    found = [described(chart, group.name) for chart in group.charts]
    return {"name": group.name, "title": group.title, "charts": found}


def described(chart: Chart, place: str) -> dict[str, Any]:
    """A chart as the page reads it; ``place`` makes its id unique."""
    return {
        "id": f"chart-{place}-{chart.name}",
        "title": chart.title,
        "caption": chart.caption,
        "spec": specification(chart, ON_PAGE),
    }


def embedded(values: Any) -> Markup:
    """Values as JSON inside a script element: no text in them can end it."""
    text = json.dumps(finite(values), allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def finite(values: Any) -> Any:
    """The values, with None for what JSON has no number for."""
    if isinstance(values, float):
        return values if math.isfinite(values) else None
    if isinstance(values, dict):
        return {str(name): finite(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [finite(value) for value in values]
    return values


def linked(text: str, cases: Collection[str]) -> Markup:
    """A sentence whose cases are links to their rows."""
    words = re.split(r"(\s+|[,.;:]+(?=\s|$))", text)
    return Markup("").join(case_link(word) if word in cases else escape(word) for word in words)


def case_link(case: str) -> Markup:
    """A link that opens a case."""
    return Markup('<a href="#{}" data-case>{}</a>').format(quote(case), case)
