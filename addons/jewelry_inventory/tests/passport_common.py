import json

from ..tools.passport import PROOF
from ..tools.passport_check import check_passport
from .common import ProvenanceCommon

BASE = "https://shop.example"


class PassportCommon(ProvenanceCommon):
    """A ring with a stone that was loose before, in a store that anchors every night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", BASE)
        cls.client = cls.env["res.partner"].create({"name": "Ada Client"})
        cls.home = cls._create_lot("stone", name="LS-0001")
        cls.stone = cls._create_stone(holder_id=cls.home.id, home_lot_id=cls.home.id)
        cls.ring = cls._create_lot(name="R-0001", gross_weight=4.0, list_price=987.65)
        cls.env["jewelry.piece.metal"].create(
            {"lot_id": cls.ring.id, "alloy_id": cls.gold_18k.id, "weight": 3.2}
        )
        cls.stone.holder_id = cls.ring
        cost = {"new": "432.10", "currency": "USD", "why": "receipt"}
        cls.Event._append([(cls.ring, "cost", cost), (cls.home, "cost", cost)])
        cls.Event._append([(cls.ring, "owner", {"owner": cls.client.chain_uuid})])

    def _anchor(self):
        self.Check._cron_verify()
        return self.Check._get_last_anchored()

    def _export(self, piece=None):
        """Return the passport as a customer gets it."""
        return json.loads((piece or self.ring)._get_passport_file())

    def _check(self, piece=None, **options):
        return check_passport(self._export(piece), **options)

    def _get_shown(self, document, record):
        """Return (kind, payload) of the events of a record that can be read."""
        return [
            (event["jewelry:kind"], json.loads(event["jewelry:payload"]))
            for event in document["epcisBody"]["eventList"]
            if event["jewelry:chain"] == record.chain_uuid
        ]

    def _get_chains(self, document):
        return {chain["chain"]: chain for chain in document[PROOF]["chains"]}
