"""The commands on stored runs: each prints, writes files, and returns an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tandem_reports import drawing, publishing
from tandem_reports.judging import prices, suites
from tandem_reports.judging.baseline import read_gate, read_policy
from tandem_reports.judging.best import BOUNDED, Limit, by_latency, by_throughput, choose, read_bound
from tandem_reports.judging.gate import judge
from tandem_reports.judging.history import History
from tandem_reports.judging.loads import needed_by, served
from tandem_reports.judging.session import find_missing
from tandem_reports.judging.synthetic import CASES
from tandem_reports.judging.tradeoff import is_choice, ordered
from tandem_reports.queueing import arrivals
from tandem_reports.queueing.capacity import Wanted
from tandem_reports.records import saved
from tandem_reports.render import best as rendering
from tandem_reports.render import capacity as rendering_capacity
from tandem_reports.render import csv, formats, rates, table, tradeoff, trend, verdicts
from tandem_reports.render.grid import named
from tandem_reports.variances import UNKNOWN


def compare(folder: Path, arguments: argparse.Namespace) -> int:
    before, now = (saved.read(saved.find(folder, name)) for name in (arguments.before, arguments.now))
    policy = read_policy(arguments.gate, arguments.gate_strict, len(now.records))
    spreads = History(folder).spreads(now.settings)
    found = [judge(now, case, before, policy, spreads.get(case, UNKNOWN)) for case in now.records]
    found += find_missing(dict.fromkeys(before.records, before), now.selection, now.records, {})
    judged = [verdict.to_dict() for verdict in found]
    say(verdicts.render(judged))
    if judged:
        say(verdicts.READ)
    told = {verdict.case for verdict in found}
    if left := [case for case in before.records if case not in told]:
        say(f"\n{now.name} was not asked for {named(left)} of {before.name}")
    if arguments.page:
        drawing.comparison(before, now, judged, arguments.page)
        say(f"\nwritten: {arguments.page}")
    failing = read_gate(arguments.gate) is not None
    return int(failing and any(map(policy.fails, found)))


def history(folder: Path, arguments: argparse.Namespace) -> int:
    drawing.demand_drawable(arguments.plot)
    runs = History(folder)
    trends, damages, others = runs.trends(arguments.case), runs.damages(), runs.left_out()
    if trends:
        say(trend.render(trends))
    elif names := ", ".join(each.case for each in runs.trends()):
        say(f"no saved run in {folder} has an undisturbed case {arguments.case!r}; they have: {names}")
    else:
        how = "pytest benches --benchmark-autosave saves one"
        say(f"{folder} has no saved run with an undisturbed case: {how}")
    if others:
        say(f"saved runs with other settings than the newest, such as --threads, left out: {others}")
    for path, draw in ((arguments.plot, drawing.trends), (arguments.page, drawing.trends_page)):
        if path and trends:
            draw(trends, path)
            say(f"\nwritten: {path}")
    for damage in damages:
        say(f"error: {damage}")
    return int(bool(damages) or not trends)


def promote(folder: Path, arguments: argparse.Namespace) -> int:
    path = saved.find(folder, arguments.run)
    blemishes = saved.read(path).blemishes
    saved.promote(path)
    forgiven = f"; it forgives {', '.join(blemishes)}" if blemishes else ""
    say(f"{path} is the baseline until a later good run is saved{forgiven}")
    return 0


def show_table(_folder: Path, arguments: argparse.Namespace) -> int:
    run = arguments.told
    others = [record for record in run.records if record.status == "ok" and not is_choice(record)]
    records = [record for record in run.records if record not in others]
    timed = ordered(list(filter(is_choice, records)), arguments.sort)
    everything = [*timed, *(record for record in records if record.status != "ok")]
    if arguments.format == "csv":
        say(csv.render(everything))
    elif arguments.format == "json":
        say(json.dumps([record.to_dict() for record in everything], indent=1))
    elif timed or not others:
        say(tradeoff.render(records, run.settings["reference"], arguments.sort, arguments.format))
    if others and arguments.format in tradeoff.STYLES:
        say(table.render(others, tradeoff.STYLES[arguments.format]))
    return int(not timed and not others)


def page(_folder: Path, arguments: argparse.Namespace) -> int:
    say(f"written: {drawing.page(arguments.folder, arguments.told)}")
    return 0


def plot(_folder: Path, arguments: argparse.Namespace) -> int:
    target = arguments.to or arguments.folder / "plots"
    kinds = [kind.strip().lower() for kind in arguments.format.split(",")]
    found = drawing.pictures(arguments.folder, arguments.told, kinds, arguments.chart, target)
    for path in found:
        say(f"written: {path}")
    return 0


def best(_folder: Path, arguments: argparse.Namespace) -> int:
    """Exit code 1 if a model has no case within the limits."""
    run, given = arguments.told, vars(arguments)
    words = {name: given[name.replace("-", "_")] for name in BOUNDED}
    limits = [read_limit(name, text) for name, text in words.items() if text is not None]
    order = by_latency
    if arguments.throughput_at is not None:
        limits.append(read_bound(arguments.throughput_at))
        order = by_throughput
    choices = choose(run.records, limits, order, prices.read(arguments.price or (), run.records))
    show = rendering.to_json if arguments.format == "json" else rendering.render
    say(show(choices, run.environment["command"]) if choices else table.empty(run.records))
    return int(not choices or not all(choice.qualified for choice in choices))


def capacity(_folder: Path, arguments: argparse.Namespace) -> int:
    """Exit code 1 if no case of the run holds the bound, or none has times of service."""
    percent, seconds = arguments.bound
    wanted = Wanted(arguments.rate, percent, seconds, arrivals.read(arguments.arrivals))
    found = [(record, needed_by(record, wanted)) for record in arguments.told.records if served(record)]
    if not found:
        say(
            "no case of this run has times of service: pytest benches/bench_queue.py, or bench_load.py "
            "--scenarios server"
        )
        return 1
    say(rendering_capacity.render(found, wanted))
    return int(all(each.services is None for _, each in found))


def read_limit(name: str, text: str) -> Limit:
    """The limit of an option. Raises ``ValueError``, which names the option."""
    try:
        return Limit(f"--{name} {text}", BOUNDED[name], BOUNDED[name].read(text))
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"--{name}: {error}") from error


def render(_folder: Path, arguments: argparse.Namespace) -> int:
    for name, text in formats.render(arguments.told).items():
        (arguments.folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        say(f"written: {arguments.folder / name}")
    return 0


def keep(_folder: Path, arguments: argparse.Namespace) -> int:
    say(f"copied to {publishing.publish(arguments.folder, arguments.told, arguments.to)}")
    return 0


def simulate(_folder: Path, arguments: argparse.Namespace) -> int:
    """Exit code 1 if suites without a change alarm more often than they may."""
    drawing.demand_drawable(arguments.plot)
    points = suites.all_points(arguments.suites, arguments.saved)
    say(rates.simulated(points, CASES))
    if arguments.plot:
        drawing.gates(suites.curves(arguments.suites, arguments.saved), arguments.plot)
        say(f"\nwritten: {arguments.plot}")
    quiet = [point for point in points if not point.planted]
    return int(any(point.certainly_alarming for point in quiet))


def show_rates(_folder: Path, arguments: argparse.Namespace) -> int:
    logs = dict.fromkeys(log.resolve() for log in arguments.logs)  # a log that is named twice counts once
    say(rates.render(outcome for log in logs for outcome in rates.read(log)))
    return 0


def warn(damages: Sequence[str]) -> int:
    """Print what was left out, beside the output of the command; the exit code for it."""
    for line in damages:
        sys.stderr.write(f"error: {line}\n")
    return int(bool(damages))


def say(text: str) -> None:
    """Print a text, with question marks for letters that the terminal's locale does not have."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))  # noqa: T201  # a command line's output
