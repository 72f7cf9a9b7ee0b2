from odoo import api, models

# What each antenna of the one reader looks at, from 1 on: name, kind, place. The last one is the
# door's, as the gateway's simulation has it.
ZONES = [
    ("Safe", "safe", "Safe"),
    ("Case A", "case", "Case A"),
    ("Case B", "case", "Case B"),
    ("Window tray", "tray", "Window"),
    ("Bench", "bench", "Bench"),
    ("Counter pad", "pad", None),
    ("Door", "door", None),
]
GATEWAY = "demo"
READER = "shop"
TAGGED_KINDS = ("piece", "stone")


class JewelryDemo(models.AbstractModel):
    """Readers and tags of the demo store, where their room is installed: asked for by
    `./store run --with-rfid`, because without a gateway nothing is ever seen.
    """

    _inherit = "jewelry.demo"

    @api.model
    def _furnish_readers(self):
        """Put up the readers and tag what has none, and return what a gateway that simulates the
        store has to know: its code, a new key, its reader, the antenna of the door, and each tag
        with the antenna that it lies before by the books.

        :rtype: dict
        """
        self = self.with_context(tracking_disable=True)
        places = self._build_places()
        zones = self._build_zones(places)
        gateway = self._set_up_gateway(zones)
        self._tag_pieces(places)
        if "pos.config" in self.env and "rfid_pad_id" in self.env["pos.config"]:
            self._set_up_pad(zones)
        # Whatever was simulated before knows the old key only.
        gateway.action_revoke_keys()
        return {
            "code": gateway.code,
            "key": gateway._make_key(),
            "reader": READER,
            "door": len(ZONES),
            "tags": self._find_tags(zones),
        }

    @api.model
    def _build_zones(self, places):
        """Return the zones in the order of `ZONES`, made where missing."""
        zones = self.env["jewelry.rfid.zone"].with_context(active_test=False)
        found = zones.search([("company_id", "=", self.env.company.id)]).grouped("name")
        return zones.union(
            *(
                found.get(name)
                or zones.create(
                    {
                        "name": name,
                        "kind": kind,
                        "sequence": number,
                        "location_id": place and places[place].id,
                    }
                )
                for number, (name, kind, place) in enumerate(ZONES, 1)
            )
        )

    @api.model
    def _set_up_gateway(self, zones):
        """Return the gateway of the simulation, with an antenna for each zone."""
        gateways = self.env["jewelry.rfid.gateway"].with_context(active_test=False)
        domain = [("company_id", "=", self.env.company.id), ("code", "=", GATEWAY)]
        gateway = gateways.search(domain, limit=1) or gateways.create(
            {"name": "Simulated store", "code": GATEWAY}
        )
        antennas = gateway._find_antennas({(READER, port) for port in range(1, len(ZONES) + 1)})
        for port, zone in enumerate(zones, 1):
            if not antennas[READER, port].zone_id:
                antennas[READER, port].zone_id = zone
        return gateway

    @api.model
    def _set_up_pad(self, zones):
        """Put the pad beside the first register, as long as it lies beside none."""
        registers = self.env["pos.config"]
        pad = zones.filtered(lambda zone: zone.kind == "pad")
        if not registers.search_count([("rfid_pad_id", "=", pad.id)]):
            mine = [("company_id", "=", self.env.company.id)]
            registers.search(mine, order="id", limit=1).rfid_pad_id = pad

    @api.model
    def _tag_pieces(self, places):
        """Let a printer write the chips of all pieces and stones that have none, and read them."""
        lots = self.env["stock.lot"].search(
            [
                ("jewelry_kind", "in", TAGGED_KINDS),
                ("location_id", "in", [place.id for place in places.values()]),
                ("company_id", "=", self.env.company.id),
                ("rfid_tag_id", "=", False),
            ]
        )
        if lots:
            lots._write_tags()
            written = lots.rfid_tag_ids.filtered(lambda tag: tag.state == "written")
            lots._tag_many({tag.lot_id: tag.epc for tag in written}, {})

    @api.model
    def _find_tags(self, zones):
        """Return {number of a live tag: the antenna at the place of its piece}."""
        ports = {zone.location_id: port for port, zone in enumerate(zones, 1) if zone.location_id}
        tags = self.env["jewelry.rfid.tag"].search(
            [("state", "=", "live"), ("company_id", "=", self.env.company.id)]
        )
        return {
            tag.epc: ports[tag.lot_id.location_id]
            for tag in tags
            if tag.lot_id.location_id in ports
        }
