"""When a schedule is due: plain times, no database."""

from datetime import datetime, time, timedelta

from core import clock
from core.errors import SetupError
from core.hookspecs import ScheduledJob


def check(schedule: ScheduledJob) -> None:
    """Raise SetupError for a schedule that says no time, or two."""
    try:
        good = bool(schedule.daily) != bool(schedule.every_minutes) and schedule.every_minutes >= 0
        time.fromisoformat(schedule.daily or "00:00")
    except ValueError:
        good = False
    if not good:
        raise SetupError(
            "定时任务的时间有误",
            where=schedule.name,
            advice="写每天的时间（如 02:30），或每隔多少分钟，二者取一",
        )


def last_due(schedule: ScheduledJob, now: datetime) -> datetime:
    """The latest due time that is not after now."""
    today = clock.moment(clock.local(now).date(), 0)
    if schedule.every_minutes:
        step = timedelta(minutes=schedule.every_minutes)
        return today + (now - today) // step * step
    at = time.fromisoformat(schedule.daily)
    due = today + timedelta(hours=at.hour, minutes=at.minute)
    return due if due <= now else due - timedelta(days=1)


def words(schedule: ScheduledJob) -> str:
    """When it runs, as people say it."""
    return f"每天 {schedule.daily}" if schedule.daily else f"每 {schedule.every_minutes} 分钟"
