from odoo import api, fields, models
from odoo.tools import SQL

from ..const import HELD_STATES, KINDS, STATES

# Bands: where the next one begins, and the label.
BANDS = [
    (31, "0 to 30 days"),
    (61, "31 to 60 days"),
    (91, "61 to 90 days"),
    (None, "More than 90 days"),
]


class JewelryLayawayAgeing(models.Model):
    """How long pieces have been put away, what is paid of them, and what is late.

    A read-only query; nothing is kept here.
    """

    _name = "jewelry.layaway.ageing"
    _description = "Ageing of Layaways"
    _auto = False
    _order = "days_open desc, id"
    _rec_name = "layaway_id"
    _depends = {
        "jewelry.layaway": [
            "company_id",
            "date_opened",
            "deposit_id",
            "kind",
            "partner_id",
            "state",
        ],
        "jewelry.deposit": ["amount_due", "amount_held", "amount_total"],
        "jewelry.deposit.instalment": ["amount_open", "date", "deposit_id"],
    }

    layaway_id = fields.Many2one(comodel_name="jewelry.layaway", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    date_opened = fields.Date(string="Put Away On", readonly=True)
    days_open = fields.Integer(string="Days Put Away", readonly=True, aggregator="avg")
    days_late = fields.Integer(readonly=True, aggregator="max")
    band = fields.Selection(
        selection=[(str(number), label) for number, (_limit, label) in enumerate(BANDS)],
        string="Age",
        readonly=True,
    )
    amount_total = fields.Monetary(string="To Pay in All", readonly=True)
    amount_held = fields.Monetary(string="Held", readonly=True)
    amount_due = fields.Monetary(string="Balance", readonly=True)
    amount_late = fields.Monetary(string="Late", readonly=True, help="Due before today.")

    @property
    def _table_query(self):
        return self._get_query(fields.Date.context_today(self))

    @api.model
    def _get_query(self, today):
        """Return the query: a row for each layaway whose pieces are put away."""
        cases = [
            SQL("WHEN %s - layaway.date_opened < %s THEN %s", today, limit, str(number))
            for number, (limit, _label) in enumerate(BANDS[:-1])
        ]
        return SQL(
            """
            SELECT layaway.id, layaway.id AS layaway_id, layaway.company_id, layaway.currency_id,
                   layaway.partner_id, layaway.user_id, layaway.kind, layaway.state,
                   layaway.date_opened, %(today)s - layaway.date_opened AS days_open,
                   GREATEST(%(today)s - deposit.date_due, 0) AS days_late,
                   CASE %(cases)s ELSE %(last)s END AS band,
                   deposit.amount_total, deposit.amount_held, deposit.amount_due,
                   COALESCE(late.amount, 0) AS amount_late
              FROM jewelry_layaway layaway
              JOIN jewelry_deposit deposit ON deposit.id = layaway.deposit_id
         LEFT JOIN (SELECT deposit_id, SUM(amount_open) AS amount
                      FROM jewelry_deposit_instalment
                     WHERE date < %(today)s
                  GROUP BY deposit_id) AS late ON late.deposit_id = deposit.id
             WHERE layaway.state IN %(states)s
            """,
            today=today,
            cases=SQL(" ").join(cases),
            last=str(len(BANDS) - 1),
            states=HELD_STATES,
        )

    def action_view_layaway(self):
        """Open the layaway.

        :return: window action
        :rtype: dict
        """
        return self.layaway_id._get_records_action()
