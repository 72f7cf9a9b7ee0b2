"""Two threads that speak with Odoo: one sends batches, one tells how the readers do."""

import json
import logging
import random
import threading
import time

from .odoo import Answer, Outcome
from .spool import SpoolFull

_logger = logging.getLogger(__name__)

#: Seconds until the same is tried again: the first time, and at most.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: Seconds to wait when Odoo does not know the key: a person has to act.
KEY_WAIT = 60.0
#: Rows of a batch that Odoo takes at most.
MOST_ROWS = 5_000
#: Refused rows that the log names.
NAMED = 20
DAY = 86_400_000
#: Milliseconds by which a clock may be wrong: Odoo refuses batches beyond a day, and what it says
#: of its own time was on its way for a while.
CLOCK_LIMIT = DAY - 60_000
#: Seconds until a wrong clock is looked at again.
CLOCK_WAIT = 2.0
#: Seconds between two heartbeats while somebody follows a tag.
FOLLOWING = 2.0


def get_wait(failures):
    """Seconds before the next attempt: longer each time, and not the same for all gateways."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 16))
    return random.uniform(longest / 2, longest)


class OdooClock:
    """The time at Odoo, counted on from the last heartbeat's answer, however this computer's clock
    is set meanwhile.
    """

    def __init__(self):
        self._ahead = None

    def hear(self, milliseconds):
        """Take Odoo's time, in milliseconds since 1970."""
        if type(milliseconds) is int:
            self._ahead = milliseconds - _get_passed()

    def get_error(self):
        """Milliseconds by which this computer's clock is ahead; None when Odoo's is not known."""
        if self._ahead is None:
            return None
        return time.time_ns() // 1_000_000 - _get_passed() - self._ahead


def _get_passed():
    """Milliseconds of a clock that nobody sets, and that runs while the computer sleeps."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class _Speaker:
    """A thread that does something with Odoo again and again."""

    name = ""

    def __init__(self, odoo, metrics, died=None):
        self.odoo, self.metrics = odoo, metrics
        #: Milliseconds since 1970 of Odoo's last good answer; what is wrong since then.
        self.answered_at, self.problem = None, ""
        #: Whether Odoo refuses the key.
        self.key_refused = False
        self._failures = 0
        self._died = died or (lambda: None)
        self._awake, self._stopping = threading.Event(), threading.Event()
        #: Held while something is done that must not be after `stop`.
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._live, name=self.name, daemon=True)

    def start(self):
        """Begin."""
        self._thread.start()

    def wake(self):
        """Look at once whether there is something to do; a wait after an error goes on."""
        self._awake.set()

    def stop(self, timeout=2.0):
        """End; a request on its way is left to itself, its batch keeps its id. Whatever is answered
        afterwards changes nothing.

        :return: whether the thread has ended within `timeout` seconds
        """
        with self._lock:
            self._stopping.set()
        self._awake.set()
        if self._thread.ident:
            self._thread.join(timeout)
        self.odoo.close()
        return not self._thread.is_alive()

    def _live(self):
        try:
            while not self._stopping.is_set():
                self._awake.clear()
                wait = self._act()
                if self._failures:
                    self._stopping.wait(wait)
                else:
                    self._awake.wait(wait)
        except Exception:  # whatever it was, the service must know and end
            if self._stopping.is_set():  # the spool was closed before an answer came
                return
            _logger.critical("The %s has died; the gateway ends.", self.name, exc_info=True)
            self._died()

    def _act(self):
        """Do one thing.

        :return: seconds to wait before the next
        """
        raise NotImplementedError

    def _hear(self, answer):
        """Note what an answer says of the connection.

        :return: seconds to wait
        """
        self.key_refused = answer.outcome is Outcome.KEY
        if answer.outcome in (Outcome.DONE, Outcome.REFUSED):
            self._recover()
            return 0
        self._failures += 1
        self.metrics.add("requests_failed_total", why=answer.outcome.value)
        if answer.message != self.problem:
            self.problem = answer.message
            _logger.warning("%s Nothing is lost; the %s tries again.", answer.message, self.name)
        if self.key_refused:
            return KEY_WAIT
        return max(answer.wait, get_wait(self._failures))

    def _recover(self):
        if self.problem:
            _logger.info("Odoo takes what the %s sends again.", self.name)
        self._failures, self.problem = 0, ""
        self.answered_at = time.time_ns() // 1_000_000
        self.metrics.set("odoo_answered_seconds", self.answered_at / 1000)


class Uploader(_Speaker):
    """Sends batches in their order, one at a time, until each is answered."""

    name = "uploader"
    #: Seconds between two looks when nobody wakes it.
    IDLE = 5.0

    def __init__(self, odoo, metrics, spool, gateway, rows=2_000, clock=None, **options):
        super().__init__(odoo, metrics, **options)
        self.spool, self.gateway = spool, gateway
        self.rows = min(rows, MOST_ROWS)
        self.clock = clock or OdooClock()
        #: Whether nothing is sent because Odoo would refuse the times.
        self.clock_wrong = False
        #: What Odoo said of the last row that it refused in a batch that it took.
        self.refusal = ""

    def _act(self):
        if self._is_clock_wrong():
            return CLOCK_WAIT
        try:
            batch = self.spool.seal(self.rows)
            if batch is None:
                self.spool.give_back()
                return self.IDLE
            return self._send(batch)
        except SpoolFull as error:
            self._failures += 1
            _logger.warning("%s The uploader tries again.", error)
            return get_wait(self._failures)

    def _is_clock_wrong(self):
        """Whether Odoo would refuse each batch for its time; says so once."""
        error = self.clock.get_error()
        was_wrong, self.clock_wrong = self.clock_wrong, abs(error or 0) > CLOCK_LIMIT
        if self.clock_wrong and not was_wrong:
            way = "ahead of" if error > 0 else "behind"
            self.problem = (
                f"The clock is wrong by {abs(error) / DAY:.1f} days, {way} Odoo's: "
                "nothing is sent until it is set."
            )
            _logger.error("%s Nothing is lost.", self.problem)
        elif was_wrong and not self.clock_wrong:
            self.problem = ""
            _logger.info("The clock is right again.")
        return self.clock_wrong

    def _send(self, batch):
        # Without knowing the time at Odoo, a refusal may mean the clock alone.
        timed = self.clock.get_error() is not None
        answer = self.odoo.call("jewelry.rfid.batch", "register_batch", self._pack(batch))
        answer = self._judge(batch, answer, timed)
        with self._lock:
            return 0 if self._stopping.is_set() else self._take(batch, answer)

    def _judge(self, batch, answer, timed):
        """The answer, to be tried again where it need not be about the batch."""
        if answer.outcome is Outcome.DONE and answer.values.get("batch") != batch.uuid:
            message = "What answers at Odoo's address does not know our batch."
            return answer._replace(outcome=Outcome.AGAIN, message=message)
        if answer.outcome is Outcome.REFUSED and not timed:
            return answer._replace(outcome=Outcome.AGAIN)
        return answer

    def _take(self, batch, answer):
        wait = self._hear(answer)
        if answer.outcome is Outcome.DONE:
            self._settle(batch, answer.values)
        elif answer.outcome is Outcome.REFUSED:
            self._set_aside(batch, answer.message)
        return wait

    def _pack(self, batch):
        """The body; the rows are JSON already."""
        head = {
            "batch": batch.uuid,
            "gateway": self.gateway,
            "sequence": batch.sequence,
            "sent": time.time_ns() // 1_000_000,
        }
        return f'{json.dumps(head)[:-1]}, "sightings": {batch.lines}}}'.encode()

    def _settle(self, batch, values):
        self.spool.settle(batch)
        how = "duplicate" if values.get("duplicate") else "accepted"
        self.metrics.add("sent_batches_total", how=how)
        self.metrics.add("sent_sightings_total", batch.rows)
        refused = values.get("refused")
        if refused and isinstance(refused, list):
            self.metrics.add("refused_rows_total", len(refused))
            last = refused[-1]
            self.refusal = f"{last[-1] if isinstance(last, list) and last else last}"
            _logger.warning(
                "Odoo refused %s of %s sightings of batch %s: %s",
                len(refused), batch.rows, batch.uuid, refused[:NAMED],
            )  # fmt: skip

    def _set_aside(self, batch, message):
        self.spool.set_aside(batch, message)
        self.metrics.add("sent_batches_total", how="refused")
        _logger.error("Batch %s is refused and kept aside. %s", batch.uuid, message)


class Heart(_Speaker):
    """Tells how the readers do, and hears of zones, powers and tags to follow."""

    name = "heartbeat"

    def __init__(self, odoo, metrics, tell, hear, every=10.0, **options):
        """Take both sides.

        :param tell: returns the values to send
        :param hear: takes what Odoo answers
        """
        super().__init__(odoo, metrics, **options)
        self._tell, self._listen, self.every = tell, hear, every

    def _act(self):
        answer = self._beat()
        if self._stopping.is_set():
            return 0
        wait = self._hear(answer)
        if answer.outcome is not Outcome.DONE:
            return wait
        return FOLLOWING if answer.values.get("watch") else self.every

    def _beat(self):
        """Tell and hear; a value that nobody expected, here or there, does not end the reading."""
        try:
            body = json.dumps(self._tell()).encode()
            answer = self.odoo.call("jewelry.rfid.reader", "heartbeat", body)
            with self._lock:
                if answer.outcome is Outcome.DONE and not self._stopping.is_set():
                    self._listen(answer.values)
        except Exception as error:
            _logger.exception("The heartbeat has failed.")
            return Answer(Outcome.AGAIN, {}, f"The heartbeat has failed: {error!r}.")
        if answer.outcome is Outcome.REFUSED:
            return answer._replace(outcome=Outcome.AGAIN)
        return answer
