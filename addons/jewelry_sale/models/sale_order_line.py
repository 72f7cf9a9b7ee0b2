from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jewelry_inventory.const import SPECIFIC

# Statuses from which a piece does not come back on its own: nobody quotes them.
LOST_STATUSES = ("sold", "returned", "used", "lost", "gone", "void")


class SaleOrderLine(models.Model):
    """An order line that sells one piece: this one, at its own price and cost."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "jewelry.claim.mixin"]

    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        compute="_compute_piece_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain=f"""[
            ("is_piece", "=", True),
            ("product_id", "=?", product_id),
            ("company_id", "in", (company_id, False)),
            ("piece_status", "not in", {LOST_STATUSES}),
        ]""",
        help="The very piece that is sold. Delivery and invoice move this one and its own cost.",
    )

    _piece_quantity = models.Constraint(
        "CHECK (piece_id IS NULL OR product_uom_qty IN (0, 1))",
        "A piece is one of a kind, its quantity is 1. Add a line for each piece.",
    )
    _piece_once = models.UniqueIndex(
        "(order_id, piece_id) WHERE piece_id IS NOT NULL AND product_uom_qty > 0",
        "The same piece is twice on this order. Remove one of the two lines.",
    )

    # === CONSTRAINTS === #

    @api.constrains("piece_id", "product_id", "product_uom_id")
    def _check_piece(self):
        for line in self.filtered("piece_id"):
            piece = line.piece_id.sudo()
            if piece.product_id != line.product_id or line.product_uom_id != piece.product_uom_id:
                raise ValidationError(
                    self.env._(
                        "%(piece)s is one %(style)s, but the line sells %(product)s by "
                        "%(unit)s. Add the piece on a line of its own.",
                        piece=piece.name,
                        style=piece.product_id.display_name,
                        product=line.product_id.display_name,
                        unit=line.product_uom_id.name,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_piece_id(self):
        for line in self:
            if line.piece_id.product_id != line.product_id:
                line.piece_id = line._get_only_piece()

    @api.depends("piece_id")
    def _compute_product_uom_qty(self):
        """Override of `sale`: a piece is one."""
        super()._compute_product_uom_qty()
        self.filtered("piece_id").product_uom_qty = 1.0

    @api.depends("piece_id")
    def _compute_name(self):
        """Override of `sale` to describe the piece when it is chosen."""
        super()._compute_name()

    @api.depends("piece_id")
    def _compute_price_unit(self):
        """Override of `sale`: the price follows the piece, as long as nobody typed another."""
        super()._compute_price_unit()

    @api.depends("piece_id")
    def _compute_discount(self):
        """Override of `sale`: the share that a pricelist takes off depends on the price."""
        super()._compute_discount()

    # === ONCHANGE METHODS === #

    @api.onchange("piece_id")
    def _onchange_piece_id(self):
        if self.piece_id:
            self.product_id = self.piece_id.product_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to take the style from the piece where only the piece is given."""
        for vals in vals_list:
            if vals.get("piece_id") and not vals.get("product_id"):
                vals["product_id"] = self.env["stock.lot"].browse(vals["piece_id"]).product_id.id
        return super().create(vals_list)

    def write(self, vals):
        """Override of `sale`: another piece on a confirmed line takes over its delivery."""
        changed = self.browse()
        if "piece_id" in vals:
            changed = self.filtered(
                lambda line: line.state == "sale" and line.piece_id.id != vals["piece_id"]
            )
        changed._check_piece_changeable()
        res = super().write(vals)
        changed._move_chosen_piece()
        return res

    # === ACTION METHODS === #

    @api.readonly
    def action_add_pieces(self):
        """Open the pieces for sale for the order of the context, as the catalog button does."""
        return self.env["sale.order"].browse(self.env.context.get("order_id")).action_add_pieces()

    # === PRICE AND TEXT METHODS === #

    def _get_product_price_context(self):
        """Override of `sale` to let pricelists start from the piece's own price."""
        return super()._get_product_price_context() | {"priced_piece_id": self.piece_id.id}

    def _get_sale_order_line_multiline_description_sale(self):
        """Override of `sale` to add the specification of the piece, and to leave out words of the
        style that do not fit it.
        """
        description = super()._get_sale_order_line_multiline_description_sale()
        if not self.piece_id:
            return description
        piece = self.piece_id.with_context(lang=self.env.lang)
        said = [description] if piece._get_fitting_name() else []
        return "\n".join([*said, piece._get_specification()])

    def _get_piece_image(self):
        """Return the picture that documents show of the line's piece, base64, or False."""
        self.ensure_one()
        # The customer's page and print show this one picture of the piece, nothing else of it.
        piece = self.piece_id.sudo()
        return piece.image_256 or piece.product_id.image_256

    def _get_only_piece(self):
        """Return the piece of a unique style, if it is there to be sold."""
        self.ensure_one()
        pieces = self.env["stock.lot"]
        if self.product_id.style_kind != "unique":
            return pieces
        pieces = pieces.search(
            [
                ("product_id", "=", self.product_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_piece", "=", True),
                ("piece_status", "=", "available"),
            ],
            limit=2,
        )
        return pieces if len(pieces) == 1 else pieces.browse()

    # === CLAIM HOOKS === #

    @api.model
    def _get_claim_fields(self):
        """Override: what the customer reads of the line."""
        return (*super()._get_claim_fields(), "name")

    def _get_claim_subjects(self):
        """Override: what is said on the line is said of its piece."""
        return {
            # In sudo: whoever sells the piece may say what it is.
            line: [(line.piece_id.sudo().name, line.piece_id._get_claim_subject())]
            for line in self.filtered("piece_id")
        }

    @api.model
    def _get_claim_advice(self):
        """Override: a line begins with the name of the style, which is changed elsewhere."""
        return self.env._(
            "Write it as it is, then save again. Where the words are in the name of the style, let "
            "a keeper change them there, then add the piece again."
        )

    def _get_approved_claims(self):
        """Override: what was approved of the style's words is on each of its lines."""
        style = self.product_id.product_tmpl_id
        return super()._get_approved_claims() | style._get_approved_claims()

    # === DELIVERY METHODS === #

    def _get_protected_fields(self):
        """Override of `sale`: the piece of a locked order stays."""
        return [*super()._get_protected_fields(), "piece_id"]

    def _prepare_procurement_values(self):
        """Override of `sale_stock` to deliver this piece and no other."""
        return super()._prepare_procurement_values() | {"piece_id": self.piece_id.id}

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Override of `sale_stock`: one order at a time promises a piece, and gets it.

        :raises UserError: when a piece has been sold or taken in the meantime
        """
        lines = self.browse()
        if not self.env.context.get("skip_procurement"):
            lines = self.filtered(lambda line: line._is_to_promise())
        lines._check_pieces_free()
        res = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        lines._check_pieces_reserved()
        return res

    def _is_to_promise(self):
        """Tell whether the line's piece has yet to be taken for it."""
        return (
            self.piece_id
            and self.state == "sale"
            and not self.order_id.locked
            and self._get_qty_procurement() < self.product_uom_qty
        )

    def _check_pieces_free(self):
        """Take the lines' pieces for this transaction, then look whether they can be sold.

        :raises UserError: naming each piece and why not
        """
        pieces = self.piece_id.sudo()
        pieces._lock_pieces()
        if reasons := self.order_id._get_parted_pieces() | pieces._get_unavailability():
            raise UserError(
                self.env._(
                    "These pieces cannot be sold now:\n%(pieces)s",
                    pieces="\n".join(f"{piece.name}: {why}" for piece, why in reasons.items()),
                )
            )

    def _check_pieces_reserved(self):
        """Refuse a promise that cannot be kept from where the order is shipped.

        :raises UserError: naming the piece and its place
        """
        for line in self.sudo():
            if line.piece_id not in line.move_ids.move_line_ids.lot_id:
                raise UserError(
                    self.env._(
                        "%(piece)s could not be reserved: it is at %(place)s, and the order ships "
                        "from %(warehouse)s. Move the piece or change the warehouse.",
                        piece=line.piece_id.name,
                        place=line.piece_id.location_id.display_name,
                        warehouse=line.warehouse_id.name,
                    )
                )

    def _check_piece_changeable(self):
        """Refuse another piece once this one has left or has been invoiced.

        :raises UserError: naming the piece
        """
        for line in self:
            if line.qty_delivered or line.qty_invoiced:
                raise UserError(
                    self.env._(
                        "%(piece)s has been delivered or invoiced. Return it or credit it, then "
                        "add the other piece on a line of its own.",
                        piece=line.piece_id.name or line.product_id.display_name,
                    )
                )

    def _move_chosen_piece(self):
        """Let the open deliveries of confirmed lines give back their piece for the one chosen."""
        for line in self:
            moves = line.sudo().move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
            moves._do_unreserve()
            moves.piece_id = False
            if line.piece_id:
                line._check_pieces_free()
                moves.piece_id = line.piece_id
            moves._action_assign()
            if line.piece_id:
                line._check_pieces_reserved()

    # === INVOICE METHODS === #

    def _prepare_invoice_line(self, **optional_values):
        """Override of `sale` to name the pieces whose cost the invoice line takes."""
        vals = super()._prepare_invoice_line(**optional_values)
        if pieces := self._get_pieces_to_invoice():
            vals["piece_ids"] = [Command.set(pieces.ids)]
        return vals

    def _get_pieces_to_invoice(self):
        """Return the pieces that the next invoice charges, or credits when they came back."""
        self.ensure_one()
        if self.piece_id or self.product_id.cost_method != SPECIFIC:
            return self.piece_id
        invoiced, delivered = self._get_invoiced_pieces(), self._get_delivered_pieces()
        quantity = int(self.qty_to_invoice)
        return (
            (delivered - invoiced)[:quantity]
            if quantity > 0
            else (invoiced - delivered)[:-quantity]
        )

    def _get_delivered_pieces(self):
        """Return the pieces that the customer got on this line and has not returned."""
        pieces = self.env["stock.lot"]
        done = self.sudo().move_ids.move_line_ids.filtered(lambda line: line.state == "done")
        for move_line in done.sorted(lambda line: (line.date, line.id)):
            if move_line.location_dest_id.usage == "customer":
                pieces |= move_line.lot_id
            elif move_line.location_id.usage == "customer":
                pieces -= move_line.lot_id
        return pieces

    def _get_invoiced_pieces(self):
        """Return the pieces that invoices charge for this line and no credit note took back."""
        pieces = self.env["stock.lot"]
        lines = self.sudo().invoice_lines.filtered(lambda line: line.parent_state != "cancel")
        for line in lines.sorted("id"):
            if line._takes_pieces_back():
                pieces -= line.piece_ids
            else:
                pieces |= line.piece_ids
        return pieces

    def _name_invoiced_pieces(self):
        """Tell invoice lines which pieces they charge, where the delivery came later, or where
        it handed over another piece in exchange.
        """
        for line in self.filtered(lambda line: not line.piece_id):
            invoiced, delivered = line._get_invoiced_pieces(), line._get_delivered_pieces()
            line._swap_invoiced_pieces(invoiced - delivered, delivered - invoiced)

    def _swap_invoiced_pieces(self, returned, new):
        for line in self.sudo().invoice_lines:
            if line.parent_state == "cancel" or line._takes_pieces_back():
                continue
            kept = line.piece_ids - returned[: len(new)]
            named = new[: max(int(line.quantity) - len(kept), 0)]
            line.piece_ids = kept | named
            new -= named
