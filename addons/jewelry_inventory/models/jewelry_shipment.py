from odoo import api, models
from odoo.fields import Domain

from ..tools import custody
from ..tools.sheet import write_sheet

READY_STATES = ("assigned", "partially_available")


class JewelryShipment(models.AbstractModel):
    """What is on the way or about to leave, by transfer: for the carrier and for the insurer.

    On the way is what lies in places in transit; about to leave is what is reserved for a delivery
    or for a transfer into such a place. Nothing is stored.
    """

    _name = "jewelry.shipment"
    _description = "Shipments"

    # === ACTION METHODS === #

    @api.model
    def _check_readable(self):
        """Refuse whoever may not see insured limits.

        :raises AccessError: saying so
        """
        self.env["jewelry.custody.limit"].check_access("read")

    # === BUSINESS METHODS === #

    @api.model
    def _get_report(self, company):
        """Return the shipments of a company and their sums.

        :return: `shipments`, each with its `goods`, `total`, `carriers` and `with_cost`
        :rtype: dict
        """
        self._check_readable()
        shipments = self._get_shipments(company)
        carriers = {}
        for shipment in shipments:
            carriers.setdefault(shipment["carrier"], []).append(shipment)
        return {
            "shipments": shipments,
            "carriers": [
                {"carrier": carrier, "packages": sum(row["packages"] for row in rows)}
                | self._add_up(rows)
                for carrier, rows in sorted(carriers.items())
            ],
            "total": self._add_up(shipments),
            "currency": company.currency_id,
            "with_cost": self._can_tell_costs(company),
        }

    @api.model
    def _can_tell_costs(self, company):
        """Tell whether the report has costs: carriers get it, and learn them only where the policy
        counts them.
        """
        can_see = self.env["jewelry.custody.exposure"]._can_see_costs()
        return can_see and company.custody_basis == "cost"

    @api.model
    def _get_shipments(self, company):
        """Return a row for each transfer under way or ready, and one for what has none."""
        transit = self._get_transit_places(company)
        lines = self._get_lines_on_the_way(company, transit)
        ready = self._get_lines_to_leave(company, transit)
        rows = [
            self._prepare_shipment("under_way", picking, goods)
            for picking, goods in self._group_by_transfer(lines).items()
        ]
        rows += [
            self._prepare_shipment("ready", picking, goods)
            for picking, goods in self._group_by_transfer(ready).items()
        ]
        return sorted(rows, key=lambda row: (row["carrier"], row["stage"], row["name"]))

    @api.model
    def _get_transit_places(self, company):
        """Return the places whose goods are on the way."""
        places = self.env["jewelry.custody.exposure"]._get_places(company)
        keys = [
            key for key, place in places.items() if custody.find_role(place, places) == "transit"
        ]
        return self.env["stock.location"].browse(keys)

    @api.model
    def _get_lines_on_the_way(self, company, transit):
        """Return [(lot, quantity, place, move line that brought it there)]."""
        domain = self._get_goods_domain(company) & Domain("location_id", "in", transit.ids)
        quants = self.env["stock.quant"].search(domain & Domain("quantity", ">", 0))
        brought = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", quants.lot_id.ids),
                ("location_dest_id", "in", transit.ids),
                ("state", "=", "done"),
            ],
            order="date, id",
        )
        last = {(line.lot_id, line.location_dest_id): line for line in brought}
        return [
            (quant.lot_id, quant.quantity, quant.location_id, last.get(key, brought.browse()))
            for quant in quants
            for key in [(quant.lot_id, quant.location_id)]
        ]

    @api.model
    def _get_lines_to_leave(self, company, transit):
        """Return [(lot, quantity, destination, move line)] of what is reserved to be sent."""
        leaving = Domain("move_id.picking_id.picking_type_code", "=", "outgoing")
        leaving |= Domain("location_dest_id", "in", transit.ids)
        lines = self.env["stock.move.line"].search(
            self._get_goods_domain(company)
            & leaving
            & Domain("move_id.picking_id.state", "=", "assigned")
            & Domain("move_id.state", "in", READY_STATES)
            & Domain("location_id.usage", "=", "internal")
            & Domain("quantity", ">", 0)
        )
        return [
            (line.lot_id, line.quantity_product_uom, line.location_dest_id, line) for line in lines
        ]

    @api.model
    def _get_goods_domain(self, company):
        return Domain("lot_id.jewelry_kind", "!=", False) & Domain(
            "lot_id.company_id", "=", company.id
        )

    @api.model
    def _group_by_transfer(self, lines):
        groups = {}
        for line in lines:
            groups.setdefault(line[3].move_id.picking_id, []).append(line)
        return groups

    @api.model
    def _prepare_shipment(self, stage, picking, lines):
        """Return the row of one transfer; without one, of what came there otherwise."""
        goods = [self._prepare_goods(lot, quantity) for lot, quantity, _place, _line in lines]
        packages = self.env["stock.package"].union(*(line.result_package_id for *_x, line in lines))
        places = self.env["stock.location"].union(*(place for _lot, _number, place, _line in lines))
        stages = {"under_way": self.env._("On the way"), "ready": self.env._("To be sent")}
        return {
            "stage": stage,
            "stage_name": stages[stage],
            "name": picking.name or self.env._("Without a transfer"),
            "carrier": picking._get_shipper_name() if picking else "",
            "reference": picking._get_shipment_ref() if picking else "",
            "recipient": picking.partner_id.display_name
            or ", ".join(places.mapped("display_name")),
            "packages": len(packages),
            "package_names": ", ".join(sorted(packages.mapped("name"))),
            "goods": sorted(goods, key=lambda row: row["number"]),
        } | self._add_up(goods)

    @api.model
    def _prepare_goods(self, lot, quantity):
        exposure = lot._get_exposure(quantity)
        with_cost = self._can_tell_costs(lot.company_id)
        return {
            "number": lot.name,
            "name": lot.product_id.display_name,
            "quantity": quantity,
            "unit": lot.product_uom_id.name,
            "count": 1,
            "price": exposure.price,
            "cost": exposure.cost if with_cost else None,
        }

    @api.model
    def _add_up(self, rows):
        """Return the sums of rows; no cost where they have none."""
        costs = [row["cost"] for row in rows]
        return {
            "count": sum(row["count"] for row in rows),
            "price": sum(row["price"] for row in rows),
            "cost": None if None in costs else sum(costs),
        }

    # === FILE === #

    @api.model
    def _make_sheet(self, company):
        """Return the report as XLSX, a row for each piece, stone, parcel or lot of metal."""
        report = self._get_report(company)
        labels = [
            self.env._("Carrier"),
            self.env._("Tracking Number"),
            self.env._("Transfer"),
            self.env._("Stage"),
            self.env._("Recipient"),
            self.env._("Packages"),
            self.env._("Number"),
            self.env._("Goods"),
            self.env._("Quantity"),
            self.env._("Unit"),
            self.env._("Retail (%(currency)s)", currency=company.currency_id.name),
        ]
        if report["with_cost"]:
            labels.append(self.env._("Cost (%(currency)s)", currency=company.currency_id.name))
        rows = [
            self._prepare_cells(shipment, goods, report["with_cost"])
            for shipment in report["shipments"]
            for goods in shipment["goods"]
        ]
        sums = [float(report["total"]["price"])]
        if report["with_cost"]:
            sums.append(float(report["total"]["cost"]))
        totals = [self.env._("Total"), *[""] * 9, *sums]
        return write_sheet(
            self.env._("Shipments of %(store)s", store=company.name), labels, rows, totals
        )

    @api.model
    def _prepare_cells(self, shipment, goods, with_cost):
        names = ("carrier", "reference", "name", "stage_name", "recipient", "package_names")
        cells = [shipment[name] for name in names]
        cells += [goods["number"], goods["name"], goods["quantity"], goods["unit"]]
        cells.append(float(goods["price"]))
        return [*cells, float(goods["cost"])] if with_cost else cells
