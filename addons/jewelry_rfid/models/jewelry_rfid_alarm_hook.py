import json
import logging
from datetime import timedelta
from functools import partial

import requests

from odoo import api, fields, models
from odoo.service.model import retrying

from ..tools import alarm as rules

_logger = logging.getLogger(__name__)

WAITING, SENT, FAILED = "waiting", "sent", "failed"
HOOK_STATES = [(WAITING, "Waiting"), (SENT, "Sent"), (FAILED, "Given Up")]
TIMEOUT = 10  # seconds


class JewelryRfidAlarm(models.Model):
    """How another program, such as a siren or a guard's, is told of alarms: after the batch is
    committed, again and again until it answers, and signed.
    """

    _inherit = "jewelry.rfid.alarm"

    hook_state = fields.Selection(
        selection=HOOK_STATES, string="Other Program", readonly=True, index="btree_not_null"
    )
    hook_tries = fields.Integer(string="Tries", readonly=True)
    hook_date = fields.Datetime(string="Next Try", readonly=True)
    hook_error = fields.Char(string="Last Answer", readonly=True)

    @api.model
    def _cron_send(self):
        """Tell the other program of the alarms that are due, each in a transaction of its own."""
        now = fields.Datetime.now()
        due = self.search([("hook_state", "=", WAITING), ("hook_date", "<=", now)], order="id")
        for alarm in due:
            if alarm.hook_state == WAITING:
                alarm._send()
            if not self.env["ir.cron"]._commit_progress(1):
                break
        if waiting := self.search([("hook_state", "=", WAITING)], order="hook_date", limit=1):
            self.env.ref("jewelry_rfid.ir_cron_hook")._trigger(max(waiting.hook_date, now))

    def _send(self):
        """Tell of one alarm, and note what came of it. No transaction is open while the other
        program takes its time, and readers may tell of the same alarm meanwhile.
        """
        error, stays = self._find_fault(), self.stays
        if not error:
            request = self._prepare_request()
            self.env["ir.cron"]._commit_progress()
            error = self._post(request)
        retrying(partial(self._note, error, stays), self.env)

    def _note(self, error, stays):
        """Note what came of telling of a stay, unless it was answered, or rang again, meanwhile."""
        if (self.hook_state, self.stays) != (WAITING, stays):
            return
        tries = self.hook_tries + 1
        if not error:
            self.write({"hook_state": SENT, "hook_tries": tries, "hook_error": False})
            return
        wait = timedelta(seconds=rules.get_wait(tries))
        self.write(
            {
                "hook_state": FAILED if tries >= rules.MOST_TRIES else WAITING,
                "hook_tries": tries,
                "hook_date": fields.Datetime.now() + wait,
                "hook_error": error,
            }
        )
        # Neither address nor key: addresses hold keys as well.
        _logger.warning("The alarm %s was not taken, try %s: %s", self.id, tries, error)

    def _drop_hook(self):
        """Let nobody be told any more of what was answered first."""
        waiting = self.filtered(lambda alarm: alarm.hook_state == WAITING)
        waiting.write({"hook_state": FAILED, "hook_error": self.env._("It was answered first.")})

    def _find_fault(self):
        """Return why nothing can be sent, or an empty text."""
        company = self.company_id
        if not rules.is_safe_url(company.rfid_alarm_url):
            return self.env._("The address is not encrypted.")
        return "" if company.rfid_alarm_secret else self.env._("There is no key to sign with.")

    def _prepare_request(self):
        """Return what is sent, as arguments of `requests.post`."""
        company = self.company_id
        body = json.dumps(self._prepare_message(), sort_keys=True).encode()
        moment = str(int(fields.Datetime.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Jewelry-Delivery": f"{self.id}-{self.stays}",
            "X-Jewelry-Timestamp": moment,
            "X-Jewelry-Signature": rules.sign(company.rfid_alarm_secret, moment, body),
        }
        return {"url": company.rfid_alarm_url, "data": body, "headers": headers}

    @api.model
    def _post(self, request):
        """Send a request, and return what is wrong, or an empty text."""
        try:
            answer = requests.post(**request, timeout=TIMEOUT, allow_redirects=False, stream=True)
            answer.close()
        except requests.RequestException as error:
            # Its text holds the address.
            return type(error).__name__
        return "" if 200 <= answer.status_code < 300 else f"HTTP {answer.status_code}"

    def _prepare_message(self):
        """Return what the other program learns: no price and no cost."""
        return {
            "event": "rfid.alarm",
            "id": self.id,
            "stay": self.stays,
            "company": self.company_id.name,
            "door": self.zone_id.name,
            "piece": self.lot_id.name,
            "title": self.lot_id.product_id.name,
            "time": f"{self.last_seen.isoformat()}Z",
            "url": f"{self.get_base_url()}/odoo/rfid-alarms/{self.id}",
        }
