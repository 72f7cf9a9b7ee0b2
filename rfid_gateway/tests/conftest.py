"""What tests share."""

import pytest
from jewelry_rfid_gateway.reading import STAY, Sighting
from jewelry_rfid_gateway.spool import Spool
from odoo_server import KEY, OdooServer

START = 1_780_000_000_000


def make_sighting(kind=STAY, epc="AA", number=0, **values):
    """A sighting of 4 reads in a second of its own."""
    first = START + number * 1_000
    base = Sighting(kind, epc, None, "r", 1, first, first + 500, 4, -50.0)
    return base._replace(**values)


@pytest.fixture
def spool(tmp_path):
    """A spool in a folder of its own."""
    spool = Spool(tmp_path / "spool.db")
    yield spool
    spool.close()


@pytest.fixture
def odoo():
    """A server in Odoo's place."""
    with OdooServer() as server:
        yield server


@pytest.fixture
def key_file(tmp_path):
    """The key that the server takes."""
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o600)
    return file
