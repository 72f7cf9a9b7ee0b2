import re

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_deposit.tests.online_common import OnlineMixin

from .common import LayawayCommon

DEPOSIT = "jewelry.deposit"


@tagged("post_install", "-at_install")
class TestReminding(LayawayCommon):
    """Customers are reminded of each instalment, before, at and after its day, each once."""

    def _stages(self, layaway, *days):
        """Return what was told of the second instalment after each of these nights."""
        stages = []
        for day in days:
            self._night(day)
            stages.append(layaway.instalment_ids[1].reminded)
        return stages

    # The second instalment is due after 30 days, reminded of 3 days before, late after 37.

    def test_each_stage_is_told_once(self):
        layaway = self._opened(self.high)
        self.assertEqual(self._stages(layaway, 26), [False])
        self.assertFalse(self._mails(layaway))
        for day, stage, count in ((27, "1_before", 1), (29, "1_before", 1), (30, "2_due", 2)):
            with self.subTest(day=day):
                self.assertEqual(self._stages(layaway, day), [stage])
                self.assertEqual(len(self._mails(layaway)), count)
        self._night(30)
        self.assertEqual(len(self._mails(layaway)), 2)

    def test_what_is_late_is_told_before_notice_is_given(self):
        layaway = self._opened(self.high)
        self._night(38)
        subjects = sorted(self._mails(layaway).mapped("subject"))
        self.assertEqual(len(subjects), 2)
        self.assertIn("A payment is late", subjects[0])
        self.assertIn("will end", subjects[1])
        self.assertIn("01/01/2027", self._mails(layaway).sorted("id")[-1].body_html)

    def test_a_night_that_was_missed_is_made_up_for_by_one_mail(self):
        layaway = self._opened(self.high)
        self._night(32)
        self.assertEqual(layaway.instalment_ids[1].reminded, "2_due")
        self.assertEqual(len(self._mails(layaway)), 1)

    # === MANY AT ONCE === #

    def _three(self):
        """Return layaways of three customers, one of whom speaks French."""
        self.env["res.lang"]._activate_lang("fr_BE")
        layaways = self.env["jewelry.layaway"]
        for name, price, lang in (
            ("Ann", 500, "en_US"),
            ("Bo", 700, "en_US"),
            ("Cé", 900, "fr_BE"),
        ):
            client = self._create_partner(name=name, email=f"{name}@example.com", lang=lang)
            piece = self._stock_piece(cost=10, list_price=price)
            layaways |= self._opened(order=self._quote(piece, partner_id=client.id))
        return layaways

    def test_many_who_are_told_at_once_are_told_what_each_alone_would_be(self):
        layaways = self._three()
        template = self.env.ref("jewelry_layaway.mail_template_due").sudo()
        template.with_context(lang="fr_BE").body_html = template.body_html.replace(
            "Hello", "Bonjour"
        )
        with self._days(30):
            at_once = template._render_field("body_html", layaways.ids, compute_lang=True)
            for layaway in layaways:
                alone = template._render_field("body_html", layaway.ids, compute_lang=True)
                # But for the spaces behind the last word.
                self.assertEqual(at_once[layaway.id].rstrip(), alone[layaway.id].rstrip())
        self.assertIn("Bonjour", at_once[layaways[2].id])
        self.assertNotIn("Bonjour", at_once[layaways[0].id])

    def test_nobody_reads_what_is_written_to_others(self):
        layaways = self._three()
        self._night(30)
        for layaway in layaways:
            mail = self._mails(layaway)
            self.assertEqual(mail.recipient_ids, layaway.partner_id)
            for other in layaways:
                told = f"Hello {other.partner_id.name}" in mail.body_html
                self.assertEqual((told, other.name in mail.body_html), (other == layaway,) * 2)
            # The layout is around the mail, the chatter keeps the text.
            self.assertIn("<html", mail.body_html)
            self.assertNotIn("<html", mail.mail_message_id.body)
            self.assertIn(layaway.partner_id.name, mail.mail_message_id.body)

    def test_a_text_with_variables_of_its_own_is_made_for_each_alone(self):
        layaways = self._three()
        template = self.env.ref("jewelry_layaway.mail_template_due").sudo()
        template.body_html = (
            '<t t-if="object.amount_total == 500"><t t-set="secret" t-value="object.name"/></t>'
            "<p>Mine: <t t-out=\"secret or 'nothing'\"/></p>"
        )
        bodies = template._render_field("body_html", layaways.ids)
        self.assertIn(layaways[0].name, bodies[layaways[0].id])
        self.assertIn("nothing", bodies[layaways[1].id])

    def test_who_is_no_superuser_renders_text_by_text(self):
        template = self.env.ref("jewelry_layaway.mail_template_due").with_user(self.manager)
        self.assertFalse(template._is_rendered_at_once("<p/>", "jewelry.layaway", [1, 2]))
        self.assertTrue(template.sudo()._is_rendered_at_once("<p/>", "jewelry.layaway", [1, 2]))
        for args in (
            ("<p/>", "res.partner", [1, 2]),
            ("<p/>", "jewelry.layaway", [1]),
            ('<t t-set="x" t-value="1"/>', "jewelry.layaway", [1, 2]),
        ):
            self.assertFalse(template.sudo()._is_rendered_at_once(*args))

    def test_what_is_paid_is_not_reminded_of(self):
        layaway = self._opened(self.high)
        self._pay(layaway.deposit_id, 320)
        self._night(30)
        self.assertFalse(self._mails(layaway))

    def test_the_mail_says_what_is_to_be_paid_and_when(self):
        layaway = self._opened(self.high)
        self._night(27)
        body = self._mails(layaway).body_html
        self.assertIn("320.00", body)
        self.assertIn("12/10/2026", body)
        self.assertEqual(self._mails(layaway).recipient_ids, self.client)

    def test_a_surprise_is_told_to_nobody_it_is_kept_from(self):
        order = self._quote(self.high, **self._secret())
        layaway = self._opened(order=order, term=self._create_term(remind_by="both"))
        self._night(38)
        self.assertEqual(layaway.state, "notice")
        self.assertFalse(self._mails(layaway))
        self.assertFalse(self._messages(layaway))

    def test_terms_of_a_surprise_are_not_sent(self):
        layaway = self._draft(order=self._quote(self.low, **self._secret()))
        with self._refused("surprise"):
            layaway.action_send()

    def _secret(self):
        return {
            "discretion_until": "2027-12-24",
            "discretion_partner_ids": [Command.set(self.client.ids)],
        }

    def test_messages_are_sent_where_the_term_wants_it(self):
        layaway = self._opened(self.high, term=self._create_term(remind_by="both"))
        self._night(27)
        self.assertEqual(len(self._mails(layaway)), 1)
        self.assertIn("320.00", self._messages(layaway).body)

    def test_nothing_is_sent_where_the_term_does_not_want_it_or_there_is_no_address(self):
        silent = self._opened(self.high, term=self._create_term(remind_by="none"))
        self.client.email = False
        mute = self._opened(self.low)
        self._night(27)
        self.assertFalse(self._mails(silent) | self._mails(mute))
        # They are done with all the same.
        self.assertEqual(
            (silent | mute).instalment_ids.filtered("reminded").mapped("reminded"), ["1_before"] * 2
        )

    def test_the_nights_work_asks_no_more_for_many_than_for_few(self):
        few = self._opened(self.low)
        self._night(26)
        reminders = self.env["jewelry.layaway"]
        with self._days(27):
            self.env.flush_all()
            with self.assertQueryCount(1):
                found = reminders._get_reminders()
        self.assertEqual([row[0] for row in found], few.ids)


@tagged("post_install", "-at_install")
class TestPayNow(OnlineMixin, LayawayCommon):
    """Reminders carry the link by which the customer pays, where he can."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider, cls.way = cls._create_provider()
        cls.both = cls._create_term(remind_by="both")

    def _links(self, layaway):
        deposit = layaway.deposit_id
        return self.env["jewelry.link"].search(
            [("res_model", "=", deposit._name), ("res_id", "=", deposit.id)]
        )

    def _find_token(self, text):
        return re.search(r"/jewelry/deposit/([\w-]+)", text)[1]

    def test_mail_and_message_have_a_link_that_pays_this_layaway(self):
        layaway = self._opened(self.high, term=self.both)
        self._night(27)
        texts = [self._mails(layaway).body_html, self._messages(layaway).body]
        for text in texts:
            link = self.env["jewelry.link"]._find(self._find_token(text), "decide", DEPOSIT)
            self.assertEqual(link._get_record(), layaway.deposit_id)
            self.assertEqual(link.partner_id, self.client)
        self.assertEqual(len(self._links(layaway)), 2)

    def test_notice_has_it_too(self):
        layaway = self._opened(self.high)
        self._night(38)
        for mail in self._mails(layaway):
            self.assertTrue(self._find_token(mail.body_html))

    def test_each_customer_gets_the_link_of_his_own(self):
        other = self._create_partner(name="Other", email="other@example.com")
        pair = [
            self._opened(self.high),
            self._opened(order=self._quote(self.low, partner_id=other.id)),
        ]
        self._night(30)
        for layaway in pair:
            token = self._find_token(self._mails(layaway).body_html)
            link = self.env["jewelry.link"]._find(token, "decide", DEPOSIT)
            self.assertEqual(link._get_record(), layaway.deposit_id)

    def test_the_chatter_keeps_the_text_and_not_the_key(self):
        layaway = self._opened(self.high, term=self.both)
        self._night(27)
        bodies = layaway.message_ids.mapped("body")
        self.assertTrue([body for body in bodies if "due" in body])
        for body in bodies:
            self.assertNotIn("/jewelry/deposit/", body)

    def test_there_is_none_where_nobody_takes_money_online(self):
        self.provider.state = "disabled"
        layaway = self._opened(self.high, term=self.both)
        self._night(27)
        self.assertEqual(len(self._mails(layaway)), 1)
        for text in (self._mails(layaway).body_html, self._messages(layaway).body):
            self.assertNotIn("/jewelry/deposit/", text)
        self.assertFalse(self._links(layaway))

    def test_who_is_not_told_gets_no_link(self):
        layaway = self._opened(self.high, term=self._create_term(remind_by="none"))
        self._night(27)
        self.assertFalse(self._links(layaway))

    def test_links_for_many_take_no_query_for_each(self):
        deposits = self.env["jewelry.deposit"]
        for number in range(6):
            partner = self._create_partner(name=f"N{number}")
            piece = self._stock_piece(list_price=500)
            deposits |= self._quote(piece, partner_id=partner.id)._ensure_deposit()
        counts = []
        for some in (deposits[:1], deposits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._filter_payable_online()._issue_links()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
