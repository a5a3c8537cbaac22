"""The box of a circle on a plane with SIP, where it is an ellipse that is bent a little.

A circle is where a form h of the pixels is negative: a quadratic form of the places on the plane to which the
polynomials move them. As long as the polynomials bend less than the ellipse does, h is convex, and what is
seen of it in a few pixels holds for whole rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, hypot, isfinite, sqrt
from typing import TYPE_CHECKING

from soda_core.cutout.ellipse import conic_of, doubt_of, middle_of

if TYPE_CHECKING:
    from soda_core.cutout.ellipse import Conic
    from soda_core.cutout.model import Box
    from soda_core.cutout.tangent import Distortion, TangentPlane
    from soda_core.sky import CircleRegion

__all__ = ["bent_box"]

WIDER = 1.5
"""How much wider than the ellipse the place is where h must be convex, where the polynomials are bounded."""

STEPS = 12
NEAR = 0.1
"""Pixels to which the end of the ellipse is worked out at least."""

ROWS = 8
"""Rows that are tried on one side at most, and steps along each."""

Place = tuple[float, float]


def bent_box(plane: TangentPlane, shape: tuple[int, int], circle: CircleRegion) -> Box | None:
    """Return the box of the pixel centres in *circle*; None if it is not sure, or there are none."""
    form = _Form.of(plane, circle)
    if form is None:
        return None
    xx, xy, yy = form.curves()
    value = form.at(*form.middle)[0]
    limits: list[int] = []
    for view in (_View(form, 0, xx, xy, yy, value), _View(form, 1, yy, xy, xx, value)):
        for sign in (1, -1):
            found = _side(view, shape, sign)
            if found is None:
                return None
            limits.append(found)
    return limits[0], limits[1], limits[2], limits[3]


@dataclass(slots=True)
class _Form:
    """The form h: the polynomials, the quadratic form about *origin* on the plane, where it is least."""

    bend: Distortion
    conic: Conic
    origin: tuple[int, int]
    doubt: float
    middle: Place
    reach: float
    """Pixels from the middle within which all of the ellipse lies that is within bounds."""

    @classmethod
    def of(cls, plane: TangentPlane, circle: CircleRegion) -> _Form | None:
        """Return the form of a circle, None where it may not be convex."""
        bend, middle = plane.distortion, middle_of(plane, circle)
        if bend is None or middle is None:
            return None
        x, y = round(middle[0]), round(middle[1])
        conic = conic_of(plane, circle, x, y)
        a, b, c, d, e, f = conic
        least = a * c - b * b
        if not (isfinite(f) and a > 0 and least > 0):
            return None
        half, apart = (a + c) / 2, hypot((a - c) / 2, b)
        flat, steep = half - apart, half + apart
        depth = (a * e * e - 2 * b * d * e + c * d * d) / least - f
        if flat <= 0 or depth <= 0:
            return None
        radius = sqrt(depth / flat)
        straight = 1 - bend.steepness
        reach = radius / straight
        farthest = WIDER * reach * (1 + bend.steepness)
        if flat * straight * straight <= farthest * steep * bend.curvature:
            return None
        start = bend.pixel_of(middle)
        if not bend.holds(*start):
            return None
        return cls(bend, conic, (x, y), doubt_of(circle), start, reach)

    def at(self, x: float, y: float) -> tuple[float, float, float]:
        """Return h and its two derivatives in a pixel."""
        u, v, ux, uy, vx, vy = self.bend.moved(x, y)
        u, v = u - self.origin[0], v - self.origin[1]
        a, b, c, d, e, f = self.conic
        along, across = a * u + b * v + d, b * u + c * v + e
        value = (along + d) * u + (across + e) * v + f
        return value, 2 * (along * ux + across * vx), 2 * (along * uy + across * vy)

    def is_convex_to(self, x: float, y: float) -> bool:
        """Tell whether h is convex between a pixel and all of the ellipse that is within bounds."""
        distance = hypot(x - self.middle[0], y - self.middle[1])
        return distance <= WIDER * self.reach and self.bend.holds(x, y)

    def curves(self) -> tuple[float, float, float]:
        """Return about the second derivatives of h in the middle: xx, xy, yy."""
        _, _, ux, uy, vx, vy = self.bend.moved(*self.middle)
        a, b, c, *_ = self.conic
        along, across = a * ux + b * vx, b * ux + c * vx
        return (
            2 * (along * ux + across * vx),
            2 * (along * uy + across * vy),
            2 * ((a * uy + b * vy) * uy + (b * uy + c * vy) * vy),
        )


@dataclass(slots=True)
class _View:
    """The form seen along one axis: *row* counts along it, *column* across."""

    form: _Form
    axis: int
    along: float
    both: float
    across: float
    """About the second derivatives of h."""
    value: float
    """h in the middle."""

    def at(self, row: float, column: float) -> tuple[float, float, float]:
        """Return h, and its derivatives along and across."""
        if self.axis:
            value, across, along = self.form.at(column, row)
            return value, along, across
        return self.form.at(row, column)

    @property
    def slope(self) -> float:
        """About the columns from row to row between the places where h is least in a row."""
        return -self.both / self.across

    def end(self, sign: int) -> Place:
        """Return about where the ellipse ends: row, column."""
        curve = self.along + self.both * self.slope
        stretch = sign * sqrt(max(0.0, -2 * self.value / curve))
        middle = self.form.middle
        return middle[self.axis] - stretch, middle[1 - self.axis] - stretch * self.slope

    def is_convex_to(self, row: float, column: float) -> bool:
        """Tell the same of a place as the form does."""
        return self.form.is_convex_to(column, row) if self.axis else self.form.is_convex_to(row, column)


def _side(view: _View, shape: tuple[int, int], sign: int) -> int | None:
    """Return the first row with a pixel inside from the start (sign 1) or the end; None if it is not sure."""
    height, width, slope = shape[view.axis], shape[1 - view.axis], view.slope
    edge = 0 if sign > 0 else height - 1
    row, column = view.end(sign)
    if (row - edge) * sign < 0:
        row, column = edge, column + slope * (edge - row)
        if _has_pixel(view, edge, column, width):
            return edge
    end = _sure_end(view, row, column, sign, width)
    if end is None:
        return None
    row, column, room = end
    first = max(0, ceil(row - room)) if sign > 0 else min(height - 1, floor(row + room))
    for at in range(first, first + sign * ROWS, sign):
        if not 0 <= at < height:
            return None
        inside = _has_pixel(view, at, column + slope * (at - row), width)
        if inside is None:
            return None
        if inside:
            return at
    return None


def _sure_end(
    view: _View, row: float, column: float, sign: int, width: int
) -> tuple[float, float, float] | None:
    """Return where the ellipse ends along an axis: row, column, and the rows within which that is sure.

    A convex form lies above its slope in any place; so no row has a part of the ellipse that is so far beyond
    that the slope alone makes h positive, all along the row. At a side of the image from which h rises, it
    rises all along the row.
    """
    last = width - 1.0
    for _ in range(STEPS):
        column = min(last, max(0.0, column))
        value, along, across = view.at(row, column)
        if along * sign >= 0:
            return None
        if (column == 0 and across > 0) or (column == last and across < 0):
            across = slope = 0.0
        else:
            slope = view.slope
        room = (abs(value) + abs(across) * 2 * view.form.reach) / abs(along)
        if room < NEAR:
            return (row, column, room) if view.is_convex_to(row, column) else None
        step = -across / view.across
        change = -(value + across * step / 2) / along
        row, column = row + change, column + step + change * slope
    return None


def _has_pixel(view: _View, row: int, column: float, width: int) -> bool | None:
    """Tell whether a pixel of a row lies inside, None if that is not sure: h is convex along the row."""
    place, before, doubt = min(width - 1, max(0, round(column))), 0, view.form.doubt
    for _ in range(ROWS):
        value, _, slope = view.at(row, place)
        if value < -doubt:
            return True
        if value <= doubt:
            return None
        step = -1 if slope > 0 else 1
        if step == -before or not 0 <= place + step < width:
            return False if view.is_convex_to(row, place) else None
        far = round(-slope / view.across)
        step = far if abs(far) > 1 else step
        place, before = min(width - 1, max(0, place + step)), step
    return None
