from odoo import fields
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCounterCredit(LoyaltyCommon):
    """Money of a customer that is on a card is told at the counter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wallet = cls._create_program("ewallet", discount=1, discount_mode="per_point")

    def _create_card(self, program, points, **values):
        defaults = {"program_id": program.id, "points": points, "partner_id": self.client.id}
        return self.env["loyalty.card"].create(defaults | values)

    def _read(self, partner=None):
        """Return the lines of the store credit, as the cashier's register gets them."""
        config = self.config.with_user(self.cashier)
        sections = config.get_counter_sections((partner or self.client).id)
        credit = [section for section in sections if section["title"] == "Store credit"]
        self.assertLessEqual(len(credit), 1)
        self.assertTrue(all(section["is_urgent"] for section in credit))
        return [(line["label"], line["value"]) for section in credit for line in section["lines"]]

    def _format(self, amount):
        return self.company.currency_id.format(amount)

    def test_an_ewallet_and_a_gift_card_are_told(self):
        self._create_card(self.wallet, 120)
        self._create_card(self.gift, 50, code="044-1234-5678")
        self.assertEqual(
            self._read(),
            [("ewallet", self._format(120)), ("gift_card …5678", self._format(50))],
        )

    def test_they_stand_beside_what_the_books_owe(self):
        accounts = self.client.property_account_receivable_id, self.deposits
        self.env["account.move"].create(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "partner_id": self.client.id,
                            "balance": sign * 70,
                        },
                    )
                    for account, sign in zip(accounts, (-1, 1), strict=True)
                ]
            }
        )._post()
        self._create_card(self.wallet, 120)
        self.assertEqual(
            [value for _label, value in self._read()], [self._format(70), self._format(120)]
        )

    @property
    def deposits(self):
        return self.company._get_sale_conflict_account()

    def test_nobody_reads_a_code_that_could_be_spent(self):
        card = self._create_card(self.gift, 50)
        config = self.config.with_user(self.cashier)
        self.assertNotIn(card.code, str(config.get_counter_sections(self.client.id)))

    def test_what_holds_no_money_is_not_told(self):
        day = fields.Date.subtract(fields.Date.context_today(self.env.user), days=1)
        self._create_card(self.wallet, 0)
        self._create_card(self.gift, 50, expiration_date=day)
        self._create_card(self.promotion, 50)
        self.assertEqual(self._read(), [])

    def test_what_others_have_is_not_told(self):
        other = self._create_partner(name="Other")
        self._create_card(self.wallet, 120, partner_id=other.id)
        company = self.env["res.company"].create({"name": "Other store"})
        foreign = self.gift.copy({"company_id": company.id})
        self._create_card(foreign, 70)
        self.assertEqual(self._read(), [])
        self.assertEqual(self._read(other), [("ewallet", self._format(120))])

    def test_what_the_family_has_is_told_of_the_customer(self):
        child = self._create_partner(name="Child", parent_id=self.client.id)
        self._create_card(self.wallet, 120, partner_id=child.id)
        self.assertEqual(self._read(), [("ewallet", self._format(120))])
