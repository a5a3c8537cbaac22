"""The box of a circle on a plane without distortion, where it is an ellipse."""

from math import ceil, floor, inf, isfinite, sqrt, tan
from typing import TypeAlias

from soda_core.cutout.model import Box
from soda_core.cutout.tangent import SHALLOWEST, TangentPlane
from soda_core.sky import CircleRegion

__all__ = ["NO_PIXEL", "Conic", "conic_of", "doubt_of", "ellipse_box", "middle_of"]

NO_PIXEL: Box = (0, -1, 0, -1)
"""The box of a region without a pixel centre."""

ROWS = 64
"""Rows that are tried on one side at most."""

DOUBT = 8e-12
"""Radians from the rim within which a pixel is neither in nor out for certain."""

EARLY = 0.05
"""Pixels before the end of the ellipse at which the search starts."""

Conic: TypeAlias = tuple[float, float, float, float, float, float]
"""Coefficients of x², 2xy, y², 2x, 2y and 1 of a form that is negative inside."""


def ellipse_box(plane: TangentPlane, shape: tuple[int, int], circle: CircleRegion) -> Box | None:
    """Return the box of the pixel centres in *circle*, NO_PIXEL if there are none; None if it is not sure."""
    middle = middle_of(plane, circle)
    if middle is None:
        return None
    x, y = round(middle[0]), round(middle[1])
    conic = conic_of(plane, circle, x, y)
    a, b, c, d, e, f = conic
    doubt = doubt_of(circle)
    if not (isfinite(f) and a > 0 and a * c - b * b > 0):
        return None
    flipped = (c, b, a, e, d, f)
    limits: list[int] = []
    for form, size, width, start, beside in (
        (flipped, shape[0], shape[1], x, y),
        (conic, shape[1], shape[0], y, x),
    ):
        for sign in (1, -1):
            found = _side(form, (-start, size - 1 - start), (-beside, width - 1 - beside), sign, doubt)
            if found is None:
                return None
            if found == inf:
                return NO_PIXEL
            limits.append(int(found) + start)
    return limits[0], limits[1], limits[2], limits[3]


def middle_of(plane: TangentPlane, circle: CircleRegion) -> tuple[float, float] | None:
    """Return the place of the centre on the plane; None if the circle is large, or comes near its edge."""
    if circle.radius > 1:
        return None
    cx, cy, cz = circle.place
    p, q, depth = (row[0] * cx + row[1] * cy + row[2] * cz for row in plane.inverse_rows)
    # the depth is the cosine of the angle to where the plane touches
    if depth < SHALLOWEST or sqrt(max(0.0, 1 - depth * depth)) * tan(circle.radius) > 0.9 * depth:
        return None
    return p / depth, q / depth


def conic_of(plane: TangentPlane, circle: CircleRegion, x: int, y: int) -> Conic:
    """Return the form of a circle, with a pixel as the origin."""
    one, two, three = circle.axes
    rows = plane.rows
    columns = [(row[0], row[1], row[0] * x + row[1] * y + row[2]) for row in rows]
    (p, q, r), (s, t, u), (v, w, z) = (
        tuple(axis[0] * columns[0][k] + axis[1] * columns[1][k] + axis[2] * columns[2][k] for k in (0, 1, 2))
        for axis in (one, two, three)
    )
    k = circle.square
    return (
        p * p + s * s - k * v * v,
        p * q + s * t - k * v * w,
        q * q + t * t - k * w * w,
        p * r + s * u - k * v * z,
        q * r + t * u - k * w * z,
        r * r + u * u - k * z * z,
    )


def doubt_of(circle: CircleRegion) -> float:
    """Return the value of the form up to which a pixel is neither in nor out for certain."""
    reach = tan(circle.radius)
    return DOUBT * reach * (1 + reach * reach) + 1e-14 * reach * reach


def _side(
    form: Conic, rows: tuple[int, int], columns: tuple[int, int], sign: int, doubt: float
) -> float | None:
    """Return the first row from below (sign 1) or above with a pixel inside, inf for none; None if unsure.

    Along a row the form has its least value in one place, and the pixel nearest to it decides.
    """
    a, b, c, d, e, f = form
    least = a * c - b * b
    slope = b * d - a * e
    root = slope * slope + least * (d * d - a * f)
    if root < 0:
        return None
    low, high = (slope - sqrt(root)) / least, (slope + sqrt(root)) / least
    if sign > 0:
        row, last = max(rows[0], ceil(low - EARLY)), min(rows[1], floor(high + EARLY))
    else:
        row, last = min(rows[1], floor(high + EARLY)), max(rows[0], ceil(low - EARLY))
    for _ in range(ROWS):
        if (row - last) * sign > 0:
            return inf
        column = min(columns[1], max(columns[0], round(-(b * row + d) / a)))
        value = (a * column + 2 * (b * row + d)) * column + (c * row + 2 * e) * row + f
        if abs(value) <= doubt:
            return None
        if value < 0:
            return row
        row += sign
    return None
