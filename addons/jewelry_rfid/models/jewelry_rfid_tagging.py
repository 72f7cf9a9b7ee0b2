from odoo import api, models
from odoo.exceptions import UserError

from ..tools import epc, zpl
from .jewelry_rfid_tag import IN_USE, LIVE, RETIRED, WRITTEN

# GS1's filter values: an item that is sold over the counter; of assets there is none.
FILTERS = {"sgtin": 1, "giai": 0}
SERIAL_SEQUENCE = "jewelry.rfid.tag"


class JewelryRfidTagging(models.AbstractModel):
    """How a piece comes to its tag: by a label whose chip is written, or by a chip that is read."""

    _name = "jewelry.rfid.tagging"
    _description = "Tagging of Pieces"

    # === READING === #

    def _tag(self, text, *, tid=None, reason=None):
        """Make a chip the live tag of this piece. A tag before it is retired.

        :param str text: the number of the chip in hexadecimal, as a reader shows it
        :param str tid: the number that its maker gave it
        :param str reason: why the piece gets another tag; needed where it has a live one
        :return: the tag
        :raises UserError: for a chip of another piece, a blank or broken one, and without a
            needed reason
        """
        self.ensure_one()
        return self._tag_many({self: text}, {self: tid}, reason)

    @api.model
    def _tag_many(self, texts, tids, reason=None):
        """Make chips the live tags of pieces, all or none; of each as `_tag` does.

        :param dict texts: {piece: number of its chip}
        :param dict tids: {piece: number that the maker gave its chip}, as far as known
        :return: the tags
        """
        tags = self.env["jewelry.rfid.tag"]
        tags._check_keeper()
        lots = self.env["stock.lot"].union(*texts)
        lots._lock_lots()
        lots._check_labelable()
        numbers = {lot: self._read_chip(text) for lot, text in texts.items()}
        tags._check_free(numbers)
        known = {
            tag.lot_id: tag
            for tag in lots.rfid_tag_ids
            if tag.epc == numbers[tag.lot_id] and tag.state != RETIRED
        }
        kept = tags.union(*known.values())
        self._retire_tags(lots, kept, reason)
        missing = [
            {"epc": numbers[lot], "lot_id": lot.id, "state": WRITTEN}
            for lot in lots
            if lot not in known
        ]
        # In sudo: tags are written by what is done to pieces, never by hand.
        current = kept | tags.sudo().create(missing).with_env(self.env)
        dead = current.filtered(lambda tag: tag.state != LIVE)
        dead._set_live({tag: tids.get(tag.lot_id) for tag in dead})
        return current

    @api.model
    def _read_chip(self, text):
        """Return the number of a chip.

        :raises UserError: for what is none, and for a blank or broken one
        """
        try:
            number = epc.normalize(text)
            if epc.is_known(number):
                epc.decode(number)
            epc.pad(number)
        except epc.EpcError as error:
            raise UserError(
                self.env._(
                    "%(code)s is no number of a chip that a piece can have: %(problem)s",
                    code=text,
                    problem=str(error),
                )
            ) from error
        return number

    @api.model
    def _retire_tags(self, lots, kept, reason):
        """Retire the tags of pieces that others take the place of.

        :param kept: tags that stay or become live
        :raises UserError: without a reason, where a live tag is replaced
        """
        replaced = lots.rfid_tag_ids.filtered(lambda tag: tag.state in IN_USE) - kept
        if not replaced:
            return
        reason = (reason or "").strip()
        if not reason and (live := replaced.filtered(lambda tag: tag.state == LIVE)):
            raise UserError(
                self.env._(
                    "%(pieces)s has a live tag already. Enter the reason for another one.",
                    pieces=", ".join(live.lot_id[:5].mapped("name")),
                )
            )
        replaced._set_ended(RETIRED, reason or self.env._("Another tag took its place."))

    # === WRITING === #

    def _write_tags(self):
        """Give these pieces numbers that a printer is going to write on the chips of their labels.
        A label that was printed before and never read is given up.

        :raises UserError: where a company or a style lacks what its numbers are made of
        """
        tags = self.env["jewelry.rfid.tag"]
        tags._check_keeper()
        codes = self._make_codes()
        given_up = self.rfid_tag_ids.filtered(lambda tag: tag.state == WRITTEN)
        given_up._set_ended(RETIRED, self.env._("Another label was printed."))
        # In sudo: tags are written by what is done to pieces, never by hand.
        tags.sudo().create(
            [
                {
                    "epc": codes[lot],
                    "lot_id": lot.id,
                    "state": WRITTEN,
                    "is_locked": lot._get_rfid_company().rfid_lock,
                }
                for lot in self
            ]
        )

    def _make_codes(self):
        """Return {piece: a new number in hexadecimal}, by the scheme of its company.

        :rtype: dict
        :raises UserError: where a company or a style lacks what its numbers are made of
        """
        sequence = self.env["ir.sequence"].sudo()
        serials = sequence._next_by_code_many(SERIAL_SEQUENCE, len(self))
        codes = {}
        for lot, serial in zip(self, serials, strict=True):
            try:
                codes[lot] = epc.encode(lot._make_code(int(serial)))
            except epc.EpcError as error:
                raise UserError(
                    self.env._(
                        "%(piece)s cannot have a number on a chip: %(problem)s",
                        piece=lot.name,
                        problem=str(error),
                    )
                ) from error
        return codes

    def _make_code(self, serial):
        """Return a new number of this piece, as `epc.Epc`."""
        company = self._get_rfid_company()
        scheme = company._get_rfid_scheme()
        if scheme == epc.OWN:
            return epc.make_own(self.env["jewelry.rfid.tag"]._get_store_code(), serial)
        prefix = company.gs1_prefix or ""
        options = {"filter_value": FILTERS[scheme], "prefix_length": len(prefix)}
        if scheme == "giai":
            return epc.parse(f"({epc.KEYS[scheme].identifier}){prefix}{serial}", **options)
        gtin = self._get_label_gtin()
        if gtin[1 : 1 + len(prefix)] != prefix:
            raise epc.EpcError(
                self.env._(
                    "the style needs a GTIN under the company's own prefix %(prefix)s as its "
                    "barcode. Enter it, or number assets instead (settings).",
                    prefix=prefix,
                )
            )
        return epc.parse(f"(01){gtin}(21){serial}", **options)

    def _get_rfid_company(self):
        # In sudo: how a company numbers its chips is no secret.
        return (self.company_id or self.env.company).sudo()

    # === READING BACK === #

    @api.model
    def _read_back(self, text):
        """Make tags live that a printer has written and read again.

        :param str text: what the printer answered
        :return: tags that are live now, and texts on those that are not
        """
        self.env["jewelry.rfid.tag"]._check_keeper()
        answers = zpl.read_answers(text)
        domain = [("epc", "in", [answer.written for answer in answers]), ("state", "=", WRITTEN)]
        tags = self.env["jewelry.rfid.tag"].search(domain)
        by_number = {tag.epc: tag for tag in tags}
        good = [a for a in answers if a.read == a.written and a.written in by_number]
        texts = {by_number[answer.written].lot_id: answer.read for answer in good}
        tids = {by_number[answer.written].lot_id: answer.tid for answer in good}
        done = self._tag_many(texts, tids, self.env._("A new label was printed."))
        problems = [
            self._describe_answer(answer, by_number.get(answer.written))
            for answer in answers
            if answer not in good
        ]
        return done, problems

    @api.model
    def _describe_answer(self, answer, tag):
        if not tag:
            return self.env._("%(epc)s waits for no chip.", epc=answer.written)
        return self.env._(
            "%(epc)s was read as “%(read)s”: take the label of %(piece)s away and print it again.",
            epc=answer.written,
            read=answer.read,
            piece=tag.lot_id.name,
        )
