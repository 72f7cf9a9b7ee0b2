import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.jewelry_label import LABEL_FORMATS, LABEL_RESOLUTIONS
from ..tools import label_png
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
    with_price = fields.Boolean(default=lambda self: self._default_option("with_price"))
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

    @api.depends("lot_ids", "done_count", "dpi", "with_price")
    def _compute_preview(self):
        """Draw the next label as it will be printed."""
        for printing in self:
            printing.preview = printing.problem = printing.missing = False
            lot = printing._get_next_lots()[:1]
            if not lot or not printing.dpi:
                continue
            labels = self.env["jewelry.label"]
            options = printing._prepare_options()
            (label,) = labels._prepare_sheet(lot, lot._get_labelled(), options, 1)
            printing.missing = find_missing(label.style + label.note)
            try:
                printing.preview = base64.b64encode(label_png.render(label, int(printing.dpi)))
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
        return {
            "label_format": self.label_format,
            "dpi": self.dpi,
            "with_price": self.with_price,
        }

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
