"""What a server could do at best that knew all arrivals, and all times of service, before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def most_in_time(due_s: Sequence[float], service_s: Sequence[float], limit_s: float) -> int:
    """The most queries that one server can end within ``limit_s`` of their arrival, one after another.

    ``due_s`` are in order. It is the algorithm of Kise, Ibaraki and Mine, "A solvable case of the one-machine
    scheduling problem with ready and due times", Operations Research 26 (1978): where a query would be late,
    leave out the one without which the others end first.
    """
    came, takes = list[float](), list[float]()
    for due, service in zip(due_s, service_s, strict=True):
        came.append(due)
        takes.append(service)
        if _ends_s(came, takes)[-1] > due + limit_s:
            out = int(_ends_without_s(came, takes).argmin())
            del came[out], takes[out]
    return len(came)


def _ends_s(came: Sequence[float], takes: Sequence[float]) -> NDArray[np.float64]:
    """When each query ends, if all are served in this order."""
    import numpy as np

    done = np.cumsum(takes)
    ends: NDArray[np.float64] = done + np.maximum.accumulate(np.asarray(came) - done + takes)
    return ends


def _ends_without_s(came: Sequence[float], takes: Sequence[float]) -> NDArray[np.float64]:
    """When the last query ends without each of them."""
    import numpy as np

    before = np.concatenate([[-np.inf], _ends_s(came, takes)[:-1]])
    left = np.cumsum(takes[::-1])[::-1]
    from_here = np.maximum.accumulate((np.asarray(came) + left)[::-1])[::-1]  # if the server were free
    after, later = np.append(left[1:], 0.0), np.append(from_here[1:], -np.inf)
    ends: NDArray[np.float64] = np.maximum(before + after, later)
    return ends
