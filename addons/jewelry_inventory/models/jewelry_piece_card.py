from odoo import api, models
from odoo.tools import format_amount

from ..tools import claim
from ..tools.weight import carat_text


class JewelryPieceCard(models.AbstractModel):
    """What the store tells a client of a piece, on a screen turned to the client.

    The card is built from what is named here and nothing else, whoever opens it: a manager's
    card has no cost, no vendor and no internal note either.
    """

    _name = "jewelry.piece.card"
    _description = "Piece Card"

    @api.readonly
    def get_client_card(self):
        """Return what a client may see of the piece.

        :return: texts, ready to be shown: number, title, status, price, photos, facts, stones,
            reports and company
        :rtype: dict
        """
        self.ensure_one()
        return {
            "number": self.name,
            "title": self._get_client_title(),
            "status": self._get_client_status(),
            "price": self._get_client_price(),
            "photos": self._get_client_photos(),
            "facts": self._get_client_facts(),
            "stones": [self._prepare_client_stone(stone) for stone in self._get_client_stones()],
            "reports": [self._prepare_client_report(r) for r in self._get_client_reports()],
            "company": self.company_id.name,
        }

    def action_open_client_card(self):
        """Turn the screen to the client: the card of the piece, over everything else."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "jewelry_piece_card",
            "name": self.env._("Piece card"),
            "target": "fullscreen",
            "params": {"piece_id": self.id},
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def _get_client_title(self):
        """Return the name of the style; where that does not fit the piece, what the piece is."""
        name = self._get_fitting_name() or self.main_stone_id.display_name
        return name or self._get_metal_names()

    def _get_client_status(self):
        """Return a word on a piece that the client cannot buy, or False."""
        return False if self.piece_status == "available" else self.env._("Ask for availability")

    def _get_client_price(self):
        """Return the price with its currency, or False while there is none. Rooms that know a
        better one override it.
        """
        if not self.list_price:
            return False
        return format_amount(self.env, self.list_price, self.currency_id)

    def _get_client_photos(self):
        """Return the addresses of the photos, small and large, the main one first."""
        photos = [f"/web/image/stock.lot/{self.id}/image_"] if self.image_1920 else []
        return [{"small": f"{url}256", "large": f"{url}1920"} for url in photos] + [
            {"small": f"/web/image/{image.id}/256x256", "large": f"/web/image/{image.id}"}
            for image in self.photo_ids
        ]

    def _get_client_facts(self):
        """Return the specification in plain words: a list of label and value. Rooms add to it."""
        facts = {
            self.env._("Metal"): self._get_metal_names(),
            self.env._("Stones"): self._get_client_carats(),
            self.env._("Weight"): self.gross_weight and f"{self.gross_weight:.2f} g",
            self.env._("Size"): self._get_client_size(),
            self.env._("Ring size"): self.ring_size,
            self.env._("Hallmark"): self.hallmark,
            self.env._("Inscription"): self.inscription,
        }
        return [{"label": label, "value": value} for label, value in facts.items() if value]

    def _get_client_carats(self):
        """Return the total weight of several stones; one stone says its own."""
        if self.stone_count < 2:
            return False
        carats = carat_text(self.carat_weight)
        return self.env._(
            "%(count)s stones, together %(carats)s ct", count=self.stone_count, carats=carats
        )

    def _get_client_size(self):
        sides = [side for side in (self.length, self.width, self.height) if side]
        return f" {claim.TIMES} ".join(f"{side:g}" for side in sides) + " mm" if sides else False

    def _get_client_stones(self):
        """Return the stones, the largest first."""
        return self.stone_ids.sorted(lambda stone: (-stone.carat / (stone.count or 1), stone.id))

    @api.model
    def _prepare_client_stone(self, stone):
        """Return what a client may know of a stone, treatments and origin always included."""
        words = stone._get_claim_words()
        return {
            "id": stone.id,
            "name": claim.count_stone(words),
            "carat": carat_text(words.carat),
            "color": words.color,
            "clarity": words.clarity,
            "cut": stone.cut_grade_id.name or "",
            "origin": stone._get_origin_label() if stone.origin != "unknown" else "",
            "treatments": ", ".join(stone.treatment_ids.mapped("name")),
        }

    def _get_client_reports(self):
        """Return the current laboratory reports of the piece and of its stones."""
        return (self.report_ids + self.stone_ids.report_ids).filtered("is_current")

    @api.model
    def _prepare_client_report(self, report):
        return {
            "id": report.id,
            "laboratory": report.laboratory_id.name,
            "number": report.number,
            "url": report.verification_url or False,
        }
