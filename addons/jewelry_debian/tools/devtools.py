"""The DevTools protocol of Chromium over a pair of pipes: JSON messages, each ended by a NUL."""

import json
import os
import selectors

#: Seconds without a word from the browser after which it counts as stuck.
PATIENCE = 60
READ_SIZE = 1 << 20


class ChromiumError(Exception):
    """Chromium did not do what it was asked; the message says what it answered."""


class DevTools:
    """Commands sent to a browser, and the events that arrive meanwhile.

    :param to_browser: unbuffered binary file to write to
    :param from_browser: binary file to read from
    :param dict handlers: {event name: function of its parameters}; other events are ignored
    """

    def __init__(self, to_browser, from_browser, handlers):
        self._to_browser = to_browser
        self._from_browser = from_browser
        self._handlers = handlers
        self._selector = selectors.DefaultSelector()
        self._selector.register(from_browser, selectors.EVENT_READ)
        self._unread = b""
        self._last_id = 0
        #: The page that commands are for, None for the browser itself.
        self.session_id = None

    def close(self):
        """Release the selector; the pipes belong to the caller."""
        self._selector.close()

    def call(self, method, **params):
        """Send a command and return its result, handling events while waiting.

        :raises ChromiumError: when the browser answers with an error, dies or stays silent
        """
        command_id = self.send(method, **params)
        while (message := self._receive()).get("id") != command_id:
            handler = self._handlers.get(message.get("method"))
            if handler:
                handler(message["params"])
        if "error" in message:
            raise ChromiumError(f"{method}: {message['error']['message']}")
        return message["result"]

    def send(self, method, **params):
        """Send a command without waiting and return its number."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        if self.session_id:
            message["sessionId"] = self.session_id
        try:
            self._to_browser.write(json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise ChromiumError("the browser ended") from error
        return self._last_id

    def _receive(self):
        """Return the next message."""
        while b"\0" not in self._unread:
            if not self._selector.select(PATIENCE):
                raise ChromiumError(f"the browser was silent for {PATIENCE} seconds")
            chunk = os.read(self._from_browser.fileno(), READ_SIZE)
            if not chunk:
                raise ChromiumError("the browser ended")
            self._unread += chunk
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)
