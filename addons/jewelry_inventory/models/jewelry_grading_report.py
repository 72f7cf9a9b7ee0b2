from base64 import b64decode
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SUBJECTS = ("stone_id", "piece_id", "parcel_id")

# Writing these is an event of the subject.
PROVEN_FIELDS = {"laboratory_id", "number", "is_current", "document", *SUBJECTS}


class JewelryGradingReport(models.Model):
    """A numbered report of a laboratory on one stone, piece or parcel.

    A stone may have several, also of one laboratory; the current one of each is what is shown.
    """

    _name = "jewelry.grading.report"
    _inherit = ["jewelry.document.mixin"]
    _description = "Laboratory Report"
    _order = "is_current desc, report_date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    laboratory_id = fields.Many2one(
        comodel_name="jewelry.laboratory", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(required=True, copy=False, index="trigram")
    kind = fields.Selection(
        selection=[
            ("grading", "Diamond grading"),
            ("dossier", "Diamond dossier"),
            ("lab_grown", "Lab-grown grading"),
            ("assessment", "Lab-grown quality assessment"),
            ("colored", "Coloured stone"),
            ("origin", "Origin"),
            ("identification", "Identification"),
            ("pearl", "Pearl"),
            ("melee", "Melee"),
            ("jewelry", "Jewelry"),
            ("other", "Other"),
        ],
        required=True,
        default="grading",
    )
    report_date = fields.Date(string="Date")
    is_current = fields.Boolean(
        string="Current",
        default=True,
        copy=False,
        help="The newest of this laboratory on this subject. Others are kept as history.",
    )
    active = fields.Boolean(default=True)

    # Subject
    stone_id = fields.Many2one(
        comodel_name="jewelry.stone",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        domain=[("jewelry_kind", "=", "piece")],
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    parcel_id = fields.Many2one(
        comodel_name="stock.lot",
        domain=[("jewelry_kind", "=", "parcel")],
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id", store=True, index=True
    )

    # What it says
    inscription = fields.Char(
        index="trigram", help="As reported: what is inscribed on the girdle, or in the piece."
    )
    comment = fields.Text(string="Comments", help="The laboratory's own, as printed.")
    lookup_id = fields.Many2one(
        comodel_name="jewelry.report.lookup",
        string="Answer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    looked_up_on = fields.Datetime(
        string="Looked Up", related="lookup_id.create_date", related_sudo=True
    )
    can_look_up = fields.Boolean(compute="_compute_can_look_up")
    sheet = fields.Html(
        string="As Printed", related="lookup_id.sheet", related_sudo=True, sanitize=False
    )

    # Paper
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    verification_url = fields.Char(
        string="Verification Address",
        compute="_compute_verification_url",
        store=True,
        readonly=False,
        help="Where the laboratory itself confirms this report.",
    )

    _number_unique = models.UniqueIndex(
        "(laboratory_id, number)",
        "There is already a report of this laboratory with this number, perhaps in another "
        "company. A laboratory uses a number only once: check the number.",
    )
    _one_subject = models.Constraint(
        "CHECK (num_nonnulls(stone_id, piece_id, parcel_id) = 1)",
        "A report is on exactly one subject: choose a stone, a piece or a parcel, and clear the "
        "others.",
    )
    _current_unique = models.UniqueIndex(
        "(laboratory_id, COALESCE(stone_id, 0), COALESCE(piece_id, 0), COALESCE(parcel_id, 0))"
        " WHERE is_current",
        "A laboratory has one current report on a subject.",
    )

    # === COMPUTE METHODS === #

    @api.depends("stone_id.company_id", "piece_id.company_id", "parcel_id.company_id")
    def _compute_company_id(self):
        for report in self:
            report.company_id = report._get_subject().company_id

    @api.depends("laboratory_id", "number")
    def _compute_verification_url(self):
        for report in self:
            report.verification_url = report.laboratory_id._get_verification_url(
                report.number or ""
            )

    @api.depends("laboratory_id.provider")
    def _compute_can_look_up(self):
        for report in self:
            report.can_look_up = report.laboratory_id.provider not in (False, "manual")

    @api.depends("laboratory_id.code", "number")
    def _compute_display_name(self):
        for report in self:
            words = [report.laboratory_id.code, report.number]
            report.display_name = " ".join(filter(None, words))

    # === CONSTRAINT METHODS === #

    @api.constrains("lookup_id", "laboratory_id", "number")
    def _check_lookup(self):
        """Refuse to show the laboratory's answer on another report."""
        for report in self.filtered("lookup_id"):
            # In sudo: the answers are the program's own.
            lookup = report.sudo().lookup_id
            told = {lookup.answer_number, self._get_clean_number(lookup.number)}
            if lookup.laboratory_id != report.laboratory_id or report.number not in told:
                raise ValidationError(
                    self.env._(
                        "%(report)s was looked up under this number: enter another report instead "
                        "of changing it.",
                        report=lookup.answer_number,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to let a new report take the place of the laboratory's earlier one."""
        vals_list = [self._prepare_normalized(vals) for vals in vals_list]
        current = [vals for vals in vals_list if vals.get("is_current", True)]
        self._retire(Domain.OR([self._get_rivals_domain(vals) for vals in current]))
        reports = super().create(vals_list)
        reports._log_certificate()
        return reports

    def write(self, vals):
        """Override to keep one current report per laboratory; an archived one is not current."""
        vals = self._prepare_normalized(vals)
        if vals.get("is_current"):
            rivals = Domain.OR([self._get_rivals_domain(report) for report in self])
            self._retire(rivals & Domain("id", "not in", self.ids))
        result = super().write(vals)
        if PROVEN_FIELDS & vals.keys():
            self._log_certificate()
        return result

    # === ACTION METHODS === #

    def action_look_up(self):
        """Open the comparison of this report with what the laboratory says."""
        self.ensure_one()
        lookups = self.env["jewelry.grading.report.lookup"]
        return lookups._open({"report_id": self.id})

    # === BUSINESS METHODS === #

    def _schedule_changed(self, changes):
        """Ask whoever holds the subject to look at what the laboratory changed.

        :param list changes: as of `tools.report.find_changes`
        """
        self.ensure_one()
        subject = self._get_subject()
        lot = subject if subject._name == "stock.lot" else subject.holder_id or subject.home_lot_id
        if not lot:
            return
        values = {"report": self, "changes": changes}
        lot.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("%(report)s has changed", report=self.display_name),
            note=self.env["ir.qweb"]._render("jewelry_inventory.report_changes", values),
            user_id=self._get_responsible().id,
        )

    def _get_responsible(self):
        """Return who entered the report if they still may, else a manager of its company."""
        managers = self.env.ref("jewelry_inventory.group_manager").all_user_ids
        author = self.create_uid
        if author.active and author.has_group("jewelry_inventory.group_keeper"):
            return author
        own = managers.filtered(lambda user: self.company_id in user.company_ids)
        return own[:1] or self.env.user

    # === PROVENANCE METHODS === #

    def _log_certificate(self):
        """Append to the chains of the subjects what is said of them, and by whom."""
        self.env["jewelry.provenance.event"]._append(
            [
                (report._get_subject(), "certificate", report._get_evidence())
                for report in self.sudo().with_context(bin_size=False)
            ]
        )

    def _get_subject(self):
        self.ensure_one()
        return self.stone_id or self.piece_id or self.parcel_id

    def _get_evidence(self):
        """Return what identifies the report, and its document to the byte."""
        self.ensure_one()
        document = b64decode(self.document or b"")
        return {
            "laboratory": self.laboratory_id.code,
            "number": self.number,
            "current": self.is_current,
            "document": sha256(document).hexdigest() if document else None,
        }

    # === TOOLING === #

    @api.model
    def _prepare_normalized(self, vals):
        """Return a copy of values whose number is as a laboratory prints it, without spaces."""
        vals = dict(vals)
        if vals.get("number"):
            vals["number"] = self._get_clean_number(vals["number"])
        if vals.get("document"):
            self._check_document(vals["document"])
        if not vals.get("active", True):
            vals["is_current"] = False
        return vals

    @api.model
    def _get_clean_number(self, number):
        """Return a number as it is kept: without the spaces of the print."""
        return "".join(number.split()).upper()

    @api.model
    def _get_rivals_domain(self, values):
        """Return the domain of reports by the same laboratory on the same subject.

        :param values: a report, or the values of one
        """
        names = ("laboratory_id", *SUBJECTS)
        if not isinstance(values, dict):
            values = {name: values[name].id for name in names}
        return Domain.AND([Domain(name, "=", values.get(name, False)) for name in names])

    @api.model
    def _retire(self, domain):
        """Make reports history that a newer one replaces, in every company."""
        # Sudo: the unique index spans companies, and so must what makes room for it.
        rivals = self.sudo().search(domain & Domain("is_current", "=", True))
        rivals.is_current = False
        # Before the newer one is inserted, or the index refuses it.
        rivals.flush_recordset(["is_current"])
