from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.jewelry_inventory.tests.common import ROLES

from .reader_common import get_epc, prepare_row


@tagged("-at_install", "post_install")
class TestReaderTours(HttpCase):
    """Journeys at the wall, at what is seen elsewhere, and at a gateway's key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("associate", "keeper", "manager"):
            new_test_user(cls.env, login=role, password=role, groups=ROLES[role])
        company = cls.env.company
        stock = company._get_stock_place()
        cls.case, cls.window = cls.env["stock.location"].create(
            [
                {"name": name, "location_id": stock.id, "jewelry_role": "sale"}
                for name in ("Case of the tour", "Window of the tour")
            ]
        )
        zones = cls.env["jewelry.rfid.zone"].create(
            [{"name": place.name, "location_id": place.id} for place in cls.case + cls.window]
        )
        cls.gateway = cls.env["jewelry.rfid.gateway"].create({"name": "Tour", "code": "tour"})
        reader = cls.env["jewelry.rfid.reader"].create({"gateway_id": cls.gateway.id, "code": "R1"})
        cls.env["jewelry.rfid.antenna"].create(
            [
                {"reader_id": reader.id, "port": port, "zone_id": zone.id}
                for port, zone in enumerate(zones, 1)
            ]
        )
        style = cls.env["product.template"].create({"name": "Toured", "jewelry_kind": "piece"})
        cls.home, cls.astray = cls.env["stock.lot"].create(
            [
                {"name": name, "product_id": style.product_variant_id.id, "company_id": company.id}
                for name in ("P-HOME", "P-ASTRAY")
            ]
        )
        (cls.home + cls.astray)._take_in(company._get_opening_place(), cls.case)
        cls.env["jewelry.rfid.tag"].create(
            [
                {"epc": get_epc(number), "lot_id": piece.id}
                for number, piece in enumerate(cls.home + cls.astray, 1)
            ]
        )
        cls._see()

    @classmethod
    def _see(cls):
        """See one piece at home, and the other in the window."""
        now = cls.gateway._get_time()
        batches = cls.env["jewelry.rfid.batch"].with_user(cls.gateway._require_device())
        rows = [prepare_row(get_epc(n), now, "appear", antenna=n) for n in (1, 2)]
        batches.register_batch("6f1c2a9e-0000-4000-8000-0123456789ab", "tour", 1, now, rows)

    def test_an_associate_sees_what_is_missing_and_where_it_is(self):
        self.start_tour("/odoo/wall", "jewelry_rfid_associate_looks_at_the_wall", login="associate")

    def test_a_keeper_moves_what_is_seen_elsewhere(self):
        self.start_tour(
            "/odoo/seen-elsewhere",
            "jewelry_rfid_keeper_moves_what_is_seen_elsewhere",
            login="keeper",
        )
        self.assertEqual(self.astray.location_id, self.window)

    def test_a_manager_makes_a_key_that_is_shown_once(self):
        self.start_tour(
            f"/odoo/rfid-gateways/{self.gateway.id}",
            "jewelry_rfid_manager_makes_a_key",
            login="manager",
        )
        self.assertTrue(self.gateway.key_expiration)
