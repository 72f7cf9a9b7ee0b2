import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import ring_size

# How a size is written here: prefix and scale of `tools.ring_size`, in order of display.
PREFIXES = {"US": "us", "EU": "iso", "UK": "uk", "JP": "jp"}
_SIZE = re.compile(r"\s*(?P<prefix>[A-Za-z]{2})\s*(?P<label>\S+)\s*")


class JewelryRingSizeMixin(models.AbstractModel):
    """A finger or a ring: measured in millimetres, written as every country writes it."""

    _name = "jewelry.ring.size.mixin"
    _description = "Ring Size"

    ring_circumference = fields.Float(
        string="Ring Circumference (mm)", digits=(16, 2), help="Inside circumference."
    )
    ring_size = fields.Char(
        compute="_compute_ring_size",
        inverse="_inverse_ring_size",
        help="Write one size with its scale, such as US 7, EU 54, UK N½ or JP 14. The other "
        "scales follow; ≈ means that there is no exact size.",
    )

    @api.depends("ring_circumference")
    def _compute_ring_size(self):
        for record in self:
            record.ring_size = record._get_ring_size()

    def _get_ring_size(self):
        """Return the size in every scale, such as `US 7 · EU ≈ 54 · UK ≈ N½ · JP ≈ 14`."""
        self.ensure_one()
        if self.ring_circumference <= 0:
            return False
        return " · ".join(
            f"{prefix} {ring_size.to_size(self.ring_circumference, scale)}"
            for prefix, scale in PREFIXES.items()
        )

    def _inverse_ring_size(self):
        for record in self:
            if record.ring_size != record._get_ring_size():
                record.ring_circumference = record._parse_ring_size(record.ring_size)

    @api.model
    def _parse_ring_size(self, text):
        """Return the inside circumference in mm of a size such as `US 7`; 0 for none.

        :raises ValidationError: when the scale is missing or has no such size
        """
        if not text:
            return 0.0
        match = _SIZE.fullmatch(text)
        scale = match and PREFIXES.get(match["prefix"].upper())
        try:
            return round(ring_size.to_circumference(match["label"], scale), 2)
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError(
                self.env._(
                    "“%(size)s” is no ring size. Write the scale before it: US 7, EU 54, UK N½ "
                    "or JP 14.",
                    size=text,
                )
            ) from error
