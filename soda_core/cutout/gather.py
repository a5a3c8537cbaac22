"""From a box of plain pixels to the bytes that hold it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from soda_core.cutout.model import Span, Spans
from soda_core.storage import Account, Reader, Run

__all__ = ["Array", "gather", "runs_of", "slabs_of"]


@dataclass(frozen=True, slots=True)
class Array:
    """An array of pixels in a file: where it starts, its shape (NAXIS1 first), bytes a pixel."""

    offset: int
    shape: tuple[int, ...]
    item: int


def runs_of(array: Array, spans: Spans) -> Iterator[Run]:
    """Yield the stretches of bytes of a box; where the first axis has steps, with all between them."""
    offset, pitch, pitches = array.offset, array.item, list[int]()
    for size, span in zip(array.shape, spans, strict=True):
        pitches.append(pitch)
        offset += span.start * pitch
        pitch *= size
    length, axis = (spans[0].count - 1) * spans[0].step + 1, 1
    while axis < len(spans) and length == prod(array.shape[:axis]) and spans[axis].step == 1:
        length *= spans[axis].count
        axis += 1
    length *= array.item
    outer = [
        (spans[a].count, spans[a].step * pitches[a]) for a in range(axis, len(spans)) if spans[a].count > 1
    ]
    if not outer:
        yield Run(offset, length)
        return
    count, stride = outer[0]
    planes, pitch = outer[1] if len(outer) > 1 else (1, 0)
    for place in product(*(range(0, n * step, step) for n, step in reversed(outer[2:]))):
        yield Run(offset + sum(place), length, count, stride, planes, pitch)


def gather(reader: Reader, array: Array, spans: Spans, target: memoryview, account: Account) -> None:
    """Fill *target* with the pixels of a box as they are stored."""
    first = spans[0]
    if first.step > 1:
        wide = (Span(first.start, first.slice.stop - first.start), *spans[1:])
        scratch = memoryview(bytearray(array.item * prod(span.count for span in wide)))
        gather(reader, array, wide, scratch, account)
        rows = np.frombuffer(scratch, dtype=f"V{array.item}").reshape(-1, wide[0].count)
        np.frombuffer(target, dtype=f"V{array.item}").reshape(-1, first.count)[...] = rows[:, :: first.step]
        return
    at = 0
    for run in runs_of(array, spans):
        reader.read_into(run, target[at : at + run.size], account)
        at += run.size


def slabs_of(spans: Spans, count: int) -> Iterator[Spans]:
    """Divide a box in boxes of about *count* pixels that follow each other in the file."""
    axis, below = len(spans) - 1, prod(span.count for span in spans[:-1])
    while axis > 0 and below > count:
        axis -= 1
        below //= spans[axis].count
    thickness = max(1, count // below)
    span = spans[axis]
    for place in np.ndindex(*(outer.count for outer in reversed(spans[axis + 1 :]))):
        fixed = tuple(
            Span(outer.start + at * outer.step, 1)
            for outer, at in zip(spans[axis + 1 :], place[::-1], strict=True)
        )
        for first in range(0, span.count, thickness):
            some = Span(span.start + first * span.step, min(thickness, span.count - first), span.step)
            yield (*spans[:axis], some, *fixed)
