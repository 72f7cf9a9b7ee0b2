from odoo.tools import file_open

from odoo.addons.point_of_sale.controllers.main import PosController


class CounterController(PosController):
    """Registers that can be loaded anew while the server is away."""

    def _get_pos_service_worker(self):
        """Override of `point_of_sale`, whose worker keeps the page that a register begins with and
        not those that it goes on to: ours is asked first.
        """
        with file_open("jewelry_pos/static/src/service_worker.js") as file:
            return file.read() + super()._get_pos_service_worker()
