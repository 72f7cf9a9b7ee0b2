"""What speaks with readers; found by the entry points of the group `GROUP`."""

from importlib.metadata import entry_points

GROUP = "jewelry_rfid_gateway.drivers"


def names():
    """The names of all installed drivers, sorted."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def load(name):
    """The class of the driver `name`.

    :raise LookupError: no installed package has a driver of that name.
    """
    for entry in entry_points(group=GROUP, name=name):
        return entry.load()
    raise LookupError(f"There is no driver {name!r}: there are {', '.join(names())}.")
