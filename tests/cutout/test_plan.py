"""Plans: the bytes they name are the bytes of the cutout."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, write
from hypothesis import given
from hypothesis import strategies as st
from page_cache import forget

from soda_core.cutout import Span, cut
from soda_core.cutout.cutout import SMALL
from soda_core.cutout.gather import Array, gather, runs_of, slabs_of
from soda_core.cutout.model import Spans
from soda_core.cutout.plan import Pixels
from soda_core.dali.shapes import Circle
from soda_core.storage import Account, Run, WouldWait

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 1000.0, "CRPIX2": 1000.0}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.001, "CDELT2": 0.001, "RADESYS": "ICRS"}


class Memory:
    """A file in memory that counts."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_into(self, run: Run, target: memoryview, account: Account) -> None:
        """Copy the stretches of a run."""
        target[:] = b"".join(self._data[offset : offset + length] for offset, length in run.ranges())
        account.note(run.size, run.calls)

    def check(self) -> None:
        """Never change."""


@st.composite
def boxes(draw: st.DrawFn) -> tuple[tuple[int, ...], Spans]:
    """Draw an array of one to four axes and a box in it, with steps."""
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=1, max_size=4)))
    spans: list[Span] = []
    for size in shape:
        start, step = draw(st.integers(0, size - 1)), draw(st.integers(1, 3))
        spans.append(Span(start, draw(st.integers(1, (size - 1 - start) // step + 1)), step))
    return shape, tuple(spans)


@given(boxes(), st.sampled_from([1, 2, 8]), st.integers(1, 40))
def test_runs_are_the_pixels_of_the_box(case: tuple[tuple[int, ...], Spans], item: int, count: int) -> None:
    """Whatever the axes and steps, at once or slab by slab, the bytes are those of a slice."""
    shape, spans = case
    cells = np.arange(np.prod(shape), dtype=f">u{item}").reshape(shape[::-1])
    expected = cells[tuple(span.slice for span in reversed(spans))].tobytes()
    reader, array = Memory(b"head" + cells.tobytes() + b"tail"), Array(4, shape, item)

    def read(box: Spans) -> bytes:
        target = bytearray(item * int(np.prod([span.count for span in box])))
        gather(reader, array, box, memoryview(target), Account())
        return bytes(target)

    assert expected == read(spans)
    assert expected == b"".join(read(slab) for slab in slabs_of(spans, count))


WIDE = {
    "rows": ((100, 50), (Span(10, 20), Span(5, 6)), [Run(5100 * 4 - 18360, 80, 6, 400)]),
    "whole rows": ((100, 50), (Span(0, 100), Span(5, 6)), [Run(2000, 2400)]),
    "planes": ((10, 10, 3), (Span(0, 10), Span(0, 10), Span(1, 2)), [Run(400, 800)]),
    "rows of planes": (
        (10, 10, 3),
        (Span(1, 2), Span(3, 4), Span(0, 2)),
        [Run(124, 8, 4, 40, 2, 400)],
    ),
    "fourth axis": (
        (10, 10, 3, 3),
        (Span(1, 2), Span(3, 4), Span(0, 2), Span(1, 2)),
        [Run(1324, 8, 4, 40, 2, 400), Run(2524, 8, 4, 40, 2, 400)],
    ),
    "one column of planes": ((10, 10, 3), (Span(1, 1), Span(3, 1), Span(0, 3)), [Run(124, 4, 3, 400)]),
    "every other plane": ((10, 10, 5), (Span(0, 10), Span(0, 10), Span(0, 3, 2)), [Run(0, 400, 3, 800)]),
}


@pytest.mark.parametrize(("shape", "spans", "runs"), WIDE.values(), ids=WIDE)
def test_neighbouring_rows_and_planes_are_one_run(shape: Any, spans: Spans, runs: list[Run]) -> None:  # noqa: ANN401 - of any length
    """As few stretches as there can be."""
    assert runs == list(runs_of(Array(0, shape, 4), spans))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with an image of 2000 x 2000 pixels, a mask on the same grid and a table."""
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5000))])
    hdus = fits.PrimaryHDU(), image(TAN, (2000, 2000)), image(TAN, (2000, 2000), "u1"), table
    return write(tmp_path_factory.mktemp("plan") / "product.fits", *hdus)


@pytest.mark.parametrize("radius", [0.01, 0.2, 5.0])
def test_reading_costs_what_the_plan_said(source: Path, radius: float) -> None:
    """Bytes and calls are counted, and the bytes were predicted."""
    with cut(source, [Circle(10.0, 20.0, radius)]) as cutout:
        predicted, ranges = cutout.plan.predicted_bytes, sum(run.calls for run in cutout.plan.runs)
        size = sum(len(chunk) for chunk in cutout.chunks())

        assert cutout.size == size == cutout.plan.size
        assert predicted == cutout.account.bytes_read
        assert 0 < cutout.account.reads <= max(ranges, 100)


def test_a_large_cutout_is_the_same_in_chunks_as_at_once(source: Path) -> None:
    """Above the limit nothing holds the whole; its parts make it."""
    with cut(source, [Circle(10.0, 20.0, 5.0)]) as cutout:
        assert cutout.size > SMALL
        for size in (1 << 20, 77_777):
            chunks = list(cutout.chunks(size))
            assert max(len(chunk) for chunk in chunks) <= max(size, 8640)
            assert bytes(cutout.body()) == b"".join(chunks)


def test_a_small_cutout_is_handed_out_without_a_copy(source: Path) -> None:
    """One piece of memory, one view of it."""
    with cut(source, [Circle(10.0, 20.0, 0.05)]) as cutout:
        (chunk,) = cutout.chunks()

        assert isinstance(chunk, memoryview)
        assert cutout.size == len(chunk)


def test_the_stretches_of_a_plan_hold_the_pixels(source: Path) -> None:
    """Whoever reads the ranges by other means gets the same data."""
    raw = source.read_bytes()
    with cut(source, [Circle(10.0, 20.0, 0.05)]) as cutout:
        data = bytes(cutout)
        at = 0
        for piece in cutout.pieces:
            stored = -(-piece.payload.size // 2880) * 2880 if piece.payload else 0
            at += piece.size - stored
            if piece.payload:
                ranges = [stretch for run in piece.payload.runs for stretch in run.ranges()]
                found = b"".join(raw[offset : offset + length] for offset, length in ranges)
                assert data[at : at + piece.payload.size] == found
                at += stored

        assert len(data) == at


def test_nobody_waits_who_must_not(source: Path) -> None:
    """What is in memory is read at once; what is not is said, and can be read by waiting."""
    with cut(source, [Circle(10.0, 20.0, 0.05)]) as cutout:
        expected = bytes(cutout.body())
        cutout.account.may_wait = False
        found = bytes(cutout.body())
        if not forget(source):
            pytest.skip("the file system keeps everything in memory")

        assert expected == found
        with pytest.raises(WouldWait):
            cutout.body()
        cutout.account.may_wait = True
        assert expected == bytes(cutout.body())


def test_a_closed_cutout_cannot_be_read(source: Path) -> None:
    """Closing lets go of the file."""
    cutout = cut(source, [Circle(10.0, 20.0, 0.05)])
    cutout.close()
    with pytest.raises(ValueError, match="closed"):
        bytes(cutout)


def test_pixels_within_pixels(source: Path) -> None:
    """A box of a box is counted from the first pixel of the outer one."""
    with cut(source, [Circle(10.0, 20.0, 0.05)]) as cutout:
        pixels = cutout.pieces[1].payload
        assert isinstance(pixels, Pixels)
        whole = pixels.read(tuple(Span(0, span.count) for span in pixels.spans))
        for start, step in product((0, 3), (1, 4)):
            assert np.array_equal(
                whole[start : start + 4 * step + 1 : step, start : start + 4 * step + 1 : step],
                pixels.read((Span(start, 5, step), Span(start, 5, step))),
            )
