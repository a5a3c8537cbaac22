"""The CPU times as a picture."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.timing import Case

__all__ = ["draw"]

MARKS = {
    "sodalite": ("#000000", "D"),
    "raw": ("#999999", "|"),
    "astropy": ("#0072B2", "o"),
    "Cutout2D": ("#56B4E9", "s"),
    "astrocut": ("#D55E00", "^"),
    "fitsio": ("#009E73", "v"),
    "mSubimage": ("#CC79A7", "P"),
    "fitscopy": ("#E69F00", "X"),
    "imcopy": ("#B8A200", "<"),
}
"""Colour and mark of each; the colours can be told apart by those who see fewer of them."""


def draw(cases: Sequence[Case], path: Path) -> None:
    """Draw a row for each case: plain files left, tiles right; the fewer milliseconds, the further left."""
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "sodalite", "font.size": 9, "svg.fonttype": "path"})
    pyplot: Any = import_module("matplotlib.pyplot")
    plain = [case for case in cases if " " not in case.file]
    tiled = [case for case in cases if " " in case.file]
    panels = [(title, some) for title, some in (("uncompressed", plain), ("tile-compressed", tiled)) if some]
    rows = max(len(some) for _, some in panels)
    figure, axes = pyplot.subplots(1, len(panels), figsize=(10, 1.6 + 0.27 * rows), squeeze=False)
    for axis, (title, some) in zip(axes[0], panels, strict=True):
        _panel(axis, title, some)
    handles = {
        name: handle
        for axis in axes[0]
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="lower center", ncols=len(handles), frameon=False)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _heights(cases: Sequence[Case]) -> list[float]:
    """Return where the rows lie, downwards; there is room between two files."""
    heights = [0.0]
    for before, case in pairwise(cases):
        heights.append(heights[-1] - (1 if before.file == case.file else 1.6))
    return heights


def _panel(axis: Any, title: str, cases: Sequence[Case]) -> None:  # noqa: ANN401 - matplotlib may be absent
    """Draw the cases of one panel, the first on top."""
    heights = _heights(cases)
    for name, (colour, mark) in MARKS.items():
        points = [
            (case.milliseconds[name], y)
            for case, y in zip(cases, heights, strict=True)
            if name in case.milliseconds
        ]
        if points:
            size = 52 if name in {"sodalite", "raw"} else 26
            front = 3 if name == "sodalite" else 2
            axis.scatter(*zip(*points, strict=True), c=colour, marker=mark, s=size, label=name, zorder=front)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.set_yticks(heights, [f"{case.file}  {case.side}²" for case in cases])
    axis.set_ylim(heights[-1] - 0.7, 0.7)
    axis.set_title(title, loc="left")
    axis.set_xlabel("CPU, milliseconds a cutout (log)")
    axis.grid(which="major", axis="both", color="#dddddd", linewidth=0.7)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
