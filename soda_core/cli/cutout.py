"""`sodalite cutout`: the core without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.table import Table

from soda_core.cutout import Cutout, cut, describe
from soda_core.cutout.preview import preview
from soda_core.dali import TYPES

from .console import Stop, done, out

if TYPE_CHECKING:
    from soda_core.dali import Interval, Shape

__all__ = ["cutout"]


def cutout(  # noqa: PLR0913 - one argument for each option of the command
    file: Path,
    *,
    circle: Annotated[str, Parameter(help='"RA DEC RADIUS", ICRS degrees.')] = "",
    polygon: Annotated[str, Parameter(help='"RA1 DEC1 RA2 DEC2 RA3 DEC3 …", ICRS degrees.')] = "",
    range_: Annotated[str, Parameter(name="--range", help='"RA1 RA2 DEC1 DEC2", ICRS degrees.')] = "",
    brect: Annotated[str, Parameter(help='"RA DEC WIDTH HEIGHT [deg|arcmin|arcsec|pixel]".')] = "",
    band: Annotated[str, Parameter(help='"LOW HIGH", vacuum wavelength in metres.')] = "",
    time: Annotated[str, Parameter(help='"LOW HIGH", MJD in UTC.')] = "",
    pol: Annotated[tuple[str, ...], Parameter(help="Polarisation state; may be repeated.")] = (),
    output: Annotated[
        Path | None, Parameter(alias="-o", help="File to write: .fits, or .png for a picture.")
    ] = None,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Tell what would be cut, and write nothing.")
    ] = False,
) -> None:
    """Cut a region of sky, wavelength, time or polarisation out of a FITS file.

    Parameters
    ----------
    file
        FITS file to cut from.

    """
    if output is None and not dry_run:
        raise Stop("give a file to write with -o, or --dry-run")
    if not file.is_file():
        raise Stop(f"{str(file)!r} is no file")
    shapes = _shapes((("circle", circle), ("polygon", polygon), ("range", range_), ("rectangle", brect)))
    coverage = describe(file).coverage
    with cut(
        file, shapes, band=_interval("band", band), time=_interval("time", time), pol=pol, coverage=coverage
    ) as made:
        _tell(made)
        if output and not dry_run:
            _write(made, output)


def _shapes(options: tuple[tuple[str, str], ...]) -> tuple[Shape, ...]:
    """Read the shapes that were given."""
    return tuple(TYPES[kind].read(f"--{kind}", text) for kind, text in options if text)  # type: ignore[misc]  # readers of shapes


def _interval(name: str, text: str) -> Interval | None:
    return TYPES["interval"].read(f"--{name}", text) if text else None  # type: ignore[return-value]  # the reader of intervals


def _tell(made: Cutout) -> None:
    """Show the parts of the cutout."""
    table = Table("HDU", "name", "what", "pixels of the parent", "shape", box=None, pad_edge=False)
    for part in made.parts:
        pixels = ", ".join(f"{span.start}:{span.slice.stop}" for span in part.spans)
        table.add_row(str(part.index), part.name, part.treatment, pixels, " × ".join(map(str, part.shape)))
    out.print(table)
    out.print(f"{made.size:,} bytes")


def _write(made: Cutout, output: Path) -> None:
    """Write the file, whole or not at all."""
    partial = output.with_name(f".{output.name}.part")
    try:
        with partial.open("wb") as stream:
            if output.suffix.lower() == ".png":
                stream.write(preview(made))
            else:
                stream.writelines(made.chunks())
        partial.replace(output)
    except OSError as error:
        raise Stop(f"cannot write {str(output)!r}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    done(str(output))
