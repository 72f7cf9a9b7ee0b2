from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .jewelry_deposit_instalment import STAGES

# How many are told, given notice or ended in one transaction.
BATCH = 200

MAILS = {
    "1_before": "jewelry_layaway.mail_template_before",
    "2_due": "jewelry_layaway.mail_template_due",
    "3_late": "jewelry_layaway.mail_template_late",
    "notice": "jewelry_layaway.mail_template_notice",
}
MESSAGES = {
    "1_before": "jewelry_layaway.sms_template_due",
    "2_due": "jewelry_layaway.sms_template_due",
    "3_late": "jewelry_layaway.sms_template_late",
    "notice": "jewelry_layaway.sms_template_notice",
}


class JewelryLayawayReminding(models.AbstractModel):
    """What is done each night: remind customers, give notice, and end what was not paid."""

    _name = "jewelry.layaway.reminding"
    _description = "Reminders of Layaways"

    # === CRON === #

    @api.model
    def _cron_follow_schedules(self):
        """Remind, give notice and end, batch by batch; a batch that is done stays done. What a run
        has no time for it leaves to the next one, which follows at once.
        """
        works = [
            (self._get_reminders(), lambda rows: self._remind(dict(rows))),
            (self._get_late_ids("open"), lambda ids: self.browse(ids)._lock_free()._give_notice()),
            (self._get_late_ids("notice"), self._end_batch),
        ]
        # Told ahead: a scheduled action that knows of nothing left waits for the next night.
        self.env["ir.cron"]._commit_progress(remaining=sum(len(rows) for rows, _act in works))
        for rows, act in works:
            if not self._work_off(rows, act):
                return

    @api.model
    def _work_off(self, rows, act):
        """Do `act` with all rows, batch by batch; return whether there is time for more."""
        for batch in split_every(BATCH, rows, list):
            act(batch)
            seconds = self.env["ir.cron"]._commit_progress(len(batch))
            # What was done is not kept in memory.
            self.env.invalidate_all()
            if not seconds:
                return False
        return True

    # === REMINDERS === #

    @api.model
    def _get_reminders(self):
        """Return [(layaway id, {instalment id: stage})] of what customers are to be told today.

        Each stage of an instalment is told once, and a night that was missed is made up for.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT layaway_id, JSON_OBJECT_AGG(instalment_id, stage)
                  FROM (SELECT layaway.id AS layaway_id, instalment.id AS instalment_id,
                               instalment.reminded,
                               CASE WHEN instalment.date + layaway.grace_days < %(today)s
                                    THEN '3_late'
                                    WHEN instalment.date <= %(today)s THEN '2_due'
                                    ELSE '1_before' END AS stage
                          FROM jewelry_layaway layaway
                          JOIN jewelry_layaway_term term ON term.id = layaway.term_id
                          JOIN jewelry_deposit_instalment instalment
                            ON instalment.deposit_id = layaway.deposit_id
                         WHERE layaway.state = 'open'
                           AND instalment.amount_open > 0
                           AND instalment.date - term.reminder_days <= %(today)s) AS told
                 WHERE COALESCE(reminded, '') < stage
              GROUP BY layaway_id
              ORDER BY layaway_id
                """,
                today=fields.Date.context_today(self),
            )
        )
        return [
            (layaway_id, {int(number): stage for number, stage in stages.items()})
            for layaway_id, stages in rows
        ]

    @api.model
    def _remind(self, stages):
        """Tell customers what is due, each once for all of it, by its latest stage. Who is paying
        right now is told another time, who has paid since the list was made not at all.

        :param dict stages: {layaway id: {instalment id: stage}}
        """
        free = self.browse(stages)._lock_free()
        stages = free._drop_paid({layaway.id: stages[layaway.id] for layaway in free})
        instalments = self.env["jewelry.deposit.instalment"].sudo()
        for stage, _label in STAGES:
            told = [layaway for layaway, rows in stages.items() if max(rows.values()) == stage]
            self.browse(told)._tell_customers(stage)
            instalments.browse(
                number for rows in stages.values() for number in rows if rows[number] == stage
            ).write({"reminded": stage, "reminded_on": fields.Date.context_today(self)})

    def _drop_paid(self, stages):
        """Return what is to be told without instalments that are paid."""
        instalments = self.env["jewelry.deposit.instalment"].sudo()
        listed = instalments.browse(number for rows in stages.values() for number in rows)
        unpaid = set(listed.exists().filtered("amount_open").ids)
        kept = {
            layaway: {number: stage for number, stage in rows.items() if number in unpaid}
            for layaway, rows in stages.items()
        }
        return {layaway: rows for layaway, rows in kept.items() if rows}

    def _tell_customers(self, stage):
        """Write to the customers, where the store wants it and nobody must be kept from it."""
        for channel, send in (("mail", self._send_mails), ("sms", self._send_messages)):
            told = self.filtered(lambda layaway, channel=channel: layaway._is_told_by(channel))
            if told:
                send(told, stage)

    def _is_told_by(self, channel):
        """Tell whether the customer is to be told by a channel, and may be.

        :param str channel: `mail` or `sms`
        """
        wanted = self.term_id.remind_by in (channel, "both")
        address = self.partner_id.email if channel == "mail" else self.partner_id.phone
        return bool(wanted and address and self._filter_tellable(self.partner_id, channel))

    @api.model
    def _send_mails(self, layaways, stage):
        # A template that somebody has removed is no reason to give no notice.
        if template := self.env.ref(MAILS[stage], raise_if_not_found=False):
            template = template.sudo().with_context(pay_urls=layaways._issue_pay_links())
            template._queue_mails(layaways.sudo(), "jewelry_layaway.mail_notification_reminder")

    @api.model
    def _send_messages(self, layaways, stage):
        if template := self.env.ref(MESSAGES[stage], raise_if_not_found=False):
            urls = layaways._issue_pay_links()
            layaways.sudo().with_context(pay_urls=urls)._message_sms_schedule_mass(
                template=template
            )

    def _issue_pay_links(self):
        """Return {layaway id: address by which the customer pays} of those that can be paid online.

        Only what is sent has it: whoever reads the chatter does not pay for others.
        """
        # In sudo: whoever reminds need not have rights on the money.
        urls = self.sudo().deposit_id._filter_payable_online()._issue_links()
        return {
            layaway.id: urls[layaway.deposit_id]
            for layaway in self.sudo()
            if layaway.deposit_id in urls
        }

    # === NOTICE AND END === #

    @api.model
    def _get_late_ids(self, state):
        """Return the ids of layaways to give notice to (`open`), or to end (`notice`)."""
        self.env.flush_all()
        ends = SQL("layaway.date_notice + layaway.notice_days")
        if state == "open":
            ends = SQL("deposit.date_due + layaway.grace_days")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT layaway.id
                  FROM jewelry_layaway layaway
                  JOIN jewelry_deposit deposit ON deposit.id = layaway.deposit_id
                 WHERE layaway.state = %(state)s AND %(ends)s < %(today)s
              ORDER BY layaway.id
                """,
                state=state,
                ends=ends,
                today=fields.Date.context_today(self),
            )
        )
        return [row[0] for row in rows]

    def _give_notice(self):
        """Give notice that these will end, which are locked, and tell the customers."""
        late = self.filtered(lambda layaway: layaway.state == "open" and layaway._is_late())
        late._set_state("notice")
        late._tell_customers("notice")

    @api.model
    def _end_batch(self, ids):
        for layaway in self.browse(ids):
            layaway._default_or_tell()
