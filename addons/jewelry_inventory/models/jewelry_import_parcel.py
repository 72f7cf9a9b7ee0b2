from odoo import models
from odoo.exceptions import UserError

GRADES = ("color", "color_to", "clarity", "clarity_to", "cut", "fluorescence")


class JewelryImportParcel(models.AbstractModel):
    """How parcels of an intake file come into stock: lots of small stones, carats with a count."""

    _name = "jewelry.import.parcel"
    _description = "Intake of Parcels"

    def _write_parcel(self, rows):
        """Create parcels, each with what it holds, and take them in at their exact cost."""
        self._refuse_known_parcels(rows)
        styles = self._get_parcel_styles(rows)
        numbers = self._get_numbers("jewelry.parcel", rows)
        parcels = self.env["stock.lot"].create(
            [
                self._prepare_parcel_vals(row, number, styles[self._get_parcel_key(row)])
                for row, number in zip(rows, numbers, strict=True)
            ]
        )
        self.env["jewelry.stone"].create(
            [self._prepare_group_vals(row, lot) for row, lot in zip(rows, parcels, strict=True)]
        )
        self._create_reports(rows, "parcel_id", parcels)
        costs = [float(row.get("cost", 0)) for row in rows]
        parcels._take_in_parcels(
            self.company_id._get_opening_place(),
            self.place_id,
            dict(zip(parcels, costs, strict=True)),
        )

    def _refuse_known_parcels(self, rows):
        """Refuse numbers that came into use since the check: no index keeps those of parcels.

        :raises UserError: naming them
        """
        if known := self._get_known_lots([row["name"] for row in rows if row.get("name")]):
            numbers = ", ".join(known[:5].mapped("name"))
            raise UserError(self._get_message("taken", {"number": numbers}))

    def _get_parcel_key(self, row):
        """Return what a parcel's style is keyed by: its name in the file, else the material."""
        return row.get("style") or self._get_key(row)

    def _get_parcel_styles(self, rows):
        """Return {key: product} for the parcels' styles, made where the store has none."""
        template = self.env["product.template"]
        return {
            key: (
                template._get_named_style("parcel", key, self.category_id)
                if isinstance(key, str)
                else template._get_stone_style(*key, category=self.category_id, kind="parcel")
            ).product_variant_id
            for key in {self._get_parcel_key(row) for row in rows}
        }

    def _prepare_parcel_vals(self, row, number, product):
        return {
            "name": number,
            "product_id": product.id,
            "company_id": self.company_id.id,
            "import_id": self.id,
            "former_number": row.get("former_number"),
            "vendor_ref": row.get("vendor_ref"),
            "list_price": float(row.get("price_carat", 0)),
        }

    def _prepare_group_vals(self, row, parcel):
        """Return the values of the one group of stones that a parcel holds."""
        species, origin, shape = self._get_key(row)
        numbers = ("carat", "depth_percent", "table_percent")
        return {
            "company_id": self.company_id.id,
            "holder_id": parcel.id,
            "species_id": species,
            "origin": origin,
            "shape_id": shape,
            "variety_id": row.get("variety"),
            "sieve": row.get("sieve"),
            "count": int(row["count"]),
            **{f"{word}_grade_id": row.get(word) for word in GRADES},
            **{name: float(row.get(name, 0)) for name in numbers},
            **self._prepare_sourced_vals(row),
        }
