"""Table of the services that a rate needs."""

from __future__ import annotations

from collections.abc import Sequence

from tandem_reports.numbers import scaled
from tandem_reports.queueing.capacity import Capacity, Wanted
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid

HEADERS = ("case", "services", "range", "busy", "foretold ms", "behind one line")
UNKNOWN = (
    "Services: processes on as many cores of such a machine as the case was measured on, each with a line "
    "of its own, and queries dealt out at random. Range: if the queue is as wrong as it was at the levels of "
    "load of this run, if it has any. Not in these numbers: the network, servers and balancers, autoscaling "
    "and its delay, bursts that come to all services at once, and neighbours on the machine."
)
#: After a case whose cores others held while it was measured.
TAKEN = " (others held its cores)"


def render(found: Sequence[tuple[Record, Capacity]], wanted: Wanted) -> str:
    """The cases, those first that need the fewest services."""
    ordered = sorted(found, key=lambda each: each[1].services or float("inf"))
    rows = [
        [f"{record.id}{TAKEN if record.contended else ''}", *cells(capacity)] for record, capacity in ordered
    ]
    title = (
        f"{wanted.rate:g} queries a second ({wanted.arrivals.words()}), "
        f"p{wanted.percent} below {scaled(wanted.seconds, 1e3)} ms"
    )
    table = grid(rows, HEADERS, "simple", ("left", *["right"] * (len(HEADERS) - 1)))
    return f"{title}\n\n{table}\n\n{UNKNOWN}"


def cells(capacity: Capacity) -> list[str]:
    if capacity.services is None:
        return ["none holds it", *[""] * (len(HEADERS) - 2)]
    most = "none" if capacity.most is None else str(capacity.most)
    return [
        str(capacity.services),
        f"{capacity.fewest} to {most}" if capacity.fewest != capacity.most else "",
        f"{capacity.utilisation:.0%}",
        scaled(capacity.seconds, 1e3),
        str(capacity.shared or ""),
    ]
