import json
from base64 import b64encode
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.epcis import Names
from ..tools.gs1 import make_giai_path
from ..tools.passport import PROOF, build_passport, to_signed_text
from ..tools.passport_check import MESSAGES, check_passport
from ..tools.provenance import Event, is_public, read_payload

# What is told of a parcel that stones of the piece are from, and of the stones in it: whence they
# came, and nothing of what else was taken out of it.
PARCEL_KINDS = ("commission", "receive", "certificate", "join", "transform")
GROUP_KINDS = ("source", "certificate")

PAGE = "/jewelry/passport"
REPORT = "jewelry_inventory.jewelry_passport_report"


class JewelryPiecePassport(models.AbstractModel):
    """The passport of a piece: its own past and that of its stones, for whoever holds it.

    It says what is named here and in `PUBLIC_KINDS` and nothing else: no price, no cost, no
    client, no place by its name.
    """

    _name = "jewelry.piece.passport"
    _description = "Passport of a Piece"

    link_count = fields.Integer(
        string="Links", compute="_compute_link_count", groups="jewelry_inventory.group_staff"
    )

    # === COMPUTE METHODS === #

    def _compute_link_count(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        counts = dict(self.env["jewelry.link"]._read_group(domain, ["res_id"], ["__count"]))
        for lot in self:
            lot.link_count = counts.get(lot._origin.id, 0)

    # === ACTION METHODS === #

    def action_print_passport(self):
        """Print the passport of the piece, with a code that leads to its page.

        :return: download of the file, which is kept with the piece
        """
        self._check_passport()
        self._check_tellable(self.env["res.partner"])
        _link, token = self.env["jewelry.link"]._issue(self)
        report = self.env["ir.actions.report"].with_context(passport_token=token)
        content, extension = report._render_qweb_pdf(REPORT, self.ids)
        # In sudo: an associate hands out passports without a right to change the piece.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self._get_passport_name()}.{extension}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return self._get_download(f"/web/content/{attachment.id}?download=true")

    def action_share_passport(self):
        """Ask for whom a link to the passport's page is, and how long it is good."""
        self._check_passport()
        view = self.env.ref("jewelry_inventory.jewelry_passport_share_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share Passport"),
            "res_model": "jewelry.passport.share",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_piece_id": self.id},
        }

    def action_export_passport(self):
        """Export the passport as a file that proves itself.

        :return: download of the file
        """
        self._check_passport()
        return self._get_download(f"/jewelry/piece/{self.id}/passport")

    def action_view_links(self):
        """Open the links to this piece."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_link_action"
        )
        return action | {"domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)]}

    # === BUSINESS METHODS === #

    def _check_passport(self):
        """Refuse a passport of what has none, and to who may not read the piece.

        :raises UserError: saying why
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_groups(
            "jewelry_inventory.group_associate,jewelry_inventory.group_keeper"
        ):
            raise AccessError(self.env._("Only the store's staff issues passports."))
        if not self.is_piece or self.void_reason:
            raise UserError(self.env._("Only pieces and loose stones that exist have a passport."))

    def _check_tellable(self, partner):
        """Refuse to make a link to a surprise for whom it is kept from, and for anybody.

        :raises UserError: saying what to do
        """
        if not self._is_passport_tellable(partner):
            raise UserError(
                self.env._(
                    "%(piece)s is a surprise. Share its passport with the buyer by name, or wait "
                    "until the day has passed.",
                    piece=self.name,
                )
            )

    def _is_passport_tellable(self, partner):
        """Hook: tell whether `partner`, nobody in particular if empty, may learn of the piece now.

        Rooms that know surprises extend it and ask `_filter_tellable` with channel ``passport``.
        """
        return True

    def _get_passport_name(self):
        return self.env._("Passport %s", self.name).replace("/", "-")

    @api.model
    def _get_download(self, url):
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _get_passport_url(self, token):
        """Return the address of the passport's page, a Digital Link where the piece has one."""
        names = self._get_passport_names()
        if link := names.links.get(self.sudo().chain_uuid):
            return f"{names.base}{link}?t={token}"
        return f"{names.base}{PAGE}/{token}"

    # === PROOF === #

    def _get_passport_file(self):
        """Return the passport as bytes of JSON."""
        return json.dumps(self._get_passport_document(), indent=1).encode()

    def _get_passport_document(self):
        """Return the passport as an EPCIS document that proves itself, signed.

        :raises UserError: when the signing key cannot be used
        """
        self.ensure_one()
        own = self._fetch_chains([self.sudo().chain_uuid])
        stones, parcels = self._get_passport_stones(own), self._get_passport_parcels(own)
        chains = self._get_passport_chains(own, stones, parcels)
        anchors = self.env["jewelry.provenance.anchor"].sudo()
        line, anchored = anchors._get_anchored(list(chains))
        left = self._get_departures(chains, stones) | self._get_partings(parcels)
        kinds = self._get_told_kinds(parcels)
        document = build_passport(
            chains,
            lambda event: self._is_shown(event, left, kinds),
            self._get_passport_names(),
            anchored,
            line,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return self._sign_passport(document, line)

    @api.model
    def _is_shown(self, event, left, kinds):
        """Tell whether everybody may read an event on this passport.

        :param dict left: {uuid: when its history stops being this piece's}
        :param dict kinds: {uuid: the kinds that are told} of parcels and the stones in them
        """
        payload = read_payload(event.payload)
        # A parcel tells what it was made of, and not what was made of it.
        is_other = event.kind == "transform" and event.chain not in payload.get("out", ())
        return (
            is_public(event.kind, payload)
            and event.time <= left.get(event.chain, event.time)
            and event.kind in kinds.get(event.chain, (event.kind,))
            and not (is_other and event.chain in kinds)
        )

    def _sign_passport(self, document, line):
        """Sign a document; a database that does not anchor has no business to sign either."""
        if not self.env["jewelry.provenance.anchor"].sudo()._is_enabled():
            return document
        proof = document[PROOF]
        if stamp := line and self.env["jewelry.provenance.witness"].sudo()._get_stamp(line):
            proof = proof | {"stamp": b64encode(stamp).decode()}
        document = document | {PROOF: proof}
        signed = self.env["jewelry.provenance.key"].sudo()._sign(to_signed_text(document))
        return document | {PROOF: proof | signed}

    def _get_passport_names(self):
        """Return what the document calls things: the piece by its number of GS1 if it has one."""
        prefix = (self.company_id or self.env.company).sudo().gs1_prefix
        link = make_giai_path(prefix or "", self.name)
        links = {self.sudo().chain_uuid: link} if link else {}
        return Names(self.get_base_url().rstrip("/"), links)

    def _get_passport_stones(self, own):
        """Return the stones that are in the piece or ever were, by what its chain tells."""
        told = [read_payload(event.payload) for event in own if event.kind == "set"]
        uuids = [payload["stone"] for payload in told if "stone" in payload]
        # In sudo: the chain tells what the passport may show, whoever asks for it.
        return self.sudo().stone_ids | self.env["jewelry.stone"].sudo().search(
            [("chain_uuid", "in", uuids)]
        )

    def _get_passport_parcels(self, own):
        """Return {parcel: when stones last went from it on their way into the piece}; parcels that
        were mixed into one of them before are there, too.
        """
        # In sudo: the chain tells what the passport may show, whoever asks for it.
        lots, parcels = self.env["stock.lot"].sudo(), {}
        events = own
        while events:
            came = {}
            for event in events:
                payload = read_payload(event.payload) if event.kind == "transform" else {}
                if event.chain in payload.get("out", ()):
                    came |= dict.fromkeys(payload["in"], event.time)
            found = lots.search([("chain_uuid", "in", list(came))])._filter_parcels()
            new = found - lots.union(*parcels)
            parcels |= {parcel: came[parcel.chain_uuid] for parcel in new}
            events = self._fetch_chains(new.mapped("chain_uuid")) if new else []
        return parcels

    @api.model
    def _get_partings(self, parcels):
        """Return {uuid: when stones went} of parcels and of the stones in them: what was said of
        them later is not said of what had left them.
        """
        return {
            record.chain_uuid: time
            for parcel, time in parcels.items()
            for record in (parcel, *parcel.stone_ids)
        }

    @api.model
    def _get_told_kinds(self, parcels):
        """Return {uuid: kinds of events that are told} of parcels and of the stones in them."""
        told = {}
        for parcel in parcels:
            told |= dict.fromkeys(parcel.stone_ids.mapped("chain_uuid"), GROUP_KINDS)
            told[parcel.chain_uuid] = PARCEL_KINDS
        return told

    def _get_passport_chains(self, own, stones, parcels):
        """Return {uuid: events} of the piece, first, of its stones, of the serial numbers under
        which those were stocked when they were loose, and of the parcels that they were in.
        """
        uuid = self.sudo().chain_uuid
        others = {*stones.mapped("chain_uuid"), *stones.home_lot_id.mapped("chain_uuid")}
        others |= self._get_told_kinds(parcels).keys()
        chains = {uuid: own}
        for event in self._fetch_chains(others - {uuid}):
            chains.setdefault(event.chain, []).append(event)
        return chains

    @api.model
    def _fetch_chains(self, uuids):
        rows = self.env.execute_query(
            SQL(
                """SELECT chain_uuid, seq, kind, event_time, actor, payload, previous, hash
                     FROM jewelry_provenance_event WHERE chain_uuid = ANY(%s)
                    ORDER BY chain_uuid, seq""",
                list(uuids),
            )
        )
        return [Event._make(row) for row in rows]

    def _get_departures(self, chains, stones):
        """Return {uuid: when its history stops being this piece's} of stones that left it, and of
        their serial numbers: what became of them then is for other passports to tell.
        """
        own, left = self.sudo().chain_uuid, {}
        for stone in stones - self.sudo().stone_ids:
            ways = [
                event.time
                for event in chains.get(stone.chain_uuid, [])
                if read_payload(event.payload).get("from") == own
            ]
            for record in (stone, stone.home_lot_id):
                left |= {record.chain_uuid: ways[-1]} if ways and record else {}
        return left

    # === WHAT PEOPLE READ === #

    def _get_passport_values(self, token=None):
        """Return what page and paper say, checked the way a customer checks the file.

        :return: card, story, report of the check, description of what is bad, addresses
        :rtype: dict
        """
        document = self._get_passport_document()
        report = check_passport(document)
        card = self.get_client_card()
        return {
            "piece": self,
            "card": {name: card[name] for name in self._get_passport_facts()},
            "story": self._get_story(document),
            "report": report,
            "faults": [MESSAGES[fault.reason] for fault in report.faults],
            "checked_on": fields.Datetime.now(),
            "anchored_on": report.time
            and datetime.fromisoformat(report.time).astimezone(UTC).replace(tzinfo=None),
            "head_hash": document[PROOF]["chains"][0]["hash"],
            "url": token and self._get_passport_url(token),
        }

    @api.model
    def _get_passport_facts(self):
        """Return what of the client's card is on a passport: a price is not."""
        return ("number", "title", "facts", "stones", "reports", "company")

    def _get_photos(self):
        """Return the photos of the piece, the main one first: records and fields."""
        photos = [(photo, "raw") for photo in self.photo_ids]
        return [(self, "image_1920"), *photos] if self.image_1920 else photos

    def _get_story(self, document):
        """Return what happened to the piece and its stones, newest last: date and sentence."""
        own = self.sudo().chain_uuid
        rows = []
        for event in document["epcisBody"]["eventList"]:
            kind = event["jewelry:kind"]
            payload = read_payload(event["jewelry:payload"])
            is_own = event["jewelry:chain"] == own
            if sentence := self._get_story_sentence(kind, payload, is_own):
                rows.append({"date": event["eventTime"][:10], "text": sentence})
        # A stone's setting is told by stone and piece alike.
        return list({(row["date"], row["text"]): row for row in rows}.values())

    def _get_story_sentence(self, kind, payload, is_own):
        """Return a sentence on an event, or nothing where another event says it better."""
        tellers = {
            "commission": self._tell_beginning,
            "receive": self._tell_receipt,
            "set": self._tell_setting,
            "unset": self._tell_unsetting,
            "transform": self._tell_work,
            "certificate": self._tell_report,
        }
        teller = tellers.get(kind)
        return teller(payload, is_own) if teller else ""

    def _tell_beginning(self, payload, is_own):
        if is_own:
            return self.env._("The piece is written down for the first time.")
        if "carat" in payload:
            return self.env._(
                "Stone %(number)s, %(carats)s ct, is written down for the first time.",
                number=payload.get("number") or "",
                carats=payload["carat"],
            )
        return ""

    def _tell_receipt(self, _payload, is_own):
        if is_own:
            return self.env._("The piece arrives.")
        return self.env._("A stone of the piece arrives.")

    def _tell_setting(self, payload, is_own):
        return is_own and self.env._("Stone %s is set.", payload.get("number") or "")

    def _tell_unsetting(self, payload, is_own):
        return is_own and self.env._("Stone %s is taken out.", payload.get("number") or "")

    def _tell_work(self, payload, is_own):
        kinds = dict(
            self.env["jewelry.transformation"]._fields["kind"]._description_selection(self.env)
        )
        return is_own and self.env._("At the bench: %s.", kinds.get(payload.get("kind"), ""))

    def _tell_report(self, payload, _is_own):
        return payload.get("current") and self.env._(
            "%(laboratory)s issues report %(number)s.",
            laboratory=payload.get("laboratory"),
            number=payload.get("number"),
        )
