"""Files that the kernel has in memory, or no longer."""

import os
from pathlib import Path

__all__ = ["forget"]


def forget(path: Path) -> bool:
    """Let the kernel write a file to its disk and drop it from memory; tell whether it did."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        # the last byte only: asking for one makes the kernel fetch those after it
        os.preadv(descriptor, [bytearray(1)], os.fstat(descriptor).st_size - 1, os.RWF_NOWAIT)
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False
    finally:
        os.close(descriptor)
