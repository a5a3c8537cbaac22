"""Which pixels of which images a request selects."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from soda_core.cutout.axes import Axes, overlapping, wanted_states
from soda_core.cutout.boxes import Box, covering_box, rectangle_box
from soda_core.cutout.errors import CannotFilter, NoSky, NothingSelected
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.model import Request, Span, Spans
from soda_core.cutout.world import PixelSky
from soda_core.dali.shapes import BoundingRectangle, Shape
from soda_core.sky import Intersection, SkyRegion, sky_region, unit_vectors

__all__ = ["select"]

_Known = TypeVar("_Known")

Selection: TypeAlias = dict[int, Spans | None]
"""Spans of the images that the request speaks of, by HDU; None where it selects nothing."""


def select(file: FitsFile, request: Request) -> Mapping[int, Spans | None]:
    """Return the spans that each image keeps; images the request does not speak of are left out."""
    if not file.images:
        raise NoSky("the file holds no image")
    chosen: Selection = {}
    with file.lock:
        grids = file.grids if request.shapes else ()
        axes = file.axes if request.band or request.time or request.pol else {}
    for sky, images in grids:
        box = _box(sky, request.shapes)
        chosen |= {image.index: _boxed(image, sky, box) for image in images}
    _select_axes(file.plain, axes, request, chosen)
    if not chosen:  # filters that speak of the dataset as a whole, and let it pass
        chosen |= {image.index: image.full for image in file.plain}
    return chosen


def _boxed(image: HDU, sky: PixelSky, box: Box | None) -> Spans | None:
    """Return all pixels of an image within a box on its sky axes."""
    if box is None:
        return None
    spans = list(image.full)
    spans[sky.axes[0]] = Span(box[0], box[1] - box[0] + 1)
    spans[sky.axes[1]] = Span(box[2], box[3] - box[2] + 1)
    return tuple(spans)


def _box(sky: PixelSky, shapes: Sequence[Shape]) -> Box | None:
    """Return the box of what all shapes share; rectangles in pixels are boxes by themselves."""
    box: Box = (0, sky.shape[0] - 1, 0, sky.shape[1] - 1)
    parts: list[Box | None] = []
    on_sky: list[Shape] = []
    for shape in shapes:
        if isinstance(shape, BoundingRectangle) and shape.unit == "pixel":
            parts.append(rectangle_box(sky, unit_vectors(shape.lon, shape.lat), shape.width, shape.height))
        else:
            on_sky.append(shape)
    if on_sky:
        parts.append(covering_box(sky, _region(on_sky)))
    for part in parts:
        if part is None:
            return None
        box = (max(box[0], part[0]), min(box[1], part[1]), max(box[2], part[2]), min(box[3], part[3]))
    return box if box[0] <= box[1] and box[2] <= box[3] else None


def _region(shapes: Sequence[Shape]) -> SkyRegion:
    """Return what shapes share."""
    regions = [sky_region(shape) for shape in shapes]
    return regions[0] if len(regions) == 1 else Intersection(regions)


def _select_axes(
    images: Sequence[HDU], axes: Mapping[int, Axes], request: Request, chosen: Selection
) -> None:
    """Narrow the images that have the axes asked for; ask the coverage where none has one."""
    if (band := request.band) is not None:
        hit = {
            i: (a.spectral, overlapping(e, band))
            for i, a in axes.items()
            if (e := a.wavelengths()) is not None
        }
        covered = request.coverage.band
        _narrow(images, hit, chosen, lambda: _needs("BAND", "spectral", covered).overlaps(band))
    if (time := request.time) is not None:
        hit = {i: (a.time, overlapping(e, time)) for i, a in axes.items() if (e := a.times()) is not None}
        span = request.coverage.time
        _narrow(images, hit, chosen, lambda: _needs("TIME", "time", span).overlaps(time))
    if wanted := request.pol:
        hit = {i: (a.pol, wanted_states(s, wanted)) for i, a in axes.items() if (s := a.states())}
        names = {word.upper() for word in wanted}
        states = request.coverage.pol or None
        _narrow(images, hit, chosen, lambda: bool(names & set(_needs("POL", "polarisation", states))))


def _needs(parameter: str, kind: str, known: _Known | None) -> _Known:
    """Return what is known about the dataset as a whole, or say that it is not."""
    if known is None:
        what = {"time": "exposure time"}.get(kind, f"{kind} coverage")
        raise CannotFilter(f"{parameter}: this dataset has no {kind} axis and no known {what}")
    return known


def _narrow(
    images: Sequence[HDU],
    hit: Mapping[int, tuple[int | None, Span | None]],
    chosen: Selection,
    covered: Callable[[], bool],
) -> None:
    """Put the span of one axis into the selection of each image that has the axis."""
    if not hit:
        if not covered():
            raise NothingSelected("the dataset lies outside of what was asked")
        return
    if not any(span for _, span in hit.values()):
        raise NothingSelected("no pixel of the axis lies in what was asked")
    for image in images:
        if image.index in hit:
            axis, span = hit[image.index]
            spans = chosen.get(image.index, image.full)
            if spans is not None and axis is not None:
                narrowed = (*spans[:axis], span, *spans[axis + 1 :]) if span else None
                chosen[image.index] = narrowed
