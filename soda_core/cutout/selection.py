"""Which pixels of which images a request selects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from soda_core.cutout.axes import Axes, overlapping, wanted_states
from soda_core.cutout.boxes import Box, covering_box, rectangle_box
from soda_core.cutout.errors import CannotFilter, NoSky, NothingSelected
from soda_core.cutout.headers import lookups_of
from soda_core.cutout.model import Request, Span, Spans
from soda_core.cutout.source import Source, SourceHDU
from soda_core.cutout.world import PixelSky, pixel_sky, world_of
from soda_core.dali.shapes import BoundingRectangle, Shape
from soda_core.sky import Intersection, sky_region, unit_vectors

__all__ = ["select"]

_Known = TypeVar("_Known")

Selection: TypeAlias = dict[int, Spans | None]
"""Spans of the images that the request speaks of, by HDU; None where it selects nothing."""


def select(source: Source, request: Request) -> Mapping[int, Spans | None]:
    """Return the spans that each image keeps; images the request does not speak of are left out."""
    images = source.images
    if not images:
        raise NoSky("the file holds no image")
    lookups = _lookup_names(images)
    plain = tuple(image for image in images if image.name.upper() not in lookups)
    worlds = {image.index: world_of(source, image) for image in plain}
    chosen: Selection = {}
    if request.shapes:
        _select_sky(plain, worlds, request.shapes, chosen)
    _select_axes(plain, worlds, request, chosen)
    if not chosen:  # filters that speak of the dataset as a whole, and let it pass
        chosen |= {image.index: _whole(image) for image in plain}
    return chosen


def _lookup_names(images: Sequence[SourceHDU]) -> set[str]:
    """Return the names of extensions that hold distortion tables."""
    return {name for image in images for name, _ in lookups_of(image.cards())}


def _whole(image: SourceHDU) -> Spans:
    return tuple(Span(0, size) for size in image.shape)


def _select_sky(
    images: Sequence[SourceHDU], worlds: Mapping[int, Any], shapes: Sequence[Shape], chosen: Selection
) -> None:
    """Note the box of each image with a sky, and of the planes that share its grid without saying so."""
    skies = {image.index: sky for image in images if (sky := pixel_sky(worlds[image.index], image))}
    if not skies:
        raise NoSky("the data has no celestial coordinates, so no region of the sky can be cut out of it")
    known: list[tuple[PixelSky, Box | None]] = []
    for image in images:
        if sky := skies.get(image.index):
            box = next((box for other, box in known if other.same_as(sky)), _UNKNOWN)
            if box is _UNKNOWN:
                box = _box(sky, shapes)
                known.append((sky, box))
            chosen[image.index] = _boxed(image, sky, box)
    if len(known) == 1:
        sky, box = known[0]
        for image in images:
            if image.index not in skies and _is_companion(image, worlds[image.index], sky):
                chosen[image.index] = _boxed(image, sky, box)


_UNKNOWN: Box = (-1, -1, -1, -1)


def _is_companion(image: SourceHDU, wcs: Any, sky: PixelSky) -> bool:  # noqa: ANN401 - astropy is not typed
    """Tell whether an image without coordinates is a plane of the one grid of the file: of the same size."""
    bare = all(str(word).strip() in ("", "LINEAR") for word in wcs.wcs.ctype)
    return bare and sky.axes == (0, 1) and image.index > 0 and image.shape[:2] == sky.shape


def _boxed(image: SourceHDU, sky: PixelSky, box: Box | None) -> Spans | None:
    """Return all pixels of an image within a box on its sky axes."""
    if box is None:
        return None
    spans = list(_whole(image))
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
        parts.append(covering_box(sky, Intersection([sky_region(shape) for shape in on_sky])))
    for part in parts:
        if part is None:
            return None
        box = (max(box[0], part[0]), min(box[1], part[1]), max(box[2], part[2]), min(box[3], part[3]))
    return box if box[0] <= box[1] and box[2] <= box[3] else None


def _select_axes(
    images: Sequence[SourceHDU], worlds: Mapping[int, Any], request: Request, chosen: Selection
) -> None:
    """Narrow the images that have the axes asked for; ask the coverage where none has one."""
    axes = {image.index: Axes(worlds[image.index], image) for image in images}
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
    images: Sequence[SourceHDU],
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
            spans = chosen.get(image.index, _whole(image))
            if spans is not None and axis is not None:
                narrowed = (*spans[:axis], span, *spans[axis + 1 :]) if span else None
                chosen[image.index] = narrowed
