from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.token import hash_token, new_token

STATES = [
    ("open", "Open"),
    ("expired", "Expired"),
    ("used", "Used Up"),
    ("revoked", "Revoked"),
]


class JewelryLink(models.Model):
    """An address that lets somebody without a login see, decide or upload one thing.

    The token in the address is shown once and kept by nobody: what is stored is its hash. An
    address only shows (GET); whoever decides or uploads sends a form (POST).
    """

    _name = "jewelry.link"
    _description = "Link for People Without a Login"
    _order = "id desc"
    _rec_name = "subject"

    token_hash = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    purpose = fields.Selection(
        selection=[("view", "View"), ("decide", "Decide"), ("upload", "Upload")],
        required=True,
        readonly=True,
        default="view",
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    subject = fields.Char(
        required=True, readonly=True, help="What the record was called when the link was made."
    )
    document_version = fields.Char(
        string="Version", readonly=True, help="The version of the document that it is a link to."
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="For",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True, index=True)
    expires_on = fields.Datetime(string="Expires", readonly=True, help="Empty: never.")
    max_uses = fields.Integer(
        string="Uses Allowed", required=True, readonly=True, default=0, help="0: any number."
    )
    use_count = fields.Integer(string="Uses", required=True, readonly=True, default=0)
    last_used_on = fields.Datetime(string="Last Used", readonly=True)
    revoked_on = fields.Datetime(string="Revoked", readonly=True)
    revoked_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    state = fields.Selection(selection=STATES, compute="_compute_state")

    _token_hash_unique = models.UniqueIndex("(token_hash)", "A link has a token of its own.")
    _record_index = models.Index("(res_model, res_id)")

    # === COMPUTE METHODS === #

    @api.depends("expires_on", "max_uses", "use_count", "revoked_on")
    def _compute_state(self):
        for link in self:
            link.state = link._get_state()

    def _get_state(self):
        if self.revoked_on:
            return "revoked"
        if self.expires_on and self.expires_on <= fields.Datetime.now():
            return "expired"
        return "used" if 0 < self.max_uses <= self.use_count else "open"

    # === ACTION METHODS === #

    def action_revoke(self):
        """Close these links for good."""
        self.check_access("read")
        # In sudo: nobody changes a link in any other way.
        self.sudo().filtered(lambda link: not link.revoked_on).write(
            {"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.user.id}
        )

    # === BUSINESS METHODS === #

    @api.model
    def _issue(self, record, purpose="view", **values):
        """Make a link to a record that the user may read.

        :param values: `partner_id`, `expires_on`, `max_uses`, `document_version`
        :return: the link, and its token, which nobody can find out later
        """
        record.ensure_one()
        return self._issue_each(record, [values], purpose)[0]

    @api.model
    def _issue_each(self, records, vals_list, purpose="view"):
        """Make a link to each of some records that the user may read, at once.

        :param list vals_list: values of each, as of `_issue`
        :return: list of (link, token), as of `_issue`
        """
        records.check_access("read")
        tokens = [new_token() for _record in records]
        # In sudo: links are made by the acts that show them, never by hand.
        links = self.sudo().create(
            [
                self._prepare_link_vals(record, token, purpose) | values
                for record, token, values in zip(records, tokens, vals_list, strict=True)
            ]
        )
        return list(zip(links.sudo(False), tokens, strict=True))

    def _prepare_link_vals(self, record, token, purpose):
        return {
            "token_hash": hash_token(token),
            "purpose": purpose,
            "res_model": record._name,
            "res_id": record.id,
            "subject": record.display_name,
            "company_id": record.company_id.id if "company_id" in record else False,
        }

    @api.model
    def _find(self, token, purpose, model):
        """Return the link with a token if it may be followed now, in sudo; else an empty one.

        One that is used up still serves what belongs to the page that it was used for.
        """
        link = self.sudo().search(
            [
                ("token_hash", "=", hash_token(token)),
                ("purpose", "=", purpose),
                ("res_model", "=", model),
            ]
        )
        return link if link.state in ("open", "used") and link._get_record() else self.sudo()

    def _get_record(self):
        """Return what the link leads to, in sudo, or nothing when it is gone."""
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _use(self):
        """Count a use.

        :return: whether there was one left; two at once get no more than there are
        """
        self.ensure_one()
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """UPDATE jewelry_link
                      SET use_count = use_count + 1, last_used_on = now() AT TIME ZONE 'UTC'
                    WHERE id = %s AND (max_uses = 0 OR use_count < max_uses) RETURNING id""",
                self.id,
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    @api.model
    def _get_expiry(self, days):
        """Return when a link made now ends; 0 days: never."""
        return fields.Datetime.now() + timedelta(days=days) if days else False
