"""What a deployment says of itself: `sodalite.toml` and the environment."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

__all__ = ["Collection", "Settings", "SettingsError"]

AUTHORITY = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,}$"


class SettingsError(Exception):
    """A setting is wrong; the text names the file and the setting."""


def _directory(path: Path) -> Path:
    """Return *path* made absolute; refuse what is no folder."""
    if not path.is_dir():
        raise ValueError(f"{str(path)!r} is not a folder")
    return path.resolve()


class Collection(BaseModel):
    """A named folder of FITS files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]*$", description="Last step of the dataset identifiers"
    )
    folder: Annotated[Path, AfterValidator(_directory)]


class Settings(BaseSettings):
    """All that differs from one deployment to the next; each can come from `SODALITE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="SODALITE_", frozen=True, extra="forbid")

    title: str = Field("Sodalite", description="Name of the service, for people")
    authority: str = Field(
        "sodalite.local", pattern=AUTHORITY, description="IVOA authority of the identifiers"
    )
    base_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Public address; by default the one asked"
    )
    collections: tuple[Collection, ...] = ()
    inventory: str = Field(
        "", description="SQLAlchemy address of the inventory; by default SQLite in the cache folder"
    )
    cutout_threads: int = Field(4, ge=1, le=64, description="Cutouts made at a time in one process")
    max_form_bytes: int = Field(1_000_000, ge=1000, description="Largest body of a POST")

    @classmethod
    def settings_customise_sources(  # noqa: D102 - the hook of pydantic-settings: the environment beats the file
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @classmethod
    def from_file(cls, path: Path) -> Settings:
        """Read *path*; folders in it are relative to the file."""
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path}: {error}") from error
        for entry in content.get("collections", ()):
            if isinstance(entry, dict) and "folder" in entry:
                entry["folder"] = path.parent / entry["folder"]
        return cls._checked(content, str(path))

    @classmethod
    def for_folder(cls, folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - settings by name
        """Return the settings that serve one folder without any file."""
        name = re.sub(r"[^A-Za-z0-9._~-]+", "-", folder.resolve().name).strip("-._~") or "data"
        return cls._checked({"collections": [{"name": name, "folder": folder}], **more}, "command line")

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
            first = error.errors()[0]
            name = ".".join(str(step) for step in first["loc"])
            raise SettingsError(f"{origin}: {name}: {first['msg']}") from None

    @property
    def inventory_url(self) -> str:
        """SQLAlchemy address of the inventory."""
        if self.inventory:
            return self.inventory
        places = "\n".join(f"{c.name} {c.folder}" for c in self.collections) + self.authority
        digest = hashlib.sha256(places.encode()).hexdigest()[:16]
        return f"sqlite:///{_cache_folder() / f'inventory-{digest}.sqlite'}"

    def environment(self) -> dict[str, str]:
        """Return the variables from which `from_environment` makes these settings again."""
        content = self.model_dump(mode="json")
        return {
            f"SODALITE_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in content.items()
        }


def _cache_folder() -> Path:
    """Return a folder that this user can write to, for what can be made anew."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "sodalite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"sodalite-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
