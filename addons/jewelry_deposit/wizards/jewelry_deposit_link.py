from base64 import b64encode

from odoo import api, fields, models

QR_SIZE = 240


class JewelryDepositLink(models.TransientModel):
    """Shows a link to a deposit once: to copy, to scan, or to send by mail."""

    _name = "jewelry.deposit.link"
    _description = "Payment Link of a Deposit"

    deposit_id = fields.Many2one(comodel_name="jewelry.deposit", required=True, readonly=True)
    partner_id = fields.Many2one(related="deposit_id.partner_id")
    # Only on the screen: the address is nowhere in the database.
    url = fields.Char(
        string="Link", store=False, readonly=True, default=lambda self: self._get_url()
    )
    qr = fields.Binary(string="QR Code", compute="_compute_qr")

    @api.model
    def _get_url(self):
        return self.env.context.get("deposit_url")

    # === COMPUTE METHODS === #

    @api.depends_context("deposit_url")
    def _compute_qr(self):
        reports, url = self.env["ir.actions.report"], self._get_url()
        code = reports.barcode("QR", url, width=QR_SIZE, height=QR_SIZE) if url else b""
        self.qr = b64encode(code)

    # === ACTION METHODS === #

    def action_mail(self):
        """Open a mail to the customer that has the link.

        :return: window action
        :rtype: dict
        :raises UserError: when the customer must not learn of it yet
        """
        self.ensure_one()
        deposit = self.deposit_id
        deposit._check_tellable("mail")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": deposit._name,
                "default_res_ids": deposit.ids,
                "default_template_id": self.env.ref("jewelry_deposit.mail_template_pay").id,
                "default_composition_mode": "comment",
                "deposit_url": self._get_url(),
            },
        }
