from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import batch as rules

# So many rows go in one transaction.
DELETED_AT_ONCE = 10_000
UNKNOWN_ANTENNA = "too many unknown readers"


class JewelryRfidBatch(models.Model):
    """A message of a gateway that was taken in: the same one is not taken in again."""

    _name = "jewelry.rfid.batch"
    _description = "RFID Batch"
    _order = "id desc"
    _rec_name = "uuid"
    _log_access = False

    uuid = fields.Char(string="Batch", required=True, readonly=True)
    gateway_id = fields.Many2one(
        comodel_name="jewelry.rfid.gateway",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    received_date = fields.Datetime(required=True, readonly=True)
    accepted = fields.Integer(string="Sightings", readonly=True)
    refused = fields.Integer(readonly=True)
    last_seen = fields.Datetime(readonly=True, help="When the last of its sightings was read.")

    _uuid_unique = models.UniqueIndex("(gateway_id, uuid)", "This batch has been taken in already.")
    _received_index = models.Index("USING brin (received_date)")

    # === BUSINESS METHODS === #

    @api.model
    def register_batch(self, batch, gateway, sequence, sent, sightings):
        """Take in what readers saw. A device calls it, and nobody else may.

        :param str batch: number that the gateway gave the batch, a UUID: once taken in, it is
            only answered again
        :param str gateway: code of the gateway
        :param int sequence: running number of the batch
        :param int sent: when it was sent, in milliseconds since 1970 by the gateway's clock
        :param list sightings: at most 5,000 lists of kind, EPC, TID, reader, antenna, first and
            last time, reads and signal
        :return: batch, how many were accepted, whether it was a duplicate, and which rows were
            refused and why
        :rtype: dict
        :raises AccessError: for anybody but the device of this gateway
        :raises UserError: when the batch as a whole is not of this shape
        """
        owner = self.env["jewelry.rfid.gateway"]._get_own(gateway)
        self._check_shape(batch, sequence, sent, sightings)
        offset = owner._get_clock_offset(sent)
        # In sudo: the device may do this, and has no right to any record.
        batches = self.with_env(owner.env)
        taken = batches._claim(batch, owner, sequence)
        if not taken:
            known = batches.search([("gateway_id", "=", owner.id), ("uuid", "=", batch)])
            return known._prepare_answer(batch, duplicate=True)
        refused = taken._take(owner, sightings, offset)
        return taken._prepare_answer(batch, refused)

    @api.model
    def _check_shape(self, batch, sequence, sent, sightings):
        """Refuse a message that is none.

        :raises UserError: saying what is wrong with it
        """
        faults = {
            self.env._("The batch has no UUID in lower case."): not rules.is_uuid(batch),
            self.env._("The sequence is not a number."): not rules.is_count(sequence),
            self.env._("The time is not in milliseconds."): not rules.is_time(sent),
            self.env._(
                "The sightings are not a list of at most %s.", rules.MOST_ROWS
            ): not isinstance(sightings, list) or len(sightings) > rules.MOST_ROWS,
        }
        if found := next((message for message, wrong in faults.items() if wrong), None):
            raise UserError(found)

    @api.model
    def _claim(self, uuid, gateway, sequence):
        """Return the new batch, or none when it has been taken in before.

        A second transaction that claims it at the same time waits for the first, and is then told
        by the database to begin anew.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO jewelry_rfid_batch
                    (uuid, gateway_id, company_id, sequence, received_date, accepted, refused)
                VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC', 0, 0)
                ON CONFLICT (gateway_id, uuid) DO NOTHING
                RETURNING id
                """,
                uuid,
                gateway.id,
                gateway.company_id.id,
                sequence,
            )
        )
        return self.browse(key for (key,) in rows)

    def _take(self, gateway, sightings, offset):
        """Write down what can be used of the sightings.

        :return: {index: reason} of what cannot
        """
        rows, refused = rules.read_rows(sightings)
        sighting = self.env["jewelry.rfid.sighting"]
        now = gateway._get_time()
        rows, late = rules.settle_times(rows, offset, now, sighting._get_keep_days())
        antennas = gateway._find_antennas({(row.reader, row.antenna) for row in rows.values()})
        lost = {
            index: UNKNOWN_ANTENNA
            for index, row in rows.items()
            if (row.reader, row.antenna) not in antennas
        }
        good = [row for index, row in rows.items() if index not in lost]
        refused |= late | lost
        last = max((row.last for row in good), default=None)
        self.write(
            {
                "accepted": len(good),
                "refused": len(refused),
                "last_seen": last and rules.as_datetime(last),
            }
        )
        sighting._record(gateway, good, antennas)
        return refused

    def _prepare_answer(self, uuid, refused=None, duplicate=False):
        return {
            "batch": uuid,
            "accepted": self.accepted,
            "duplicate": duplicate,
            "refused": [[index, reason] for index, reason in sorted((refused or {}).items())],
        }

    @api.model
    def _cron_forget(self):
        """Delete what is older than it is kept, in portions."""
        sightings = self.env["jewelry.rfid.sighting"]
        days = sightings._get_keep_days()
        today = fields.Date.today()
        # A day longer than sightings: a batch that is not known any more has none to be taken.
        moment = fields.Datetime.now() - timedelta(days=days + 1)
        works = [
            (sightings, [("day", "<", today - timedelta(days=days))]),
            (self, [("received_date", "<", moment)]),
        ]
        for records, domain in works:
            while count := self._delete_some(records, domain):
                if not self.env["ir.cron"]._commit_progress(count):
                    return

    @api.model
    def _delete_some(self, records, domain):
        """Delete a portion of what matches, and return how many. Nothing refers to these rows, and
        no log shall name each of them.
        """
        records.flush_model()
        portion = records._search(domain, limit=DELETED_AT_ONCE, order="id")
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE id IN %s RETURNING id",
                SQL.identifier(records._table),
                portion.subselect(),
            )
        )
        records.invalidate_model()
        return len(rows)
