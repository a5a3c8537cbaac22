"""Jobs that take long: their state, who carries them out, where their results lie."""

from .engine import Context, Engine, Opener, Work
from .errors import JobStoreAway, JobStoreError, ResultsTooLarge
from .model import Failure, Job, Limits, Progress, Result, Swept
from .opening import limits_of, open_engine, open_results_of, open_store, open_worker
from .phases import ACTIVE, FINAL, IllegalTransition
from .results import FolderResults, New, ResultStore
from .store import JobStore
from .traffic import Taken, Traffic

__all__ = [
    "ACTIVE",
    "FINAL",
    "Context",
    "Engine",
    "Failure",
    "FolderResults",
    "IllegalTransition",
    "Job",
    "JobStore",
    "JobStoreAway",
    "JobStoreError",
    "Limits",
    "New",
    "Opener",
    "Progress",
    "Result",
    "ResultStore",
    "ResultsTooLarge",
    "Swept",
    "Taken",
    "Traffic",
    "Work",
    "limits_of",
    "open_engine",
    "open_results_of",
    "open_store",
    "open_worker",
]
