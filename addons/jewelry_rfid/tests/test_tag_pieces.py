from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.jewelry_inventory.tests.common import ROLES

from ..tools import epc
from .tag_common import CHIP, OTHER_CHIP, TagCommon


@tagged("post_install", "-at_install")
class TestTagPieces(TagCommon):
    """Tagging at a desk, one piece after the other."""

    def _open(self, pieces=None, user=None):
        """Return the dialog as the button opens it."""
        pieces = self.env["stock.lot"] if pieces is None else pieces
        action = pieces.with_user(user or self.keeper).action_tag()
        return self.env[action["res_model"]].with_user(user or self.keeper).browse(action["res_id"])

    def test_chosen_pieces_come_up_one_after_the_other(self):
        dialog = self._open(self.rings)
        shown = []
        for number in range(3):
            self.assertEqual(dialog.left_count, 3 - number)
            shown.append(dialog.lot_id)
            told = dialog.action_scan(f"ABCD0000000000000000{number:04X}")
            self.assertIn(shown[-1].name, told)
        self.assertEqual(shown, list(self.rings.sorted("name")))
        self.assertFalse(dialog.lot_id or dialog.left_count)
        self.assertEqual(self.rings.rfid_tag_ids.mapped("state"), ["live"] * 3)

    def test_label_and_chip_in_turn_tag_what_lies_on_the_desk(self):
        dialog = self._open()
        with self._refused("Scan the label of the piece first", UserError):
            dialog.action_scan(CHIP)
        for ring, chip in ((self.ring, CHIP), (self.third_ring, OTHER_CHIP)):
            self.assertIn("now read its chip", dialog.action_scan(ring.name))
            dialog.action_scan(chip)
            self.assertEqual(ring.rfid_tag_id.epc, chip)
        self.assertFalse(self.other_ring.rfid_tag_ids)

    def test_a_label_between_two_chips_chooses_another_piece_of_the_list(self):
        dialog = self._open(self.rings)
        dialog.action_scan(self.third_ring.name)
        dialog.action_scan(CHIP)
        self.assertEqual(self.third_ring.rfid_tag_id.epc, CHIP)
        self.assertEqual(dialog.left_count, 2)

    def test_a_chip_of_a_piece_is_never_taken_for_its_label(self):
        self._tag(self.ring)
        dialog = self._open(self.other_ring)
        with self._refused(f"is the tag of {self.ring.name}", UserError):
            dialog.action_scan(CHIP)
        self.assertEqual(dialog.lot_id, self.other_ring)

    def test_another_tag_needs_the_reason_that_is_entered(self):
        self._tag(self.ring)
        dialog = self._open(self.ring)
        with self._refused("Enter the reason", UserError):
            dialog.action_scan(OTHER_CHIP)
        dialog.reason = "Chip is dead"
        dialog.action_scan(OTHER_CHIP)
        self.assertEqual(self.ring.rfid_tag_id.epc, OTHER_CHIP)
        self.assertFalse(dialog.reason)

    def test_what_is_neither_label_nor_chip_is_told(self):
        dialog = self._open(self.ring)
        with self._refused("No piece is found by “nothing”", UserError):
            dialog.action_scan("nothing")
        with self._refused("blank", UserError):
            dialog.action_scan("0" * 24)
        self.assertFalse(self.ring.rfid_tag_ids)

    def test_a_label_of_digits_alone_is_a_label(self):
        self.ring.name = "3055512345"
        dialog = self._open()
        self.assertIn("now read its chip", dialog.action_scan("3055512345"))
        self.assertEqual(dialog.lot_id, self.ring)

    def test_a_code_of_a_store_is_taken(self):
        number = epc.encode(epc.make_own("8A3F12CD", 7))
        dialog = self._open(self.ring)
        dialog.action_scan(f"{number}0000")
        self.assertEqual(self.ring.rfid_tag_id.epc, number)

    def test_void_pieces_are_refused(self):
        self.ring.with_user(self.manager).action_void("Entered twice")
        with self._refused("is void", UserError):
            self._open(self.ring)
        dialog = self._open()
        with self._refused("is void", UserError):
            dialog.action_scan(self.ring.name)

    def test_an_associate_has_no_dialog(self):
        with self.assertRaises(AccessError):
            self._open(self.ring, self.associate)
        dialog = self._open(self.ring)
        with self.assertRaises(AccessError):
            dialog.with_user(self.associate).action_scan(CHIP)


@tagged("post_install", "-at_install")
class TestTagTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, login="keeper", groups=ROLES["keeper"])
        style = cls.env["product.template"].create(
            {"name": "Solitaire of the tour", "jewelry_kind": "piece"}
        )
        cls.pieces = cls.env["stock.lot"].create(
            [
                {
                    "name": f"P-TAG{number}",
                    "product_id": style.product_variant_id.id,
                    "company_id": cls.env.company.id,
                }
                for number in (1, 2, 3)
            ]
        )

    @mute_logger("odoo.http")
    def test_a_keeper_tags_three_pieces_at_a_desk(self):
        self.start_tour("/odoo", "jewelry_keeper_tags_three_pieces", login="keeper")
        tags = [piece.rfid_tag_id.epc for piece in self.pieces]
        self.assertEqual(tags, [f"ABCD0000000000000000000{number}" for number in (4, 2, 3)])
        self.assertEqual(self.pieces[0].rfid_tag_ids.mapped("state"), ["live", "retired"])
        self.assertEqual(self.pieces[0].rfid_tag_ids[1].reason, "Chip is dead")
