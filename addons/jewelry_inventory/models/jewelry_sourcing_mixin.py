from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# What somebody states of where a thing comes from. It stays once the thing is sold.
STATED_FIELDS = {"material_source", "country_ids", "mine", "sourcing_ids"}

# What the program writes where stones or metals of different papers were mixed.
PARTIAL_FIELDS = {"is_partly_unknown", "is_partly_warranted"}

# Value of the context key of what the program writes itself: no request can bring this object.
CARRIED = object()


class JewelrySourcingMixin(models.AbstractModel):
    """Where stones, and the metal of pieces and lots, come from, and the papers that say so."""

    _name = "jewelry.sourcing.mixin"
    _description = "Sourcing"

    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries of Origin",
        copy=False,
        help="Where it was mined. Several: it is mixed.",
    )
    mine = fields.Char(string="Mine or Deposit", copy=False)
    sourcing_ids = fields.Many2many(
        comodel_name="jewelry.sourcing.document",
        string="Sourcing Documents",
        check_company=True,
        copy=False,
    )
    is_partly_unknown = fields.Boolean(
        string="Partly of Unknown Origin",
        readonly=True,
        copy=False,
        help="It was mixed with something whose country is not known.",
    )
    origin_text = fields.Char(string="Mined In", compute="_compute_origin_text")

    # === COMPUTE METHODS === #

    @api.depends("country_ids", "is_partly_unknown")
    @api.depends_context("lang")
    def _compute_origin_text(self):
        for record in self:
            record.origin_text = record._get_origin_text(
                record.country_ids, record.is_partly_unknown
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override to keep what was said of things that are sold, and to write down the rest.

        :raises UserError: naming what is sold
        """
        if not STATED_FIELDS & vals.keys():
            return super().write(vals)
        self._check_unsold()
        if "country_ids" in vals:
            vals = {"is_partly_unknown": False} | vals
        before = {record: record._get_said() for record in self}
        result = super().write(vals)
        changed = self.filtered(lambda record: record._get_said() != before[record])
        self._append_events(changed._prepare_sourcing())
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_origin_text(self, countries, partly_unknown):
        """Return countries in words; several, or one and unknown ones, are mixed."""
        names = sorted(countries.mapped("name"))
        if names and partly_unknown:
            names.append(self.env._("unknown"))
        if len(names) > 1:
            return self.env._("Mixed: %(countries)s", countries=", ".join(names))
        return names[0] if names else False

    def _check_unsold(self):
        """Refuse to state another source for what is sold.

        :raises UserError: naming it
        """
        if self.env.su:
            return
        if sold := self._filter_sold():
            raise UserError(
                self.env._(
                    "%(things)s is sold: what was said of its source stays. Take it back first.",
                    things=", ".join(sold[:5].mapped("display_name")),
                )
            )

    def _filter_sold(self):
        """Hook: return those that a customer has."""
        return self.browse()

    def _get_sourcing(self):
        """Return what is said of the source, as events hold it: codes, kinds and numbers."""
        self.ensure_one()
        # In sudo: it is said, whoever may read the papers.
        record = self.sudo()
        sourcing = {
            "source": record.material_source,
            "countries": sorted(record.country_ids.mapped("code")),
            "mine": record.mine or None,
            "papers": record.sourcing_ids._get_codes(),
        }
        return sourcing | ({"partly_unknown": True} if record.is_partly_unknown else {})

    def _get_said(self):
        """Return what is said of the source, each paper by itself."""
        return self._get_sourcing(), self.sudo().sourcing_ids

    def _prepare_sourcing(self):
        """Return the entries that tell the source."""
        return [(record, "source", record._get_sourcing()) for record in self._filter_chained()]

    def _prepare_sourced_beginning(self):
        """Return the entries of new records that have a source from the start."""
        stated = self.sudo().filtered(
            lambda record: record.country_ids or record.sourcing_ids or record._is_source_stated()
        )
        return stated._prepare_sourcing()

    def _is_source_stated(self):
        """Tell whether somebody has said what the thing is made from."""
        return self.material_source not in (False, "unknown", "lab_grown")

    def _is_sourcing_carried(self):
        """Tell whether the program writes what it has found out; nobody says so from outside."""
        return self.env.context.get("sourcing_carried") is CARRIED

    def _write_sourcing(self, vals):
        """Write what the program has found out of the source, unless it is written already."""
        self.ensure_one()
        record = self.sudo()
        changed = {
            name: [Command.set(value.ids)] if isinstance(value, models.BaseModel) else value
            for name, value in vals.items()
            if isinstance(value, list) or record[name] != value
        }
        if changed:
            record.with_context(sourcing_carried=CARRIED).write(
                {"is_partly_unknown": record.is_partly_unknown} | changed
            )

    @api.model
    def _unite_origins(self, records):
        """Return countries, papers and whether a country is unknown, of what is mixed."""
        known = records.filtered("country_ids")
        return {
            "country_ids": records.country_ids.sorted("id"),
            "sourcing_ids": records.sourcing_ids.sorted("id"),
            "is_partly_unknown": bool(known)
            and (known != records or any(records.mapped("is_partly_unknown"))),
        }
