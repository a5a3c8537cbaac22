"""Rules for the files of well-known surveys; the rules of the collection itself come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soda_core.settings import Rule

__all__ = ["PRESETS"]

SECOND = 1 / 86400
"""In days."""

SDSS: Mapping[str, Rule] = {
    "obs_id": "{RUN}-{CAMCOL}-{FRAME}",
    "target_name": ["{OBJECT}", "{STRIPE}"],
    "facility_name": "Sloan Foundation 2.5m Telescope",
    "instrument_name": "SDSS imaging camera",
    "band": "SDSS {FILTER}",
    # seconds since MJD 0; TAI was 31 to 33 s ahead of UTC while the survey took images
    "t_min": {"card": "TAI", "scale": SECOND, "offset": -32 * SECOND},
    "obs_title": "SDSS {FILTER} frame {RUN}-{CAMCOL}-{FRAME}",
    "o_ucd": "phot.flux.density",
}

WISE: Mapping[str, Rule] = {
    "calib_level": 3,
    "obs_id": "{COADDID}",
    "target_name": "{COADDID}",
    "facility_name": "WISE",
    "instrument_name": "WISE",
    "band": ["W{BAND}", "{FILTER}"],
    "obs_title": "WISE All-Sky atlas {COADDID} W{BAND}",
    # FWHM of the atlas images: that of a frame, convolved with itself once more
    "s_resolution": {"card": "BAND", "map": {"1": 8.3, "2": 9.1, "3": 9.5, "4": 16.8}},
}

DATASETS: Mapping[str, Rule] = {
    "raw": 1,
    "postISRCCD": 2,
    "calexp": 2,
    "visit_image": 2,
    "preliminary_visit_image": 2,
    "goodSeeingDiff_differenceExp": 3,
    "difference_image": 3,
    "deepCoadd": 3,
    "deepCoadd_calexp": 3,
    "deep_coadd": 3,
    "template_coadd": 3,
}
"""Calibration level by the type of the dataset in the Butler."""

PATCH = "{LSST BUTLER DATAID TRACT}-{LSST BUTLER DATAID PATCH}"

LSST: Mapping[str, Rule] = {
    "calib_level": [{"card": "LSST BUTLER DATASETTYPE", "map": dict(DATASETS)}, 2],
    "obs_id": [
        PATCH,
        "{LSST BUTLER DATAID VISIT}",
        "{LSST BUTLER DATAID EXPOSURE}",
        "{OBSID}",
        "{EXPID}",
        "{EXP-ID}",
    ],
    "target_name": ["{OBJECT}", f"tract {PATCH}"],
    "obs_title": [
        f"{{LSST BUTLER DATASETTYPE}} tract {PATCH} {{LSST BUTLER DATAID BAND}}",
        "{LSST BUTLER DATASETTYPE} visit {LSST BUTLER DATAID VISIT} detector {LSST BUTLER DATAID DETECTOR}",
    ],
    "band": ["LSST {LSST BUTLER DATAID BAND}", "LSST {FILTER}"],
    "facility_name": ["{TELESCOP}", "Rubin"],
    "instrument_name": ["{INSTRUME}", "{LSST BUTLER DATAID INSTRUMENT}", "LSSTCam"],
}

HSC: Mapping[str, Rule] = {
    **LSST,
    "band": ["HSC {LSST BUTLER DATAID BAND}", "HSC {FILTER}", "HSC {FILTER01}"],
    "facility_name": ["{TELESCOP}", "Subaru"],
    "instrument_name": ["{INSTRUME}", "{LSST BUTLER DATAID INSTRUMENT}", "HSC"],
}

PRESETS: Mapping[str, Mapping[str, Rule]] = {"sdss": SDSS, "wise": WISE, "hsc": HSC, "lsst": LSST}
