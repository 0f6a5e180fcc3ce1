"""Small clips for tests, written by PyAV: whole, damaged, and changing their size; and a camera."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

#: Frames of a clip, at 25 a second.
FRAMES = 50


def clip(path: Path, width: int = 160, height: int = 96) -> Path:
    """A clip in which a white square moves to the right."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"tune": "zerolatency"}
        for number in range(FRAMES):
            pixels = np.full((height, width, 3), 40, np.uint8)
            pixels[20:60, 2 * number : 2 * number + 40] = 250
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def damaged(path: Path) -> Path:
    """A clip that is noise from its middle on."""
    content = bytearray(clip(path).read_bytes())
    middle = len(content) // 2
    # Its index is at its end: only frames are damaged.
    content[middle : middle + 600] = np.random.default_rng(0).bytes(600)
    path.write_bytes(content)
    return path


def changing(folder: Path) -> Path:
    """A clip whose later frames are larger."""
    small, large = clip(folder / "small.h264"), clip(folder / "large.h264", 320, 192)
    path = folder / "changing.h264"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    return path


@contextlib.contextmanager
def silent_camera(folder: Path) -> Iterator[str]:
    """The address of a camera that falls silent in the middle of a clip, without an end.

    The first time it sends all of it: it is asked for its frames a second.
    """
    content = clip(folder / "camera.mkv").read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as open_ones:

        def serve() -> None:
            with server.accept()[0] as first, contextlib.suppress(OSError):
                first.sendall(content)
            open_ones.enter_context(server.accept()[0]).sendall(content[: len(content) // 2])

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
