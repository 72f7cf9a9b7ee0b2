from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JewelryJurisdiction(models.Model):
    """Where a rule holds: the world, a union, a country, a state, a city."""

    _name = "jewelry.jurisdiction"
    _inherit = "jewelry.vocabulary.mixin"
    _description = "Jurisdiction"
    _parent_store = True

    parent_id = fields.Many2one(
        comodel_name="jewelry.jurisdiction",
        string="Within",
        index=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    country_id = fields.Many2one(comodel_name="res.country", index="btree_not_null")
    state_id = fields.Many2one(
        comodel_name="res.country.state", domain="[('country_id', '=?', country_id)]"
    )
    rule_ids = fields.One2many(comodel_name="jewelry.rule", inverse_name="jurisdiction_id")
    rule_count = fields.Integer(compute="_compute_rule_count")

    # A city or county has the country and state of what it lies in.
    is_part = fields.Boolean(
        string="Part of a State", help="A county or city: it is not found by country and state."
    )

    _place_unique = models.UniqueIndex(
        "(country_id, COALESCE(state_id, 0)) WHERE country_id IS NOT NULL AND is_part IS NOT TRUE",
        "This country or state has its jurisdiction already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        groups = self.env["jewelry.rule"]._read_group(
            [("jurisdiction_id", "in", self.ids)], ["jurisdiction_id"], ["__count"]
        )
        counts = {jurisdiction.id: count for jurisdiction, count in groups}
        for jurisdiction in self:
            jurisdiction.rule_count = counts.get(jurisdiction.id, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("parent_id")
    def _check_parent(self):
        """Refuse a jurisdiction within itself."""
        if self._has_cycle():
            raise ValidationError(self.env._("A jurisdiction cannot lie within itself."))

    @api.constrains("country_id", "state_id")
    def _check_state(self):
        """Refuse a state of another country."""
        for jurisdiction in self:
            state = jurisdiction.state_id
            if state and state.country_id != jurisdiction.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s.",
                        state=state.name,
                        country=jurisdiction.country_id.name or "—",
                    )
                )

    # === ACTION METHODS === #

    def action_view_rules(self):
        """Open the rules that are stated for this jurisdiction."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_rule_action"
        )
        return action | {
            "domain": [("jurisdiction_id", "=", self.id)],
            "context": {"default_jurisdiction_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, country, state=None):
        """Return the nearest jurisdiction of a place: its state's, its country's or the world.

        :param country: `res.country` record, or none
        :param state: `res.country.state` record, or none
        """
        # In sudo: which law holds does not depend on who asks.
        places = self.sudo().search([("country_id", "in", country.ids), ("is_part", "=", False)])
        state_id = state.id if state else False
        found = places.filtered(lambda place: state_id and place.state_id.id == state_id)
        found = found or places.filtered(lambda place: not place.state_id)
        world = self.env.ref("jewelry_inventory.jurisdiction_world", raise_if_not_found=False)
        return (found[:1] or world or self).with_env(self.env)

    def _get_ancestor_ids(self):
        """Return the ids of this jurisdiction and of all that it lies within, the widest first."""
        self.ensure_one()
        return [int(part) for part in (self.sudo().parent_path or "").split("/") if part]
