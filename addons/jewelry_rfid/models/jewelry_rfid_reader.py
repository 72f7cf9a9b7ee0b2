from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import batch as rules

READER_STATES = [
    ("new", "Never heard of"),
    ("up", "Running"),
    ("down", "Down"),
    ("failed", "Failed"),
]
DRIVER_STATES = frozenset({"up", "down", "failed"})


class JewelryRfidReader(models.Model):
    """A reader at a gateway. One that nobody has entered is remembered when it is first heard of,
    for a manager to say where its antennas look.
    """

    _name = "jewelry.rfid.reader"
    _inherit = ["jewelry.guard.mixin"]
    _description = "RFID Reader"
    _order = "gateway_id, code"
    _rec_name = "code"

    code = fields.Char(required=True, help="As the file of the gateway calls it.")
    active = fields.Boolean(default=True)
    gateway_id = fields.Many2one(
        comodel_name="jewelry.rfid.gateway", required=True, index=True, ondelete="cascade"
    )
    antenna_ids = fields.One2many(
        comodel_name="jewelry.rfid.antenna", inverse_name="reader_id", string="Antennas"
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True, index=True)

    # What the gateway says of it
    driver = fields.Char(readonly=True)
    state = fields.Selection(selection=READER_STATES, default="new", required=True, readonly=True)
    state_date = fields.Datetime(string="Since", readonly=True)
    message = fields.Char(readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE (gateway_id, code)", "The gateway has a reader with this code already."
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: its gateway says how it is."""
        return super()._get_guarded_fields() | {"driver", "state", "state_date", "message"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_seen(self):
        if seen := self.antenna_ids._find_seen():
            raise UserError(
                self.env._(
                    "What the reader %(reader)s has seen stays on record. Archive it instead.",
                    reader=seen.reader_id.code,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def heartbeat(self, gateway, version="", sent=0, spooled=0, refused=0, readers=()):
        """Take in how a gateway and its readers are. A device calls it, and nobody else may.

        :param str gateway: code of the gateway
        :param str version: version of its program
        :param int sent: when it was sent, in milliseconds since 1970 by its own clock
        :param int spooled: sightings that wait to be sent
        :param int refused: batches that were set aside because they were refused
        :param list readers: dicts of code, driver, state, message and antennas
        :return: time of the server in milliseconds, antennas with zones, EPCs to follow, and since
            when a count waits for what is present, in milliseconds, or None
        :rtype: dict
        :raises AccessError: for anybody but the device of this gateway
        :raises UserError: when the message is not of this shape
        """
        asked = self.env["jewelry.rfid.gateway"]._get_own(gateway)
        counts = (spooled, refused)
        if not (rules.is_time(sent) and all(map(rules.is_count, counts))):
            raise UserError(
                self.env._("The heartbeat has no time, or no counts. Update the gateway.")
            )
        asked._take_heartbeat(rules.read_text(version), sent, spooled, refused)
        asked._take_readers(self._read_reports(readers))
        return asked._prepare_heartbeat_answer()

    @api.model
    def _read_reports(self, readers):
        """Return what a gateway says of its readers, by code; what makes no sense is left out."""
        if not isinstance(readers, list | tuple):
            return {}
        return {
            report["code"]: self._read_report(report)
            for report in readers[: rules.MOST_ROWS]
            if isinstance(report, dict) and rules.is_code(report.get("code"))
        }

    @api.model
    def _read_report(self, report):
        state, antennas = report.get("state"), report.get("antennas")
        antennas = antennas if isinstance(antennas, list) else []
        return {
            "driver": rules.read_text(report.get("driver")),
            "state": state if isinstance(state, str) and state in DRIVER_STATES else "failed",
            "message": rules.read_text(report.get("message")),
            "antennas": {port for port in antennas if rules.is_port(port)},
        }

    def _take_report(self, report):
        """Note what has changed; most heartbeats change nothing.

        :param dict report: as of `_read_report`
        """
        told = {name: report[name] for name in ("driver", "state", "message")}
        news = {name: new for name, new in told.items() if self[name] != new}
        if "state" in news:
            news["state_date"] = fields.Datetime.now()
        self.write(news)

    def _take_silence(self):
        """Note that the gateway does not name a reader that it named before."""
        if self.state != "new":
            message = self.env._("The gateway does not name it any more.")
            self._take_report({"driver": self.driver, "state": "down", "message": message})
