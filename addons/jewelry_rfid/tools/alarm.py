"""Who passes a door, and how another program is told of it: without a database or network."""

import hmac
from hashlib import sha256
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

#: So many times another program is told before it is given up.
MOST_TRIES = 10
_LONGEST_WAIT = 3600


class Passage(NamedTuple):
    """A chip at a door, from when to when, in milliseconds."""

    first: int
    last: int


def find_passages(rows, zones, doors, tags):
    """Return {tag: Passage} of what was seen at doors.

    A leave counts as well: the chip was read there, before it was read no more.

    :param rows: sightings, as of `tools.batch`
    :param dict zones: {(reader, antenna): zone}
    :param doors: the zones that are doors
    :param dict tags: {EPC: tag}; what readers call by two numbers is one chip
    """
    passages = {}
    for row in rows:
        if row.epc in tags and zones.get((row.reader, row.antenna)) in doors:
            tag = tags[row.epc]
            known = passages.get(tag, row)
            first, last = min(known.first, row.first), max(known.last, row.last)
            passages[tag] = Passage(first, last)
    return passages


def is_safe_url(url):
    """Tell whether what is sent to an address cannot be read on the way: encrypted, or no way."""
    try:
        parts = urlsplit(url or "")
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def sign(secret, moment, body):
    """Return the signature of a message: whoever has the secret can tell that it is genuine, and
    by the time that it is no old one again.

    :param str secret: what both sides know
    :param str moment: seconds since 1970, as told beside the message
    :param bytes body: the message as it is sent
    """
    text = moment.encode() + b"." + body
    return f"sha256={hmac.new(secret.encode(), text, sha256).hexdigest()}"


def get_wait(tries):
    """Return how many seconds are waited after so many tries that failed."""
    return min(15 * 2 ** (tries - 1), _LONGEST_WAIT)
