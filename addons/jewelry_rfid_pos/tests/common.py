"""What the tests of pads share: a register with a pad, and tagged pieces to lay on it."""

from uuid import uuid4

from odoo.addons.jewelry_pos.tests.common import PosCommon
from odoo.addons.jewelry_rfid.tests.reader_common import get_epc, prepare_row
from odoo.addons.jewelry_rfid.tools.batch import SECOND

PAD, DOOR = 1, 2


class PadCommon(PosCommon):
    """The register of the tests, a pad beside it, and a door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad, cls.door = cls.env["jewelry.rfid.zone"].create(
            [
                {"name": f"{kind} of the test", "kind": kind, "company_id": cls.company.id}
                for kind in ("pad", "door")
            ]
        )
        cls.gateway = cls.env["jewelry.rfid.gateway"].create(
            {"name": "Counter", "code": "counter", "company_id": cls.company.id}
        )
        cls.reader = cls.env["jewelry.rfid.reader"].create(
            {"gateway_id": cls.gateway.id, "code": "R1"}
        )
        cls.env["jewelry.rfid.antenna"].create(
            [
                {"reader_id": cls.reader.id, "port": port, "zone_id": zone.id}
                for port, zone in ((PAD, cls.pad), (DOOR, cls.door))
            ]
        )
        cls.config.rfid_pad_id = cls.pad
        cls.tags = {piece: cls._tag(piece, n) for n, piece in enumerate((cls.low, cls.high), 1)}
        cls.clock = cls.gateway._get_time() - 600 * SECOND

    # === FACTORIES === #

    @classmethod
    def _tag(cls, piece, number):
        return cls.env["jewelry.rfid.tag"].create({"epc": get_epc(number), "lot_id": piece.id})

    # === ACTIONS === #

    @classmethod
    def _see(cls, *pieces, kind="appear", antenna=PAD):
        """Let a reader see pieces, a second later than what it saw before."""
        cls.clock += SECOND
        rows = [
            prepare_row(cls.tags[piece].epc, cls.clock, kind, antenna=antenna) for piece in pieces
        ]
        batches = cls.env["jewelry.rfid.batch"].with_user(cls.gateway._require_device())
        now = cls.gateway._get_time()
        return batches.register_batch(str(uuid4()), cls.gateway.code, 1, now, rows)

    @classmethod
    def _watch(cls, state="up"):
        """Let the gateway tell how its reader is."""
        report = {"code": "R1", "driver": "m100", "state": state, "antennas": [PAD, DOOR]}
        cls.env["jewelry.rfid.reader"].with_user(cls.gateway._require_device()).heartbeat(
            gateway=cls.gateway.code, sent=cls.gateway._get_time(), readers=[report]
        )
