from odoo.tests import TransactionCase, tagged

from odoo.addons.jewelry_demo.models import jewelry_demo, jewelry_demo_rfid
from odoo.addons.jewelry_rfid.tools.batch import is_hex


class Furnisher:
    """The readers of the demo store, without the rest of it: it is not installed where their room
    is tested.
    """

    _build_zones = jewelry_demo_rfid.JewelryDemo._build_zones
    _find_tags = jewelry_demo_rfid.JewelryDemo._find_tags
    _furnish_readers = jewelry_demo_rfid.JewelryDemo._furnish_readers
    _set_up_gateway = jewelry_demo_rfid.JewelryDemo._set_up_gateway
    _set_up_pad = jewelry_demo_rfid.JewelryDemo._set_up_pad
    _tag_pieces = jewelry_demo_rfid.JewelryDemo._tag_pieces

    def __init__(self, env, places):
        self.env, self.places = env, places

    def with_context(self, **context):
        """As of a model."""
        return Furnisher(self.env(context={**self.env.context, **context}), self.places)

    def _build_places(self):
        return self.places


@tagged("post_install", "-at_install")
class TestDemoReaders(TransactionCase):
    """Readers and tags in the demo store, as a simulated gateway gets to know them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Demo", "country_id": cls.env.ref("base.us").id}
        )
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, False)
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        stock = cls.company._get_stock_place()
        cls.places = {
            name: cls.env["stock.location"].create(
                {"name": name, "location_id": stock.id, "jewelry_role": role}
            )
            for name, role in jewelry_demo.PLACES.items()
        }
        cls.demo = Furnisher(cls.env, cls.places)
        style = cls.env["product.template"].create({"name": "Ring", "jewelry_kind": "piece"})
        cls.rings = cls.env["stock.lot"].create(
            [
                {"product_id": style.product_variant_id.id, "company_id": cls.company.id}
                for _place in cls.places
            ]
        )
        for ring, place in zip(cls.rings, cls.places.values(), strict=True):
            ring._take_in(cls.company._get_opening_place(), place)

    def _find_all(self, model):
        found = self.env[model].with_context(active_test=False)
        return found.search([("company_id", "=", self.company.id)])

    def test_each_antenna_looks_at_its_zone_and_each_zone_at_its_place(self):
        self.demo._furnish_readers()
        antennas = self._find_all("jewelry.rfid.antenna").sorted("port")
        seen = [(a.zone_id.name, a.zone_id.kind, a.zone_id.location_id.name) for a in antennas]
        expected = [(name, kind, place or False) for name, kind, place in jewelry_demo_rfid.ZONES]
        self.assertEqual(seen, expected)
        self.assertEqual(antennas.mapped("port"), list(range(1, len(expected) + 1)))

    def test_every_piece_has_a_live_tag_and_is_told_with_the_antenna_of_its_place(self):
        told = self.demo._furnish_readers()["tags"]
        names = [place for _name, _kind, place in jewelry_demo_rfid.ZONES]
        self.assertEqual(len(told), len(self.rings))
        for ring in self.rings:
            with self.subTest(place=ring.location_id.name):
                self.assertEqual(ring.rfid_tag_id.state, "live")
                self.assertTrue(is_hex(ring.rfid_tag_id.epc))
                port = told[ring.rfid_tag_id.epc]
                self.assertEqual(names[port - 1], ring.location_id.name)

    def test_the_door_is_the_last_antenna(self):
        values = self.demo._furnish_readers()
        kinds = [kind for _name, kind, _place in jewelry_demo_rfid.ZONES]
        self.assertEqual(values["door"], len(kinds))
        self.assertEqual(kinds[-1], "door")

    def test_the_key_is_that_of_the_gateway_and_the_one_before_opens_nothing(self):
        keys = self.env["res.users.apikeys"]
        first, second = (self.demo._furnish_readers() for _start in range(2))
        gateway = self._find_all("jewelry.rfid.gateway")
        self.assertEqual((first["code"], second["code"]), (gateway.code, gateway.code))
        self.assertFalse(keys._check_credentials(scope="rpc", key=first["key"]))
        user = keys._check_credentials(scope="rpc", key=second["key"])
        self.assertEqual(user, gateway.user_id.id)

    def test_a_second_start_adds_nothing_but_a_key(self):
        models = ("gateway", "reader", "antenna", "zone", "tag")
        counts = []
        for _start in range(2):
            self.demo._furnish_readers()
            counts.append([len(self._find_all(f"jewelry.rfid.{model}")) for model in models])
        self.assertEqual(counts[0], counts[1])

    def test_what_a_manager_has_changed_stays(self):
        self.demo._furnish_readers()
        antenna = self._find_all("jewelry.rfid.antenna").filtered(lambda each: each.port == 2)
        antenna.zone_id = self._find_all("jewelry.rfid.zone").filtered(lambda z: z.kind == "pad")
        self.demo._furnish_readers()
        self.assertEqual(antenna.zone_id.kind, "pad")

    def test_the_pad_lies_beside_the_first_register_and_stays_where_a_manager_puts_it(self):
        first, second = self.env["pos.config"].create(
            [{"name": name, "payment_method_ids": False} for name in ("First", "Second")]
        )
        self.demo._furnish_readers()
        pad = self._find_all("jewelry.rfid.zone").filtered(lambda zone: zone.kind == "pad")
        self.assertEqual((first.rfid_pad_id, second.rfid_pad_id.ids), (pad, []))
        first.rfid_pad_id = False
        first.flush_recordset()
        second.rfid_pad_id = pad
        self.demo._furnish_readers()
        self.assertEqual((first.rfid_pad_id.ids, second.rfid_pad_id), ([], pad))

    def test_a_piece_that_has_left_the_store_is_not_simulated(self):
        self.demo._furnish_readers()
        ring = self.rings[0]
        customers = self.env.ref("stock.stock_location_customers")
        ring.quant_ids.filtered(lambda quant: quant.quantity > 0).move_quants(customers)
        told = self.demo._furnish_readers()["tags"]
        self.assertNotIn(ring.rfid_tag_id.epc, told)
        self.assertEqual(len(told), len(self.rings) - 1)
