"""Handlers of the declared endpoints: plain functions of parsed requests."""

from .admissible import admissible_of
from .archive import Archive
from .examples import examples_of
from .service import endpoints

__all__ = ["Archive", "admissible_of", "endpoints", "examples_of"]
