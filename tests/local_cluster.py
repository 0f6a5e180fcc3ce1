"""A Ray cluster on this machine, for tests: a process of its own, whose machines come and go by its input.

``python tests/local_cluster.py`` prints its address, then reads lines: ``add KIND`` adds a node of one CPU
with that label, or without one if it is ``-``; ``kill NUMBERS`` kills raylets as a power cut does, and waits
until that is known. It answers each line with one of its own. All traffic stays on 127.0.0.1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

#: Of Ray: real nodes on one machine, on its loopback alone, without tokens and without reports of usage.
ENVIRONMENT = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    # A death is noticed in a second or two, not in half a minute.
    "RAY_health_check_initial_delay_ms": "200",
    "RAY_health_check_period_ms": "200",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "2",
}
STORE_BYTES = 80 << 20


class LocalCluster:
    """The near end of such a process."""

    def __init__(self, log: Path) -> None:
        self._log = log.open("w")
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.address = self._line()

    def add(self, kind: str = "-") -> int:
        """Add a node; its number."""
        return int(self._ask(f"add {kind}"))

    def kill(self, *numbers: int) -> None:
        self._ask(" ".join(["kill", *map(str, numbers)]))

    def _ask(self, words: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("> "):  # all others are Ray's
                return line[2:].strip()
        raise AssertionError(Path(self._log.name).read_text())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)
        self._log.close()


def kill(cluster: Any, nodes: list[Any]) -> None:
    for node in nodes:
        cluster.remove_node(node, allow_graceful=False)
    gone = {node.node_id for node in nodes}
    while any(each["Alive"] and each["NodeID"] in gone for each in cluster.global_state.node_table()):
        time.sleep(0.1)


def main() -> None:
    os.environ.update(ENVIRONMENT)
    from ray.cluster_utils import Cluster

    def say(words: object) -> None:
        sys.stdout.write(f"> {words}\n")
        sys.stdout.flush()

    usual: dict[str, Any] = {"object_store_memory": STORE_BYTES, "node_ip_address": "127.0.0.1"}
    head: dict[str, Any] = {"num_cpus": 0, "include_dashboard": False, **usual}
    cluster: Any = Cluster(initialize_head=True, head_node_args=head)  # half of it has no types
    nodes = list[Any]()
    say(cluster.address)
    for line in sys.stdin:
        word, *values = line.split()
        if word == "add":
            labels = {} if values == ["-"] else {"tandem-kind": values[0]}
            nodes.append(cluster.add_node(num_cpus=1, labels=labels, **usual))
            say(len(nodes) - 1)
        else:
            kill(cluster, [nodes[int(value)] for value in values])
            say("killed")
    cluster.shutdown()


if __name__ == "__main__":
    main()
