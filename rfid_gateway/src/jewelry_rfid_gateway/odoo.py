"""Odoo's side of the wire: one request, and what its answer asks of us."""

import json
import re
from enum import Enum
from typing import NamedTuple

import requests

from .key import KeyProblem

#: Seconds to reach Odoo, and to wait for its answer.
TIMEOUT = (10, 60)
#: What is wrong here is not the batch: the address, the moment, the load.
PASSING = {404, 405, 408, 421, 425, 429}
#: Characters of an answer that a message may quote.
QUOTED = 300


#: Says nothing, and is another one each time.
_NAMELESS = re.compile(r"<[^<>]* object at 0x[0-9a-f]+>(: )?")


class Outcome(Enum):
    """What to do after an answer."""

    DONE = "done"
    #: The same again, later.
    AGAIN = "again"
    #: The same again when somebody has looked after the key.
    KEY = "key"
    #: This one never; go on with the next.
    REFUSED = "refused"


class Answer(NamedTuple):
    """An outcome, Odoo's values when it is done, else a message for a person."""

    outcome: Outcome
    values: dict
    message: str = ""
    #: Seconds that Odoo asks to wait.
    wait: float = 0


class Odoo:
    """A connection for one thread."""

    def __init__(self, url, key, database=None, ca_file=None, timeout=TIMEOUT):
        """Nothing is opened before the first call.

        :param key: a `Key`
        :param ca_file: certificates to trust instead of the computer's own
        """
        self.url, self.timeout = url.rstrip("/"), timeout
        self._key, self._database = key, database
        self._session = requests.Session()
        self._session.verify = str(ca_file) if ca_file else True
        # Neither a proxy nor a password file of the computer's user has a say in this.
        self._session.trust_env = False

    def call(self, model, method, body):
        """Call a method with keyword arguments.

        :param body: bytes of a JSON object
        :return Answer: never raises for what the network or Odoo does
        """
        address = f"{self.url}/json/2/{model}/{method}"
        try:
            headers = self._get_headers()
        except KeyProblem as error:
            return Answer(Outcome.KEY, {}, str(error))
        try:
            response = self._session.post(
                address,
                data=body,
                headers=headers,
                timeout=self.timeout,
                # Another address must not get the key.
                allow_redirects=False,
            )
        except OSError as error:
            reason = _NAMELESS.sub("", str(error))
            return Answer(Outcome.AGAIN, {}, f"Odoo cannot be reached at {self.url}: {reason}")
        return self._judge(response)

    def close(self):
        """End the connection."""
        self._session.close()

    def _get_headers(self):
        headers = {
            "Authorization": f"bearer {self._key.read()}",
            "Content-Type": "application/json",
        }
        if self._database:
            headers["X-Odoo-Database"] = self._database
        return headers

    def _judge(self, response):
        status = response.status_code
        if status == 200:
            return self._judge_values(response)
        message = f"Odoo answers {status}: {_quote(response)}"
        if status in (401, 403):
            return Answer(Outcome.KEY, {}, message)
        if status < 400 or status >= 500 or status in PASSING:
            return Answer(Outcome.AGAIN, {}, message, _get_wait(response))
        return Answer(Outcome.REFUSED, {}, message)

    def _judge_values(self, response):
        try:
            values = response.json()
        except ValueError:
            values = None
        if not isinstance(values, dict):
            message = f"{self.url} answers, but not as Odoo does: {_quote(response)}"
            return Answer(Outcome.AGAIN, {}, message)
        return Answer(Outcome.DONE, values)


def _quote(response):
    """What the answer says to a person: Odoo's message, else the beginning of the text."""
    try:
        values = json.loads(response.text)
    except ValueError:
        values = None
    message = values.get("message") if isinstance(values, dict) else None
    return " ".join(str(message or response.text).split())[:QUOTED]


def _get_wait(response):
    wait = response.headers.get("Retry-After", "")
    return min(float(wait), 600) if wait.isdecimal() else 0
