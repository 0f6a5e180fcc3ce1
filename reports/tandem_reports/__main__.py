"""Saved runs, without measuring: ``tandem table``, ``tandem history`` and so on."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from tandem_reports import drawing, installing, publishing
from tandem_reports.judging.baseline import DEFAULT_GATE, Unusable, machine_folder, read_gate, read_policy
from tandem_reports.judging.best import BOUNDED, Limit, by_latency, by_throughput, choose, read_bound
from tandem_reports.judging.gate import judge
from tandem_reports.judging.history import History
from tandem_reports.judging.session import find_missing
from tandem_reports.judging.tradeoff import ORDERS, is_choice, ordered
from tandem_reports.records import saved
from tandem_reports.records.results import DamagedRun
from tandem_reports.records.saved import DamagedBaseline, NoSuchRun
from tandem_reports.render import best as rendering
from tandem_reports.render import csv, formats, rates, table, tradeoff, trend, verdicts

LATEST = Path("reports/out/latest")
RUN = f"folder of a run (default: {LATEST})"


def main(words: list[str] | None = None) -> int:
    """Run a command. Exit code: 0, 1 if something regressed or is damaged, 2 for a wrong command."""
    arguments = parse(words)
    try:
        folder = machine_folder(str(arguments.storage), arguments.gpu)
        code: int = arguments.do(folder, arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has enough
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 0
    except (Unusable, NoSuchRun, DamagedBaseline, DamagedRun, ValueError, OSError) as error:
        say(f"error: {error}")
        return 1 if isinstance(error, DamagedBaseline | DamagedRun) else 2
    except ModuleNotFoundError as error:
        extra = "history" if error.name == "ruptures" else "page"
        say(f"error: {error.name} is not installed: {installing.command(extra)}")
        return 2
    return code


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tandem", description=__doc__)
    parser.add_argument(
        "--storage", type=Path, default=Path(".benchmarks"), metavar="DIR", help="default: .benchmarks"
    )
    parser.add_argument("--gpu", action="store_true", help="the runs that used this machine's GPU")
    commands = parser.add_subparsers(required=True)
    _on_saved_runs(commands.add_parser)
    _showing(commands.add_parser)
    _writing(commands.add_parser)
    return parser.parse_args(words)


def _on_saved_runs(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands on runs that ``--benchmark-save`` wrote."""
    command = add("compare", help="judge one saved run by another")
    command.add_argument("before", help="number, name or file of the baseline")
    command.add_argument("now", help="number, name or file of the run to judge")
    command.add_argument("--gate", default=DEFAULT_GATE, help="slowdown that fails, such as 3%%, or off")
    command.add_argument("--gate-strict", action="store_true", help="what cannot be decided fails too")
    command.add_argument("--page", type=Path, metavar="FILE", help="also write an HTML page")
    command.set_defaults(do=compare)

    command = add("history", help="trend of each case, with its change points")
    command.add_argument("--case", default="*", metavar="PATTERN", help="such as 'resnet50-onnxruntime*'")
    command.add_argument("--plot", type=Path, metavar="FILE", help="also draw it: .png, .svg or .pdf")
    command.add_argument("--page", type=Path, metavar="FILE", help="also write an HTML page")
    command.set_defaults(do=history)

    command = add("promote", help="make a saved run the baseline, whatever its verdicts say")
    command.add_argument("run", help="number, name or file")
    command.set_defaults(do=promote)


def _on_a_run(add: Callable[..., argparse.ArgumentParser], name: str, does: str) -> argparse.ArgumentParser:
    """Add a command on the folder of a run."""
    command = add(name, help=does)
    command.add_argument("folder", type=Path, nargs="?", default=LATEST, metavar="RUN", help=RUN)
    return command


def _showing(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that print what the folder of a run holds."""
    command = _on_a_run(add, "table", "speed beside error, accuracy, size and memory of a run")
    command.add_argument("--sort", choices=ORDERS, default="speedup", help="default: speedup")
    styles = (*tradeoff.STYLES, "csv", "json")
    command.add_argument("--format", choices=styles, default="text", help="default: text")
    command.set_defaults(do=show_table)

    command = _on_a_run(add, "best", "the best case of each model of a run, within limits")
    for name, bounded in BOUNDED.items():
        command.add_argument(f"--{name}", metavar="LIMIT", help=bounded.help)
    command.add_argument("--throughput-at", metavar="BOUND", help="most samples a second at p95<100ms")
    command.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    command.set_defaults(do=best)

    command = add("rates", help="how the gate did in the trials of benches/bench_gate.py")
    command.add_argument("logs", nargs="+", type=Path, metavar="FILE", help="its gate-….jsonl, one or more")
    command.set_defaults(do=show_rates)


def _writing(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that write files."""
    command = _on_a_run(add, "page", f"make the page of a run again, its {drawing.PAGE}")
    command.set_defaults(do=page)

    command = _on_a_run(add, "plot", "draw the charts of a run's page as pictures")
    command.add_argument("--format", default="svg", metavar="KINDS", help="png,svg,pdf (default: svg)")
    command.add_argument("--chart", metavar="NAME", help="such as speedup (default: all)")
    command.add_argument("--to", type=Path, metavar="DIR", help="default: plots in the folder of the run")
    command.set_defaults(do=plot)

    command = _on_a_run(add, "render", f"make {', '.join(formats.FORMATS)} of a run again")
    command.set_defaults(do=render)

    command = _on_a_run(add, "publish", "keep a run on a GPU in reports/gpu/<card>-<date>")
    command.add_argument("--to", type=Path, default=Path("reports/gpu"), metavar="DIR")
    command.set_defaults(do=keep)


def compare(folder: Path, arguments: argparse.Namespace) -> int:
    before, now = (saved.read(saved.find(folder, name)) for name in (arguments.before, arguments.now))
    policy = read_policy(arguments.gate, arguments.gate_strict, len(now.records))
    spreads = History(folder).spreads(now.settings)
    found = [judge(now, case, before, policy, spreads.get(case)) for case in now.records]
    found += find_missing(dict.fromkeys(before.records, before), now.selection, now.records, {})
    judged = [verdict.to_dict() for verdict in found]
    say(verdicts.render(judged))
    if arguments.page:
        drawing.comparison(before, now, judged, arguments.page)
        say(f"\nwritten: {arguments.page}")
    failing = read_gate(arguments.gate) is not None
    return int(failing and any(map(policy.fails, found)))


def history(folder: Path, arguments: argparse.Namespace) -> int:
    runs = History(folder)
    trends, damages = runs.trends(arguments.case), runs.damages()
    if trends:
        say(trend.render(trends))
    else:
        again = "pytest benches --benchmark-autosave"
        say(f"no saved run in {folder} has a case {arguments.case!r} that others left in peace: {again}")
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
    say(f"{path} is the baseline from now on{forgiven}")
    return 0


def show_table(_folder: Path, arguments: argparse.Namespace) -> int:
    run = formats.read(arguments.folder)
    records = [record for record in run.records if is_choice(record) or record.status != "ok"]
    timed = ordered(list(filter(is_choice, records)), arguments.sort)
    everything = [*timed, *(record for record in records if record.status != "ok")]
    if arguments.format == "csv":
        say(csv.render(everything))
    elif arguments.format == "json":
        say(json.dumps([record.to_dict() for record in everything], indent=1))
    else:
        say(tradeoff.render(records, run.settings["reference"], arguments.sort, arguments.format))
    return int(not timed)


def page(_folder: Path, arguments: argparse.Namespace) -> int:
    say(f"written: {drawing.page(arguments.folder)}")
    return 0


def plot(_folder: Path, arguments: argparse.Namespace) -> int:
    target = arguments.to or arguments.folder / "plots"
    kinds = arguments.format.split(",")
    for path in drawing.pictures(arguments.folder, kinds, arguments.chart, target):
        say(f"written: {path}")
    return 0


def best(_folder: Path, arguments: argparse.Namespace) -> int:
    """Exit code 1 if a model has no case within the limits."""
    run, given = formats.read(arguments.folder), vars(arguments)
    words = {name: given[name.replace("-", "_")] for name in BOUNDED}
    limits = [read_limit(name, text) for name, text in words.items() if text is not None]
    order = by_latency
    if arguments.throughput_at is not None:
        limits.append(read_bound(arguments.throughput_at))
        order = by_throughput
    choices = choose(run.records, limits, order)
    show = rendering.to_json if arguments.format == "json" else rendering.render
    say(show(choices, run.environment["command"]) if choices else table.empty(run.records))
    return int(not choices or not all(choice.qualified for choice in choices))


def read_limit(name: str, text: str) -> Limit:
    """The limit of an option. Raises ``ValueError``, which names the option."""
    try:
        return Limit(f"--{name} {text}", BOUNDED[name], BOUNDED[name].read(text))
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"--{name}: {error}") from error


def render(_folder: Path, arguments: argparse.Namespace) -> int:
    for name, text in formats.render(formats.read(arguments.folder)).items():
        (arguments.folder / name).write_text(text, encoding="utf-8")
        say(f"written: {arguments.folder / name}")
    return 0


def keep(_folder: Path, arguments: argparse.Namespace) -> int:
    say(f"copied to {publishing.publish(arguments.folder, arguments.to)}")
    return 0


def show_rates(_folder: Path, arguments: argparse.Namespace) -> int:
    outcomes = [
        json.loads(line) for log in arguments.logs for line in log.read_text(encoding="utf-8").splitlines()
    ]
    say(rates.render(outcomes))
    return 0


def say(text: str) -> None:
    """Print a text, with question marks for letters that the terminal's locale does not have."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))  # noqa: T201  # a command line's output


if __name__ == "__main__":
    sys.exit(main())
