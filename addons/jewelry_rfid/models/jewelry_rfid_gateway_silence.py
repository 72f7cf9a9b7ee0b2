from datetime import timedelta

from odoo import api, fields, models

from ..tools import batch as rules

# A reader that was reached again within so long has not stopped.
STOPPED_AFTER = timedelta(minutes=5)
# What waited for so long at a gateway does not come by itself.
WAITED_TOO_LONG = timedelta(minutes=10)
ACTIVITY = "mail.mail_activity_data_warning"


class JewelryRfidGateway(models.Model):
    """Who is told when a gateway or one of its readers runs no more, or what they saw does not
    come: through a door that nobody looks at everything leaves.
    """

    _inherit = "jewelry.rfid.gateway"

    told_troubles = fields.Json(
        readonly=True, copy=False, help="The troubles that go on. Each was told once."
    )

    def _get_guarded_fields(self):
        """Override: who was told is noted by whoever tells."""
        return super()._get_guarded_fields() | {"told_troubles"}

    @api.model
    def _cron_watch(self):
        """Tell of what does not run, each trouble once, and take it back once all run again."""
        for gateway in self.search([("heartbeat_date", "!=", False)]):
            gateway._note_troubles(gateway._find_troubles())

    def _note_troubles(self, troubles):
        """Tell of the troubles that are new, and remember those that go on.

        :param dict troubles: as of `_find_troubles`
        """
        told = set(self.told_troubles or [])
        if new := [summary for name, summary in troubles.items() if name not in told]:
            self._tell_trouble(new)
        elif told and not troubles:
            self.activity_unlink([ACTIVITY])
        if told != troubles.keys():
            self.told_troubles = sorted(troubles)

    def _find_troubles(self):
        """Return {name of a trouble that goes on: what somebody is told of it}."""
        troubles = {}
        if self.state == "silent":
            troubles["silent"] = self.env._("%s does not run", self.name)
        for reader in self._find_stopped():
            troubles[f"reader {reader.id}"] = self.env._(
                "%(gateway)s does not reach %(reader)s", gateway=self.name, reader=reader.code
            )
        if self._is_stuck():
            troubles["waiting"] = self.env._("What waits at %s does not come", self.name)
        if self.refused:
            troubles["refused"] = self.env._(
                "%s keeps sightings that were refused: look into its log", self.name
            )
        return troubles

    def _find_stopped(self):
        """Return the readers that the gateway has not reached for some time."""
        since = fields.Datetime.now() - STOPPED_AFTER
        return self.reader_ids.filtered(
            lambda reader: reader.state in ("down", "failed") and reader.state_date <= since
        )

    def _is_stuck(self):
        """Tell whether something has waited at the gateway for long, and nothing comes or far too
        much waits.
        """
        since = fields.Datetime.now() - WAITED_TOO_LONG
        if not self.spooled_date or self.spooled_date > since:
            return False
        return self.spooled > rules.MOST_ROWS or not self._has_batch([], since)

    def _tell_trouble(self, summaries):
        """Tell whoever answers for the gateway.

        :param summaries: a text on each trouble
        """
        zones = self._find_unseen_zones().mapped("name")
        self.activity_schedule(
            ACTIVITY,
            summary="; ".join(summaries),
            note=self.env._("No reader looks at: %s", ", ".join(zones)) if zones else "",
            user_id=self.responsible_id.id or self.create_uid.id,
        )

    def _find_unseen_zones(self):
        """Return the zones that readers of the gateway look at when they run, and no other
        reader.
        """
        stopped = self._find_stopped() if self.state == "up" else self.reader_ids
        zones = stopped.antenna_ids._get_zone()
        others = zones.antenna_ids - stopped.antenna_ids
        return zones - others._filter_running().zone_id
