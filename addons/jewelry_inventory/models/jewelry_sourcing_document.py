from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import COST_GROUPS, WEIGHT_DIGITS
from ..tools.sourcing import CLAIMED
from ..tools.weight import round_milli

# Papers on metal are called like the source that they are evidence of.
KIMBERLEY, WARRANTY, FAIR_MINED, RECYCLED = "kimberley", "warranty", "fair_mined", "recycled"

DOCUMENT_KINDS = [
    (KIMBERLEY, "Kimberley certificate"),
    (WARRANTY, "System of Warranties"),
    (FAIR_MINED, "Fair-mined certificate"),
    (RECYCLED, "Recycled declaration"),
    ("origin", "Declaration of origin"),
    ("other", "Other"),
]

# Papers that are on natural diamonds and nothing else, and say how many carats.
DIAMOND_KINDS = (KIMBERLEY, WARRANTY)


class JewelrySourcingDocument(models.Model):
    """A paper that says where stones or metal come from: a certificate, a warranty, a declaration.

    One paper may be on many stones, parcels and lots. A Kimberley certificate has the fields that
    31 CFR 592.307 names; it covers rough diamonds, so what was cut from them never weighs more.
    """

    _name = "jewelry.sourcing.document"
    _inherit = ["mail.thread", "jewelry.document.mixin", "jewelry.guard.mixin"]
    _description = "Sourcing Document"
    _order = "issue_date desc, id desc"
    _rec_names_search = ["number", "issuer_id.name"]
    _check_company_auto = True

    # Identity
    kind = fields.Selection(selection=DOCUMENT_KINDS, required=True, index=True, tracking=True)
    number = fields.Char(required=True, copy=False, index="trigram", tracking=True)
    issuer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Issued By",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The authority of a certificate, the supplier of a warranty or declaration.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    # Dates
    issue_date = fields.Date(required=True, tracking=True)
    expiry_date = fields.Date(tracking=True, help="Empty: it does not expire.")
    received_date = fields.Date(
        string="Received On", required=True, default=fields.Date.context_today, tracking=True
    )
    state = fields.Selection(
        selection=[("future", "Not Yet Valid"), ("valid", "Valid"), ("expired", "Expired")],
        compute="_compute_state",
    )

    # What it covers
    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries of Origin",
        tracking=True,
        help="Of mixed origin: all that are known.",
    )
    carat = fields.Float(string="Carats", digits=WEIGHT_DIGITS, tracking=True)
    weight = fields.Float(string="Metal (g)", digits=WEIGHT_DIGITS, tracking=True)
    parcel_count = fields.Integer(string="Parcels", tracking=True)
    hs_code = fields.Char(string="HS Code", tracking=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    value = fields.Monetary(groups=COST_GROUPS, help="As the certificate states it.")
    exporter_id = fields.Many2one(comodel_name="res.partner", ondelete="restrict", tracking=True)
    importer_id = fields.Many2one(comodel_name="res.partner", ondelete="restrict", tracking=True)
    statement = fields.Text(help="What it says, as printed.")

    # Paper
    document = fields.Binary(string="File", attachment=True)
    document_name = fields.Char()
    note = fields.Text()

    # What it is on
    stone_ids = fields.Many2many(comodel_name="jewelry.stone", string="Stones", copy=False)
    lot_ids = fields.Many2many(
        comodel_name="stock.lot", string="Pieces and Metal", copy=False, check_company=True
    )
    # Stored, so that two who put the paper on stones at once write the same row, and the second
    # one counts again.
    used_carat = fields.Float(
        string="Carats in Use", digits=WEIGHT_DIGITS, compute="_compute_used_carat", store=True
    )

    _number_unique = models.UniqueIndex(
        "(kind, issuer_id, number, company_id)",
        "This paper is entered already. Choose it instead of entering it again.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (carat >= 0 AND weight >= 0 AND value >= 0 AND parcel_count >= 0)",
        "Carats, grams, parcels and value cannot be negative.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (expiry_date >= issue_date)", "A paper cannot expire before it is issued."
    )

    # === COMPUTE METHODS === #

    @api.depends("issue_date", "expiry_date")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for document in self:
            if document.expiry_date and document.expiry_date < today:
                document.state = "expired"
            else:
                issued = document.issue_date and document.issue_date <= today
                document.state = "valid" if issued else "future"

    @api.depends("stone_ids.carat")
    def _compute_used_carat(self):
        for document in self:
            document.used_carat = sum(document.stone_ids.mapped("carat"))

    @api.depends("kind", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for document in self:
            words = [labels.get(document.kind), document.number]
            document.display_name = " ".join(filter(None, words))

    # === CONSTRAINT METHODS === #

    @api.constrains("expiry_date", "received_date")
    def _check_valid_at_receipt(self):
        """Refuse a paper that had expired when the goods came."""
        for document in self:
            document._check_valid_on(document.received_date)

    @api.constrains("kind", "carat")
    def _check_carat(self):
        """Refuse a paper on diamonds that says no carats."""
        for document in self:
            if document.kind in DIAMOND_KINDS and not document.carat:
                raise ValidationError(
                    self.env._(
                        "%(document)s: enter the carats that it covers.",
                        document=document.display_name,
                    )
                )

    @api.constrains("kind", "carat", "stone_ids")
    def _check_stones(self):
        """Refuse a paper that is not for these stones, or covers less."""
        self.stone_ids._check_sourcing()
        # In sudo: the paper is on it, whoever may see the lot.
        self.sudo().lot_ids._check_sourcing()
        self._check_covered()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to check the file and to keep the number without the spaces of the print."""
        return super().create([self._prepare_normalized(vals) for vals in vals_list])

    def write(self, vals):
        """Override to check the file and to keep the number without the spaces of the print."""
        return super().write(self._prepare_normalized(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo: it is in use, whoever may see the stone.
        if used := self.sudo().filtered(lambda document: document.stone_ids or document.lot_ids):
            raise UserError(
                self.env._(
                    "%(documents)s is the evidence of stones or metal and stays. Take it off "
                    "them first.",
                    documents=", ".join(used[:5].mapped("display_name")),
                )
            )

    def _get_guarded_fields(self):
        """Override: a paper is put on stones and metal by their side, which refuses what is sold
        and tells their passports.
        """
        return super()._get_guarded_fields() | {"stone_ids", "lot_ids"}

    # === ACTION METHODS === #

    def action_attach(self):
        """Open the wizard that puts this paper on deliveries, parcels and stones."""
        self.ensure_one()
        return self.env["jewelry.sourcing.attach"]._open({"document_id": self.id})

    # === BUSINESS METHODS === #

    def _check_valid_on(self, day):
        """Refuse a paper that had expired on a day.

        :raises ValidationError: naming both days
        """
        if self.expiry_date and day and self.expiry_date < day:
            raise ValidationError(
                self.env._(
                    "%(document)s had expired on %(expiry)s, before the goods came on %(day)s. "
                    "Ask for a paper that was valid then.",
                    document=self.display_name,
                    expiry=self.expiry_date,
                    day=day,
                )
            )

    def _check_covered(self):
        """Refuse a certificate that is on more carats than it covers.

        :raises ValidationError: saying how many it covers
        """
        for document in self.filtered(lambda document: document.kind in DIAMOND_KINDS):
            # In sudo: all stones count, whoever may see them.
            used = round_milli(sum(document.sudo().stone_ids.mapped("carat")))
            if used > round_milli(document.carat):
                raise ValidationError(
                    self.env._(
                        "%(document)s covers %(carat)s ct, and would be on %(used)s ct. Leave out "
                        "what it is not for.",
                        document=document.display_name,
                        carat=f"{document.carat:.3f}",
                        used=used,
                    )
                )

    def _get_names(self):
        """Return what may be told of the papers to anybody: kinds and numbers.

        A warranty has the number of a supplier's invoice. Who supplies the store is its own affair,
        and nobody else can look the number up: that there is a warranty is told.
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return sorted(
            {labels[one.kind] if one.kind == WARRANTY else one.display_name for one in self}
        )

    def _get_proven(self):
        """Return the sources of metal that the papers are evidence of."""
        return set(self.mapped("kind")) & set(CLAIMED)

    def _get_codes(self):
        """Return the papers as events hold them, which passports tell: kinds and numbers."""
        return sorted(
            {one.kind if one.kind == WARRANTY else f"{one.kind} {one.number}" for one in self}
        )

    # === TOOLING === #

    @api.model
    def _prepare_normalized(self, vals):
        vals = dict(vals)
        if "number" in vals:
            vals["number"] = " ".join((vals["number"] or "").split()).upper()
            if not vals["number"]:
                raise ValidationError(self.env._("Enter the number that is printed on the paper."))
        if vals.get("document"):
            self._check_document(vals["document"])
        return vals
