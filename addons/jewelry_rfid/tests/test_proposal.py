from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .reader_common import ReaderCommon, get_epc


@tagged("-at_install", "post_install")
class TestProposal(ReaderCommon):
    """Pieces that are seen in another place than the books say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        cls.tag = cls._create_tag(1)
        cls.piece = cls.tag.lot_id

    def _see_in_window(self, ago=10):
        self._send(self._row(self.tag, "move", ago=ago, antenna=2))
        return self._get_proposals(self.tag)

    def test_a_piece_that_is_seen_at_home_is_no_news(self):
        self._send(self._row(self.tag, "appear"))
        self.assertFalse(self._get_proposals())

    def test_a_piece_that_is_seen_elsewhere_is_proposed_and_not_moved(self):
        proposal = self._see_in_window()
        self.assertEqual((proposal.state, proposal.zone_id), ("open", self.window_zone))
        self.assertEqual(proposal.location_id, self.case)
        self.assertEqual(proposal.location_dest_id, self.window)
        self.assertEqual(self.piece.location_id, self.case)
        self.assertTrue(self.piece.rfid_elsewhere)
        found = self.env["stock.lot"].search([("rfid_elsewhere", "=", True)])
        self.assertEqual(found, self.piece)

    def test_a_piece_in_a_tray_of_the_case_is_at_home_in_the_case(self):
        tray = self._create_place("Tray", location_id=self.case.id)
        tag = self._create_tag(2, place=tray)
        self._send(self._row(tag))
        self.assertFalse(self._get_proposals(tag))

    def test_a_piece_whose_place_is_the_whole_store_is_proposed_for_where_it_is(self):
        tag = self._create_tag(2, place=self.stock_location)
        self._send(self._row(tag))
        self.assertEqual(self._get_proposals(tag).zone_id, self.case_zone)

    def test_a_tag_that_is_lost_or_retired_takes_its_proposal_along(self):
        for number, state in enumerate(("lost", "retired")):
            tag = self._create_tag(10 + number)
            self._send(self._row(tag, "move", ago=10, antenna=2))
            proposal = self._get_proposals(tag)
            self.assertEqual(proposal.state, "open")
            tag._set_ended(state, "Fell off")
            with self.subTest(state=state):
                self.assertEqual(proposal.state, "gone")
                self.assertFalse(tag.lot_id.rfid_elsewhere)

    def test_a_label_that_is_printed_again_settles_nothing(self):
        proposal = self._see_in_window()
        written = self._create_tag(20, lot_id=self.piece.id, state="written")
        written._set_ended("retired", "Another label was printed.")
        self.assertEqual(proposal.state, "open")

    def test_a_door_proposes_nothing(self):
        self._send(self._row(self.tag, antenna=3))
        self.assertEqual(self.tag.last_zone_id, self.door_zone)
        self.assertFalse(self._get_proposals())

    def test_a_piece_that_is_sold_is_not_proposed(self):
        self._move(self.piece, self.case, self.customer_location)
        self.assertFalse(self._see_in_window())

    def test_seen_again_it_stays_one_proposal(self):
        first = self._see_in_window(ago=200)
        since, seen = first.first_seen, first.last_seen
        self.assertEqual(self._see_in_window(ago=10), first)
        self.assertEqual(first.first_seen, since)
        self.assertGreater(first.last_seen, seen)

    def test_seen_back_home_it_is_settled(self):
        proposal = self._see_in_window(ago=20)
        self._send(self._row(self.tag, "move", ago=10))
        self.assertEqual(proposal.state, "gone")
        self.assertFalse(self.piece.rfid_elsewhere)

    def test_a_leave_settles_nothing(self):
        proposal = self._see_in_window(ago=20)
        self._send(self._row(self.tag, "leave", ago=10, antenna=2))
        self.assertEqual(proposal.state, "open")

    def test_a_keeper_moves_it_by_a_move_of_the_stock(self):
        proposal = self._see_in_window()
        proposal.with_user(self.keeper).action_accept()
        self.assertEqual(self.piece.location_id, self.window)
        self.assertEqual((proposal.state, proposal.done_by_id), ("accepted", self.keeper))
        move = self.env["stock.move"].search(
            [("move_line_ids.lot_id", "=", self.piece.id)], order="id desc", limit=1
        )
        self.assertEqual((move.location_id, move.location_dest_id), (self.case, self.window))
        self.assertEqual((move.state, move.quantity), ("done", 1))
        self.assertIn("Window zone", move.reference)
        self._send(self._row(self.tag, antenna=2))
        self.assertEqual(self._get_proposals(self.tag), proposal)

    def test_the_owner_of_goods_of_others_stays_their_owner(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        piece = self._create_piece()
        self._move(piece, self.supplier_location, self.case, owner=owner)
        tag = self.env["jewelry.rfid.tag"].create({"epc": get_epc(0xAB), "lot_id": piece.id})
        self._send(self._row(tag, antenna=2))
        self._get_proposals(tag).action_accept()
        quant = piece.quant_ids.filtered(lambda each: each.quantity > 0)
        self.assertEqual((quant.location_id, quant.owner_id), (self.window, owner))

    def test_what_a_keeper_dismisses_comes_back_only_from_another_place(self):
        proposal = self._see_in_window(ago=300)
        proposal.with_user(self.keeper).action_dismiss()
        self._see_in_window(ago=200)
        self.assertEqual(self._get_proposals(self.tag), proposal)
        self.assertEqual(proposal.state, "dismissed")
        safe = self._create_zone("Safe zone", self.safe, kind="safe")
        self._create_reader(self.gateway, "R2", [safe])
        self._send(self._row(self.tag, "move", ago=10, reader="R2"))
        self.assertEqual((proposal.state, proposal.zone_id), ("open", safe))

    def test_what_was_dismissed_is_proposed_again_after_it_was_home(self):
        self._see_in_window(ago=300).action_dismiss()
        self._send(self._row(self.tag, "move", ago=200))
        again = self._see_in_window(ago=100).filtered(lambda each: each.state == "open")
        self.assertEqual(len(again), 1)

    def test_a_transfer_to_where_it_is_seen_settles_the_proposal(self):
        proposal = self._see_in_window()
        self._move(self.piece, self.case, self.window)
        self.assertEqual(proposal.state, "gone")

    def test_a_sale_settles_the_proposal(self):
        proposal = self._see_in_window()
        self._move(self.piece, self.case, self.customer_location)
        self.assertEqual(proposal.state, "gone")

    def test_a_transfer_to_a_third_place_settles_nothing(self):
        proposal = self._see_in_window()
        self._move(self.piece, self.case, self.safe)
        self.assertEqual(proposal.state, "open")
        proposal.action_accept()
        self.assertEqual(self.piece.location_id, self.window)

    def test_what_is_decided_cannot_be_decided_again(self):
        proposal = self._see_in_window()
        proposal.action_accept()
        for act in ("action_accept", "action_dismiss"):
            with self.subTest(act=act), self.assertRaisesRegex(UserError, "has been decided"):
                getattr(proposal, act)()

    def test_many_are_moved_at_once_each_to_its_own_place(self):
        other = self._create_tag(2, place=self.window)
        self._send(self._row(self.tag, antenna=2), self._row(other))
        self._get_proposals().action_accept()
        self.assertEqual(self.piece.location_id, self.window)
        self.assertEqual(other.lot_id.location_id, self.case)

    def test_an_associate_decides_nothing_and_nobody_writes_by_hand(self):
        proposal = self._see_in_window()
        associate = self._create_user("associate")
        for act in ("action_accept", "action_dismiss"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(proposal.with_user(associate), act)()
        for name, value in {"state": "accepted", "zone_id": self.case_zone.id}.items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                proposal.with_user(self.keeper).write({name: value})
        self.assertEqual(proposal.state, "open")
