"""What tests of tags share: pieces, users, and chips with numbers of no scheme."""

from base64 import b64decode
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from unittest.mock import patch

from odoo.tools import config

from odoo.addons.jewelry_inventory.tests.common import PriceCommon

# Chips as they come from their maker, with a number that means nothing.
CHIP, OTHER_CHIP = "ABCD00000000000000000001", "ABCD00000000000000000002"
TID = "E28011702000020B5C0A0A4C"


class TagCommon(PriceCommon):
    """Rings to tag, and who may tag them. The key of the chips is the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = cls._create_user("associate")
        cls.Tag = cls.env["jewelry.rfid.tag"]
        cls.rings = cls._create_rings(3)
        cls.ring, cls.other_ring, cls.third_ring = cls.rings

    def setUp(self):
        super().setUp()
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        self.key_path = Path(folder, "rfid_key")
        option = {"jewelry_rfid_key_file": str(self.key_path)}
        patcher = patch.dict(config.options, option)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _tag(self, piece, chip=CHIP, user=None, **values):
        """Tag a piece as a keeper does."""
        return piece.with_user(user or self.keeper)._tag(chip, **values)

    def _print(self, pieces, user=None, **values):
        """Print labels with chips in the dialog, as a keeper, and return the ZPL."""
        action = pieces.with_user(user or self.keeper).action_print_labels()
        printing = self.env[action["res_model"]].with_user(user or self.keeper)
        printing = printing.browse(action["res_id"])
        printing.write({"label_format": "zpl", "with_chip": True} | values)
        printing.action_print()
        return b64decode(printing.file).decode()

    def _get_events(self, piece, *kinds):
        """Return what the chain of a piece tells of its tags, oldest first."""
        domain = [("lot_id", "=", piece.id), ("kind", "in", kinds or ("tag", "untag"))]
        return self.env["jewelry.provenance.event"].search(domain, order="seq")
