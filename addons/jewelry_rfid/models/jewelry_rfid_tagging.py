from odoo import api, models
from odoo.exceptions import UserError

from ..tools import epc, zpl
from .jewelry_rfid_tag import LIVE, RETIRED, WRITTEN

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
        tags = self.env["jewelry.rfid.tag"]
        tags._check_keeper()
        self._lock_lots()
        self._check_labelable()
        number = self._read_chip(text)
        tags._check_free(number, self)
        own = self.rfid_tag_ids.filtered(lambda tag: tag.epc == number and tag.state != RETIRED)
        if own.filtered(lambda tag: tag.state == LIVE):
            return own[:1]
        self._retire_tags(own, reason)
        # In sudo: tags are written by what is done to pieces, never by hand.
        tag = own[:1] or tags.sudo().create({"epc": number, "lot_id": self.id, "state": WRITTEN})
        tag.with_env(self.env)._set_live(tid)
        return tag.with_env(self.env)

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
            raise UserError(self._describe_bad_chip(text, str(error))) from error
        return number

    def _describe_bad_chip(self, text, problem):
        return self.env._(
            "%(code)s is no number of a chip that a piece can have: %(problem)s",
            code=text,
            problem=problem,
        )

    def _retire_tags(self, kept, reason):
        """Retire the tags of this piece that another one takes the place of.

        :param kept: a tag that is going to be live
        :raises UserError: without a reason, where the piece has a live tag
        """
        replaced = self.rfid_tag_ids.filtered(lambda tag: tag.state in (LIVE, WRITTEN)) - kept
        if not replaced:
            return
        reason = (reason or "").strip()
        if not reason and LIVE in replaced.mapped("state"):
            raise UserError(
                self.env._(
                    "%(piece)s has a live tag already. Enter the reason for another one.",
                    piece=self.name,
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
                raise UserError(self._describe_bad_number(lot, str(error))) from error
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

    def _describe_bad_number(self, lot, problem):
        return self.env._(
            "%(piece)s cannot have a number on a chip: %(problem)s", piece=lot.name, problem=problem
        )

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
        done, problems = tags.browse(), []
        for answer in answers:
            tag = by_number.get(answer.written)
            if tag and answer.read == answer.written:
                reason = self.env._("A new label was printed.")
                done |= tag.lot_id._tag(answer.read, tid=answer.tid, reason=reason)
            else:
                problems.append(self._describe_answer(answer, tag))
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
