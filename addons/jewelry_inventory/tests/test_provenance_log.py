import base64
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..tools.provenance import read_payload
from .common import JewelryCommon, VocabularyCommon
from .fake_gia import PDF


class ChainReader:
    """Reads what was written into a chain."""

    def _get_events(self, record, *kinds):
        """Return (kind, payload) of the record's events, or of those of some kinds, in order."""
        events = self.env["jewelry.provenance.event"].search(
            [("chain_uuid", "=", record.chain_uuid)], order="seq"
        )
        return [
            (event.kind, read_payload(event.payload))
            for event in events
            if not kinds or event.kind in kinds
        ]

    def _get_kinds(self, record):
        return [kind for kind, _payload in self._get_events(record)]

    def _assert_sound(self):
        self.assertTrue(self.env["jewelry.provenance.event"].verify_chains(anchored=False).ok)


@tagged("post_install", "-at_install")
class TestProvenanceOfMoves(ChainReader, JewelryCommon):
    def test_a_piece_begins_is_received_and_costs_something(self):
        piece = self._stock_piece(cost=400)
        (commission, receipt, cost) = self._get_events(piece)
        self.assertEqual(commission[0], "commission")
        self.assertEqual(
            receipt,
            (
                "receive",
                {
                    "from": self.supplier_location.chain_uuid,
                    "to": self.stock_location.chain_uuid,
                    "quantity": "1.000",
                },
            ),
        )
        self.assertEqual(
            cost,
            (
                "cost",
                {"new": "400.00", "currency": self.env.company.currency_id.name, "why": "receipt"},
            ),
        )
        self._assert_sound()

    def test_a_sale_costs_the_piece_nothing(self):
        piece = self._stock_piece(cost=400)
        self._move(piece, self.stock_location, self.customer_location)
        self.assertEqual(self._get_kinds(piece), ["commission", "receive", "cost", "ship"])

    def test_the_owner_of_memo_goods_is_named_by_uuid_only(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        piece = self._create_piece()
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        ((_kind, payload),) = self._get_events(piece, "receive")
        self.assertEqual(payload["owner"], owner.chain_uuid)
        self.assertFalse(self._get_events(piece, "cost"))

    def test_goods_that_change_hands_on_the_shelf_are_written_down(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        piece = self._create_piece()
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        quant = piece.quant_ids.filtered(lambda quant: quant.quantity > 0)
        quant.sudo().owner_id = False
        self.assertEqual(self._get_events(piece, "owner"), [("owner", {"owner": False})])

    def test_a_transfer_is_named_by_its_document_and_not_by_whom_it_is_for(self):
        piece = self._stock_piece(cost=400)
        client = self.env["res.partner"].create({"name": "Ada Client"})
        places = {
            "location_id": self.stock_location.id,
            "location_dest_id": self.customer_location.id,
        }
        line = {"product_id": piece.product_id.id, "product_uom_qty": 1, **places}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": client.id,
                "move_ids": [Command.create(line)],
                **places,
            }
        )
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        ((_kind, payload),) = self._get_events(piece, "ship")
        self.assertEqual(payload["document"], picking.name)
        self.assertNotIn(client.chain_uuid, payload.values())

    def test_all_pieces_of_a_move_are_written_by_one_insert(self):
        pieces = self.env["stock.lot"].concat(*(self._create_piece(cost=5) for _n in range(20)))
        events = type(self.env["jewelry.provenance.event"])
        write = events._get_insert
        with patch.object(events, "_get_insert", autospec=True, side_effect=write) as insert:
            self._move(pieces, self.supplier_location, self.stock_location)
        self.assertEqual(insert.call_count, 1)
        self.assertEqual([len(self._get_events(piece)) for piece in pieces], [3] * 20)

    def test_a_parcel_is_followed_by_its_carats(self):
        style = self._create_style(jewelry_kind="parcel", name="Melee")
        parcel = self._create_piece(style)
        carats = {"quantity": 2.375}
        move = self.env["stock.move"].create(
            {
                "product_id": style.id,
                "product_uom_qty": 2.375,
                "location_id": self.supplier_location.id,
                "location_dest_id": self.stock_location.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "lot_id": parcel.id,
                            "product_id": style.id,
                            "location_id": self.supplier_location.id,
                            "location_dest_id": self.stock_location.id,
                            **carats,
                        }
                    )
                ],
                "picked": True,
            }
        )
        move._action_done()
        self.assertEqual(self._get_events(parcel, "receive")[0][1]["quantity"], "2.375")

    def test_goods_that_are_no_jewelry_have_no_chain(self):
        box = self.env["product.product"].create(
            {"name": "Box", "is_storable": True, "tracking": "serial"}
        )
        serial = self._create_piece(box)
        self._move(serial, self.supplier_location, self.stock_location)
        self.assertEqual(self._get_events(serial), [])

    def test_a_done_move_that_is_edited_is_undone_and_told_again(self):
        piece = self._stock_piece(cost=400)
        move = self._move(piece, self.stock_location, self.safe)
        move.move_line_ids.location_dest_id = self.bench
        undone, told = self._get_events(piece)[-2:]
        self.assertEqual(undone, ("undo", {"undone": "move"}))
        self.assertEqual(told[1]["to"], self.bench.chain_uuid)
        self._assert_sound()

    def test_a_done_move_written_as_it_was_says_nothing_new(self):
        piece = self._stock_piece(cost=400)
        move = self._move(piece, self.stock_location, self.safe)
        before = self._get_events(piece)
        move.move_line_ids.location_dest_id = self.safe
        self.assertEqual(self._get_events(piece), before)

    def test_a_line_added_to_a_done_move_is_told(self):
        first, second = self._stock_piece(cost=1), self._stock_piece(cost=2)
        move = self._move(first, self.stock_location, self.safe)
        values = {
            "lot_id": second.id,
            "quantity": 1,
            "product_id": second.product_id.id,
            "location_id": self.stock_location.id,
            "location_dest_id": self.safe.id,
        }
        move.move_line_ids = [Command.create(values)]
        self.assertEqual(self._get_kinds(second)[-1], "move")
        self.assertEqual(self._get_kinds(first).count("move"), 1)

    def test_a_revaluation_says_the_new_cost_and_why(self):
        piece = self._stock_piece(cost=400)
        piece._set_cost({piece: 350.5}, "correction", "told by Mrs Smith")
        currency = self.env.company.currency_id.name
        self.assertEqual(
            self._get_events(piece)[-1],
            ("cost", {"new": "350.50", "currency": currency, "why": "correction"}),
        )

    def test_a_void_is_written_without_its_reason(self):
        piece = self._create_piece()
        piece.action_void("Mrs Smith changed her mind")
        self.assertEqual(self._get_events(piece)[-1], ("void", {}))

    def test_one_move_of_pieces_with_several_owners_names_each(self):
        owners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        for owner in owners:
            piece = self._create_piece()
            self._move(piece, self.supplier_location, self.stock_location, owner=owner)
            self.assertEqual(self._get_events(piece, "receive")[0][1]["owner"], owner.chain_uuid)


@tagged("post_install", "-at_install")
class TestProvenanceOfPieces(ChainReader, VocabularyCommon):
    def test_a_new_piece_says_what_it_is_and_costs_a_customer(self):
        piece = self._create_lot(name="R-1", gross_weight=3.25, list_price=1200)
        self.assertEqual(
            self._get_events(piece),
            [
                (
                    "commission",
                    {
                        "name": "R-1",
                        "gross_weight": "3.250",
                        "other_weight": "0.000",
                        "stock_type": "stock",
                    },
                ),
                ("price", {"new": "1200.00", "why": "new"}),
            ],
        )

    def test_many_new_pieces_are_written_by_one_insert(self):
        style = self._create_lot().product_id
        events = type(self.env["jewelry.provenance.event"])
        write = events._get_insert
        with patch.object(events, "_get_insert", autospec=True, side_effect=write) as insert:
            pieces = self.env["stock.lot"].create(
                [{"product_id": style.id, "list_price": n} for n in range(1, 31)]
            )
        self.assertEqual(insert.call_count, 1)
        self.assertEqual({len(self._get_events(piece)) for piece in pieces}, {2})

    def test_only_what_changed_is_told(self):
        piece = self._create_lot(gross_weight=3)
        piece.write({"gross_weight": 3, "other_weight": 0.5, "vendor_ref": "no evidence"})
        self.assertEqual(self._get_events(piece)[1:], [("content", {"other_weight": "0.500"})])

    def test_one_write_can_be_events_of_two_kinds(self):
        piece = self._create_lot()
        piece.write({"gross_weight": 2, "stock_type": "memo"})
        self.assertEqual(
            sorted(self._get_events(piece)[1:]),
            [("content", {"gross_weight": "2.000"}), ("owner", {"stock_type": "memo"})],
        )

    def test_a_write_without_evidence_asks_nothing_of_provenance(self):
        piece = self._create_lot()
        with patch.object(type(piece), "_get_evidence") as get_evidence:
            piece.vendor_ref = "4711"
        get_evidence.assert_not_called()

    def test_metals_are_told_by_alloy_and_grams(self):
        piece = self._create_lot()
        metals = self.env["jewelry.piece.metal"]
        line = metals.create({"lot_id": piece.id, "alloy_id": self.gold_18k.id, "weight": 4.2})
        line.weight = 4.125
        line.unlink()
        code = self.gold_18k.code
        self.assertEqual(
            self._get_events(piece)[1:],
            [
                ("content", {"metals": {code: "4.200"}}),
                ("content", {"metals": {code: "4.125"}}),
                ("content", {"metals": {}}),
            ],
        )

    def test_other_lots_have_no_beginning(self):
        box = self.env["product.product"].create({"name": "Box", "tracking": "lot"})
        lot = self.env["stock.lot"].create({"name": "B", "product_id": box.id})
        lot.name = "C"
        self.assertEqual(self._get_events(lot), [])


@tagged("post_install", "-at_install")
class TestProvenanceOfStones(ChainReader, VocabularyCommon):
    def test_a_stone_begins_with_its_grades_by_code(self):
        stone = self._create_stone()
        ((kind, payload),) = self._get_events(stone)
        self.assertEqual(kind, "commission")
        self.assertEqual((payload["carat"], payload["holder"]), ("0.520", False))
        self.assertEqual(payload["color_grade_id"], stone.color_grade_id.code)
        self.assertIsNone(payload["cut_grade_id"])

    def test_a_grade_that_changes_is_content(self):
        stone = self._create_stone()
        stone.color_grade_id = self._ref("grade_color_f")
        self.assertEqual(
            self._get_events(stone)[1:],
            [("content", {"color_grade_id": self._ref("grade_color_f").code})],
        )

    def test_treatments_are_listed_by_code(self):
        stone = self._create_stone()
        treatments = self.env["jewelry.treatment"].search([], limit=2)
        stone.treatment_ids = treatments
        self.assertEqual(
            self._get_events(stone)[1:],
            [("content", {"treatment_ids": sorted(treatments.mapped("code"))})],
        )

    def test_setting_a_stone_is_in_its_chain_and_in_the_rings(self):
        ring, stone = self._create_lot(), self._create_stone()
        stone.holder_id = ring
        self.assertEqual(
            self._get_events(stone, "set"), [("set", {"from": False, "to": ring.chain_uuid})]
        )
        told = {"stone": stone.chain_uuid, "number": stone.number}
        self.assertEqual(self._get_events(ring, "set"), [("set", told)])

    def test_a_stone_moved_from_ring_to_ring_is_told_by_all_three(self):
        old, new = self._create_lot(), self._create_lot()
        stone = self._create_stone(holder_id=old.id)
        stone.holder_id = new
        self.assertEqual(self._get_kinds(old), ["commission", "set", "unset"])
        self.assertEqual(self._get_kinds(new), ["commission", "set"])
        self.assertEqual(self._get_kinds(stone), ["commission", "set"])

    def test_a_stone_back_on_its_own_serial_is_unset(self):
        ring, serial = self._create_lot(), self._create_lot("stone")
        stone = self._create_stone(holder_id=ring.id, home_lot_id=serial.id)
        stone.holder_id = serial
        self.assertEqual(self._get_kinds(ring)[-1], "unset")
        self.assertEqual(self._get_kinds(stone)[-1], "unset")
        self.assertEqual(self._get_kinds(serial), ["commission"])

    def test_melee_joins_a_parcel_and_leaves_it(self):
        parcel, stone = self._create_lot("parcel"), self._create_stone()
        stone.holder_id = parcel
        stone.holder_id = False
        self.assertEqual(self._get_kinds(parcel), ["commission", "join", "leave"])
        self.assertEqual(self._get_kinds(stone), ["commission", "join", "leave"])

    def test_a_loose_stone_that_goes_leaves_no_ring_behind(self):
        serial = self._create_lot("stone")
        stone = self._create_stone(holder_id=serial.id, home_lot_id=serial.id)
        stone.holder_id = False
        self.assertEqual(self._get_kinds(stone), ["commission", "content"])

    def test_a_holder_written_again_says_nothing_new(self):
        ring = self._create_lot()
        stone = self._create_stone(holder_id=ring.id)
        stone.holder_id = ring
        self.assertEqual(self._get_kinds(stone), ["commission"])
        self.assertEqual(self._get_kinds(ring), ["commission", "set"])


@tagged("post_install", "-at_install")
class TestProvenanceOfReports(ChainReader, VocabularyCommon):
    def test_a_report_is_an_event_of_its_subject(self):
        for subject in ("stone_id", "piece_id", "parcel_id"):
            record = (
                self._create_stone() if subject == "stone_id" else self._create_lot(subject[:-3])
            )
            report = self._create_report(number=f"77{record.id}", **{subject: record.id})
            self.assertEqual(
                self._get_events(record, "certificate"),
                [
                    (
                        "certificate",
                        {
                            "laboratory": report.laboratory_id.code,
                            "number": report.number,
                            "current": True,
                            "document": None,
                        },
                    )
                ],
            )

    def test_the_document_is_told_to_the_byte(self):
        report = self._create_report()
        report.document = base64.b64encode(PDF)
        first = self._get_events(report.stone_id, "certificate")[-1][1]["document"]
        report.document = base64.b64encode(PDF + b"\n")
        second = self._get_events(report.stone_id, "certificate")[-1][1]["document"]
        self.assertEqual((len(first), len(second)), (64, 64))
        self.assertNotEqual(first, second)

    def test_a_report_that_another_replaces_is_told_as_history(self):
        old = self._create_report(number="1000")
        self._create_report(number="2000", stone_id=old.stone_id.id)
        told = [
            (payload["number"], payload["current"])
            for _kind, payload in self._get_events(old.stone_id, "certificate")
        ]
        self.assertEqual(told, [("1000", True), ("1000", False), ("2000", True)])

    def test_a_report_filed_away_is_told_as_history(self):
        report = self._create_report()
        report.action_archive()
        self.assertFalse(self._get_events(report.stone_id, "certificate")[-1][1]["current"])

    def test_what_is_no_evidence_of_a_report_is_not_told(self):
        report = self._create_report()
        report.verification_url = "https://example.com"
        self.assertEqual(len(self._get_events(report.stone_id, "certificate")), 1)
