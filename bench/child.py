"""Cut in a process of its own and tell by how much its memory grew.

Called as `child.py IDLE FILE`, with circles as JSON on standard input. The cutout of IDLE, a small file,
comes first, so that all code is loaded when counting begins. Nothing but the core is imported: what other
packages leave behind would hide growth.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from soda_core.cutout import cut
from soda_core.dali import Circle

__all__ = ["main"]

MIDDLE = (150.1, 2.2)
"""A position on the small file, degrees."""


def kibibytes(field: str) -> int:
    """Return a figure of this process, such as VmHWM."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise ValueError(f"the kernel does not tell {field}")


def stream(path: str, circle: Circle) -> int:
    """Take a cutout as a server sends it, in chunks; return how many bytes it had."""
    with cut(path, [circle]) as cutout:
        return sum(map(len, cutout.chunks()))


def main() -> None:
    """Cut all circles and print MiB above idle and bytes in all."""
    idle, path = sys.argv[1:]
    circles = [Circle(*values) for values in json.load(sys.stdin)]
    stream(idle, Circle(*MIDDLE, 0.001))
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before = kibibytes("VmRSS")
    size = sum(stream(path, circle) for circle in circles)
    print((kibibytes("VmHWM") - before) / 1024, size)


if __name__ == "__main__":
    main()
