"""When a smart case counts itself: times of the day by the clock of the shop."""

import re
from datetime import datetime, time, timedelta

DAY_MINUTES = 24 * 60
#: A count that could not be made in time is made so much later at most, and left out then.
GRACE = timedelta(hours=1)

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def parse_times(text):
    """Return the minutes of the day that a text such as "9:30, 18:00" names, in their order.

    :raises ValueError: naming what is no time
    """
    parts = [part for part in re.split(r"[\s,;]+", text or "") if part]
    minutes = set()
    for part in parts:
        if not (match := _TIME.fullmatch(part)):
            raise ValueError(part)
        minutes.add(int(match[1]) * 60 + int(match[2]))
    return sorted(minutes)


def spread_times(hours, opening, closing):
    """Return the minutes of the day at which is counted every so many hours while it is open.

    :param hours: how many hours lie between two counts
    :param opening: when the shop opens, in hours
    :param closing: when it closes, in hours
    """
    step, start, end = (round(value * 60) for value in (hours, opening, closing))
    return list(range(start, min(end, DAY_MINUTES - 1) + 1, step)) if step > 0 else []


def is_due(minutes, last, now):
    """Tell whether one of these times of the day has come since the last count.

    :param minutes: minutes of the day
    :param datetime last: when it was counted last, or None
    :param datetime now: by the clock of the shop, with its time zone
    """
    # What is due shortly before midnight may be counted shortly after it.
    moments = [
        datetime.combine(day, time(*divmod(minute, 60)), tzinfo=now.tzinfo)
        for day in (now.date() - timedelta(days=1), now.date())
        for minute in minutes
    ]
    come = [moment for moment in moments if moment <= now < moment + GRACE]
    return bool(come) and (last is None or last < max(come))
