from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Count(Controller):
    """Files about counts, made anew for whoever asks, with what they may see."""

    @route("/jewelry/count/<int:count_id>/audit", type="http", auth="user", readonly=True)
    def download_audit(self, count_id):
        """Return the audit file of a count, to keepers and managers."""
        count = request.env["jewelry.count"].browse(count_id).exists()
        keeper = request.env.user.has_group("jewelry_inventory.group_keeper")
        if not (keeper and count and count.has_access("read")):
            raise NotFound
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(count._get_audit_name())),
            ("Cache-Control", "private, no-store"),
        ]
        return request.make_response(count._get_audit_file(), headers)
