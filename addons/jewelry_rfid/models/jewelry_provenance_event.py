from odoo import api, models

from odoo.addons.jewelry_inventory.tools.provenance import KINDS, Kind

TAG, UNTAG = "tag", "untag"

# A chip comes to a piece, and leaves it. Both are told of the piece alone: a chip is no thing that
# anybody follows.
KINDS[TAG] = Kind("ObjectEvent", "OBSERVE", "Bizstep-tagging", "in_progress")
KINDS[UNTAG] = Kind("ObjectEvent", "OBSERVE", "Bizstep-untagging", "in_progress")


class JewelryProvenanceEvent(models.Model):
    """What is said of tags in the chain of a piece."""

    _inherit = "jewelry.provenance.event"

    @api.model
    def _get_kind_labels(self):
        """Override to name what happens to tags."""
        return super()._get_kind_labels() | {
            TAG: self.env._("Tagged"),
            UNTAG: self.env._("Tag taken off"),
        }

    @api.model
    def _get_key_labels(self):
        """Override to name what is told of tags."""
        return super()._get_key_labels() | {"epc": self.env._("EPC"), "tid": self.env._("TID")}
