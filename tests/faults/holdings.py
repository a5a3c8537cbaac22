"""The two datasets of the reference service: an image, and a cube with wavelength, time and polarisation."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["BASE", "DATASETS", "Dataset", "distance"]

BASE = "http://reference.test/dal"


@dataclass(frozen=True)
class Dataset:
    """A dataset: a circle of data on the sky in degrees, and what it covers on other axes."""

    key: str
    kind: str
    lon: float
    lat: float
    radius: float
    band: tuple[float, float]
    time: tuple[float, float]
    states: tuple[str, ...] = ()

    @property
    def did(self) -> str:
        """The publisher's identifier."""
        return f"ivo://reference.test/data?{self.key}"

    @property
    def polygon(self) -> str:
        """A square that covers the data, counter-clockwise as seen from inside."""
        wide, high = self.radius / math.cos(math.radians(self.lat)), self.radius
        corners = ((-1, -1), (-1, 1), (1, 1), (1, -1))
        return " ".join(f"{self.lon + x * wide:.6f} {self.lat + y * high:.6f}" for x, y in corners)

    @property
    def row(self) -> dict[str, str]:
        """The row of ObsCore."""
        return {
            "dataproduct_type": self.kind,
            "calib_level": "2",
            "obs_collection": "Reference" if self.kind == "image" else "Radio",
            "obs_id": self.key,
            "obs_publisher_did": self.did,
            "access_url": f"{BASE}/file/{self.key}",
            "access_format": "application/fits",
            "access_estsize": "106",
            "target_name": f"Field {self.key}",
            "s_ra": f"{self.lon}",
            "s_dec": f"{self.lat}",
            "s_fov": f"{2 * self.radius}",
            "s_region": self.polygon,
            "s_resolution": "1.5" if self.kind == "image" else "30.0",
            "s_xel1": "16",
            "s_xel2": "16",
            "t_min": f"{self.time[0]}",
            "t_max": f"{self.time[1]}",
            "t_exptime": "100.0" if self.kind == "image" else "3600.0",
            "t_resolution": "100.0" if self.kind == "image" else "10.0",
            "t_xel": "1",
            "em_min": f"{self.band[0]}",
            "em_max": f"{self.band[1]}",
            "em_res_power": "5.0" if self.kind == "image" else "2000.0",
            "em_xel": "1" if self.kind == "image" else "8",
            "o_ucd": "phot.flux.density",
            "pol_states": "".join(f"/{state}" for state in self.states) + ("/" if self.states else ""),
            "pol_xel": str(len(self.states)),
            "facility_name": "Observatory" if self.kind == "image" else "Array",
            "instrument_name": "Camera" if self.kind == "image" else "Receiver",
        }


DATASETS = (
    Dataset("one", "image", 10.0, 20.0, 0.1, (5e-7, 6e-7), (55000.0, 55001.0)),
    Dataset("two", "cube", 150.0, -30.0, 0.2, (0.2, 0.22), (56000.0, 56001.0), ("I", "Q", "U", "V")),
)


def distance(lon: float, lat: float, other: Dataset) -> float:
    """Return the angle between a direction and the centre of a dataset, degrees."""
    one, two, between = map(math.radians, (lat, other.lat, lon - other.lon))
    cosine = math.sin(one) * math.sin(two) + math.cos(one) * math.cos(two) * math.cos(between)
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
