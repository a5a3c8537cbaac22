"""What a deployment says of itself: `sodalite.toml` and the environment."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from .collection import Collection, meant

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TAP", "Settings", "SettingsError"]

PREFIX = "SODALITE_"
PLACES = ("inventory", "jobs", "results")
TAP = "tap:"
"""How the address of an inventory opens that is somebody else's TAP service."""

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
ADDRESS = r"^(https?://[^\s?#]+)?$"
AUTHORITY = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,}$"
BROKERS = ("redis://", "rediss://", "amqp://", "amqps://")


class SettingsError(Exception):
    """A setting is wrong; the text names the file and the setting."""


class Settings(BaseSettings):
    """All that differs from one deployment to the next; each can come from `SODALITE_<NAME>`.

    What the program says itself comes first, then the environment, then the file.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    title: str = Field("Sodalite", pattern=PRINTABLE, description="Name of the service, for people")
    authority: str = Field(
        "sodalite.local", pattern=AUTHORITY, description="IVOA authority of the identifiers"
    )
    base_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Public address; by default the one asked"
    )
    collections: tuple[Collection, ...] = Field(
        (), description="The folders that are served, each with a name"
    )
    inventory: str = Field(
        "",
        description="SQLAlchemy address or SQLite file of the inventory, or `tap:` and the address of "
        "somebody's ObsTAP; by default in the cache folder",
    )
    cutout_threads: int = Field(2, ge=1, le=64, description="Cutouts made at a time in one process")
    cutout_queue: int = Field(
        64, ge=1, description="Requests that may wait for that in one process; more are told to come back"
    )
    map_megabytes: int = Field(
        0,
        ge=0,
        description="MB of files that each process may keep mapped into memory; only where no file is ever "
        "truncated in its place",
    )
    maxrec_default: int = Field(10_000, ge=1, description="Rows of an answer to a query that sets no MAXREC")
    maxrec_limit: int = Field(1_000_000, ge=1, description="Most rows of an answer, whatever MAXREC asks for")
    max_ids: int = Field(10_000, ge=1, description="Identifiers whose links are listed in one answer")
    jobs: str = Field(
        "", description="SQLAlchemy address or SQLite file of the job list; by default beside the inventory"
    )
    results: str = Field(
        "",
        description="Folder of the results of jobs, seen by all servers, or `s3://bucket/prefix`; by default "
        "beside the job list",
    )
    results_endpoint: str = Field(
        "", pattern=ADDRESS, description="Where the bucket is; by default at the provider that began it all"
    )
    results_public: str = Field(
        "", pattern=ADDRESS, description="The same as clients see it, where that is another address"
    )
    results_region: str = Field("", description="Region of the bucket")
    results_signed: int = Field(
        3600,
        ge=0,
        le=604_800,
        description="Seconds for which a client may fetch a result from the bucket; 0: from the service",
    )
    results_patience: int = Field(
        20, ge=0, le=300, description="Seconds for which a bucket that does not answer is asked again"
    )
    broker: str = Field(
        "",
        description="Address of the broker, redis://… or amqp://…, by which `sodalite worker` gets jobs; by "
        "default servers run them themselves",
    )
    broker_queue: str = Field("sodalite", pattern=r"^[A-Za-z0-9._-]+$", description="Queue of the broker")
    job_slots: int = Field(
        0, ge=0, le=1024, description="Jobs that run at a time in a server or worker; 0 for one on each core"
    )
    job_losses: int = Field(
        3, ge=0, description="Workers that may die over a job before it is given up; 0 for any number"
    )
    job_lease: float = Field(
        10, ge=1, le=600, description="Seconds after which a worker that does not answer loses its job"
    )
    job_duration: int = Field(
        3600, ge=0, le=2**31 - 1, description="Seconds that a job may run at most; 0 for no limit"
    )
    job_lifetime: int = Field(
        604_800,
        ge=0,
        le=3_000_000_000,
        description="Seconds after which a job and its results are destroyed; 0 for never",
    )
    job_megabytes: int = Field(
        10_000, ge=0, description="MB that the results of one job may have; 0 for no limit"
    )
    user_jobs: int = Field(1000, ge=0, description="Unfinished jobs of one user; 0 for no limit")
    user_running: int = Field(
        0, ge=0, description="Jobs of one user that run at a time, the others wait; 0 for no limit"
    )
    user_megabytes: int = Field(
        0,
        ge=0,
        description="MB of results and uploads above which no further job of a user is taken; 0: no limit",
    )
    max_form_bytes: int = Field(1_000_000, ge=1000, description="Largest body of a POST, a file aside")
    max_upload_bytes: int = Field(
        200_000_000, ge=0, description="Largest file that is uploaded with a job; 0: none is taken"
    )
    uploads: int = Field(
        8, ge=1, description="Files that one process receives at a time; who sends more is told to come back"
    )
    job_fields: int = Field(
        20_000,
        ge=1,
        le=1_000_000,
        description="Parameters of one request for a job; the largest body grows with it above 1000",
    )

    @field_validator("results")
    @classmethod
    def _whole_bucket(cls, results: str) -> str:
        """Refuse a bucket without a name, or with what has settings of its own."""
        if "://" in results and not re.fullmatch(r"s3://[A-Za-z0-9][A-Za-z0-9._-]+(/[^\s?#]*)?", results):
            raise ValueError(f"{results!r} is neither a folder nor s3://bucket/prefix")
        return results

    @field_validator("broker")
    @classmethod
    def _known_broker(cls, broker: str) -> str:
        """Refuse what is no broker; the address may hold a password and is not repeated."""
        if broker and not broker.startswith(BROKERS):
            raise ValueError(f"expected an address that begins with one of {', '.join(BROKERS)}")
        return broker

    @field_validator("collections")
    @classmethod
    def _distinct(cls, collections: tuple[Collection, ...]) -> tuple[Collection, ...]:
        """Refuse names that differ in case only, as identifiers are compared without case."""
        names = [collection.name.casefold() for collection in collections]
        for collection in collections:
            if names.count(collection.name.casefold()) > 1:
                raise ValueError(f"the name {collection.name!r} is given twice")
        return collections

    @classmethod
    def from_file(cls, path: Path) -> Settings:
        """Read *path*, which the environment overrides; folders in it are relative to the file."""
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise SettingsError(f"{path}: {error.strerror}") from None
        except ValueError as error:
            raise SettingsError(f"{path}: {error}") from None
        _place(content, path.parent)
        for name in _overridden():
            content.pop(name, None)
        return cls._checked(content, str(path))

    @classmethod
    def for_folder(cls, folder: Path) -> Settings:
        """Return the settings that serve one folder without any file."""
        name = re.sub(r"[^A-Za-z0-9._~-]+", "-", folder.resolve().name).strip("-._~") or "data"
        return cls._checked({"collections": [{"name": name, "folder": folder}]}, "command line")

    @classmethod
    def from_environment(cls) -> Settings:
        """Read everything from the environment, as worker processes do."""
        return cls._checked({}, "environment")

    @classmethod
    def _checked(cls, content: dict[str, Any], origin: str) -> Settings:
        """Return valid settings, or say what is wrong in words."""
        try:
            return cls(**content)
        except ValidationError as error:
            raise SettingsError(cls._told(error.errors()[0], content, origin)) from None
        except SourceError as error:
            raise SettingsError(f"environment: {error.__cause__ or error}") from None

    @classmethod
    def _told(cls, first: Mapping[str, Any], content: dict[str, Any], origin: str) -> str:
        """Return one error as `file: setting: what is wrong`."""
        top, *steps = [str(step) for step in first["loc"]]
        path = ".".join([top, *steps])
        if first["type"] == "extra_forbidden":
            known = Collection.model_fields if steps else cls.model_fields
            return f"{origin}: unknown setting {path!r}{meant([top, *steps][-1], known)}"
        if top not in content and top in _overridden():
            origin, path = "environment", ".".join([f"{PREFIX}{top.upper()}", *steps])
        return f"{origin}: {path}: {first['msg'].removeprefix('Value error, ')}"

    @property
    def inventory_place(self) -> str:
        """Where the inventory is: an address of SQLAlchemy, or the path of an SQLite file."""
        return self.inventory or self._cached("inventory")

    @property
    def jobs_place(self) -> str:
        """Where the job list is: an address of SQLAlchemy, or the path of an SQLite file."""
        if self.jobs:
            return self.jobs
        file = self.inventory_place.removeprefix("sqlite:///")
        if file.startswith(TAP):
            return self._cached("jobs")
        if "://" not in file:
            return str(Path(file).with_suffix("")) + "-jobs.sqlite"
        return self._cached("jobs") if file.startswith("sqlite") else file

    @property
    def results_place(self) -> str:
        """Where the results of jobs are: the path of a folder, or a bucket and how it is reached."""
        if self.results.startswith("s3://"):
            names = ("endpoint", "public", "region", "patience", "signed")
            words = {name: getattr(self, f"results_{name}") for name in names}
            return f"{self.results}?{urlencode({name: word for name, word in words.items() if word})}"
        if self.results:
            return self.results
        file = self.jobs_place.removeprefix("sqlite:///")
        return str(Path(self._cached("jobs") if "://" in file else file).with_suffix("")) + "-results"

    def _cached(self, kind: str) -> str:
        """Return a file in the cache folder, one for each set of collections."""
        places = "\n".join(f"{c.name} {c.folder}" for c in self.collections) + self.authority
        digest = hashlib.sha256(os.fsencode(places)).hexdigest()[:16]
        return str(_cache_folder() / f"{kind}-{digest}.sqlite")

    def environment(self) -> dict[str, str]:
        """Return the variables from which `from_environment` makes these settings again."""
        content = self.model_dump(mode="json")
        return {
            f"SODALITE_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in content.items()
        }


def _overridden() -> set[str]:
    """Return the names of the settings that the environment gives."""
    return {
        name.lower().removeprefix(PREFIX.lower()) for name in os.environ if name.upper().startswith(PREFIX)
    }


def _place(content: dict[str, Any], base: Path) -> None:
    """Make the paths of a settings file relative to its folder; what is no path is left to the checks."""
    collections = content.get("collections")
    for entry in collections if isinstance(collections, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("folder"), str):
            entry["folder"] = base / Path(entry["folder"]).expanduser()
    for name in PLACES:
        place = content.get(name)
        if isinstance(place, str) and place and "://" not in place:
            content[name] = str((base / Path(place).expanduser()).absolute())


def _cache_folder() -> Path:
    """Return a folder that this user can write to, for what can be made anew."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / "sodalite"
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    except (OSError, RuntimeError):  # RuntimeError: this user has no home
        pass
    return _temporary_folder()


def _temporary_folder() -> Path:
    """Return a folder among the temporary files that belongs to this user alone."""
    folder = Path(tempfile.gettempdir()) / f"sodalite-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            raise SettingsError(f"inventory: {str(folder)!r} belongs to somebody else; set {PREFIX}INVENTORY")
    except OSError as error:
        raise SettingsError(f"inventory: {str(folder)!r}: {error.strerror}; set {PREFIX}INVENTORY") from None
    return folder
