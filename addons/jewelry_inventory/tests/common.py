"""What the tests of this module share: vectors, property settings and factories."""

import csv
import json

from hypothesis import settings

from odoo.tests import BaseCase
from odoo.tools.misc import file_open

# No deadline, because the machine's speed is no property; the same examples on every run.
settings.register_profile("jewelry", deadline=None, database=None, derandomize=True)
settings.load_profile("jewelry")


class VectorCase(BaseCase):
    """A test of pure rules against the files in ``tests/vectors``."""

    @staticmethod
    def _open_vector(name):
        return file_open(f"jewelry_inventory/tests/vectors/{name}")

    @classmethod
    def _load_vector(cls, name):
        with cls._open_vector(name) as file:
            return json.load(file)

    @classmethod
    def _load_rows(cls, name):
        """Return a CSV vector as dicts of floats."""
        with cls._open_vector(name) as file:
            rows = csv.DictReader(file.read().splitlines())
            return [{key: float(value) for key, value in row.items()} for row in rows]
