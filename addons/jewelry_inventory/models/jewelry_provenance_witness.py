import logging
from pathlib import Path

import requests

from odoo import api, models
from odoo.tools import config, email_normalize

from ..tools.anchor_line import make_statement
from ..tools.provenance import canonical
from ..tools.timestamp import MEDIA_TYPE, TimestampError, check_answer, make_request

_logger = logging.getLogger(__name__)

FOLDER_OPTION = "jewelry_anchor_copy_folder"
MAIL_PARAMETER = "jewelry_inventory.anchor_mail"
STAMP_PARAMETER = "jewelry_inventory.anchor_tsa_url"
TIMEOUT = 20  # seconds


class JewelryProvenanceWitness(models.AbstractModel):
    """Where anchors go so that somebody else holds them too, once a day.

    Each witness is a method that takes the line of the anchor file and does nothing when it is
    not set up. Rooms add their own to `_get_witnesses`.
    """

    _name = "jewelry.provenance.witness"
    _description = "Provenance Witness"

    @api.model
    def _get_witnesses(self):
        """Hook: return {what users call it: method that takes the line}."""
        return {
            self.env._("folder"): self._copy_to_folder,
            self.env._("mail"): self._send_mail,
            self.env._("time stamp"): self._request_stamp,
        }

    @api.model
    def _publish(self, line):
        """Send an anchor to every witness.

        :param dict line: of the anchor file
        :return: what went wrong, for the managers
        :rtype: list
        """
        problems = []
        for name, method in self._get_witnesses().items():
            try:
                method(line)
            except (OSError, ValueError, TimestampError) as error:
                _logger.warning("The anchor did not reach the witness %s", name, exc_info=True)
                problems.append(
                    self.env._(
                        "The anchor was written, but not sent (%(witness)s): %(problem)s",
                        witness=name,
                        problem=str(error),
                    )
                )
        return problems

    # === FOLDER === #

    @api.model
    def _copy_to_folder(self, _line):
        """Append to a copy of the anchor file what it lacks.

        The folder is named in odoo.conf, because whoever holds the database must not choose it.
        """
        folder = config.get(FOLDER_OPTION)
        if not folder:
            return
        lines = self.env["jewelry.provenance.anchor"]._get_log().path.read_bytes().splitlines(True)
        copy = Path(folder.replace("%d", self.env.cr.dbname), "anchors.jsonl")
        known = copy.read_bytes().splitlines(True) if copy.exists() else []
        if lines[: len(known)] != known:
            raise ValueError(
                self.env._("%(file)s holds other anchors. One of the two was changed.", file=copy)
            )
        with copy.open("ab") as file:
            file.writelines(lines[len(known) :])

    # === MAIL === #

    @api.model
    def _send_mail(self, line):
        """Mail the anchor to the address in the settings."""
        address = self.env["ir.config_parameter"].sudo().get_param(MAIL_PARAMETER)
        if not address:
            return
        if not email_normalize(address):
            raise ValueError(self.env._("%(address)s is no address.", address=address))
        self.env["mail.mail"].sudo().create(
            {
                "email_to": address,
                "subject": self.env._("Provenance anchor of %(time)s", time=line["time"]),
                "body_html": self._get_mail_body(line),
                "attachment_ids": [self._prepare_mail_attachment(line)],
                "auto_delete": False,
            }
        )

    @api.model
    def _get_mail_body(self, line):
        return self.env["ir.qweb"]._render("jewelry_inventory.anchor_mail", {"line": line})

    @api.model
    def _prepare_mail_attachment(self, line):
        # Without what only the store needs: names and counts.
        shown = canonical({name: line[name] for name in self._get_mailed_fields()})
        values = {"name": f"anchor-{line['root'][:16]}.json", "raw": shown.encode()}
        return (0, 0, values)

    @api.model
    def _get_mailed_fields(self):
        return ("chains", "database", "fork_of", "root", "time", "key", "signature")

    # === TIME STAMP === #

    @api.model
    def _request_stamp(self, line):
        """Have the authority in the settings stamp the anchor (RFC 3161), and keep its answer."""
        url = self.env["ir.config_parameter"].sudo().get_param(STAMP_PARAMETER)
        if not url:
            return
        request, expected = make_request(make_statement(line))
        answer = requests.post(
            url, data=request, headers={"Content-Type": MEDIA_TYPE}, timeout=TIMEOUT
        )
        answer.raise_for_status()
        check_answer(answer.content, expected)
        self._get_stamp_path(line).write_bytes(answer.content)

    @api.model
    def _get_stamp_path(self, line):
        """Return where the answer of the authority is kept: beside the anchor file."""
        path = self.env["jewelry.provenance.anchor"]._get_log().path
        return path.with_name(f"stamp-{line['root']}.tsr")

    @api.model
    def _get_stamp(self, line):
        """Return the answer of the authority on an anchor, or empty bytes."""
        path = self._get_stamp_path(line)
        return path.read_bytes() if path.exists() else b""
