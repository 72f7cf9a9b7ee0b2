from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import label_pdf, label_png, label_zpl
from ..tools.label import CODE128, GS1, QR, RESOLUTIONS, SHAPES, LabelError

LABEL_FORMATS = [("pdf", "PDF"), ("zpl", "ZPL")]
LABEL_RESOLUTIONS = [(str(dpi), f"{dpi} dpi") for dpi in RESOLUTIONS]
LABEL_SHAPES = [("rat_tail", "Rat-tail"), ("butterfly", "Butterfly")]
LABEL_CODES = [(CODE128, "Barcode"), (QR, "QR code"), (GS1, "GS1 barcode")]
# How the first label of all is printed, unless the user says otherwise.
DEFAULT_OPTIONS = {
    "label_format": "pdf",
    "dpi": "300",
    "shape": "rat_tail",
    "code": CODE128,
    "with_price": True,
    "with_cost": False,
}


class JewelryLabel(models.Model):
    """Labels of a piece that were printed: who, when, how and, for any but the first, why.

    A label says what a piece costs, and two labels can be swapped. So each print is written down
    in the transaction that makes the file, and nobody changes or deletes what is written.
    """

    _name = "jewelry.label"
    _inherit = "jewelry.guard.mixin"
    _description = "Printed Label"
    _order = "id desc"
    _rec_name = "lot_id"

    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True, index=True)
    create_uid = fields.Many2one(
        comodel_name="res.users", string="Printed By", readonly=True, index=True
    )
    create_date = fields.Datetime(string="Printed On", readonly=True)
    label_format = fields.Selection(
        selection=LABEL_FORMATS, string="Format", required=True, readonly=True
    )
    dpi = fields.Selection(
        selection=LABEL_RESOLUTIONS, string="Resolution", required=True, readonly=True
    )
    shape = fields.Selection(
        selection=LABEL_SHAPES, required=True, readonly=True, default=DEFAULT_OPTIONS["shape"]
    )
    code = fields.Selection(
        selection=LABEL_CODES, required=True, readonly=True, default=DEFAULT_OPTIONS["code"]
    )
    with_price = fields.Boolean(readonly=True)
    with_cost = fields.Boolean(string="With Cost Code", readonly=True)
    quantity = fields.Integer(string="Labels", required=True, readonly=True)
    is_reprint = fields.Boolean(
        string="Reprint", readonly=True, help="Any label but a piece's first; it is marked."
    )
    reason = fields.Char(readonly=True)

    _first_unique = models.UniqueIndex(
        "(lot_id) WHERE is_reprint IS NOT TRUE",
        "Somebody else has just printed the first label. Print again, with a reason.",
    )
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "Print at least one label.")
    _reprint_reason = models.Constraint(
        "CHECK (is_reprint IS NOT TRUE OR COALESCE(reason, '') <> '')",
        "Enter the reason for the reprint.",
    )

    # === CRUD METHODS === #

    def _get_frozen_fields(self):
        """Override: what was printed stays written as it is."""
        return super()._get_frozen_fields() | set(self._fields)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_printed(self):
        raise UserError(self.env._("A printed label stays on record and cannot be deleted."))

    # === BUSINESS METHODS === #

    @api.model
    def _print(self, lots, options, copies=1, reason=None):
        """Make the file that prints the labels of lots, and write down that it was made.

        :param lots: pieces, loose stones and parcels, in the order of their labels
        :param dict options: of `DEFAULT_OPTIONS`, those that differ
        :param int copies: labels of each; those after a piece's first are marked as reprints
        :param str reason: why a piece gets another label than its first
        :return: the file
        :rtype: bytes
        :raises UserError: without a needed reason, for void pieces and for numbers that no
            barcode can have
        """
        options = DEFAULT_OPTIONS | options
        lots._lock_lots()
        lots._check_labelable()
        labelled = lots._get_labelled()
        self._check_reason(labelled, copies, reason)
        # In sudo: nobody writes into the log but this method.
        self.sudo().create(self._prepare_log(lots, labelled, options, copies, reason))
        return self._render(self._prepare_sheet(lots, labelled, options, copies), options)

    @api.model
    def _check_reason(self, labelled, copies, reason):
        """Refuse a second label of a piece without a reason."""
        if (reason or "").strip():
            return
        if labelled:
            names = ", ".join(labelled[:5].mapped("name"))
            raise UserError(
                self.env._(
                    "%(pieces)s already has a label. Enter the reason for another one.",
                    pieces=names,
                )
            )
        if copies > 1:
            raise UserError(self.env._("Enter the reason why a piece needs more than one label."))

    @api.model
    def _prepare_log(self, lots, labelled, options, copies, reason):
        """Return the rows to write: a first label and further ones are rows of their own."""
        firsts = lots - labelled
        rows = [options | {"lot_id": lot.id, "quantity": 1} for lot in firsts]
        again = {"is_reprint": True, "reason": (reason or "").strip()}
        for lot in lots:
            if count := copies - (lot in firsts):
                rows.append(options | again | {"lot_id": lot.id, "quantity": count})
        return rows

    @api.model
    def _prepare_sheet(self, lots, labelled, options, copies):
        """Return the `LabelData` of each label, copies of a piece one after the other."""
        labels = lots._prepare_labels(options["with_price"], options["with_cost"])
        return [
            replace(labels[lot], reprint=bool(copy) or lot in labelled)
            for lot in lots
            for copy in range(copies)
        ]

    @api.model
    def _render(self, labels, options):
        """Return the file that prints labels.

        :raises UserError: for a number that has no such code
        """
        dpi, shape = int(options["dpi"]), SHAPES[options["shape"]]
        try:
            if options["label_format"] == "pdf":
                return label_pdf.render(labels, dpi, shape, options["code"])
            zpl = [label_zpl.render(label, dpi, shape, options["code"]) for label in labels]
        except LabelError as error:
            raise UserError(self._get_message(error, dpi)) from error
        return "".join(zpl).encode()

    @api.model
    def _render_preview(self, label, options):
        """Return a label as a picture, PNG.

        :raises LabelError: for a number that has no such code
        """
        shape = SHAPES[options["shape"]]
        return label_png.render(label, int(options["dpi"]), shape, options["code"])

    @api.model
    def _get_message(self, error, dpi):
        """Return what a user can make of a number that has no barcode."""
        messages = {
            "signs": self.env._(
                "%(number)s cannot be a barcode. Use only plain letters, digits and punctuation "
                "in the number.",
                number=error.number,
            ),
            "length": self.env._(
                "%(number)s is too long for a barcode on this label at %(dpi)s dpi. Use a "
                "printer with a higher resolution, or a QR code.",
                number=error.number,
                dpi=dpi,
            ),
            "room": self.env._(
                "The label has no room to say what the stones of %(number)s are, and none is "
                "printed that says less. Print a larger label, or leave price or cost out.",
                number=error.number,
            ),
            "gtin": self.env._(
                "The style of %(number)s has no GTIN, which a GS1 barcode begins with. Enter "
                "it as the barcode of the style, or print another code.",
                number=error.number,
            ),
        }
        return messages[error.code]

    @api.model
    def _get_last_options(self):
        """Return how the user printed last time, as options for `_print`."""
        # In sudo: who may print knows what he printed himself, whichever company is on.
        last = self.sudo().search([("create_uid", "=", self.env.uid)], limit=1)
        return {name: last[name] for name in DEFAULT_OPTIONS} if last else dict(DEFAULT_OPTIONS)
