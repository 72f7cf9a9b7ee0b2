from odoo import models


class SmsComposer(models.TransientModel):
    """Messages that carry a key: what the chatter keeps of them does not."""

    _inherit = "sms.composer"

    def _prepare_mass_log_values(self, records, sms_records_values):
        """Override of `sms` to leave out the addresses by which customers pay."""
        urls = self.env.context.get("pay_urls", {})
        kept = {
            number: values | {"body": values["body"].replace(urls.get(number, ""), "").rstrip()}
            for number, values in sms_records_values.items()
        }
        return super()._prepare_mass_log_values(records, kept)
