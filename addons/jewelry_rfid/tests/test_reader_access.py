from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import (
    ALL,
    READ,
    ROLES,
    WRITE,
    AccessMatrixTests,
)

from .reader_common import ReaderCommon, get_epc

STAFF = {role: {READ} for role in ("associate", "keeper", "manager", "auditor")}


@tagged("-at_install", "post_install")
class TestReaderAccess(AccessMatrixTests, ReaderCommon):
    """Who may do what with readers and what they see."""

    access = {
        "jewelry.rfid.zone": STAFF | {"manager": ALL},
        "jewelry.rfid.antenna": STAFF | {"manager": ALL},
        "jewelry.rfid.reader": STAFF | {"manager": ALL},
        "jewelry.rfid.gateway": {"keeper": {READ}, "manager": ALL},
        "jewelry.rfid.batch": {"keeper": {READ}, "manager": {READ}},
        "jewelry.rfid.sighting": STAFF,
        "jewelry.rfid.unknown": STAFF,
        "jewelry.rfid.alarm": STAFF,
        "jewelry.rfid.watch": {"manager": {READ}},
        "jewelry.rfid.auto.count": {role: {READ} for role in ("keeper", "manager", "auditor")},
        "jewelry.rfid.expected": {},
        "jewelry.rfid.proposal": STAFF | {"keeper": {READ, WRITE}, "manager": {READ, WRITE}},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._create_user(role) for role in ROLES}
        cls.users["auditor"] = cls._create_user(
            "employee", "jewelry_inventory.group_auditor", login="rfid_auditor"
        )
        cls.users["device"] = cls.device

    def test_nobody_sees_readers_and_sightings_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other store"})
        gateway = self._create_gateway("other", company_id=other.id)
        zone = self._create_zone("Other zone", self.env["stock.location"], company_id=other.id)
        self._create_reader(gateway, "R1", [zone])
        self._send(self._row(get_epc(1)), gateway=gateway)
        for model in self.access.keys() - {"jewelry.rfid.watch", "jewelry.rfid.expected"}:
            records = self.env[model].with_user(self.users["manager"])
            with self.subTest(model=model):
                self.assertFalse(records.search([("company_id", "=", other.id)]))
        with self.assertRaises(AccessError):
            gateway.with_user(self.users["manager"]).read(["name"])
