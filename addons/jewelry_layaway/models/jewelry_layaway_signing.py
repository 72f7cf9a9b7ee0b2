import hashlib
import json
from base64 import b64decode, b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError

REPORT = "jewelry_layaway.report_layaway"
# How long a customer has for signing what was sent.
LINK_DAYS = 14


class JewelryLayawaySigning(models.AbstractModel):
    """How the terms of a layaway are signed, and how what was signed is kept."""

    _name = "jewelry.layaway.signing"
    _inherit = ["jewelry.document.mixin"]
    _description = "Signing a Layaway"

    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )
    paper = fields.Binary(
        string="Signed on Paper",
        readonly=True,
        copy=False,
        attachment=True,
        help="The scan of the terms that the customer signed with a pen.",
    )
    schedule = fields.Json(
        string="Schedule as Signed", readonly=True, copy=False, help="Day and amount of each."
    )
    document = fields.Binary(string="Terms as Signed", readonly=True, copy=False, attachment=True)
    document_name = fields.Char(compute="_compute_document_name")
    document_hash = fields.Char(
        string="Hash", readonly=True, copy=False, help="SHA-256 of the signed terms."
    )
    is_intact = fields.Boolean(
        compute="_compute_is_intact",
        help="The document that is kept is the one that was signed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_document_name(self):
        for layaway in self:
            layaway.document_name = f"{layaway.name.replace('/', '-')}.pdf"

    @api.depends("document", "document_hash")
    def _compute_is_intact(self):
        for layaway in self.with_context(bin_size=False):
            content = b64decode(layaway.document or b"")
            layaway.is_intact = (
                bool(content) and layaway.document_hash == hashlib.sha256(content).hexdigest()
            )

    # === ACTION METHODS === #

    def action_print(self):
        """Print the terms: as they were signed, or to be signed.

        :return: report action
        :rtype: dict
        """
        self.ensure_one()
        if self.document_hash:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self._name}/{self.id}/document?filename_field=document_name",
                "target": "new",
            }
        return self.env.ref("jewelry_layaway.jewelry_layaway_action_report").report_action(self)

    def action_send(self):
        """Open a mail with the link by which the customer reads and signs the terms.

        :return: window action
        :rtype: dict
        :raises UserError: when the customer must not know of it yet
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft")
        self._check_schedule()
        if not self._filter_tellable(self.partner_id, "mail"):
            raise UserError(
                self.env._("This is a surprise, and the customer must not learn of it yet.")
            )
        template = self.env.ref("jewelry_layaway.mail_template_sign")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "layaway_url": self._issue_link(),
            },
        }

    # === BUSINESS METHODS === #

    def _issue_link(self):
        """Return the address by which the customer signs these terms, and no others, once."""
        links = self.env["jewelry.link"]
        _link, token = links._issue(
            self,
            purpose="decide",
            partner_id=self.partner_id.id,
            document_version=self._get_terms_version(),
            expires_on=links._get_expiry(LINK_DAYS),
            max_uses=1,
        )
        return f"{self.get_base_url()}/jewelry/layaway/{token}"

    def _sign(self, signed_by, signature=None, paper=None):
        """Freeze what is agreed, signed on screen or on paper.

        :param str signed_by: who signed
        :param signature: picture in base 64
        :param paper: scan in base 64
        :raises UserError: when it cannot be signed
        """
        self.ensure_one()
        self._lock()
        self._check_state("draft")
        self._check_signable(signed_by, signature, paper)
        # In sudo: the program writes down what was signed, nobody does by hand.
        layaway = self.sudo()
        layaway.write(
            {
                "signed_by": signed_by.strip(),
                "signed_on": fields.Datetime.now(),
                "signature": signature or False,
                "paper": paper or False,
                "schedule": layaway._get_schedule(),
            }
        )
        # So that printing finds the signature.
        self.env.flush_all()
        document = layaway._render_terms()
        layaway.write(
            {
                "document": b64encode(document),
                "document_hash": hashlib.sha256(document).hexdigest(),
            }
        )
        layaway._set_state("signed")
        layaway._follow_money()

    def _render_terms(self):
        """Return the terms as PDF."""
        reports = self.env["ir.actions.report"]
        return reports._render_qweb_pdf(REPORT, self.ids)[0]

    def _get_schedule(self):
        """Return [[day, amount]] of the instalments, as texts that stay what they are."""
        digits = self.currency_id.decimal_places
        return [
            [fields.Date.to_string(line.date), f"{line.amount:.{digits}f}"]
            for line in self.instalment_ids.sorted(lambda line: (line.date, line.id))
        ]

    def _get_terms_version(self):
        """Return a code of all that the customer would sign now: a link to other terms is old."""
        self.ensure_one()
        lines = self.order_id.order_line
        said = {
            "terms": str(self.terms or ""),
            "schedule": self._get_schedule(),
            "total": f"{self.amount_total:.6f}",
            "kept": f"{self.amount_kept:.6f}",
            "fee": [f"{self.amount_fee:.6f}", self.is_fee_refundable],
            "days": [self.cancel_days, self.grace_days, self.notice_days],
            "outcome": self.outcome,
            "lines": [[line.id, line.piece_id.id, line.name] for line in lines],
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # === CHECKS === #

    def _check_signable(self, signed_by, signature, paper):
        """Refuse to sign what is not agreed, or what nobody signed.

        :raises UserError: saying what to do
        """
        if not (signed_by or "").strip():
            raise UserError(self.env._("Enter the name of who signs."))
        if not signature and not paper:
            raise UserError(
                self.env._("Let the customer sign on the screen, or attach the scan of the paper.")
            )
        if paper:
            self._check_document(paper)
        if self.order_id.state not in ("draft", "sent") or not self.order_id.order_line:
            raise UserError(
                self.env._(
                    "%(order)s is no quotation any more, or is empty: make another one for the "
                    "layaway.",
                    order=self.order_id.name,
                )
            )
        self._check_schedule()

    def _check_schedule(self):
        """Refuse a schedule that does not add up, or that pays less at first than agreed.

        :raises UserError: saying what to do
        """
        amounts = self.instalment_ids.sorted(lambda line: (line.date, line.id)).mapped("amount")
        if self.currency_id.compare_amounts(sum(amounts), self.order_id.amount_total):
            raise UserError(
                self.env._(
                    "The instalments add up to %(sum)s, but the order is %(total)s. Press “Propose "
                    "Again”, or change the amounts.",
                    sum=self.currency_id.format(sum(amounts)),
                    total=self.currency_id.format(self.order_id.amount_total),
                )
            )
        if amounts and self.currency_id.compare_amounts(amounts[0], self.amount_first) < 0:
            raise UserError(
                self.env._(
                    "The first payment is %(first)s at least.",
                    first=self.currency_id.format(self.amount_first),
                )
            )
