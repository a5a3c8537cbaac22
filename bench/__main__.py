"""Make the files, measure, print the tables; exit 1 if less than half of a demand is reached."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bench import gates, memory, serving
from bench.machine import describe
from bench.peers import ASTROCUT, ASTROPY, FITSIO, OURS, PEERS, RAW, Peer
from bench.plot import draw
from bench.report import Results, brief, insert, tables
from bench.samples import FILES, folder, make, warm
from bench.timing import measure, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.samples import Sample

__all__ = ["main", "run"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "_static" / "performance.svg"

SIDES = {"A": (64, 512), "E": (64,)}
"""Boxes of the files that do not get all."""

MEMORY = Path("/dev/shm")  # noqa: S108 - only folders with random names are made there
"""Where programs write, if there is such a folder."""

SLOW = 2048
"""Pixels a side from which boxes of tiles take most peers about a second."""

PARTS = ("cpu", "http", "memory")

QUICK = {"scale": 0.125, "files": ["A", "B", "D RICE 256", "E"], "parts": ["cpu"], "repeat": 5}


def options_of(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; `--quick` changes what is not said otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=folder(), help="folder of the files (default: %(default)s)"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="size of the files, 1 for those of the page")
    parser.add_argument(
        "--huge", action="store_true", help="write all 6.5 GB of file C, not only where boxes lie"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a minute: small files, a subset, fewer repetitions"
    )
    parser.add_argument("--files", nargs="+", choices=FILES, default=list(FILES), help="only these files")
    parser.add_argument("--sides", nargs="+", type=int, default=[64, 512, 2048], help="boxes, pixels a side")
    names = [peer.name for peer in PEERS if peer is not OURS]
    parser.add_argument("--peers", nargs="+", choices=names, default=names, help="only these peers")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="only these parts")
    parser.add_argument("--repeat", type=int, default=15, help="places of each case; medians are taken")
    parser.add_argument("--seconds", type=int, default=6, help="length of one run of requests")
    parser.add_argument("--runs", type=int, default=3, help="runs of requests for each server and box")
    parser.add_argument(
        "--report",
        action="store_true",
        help="write docs/performance.md, its picture, the table of the README",
    )
    if "--quick" in (sys.argv[1:] if words is None else words):
        parser.set_defaults(**QUICK)
    return parser.parse_args(words)


def run(options: argparse.Namespace) -> Results:
    """Measure what the options ask for."""
    results = Results()
    options.data.mkdir(parents=True, exist_ok=True)
    figures: list[gates.Figure] = []
    in_memory = MEMORY if MEMORY.is_dir() else options.data
    with tempfile.TemporaryDirectory(dir=options.data) as scratch:
        if "cpu" in options.parts:
            with tempfile.TemporaryDirectory(dir=in_memory) as written:
                _cpu(options, Path(written), results)
            figures += chain.from_iterable(map(gates.figures_of, results.cases))
        if "memory" in options.parts:
            small, large = _sample(options, "A"), _sample(options, "C")
            results.peaks = list(memory.peaks((small, large), large, Path(scratch)))
            figures += memory.figures(results.peaks)
        if "http" in options.parts:
            _http(options, Path(scratch), results)
            figures += serving.figures(results.loads)
    outcomes = gates.judge(gates.demands(), figures)
    results.outcomes = [outcome for outcome in outcomes if outcome.worst or not options.quick]
    return results


def _sample(options: argparse.Namespace, name: str) -> Sample:
    _say(f"file {name}")
    sample = make(name, options.data, scale=options.scale, filled=options.huge)
    warm(sample)
    return sample


def _cpu(options: argparse.Namespace, scratch: Path, results: Results) -> None:
    """Measure all files and boxes that are large enough."""
    peers = _peers(options, results)
    for name in options.files:
        sample = _sample(options, name)
        for side in options.sides:
            if side not in SIDES.get(name, options.sides) or side > 0.75 * min(sample.shape[:2]):
                continue
            start = time.monotonic()
            places = list(tasks(sample, side, options.repeat, scratch))
            results.cases.append(measure(_fitting(peers, name, side), places))
            _say(f"  {side}²: {time.monotonic() - start:.0f} s")


def _fitting(peers: Sequence[Peer], name: str, side: int) -> list[Peer]:
    """Leave out the bare reads of tiles, and of the slowest cases the peers of whom nothing is demanded."""
    if " " not in name:
        return list(peers)
    some = peers if side < SLOW else [peer for peer in peers if peer in (OURS, ASTROPY, ASTROCUT, FITSIO)]
    return [peer for peer in some if peer is not RAW]


def _peers(options: argparse.Namespace, results: Results) -> list[Peer]:
    """Return us and the peers that are here; note the others."""
    peers = [peer for peer in PEERS if peer is OURS or peer.name in options.peers]
    results.skipped += [f"{peer.name}: {reason}" for peer in peers if (reason := peer.missing())]
    return [peer for peer in peers if not peer.missing()]


def _http(options: argparse.Namespace, scratch: Path, results: Results) -> None:
    """Measure the servers where the programs are."""
    if reason := serving.missing():
        results.skipped.append(f"requests: {reason}")
        return
    sides = [side for side in (64, 512) if side in options.sides]
    sample = _sample(options, "B")
    results.loads = serving.load(sample, sides, scratch, seconds=options.seconds, runs=options.runs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Hear no warnings of peers about their own use of packages, and look at no old object for garbage."""
    gc.freeze()
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
        gc.unfreeze()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _report(results: Results, options: argparse.Namespace, text: str) -> None:
    """Write the page and its picture."""
    files = "".join(f"- {name}: {FILES[name].title}\n" for name in options.files)
    words = "Of file D the image alone is cut, and no decoded tiles are kept from one cutout to the next.\n"
    size = f"files at scale {options.scale:g}"
    how = f"- {datetime.now(UTC):%Y-%m-%d}, medians of {options.repeat} places, {size}"
    insert(PAGE, "\n".join(("### Run\n", how, *describe(), "\n### Files\n", files, words, text)))
    if results.cases:
        draw(results.cases, PICTURE)
        insert(README, brief(results.cases))


def main(words: Sequence[str] | None = None) -> int:
    """Run and print; return the exit code."""
    options = options_of(words)
    start = time.monotonic()
    with _quiet():
        results = run(options)
    text = tables(results, [peer.name for peer in PEERS if peer is OURS or peer.name in options.peers])
    print(text)
    if options.report:
        _report(results, options, text)
    _say(f"{time.monotonic() - start:.0f} s")
    failed = [outcome.demand.text for outcome in results.outcomes if outcome.fails]
    for demand in failed:
        print(f"below half of what is demanded: {demand}", file=sys.stderr)
    return 1 if failed else 0


def _end(number: int, _frame: object) -> None:
    """Leave by way of all that is to be ended or removed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main())
