from datetime import timedelta

from odoo import api, fields, models

# A reader that was reached again within so long has not stopped.
STOPPED_AFTER = timedelta(minutes=5)
ACTIVITY = "mail.mail_activity_data_warning"


class JewelryRfidGateway(models.Model):
    """Who is told when a gateway or one of its readers runs no more: through a door that nobody
    looks at everything leaves.
    """

    _inherit = "jewelry.rfid.gateway"

    trouble_date = fields.Datetime(
        string="Told of Trouble On",
        readonly=True,
        copy=False,
        help="Somebody was told that it, or one of its readers, does not run. Told once, until all "
        "run again.",
    )

    def _get_guarded_fields(self):
        """Override: who was told is noted by whoever tells."""
        return super()._get_guarded_fields() | {"trouble_date"}

    @api.model
    def _cron_watch(self):
        """Tell of gateways that fell silent and readers that stopped, and take it back once all
        run again.
        """
        for gateway in self.search([("heartbeat_date", "!=", False)]):
            stopped = gateway._find_stopped()
            in_trouble = gateway.state == "silent" or bool(stopped)
            if in_trouble and not gateway.trouble_date:
                gateway._tell_trouble(stopped)
            elif gateway.trouble_date and not in_trouble:
                gateway.activity_unlink([ACTIVITY])
                gateway.trouble_date = False

    def _find_stopped(self):
        """Return the readers that do not run, all of them where the gateway is silent."""
        if self.state == "silent":
            return self.reader_ids
        since = fields.Datetime.now() - STOPPED_AFTER
        return self.reader_ids.filtered(
            lambda reader: reader.state in ("down", "failed") and reader.state_date <= since
        )

    def _tell_trouble(self, stopped):
        zones = stopped.antenna_ids.zone_id.mapped("name")
        self.activity_schedule(
            ACTIVITY,
            summary=self.env._("%s does not run", self.name)
            if self.state == "silent"
            else self.env._(
                "%(gateway)s does not reach %(readers)s",
                gateway=self.name,
                readers=", ".join(stopped.mapped("code")),
            ),
            note=self.env._("No reader looks at: %s", ", ".join(zones)) if zones else "",
            user_id=self.responsible_id.id or self.create_uid.id,
        )
        self.trouble_date = fields.Datetime.now()
