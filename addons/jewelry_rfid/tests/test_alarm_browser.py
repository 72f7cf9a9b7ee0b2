from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.jewelry_inventory.tests.common import ROLES

from .reader_common import get_epc, prepare_row


@tagged("-at_install", "post_install")
class TestAlarmTours(HttpCase):
    """Journeys at the bell of the doors and at the meter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, login="associate", password="associate", groups=ROLES["associate"]
        )
        company = cls.env.company
        style = cls.env["product.template"].create({"name": "Toured", "jewelry_kind": "piece"})
        cls.piece = cls.env["stock.lot"].create(
            {
                "name": "P-LEAVES",
                "product_id": style.product_variant_id.id,
                "company_id": company.id,
            }
        )
        cls.piece._take_in(company._get_opening_place(), company._get_stock_place())
        cls.env["jewelry.rfid.tag"].create({"epc": get_epc(1), "lot_id": cls.piece.id})
        door = cls.env["jewelry.rfid.zone"].create({"name": "Door of the tour", "kind": "door"})
        cls.gateway = cls.env["jewelry.rfid.gateway"].create({"name": "Tour", "code": "tour"})
        reader = cls.env["jewelry.rfid.reader"].create({"gateway_id": cls.gateway.id, "code": "R1"})
        cls.env["jewelry.rfid.antenna"].create(
            {"reader_id": reader.id, "port": 1, "zone_id": door.id}
        )
        now = cls.gateway._get_time()
        batches = cls.env["jewelry.rfid.batch"].with_user(cls.gateway._require_device())
        rows = [prepare_row(get_epc(1), now, "appear")]
        batches.register_batch("6f1c2a9e-0000-4000-8000-0123456789ac", "tour", 1, now, rows)

    def test_an_associate_is_shown_a_piece_at_the_door_and_answers(self):
        self.start_tour("/odoo", "jewelry_rfid_associate_answers_an_alarm", login="associate")
        alarm = self.env["jewelry.rfid.alarm"].search([("lot_id", "=", self.piece.id)])
        self.assertEqual(
            (alarm.state, alarm.done_by_id, alarm.note),
            ("false", self.user, "Shown in the daylight"),
        )

    def test_an_associate_looks_for_a_piece_from_its_form(self):
        self.env["jewelry.rfid.alarm"].search([])._answer("acknowledged", "Known")
        self.start_tour(
            f"/odoo/pieces/{self.piece.id}",
            "jewelry_rfid_associate_looks_for_a_piece",
            login="associate",
        )
        self.assertFalse(self.env["jewelry.rfid.watch"].search([]))
