"""Rules on servers: which of them serves most, what keeps one from it, and which stays away after a fault."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import INTERVALS, VALUES, Finding, Found, ids, subject
from tandem_reports.judging.servers import around_one_session, busiest, mean_batch, starts
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record

#: Processor time of a server for each query, over that of the session, from which it is told.
MUCH = 1.3


def most(run: Found) -> Iterator[Finding]:
    """The server and batching that serve most, of those around one session."""
    for group in around_one_session(run.records):
        name = "rate" if all(each.number("rate") for each in group) else "most"
        ordered = sorted(group, key=lambda each: -(each.number(name) or 0))
        first, second = ordered[:2]
        bound = f" within {first.detail('bound')}" if name == "rate" else ""
        one, other = first.figure(name), second.figure(name)
        if not one or not other:
            continue
        clear = one.low is not None and other.high is not None and one.low > other.high
        yield Finding(
            f"{subject(first)}: {_named(first)} serves most{bound}, {scaled(one.value, 1)}/s; next is "
            f"{_named(second)}, {scaled(other.value, 1)}/s.",
            ids(first, second),
            confidence=INTERVALS if clear else VALUES,
        )


def _named(record: Record) -> str:
    traffic = record.detail("traffic")
    batching = traffic["batching"]
    return f"{traffic['server']} with batching {batching}" if batching != "none" else str(traffic["server"])


def cores_taken(run: Found) -> Iterator[Finding]:
    """A server whose processes take much more of the processor than its session computes."""
    for record in run.records:
        if not starts(record) or record.contended:
            continue
        loop = busiest(record)
        computed_s = loop["service_s"] / mean_batch(loop) * record.detail("threads")
        if loop["server_cpu_s"] > MUCH * computed_s:
            yield Finding(
                f"{record.id}: the server takes {loop['server_cpu_s'] * 1e3:.3g} ms of processor for each "
                f"query, {loop['server_cpu_s'] / computed_s:.1f} times those of the session.",
                ids(record),
                "Threads that spin while they wait hold cores that the server needs: leave it one, see "
                "--threads.",
                VALUES,
            )


def stays_away(run: Found) -> Iterator[Finding]:
    """A server that answers no query any more after a fault."""
    for record in run.records:
        for each in record.detail("endured", ()):
            if each["recovered_s"] is None:
                yield Finding(
                    f"{record.id}: no query was answered again after this: {each['fault']}.",
                    ids(record),
                    "Let something start the server again, or try --replicas 2.",
                )
