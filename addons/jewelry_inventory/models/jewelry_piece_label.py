from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.barcode import check_barcode_encoding
from odoo.tools.misc import formatLang

from ..tools import cipher, claim, ring_size
from ..tools.label import LabelData, find_missing


class JewelryPieceLabel(models.AbstractModel):
    """What the label of a piece, a loose stone or a parcel says, and who may have one.

    A label hangs where everybody reads it: it is built from what is named here and nothing else.
    What the piece cost is on it only in the letters of the company's cipher, if at all.
    """

    _name = "jewelry.piece.label"
    _description = "Label of a Piece"

    label_count = fields.Integer(
        string="Labels Printed",
        compute="_compute_label_count",
        groups="jewelry_inventory.group_keeper",
    )

    # === COMPUTE METHODS === #

    def _compute_label_count(self):
        counts = dict(
            self.env["jewelry.label"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["quantity:sum"]
            )
        )
        for lot in self:
            lot.label_count = counts.get(lot._origin, 0)

    # === ACTION METHODS === #

    def action_print_labels(self):
        """Ask how to print the labels of these pieces, loose stones and parcels.

        :return: window action of `jewelry.label.print`
        :raises UserError: when none of them has a label
        """
        lots = self.filtered("jewelry_kind")
        if not lots:
            raise UserError(self.env._("Choose pieces, loose stones or parcels to label."))
        lots._check_labelable()
        printing = self.env["jewelry.label.print"].create({"lot_ids": lots.ids})
        return printing._get_records_action(name=self.env._("Print Labels"), target="new")

    def action_view_labels(self):
        """Open the labels that were printed of these lots."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_label_action"
        )
        return action | {"domain": [("lot_id", "in", self.ids)], "context": {}}

    # === BUSINESS METHODS === #

    def _check_labelable(self):
        """Refuse to label what is void.

        :raises UserError: naming the pieces
        """
        if void := self.filtered("void_reason"):
            raise UserError(
                self.env._(
                    "%(pieces)s is void, so there is no piece to label. Leave it out.",
                    pieces=", ".join(void[:5].mapped("name")),
                )
            )

    def _check_not_labelled(self):
        """Refuse to void what has a label: it may hang on another piece.

        :raises UserError: naming the pieces
        """
        if labelled := self._get_labelled():
            raise UserError(
                self.env._(
                    "%(pieces)s already has a label and cannot be voided any more. Take it into "
                    "stock, scrap it there and destroy the label.",
                    pieces=", ".join(labelled[:5].mapped("name")),
                )
            )

    def _check_renamed(self, vals):
        """Refuse another number for what has a label: a scan of it would find nothing, or what
        gets that number next.

        :raises UserError: naming the pieces
        """
        if "name" not in vals or self.env.su:
            return
        renamed = self.filtered(lambda lot: lot.jewelry_kind and lot.name != vals["name"])
        if labelled := renamed._get_labelled():
            raise UserError(
                self.env._(
                    "%(pieces)s has a label with this number and keeps it. Enter another number as "
                    "its former one, by which it is found, too.",
                    pieces=", ".join(labelled[:5].mapped("name")),
                )
            )

    def _get_labelled(self):
        """Return those of the lots that have a label already."""
        # In sudo: whoever voids or labels a piece must know, also of a label hidden from him.
        labels = self.env["jewelry.label"].sudo().search([("lot_id", "in", self.ids)])
        return labels.lot_id.with_env(self.env)

    def _prepare_labels(self, with_price=True, with_cost=False):
        """Return what each lot's label says.

        :param bool with_price: whether clients may read the price; window pieces have none
        :param bool with_cost: whether it has the cost in letters
        :return: {lot: `tools.label.LabelData`}
        :rtype: dict
        :raises AccessError: for a cost that the user may not see
        """
        prices = self._compute_base_price() if with_price else {}
        costs = self._get_label_costs() if with_cost else {}
        return {
            lot: LabelData(
                number=lot.name,
                price=lot._get_label_price(prices.get(lot)),
                metal=lot._get_label_metal(),
                stones=lot._get_label_stones(),
                style=lot._get_fitting_name(),
                notes=lot._get_label_notes(),
                cost=costs.get(lot, ""),
                gtin=lot._get_label_gtin(),
                rf_block=lot._get_label_rf_block(),
            )
            for lot in self
        }

    def _get_label_rf_block(self):
        """Hook: the commands in ZPL that write the chip of this label, beside what is printed."""
        return ""

    def _get_label_gtin(self):
        """Return the fourteen digits of the style's GTIN; "" for a barcode that is none."""
        barcode = (self.product_id.barcode or "").zfill(14)
        is_gtin = self.product_id.barcode and check_barcode_encoding(barcode, "gtin14")
        return barcode if is_gtin else ""

    def _get_label_costs(self):
        """Return {lot: its cost in letters, with month and year of the receipt}.

        :raises AccessError: for a cost that the user may not see
        :raises UserError: when the company has no cipher
        """
        self.env["stock.lot"]._check_field_access(self._fields["standard_price"], "read")
        costs = {}
        for lot in self:
            # In sudo: keepers print the letters, managers decide which.
            company = (lot.company_id or self.env.company).sudo()
            if not company.cost_cipher_word:
                raise UserError(
                    self.env._(
                        "%(company)s has no cost cipher yet. A manager chooses it in the "
                        "settings, or print without cost.",
                        company=company.name,
                    )
                )
            word, repeat = company.cost_cipher_word, company.cost_cipher_repeat or ""
            if cost := lot.with_company(company).standard_price:
                costs[lot] = cipher.write_cost(cost, lot.received_date, word, repeat)
        return costs

    def _get_label_price(self, amount):
        """Return a price in the currency of the company, a parcel's by its unit. A currency has
        its code where no label can have its sign.
        """
        if not amount:
            return ""
        currency = self.currency_id
        price = currency.format(amount)
        if find_missing(price, bold=True):
            digits = currency.decimal_places
            price = f"{currency.name} {formatLang(self.env, amount, digits=digits)}"
        return f"{price}/{self.product_uom_id.name}" if self.jewelry_kind == "parcel" else price

    def _get_label_metal(self):
        """Return weight and alloys, the heaviest first."""
        lines = self.metal_line_ids.sorted(lambda line: -line.weight)
        grams = self.gross_weight or sum(lines.mapped("weight"))
        if self.jewelry_kind != "piece":
            return ""
        weight = f"{formatLang(self.env, grams, digits=2)} g" if grams else ""
        names = [claim.shorten_metal(alloy._get_claim_words()) for alloy in lines.alloy_id]
        return " ".join(filter(None, [weight, " / ".join(names)]))

    def _get_label_stones(self):
        """Return weight, material and grades of the main stone in ever fewer words, what counts
        most first. Signs that no label has are said in English: a word left out is a lie.
        """
        if not self.main_stone_id:
            return ()
        forms = claim.shorten_stone(self.main_stone_id._get_claim_words())
        return forms if not find_missing(forms[0]) else self._in_english()._get_label_stones()

    def _get_label_notes(self):
        """Return the other stones and the size; of a loose stone its laboratory report. In ever
        fewer words: the other stones stay to the end.
        """
        report = self.main_stone_id.report_ids.filtered("is_current")[:1]
        others = self._get_label_others()
        size = self._get_label_size()
        named = report.display_name if self.jewelry_kind == "stone" else ""
        forms = [(*others, size, named), (*others, size), others]
        notes = tuple(dict.fromkeys(" · ".join(filter(None, form)) for form in forms))
        return notes if any(notes) else ()

    def _get_label_others(self):
        """Return the total of the stones beside the main one, for each kind."""
        main, others = self.main_stone_id, self.stone_ids - self.main_stone_id
        words = [stone._get_claim_words() for stone in others]
        texts = claim.add_up(words, main._get_claim_words() if main else None)
        return texts if not find_missing("".join(texts)) else self._in_english()._get_label_others()

    def _in_english(self):
        return self.with_context(lang="en_US")

    def _get_label_size(self):
        """Return a ring's size on the two scales that most clients know."""
        around = self.ring_circumference
        if around <= 0:
            return ""
        return f"EU {ring_size.to_size(around, 'iso')} · US {ring_size.to_size(around, 'us')}"
