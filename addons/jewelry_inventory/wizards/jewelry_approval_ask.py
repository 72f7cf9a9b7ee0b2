from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS


class JewelryApprovalAsk(models.TransientModel):
    """Ask a second person to approve what an act was refused for."""

    _name = "jewelry.approval.ask"
    _description = "Ask for Approval"

    kind = fields.Selection(
        selection=lambda self: (
            self.env["jewelry.approval"]._fields["kind"]._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    res_model = fields.Char(required=True, readonly=True)
    values = fields.Json(required=True)
    changes = fields.Text(
        string="What",
        readonly=True,
        groups=COST_GROUPS,
        default=lambda self: self._default_changes(),
    )
    reason = fields.Char(required=True)

    # === DEFAULT METHODS === #

    @api.model
    def _default_changes(self):
        context = self.env.context
        kind, model = context.get("default_kind"), context.get("default_res_model")
        hidden = self.env.user.has_group("jewelry_inventory.group_cost_hidden")
        if hidden or not (kind and model):
            return False
        subjects, values = self._read_request(model, context.get("default_values"))
        subjects.check_access("read")
        texts = subjects._describe_approval(kind, subjects._read_approval(kind, values))
        return "\n".join(f"{record.display_name}: {text}" for record, text in texts.items())

    # === ACTION METHODS === #

    def action_ask(self):
        """Ask, and show what was asked."""
        self.ensure_one()
        subjects, values = self._read_request(self.res_model, self.values)
        approval = self.env["jewelry.approval"]._ask(self.kind, subjects, self.reason, values)
        return subjects._get_asked_action(approval)

    # === TOOLING === #

    @api.model
    def _read_request(self, model, values):
        """Return the subjects and {id: values} of what the browser sent.

        :raises UserError: for anything that no button of an act sends
        """
        subjects = self.env.get(model)
        keys = list(values) if isinstance(values, dict) else []
        if not hasattr(subjects, "_require_approval") or not all(
            str(key).isdigit() for key in keys
        ):
            raise UserError(self.env["jewelry.approval.mixin"]._get_approval_problem())
        return subjects.browse(map(int, keys)), {int(key): values[key] for key in keys}
