"""Background jobs: a ledger in the app's own database, written together with the business it belongs to."""

from core.jobs.ledger import open_job, start
from core.jobs.task import Cancelled, Result, Task

__all__ = ["Cancelled", "Result", "Task", "open_job", "start"]
