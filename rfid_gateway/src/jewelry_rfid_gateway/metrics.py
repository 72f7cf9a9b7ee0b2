"""Figures of the gateway in the text format that Prometheus reads."""

import threading

PREFIX = "jewelry_rfid_"
#: {name: (type, help)}; what is not here is not told.
KNOWN = {
    "reads_total": ("counter", "Reads taken from a reader."),
    "sightings_total": ("counter", "Sightings told, by kind."),
    "reads_ignored_total": ("counter", "Reads that were too few to mean anything."),
    "reads_waiting": ("gauge", "Reads that drivers handed over and nobody looked at yet."),
    "tags_known": ("gauge", "Tags that are there, or were heard just now."),
    "reader_up": ("gauge", "1 while a reader works."),
    "spool_sightings": ("gauge", "Sightings on disk that Odoo has not taken yet."),
    "spool_refused_batches": ("gauge", "Batches that Odoo refused, kept on disk."),
    "spool_bytes": ("gauge", "Bytes that the spool uses."),
    "spool_full": ("gauge", "1 while readers have to wait for room on disk."),
    "spool_thinned_total": ("counter", "Summaries joined with others for want of room."),
    "commits_total": ("counter", "Transactions of the spool."),
    "commit_seconds_total": ("counter", "Time that transactions of the spool took."),
    "sent_sightings_total": ("counter", "Sightings that Odoo has taken."),
    "sent_batches_total": ("counter", "Batches that Odoo has answered, by how."),
    "refused_rows_total": ("counter", "Rows that Odoo refused in batches it took."),
    "requests_failed_total": ("counter", "Requests to Odoo that have to be repeated, by why."),
    "odoo_answered_seconds": ("gauge", "Time of Odoo's last answer, in seconds since 1970."),
    "log_lines_total": ("counter", "Lines of the log, by level."),
}


class Metrics:
    """Counts and states; every method may be called by any thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._values = {}

    def add(self, name, amount=1, **labels):
        """Let a counter grow."""
        key = (name, tuple(sorted(labels.items())))
        with self._lock:
            self._values[key] = self._values.get(key, 0) + amount

    def set(self, name, value, **labels):
        """Give a gauge its value."""
        with self._lock:
            self._values[name, tuple(sorted(labels.items()))] = value

    def get(self, name, **labels):
        """A value, 0 for what was never told."""
        with self._lock:
            return self._values.get((name, tuple(sorted(labels.items()))), 0)

    def to_text(self):
        """All of it, sorted, each name with its type and its help."""
        with self._lock:
            values = sorted(self._values.items())
        lines = []
        for name, (kind, help_text) in sorted(KNOWN.items()):
            found = [(labels, value) for (known, labels), value in values if known == name]
            if found:
                lines += [f"# HELP {PREFIX}{name} {help_text}", f"# TYPE {PREFIX}{name} {kind}"]
                lines += [
                    f"{PREFIX}{name}{_format(labels)} {_number(value)}" for labels, value in found
                ]
        return "".join(f"{line}\n" for line in lines)


def _format(labels):
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels) + "}"


def _escape(value):
    return str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value):
    """All digits: a count of millions must not be rounded."""
    return repr(float(value)) if isinstance(value, float) else str(int(value))
