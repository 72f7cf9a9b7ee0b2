from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestCounter(LayawayCommon):
    """Whoever serves a customer is told how his layaways stand."""

    def _sections(self, partner=None):
        """Return {title: (lines, whether it is urgent)} of what is told of layaways."""
        return {
            section["title"]: (section["lines"], bool(section.get("is_urgent")))
            for section in (partner or self.client)._get_counter_sections()
            if "ayaways" in section["title"]
        }

    def test_what_runs_is_told_with_what_is_due_next(self):
        layaway = self._opened(self.high)
        ((line,), is_urgent) = self._sections()["Layaways and special orders"]
        self.assertEqual(line["label"], f"{layaway.name}: {self.high.name}")
        value = line["value"].replace("\xa0", " ")
        self.assertIn("Open", value)
        self.assertIn("320.00 due 12/10/2026", value.replace("$ ", "").replace(" €", ""))
        self.assertFalse(is_urgent)

    def test_what_is_late_is_urgent(self):
        late, fine = self._opened(self.high), self._signed(self.low)
        with self._days(33):
            fine.deposit_id.instalment_ids.sudo().date = "2027-06-01"
            sections = self._sections()
        ((line,), is_urgent) = sections["Layaways that are late"]
        self.assertIn(late.name, line["label"])
        self.assertTrue(is_urgent)
        ((line,), _urgent) = sections["Layaways and special orders"]
        self.assertIn(fine.name, line["label"])

    def test_a_special_order_is_told_by_its_style(self):
        layaway = self._draft_special()
        ((line,), _urgent) = self._sections()["Layaways and special orders"]
        self.assertEqual(line["label"], f"{layaway.name}: Ordered")

    def test_what_has_ended_is_not_told(self):
        layaway = self._opened(self.high)
        self._cancel(layaway)
        self.assertFalse(self._sections())

    def test_others_are_not_told(self):
        self._opened(self.high)
        self.assertFalse(self._sections(self._create_partner(name="Somebody else")))

    def test_a_surprise_is_not_told_to_whom_it_is_kept_from(self):
        layaway = self._opened(self.high)
        layaway.order_id.write(
            {
                "discretion_until": "2027-01-01",
                "discretion_partner_ids": [(6, 0, self.client.ids)],
            }
        )
        self.assertFalse(self._sections())

    def _deposits(self):
        """Return what is told of deposits, line by line."""
        sections = self.client._get_counter_sections()
        return [
            line["label"]
            for section in sections
            if section["title"] == "Deposits"
            for line in section["lines"]
        ]

    def test_a_layaway_is_told_once_and_not_as_a_deposit_too(self):
        layaway = self._opened(self.high)
        plain = self._quote(self.low)._ensure_deposit()
        self.assertEqual(self._deposits(), [f"{plain.name}: {plain.order_id.name}"])
        self.assertIn("Layaways and special orders", self._sections())
        # What is still held after the end is told as a deposit: there is money to give back.
        layaway._set_state("cancelled")
        self.assertEqual(len(self._deposits()), 2)
