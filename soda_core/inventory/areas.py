"""What rows cover of the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from soda_core.sky import Footprints

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AREA", "Area", "footprints"]

AREA = ("s_region", "s_ra", "s_dec", "s_fov")
"""The columns that tell the area of a row."""

Area: TypeAlias = "tuple[str | None, float | None, float | None, float | None]"


def footprints(rows: Sequence[Area]) -> Footprints:
    """Return the areas of rows: `s_region`, else the circle about `s_ra` and `s_dec` as wide as `s_fov`.

    Raises `ValueError` where `s_region` is something else than a polygon or a circle.
    """
    circles = np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 3)
    circles[:, 2] /= 2
    return Footprints.read([row[0] for row in rows], circles)
