"""What tests of readers and sightings share: a store with zones, and a gateway that sends."""

from uuid import uuid4

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon

from ..tools.batch import SECOND


def get_epc(number):
    """Return the SGTIN-96 of this serial number, under GS1's prefix for tests."""
    return f"3066C4409047E140{number:08X}"


def prepare_row(number, at, kind="stay", **values):
    """Return a row of a batch; `at` is when it was seen last, in milliseconds."""
    row = {
        "kind": kind,
        "epc": number,
        "tid": None,
        "reader": "R1",
        "antenna": 1,
        "first": at,
        "last": at,
        "reads": 1,
        "rssi": -50.5,
    }
    return list((row | values).values())


class ReaderCommon(JewelryCommon):
    """Two cases with a zone each, one reader with two antennas, and its gateway with a device."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_place("Case")
        cls.window = cls._create_place("Window")
        cls.case_zone = cls._create_zone("Case zone", cls.case)
        cls.window_zone = cls._create_zone("Window zone", cls.window)
        cls.door_zone = cls._create_zone("Door zone", cls.env["stock.location"], kind="door")
        cls.gateway = cls._create_gateway("shop-1")
        zones = [cls.case_zone, cls.window_zone, cls.door_zone]
        cls._create_reader(cls.gateway, "R1", zones)
        cls.device = cls.gateway._require_device()
        cls.now = cls.gateway._get_time()

    # === FACTORIES === #

    @classmethod
    def _create_zone(cls, name, place, **values):
        values = {"name": name, "location_id": place.id, "company_id": cls.company.id} | values
        return cls.env["jewelry.rfid.zone"].create(values)

    @classmethod
    def _create_gateway(cls, code, **values):
        values = {"name": f"Gateway {code}", "code": code, "company_id": cls.company.id} | values
        return cls.env["jewelry.rfid.gateway"].create(values)

    @classmethod
    def _create_reader(cls, gateway, code, zones):
        reader = cls.env["jewelry.rfid.reader"].create({"gateway_id": gateway.id, "code": code})
        cls.env["jewelry.rfid.antenna"].create(
            [
                {"reader_id": reader.id, "port": port, "zone_id": zone.id}
                for port, zone in enumerate(zones, 1)
            ]
        )
        return reader

    @classmethod
    def _create_tag(cls, number, place=None, **values):
        """Return the live tag of a new piece in the case, or another place."""
        piece = cls._stock_piece(place=place or cls.case)
        values = {"epc": get_epc(number), "lot_id": piece.id, "state": "live"} | values
        return cls.env["jewelry.rfid.tag"].create(values)

    # === ACTIONS === #

    def _row(self, tag, kind="stay", ago=0, **values):
        """Return the row of a tag, or number, that was seen so many seconds ago."""
        epc = tag if isinstance(tag, str) else tag.epc
        return prepare_row(epc, self.now - ago * SECOND, kind, **values)

    def _send(self, *rows, gateway=None, **values):
        """Send a batch as the device of the gateway, and return the answer."""
        gateway = gateway or self.gateway
        message = {
            "batch": str(uuid4()),
            "gateway": gateway.code,
            "sequence": 1,
            "sent": self.gateway._get_time(),
            "sightings": list(rows),
        }
        batches = self.env["jewelry.rfid.batch"].with_user(gateway._require_device())
        return batches.register_batch(**message | values)

    def _beat(self, gateway=None, **values):
        """Send a heartbeat as the device of the gateway, and return the answer."""
        gateway = gateway or self.gateway
        message = {
            "gateway": gateway.code,
            "version": "1.0",
            "sent": self.gateway._get_time(),
            "spooled": 0,
            "refused": 0,
            "readers": [],
        }
        readers = self.env["jewelry.rfid.reader"].with_user(gateway._require_device())
        return readers.heartbeat(**message | values)

    # === READERS === #

    def _get_sightings(self, epc=None):
        domain = [("company_id", "=", self.company.id)] + ([("epc", "=", epc)] if epc else [])
        return self.env["jewelry.rfid.sighting"].search(domain)

    def _get_proposals(self, tag=None):
        domain = [("lot_id", "=", tag.lot_id.id)] if tag else []
        return self.env["jewelry.rfid.proposal"].search(domain)
