"""Findings in words: a rule goes from the records of a run to sentences, each with its evidence.

A rule is silent if the intervals do not carry its sentence. A few rules rest on single values, and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tandem_reports.findings import cost, loads, requests, scale, serving, speed, video
from tandem_reports.findings.base import Finding, Found
from tandem_reports.records.record import Record

#: Findings of one rule at most.
MOST = 3
#: In the order in which a reader needs them.
RULES: tuple[Callable[[Found], Iterable[Finding]], ...] = (
    cost.refused,
    cost.leaking,
    requests.slow_samples,
    requests.budget,
    requests.prepared_otherwise,
    requests.colder,
    serving.most,
    serving.cores_taken,
    serving.stays_away,
    video.breaks_first,
    video.ended,
    video.larger,
    loads.batches_formed,
    loads.tails,
    loads.all_at_once,
    loads.generator,
    speed.without_gain,
    speed.quantised_batches,
    speed.graph_runtime,
    speed.scripting,
    speed.tensorrt,
    scale.batching,
    scale.knees,
    scale.threads_in_vain,
    speed.falling_throughput,
    speed.near_roof,
    speed.jitter,
    speed.two_speeds,
    cost.pruned_in_vain,
    cost.unpaid_build,
    cost.memory_of_a_sample,
)


def find(records: Sequence[Record], machine: Mapping[str, Any]) -> list[Finding]:
    """The findings of all rules."""
    run = Found(records, machine)
    return [each for rule in RULES for each in _few(list(rule(run)))]


def of_run(records: Sequence[Record], environment: Mapping[str, Any]) -> list[Finding]:
    """The findings of a run, of each of its machines apart."""
    machines = environment.get("machines") or {"": environment}
    own = {name: [each for each in records if each.machine in ("", name)] for name in machines}
    return [each for name, one in machines.items() for each in find(own[name], one.get("machine", {}))]


def _few(found: list[Finding]) -> list[Finding]:
    """The first few of one rule. The last of them states how many more there are."""
    if len(found) <= MOST:
        return found
    more = f"({len(found) - MOST} more like it.)"
    return [*found[: MOST - 1], replace(found[MOST - 1], advice=f"{found[MOST - 1].advice} {more}".strip())]
