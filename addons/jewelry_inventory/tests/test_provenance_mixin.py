from uuid import UUID

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceMixin(ProvenanceCommon):
    def test_every_piece_place_contact_and_user_has_a_uuid_of_its_own(self):
        for model in ("stock.lot", "stock.location", "res.partner", "res.users"):
            records = self.env[model].with_context(active_test=False).search([])
            uuids = records.mapped("chain_uuid")
            self.assertEqual(len(set(uuids)), len(records), model)
            for uuid in uuids:
                UUID(uuid)

    def test_a_user_is_not_named_like_his_contact(self):
        self.assertNotEqual(self.env.user.chain_uuid, self.env.user.partner_id.chain_uuid)

    def test_a_copy_is_somebody_else(self):
        piece = self._create_serials()
        self.assertNotEqual(piece.copy({"name": "twin"}).chain_uuid, piece.chain_uuid)

    def test_a_uuid_once_given_cannot_be_changed(self):
        piece, other = self._create_serials(2)
        for value in ("x", False, other.chain_uuid):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                piece.chain_uuid = value
        piece.chain_uuid = piece.chain_uuid

    @mute_logger("odoo.sql_db")
    def test_nobody_gets_the_uuid_of_another(self):
        piece = self._create_serials()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._create_serials(name="thief", chain_uuid=piece.chain_uuid)

    def test_rows_from_before_the_column_get_a_uuid_each(self):
        pieces = self._create_serials(3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET chain_uuid = NULL WHERE id = ANY(%s)", [pieces.ids]
        )
        self.env["stock.lot"]._init_column("chain_uuid")
        self.env.invalidate_all()
        self.assertEqual(len(set(pieces.mapped("chain_uuid")) - {False}), 3)

    def test_other_columns_begin_as_they_always_did(self):
        place = self.env["stock.location"].create({"name": "Anywhere"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_location SET active = NULL WHERE id = %s", [place.id])
        self.env["stock.location"]._init_column("active")
        self.env.invalidate_all()
        self.assertTrue(place.active)

    def test_customers_do_not_see_the_names_that_provenance_uses(self):
        portal = self._create_user("portal")
        self.assertNotIn("chain_uuid", self.env["res.partner"].with_user(portal).fields_get())

    def test_a_piece_leads_to_its_events(self):
        piece = self._create_serials()
        self._append(piece, "price")
        action = piece.action_view_provenance()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self._get_chain(piece)
        )
