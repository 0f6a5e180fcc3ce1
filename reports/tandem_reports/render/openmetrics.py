"""Records as OpenMetrics text, for Prometheus and its like: a gauge for each figure, a sample for each case.

See the OpenMetrics specification, version 1.0: a unit is the end of its metric's name, and the text ends with
``# EOF``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tandem_reports.records.record import Figure, Record

UNITS = {"s": "seconds", "bytes": "bytes"}
#: Fields of a case that become labels.
LABELS = ("model", "backend", "precision", "batch", "device")


def render(records: Iterable[Record]) -> str:
    """All figures of the records. A case that failed or was skipped has none."""
    found = dict[str, dict[str, float]]()
    units = dict[str, str]()
    for record in records:
        for section in record.sections.values():
            for name, figure in section.figures.items():
                metric = metric_of(name, figure)
                units[metric] = UNITS.get(figure.unit, "")
                found.setdefault(metric, {})[labels(record)] = figure.value
    lines = [line for metric, samples in found.items() for line in family(metric, units[metric], samples)]
    return "\n".join([*lines, "# EOF", ""])


def family(metric: str, unit: str, samples: Mapping[str, float]) -> Iterable[str]:
    yield f"# TYPE {metric} gauge"
    if unit:
        yield f"# UNIT {metric} {unit}"
    yield from (f"{metric}{{{label}}} {value!r}" for label, value in samples.items())


def metric_of(name: str, figure: Figure) -> str:
    unit = UNITS.get(figure.unit, "")
    return "_".join(filter(None, ["tandem", name, unit]))


def labels(record: Record) -> str:
    """Labels of a case: its id, its scenario and what it consists of; the model by its name in ids."""
    fields = {name: record.case.get(name, "") for name in LABELS} | {"model": record.name}
    values = {"case": record.id, "scenario": record.scenario, **fields}
    return ",".join(f'{name}="{escaped(str(value))}"' for name, value in values.items())


def escaped(text: str) -> str:
    """A label's value, with backslashes, quotes and line ends escaped."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
