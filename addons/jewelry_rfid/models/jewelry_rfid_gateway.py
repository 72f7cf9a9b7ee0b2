import time
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain

from odoo.addons.base.models.res_users import check_identity

from ..const import DEVICE_GROUP
from ..tools import batch as rules

GATEWAY_STATES = [("new", "Never heard of"), ("up", "Running"), ("silent", "Silent")]
# A gateway tells how it is every half minute.
SILENT_AFTER = timedelta(minutes=3)
# So many sightings wait at a gateway that has just not sent them yet.
FEW = 500
# What was read this lately is what is there now: gateways repeat what stays each minute.
TOLD_WITHIN = timedelta(minutes=5)
KEY_LIFE = timedelta(days=365)
# What it and its key are, is said by the gateway itself and by the buttons.
GUARDED_FIELDS = {
    "user_id",
    "heartbeat_date",
    "version",
    "spooled",
    "spooled_date",
    "refused",
    "clock_offset",
}
# So long an old key still opens after a new one is made: time to carry it to the gateway.
KEY_OVERLAP = timedelta(days=1)
KEY_REMINDER = timedelta(days=14)
KEY_ACTIVITY = "mail.mail_activity_data_todo"
# Who has stolen a key shall not fill the database with readers.
MOST_ANTENNAS = 512


class JewelryRfidGateway(models.Model):
    """A small computer beside the readers, which sends what they see. It has a user of its own,
    who may do nothing else, and a key.
    """

    _name = "jewelry.rfid.gateway"
    _inherit = ["mail.thread", "mail.activity.mixin", "jewelry.guard.mixin"]
    _description = "RFID Gateway"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    code = fields.Char(
        required=True, copy=False, help="The file of the gateway names itself by this code."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Device",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The user that the gateway calls with. Made together with its first key.",
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Reminded",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Who is reminded of a new key before the old one ends, and told when the gateway or "
        "one of its readers does not run.",
    )
    reader_ids = fields.One2many(
        comodel_name="jewelry.rfid.reader", inverse_name="gateway_id", string="Readers"
    )

    # What it says of itself
    state = fields.Selection(
        selection=GATEWAY_STATES, compute="_compute_state", search="_search_state"
    )
    heartbeat_date = fields.Datetime(string="Last Heartbeat", readonly=True, copy=False)
    version = fields.Char(readonly=True, copy=False)
    spooled = fields.Integer(
        string="Waiting", readonly=True, copy=False, help="Sightings that it has not sent yet."
    )
    spooled_date = fields.Datetime(
        string="Waiting Since",
        readonly=True,
        copy=False,
        help="Since then something has waited there whenever the gateway was heard of.",
    )
    refused = fields.Integer(
        readonly=True, copy=False, help="Batches that were refused, and that it keeps."
    )
    clock_offset = fields.Float(
        string="Clock (s)",
        digits=(16, 1),
        readonly=True,
        copy=False,
        help="So many seconds its clock is behind ours. What it sends is corrected by it.",
    )
    key_expiration = fields.Datetime(string="Key Ends", compute="_compute_key_expiration")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another gateway of the company has this code."
    )
    _user_unique = models.UniqueIndex(
        "(user_id) WHERE user_id IS NOT NULL", "This device belongs to another gateway."
    )

    # === COMPUTE METHODS === #

    @api.depends("heartbeat_date")
    def _compute_state(self):
        silent = fields.Datetime.now() - SILENT_AFTER
        for gateway in self:
            heard = gateway.heartbeat_date
            gateway.state = "new" if not heard else "silent" if heard < silent else "up"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        silent = fields.Datetime.now() - SILENT_AFTER
        domains = {
            "new": Domain("heartbeat_date", "=", False),
            "silent": Domain("heartbeat_date", "<", silent),
            "up": Domain("heartbeat_date", ">=", silent),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("user_id")
    def _compute_key_expiration(self):
        """Compute when the last of the keys ends."""
        # In sudo: keys are their owner's own; only when they end is told.
        users = self.sudo().user_id
        ends = dict(
            self.env["res.users.apikeys"]
            .sudo()
            ._read_group([("user_id", "in", users.ids)], ["user_id"], ["expiration_date:max"])
        )
        for gateway in self:
            gateway.key_expiration = ends.get(gateway.sudo().user_id, False)

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override to keep the device and what it says from being written by hand: who could
        choose the user could make a key for anybody.
        """
        return super()._get_guarded_fields() | GUARDED_FIELDS

    def _get_frozen_fields(self):
        """Override: the device belongs to the company that the gateway was entered for."""
        return super()._get_frozen_fields() | {"company_id"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_seen(self):
        if seen := self.with_context(active_test=False).reader_ids.antenna_ids._find_seen():
            raise UserError(
                self.env._(
                    "What the gateway %(gateway)s has told stays on record. Archive it instead.",
                    gateway=seen.reader_id.gateway_id.name,
                )
            )

    # === ACTION METHODS === #

    @check_identity
    def action_make_key(self):
        """Show a new key, once. An older one ends a day later."""
        self.ensure_one()
        key = self._make_key()
        view = self.env.ref("jewelry_rfid.res_users_apikeys_show_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %(gateway)s", gateway=self.name),
            "res_model": "res.users.apikeys.show",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    def action_revoke_keys(self):
        """End all keys at once: whoever holds one is refused from now on."""
        self.check_access("write")
        self._get_keys()._remove()
        self.invalidate_recordset(["key_expiration"])

    # === KEYS === #

    def _make_key(self):
        """Return a new key of the device, which is made when there is none yet."""
        self.ensure_one()
        self.check_access("write")
        now = fields.Datetime.now()
        soon = now + KEY_OVERLAP
        self._get_keys().filtered(lambda key: key.expiration_date > soon).expiration_date = soon
        device = self._require_device()
        # In sudo: the key lives longer than its user could let it.
        keys = self.env["res.users.apikeys"].with_user(device).sudo()
        key = keys._generate("rpc", self.env._("RFID gateway %s", self.code), now + KEY_LIFE)
        self.activity_unlink([KEY_ACTIVITY])
        self.invalidate_recordset(["key_expiration"])
        return key

    def _get_keys(self):
        # In sudo: a manager ends what the device holds.
        gateways = self.sudo()
        return (
            self.env["res.users.apikeys"].sudo().search([("user_id", "in", gateways.user_id.ids)])
        )

    def _require_device(self):
        # In sudo: managers of the store do not make users, but for this one.
        gateway = self.sudo()
        if not gateway.user_id:
            gateway.user_id = (
                self.env["res.users"]
                .sudo()
                .with_context(no_reset_password=True)
                .create(self._prepare_device())
            )
        return gateway.user_id

    def _prepare_device(self):
        return {
            "name": self.env._("RFID gateway %s", self.name),
            "login": f"rfid-{self.company_id.id}-{self.id}",
            "company_id": self.company_id.id,
            "company_ids": [Command.set(self.company_id.ids)],
            "group_ids": [Command.set(self.env.ref(DEVICE_GROUP).ids)],
        }

    @api.model
    def _cron_remind_keys(self):
        """Remind of a new key before the old one ends."""
        ending = self.search([("user_id", "!=", False)]).filtered("key_expiration")
        soon = fields.Datetime.now() + KEY_REMINDER
        for gateway in ending.filtered(lambda each: each.key_expiration < soon):
            gateway._remind_key()

    def _remind_key(self):
        if not self.activity_search([KEY_ACTIVITY]):
            self.activity_schedule(
                KEY_ACTIVITY,
                date_deadline=self.key_expiration.date(),
                summary=self.env._("Make a new key for the gateway %s", self.name),
                user_id=self.responsible_id.id or self.create_uid.id,
            )

    # === DEVICE === #

    @api.model
    def _get_own(self, code):
        """Return the gateway that calls, in sudo: its user has no right to any record. Of the
        context that it calls with nothing is left, which could show what is in the archive.

        :param str code: code that it calls itself by
        :raises AccessError: when nobody's gateway has this user, or another code
        """
        own = self.with_env(self.env(context={"lang": self.env.user.lang}, su=True))
        gateway = own.search([("user_id", "=", self.env.uid)])
        if not self.env.user.has_group(DEVICE_GROUP) or not gateway or gateway.code != code:
            raise AccessError(
                self.env._("This key is not that of the gateway. Make a key for it in Odoo.")
            )
        return gateway.with_company(gateway.company_id)

    @api.model
    def _get_time(self):
        """Return the time in milliseconds."""
        return time.time_ns() // 1_000_000

    def _get_clock_offset(self, sent):
        """Return what to add to the times of the gateway, in milliseconds.

        :raises UserError: when its clock is wrong by more than a day
        """
        now = self._get_time()
        if abs(now - sent) > rules.CLOCK_LIMIT:
            raise UserError(
                self.env._(
                    "The clock of %(gateway)s is wrong by %(days)d days. Set it, then send again.",
                    gateway=self.name,
                    days=abs(now - sent) // rules.DAY,
                )
            )
        return rules.get_offset(sent, now)

    def _has_told_all(self):
        """Tell whether what the gateway saw lately has come here: nothing waits there, or little,
        and what came last was read just now.
        """
        if not self.spooled:
            return True
        lately = fields.Datetime.now() - TOLD_WITHIN
        return self.spooled <= FEW and self._has_batch([("last_seen", ">=", lately)], lately)

    def _has_batch(self, domain, since):
        """Tell whether a batch came since then that fits a domain."""
        came = [("gateway_id", "=", self.id), ("received_date", ">=", since)]
        return bool(self.env["jewelry.rfid.batch"].search([*came, *domain], limit=1))

    def _take_heartbeat(self, version, sent, spooled, refused):
        now = fields.Datetime.now()
        self.write(
            {
                "spooled_date": (self.spooled_date or now) if spooled else False,
                "heartbeat_date": now,
                "version": version,
                "spooled": spooled,
                "refused": refused,
                "clock_offset": rules.get_offset(sent, self._get_time()) / rules.SECOND,
            }
        )

    def _take_readers(self, reports):
        """Note how the readers are; those that nobody has entered are remembered, and those that
        are not named any more do not run.

        :param dict reports: {code: values, as of `_read_report`}
        """
        pairs = {(code, port) for code, report in reports.items() for port in report["antennas"]}
        self._find_antennas(pairs, reports.keys())
        for reader in self.with_context(active_test=False).reader_ids:
            if report := reports.get(reader.code):
                reader._take_report(report)
            else:
                reader._take_silence()

    def _prepare_heartbeat_answer(self):
        return {
            "time": self._get_time(),
            "readers": [
                {
                    "code": reader.code,
                    "antennas": [
                        {
                            "port": antenna.port,
                            "zone": antenna.zone_id.name,
                            "power": antenna.power or None,
                        }
                        for antenna in reader.antenna_ids
                        if antenna._get_zone()
                    ],
                }
                for reader in self.reader_ids
            ],
            "watch": sorted(self._get_watched_epcs()),
            "counting": self.env["jewelry.count"]._get_counting_time(self),
        }

    def _get_watched_epcs(self):
        """Return the EPCs of the pieces that somebody looks for now."""
        return set(self.env["jewelry.rfid.watch"]._get_watched_tags(self.company_id).mapped("epc"))

    # === ANTENNAS === #

    def _get_readers(self):
        """Return {code: reader}, those in the archive included."""
        return {reader.code: reader for reader in self.with_context(active_test=False).reader_ids}

    def _get_antennas(self):
        """Return {(code of the reader, port): antenna}."""
        readers = self.with_context(active_test=False).reader_ids
        return {(each.reader_id.code, each.port): each for each in readers.antenna_ids}

    def _find_antennas(self, pairs, codes=()):
        """Return the antennas of pairs of reader and port. Unknown ones are remembered, without
        a zone, as long as they are not suspiciously many.

        :param pairs: codes of readers and ports
        :param codes: more codes of readers
        :return: {(code of the reader, port): antenna}
        """
        known = self._get_antennas()
        unknown = sorted(set(pairs) - known.keys())
        room = max(0, MOST_ANTENNAS - len(known))
        readers = self._add_readers({code for code, _port in unknown} | set(codes))
        vals_list = [
            {"reader_id": readers[code].id, "port": port}
            for code, port in unknown[:room]
            if code in readers
        ]
        if vals_list:
            self._remember("jewelry.rfid.antenna", vals_list)
            known = self._get_antennas()
        return known

    def _add_readers(self, codes):
        """Remember the readers that nobody has entered, and return all by their codes."""
        readers = self._get_readers()
        unknown = sorted(codes - readers.keys())[: max(0, MOST_ANTENNAS - len(readers))]
        vals_list = [{"gateway_id": self.id, "code": code} for code in unknown]
        added = self._remember("jewelry.rfid.reader", vals_list)
        return readers | {reader.code: reader for reader in added}

    @api.model
    def _remember(self, model, vals_list):
        """Return new records, none of which anybody has entered.

        A new gateway sends its first sightings and its first heartbeat at once: the later of the
        two begins anew and finds what the other has remembered. Refused, its batch would be lost.

        :raises ConcurrencyError: when another message remembers them at this moment
        """
        try:
            with self.env.cr.savepoint():
                return self.env[model].create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
