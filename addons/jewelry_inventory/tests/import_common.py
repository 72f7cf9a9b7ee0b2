import base64
import io

import openpyxl

from .common import JewelryCommon


class ImportCommon(JewelryCommon):
    """Files on their way into stock."""

    @classmethod
    def _prepare_file(cls, content):
        return base64.b64encode(content if isinstance(content, bytes) else content.encode())

    @classmethod
    def _create_import(cls, content, kind="stone", **values):
        """Return an import whose columns have been read."""
        defaults = {
            "kind": kind,
            "file": cls._prepare_file(content),
            "filename": "stones.csv",
            "place_id": cls.stock_location.id,
            "category_id": cls.category.id,
            "origin": "natural",
            "cut_scheme": "trade",
        }
        job = cls.env["jewelry.import"].create(defaults | values)
        job.action_read()
        return job

    @classmethod
    def _check(cls, content, kind="stone", **values):
        """Return an import that has been checked."""
        job = cls._create_import(content, kind, **values)
        job.action_check()
        return job

    @classmethod
    def _make_workbook(cls, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    @classmethod
    def _open_books(cls):
        """Give opening stock an account of its own and take in with perpetual valuation."""
        account = cls.env["account.account"].create(
            {
                "name": "Opening stock",
                "code": "399991",
                "account_type": "equity",
                "company_ids": cls.company.ids,
            }
        )
        cls.company.piece_opening_account_id = account
        return account

    def _work(self, job):
        """Let the scheduled action take the rows in, with commits of its own."""
        job.action_import()
        self._run_cron()

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("jewelry_inventory.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()

    def _messages(self, job):
        return job.error_ids.mapped("message")

    def _get_lots(self, *numbers):
        return self.env["stock.lot"].search([("name", "in", numbers)], order="name")
