"""A chart: its data, and its marks in the grammar of Vega-Lite, which know neither colours nor a size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from tandem_reports.records.record import Record
from tandem_reports.render.table import short_names

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of some cases. ``rows`` are all of its data: what is drawn can be downloaded."""

    name: str
    title: str
    #: What the chart shows, and how to read it.
    caption: str
    rows: Sequence[Row]
    marks: alt.LayerChart | alt.Chart | alt.FacetChart | alt.HConcatChart


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their use; one for each runtime, in the order of the run."""

    ink: str
    faint: str
    runtimes: Sequence[str]


RUNTIMES = 10
#: Height of the row of a case, in pixels.
STEP = 22
#: For pictures, on white. Each colour has a contrast of at least 3 to white (WCAG 2.2, 1.4.11).
ON_WHITE = Palette(
    "#1f2328",
    "#8b929a",
    ("#0b62b4", "#b34700", "#1a7f4b", "#a3318f", "#7a6200", "#c1121f", "#3d5a80", "#6f4fc4", "#007a87",
     "#5c5c5c"),
)  # fmt: skip
#: For the page, which has other colours at night: properties of its style sheet.
ON_PAGE = Palette("var(--ink)", "var(--faint)", [f"var(--runtime-{number})" for number in range(RUNTIMES)])


def of_rows() -> alt.Chart:
    """A chart of the rows, to be given marks."""
    return alt.Chart(alt.NamedData(name="rows"))


def constant() -> alt.Chart:
    """A chart without rows, for a line that stands where it stands."""
    return alt.Chart()


def specification(chart: Chart, palette: Palette) -> dict[str, Any]:
    """The chart in the JSON of Vega-Lite; its rows are the data set ``rows``."""
    # The tests validate: it would take most of the time.
    found: dict[str, Any] = chart.marks.to_dict(validate=False)
    found.setdefault("datasets", {})["rows"] = list(chart.rows)
    if found.get("width") == "container":
        found["autosize"] = {"type": "fit-x", "contains": "padding"}
    found["config"] = _config(palette)
    found["description"] = f"{chart.title}. {chart.caption}"
    return found


def _config(palette: Palette) -> dict[str, Any]:
    words = {"labelColor": palette.ink, "titleColor": palette.ink, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {
            **words, "gridColor": palette.faint, "gridOpacity": 0.35, "tickColor": palette.faint,
            "domainColor": palette.faint, "labelLimit": 260,
        },
        "header": {**words, "labelFontWeight": "bold", "labelOrient": "top", "labelAnchor": "start"},
        "legend": {
            **words, "orient": "top", "columns": 3, "symbolOpacity": 1, "symbolBaseFillColor": palette.ink,
        },
        "point": {"color": palette.ink},
        "title": {"color": palette.ink, "anchor": "start"},
        "text": {"color": palette.ink, "aria": False},
        "rule": {"color": palette.ink, "aria": False},
        "tick": {"color": palette.ink, "aria": False},
        "range": {"category": list(palette.runtimes)},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a chart; ``runtimes`` are those of the whole run: each has one colour in all charts."""

    records: Sequence[Record]
    runtimes: Sequence[str]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Cases:
        """All cases of a run."""
        return cls(records, list(dict.fromkeys(each.backend for each in records)))

    def only(self, records: Sequence[Record]) -> Cases:
        """Some of these cases."""
        return Cases(records, self.runtimes)

    def rows(self) -> list[tuple[Record, Row]]:
        """Each case, with the columns that all charts of cases have."""
        names = short_names(self.records)
        return [
            (
                each,
                {
                    "case": each.id,
                    "label": names[each.id],
                    "runtime": each.backend,
                    "precision": each.precision,
                    "batch": each.batch,
                },
            )
            for each in self.records
        ]

    def colour(self) -> alt.Color:
        """A colour for each runtime; with a legend, since a colour alone tells nothing."""
        here = {each.backend for each in self.records}
        legend = alt.Legend(values=[each for each in self.runtimes if each in here])
        return alt.Color("runtime:N", title=None, scale=alt.Scale(domain=list(self.runtimes)), legend=legend)

    def shape(self) -> alt.Shape:
        """A shape for each precision."""
        found = list(dict.fromkeys(each.precision for each in self.records))
        return alt.Shape("precision:N", title=None, scale=alt.Scale(domain=found))


def tips(*fields: str) -> list[alt.Tooltip]:
    """What a pointer shows on a mark: the columns by their names, numbers with three digits."""
    return [
        alt.Tooltip(f"{name}:{kind}", format=".3~g" if kind == "Q" else alt.Undefined)
        for name, _, kind in (field.partition(":") for field in ("case:N", *fields))
    ]
