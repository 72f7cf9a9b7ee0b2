from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import alarm, epc

RFID_SCHEMES = [
    (epc.OWN, "Own numbers, which mean nothing to others"),
    ("giai", "Numbers of assets (GIAI) under the company prefix of GS1"),
    ("sgtin", "GTIN of the style with a serial number (SGTIN)"),
]


class ResCompany(models.Model):
    """How a company numbers and protects the chips on its pieces, and whom it tells of alarms."""

    _inherit = "res.company"

    rfid_scheme = fields.Selection(
        selection=RFID_SCHEMES,
        string="Numbers on Chips",
        help="Empty: numbers of assets where the company has a prefix of GS1, else its own.",
    )
    rfid_labels = fields.Boolean(
        string="Labels Have Chips",
        help="Labels in ZPL then write their chips, unless somebody says otherwise.",
    )
    rfid_lock = fields.Boolean(
        string="Lock Chips",
        help="Chips that are written then ask for a password before they are written again. The "
        "key of the passwords is a file beside the database: back it up.",
    )
    rfid_alarm_minutes = fields.Integer(
        string="Managers Are Told After",
        default=5,
        help="So many minutes nobody has answered an alarm at a door. 0: they are not told.",
    )
    rfid_alarm_url = fields.Char(
        string="Alarms Go To",
        groups="base.group_system",
        help="Address of another program, such as a siren, that is told of alarms at doors. It may "
        "hold a key, so that nobody but administrators can read it.",
    )
    rfid_alarm_secret = fields.Char(
        string="Signed With",
        copy=False,
        groups="base.group_system",
        help="The other program knows by it that an alarm is genuine. Nobody but administrators "
        "can read it.",
    )

    _rfid_alarm_minutes_sane = models.Constraint(
        "CHECK (rfid_alarm_minutes >= 0)", "Managers cannot be told before the alarm."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("rfid_alarm_url")
    def _check_rfid_alarm_url(self):
        for company in self:
            if company.rfid_alarm_url and not alarm.is_safe_url(company.rfid_alarm_url):
                raise ValidationError(
                    self.env._(
                        "Alarms are sent encrypted only. Enter an address that begins with "
                        "https:// and has no password in it."
                    )
                )

    @api.constrains("rfid_scheme", "gs1_prefix")
    def _check_rfid_scheme(self):
        for company in self:
            scheme, length = company.rfid_scheme, len(company.gs1_prefix or "")
            if scheme in (False, epc.OWN):
                continue
            if not epc.LEAST_PREFIX <= length <= epc.MOST_PREFIX:
                raise ValidationError(
                    self.env._(
                        "Numbers of GS1 on chips need the company prefix that GS1 gave to "
                        "%(company)s, of 6 to 12 digits. Enter it, or use own numbers.",
                        company=company.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_rfid_scheme(self):
        """Return how the company numbers chips, whether it has chosen or not."""
        has_prefix = len(self.gs1_prefix or "") >= epc.LEAST_PREFIX
        return self.rfid_scheme or ("giai" if has_prefix else epc.OWN)
