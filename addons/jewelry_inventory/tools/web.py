"""Asking another server within limits: of time, of size, and of where it may lead."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests

# Seconds: until the other side answers at all, and for the whole of it.
ANSWER_SECONDS, WHOLE_SECONDS = 20, 60
CHUNK = 65_536
REDIRECTS = 3
LOCAL = ("localhost", "127.0.0.1")
DEFAULT_WAIT, MAX_WAIT = 60, 86_400


class WebError(Exception):
    """The other server gave no usable answer; `code` says why and `values` fill its message.

    Codes: `address`, `offline`, `timeout`, `refused`, `busy` (with `seconds`), `status` (with
    `status`), `large`.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def check_address(url):
    """Refuse an address that would be read on the way; this machine is the exception.

    :raises WebError: `address`
    """
    parts = urlsplit(url or "")
    local = parts.scheme == "http" and parts.hostname in LOCAL
    if not parts.hostname or not (local or parts.scheme == "https"):
        raise WebError("address")


def post_json(url, body, key, limit):
    """Send JSON with a key in the header, and return the bytes of the answer.

    The key goes nowhere else: not to where the answer may lead, and into no message.

    :raises WebError: as of its class
    """
    check_address(url)

    def authorize(request):
        # Not as a plain header: the library may put another one in its place.
        request.headers["Authorization"] = key
        return request

    return _ask("POST", url, limit, json=body, auth=authorize)[0]


def fetch(url, limit):
    """Return the bytes behind a link, which may lead on a few times.

    :raises WebError: as of its class
    """
    for _hop in range(REDIRECTS + 1):
        check_address(url)
        content, target = _ask("GET", url, limit)
        if not target:
            return content
        url = urljoin(url, target)
    raise WebError("address")


def _ask(method, url, limit, **options):
    """Return the bytes of an answer, and where it leads to if it is elsewhere."""
    ends = time.monotonic() + WHOLE_SECONDS
    try:
        with requests.request(
            method, url, timeout=ANSWER_SECONDS, stream=True, allow_redirects=False, **options
        ) as response:
            if method == "GET" and response.is_redirect:
                return b"", response.headers["Location"]
            _check_status(response)
            return _read(response, limit, ends), ""
    except requests.Timeout:
        raise WebError("timeout") from None
    except (requests.RequestException, OSError):
        # Without its cause: a library's own words may hold the address and what was sent.
        raise WebError("offline") from None


def _check_status(response):
    if response.status_code == 429:
        raise WebError("busy", seconds=read_wait(response.headers.get("Retry-After", "")))
    if response.status_code in (401, 403):
        raise WebError("refused", status=response.status_code)
    if response.status_code != 200:
        raise WebError("status", status=response.status_code)


def _read(response, limit, ends):
    content = bytearray()
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > limit:
            raise WebError("large")
        if time.monotonic() > ends:
            raise WebError("timeout")
    return bytes(content)


def read_wait(text):
    """Return the seconds that a `Retry-After` header asks to wait; a minute if it is unclear.

    :param str text: seconds, or the date of a moment
    """
    if text.strip().isdecimal():
        return min(int(text), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return DEFAULT_WAIT
    wait = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(int(wait), 0), MAX_WAIT)
