"""What is known of the spread between processes: from this run, and from the saved runs of this machine.

Three invocations say little about how far processes differ: by chance they lie close together, or far
apart. But a case was measured before, and other cases of its runtime were. So its variance is moderated by
theirs (empirical Bayes): see ``variances.typical``. A case that certainly varies more than that, or less,
keeps the variance of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tandem_reports.judging.speeds import of_runs
from tandem_reports.records.record import Figure, Record, Section
from tandem_reports.statistics import Centre, spread, trimmed
from tandem_reports.variances import UNKNOWN, Variance, of_earlier, typical

#: Name of the detail that states where the degrees of freedom of each interval come from.
DETAIL = "moderation"
#: Name of the detail with two speeds of the processes.
SPEEDS = "speeds"
#: A ratio that is moderated beside the judged figure of each section.
SPEEDUP = "speedup"
#: The judged figure of a case beside the yardstick.
COST = "cost"

#: Degrees of freedom of a guess.
GUESSED = 4
#: Most degrees of freedom of what is known. The machine varies more in one hour than in another, and rare
#: disturbances make the tails of the invocations heavier than normal ones.
WORTH = 8

#: Family and id of a case, with the variance of the logarithms of its invocations.
Row = tuple[str, str, Variance]


class Known:
    """Variances by family and by case. A family is a figure of a runtime on a device."""

    def __init__(
        self, rows: Iterable[Row] = (), costs: Mapping[str, Sequence[Sequence[float]]] | None = None
    ) -> None:
        self._past: dict[str, dict[str, Variance]] = defaultdict(dict)
        self._now: dict[str, dict[str, Variance]] = defaultdict(dict)
        self._typical: dict[tuple[str, str], Variance] = {}
        self._costs = costs or {}
        runs: dict[tuple[str, str], list[Variance]] = defaultdict(list)
        for family, case, variance in rows:
            runs[family, case].append(variance)
        for (family, case), earlier in runs.items():
            self._past[family][case] = of_earlier(earlier)

    def learn(self, record: Record) -> None:
        """Take a finished case of this run into account, for the other cases."""
        for family, case, variance in variances(record):
            self._now[family][case] = variance
        self._typical.clear()

    def moderate(self, record: Record) -> Record:
        """The record with moderated intervals, and a detail on where their degrees of freedom come from.

        Another detail tells two speeds of its processes, if they have them.
        """
        sections = {name: self._moderated(record, section) for name, section in record.sections.items()}
        return replace(record, sections=sections)

    def _moderated(self, record: Record, section: Section) -> Section:
        figures, told = dict(section.figures), dict[str, dict[str, float]]()
        for name in moderated(section):
            figure = figures[name]
            case, runtime = limited(*self._of(record, name))
            known, own = case + runtime, spread(logarithms(figure))
            if known.degrees and own.degrees:
                taken = own.moderated(known) != own
                told[name] = {
                    "own": own.degrees,
                    "case": case.degrees if taken else 0.0,
                    "runtime": runtime.degrees if taken else 0.0,
                    "variance": known.value if taken else 0.0,
                }
                figures[name] = interval(figure, trimmed(logarithms(figure), known, figure.within))
        details = section.details | ({DETAIL: told} if told else {}) | self._speeds(record, section)
        return replace(section, figures=figures, details=details)

    def _speeds(self, record: Record, section: Section) -> dict[str, Any]:
        """The two speeds of its processes in this run and the saved ones."""
        cost, turn_s = section.figures.get(COST), section.details.get("turn_s")
        if cost is None or turn_s is None:
            return {}
        found = of_runs([*self._costs.get(record.id, ()), cost.values])
        if found is None:
            return {}
        return {
            SPEEDS: {
                "fast_s": found.fast * turn_s,
                "slow_s": found.slow * turn_s,
                "share": found.share,
                "processes": found.count,
            }
        }

    def _of(self, record: Record, name: str) -> tuple[Variance, Variance]:
        """The variance of the case in earlier runs, and that of its runtime in other cases."""
        family = family_of(record, name)
        found = self._past[family].get(record.id, UNKNOWN), self._of_others(family, record.id)
        if not (name == SPEEDUP and other_side(record)):
            return found
        # Runs in tandem are not saved. There, a case varies on both sides as it does beside the yardstick, or
        # less: what the machine does meanwhile is the same for both. So this is a guess, which counts where
        # the other cases of this run tell less.
        alone = family_of(record, COST)
        past = self._past[alone].get(record.id, UNKNOWN).times(2).at_most(GUESSED)
        guess = past, self._of_others(alone, record.id).times(2).at_most(GUESSED - past.degrees)
        return max(found, guess, key=lambda told: told[0].degrees + told[1].degrees)

    def _of_others(self, family: str, case: str) -> Variance:
        key = family, case
        if key not in self._typical:
            past, now = self._past[family], self._now[family]
            others = (past.keys() | now.keys()) - {case}
            found = [past.get(name, UNKNOWN) + now.get(name, UNKNOWN) for name in sorted(others)]
            self._typical[key] = typical(found)
        return self._typical[key]


def limited(case: Variance, runtime: Variance) -> tuple[Variance, Variance]:
    """What both tell, together worth ``WORTH`` degrees of freedom at most."""
    share = min(1.0, WORTH / ((case + runtime).degrees or WORTH))
    return case.at_most(share * case.degrees), runtime.at_most(share * runtime.degrees)


def variances(record: Record) -> Iterator[Row]:
    """What a record tells about its families."""
    for section in record.sections.values():
        for name in moderated(section):
            own = spread(logarithms(section.figures[name]))
            if own.degrees:
                yield family_of(record, name), record.id, own


def moderated(section: Section) -> list[str]:
    """Names of the figures with a value of each process, all of them above 0."""
    names = dict.fromkeys((section.judged, SPEEDUP))
    found = {name: section.figures[name].values for name in names if name in section.figures}
    return [name for name, values in found.items() if values and min(values) > 0]


def family_of(record: Record, name: str) -> str:
    """The figure, with the other side of a ratio, the runtime and the device.

    In tandem a case meets itself, wherever that comes from.
    """
    against = ""
    if name == SPEEDUP:
        against = "itself" if other_side(record) else record.detail("reference", "")
    return " ".join(filter(None, [record.scenario, name, against, record.backend, record.device]))


def other_side(record: Record) -> bool:
    """True if a case was timed in turn with itself on another side."""
    other = record.detail("other")
    return bool(other) and not other["missing"]


def centre(record: Record, name: str) -> Centre:
    """The centre of a figure's logarithms, with what was known of their variance when it was measured."""
    figure = record.figure(name)
    assert figure, f"{record.id} has no {name}"
    return trimmed(logarithms(figure), known_of(record, name), figure.within)


def known_of(record: Record, name: str) -> Variance:
    """What other runs and other cases told of the variance of a figure when it was measured."""
    told = record.detail(DETAIL, {}).get(name)
    return Variance(told["variance"], told["case"] + told["runtime"]) if told else UNKNOWN


def logarithms(figure: Figure) -> list[float]:
    return [math.log(value) for value in figure.values]


def interval(figure: Figure, centre: Centre) -> Figure:
    half = centre.half_width()
    return replace(
        figure,
        value=math.exp(centre.mean),
        low=math.exp(centre.mean - half),
        high=math.exp(centre.mean + half),
    )
