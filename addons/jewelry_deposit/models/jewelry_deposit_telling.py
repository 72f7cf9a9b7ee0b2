from odoo import models
from odoo.exceptions import RedirectWarning, UserError


class JewelryDepositTelling(models.AbstractModel):
    """How a manager is asked to do what the program cannot: money that came is never refused."""

    _name = "jewelry.deposit.telling"
    _description = "Asking a Manager about Customers' Money"

    # === BUSINESS METHODS === #

    def _tell(self, summary, note):
        """Ask a manager of the company to do something, whoever sold if that is a manager."""
        # In sudo: whoever pays or delivers does not choose who works.
        managers = self.env.ref("jewelry_inventory.group_manager").sudo().all_user_ids
        for document in self.sudo():
            users = managers.filtered_domain([("company_ids", "in", document.company_id.ids)])
            seller = document._get_seller() & users
            document.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=(seller or users)[:1].id or self.env.uid,
            )

    def _try_or_tell(self, act, summary):
        """Do something that may be refused; if it is, nothing of it is done, and a manager is told
        why.

        :param act: a function without arguments
        :return: whether it was done
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                act()
        except (UserError, RedirectWarning) as error:
            self._tell(summary, error.args[0])
            return False
        return True

    def _get_seller(self):
        """Hook: return the user who deals with the customer."""
        return self.order_id.user_id
