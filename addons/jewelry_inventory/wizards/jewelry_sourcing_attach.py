from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.jewelry_sourcing_document import DIAMOND_KINDS, FAIR_MINED, KIMBERLEY, RECYCLED
from ..tools.sourcing import MINED, UNKNOWN

# What a paper says of how something was obtained.
SOURCES = {KIMBERLEY: MINED, FAIR_MINED: FAIR_MINED, RECYCLED: RECYCLED}
METAL_KINDS = (FAIR_MINED, RECYCLED)


class JewelrySourcingAttach(models.TransientModel):
    """Puts one paper on all that a delivery brought, or on chosen stones, parcels and metal."""

    _name = "jewelry.sourcing.attach"
    _description = "Attach Sourcing Document"

    document_id = fields.Many2one(comodel_name="jewelry.sourcing.document")
    kind = fields.Selection(related="document_id.kind")
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Pieces and Lots",
        default=lambda self: self._get_active("stock.lot"),
    )
    stone_ids = fields.Many2many(
        comodel_name="jewelry.stone",
        string="Stones",
        default=lambda self: self._get_active("jewelry.stone"),
    )
    received_on = fields.Date(string="Goods Came On")
    subject = fields.Selection(
        selection=[("stones", "Stones"), ("metal", "Metal")],
        string="It Is About",
        compute="_compute_subject",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    state_source = fields.Boolean(
        string="State Source and Countries",
        default=True,
        help="As the paper says, where nothing is stated yet.",
    )
    natural_carat = fields.Float(
        string="Natural Diamonds (ct)", digits=(16, 3), compute="_compute_natural_carat"
    )

    # === DEFAULTS === #

    @api.model
    def _get_active(self, model):
        context = self.env.context
        if context.get("active_model") != model:
            return False
        return [Command.set(context.get("active_ids") or [])]

    # === COMPUTE METHODS === #

    @api.depends("document_id.kind", "lot_ids", "stone_ids")
    def _compute_subject(self):
        """Propose what such a paper is about, of what is there."""
        for wizard in self:
            has_stones = wizard.stone_ids or wizard.lot_ids.stone_ids
            of_metal = wizard.kind in METAL_KINDS and wizard.lot_ids._filter_metal()
            wizard.subject = "metal" if of_metal or not has_stones else "stones"

    @api.depends("lot_ids", "stone_ids")
    def _compute_natural_carat(self):
        for wizard in self:
            stones = wizard.lot_ids.stone_ids | wizard.stone_ids
            diamonds = stones.filtered(lambda stone: stone._may_be_natural_diamond())
            wizard.natural_carat = sum(diamonds.mapped("carat"))

    # === ACTION METHODS === #

    def action_attach(self):
        """Put the paper on what it can be on.

        :raises UserError: when it can be on nothing of it, or is on too much
        """
        self.ensure_one()
        paper = self.document_id
        if not paper:
            raise UserError(self.env._("Choose the paper, or enter it."))
        paper._check_valid_on(self.received_on)
        stones, lots = self._get_stones(), self._get_metal()
        if not (stones or lots):
            raise UserError(
                self.env._(
                    "%(paper)s can be on nothing of this: no stone or metal here is of its kind.",
                    paper=paper.display_name,
                )
            )
        for records in (stones, lots):
            self._attach(records)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, defaults):
        """Return the action that opens the wizard on records: {field: id or ids}."""
        view = self.env.ref("jewelry_inventory.jewelry_sourcing_attach_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Attach Sourcing Document"),
            "res_model": self._name,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def _get_stones(self):
        """Return the stones that the paper goes on."""
        stones = self.stone_ids | self.lot_ids.stone_ids
        if self.kind in DIAMOND_KINDS:
            return stones.filtered(lambda stone: stone._may_be_natural_diamond())
        return stones if self.subject == "stones" else stones.browse()

    def _get_metal(self):
        """Return the pieces and lots on whose metal the paper goes."""
        about_metal = self.subject == "metal" and self.kind not in DIAMOND_KINDS
        return self.lot_ids._filter_metal() if about_metal else self.lot_ids.browse()

    def _attach(self, records):
        """Link the paper, and state what it says where nothing is stated."""
        paper = self.document_id
        if records:
            records.write({"sourcing_ids": [Command.link(paper.id)]})
        if not self.state_source:
            return
        if (silent := records.filtered(lambda one: not one.country_ids)) and paper.country_ids:
            silent.write({"country_ids": [Command.set(paper.country_ids.ids)]})
        source = SOURCES.get(paper.kind)
        unknown = records.filtered(lambda one: one.material_source == UNKNOWN)
        if source and unknown:
            unknown.write({"material_source": source})
