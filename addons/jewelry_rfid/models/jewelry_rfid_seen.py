from odoo import api, fields, models
from odoo.fields import Domain


class JewelryRfidSeen(models.AbstractModel):
    """Where readers last saw the tag of a piece."""

    _name = "jewelry.rfid.seen"
    _description = "Piece Seen by Readers"

    rfid_zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Seen At",
        compute="_compute_rfid_seen",
        search="_search_rfid_zone_id",
        help="Where readers last saw its tag.",
    )
    rfid_last_seen = fields.Datetime(
        string="Last Seen", compute="_compute_rfid_seen", search="_search_rfid_last_seen"
    )
    rfid_present = fields.Boolean(
        string="Seen Now", compute="_compute_rfid_seen", search="_search_rfid_present"
    )
    rfid_elsewhere = fields.Boolean(
        string="Seen Elsewhere", compute="_compute_rfid_seen", search="_search_rfid_elsewhere"
    )

    # === COMPUTE METHODS === #

    def _compute_rfid_seen(self):
        """Compute where the live tags of all pieces were last seen, in two queries. Whoever may
        read no tags, such as a clerk of another trade, reads pieces all the same.
        """
        tags, elsewhere = self._get_live_tags(), self._get_elsewhere()
        none = self.env["jewelry.rfid.tag"]
        for lot in self:
            tag = tags.get(lot._origin, none)[:1]
            lot.rfid_zone_id = tag.last_zone_id
            lot.rfid_last_seen = tag.last_seen
            lot.rfid_present = tag.is_present
            lot.rfid_elsewhere = lot._origin in elsewhere

    def _get_live_tags(self):
        tags = self.env["jewelry.rfid.tag"]
        if not tags.has_access("read"):
            return {}
        return tags.search([("lot_id", "in", self.ids), ("state", "=", "live")]).grouped("lot_id")

    def _get_elsewhere(self):
        proposals = self.env["jewelry.rfid.proposal"]
        if not proposals.has_access("read"):
            return self.browse()
        return proposals.search([("lot_id", "in", self.ids), ("state", "=", "open")]).lot_id

    def _search_rfid_zone_id(self, operator, value):
        return self._search_by_tag("last_zone_id", operator, value)

    def _search_rfid_last_seen(self, operator, value):
        return self._search_by_tag("last_seen", operator, value)

    def _search_rfid_present(self, operator, value):
        return self._search_by_tag("is_present", operator, value)

    def _search_rfid_elsewhere(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_ones = self.env["jewelry.rfid.proposal"]._search([("state", "=", "open")])
        found = Domain("id", "in", open_ones.subselect("lot_id"))
        return found if True in value else ~found

    @api.model
    def _search_by_tag(self, name, operator, value):
        """Return the domain of pieces by what their live tag has; a piece without one has nothing.

        :param str name: field of the tag
        """
        if operator in ("!=", "not in"):
            return NotImplemented
        if operator == "in" and not any(value):
            some = self.env["jewelry.rfid.tag"]._search(
                Domain("state", "=", "live") & Domain(name, "!=", False)
            )
            return Domain("id", "not in", some.subselect("lot_id"))
        domain = Domain("state", "=", "live") & Domain(name, operator, value)
        return Domain("id", "in", self.env["jewelry.rfid.tag"]._search(domain).subselect("lot_id"))
