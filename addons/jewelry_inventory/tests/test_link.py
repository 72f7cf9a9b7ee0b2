from datetime import timedelta
from threading import Barrier, Thread

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools.token import hash_token, new_token
from .common import RaceCase, VocabularyCommon


@tagged("post_install", "-at_install")
class TestLink(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Link = cls.env["jewelry.link"]
        cls.piece = cls._create_lot(name="R-0001")
        cls.associate = cls._create_user("associate")

    def _issue(self, **values):
        return self.Link._issue(self.piece, **values)

    def _find(self, token, purpose="view", model="stock.lot"):
        return self.Link._find(token, purpose, model)

    def test_a_token_has_256_bits_and_leads_to_its_record(self):
        link, token = self._issue()
        self.assertEqual(len(token), 43)
        self.assertNotEqual(new_token(), new_token())
        self.assertEqual(self._find(token), link)
        self.assertEqual(self._find(token)._get_record(), self.piece)

    def test_the_token_is_nowhere_in_the_database(self):
        link, token = self._issue()
        self.env.flush_all()
        self.env.cr.execute("SELECT jewelry_link::text FROM jewelry_link WHERE id = %s", [link.id])
        (row,) = self.env.cr.fetchone()
        self.assertNotIn(token, row)
        self.assertIn(hash_token(token), row)

    def test_a_wrong_token_purpose_or_model_leads_nowhere(self):
        _link, token = self._issue()
        for wrong in (
            "",
            "x",
            token[:-1],
            token + "x",
            token.swapcase(),
            hash_token(token),
            "\ud800",
        ):
            self.assertFalse(self._find(wrong), wrong)
        self.assertFalse(self._find(token, purpose="decide"))
        self.assertFalse(self._find(token, model="res.partner"))

    def test_a_link_ends(self):
        link, token = self._issue(expires_on=self.Link._get_expiry(30))
        self.assertTrue(self._find(token))
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            link.invalidate_recordset()
            self.assertFalse(self._find(token))
            self.assertEqual(link.state, "expired")
        self.assertFalse(self.Link._get_expiry(0))

    def test_a_revoked_link_leads_nowhere_and_says_who_closed_it(self):
        link, token = self._issue()
        link.with_user(self.associate).action_revoke()
        self.assertFalse(self._find(token))
        self.assertEqual((link.state, link.revoked_by_id), ("revoked", self.associate))
        revoked_on = link.revoked_on
        link.action_revoke()
        self.assertEqual((link.revoked_on, link.revoked_by_id), (revoked_on, self.associate))

    def test_uses_are_counted_and_may_be_few(self):
        link, _token = self._issue(max_uses=2)
        self.assertEqual([link._use() for _n in range(3)], [True, True, False])
        self.assertEqual((link.use_count, link.state), (2, "used"))
        self.assertTrue(link.last_used_on)
        unlimited, _token = self._issue()
        self.assertTrue(all(unlimited._use() for _n in range(3)))

    def test_a_link_to_what_is_gone_leads_nowhere(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        _link, token = self.Link._issue(partner)
        self.assertTrue(self._find(token, model="res.partner"))
        partner.unlink()
        self.assertFalse(self._find(token, model="res.partner"))

    def test_nobody_makes_or_changes_a_link_by_hand(self):
        link, _token = self._issue()
        for role in ("keeper", "manager"):
            links = link.with_user(self._create_user(role))
            self.assertFalse(any(map(links.has_access, ("write", "create", "unlink"))))
            with self.assertRaises(AccessError):
                links.read(["token_hash"])

    def test_who_may_not_read_a_record_makes_no_link_to_it(self):
        with self.assertRaises(AccessError):
            self.Link._issue(self.piece.with_user(self._create_user("portal")))

    def test_links_of_another_company_are_hidden_and_cannot_be_revoked(self):
        other = self.env["res.company"].create({"name": "Other"})
        link, _token = self.Link._issue(self._create_lot(company_id=other.id))
        mine = link.with_user(self.associate)
        self.assertFalse(mine.search([("id", "=", link.id)]))
        with self.assertRaises(AccessError):
            mine.action_revoke()

    def test_the_piece_counts_its_links(self):
        self._issue()
        self._issue()
        self.assertEqual(self.piece.with_user(self.associate).link_count, 2)
        action = self.piece.with_user(self.associate).action_view_links()
        self.assertEqual(self.Link.search_count(action["domain"]), 2)


@tagged("post_install", "-at_install")
class TestLinkRace(RaceCase):
    def setUp(self):
        super().setUp()
        with self._commit() as env:
            link, _token = env["jewelry.link"]._issue(env.company.partner_id, max_uses=1)
            self.link_id = link.id
        self.addCleanup(self._drop)

    def _drop(self):
        with self._commit() as env:
            env["jewelry.link"].browse(self.link_id).unlink()

    def test_a_link_for_one_use_is_used_once_by_two_at_once(self):
        used, start = [], Barrier(2)

        def follow():
            with self._commit() as env:
                env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                start.wait()
                used.append(env["jewelry.link"].browse(self.link_id)._use())

        threads = [Thread(target=follow) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(used), [False, True])
