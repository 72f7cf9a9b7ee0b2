from unittest.mock import patch
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.jewelry_inventory.tests.common import ROLES

from .reader_common import get_epc, prepare_row


@tagged("-at_install", "post_install")
class TestReaderCountTours(HttpCase):
    """Journeys at the live screen of a count: a manager's, and that of somebody who counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("associate", "manager"):
            new_test_user(cls.env, login=role, password=role, groups=ROLES[role])
        company = cls.env.company
        stock = company._get_stock_place()
        cls.case, cls.window = cls.env["stock.location"].create(
            [{"name": name, "location_id": stock.id} for name in ("Tour case", "Tour window")]
        )
        zone = cls.env["jewelry.rfid.zone"].create({"name": "Tour", "location_id": cls.case.id})
        cls.gateway = cls.env["jewelry.rfid.gateway"].create({"name": "Tour", "code": "tour"})
        reader = cls.env["jewelry.rfid.reader"].create({"gateway_id": cls.gateway.id, "code": "R1"})
        antenna = {"reader_id": reader.id, "port": 1, "zone_id": zone.id}
        cls.env["jewelry.rfid.antenna"].create(antenna)
        names = ["P-FIRST", "P-SECOND", "P-THIRD", "P-STRAY"]
        cls.pieces = cls._stock(names, [cls.case] * 3 + [cls.window])
        cls.env["jewelry.rfid.tag"].create(
            [
                {"epc": get_epc(n), "lot_id": piece.id, "state": "live"}
                for n, piece in enumerate(cls.pieces)
            ]
        )

    @classmethod
    def _stock(cls, names, places):
        style = cls.env["product.template"].create({"name": "Tour ring", "jewelry_kind": "piece"})
        vals = {"product_id": style.product_variant_id.id, "company_id": cls.env.company.id}
        pieces = cls.env["stock.lot"].create([vals | {"name": name} for name in names])
        for piece, place in zip(pieces, places, strict=True):
            piece._take_in(cls.env.company._get_opening_place(), place)
        lines = cls.env["stock.move.line"].search([("lot_id", "in", pieces.ids)])
        lines.date = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        return pieces

    def _create_count(self):
        return self.env["jewelry.count"].create(
            {"kind": "cycle", "place_ids": [Command.set(self.case.ids)]}
        )

    def _read(self, env):
        """Let the gateway send what its reader sees: two pieces, a stray, and a stranger."""
        now = self.gateway._get_time()
        rows = [prepare_row(get_epc(n), now) for n in (0, 1, 3, 99)]
        batches = env["jewelry.rfid.batch"].with_user(self.gateway._require_device())
        batches.register_batch(str(uuid4()), "tour", 1, now, rows)

    def test_a_manager_counts_by_readers(self):
        count = self._create_count()
        looks = []
        model = self.env.registry["jewelry.count"]
        look = model.get_live

        def read_before_second_look(records):
            if len(looks) == 1:
                self._read(records.env)
            looks.append(records)
            return look(records)

        with patch.object(model, "get_live", read_before_second_look):
            self.start_tour(
                f"/odoo/counts/{count.id}",
                "jewelry_rfid_manager_counts_by_readers",
                login="manager",
            )
        self.assertEqual(count.state, "counted")
        kinds = {line.lot_id.name: line.kind for line in count.line_ids}
        self.assertEqual(kinds, {"P-THIRD": "missing", "P-STRAY": "misplaced"})

    def test_an_associate_looks_at_a_count(self):
        count = self._create_count()
        count.action_count_by_readers()
        self._read(self.env)
        self.start_tour(
            f"/odoo/counts/{count.id}", "jewelry_rfid_associate_looks_at_a_count", login="associate"
        )
