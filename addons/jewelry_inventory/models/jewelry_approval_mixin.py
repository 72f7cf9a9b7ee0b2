from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import approval as rules


class JewelryApprovalMixin(models.AbstractModel):
    """Records to which something is done that takes a second person.

    A model says by `_get_approval_types` what can be asked, and in the act calls
    `_require_approval` with exactly what it is about to do.
    """

    _name = "jewelry.approval.mixin"
    _description = "Subject of Approvals"

    approval_count = fields.Integer(
        compute="_compute_approval_count", groups="jewelry_inventory.group_keeper"
    )

    # === COMPUTE METHODS === #

    def _compute_approval_count(self):
        subjects = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        groups = self.env["jewelry.approval.subject"]._read_group(subjects, ["res_id"], ["__count"])
        counts = dict(groups)
        for record in self:
            record.approval_count = counts.get(record.id, 0)

    # === ACTION METHODS === #

    def action_view_approvals(self):
        """Open what was asked and decided about these records."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_approval_action"
        )
        return action | {"domain": self._get_approval_domain(), "context": {}}

    # === BUSINESS METHODS === #

    @api.model
    def _get_approval_types(self):
        """Hook: {kind of approval: {name: type}}, what is asked of each record.

        Types are those JSON has: str, float, int and bool.
        """
        return {}

    def _complete_approval(self, kind, values):
        """Hook: add what the books know and is part of what is approved, such as a cost.

        It never comes from the browser, and never goes there with the question.

        :param dict values: {id: {name: value}}, as asked for
        :return: the same with more
        """
        return values

    def _describe_approval(self, kind, values):
        """Hook: say what shall be done, as whoever decides reads it.

        :param dict values: {id: {name: value}}
        :return: {record: text}
        """
        return {record: ", ".join(map(str, values[record.id].values())) for record in self}

    def _carry_out_approval(self, kind, values, reason):
        """Hook: do what was approved, by the act that asks for the approval.

        :param dict values: {record: {name: value}}
        :param str reason: why it was asked for
        """
        raise UserError(
            self.env._("It is approved. Do it again where you tried; it will go through now.")
        )

    def _get_asked_action(self, approval):
        """Hook: what is shown once something was asked about these records: what was asked."""
        return {
            "type": "ir.actions.act_window",
            "res_model": approval._name,
            "res_id": approval.id,
            "views": [[False, "form"]],
        }

    def _get_approval_company(self):
        """Return the company whose people decide."""
        companies = self.company_id if "company_id" in self._fields else self.env["res.company"]
        return companies[:1] or self.env.company

    def _require_approval(self, kind, values):
        """Let an act go on only with an approval of exactly this; see `jewelry.approval`.

        :param dict values: {record: {name: value}}
        :raises RedirectWarning: offering to ask
        """
        rows = {record.id: row for record, row in values.items()}
        return self.env["jewelry.approval"]._require(kind, self, rows)

    def _read_approval(self, kind, values):
        """Return exactly what is approved: what is asked for, and what the books add.

        :raises UserError: for anything that this kind does not ask about these records
        """
        return self._complete_approval(kind, self._normalize_approval(kind, values))

    def _normalize_approval(self, kind, values):
        """Return `values` in the types that the kind declares.

        :param dict values: {id: {name: value}}
        :raises UserError: for anything that this kind does not ask about these records
        """
        types = self._get_approval_types().get(kind)
        if not types or not self or values.keys() != set(self.ids):
            raise UserError(self._get_approval_problem())
        try:
            return {key: rules.normalize(row, types) for key, row in values.items()}
        except ValueError as error:
            raise UserError(self._get_approval_problem()) from error

    @api.model
    def _get_approval_problem(self):
        return self.env._("This cannot be asked for. Start from the button of the act itself.")

    def _get_approval_domain(self):
        subjects = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return [("subject_ids", "any", subjects)]
