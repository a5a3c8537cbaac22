"""`sodalite cutout`: the core without a server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from soda_core import standards
from soda_core.cutout import Cutout, cut, describe
from soda_core.cutout.model import Compression, Masking, Planes  # noqa: TC001 - cyclopts reads the annotations
from soda_core.cutout.preview import preview
from soda_core.dali import TYPES, BadValue

from .console import Stop, done, out, table, watched

if TYPE_CHECKING:
    from soda_core.dali import Interval, Shape

__all__ = ["cutout"]

FITS = "application/fits"
PLAIN = (".fits", ".fit", ".fts")


def _option(text: str, name: str | None = None) -> Parameter:
    """Return an option whose value may begin with a minus sign, as a number does."""
    return Parameter(name, help=text, allow_leading_hyphen=True, negative="")


def cutout(  # noqa: PLR0913 - one argument for each option of the command
    file: Path,
    *,
    circle: Annotated[str | None, _option('"RA DEC RADIUS", ICRS degrees.')] = None,
    polygon: Annotated[str | None, _option('"RA1 DEC1 RA2 DEC2 RA3 DEC3 …", ICRS degrees.')] = None,
    range_: Annotated[str | None, _option('"RA1 RA2 DEC1 DEC2", ICRS degrees.', name="--range")] = None,
    brect: Annotated[str | None, _option('"RA DEC WIDTH HEIGHT [deg|arcmin|arcsec|pixel]".')] = None,
    band: Annotated[str | None, _option('"LOW HIGH", vacuum wavelength in metres.')] = None,
    time: Annotated[str | None, _option('"LOW HIGH", MJD in UTC.')] = None,
    pol: Annotated[tuple[str, ...], _option("Polarisation state; may be repeated.")] = (),
    hdu: Annotated[
        tuple[str, ...],
        Parameter(help="HDU to keep: number, NAME or NAME,VERSION; may be repeated.", negative=""),
    ] = (),
    planes: Annotated[Planes, Parameter(help="Images only, or tables beside them too.")] = "all",
    mask: Annotated[Masking | None, Parameter(help="Blank pixels outside of the shape.")] = None,
    compress: Annotated[
        Compression | None, Parameter(help="Compress images anew, or copy the tiles of the file.")
    ] = None,
    checksum: Annotated[bool, Parameter(negative="", help="Write CHECKSUM and DATASUM.")] = False,
    provenance: Annotated[bool, Parameter(help="Tell in the header where the cutout comes from.")] = True,
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
    _check(file, output, dry_run=dry_run)
    shapes = _shapes((("circle", circle), ("polygon", polygon), ("range", range_), ("brect", brect)))
    with cut(
        file,
        shapes,
        band=_interval("band", band),
        time=_interval("time", time),
        pol=_states(pol),
        coverage=describe(file).coverage,
        hdus=hdu,
        planes=planes,
        mask=mask,
        compress=compress,
        checksum=checksum,
        provenance=provenance,
    ) as made:
        _tell(made)
        if dry_run:
            plan = made.plan
            out.print(f"{plan.predicted_bytes:,} bytes to read in {plan.requests:,} ranges")
        if output and not dry_run:
            _write(made, output)


def _check(file: Path, output: Path | None, *, dry_run: bool) -> None:
    """Refuse files that cannot be read or should not be written."""
    if output is None and not dry_run:
        raise Stop("give a file to write with -o, or --dry-run")
    if not file.is_file():
        raise Stop(f"{str(file)!r} is no file")
    if output and output.is_dir():
        raise Stop(f"cannot write {str(output)!r}: it is a folder")
    if output and not output.parent.is_dir():
        raise Stop(f"cannot write {str(output)!r}: {str(output.parent)!r} is no folder")
    if output and output.exists() and output.samefile(file):
        raise Stop(f"{str(output)!r} is the file to cut from; choose another with -o")


def _shapes(options: tuple[tuple[str, str | None], ...]) -> tuple[Shape, ...]:
    """Read the shapes that were given."""
    kinds = {"brect": "rectangle"}
    return tuple(
        TYPES[kinds.get(name, name)].read(f"--{name}", text)  # type: ignore[misc]  # readers of shapes
        for name, text in options
        if text is not None
    )


def _interval(name: str, text: str | None) -> Interval | None:
    return None if text is None else TYPES["interval"].read(f"--{name}", text)  # type: ignore[return-value]  # the reader of intervals


def _states(words: tuple[str, ...]) -> tuple[str, ...]:
    """Check polarisation states against the list of the standard."""
    known = standards.load("soda").parameters["POL"].values
    for word in words:
        if word not in known:
            raise BadValue("--pol", word, f"one of {' '.join(known)}")
    return words


def _tell(made: Cutout) -> None:
    """Show the parts of the cutout."""
    rows = []
    for part in made.parts:
        pixels = ", ".join(f"{span.start}:{span.slice.stop}" for span in part.spans)
        rows.append((str(part.index), part.name, part.treatment, pixels, " × ".join(map(str, part.shape))))
    table(("HDU", "name", "what", "pixels of the parent", "shape"), rows)
    out.print(f"{made.size:,} bytes")


def _write(made: Cutout, output: Path) -> None:
    """Write the file, whole or not at all."""
    if made.media_type != FITS and output.suffix.lower() in PLAIN:
        raise Stop(
            f"without filters the file goes out as it is, {made.media_type}; "
            f"{str(output)!r} would be a false name for it"
        )
    partial = output.with_name(f".{output.name}.part")
    try:
        with partial.open("wb") as stream:
            if output.suffix.lower() == ".png":
                stream.write(preview(made))
            else:
                stream.writelines(watched(made.chunks(), made.size))
        partial.replace(output)
    except OSError as error:
        raise Stop(f"cannot write {str(output)!r}: {error.strerror}") from error
    finally:
        with suppress(OSError):  # the folder may be none
            partial.unlink(missing_ok=True)
    done(str(output))
