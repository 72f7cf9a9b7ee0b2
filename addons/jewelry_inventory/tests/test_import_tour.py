from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES


@tagged("post_install", "-at_install")
class TestImportTour(HttpCase):
    """The way of a file into stock, as a keeper goes it in a browser."""

    def test_a_keeper_takes_in_a_file(self):
        new_test_user(self.env, login="keeper", groups=ROLES["keeper"])
        self.start_tour("/odoo", "jewelry_keeper_takes_in_a_file", login="keeper")
        job = self.env["jewelry.import"].search([("filename", "=", "good.csv")])
        self.assertEqual((job.state, job.row_count, job.cost_total), ("running", 2, 2100))
        self.env.ref("jewelry_inventory.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((job.state, job.row_done, job.is_tied_out), ("done", 2, True))
        stones = self.env["stock.lot"].search([("name", "in", ("T-1", "T-2"))])
        self.assertEqual(set(stones.mapped("piece_status")), {"available"})
        self.start_tour("/odoo", "jewelry_keeper_sees_what_came_in", login="keeper")
