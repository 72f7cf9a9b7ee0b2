from odoo import fields, models

from ..models.jewelry_rfid_alarm import ACKNOWLEDGED, FALSE


class JewelryRfidAlarmAnswer(models.TransientModel):
    """Say what alarms were about."""

    _name = "jewelry.rfid.alarm.answer"
    _description = "Answer an Alarm"

    alarm_ids = fields.Many2many(
        comodel_name="jewelry.rfid.alarm",
        string="Alarms",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    state = fields.Selection(
        selection=[(ACKNOWLEDGED, "Seen to"), (FALSE, "False alarm")],
        string="What Was It",
        required=True,
        default=ACKNOWLEDGED,
    )
    note = fields.Char(string="Reason", required=True)

    # === ACTION METHODS === #

    def action_answer(self):
        """Note it; the alarms go from all screens.

        :raises UserError: when somebody else has answered one
        """
        self.ensure_one()
        # The rules of the user decide which alarms there are.
        alarms = self.alarm_ids
        alarms.check_access("read")
        alarms._answer(self.state, self.note.strip())
        return {"type": "ir.actions.act_window_close"}
