"""Draw the pictures of the documentation from the demo archive: `python tools/pictures.py`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from soda_core.cutout import Cutout, cut
from soda_core.cutout.preview import preview
from soda_core.dali import Circle
from soda_core.demo import build

if TYPE_CHECKING:
    from soda_core.cutout import Span

PICTURES = Path(__file__).parents[1] / "docs" / "_static"
SIDE = 512
GAP = 24
BAR = 40
PAPER, INK, MARK = (18, 26, 35), (230, 237, 245), (255, 196, 61)
SURVEY = Circle(150.1192, 2.2054, 0.009)


def main() -> None:
    """Write `cutout.png`: a survey image with a circle, and what the service answers."""
    with tempfile.TemporaryDirectory() as folder:
        archive = build(Path(folder))
        tile = next(path for path in archive.files if path.name == "tile_11_r.fits")
        with cut(tile, [Circle(SURVEY.lon, SURVEY.lat, 1)]) as parent, cut(tile, [SURVEY]) as small:
            left, right = _picture(parent), _picture(small)
            _mark(left, small.parts[0].spans, parent.parts[0].shape)
    canvas = Image.new("RGB", (2 * SIDE + 3 * GAP, SIDE + GAP + BAR), PAPER)
    canvas.paste(left, (GAP, GAP))
    canvas.paste(right, (2 * GAP + SIDE, GAP))
    _caption(canvas, GAP, "512 by 512 pixels of a survey")
    _caption(canvas, 2 * GAP + SIDE, f"CIRCLE={SURVEY.lon} {SURVEY.lat} {SURVEY.radius}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    canvas.quantize(128).save(PICTURES / "cutout.png", optimize=True)


def _picture(made: Cutout) -> Image.Image:
    """Return the preview of a cutout, SIDE pixels wide."""
    image = Image.open(io.BytesIO(preview(made))).convert("RGB")
    return image.resize((SIDE, SIDE), Image.Resampling.NEAREST)


def _mark(image: Image.Image, spans: tuple[Span, ...], shape: tuple[int, ...]) -> None:
    """Draw the pixel box and the circle that it encloses; rows of a picture run downwards."""
    x, y = (
        (span.start * SIDE / side, (span.start + span.count) * SIDE / side)
        for span, side in zip(spans, shape, strict=True)
    )
    box = (x[0], SIDE - y[1], x[1], SIDE - y[0])
    draw = ImageDraw.Draw(image)
    draw.rectangle(box, outline=MARK, width=1)
    draw.ellipse(box, outline=MARK, width=2)


def _caption(canvas: Image.Image, left: int, text: str) -> None:
    font = ImageFont.load_default(size=20)
    ImageDraw.Draw(canvas).text((left, GAP + SIDE + 8), text, fill=INK, font=font)


if __name__ == "__main__":
    main()
