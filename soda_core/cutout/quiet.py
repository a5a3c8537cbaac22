"""Silence about odd headers, safe in threads."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from astropy.utils.exceptions import AstropyWarning

__all__ = ["quiet"]

SILENCED = (AstropyWarning, RuntimeWarning, UserWarning, DeprecationWarning)


class _Filters:
    """The filters belong to the process: the first who wants silence sets them, the last restores them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._context = warnings.catch_warnings()

    def silence(self) -> None:
        with self._lock:
            if self._users == 0:
                self._context = warnings.catch_warnings()
                self._context.__enter__()
                for category in SILENCED:
                    warnings.simplefilter("ignore", category)
            self._users += 1

    def restore(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._context.__exit__(None, None, None)


_FILTERS = _Filters()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what astropy and numpy say about odd headers that are read rightly all the same."""
    _FILTERS.silence()
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _FILTERS.restore()
