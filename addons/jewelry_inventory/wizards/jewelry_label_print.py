import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS
from ..models.jewelry_label import (
    DEFAULT_OPTIONS,
    LABEL_CODES,
    LABEL_FORMATS,
    LABEL_RESOLUTIONS,
    LABEL_SHAPES,
)
from ..tools.label import LabelError, find_missing

# Labels in one file: a roll, and what is made within a breath.
BATCH = 500
SHOWN = 5


class JewelryLabelPrint(models.TransientModel):
    """Print the labels of pieces: as one file, or roll by roll where there are many."""

    _name = "jewelry.label.print"
    _description = "Print Labels"

    lot_ids = fields.Many2many(comodel_name="stock.lot", string="Pieces", required=True)
    lot_count = fields.Integer(string="To Print", compute="_compute_lot_count")
    lot_names = fields.Char(string="Labels of", compute="_compute_lot_count")
    label_format = fields.Selection(
        selection=LABEL_FORMATS,
        string="Format",
        required=True,
        default=lambda self: self._default_option("label_format"),
        help="PDF for any printer, ZPL for label printers that speak Zebra's language.",
    )
    dpi = fields.Selection(
        selection=LABEL_RESOLUTIONS,
        string="Resolution",
        required=True,
        default=lambda self: self._default_option("dpi"),
        help="Of the label printer: bars that fall between its dots are misread.",
    )
    shape = fields.Selection(
        selection=LABEL_SHAPES,
        required=True,
        default=lambda self: self._default_option("shape"),
        help="As loaded in the printer: a rat-tail has its tail beside the wings, a butterfly a "
        "waist between them.",
    )
    code = fields.Selection(
        selection=LABEL_CODES,
        required=True,
        default=lambda self: self._default_option("code"),
        help="What is scanned. A barcode or a QR code has the number of the piece; a GS1 barcode "
        "the GTIN of its style, too, with the number as serial (AI 21).",
    )
    with_price = fields.Boolean(default=lambda self: self._default_option("with_price"))
    with_cost = fields.Boolean(
        string="With Cost Code",
        default=lambda self: self._default_option("with_cost"),
        groups=COST_GROUPS,
        help="What the piece cost, in the letters of the company's cipher.",
    )
    has_cipher = fields.Boolean(compute="_compute_has_cipher")
    copies = fields.Integer(string="Labels per Piece", required=True, default=1)
    reason = fields.Char(help="Why a piece gets another label than its first.")
    needs_reason = fields.Boolean(compute="_compute_needs_reason")
    reprint_names = fields.Char(compute="_compute_needs_reason")
    preview = fields.Binary(compute="_compute_preview")
    problem = fields.Char(compute="_compute_preview")
    missing = fields.Char(compute="_compute_preview")

    # Result
    done_count = fields.Integer(string="Printed", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    file = fields.Binary(readonly=True)
    filename = fields.Char(readonly=True)

    _copies_sane = models.Constraint(
        "CHECK (copies BETWEEN 1 AND 20)", "Print between 1 and 20 labels of a piece."
    )

    # === DEFAULTS === #

    @api.model
    def _default_option(self, name):
        return self.env["jewelry.label"]._get_last_options()[name]

    # === COMPUTE METHODS === #

    @api.depends("lot_ids", "done_count")
    def _compute_lot_count(self):
        for printing in self:
            lots = printing._get_next_lots()
            names = lots[:SHOWN].mapped("name") + ["…"] * (len(lots) > SHOWN)
            printing.lot_count = len(printing.lot_ids)
            printing.lot_names = ", ".join(names)

    @api.depends("lot_ids", "done_count", "copies")
    def _compute_needs_reason(self):
        for printing in self:
            labelled = printing._get_next_lots()._get_labelled()
            names = labelled[:SHOWN].mapped("name") + ["…"] * (len(labelled) > SHOWN)
            printing.needs_reason = bool(labelled) or printing.copies > 1
            printing.reprint_names = ", ".join(names)

    @api.depends("lot_ids", "done_count")
    def _compute_progress(self):
        for printing in self:
            count = len(printing.lot_ids)
            printing.progress = 100 * printing.done_count / count if count else 0

    @api.depends("lot_ids.company_id")
    def _compute_has_cipher(self):
        for printing in self:
            companies = printing.lot_ids.company_id or self.env.company
            # In sudo: keepers print the letters, managers decide which.
            printing.has_cipher = all(companies.sudo().mapped("cost_cipher_word"))

    @api.depends("lot_ids", "done_count", *DEFAULT_OPTIONS)
    def _compute_preview(self):
        """Draw the next label as it will be printed."""
        for printing in self:
            printing.preview = printing.problem = printing.missing = False
            lot = printing._get_next_lots()[:1]
            if not lot or not all(printing[name] for name in ("dpi", "shape", "code")):
                continue
            labels = self.env["jewelry.label"]
            options = printing._prepare_options()
            (label,) = labels._prepare_sheet(lot, lot._get_labelled(), options, 1)
            printing.missing = find_missing("".join((label.style, *label.notes[:1])))
            try:
                printing.preview = base64.b64encode(labels._render_preview(label, options))
            except LabelError as error:
                printing.problem = labels._get_message(error, printing.dpi)

    # === ACTION METHODS === #

    def action_print(self):
        """Make the file with the next labels, write it down, and let the browser fetch it.

        :raises UserError: when all are printed, or as of `jewelry.label._print`
        """
        self.ensure_one()
        lots = self._get_next_lots()
        if not lots:
            raise UserError(self.env._("All labels are in the file already."))
        content = self.env["jewelry.label"]._print(
            lots, self._prepare_options(), self.copies, self.reason
        )
        self.write(
            {
                "file": base64.b64encode(content),
                "filename": self._get_filename(lots),
                "done_count": self.done_count + len(lots),
            }
        )
        return self._get_file_action()

    # === BUSINESS METHODS === #

    def _get_next_lots(self):
        """Return the lots of the next file, by number."""
        lots = self.lot_ids.sorted("name")
        return lots[self.done_count : self.done_count + BATCH]

    def _prepare_options(self):
        """Return how to print, without a cost that the user may not see."""
        readable = [
            name for name in DEFAULT_OPTIONS if self._has_field_access(self._fields[name], "read")
        ]
        options = DEFAULT_OPTIONS | {name: self[name] for name in readable}
        return options | {"with_cost": options["with_cost"] and self.has_cipher}

    def _get_filename(self, lots):
        """Return a name that says which labels are in the file."""
        names = [lots[0].name, *lots[1:][-1:].mapped("name")]
        name = "-".join(["labels", *names])
        safe = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
        return f"{safe}.{self.label_format}"

    def _get_file_action(self):
        """Return the action that fetches the file: a PDF to look at and print, ZPL to keep."""
        mimetype, download = {
            "pdf": ("application/pdf", "false"),
            "zpl": ("text/plain", "true"),
        }[self.label_format]
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.filename}"
            f"?mimetype={mimetype}&download={download}&nocache=1",
            "target": "new",
        }
