# ruff: noqa: INP001, T201  # a script
"""``answers.py needs FOLDER`` prints what an exported case needs, ``compare`` how far off it answers.

It runs where Tandem is not installed.
"""

import json
import runpy
import sys
from pathlib import Path


def compare(folder: Path) -> bool:
    """Print how far answers are off the example; return False if that is beyond the limit of the case."""
    import numpy as np

    manifest = json.loads((folder / "manifest.json").read_text())
    limit, example = manifest["agreement"]["limit"], np.load(folder / "example.npz")
    answer = runpy.run_path(str(folder / "load.py"))["answer"]
    found = answer({name: example[f"input.{name}"] for name in manifest["inputs"]})
    farthest = 0.0
    for name, output in zip(manifest["outputs"], found, strict=True):
        wanted = example[f"output.{name}"].astype(np.float64)
        off = np.asarray(output, np.float64) - wanted
        farthest = max(farthest, float(np.sqrt(np.mean(off**2) / np.mean(wanted**2))))
    same = bool(farthest <= limit)  # not for NaN
    name, words = manifest["case"]["id"], "agrees" if same else "DISAGREES"
    print(f"{name}: {farthest:.2g} off its example, limit {limit:.2g}: {words}")
    return same


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "needs":
        print("\n".join(json.loads((folder / "manifest.json").read_text())["needs"]))
    else:
        sys.exit(0 if compare(folder) else 1)
