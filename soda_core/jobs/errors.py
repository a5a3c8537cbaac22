"""What can go wrong with jobs."""

from sqlalchemy.exc import SQLAlchemyError

from soda_core.dali import UsageError

__all__ = ["JobStoreAway", "JobStoreError", "ResultsTooLarge"]


class JobStoreError(Exception):
    """The database of the jobs cannot be opened; the text is for who runs the service."""


class JobStoreAway(SQLAlchemyError):
    """The database of the jobs does not answer; what the driver says is the cause."""


class ResultsTooLarge(UsageError):
    """The results of a job are larger than this deployment allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the results are larger than {limit} bytes, the most that one job may have")
