from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import SIGNAL
from ..tools.batch import as_datetime
from ..tools.signal import get_level

# So long somebody looks for a piece before being asked whether they still do.
LONGEST = timedelta(minutes=10)
# A window that was closed without a word is silent for so long.
SILENT_AFTER = timedelta(seconds=90)
MOST_ZONES = 5


class JewelryRfidWatch(models.Model):
    """Somebody who looks for a piece right now, and follows its signal. Readers then tell of it
    without waiting; it ends by itself.
    """

    _name = "jewelry.rfid.watch"
    _description = "Piece Being Looked For"
    _rec_name = "lot_id"
    _log_access = False

    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Piece", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="cascade"
    )
    start_date = fields.Datetime(required=True, readonly=True)
    seen_date = fields.Datetime(string="Window Open On", required=True, readonly=True)

    _user_unique = models.UniqueIndex("(lot_id, user_id)", "You look for this piece already.")

    # === PUBLIC METHODS, FOR THE WINDOW === #

    @api.model
    def start(self, lot_id):
        """Follow the signal of a piece, for ten minutes at most.

        :param int lot_id: id of the piece
        :return: its number, title, and the zones where it was seen last
        :rtype: dict
        :raises UserError: when it has no live tag
        """
        lot = self._get_lot(lot_id)
        if not lot.rfid_tag_id:
            raise UserError(self.env._("%(piece)s has no live tag.", piece=lot.name))
        now = fields.Datetime.now()
        values = {"start_date": now, "seen_date": now}
        # In sudo here and below: whoever may see a piece may look for it.
        if own := self._get_own(lot):
            own.write(values)
        else:
            self.sudo().create(values | {"lot_id": lot.id, "user_id": self.env.uid})
        return {
            "lot_id": lot.id,
            "number": lot.name,
            "title": lot.product_id.name,
            "present": lot.rfid_present,
            "minutes": LONGEST.seconds // 60,
            "zones": self._get_last_zones(lot),
        }

    @api.model
    def renew(self, lot_id):
        """Tell that the window is still open.

        :return: whether the piece is still followed
        :rtype: bool
        """
        live = self._get_own(self._get_lot(lot_id)).filtered_domain(self._get_live_domain())
        live.seen_date = fields.Datetime.now()
        return bool(live)

    @api.model
    def stop(self, lot_id):
        """Follow the piece no longer: the window was closed."""
        self._get_own(self._get_lot(lot_id)).unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _get_lot(self, lot_id):
        lot = self.env["stock.lot"].browse(lot_id)
        lot.check_access("read")
        self.env["jewelry.rfid.tag"].check_access("read")
        return lot

    @api.model
    def _get_own(self, lot):
        return self.sudo().search([("lot_id", "=", lot.id), ("user_id", "=", self.env.uid)])

    @api.model
    def _get_live_domain(self):
        """Return the domain of what somebody looks for now."""
        now = fields.Datetime.now()
        return [("start_date", ">", now - LONGEST), ("seen_date", ">", now - SILENT_AFTER)]

    @api.model
    def _get_last_zones(self, lot):
        """Return where the piece was seen last, the latest first, each zone once."""
        domain = [("lot_id", "=", lot.id), ("zone_id", "!=", False)]
        sightings = self.env["jewelry.rfid.sighting"].search(domain, order="last_seen desc")
        latest = {}
        for sighting in sightings:
            latest.setdefault(sighting.zone_id, sighting.last_seen)
        return [
            {"zone": zone.name, "time": fields.Datetime.to_string(time)}
            for zone, time in [*latest.items()][:MOST_ZONES]
        ]

    @api.model
    def _get_watched_tags(self, company):
        """Return the live tags of a company's pieces that somebody looks for."""
        lots = self.search(self._get_live_domain()).lot_id
        domain = [("lot_id", "in", lots.ids), ("state", "=", "live")]
        return self.env["jewelry.rfid.tag"].search([*domain, ("company_id", "=", company.id)])

    @api.model
    def _tell(self, company, rows, antennas, tags):
        """Tell whoever looks for a piece what a batch says of it, and nobody else.

        :param rows: sightings, as of `tools.batch`
        :param dict antennas: {(code of a reader, port): antenna}
        :param dict tags: {EPC: id of a live tag}
        """
        watched = {tag.id: tag.lot_id for tag in self._get_watched_tags(company)}
        readings = {}
        for row in rows:
            if lot := watched.get(tags.get(row.epc)):
                antenna = antennas[row.reader, row.antenna]
                readings.setdefault(lot, []).append(self._prepare_reading(row, antenna))
        domain = [("lot_id", "in", [lot.id for lot in readings])]
        for watch in self.search(domain + self._get_live_domain()) if readings else ():
            signals = sorted(readings[watch.lot_id], key=lambda reading: reading["at"])
            watch.user_id._bus_send(SIGNAL, {"lot_id": watch.lot_id.id, "readings": signals})

    @api.model
    def _prepare_reading(self, row, antenna):
        return {
            "zone": antenna.zone_id.name or antenna.display_name,
            "at": row.last,
            "time": fields.Datetime.to_string(as_datetime(row.last)),
            "level": get_level(row.rssi),
            "left": row.kind == "leave",
        }

    @api.autovacuum
    def _gc_watches(self):
        self.search([("start_date", "<", fields.Datetime.now() - LONGEST)]).unlink()
