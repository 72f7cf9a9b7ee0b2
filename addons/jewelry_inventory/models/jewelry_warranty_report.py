from odoo import fields, models
from odoo.tools import SQL


class JewelryWarrantyReport(models.Model):
    """Carats of natural diamonds that suppliers warranted to us and that we warranted to others.

    The System of Warranties asks to keep both and to reconcile them every year. A read-only query.
    """

    _name = "jewelry.warranty.report"
    _description = "Warranties In and Out"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "number"
    _depends = {
        "jewelry.sourcing.document": [
            "carat",
            "company_id",
            "issuer_id",
            "kind",
            "number",
            "received_date",
        ],
        "account.move": [
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "name",
            "state",
            "warranty_carat",
        ],
    }

    date = fields.Date(readonly=True)
    direction = fields.Selection(
        selection=[("in", "From suppliers"), ("out", "To customers")],
        string="Warranty",
        readonly=True,
    )
    number = fields.Char(string="Document", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    carat_in = fields.Float(string="Carats In", digits=(16, 3), readonly=True)
    carat_out = fields.Float(string="Carats Out", digits=(16, 3), readonly=True)
    difference = fields.Float(
        digits=(16, 3), readonly=True, help="In less out: what is still in stock, or unexplained."
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    @property
    def _table_query(self):
        """Override of `base`: papers of suppliers, and invoices that state the warranty."""
        return SQL(
            """
            SELECT 2 * paper.id AS id,
                   paper.received_date AS date,
                   'in' AS direction,
                   paper.number AS number,
                   paper.issuer_id AS partner_id,
                   paper.carat AS carat_in,
                   0.0 AS carat_out,
                   paper.carat AS difference,
                   paper.company_id AS company_id
              FROM jewelry_sourcing_document paper
             WHERE paper.kind = 'warranty'
             UNION ALL
            SELECT 2 * move.id + 1,
                   move.invoice_date,
                   'out',
                   move.name,
                   move.commercial_partner_id,
                   0.0,
                   move.warranty_carat,
                   -move.warranty_carat,
                   move.company_id
              FROM account_move move
             WHERE move.state = 'posted'
               AND move.warranty_carat <> 0
            """
        )
