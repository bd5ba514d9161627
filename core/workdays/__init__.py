"""Working days: statutory holidays and the weekends worked instead, with the office's own changes."""

from core.workdays.calendar import Workdays
from core.workdays.services import workdays_of

__all__ = ["Workdays", "workdays_of"]
