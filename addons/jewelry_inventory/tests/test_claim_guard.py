from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimGuard(ClaimCommon):
    """Words do not come past the rules by another way."""

    def test_words_that_the_context_proposes_are_compared_too(self):
        styles = self.env["product.template"].with_user(self.keeper)
        values = {"jewelry_kind": "metal", "alloy_id": self.alloy.id}
        values |= {"uom_id": self.env.ref("uom.product_uom_gram").id}
        with self._refused("Platinum", ValidationError):
            styles.with_context(default_name="Platinum Wire").create(values)
