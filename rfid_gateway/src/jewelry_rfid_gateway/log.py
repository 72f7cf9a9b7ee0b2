"""A line of JSON for each message, in which no key is ever written."""

import json
import logging
import sys
import threading
import time

#: Values that must not be written anywhere; `hide` adds to them.
_SECRETS = set()
HIDDEN = "***"
LEVELS = ("debug", "info", "warning", "error")


def hide(secret):
    """Let no line of the log hold `secret`."""
    if secret:
        _SECRETS.add(secret)


def redact(text):
    """`text` without secrets."""
    for secret in _SECRETS:
        text = text.replace(secret, HIDDEN)
    return text


class JsonFormatter(logging.Formatter):
    """A message as one JSON object in one line."""

    def format(self, record):
        """Time in UTC, level, who, what, and the error with its trace."""
        milliseconds = int(record.msecs)
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        values = {
            "time": f"{moment}.{milliseconds:03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        if record.exc_info:
            values["error"] = self.formatException(record.exc_info)
        values = {name: redact(value) for name, value in values.items()}
        return json.dumps(values, ensure_ascii=False)


class _Counter(logging.Filter):
    """Counts lines on their way."""

    def __init__(self, metrics):
        super().__init__()
        self._metrics = metrics

    def filter(self, record):
        self._metrics.add("log_lines_total", level=record.levelname.lower())
        return True


def set_up(level="info", metrics=None, stream=None):
    """Send the log of the whole process to `stream`, standard error if none."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    if metrics:
        handler.addFilter(_Counter(metrics))
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries speak up when something is wrong; we say what we do.
    root.setLevel(logging.WARNING)
    set_level(level)


def catch_all():
    """Let the log hold what nobody has caught, and warnings of Python, instead of raw traces."""
    logging.captureWarnings(True)
    sys.excepthook = lambda *error: _log_uncaught("The program", error)
    threading.excepthook = lambda args: _log_uncaught(
        f"The thread {args.thread.name if args.thread else '?'}", args[:3]
    )


def _log_uncaught(what, error):
    logging.getLogger(__name__).critical("%s has ended by an error.", what, exc_info=error)


def set_level(level):
    """Say more, or less, from now on."""
    logging.getLogger(__package__).setLevel(level.upper())
