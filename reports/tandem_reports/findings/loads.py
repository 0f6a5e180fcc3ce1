"""Rules on cases under load: what the queue does, what batching brings, and what the generator did."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import VALUES, Finding, Found, ids, subject
from tandem_reports.judging.loads import Level, levels, policy
from tandem_reports.records.record import Record

#: A queue explains a tail if the two are not farther apart than this.
EXPLAINED = 1.25
#: Utilisations between which a tail is told, and to which it is compared.
BUSY, FULL, CALM = 0.6, 0.95, 0.55
#: Advice on a late generator, by the priority that its thread had.
FIRST = "It had real-time priority: a core of its own would let it be in time, --threads 1."
USUAL = (
    "Run as root, or with CAP_SYS_NICE, so that the generator comes first; or leave it a core: --threads 1."
)
#: A throughput of all samples at once that is farther than this from that of plain calls is told.
APART = 0.05


def tails(run: Found) -> Iterator[Finding]:
    """How many times the median the 99th percentile is, and whether the queue alone explains that."""
    for record in run.records:
        known = [level for level in levels(record) if level.utilisation and not level.doubts and _tail(level)]
        busy = [level for level in known if BUSY <= (level.utilisation or 0) <= FULL]
        if not busy:
            continue
        level, found = busy[-1], _tail(busy[-1]) or 0.0
        foretold = (level.foretold("p99") or 0.0) / (level.foretold("p50") or 1.0)
        text = f"{record.id}: p99 is {found:.1f} times p50 at {level.utilisation:.0%} utilisation{_ms(level)}"
        if not foretold or not 1 / EXPLAINED < found / foretold < EXPLAINED:
            yield Finding(
                f"{text}, and the queue foretells {foretold:.1f} times.",
                ids(record),
                "Something besides the queue delays queries: look at the times of service in its record.",
                VALUES,
            )
            continue
        calm = [each for each in known if (each.utilisation or 0) <= CALM]
        less = (
            f" At {calm[-1].utilisation:.0%} it is {_tail(calm[-1]):.1f} times{_ms(calm[-1])}."
            if calm
            else ""
        )
        yield Finding(
            f"{text}: expected for Poisson arrivals and these times of service.{less}",
            ids(record),
            "A lower rate for each service shortens the tail: see tandem capacity.",
            VALUES,
        )


def _ms(level: Level) -> str:
    return f" ({(level.seconds('p99') or 0.0) * 1e3:.3g} ms)"


def _tail(level: Level) -> float | None:
    p50, p99 = level.seconds("p50"), level.seconds("p99")
    return p99 / p50 if p50 and p99 else None


def batches_formed(run: Found) -> Iterator[Finding]:
    """A batching that raises the rate within a bound, or one that lowers it: no two searches overlap."""
    searched = [each for each in run.records if each.detail("knees")]
    pairs = [
        (one, other)
        for one in searched
        for other in searched
        if policy(one).most == 1 < policy(other).most and _alike(one, other)
    ]
    for plain, batched in pairs:
        before, after = ([*zip(*each.detail("knees"), strict=True)] for each in (plain, batched))
        more, less = min(after[0]) > max(before[1]), max(after[1]) < min(before[0])
        if more or less:
            yield Finding(
                f"{subject(plain)}{_server(plain)}: batching {batched.detail('traffic')['batching']} "
                f"{'raises' if more else 'lowers'} the rate that holds {plain.detail('bound')} from "
                f"{plain.number('rate'):.3g} to {batched.number('rate'):.3g}/s.",
                ids(plain, batched),
            )


def _server(record: Record) -> str:
    name = record.detail("traffic").get("server")
    return f" behind {name}" if name else ""


def _alike(one: Record, other: Record) -> bool:
    """True if two cases differ in their batching alone."""
    kept = [
        {name: value for name, value in each.case.items() if name != "traffic"}
        | {"bound": each.detail("bound"), "server": each.detail("traffic").get("server")}
        for each in (one, other)
    ]
    return kept[0] == kept[1]


def generator(run: Found) -> Iterator[Finding]:
    """A generator of load that was late, or took cores of the service."""
    for record in run.records:
        late = [level for level in levels(record) if level.told.get("late")]
        greedy = [level for level in levels(record) if level.told.get("greedy")]
        if late:
            worst = max(level.told["late_p99_s"] or 0.0 for level in late)
            yield Finding(
                f"{record.id}: queries came up to {worst * 1e3:.2g} ms late (p99), more than 2 % of the "
                "median latency.",
                ids(record),
                FIRST if record.detail("priority") == "first" else USUAL,
                VALUES,
            )
        if greedy:
            share = max(level.told["generator"] for level in greedy)
            yield Finding(
                f"{record.id}: the generator of load took {share:.0%} of a core, more than 5 % of those of "
                "the service.",
                ids(record),
                "Its latencies are those of a service that shares its cores with such a client.",
                VALUES,
            )


def all_at_once(run: Found) -> Iterator[Finding]:
    """A throughput of LoadGen's offline scenario that is not that of plain calls."""
    for record in run.records:
        ratio = record.figure("over_calls")
        if not ratio or record.contended or record.figure("samples") is None:
            continue
        low, high = ratio.low or ratio.value, ratio.high or ratio.value
        if high < 1 - APART or low > 1 + APART:
            yield Finding(
                f"{record.id}: all samples at once are served {ratio.value:.2f} times as fast as in calls.",
                ids(record),
                "A batch is copied together from its samples inside the time of service; plain calls have it "
                "ready.",
            )
