"""Saved runs, without measuring: ``tandem table``, ``tandem history`` and so on."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from tandem_reports import commands, drawing, installing
from tandem_reports.judging.baseline import DEFAULT_GATE, Unusable, machine_folder
from tandem_reports.judging.best import BOUNDED
from tandem_reports.judging.tradeoff import ORDERS
from tandem_reports.numbers import below, positive, whole
from tandem_reports.queueing.arrivals import POISSON
from tandem_reports.records import stored
from tandem_reports.records.results import RESULTS, DamagedRun
from tandem_reports.records.saved import DamagedBaseline, NoSuchRun
from tandem_reports.render import formats, tradeoff

LATEST = Path("reports/out/latest")
#: The extra that installs a module; of all others ``page``.
EXTRAS = {"simpy": "load"}
RUN = f"folder of a run (default: {LATEST})"


def main(words: list[str] | None = None) -> int:
    """Run a command. Exit code: 0, 1 if something regressed or is damaged, 2 for a wrong command."""
    arguments = parse(words)
    try:
        folder = machine_folder(str(arguments.storage), arguments.gpu)
        if "folder" in arguments:
            if arguments.folder.name == RESULTS:  # the file in place of its folder
                arguments.folder = arguments.folder.parent
            arguments.told = stored.read(arguments.folder)
        code: int = arguments.do(folder, arguments)
        if "told" in arguments:
            code = max(code, commands.warn(arguments.told.damages))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has enough
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 0
    except (Unusable, NoSuchRun, DamagedBaseline, DamagedRun, ValueError, OSError) as error:
        commands.say(f"error: {error}")
        return 1 if isinstance(error, DamagedBaseline | DamagedRun) else 2
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name or "", "page")
        commands.say(f"error: {error.name} is not installed: {installing.command(extra)}")
        return 2
    return code


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tandem", description=__doc__)
    parser.add_argument(
        "--storage", type=Path, default=Path(".benchmarks"), metavar="DIR", help="default: .benchmarks"
    )
    parser.add_argument("--gpu", action="store_true", help="the runs that used this machine's GPU")
    added = parser.add_subparsers(required=True)
    _on_saved_runs(added.add_parser)
    _showing(added.add_parser)
    _on_the_gate(added.add_parser)
    _writing(added.add_parser)
    return parser.parse_args(words)


def _on_saved_runs(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands on runs that ``--benchmark-save`` wrote."""
    command = add("compare", help="judge one saved run by another")
    command.add_argument("before", help="number, name or file of the baseline")
    command.add_argument("now", help="number, name or file of the run to judge")
    command.add_argument("--gate", default=DEFAULT_GATE, help="slowdown that fails, such as 3%%, or off")
    command.add_argument("--gate-strict", action="store_true", help="what cannot be decided fails too")
    command.add_argument("--page", type=Path, metavar="FILE", help="also write an HTML page")
    command.set_defaults(do=commands.compare)

    command = add("history", help="trend of each case, with its change points")
    command.add_argument("--case", default="*", metavar="PATTERN", help="such as 'resnet50-onnxruntime*'")
    command.add_argument("--plot", type=Path, metavar="FILE", help="also draw it: .png, .svg or .pdf")
    command.add_argument("--page", type=Path, metavar="FILE", help="also write an HTML page")
    command.set_defaults(do=commands.history)

    command = add("promote", help="make a saved run the baseline, whatever its verdicts say")
    command.add_argument("run", help="number, name or file")
    command.set_defaults(do=commands.promote)


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
    command.set_defaults(do=commands.show_table)

    command = _on_a_run(add, "best", "the best case of each model of a run, within limits")
    for name, bounded in BOUNDED.items():
        command.add_argument(f"--{name}", metavar="LIMIT", help=bounded.help)
    command.add_argument("--throughput-at", metavar="BOUND", help="most samples a second at p95<100ms")
    price = "the cheapest machine within limits, of a run with --fleet; repeatable: xeon=0.12/h"
    command.add_argument("--price", action="append", metavar="NAME=N/h", help=price)
    command.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    command.set_defaults(do=commands.best)

    command = _on_a_run(add, "capacity", "how many services hold a rate of queries within a bound")
    command.add_argument("--rate", type=positive, required=True, metavar="N", help="queries a second")
    command.add_argument("--bound", type=below, required=True, metavar="BOUND", help="such as p99<50ms")
    command.add_argument(
        "--arrivals", default=POISSON, metavar="WORDS", help="poisson, constant, bursty:4, or a CSV of times"
    )
    command.set_defaults(do=commands.capacity)


def _on_the_gate(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that put the gate on trial."""
    command = add("simulate", help="the gate on synthetic machines, on which the truth is known")
    command.add_argument("--suites", type=whole, default=100, metavar="N", help="of each kind (default: 100)")
    runs = "runs of each case that were saved before (default: 6)"
    command.add_argument("--saved", type=whole, default=6, metavar="N", help=runs)
    command.add_argument("--plot", type=Path, metavar="FILE", help="also draw curves: .png, .svg or .pdf")
    command.set_defaults(do=commands.simulate)

    command = add("rates", help="how the gate did in the trials of benches/bench_gate.py")
    command.add_argument("logs", nargs="+", type=Path, metavar="FILE", help="its gate-….jsonl, one or more")
    command.set_defaults(do=commands.show_rates)


def _writing(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that write files."""
    command = _on_a_run(add, "page", f"make the page of a run again, its {drawing.PAGE}")
    command.set_defaults(do=commands.page)

    command = _on_a_run(add, "plot", "draw the charts of a run's page as pictures")
    command.add_argument("--format", default="svg", metavar="KINDS", help="png,svg,pdf (default: svg)")
    command.add_argument("--chart", metavar="NAME", help="such as speedup (default: all)")
    command.add_argument("--to", type=Path, metavar="DIR", help="default: plots in the folder of the run")
    command.set_defaults(do=commands.plot)

    command = _on_a_run(add, "render", f"make {', '.join(formats.FORMATS)} of a run again")
    command.set_defaults(do=commands.render)

    command = _on_a_run(add, "publish", "keep a run on a GPU in reports/gpu/<card>-<date>")
    command.add_argument("--to", type=Path, default=Path("reports/gpu"), metavar="DIR")
    command.set_defaults(do=commands.keep)


if __name__ == "__main__":
    sys.exit(main())
