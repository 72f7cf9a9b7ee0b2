from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import ALARM_CHANNEL
from ..tools import alarm as rules
from ..tools import batch

OPEN, ACKNOWLEDGED, FALSE = "open", "acknowledged", "false"
ALARM_STATES = [(OPEN, "Open"), (ACKNOWLEDGED, "Seen To"), (FALSE, "False Alarm")]
# What was gone from the doors for so long and is there again is told of anew.
GAP = timedelta(minutes=5)
ACTIVITY = "mail.mail_activity_data_warning"


class JewelryRfidAlarm(models.Model):
    """A piece that was seen at a door and may not leave: one row for each stay there, not for each
    reading, until somebody says what it was about.
    """

    _name = "jewelry.rfid.alarm"
    _inherit = ["mail.thread", "mail.activity.mixin", "jewelry.guard.mixin"]
    _description = "Piece at the Door"
    _order = "first_seen desc, id desc"
    _rec_name = "lot_id"

    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Piece", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="lot_id.product_id", string="Style")
    image_128 = fields.Image(related="lot_id.image_128")
    image_1920 = fields.Image(related="lot_id.image_1920")
    zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Door",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    first_seen = fields.Datetime(string="Time", required=True, readonly=True)
    last_seen = fields.Datetime(required=True, readonly=True)
    stays = fields.Integer(
        readonly=True, help="How often it came to a door before anybody answered."
    )
    state = fields.Selection(
        selection=ALARM_STATES, required=True, readonly=True, default=OPEN, index=True
    )
    done_by_id = fields.Many2one(comodel_name="res.users", string="Answered By", readonly=True)
    done_date = fields.Datetime(string="Answered On", readonly=True)
    note = fields.Char(readonly=True, help="What it was about.")
    escalated_date = fields.Datetime(string="Managers Told On", readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )

    _open_unique = models.UniqueIndex(
        "(lot_id) WHERE state = 'open'", "There is an alarm for this piece already."
    )
    _lot_index = models.Index("(lot_id, last_seen DESC)")
    _answered = models.Constraint(
        "CHECK (state = 'open' OR TRIM(COALESCE(note, '')) <> '')", "Say what it was about."
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: readers raise alarms, and a dialog answers them."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored

    # === ACTION METHODS === #

    def action_acknowledge(self):
        """Ask what the alarms were about.

        :return: window action of `jewelry.rfid.alarm.answer`
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_rfid.jewelry_rfid_alarm_answer_action"
        )
        return action | {"context": {"default_alarm_ids": self.ids}}

    def action_open_piece(self):
        """Show the piece."""
        self.ensure_one()
        return self.lot_id.get_formview_action()

    @api.model
    @api.readonly
    def get_open(self):
        """Return the open alarms of the user's companies for the bell, the oldest first.

        :rtype: list
        """
        return self.search([("state", "=", OPEN)], order="first_seen, id")._prepare_bell()

    # === BUSINESS METHODS === #

    def _prepare_bell(self):
        return [
            {
                "id": alarm.id,
                "company_id": alarm.company_id.id,
                "lot_id": alarm.lot_id.id,
                "number": alarm.lot_id.name,
                "title": alarm.lot_id.product_id.name,
                "zone": alarm.zone_id.name,
                "time": fields.Datetime.to_string(alarm.first_seen),
                "stays": alarm.stays,
            }
            for alarm in self
        ]

    def _answer(self, state, note):
        """Note what alarms were about; the first who answers is the one who did.

        :param str state: acknowledged or false
        :param str note: in the words of whoever answers
        :raises UserError: when one was answered before
        """
        self.lock_for_update()
        self.invalidate_recordset(["state", "done_by_id"])
        if done := self.filtered(lambda alarm: alarm.state != OPEN):
            raise UserError(
                self.env._(
                    "%(pieces)s: %(user)s has answered this already.",
                    pieces=", ".join(done[:5].lot_id.mapped("name")),
                    user=done[:1].done_by_id.name,
                )
            )
        # In sudo: alarms are written by acts, and whoever may see one may answer it.
        alarms = self.sudo()
        alarms.write(
            {
                "state": state,
                "note": note,
                "done_by_id": self.env.uid,
                "done_date": fields.Datetime.now(),
            }
        )
        alarms._drop_hook()
        alarms.activity_unlink([ACTIVITY])
        for company, answered in alarms.grouped("company_id").items():
            answered._tell(company, {"answered": answered.ids})

    @api.model
    def _tell(self, company, message):
        """Tell the screens of the staff."""
        message = message | {"company_id": company.id}
        self.env["bus.bus"]._sendone((company, ALARM_CHANNEL), ALARM_CHANNEL, message)

    # === ESCALATION === #

    @api.model
    def _cron_escalate(self):
        """Tell managers of alarms that nobody has answered in time."""
        waiting = self.search([("state", "=", OPEN), ("escalated_date", "=", False)])
        now = fields.Datetime.now()
        late = waiting.filtered(
            lambda alarm: (
                alarm.company_id.rfid_alarm_minutes
                and alarm.create_date
                <= now - timedelta(minutes=alarm.company_id.rfid_alarm_minutes)
            )
        )
        for alarm in late:
            alarm._escalate()
        late.escalated_date = now

    def _escalate(self):
        managers = self.env.ref("jewelry_inventory.group_manager").all_user_ids
        quick = self.with_context(mail_activity_quick_update=True)
        for manager in managers.filtered(lambda user: self.company_id in user.company_ids):
            quick.activity_schedule(
                ACTIVITY,
                summary=self.env._(
                    "%(piece)s was seen at %(door)s, and nobody answers",
                    piece=self.lot_id.name,
                    door=self.zone_id.name,
                ),
                user_id=manager.id,
            )

    # === SIGHTINGS === #

    @api.model
    def _raise(self, company, rows, zones, tags):
        """Raise alarms for pieces that a batch tells of at doors, and that may not leave.

        :param rows: sightings, as of `tools.batch`
        :param dict zones: {(code of a reader, port): id of a zone, or None}
        :param dict tags: {EPC: id of a live tag}
        """
        seen = self.env["jewelry.rfid.zone"].browse(sorted({*zones.values()} - {None}))
        doors = set(seen.filtered(lambda zone: zone.kind == "door").ids)
        passages = rules.find_passages(rows, zones, doors, tags) if doors else {}
        if not passages:
            return
        rows = self._read_passages(company, passages, doors)
        self._prolong([(known, zone, last) for _lot, known, zone, _first, last in rows if known])
        fresh = {lot: stay for lot, known, *stay in rows if not known}
        lots = self.env["stock.lot"].browse(sorted(fresh))
        lots -= self.env["stock.lot"].union(*lots._get_exit_reasons()) if lots else lots
        if lots:
            self._create_alarms(company, {lot.id: fresh[lot.id] for lot in lots})._announce(company)

    @api.model
    def _read_passages(self, company, passages, doors):
        """Return a row of piece, alarm of this stay or None, zone, first and last time for each
        passage. What was last seen elsewhere, by all that readers say, is back and left out.

        :param dict passages: {id of a tag: Passage}
        :param doors: ids of the zones that are doors
        """
        self.flush_model()
        columns = [list(passages), *zip(*passages.values(), strict=True)]
        return self.env.execute_query(
            SQL(
                """
                SELECT tag.lot_id, known.id, tag.last_zone_id, door.first, door.last
                  FROM (SELECT tag_id,
                               to_timestamp(first / 1000.0) AT TIME ZONE 'UTC' AS first,
                               to_timestamp(last / 1000.0) AT TIME ZONE 'UTC' AS last
                          FROM unnest(%s::int[], %s::bigint[], %s::bigint[])
                               AS new (tag_id, first, last)) door
                  JOIN jewelry_rfid_tag tag ON tag.id = door.tag_id AND tag.company_id = %s
                  LEFT JOIN LATERAL (
                       SELECT id FROM jewelry_rfid_alarm alarm
                        WHERE lot_id = tag.lot_id AND last_seen >= door.first - %s
                          AND (state = 'open' OR NOT %s)
                        ORDER BY last_seen DESC LIMIT 1) known ON TRUE
                 WHERE tag.last_zone_id = ANY(%s)
                 ORDER BY tag.lot_id
                """,
                *map(batch.as_array, columns),
                company.id,
                GAP,
                self._get_return(),
                sorted(doors),
            )
        )

    @api.model
    def _get_return(self):
        """Return the condition under which the piece of an alarm was seen inside since: what was
        answered then is over.
        """
        return SQL(
            """
            EXISTS (SELECT FROM jewelry_rfid_sighting seen
                      JOIN jewelry_rfid_zone zone ON zone.id = seen.zone_id AND zone.kind != 'door'
                     WHERE seen.lot_id = alarm.lot_id AND seen.day >= alarm.last_seen::date
                       AND seen.last_seen > alarm.last_seen)
            """
        )

    @api.model
    def _prolong(self, stays):
        """Note that stays go on, in one query.

        :param stays: lists of id of an alarm, zone and last time
        """
        if not stays:
            return
        self.flush_model(["last_seen", "zone_id"])
        self.env.execute_query(
            SQL(
                """
                UPDATE jewelry_rfid_alarm alarm
                   SET last_seen = stay.last, zone_id = stay.zone_id
                  FROM unnest(%s::int[], %s::int[], %s::timestamp[]) AS stay (id, zone_id, last)
                 WHERE alarm.id = stay.id AND alarm.last_seen < stay.last
                RETURNING alarm.id
                """,
                *map(list, zip(*stays, strict=True)),
            )
        )
        self.invalidate_model(["last_seen", "zone_id"])

    @api.model
    def _create_alarms(self, company, stays):
        """Return the alarms for new stays. One that nobody has answered yet is used again.

        :param dict stays: {id of a piece: (zone, first, last)}
        """
        zones, firsts, lasts = map(list, zip(*stays.values(), strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO jewelry_rfid_alarm AS old (
                    lot_id, zone_id, first_seen, last_seen, stays, state, company_id,
                    hook_state, hook_tries, hook_date,
                    create_date, write_date, create_uid, write_uid
                )
                SELECT lot_id, zone_id, first, last, 1, 'open', %(company)s,
                       %(hook)s, 0, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', %(user)s, %(user)s
                  FROM unnest(%(lots)s::int[], %(zones)s::int[], %(firsts)s::timestamp[],
                              %(lasts)s::timestamp[]) AS new (lot_id, zone_id, first, last)
                 ORDER BY lot_id
                ON CONFLICT (lot_id) WHERE state = 'open' DO UPDATE
                   SET zone_id = EXCLUDED.zone_id,
                       last_seen = GREATEST(old.last_seen, EXCLUDED.last_seen),
                       stays = old.stays + 1,
                       hook_state = EXCLUDED.hook_state,
                       hook_tries = 0,
                       hook_date = EXCLUDED.hook_date
                RETURNING id
                """,
                lots=list(stays),
                zones=zones,
                firsts=firsts,
                lasts=lasts,
                company=company.id,
                hook="waiting" if company.rfid_alarm_url else None,
                user=self.env.uid,
            )
        )
        self.invalidate_model()
        return self.browse(key for (key,) in rows)

    def _announce(self, company):
        """Tell screens at once, and whoever else is to be told as soon as this is committed."""
        self._tell(company, {"raised": self._prepare_bell()})
        if minutes := company.rfid_alarm_minutes:
            later = fields.Datetime.now() + timedelta(minutes=minutes, seconds=1)
            self.env.ref("jewelry_rfid.ir_cron_escalate")._trigger(later)
        if company.rfid_alarm_url:
            self.env.ref("jewelry_rfid.ir_cron_hook")._trigger()
