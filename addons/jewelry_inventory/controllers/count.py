from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READERS = ("jewelry_inventory.group_keeper", "jewelry_inventory.group_auditor")


class Count(Controller):
    """Files about counts, made anew for whoever asks, with what they may see."""

    @route("/jewelry/count/<int:count_id>/audit", type="http", auth="user", readonly=True)
    def download_audit(self, count_id):
        """Return the audit file of a count, to keepers, managers and auditors."""
        count = request.env["jewelry.count"].browse(count_id).exists()
        reader = any(map(request.env.user.has_group, READERS))
        if not (reader and count and count.has_access("read")):
            raise NotFound
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(count._get_audit_name())),
            ("Cache-Control", "private, no-store"),
        ]
        return request.make_response(count._get_audit_file(), headers)
