"""Handlers of the declared endpoints: plain functions of parsed requests."""

from .admissible import admissible_of
from .archive import Archive
from .cutout_jobs import WORK
from .desk import Desk
from .examples import examples_of
from .service import endpoints, troubles_of

__all__ = ["WORK", "Archive", "Desk", "admissible_of", "endpoints", "examples_of", "troubles_of"]
