from uuid import uuid4

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import (
    CREATE,
    READ,
    ROLES,
    WRITE,
    AccessMatrixTests,
    RaceCase,
)

from .tag_common import CHIP, OTHER_CHIP, TagCommon

DIALOG = {READ, WRITE, CREATE}
ACCESS = {
    "jewelry.rfid.tag": {
        "associate": {READ},
        "keeper": {READ},
        "manager": {READ},
        "auditor": {READ},
    },
    "jewelry.rfid.tag.pieces": {"keeper": DIALOG, "manager": DIALOG},
    "jewelry.rfid.tag.end": {"keeper": DIALOG, "manager": DIALOG},
    "jewelry.rfid.read.back": {"keeper": DIALOG, "manager": DIALOG},
}


@tagged("post_install", "-at_install")
class TestTagAccess(TagCommon, AccessMatrixTests):
    access = ACCESS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = {"associate": cls.associate, "keeper": cls.keeper, "manager": cls.manager}
        rest = ROLES.keys() - known.keys()
        auditor = cls._create_user("employee", login="auditor")
        auditor.group_ids += cls.env.ref("jewelry_inventory.group_auditor")
        device = cls._create_user("portal", login="device")
        device.group_ids += cls.env.ref("jewelry_rfid.group_device")
        cls.users = known | {role: cls._create_user(role) for role in rest}
        cls.users |= {"auditor": auditor, "device": device}

    def test_tags_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_lot(company_id=company.id)
        tag = stranger.with_company(company).sudo()._tag(CHIP)
        with self.assertRaises(AccessError):
            tag.with_user(self.keeper).read(["epc"])
        tags = self.env["jewelry.rfid.tag"].with_user(self.keeper)
        self.assertFalse(tags._find_by_epc([CHIP]))
        self.assertFalse(self.env["stock.lot"].with_user(self.keeper)._get_piece_by_scan(CHIP))

    def test_a_piece_shows_its_tags_to_whoever_may_see_it(self):
        self._tag(self.ring)
        for role in ("associate", "keeper", "manager"):
            piece = self.ring.with_user(self.users[role])
            self.assertEqual(piece.rfid_tag_id.epc, CHIP)
            action = piece.action_view_tags()
            tags = self.env[action["res_model"]].with_user(self.users[role])
            self.assertEqual(tags.search(action["domain"]).lot_id, self.ring)


@tagged("post_install", "-at_install")
class TestTagRace(RaceCase):
    """Keepers at two desks, and real transactions."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            style = env["product.template"].create({"name": "Race", "jewelry_kind": "piece"})
            pieces = env["stock.lot"].create(
                [
                    {"product_id": style.product_variant_id.id, "company_id": company.id}
                    for _place in range(2)
                ]
            )
            self.company_id, self.style_id = company.id, style.id
            self.piece_ids, self.chains = pieces.ids, pieces.mapped("chain_uuid")
        self.addCleanup(self._forget)

    def _forget(self):
        with self._commit() as env:
            # Neither tags nor pieces are ever deleted, but those that no test needs any more.
            env.cr.execute("DELETE FROM jewelry_rfid_tag WHERE lot_id = ANY(%s)", [self.piece_ids])
            env.cr.execute("DELETE FROM stock_lot WHERE id = ANY(%s)", [self.piece_ids])
            env["product.template"].browse(self.style_id).unlink()
            env["res.company"].browse(self.company_id).active = False

    def _make_work(self, piece_id, chip):
        return lambda env: env["stock.lot"].browse(piece_id)._tag(chip)

    def _get_live(self):
        with self._commit() as env:
            tags = env["jewelry.rfid.tag"].search([("lot_id", "in", self.piece_ids)])
            return tags.mapped("state")

    def test_one_chip_that_is_read_for_two_pieces_at_once_is_on_one(self):
        refusals = self._race(*(self._make_work(piece, CHIP) for piece in self.piece_ids))
        (refusal,) = filter(None, refusals)
        self.assertRegex(refusal, "is on the tag of another piece|is the tag of")
        self.assertEqual(self._get_live(), ["live"])

    def test_two_chips_that_are_read_for_one_piece_at_once_leave_one_live(self):
        piece = self.piece_ids[0]
        refusals = self._race(*(self._make_work(piece, chip) for chip in (CHIP, OTHER_CHIP)))
        (refusal,) = filter(None, refusals)
        self.assertRegex(refusal, "Somebody else|Enter the reason")
        self.assertEqual(self._get_live(), ["live"])
