from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.sourcing import FAIR_MINED, LAB_GROWN, MINED, MIXED, RECYCLED, UNKNOWN
from .jewelry_sourcing_document import DIAMOND_KINDS, WARRANTY
from .jewelry_sourcing_mixin import PARTIAL_FIELDS

STONE_SOURCES = [
    (UNKNOWN, "Unknown"),
    (MINED, "Newly mined"),
    (RECYCLED, "Recycled"),
    (FAIR_MINED, "Fair-mined"),
    (LAB_GROWN, "Lab-grown"),
    (MIXED, "Mixed"),
]

# What comes out of the ground.
EARTH_SOURCES = (MINED, FAIR_MINED)


class JewelryStone(models.Model):
    """Stones, and the stones of parcels, with their source."""

    _name = "jewelry.stone"
    _inherit = ["jewelry.stone", "jewelry.guard.mixin", "jewelry.sourcing.mixin"]

    material_source = fields.Selection(
        selection=STONE_SOURCES,
        string="Source",
        compute="_compute_material_source",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        copy=False,
        help="Recycled: taken out of jewelry that somebody wore.",
    )
    is_partly_warranted = fields.Boolean(
        string="Partly Without Warranty",
        readonly=True,
        copy=False,
        help="It was mixed with stones that have no warranty.",
    )
    has_warranty = fields.Boolean(
        compute="_compute_has_warranty",
        search="_search_has_warranty",
        help="A supplier warrants it by the System of Warranties.",
    )

    # === COMPUTE METHODS === #

    @api.depends("origin")
    def _compute_material_source(self):
        """Follow what the stone is: what was grown was not mined."""
        for stone in self:
            source = stone.material_source or UNKNOWN
            if stone.origin == LAB_GROWN:
                stone.material_source = source if source == RECYCLED else LAB_GROWN
            else:
                stone.material_source = UNKNOWN if source == LAB_GROWN else source

    @api.depends("sourcing_ids.kind", "is_partly_warranted")
    def _compute_has_warranty(self):
        for stone in self:
            warranties = stone.sourcing_ids.filtered(lambda paper: paper.kind == WARRANTY)
            stone.has_warranty = bool(warranties) and not stone.is_partly_warranted

    @api.model
    def _search_has_warranty(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("sourcing_ids.kind", "=", WARRANTY) & Domain(
            "is_partly_warranted", "=", False
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("material_source", "origin")
    def _check_material_source(self):
        """Refuse a source that what the stone is rules out."""
        labels = dict(self._fields["material_source"]._description_selection(self.env))
        for stone in self:
            grown = stone.origin == LAB_GROWN
            made = grown or stone.origin in ("simulant", "composite")
            if (stone.material_source == LAB_GROWN and not grown) or (
                stone.material_source in EARTH_SOURCES and made
            ):
                raise ValidationError(
                    self.env._(
                        "%(stone)s is %(origin)s and cannot be “%(stated)s”. Choose another "
                        "source.",
                        stone=stone.number,
                        origin=stone._get_origin_label(),
                        stated=labels[stone.material_source],
                    )
                )

    @api.constrains("sourcing_ids", "origin", "species_id")
    def _check_sourcing(self):
        """Refuse papers on natural diamonds for anything else, and for more than they cover."""
        for stone in self:
            papers = stone.sudo().sourcing_ids.filtered(lambda paper: paper.kind in DIAMOND_KINDS)
            if papers and not stone._may_be_natural_diamond():
                raise ValidationError(
                    self.env._(
                        "%(paper)s is for natural diamonds, and %(stone)s is none. Take the paper "
                        "off, or correct the stone.",
                        paper=papers[0].display_name,
                        stone=stone.display_name,
                    )
                )
        if not self._is_sourcing_carried():
            self.sudo().sourcing_ids._check_covered()

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: who adds a warranty to mixed stones states that it is for the rest of them, and
        who types other carats stays within what the papers cover.
        """
        before = {stone: stone._get_warranties() for stone in self if "sourcing_ids" in vals}
        result = super().write(vals)
        if "is_partly_warranted" not in vals:
            self._state_warranted(before)
        if "carat" in vals and not self.env.su:
            self.sudo().sourcing_ids._check_covered()
        return result

    def _state_warranted(self, before):
        """State for the whole of mixed stones what was added to the warranties of `before`."""
        added = self.browse().union(
            *(stone for stone, known in before.items() if stone._get_warranties() - known)
        )
        if partly := added.filtered("is_partly_warranted"):
            partly.sudo().is_partly_warranted = False

    def _get_guarded_fields(self):
        """Override: what was mixed is found out, not typed."""
        return super()._get_guarded_fields() | PARTIAL_FIELDS

    # === BUSINESS METHODS === #

    def _get_warranties(self):
        return self.sudo().sourcing_ids.filtered(lambda paper: paper.kind == WARRANTY)

    def _may_be_natural_diamond(self):
        """Tell whether the stone is a diamond that nobody knows to be anything but natural."""
        self.ensure_one()
        return self.species_id.code == "diamond" and self.origin in ("natural", "unknown")

    @api.model
    def _get_natural_diamond_domain(self):
        """Return the domain of stones that an invoice between businesses warrants."""
        return Domain("species_id.code", "=", "diamond") & Domain("origin", "=", "natural")

    def _filter_sold(self):
        """Override: stones are sold with what holds them."""
        # In sudo: it is sold, whoever may see where it went.
        return self.filtered(lambda stone: stone.sudo().holder_id._filter_sold())

    def _add_unknown_stones(self):
        """Write that stones came to a group of which nobody has said where they are from."""
        self.ensure_one()
        vals = {
            "is_partly_unknown": bool(self.country_ids),
            "is_partly_warranted": bool(self._get_warranties()),
            "mine": False,
        }
        if self.material_source not in (UNKNOWN, LAB_GROWN):
            vals["material_source"] = MIXED
        self._write_sourcing(vals)

    def _split_into(self, lot, carat, count):
        """Override: part of a group comes from where all of it comes from."""
        part = super()._split_into(lot, carat, count)
        part._write_sourcing(self.sudo()._get_carried_vals())
        return part

    def _get_carried_vals(self):
        """Return what goes with the stones when they are parted or mixed."""
        sources = set(self.mapped("material_source"))
        covered = self.filtered("has_warranty")
        vals = self._unite_origins(self) | {
            "material_source": sources.pop() if len(sources) == 1 else MIXED,
            "is_partly_warranted": covered != self and bool(self._get_warranties()),
        }
        mines = set(self.mapped("mine"))
        return vals | {"mine": mines.pop() if len(mines) == 1 else False}

    def _prepare_beginning(self):
        """Override: a stone may have a source from the start."""
        return [*super()._prepare_beginning(), *self._prepare_sourced_beginning()]
