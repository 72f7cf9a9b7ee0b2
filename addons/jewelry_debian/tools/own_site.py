"""Odoo's own pages, got without a socket.

Reports need no base URL that the server itself can reach, no second worker, and no server at all.
"""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.test import Client

from odoo.http import root

#: Seconds that one page may take.
PATIENCE = 60


class OwnSite(contextlib.ExitStack):
    """Gets pages for the time of a ``with`` block, and refuses those of other sites.

    :param base_urls: scheme and host of this site, under all its names
    :param dict headers: sent along with each request
    """

    def __init__(self, base_urls, headers):
        super().__init__()
        self._origins = set(map(get_origin, base_urls))
        self._headers = headers
        # Odoo keeps notes about a request on its thread: ours must not overwrite the caller's.
        self._executor = ThreadPoolExecutor(max_workers=1)
        self.callback(self._executor.shutdown, wait=False, cancel_futures=True)

    def get(self, url):
        """Return (status, headers, bytes) of a page, or None when it is not on this site."""
        origin = get_origin(url)
        if origin not in self._origins:
            return None
        try:
            return self._executor.submit(self._get, origin, url).result(PATIENCE)
        except FutureTimeoutError:
            return 504, {}, b""

    def _get(self, origin, url):
        """Return (status, headers, bytes) of a page."""
        response = Client(root, use_cookies=False).get(
            url[len(origin) :],
            base_url=origin,
            headers=self._headers,
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
        # With --x-sendfile Odoo leaves the sending of stored files to the proxy.
        sent_file = response.headers.get("X-Sendfile")
        body = Path(sent_file).read_bytes() if sent_file else response.data
        return response.status_code, dict(response.headers), body


def get_origin(url):
    """Return scheme and host of a URL, which is what makes two pages belong to one site."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
