"""Tiles that were decoded lately."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from soda_core.cutout.codecs import Raw

__all__ = ["TILES", "TileCache"]


class TileCache:
    """The last used tiles, at most *limit* bytes of them, by a number of their table and their own."""

    def __init__(self, limit: int = 1 << 26) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], Raw] = OrderedDict()
        self.weight = 0
        """Bytes of all of them."""

    def get(self, table: int, tiles: Iterable[tuple[int, int]]) -> dict[int, Raw]:
        """Return those tiles of which as many pixels or bytes are known as needed (number, needed)."""
        found: dict[int, Raw] = {}
        with self._lock:
            for tile, needed in tiles:
                raw = self._kept.get((table, tile))
                if raw is not None and raw.known >= needed:
                    self._kept.move_to_end((table, tile))
                    found[tile] = raw
        return found

    def put(self, table: int, tiles: Iterable[tuple[int, Raw]]) -> None:
        """Keep tiles in place of what was known of them."""
        with self._lock:
            for tile, raw in tiles:
                known = self._kept.pop((table, tile), None)
                self.weight += raw.values.nbytes - (known.values.nbytes if known else 0)
                self._kept[table, tile] = raw
                while self.weight > self._limit:
                    self.weight -= self._kept.popitem(last=False)[1].values.nbytes

    def clear(self) -> None:
        """Forget all tiles."""
        with self._lock:
            self._kept.clear()
            self.weight = 0


TILES = TileCache()
"""The cache of this process."""
