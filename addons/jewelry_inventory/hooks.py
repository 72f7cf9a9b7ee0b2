"""What installing and uninstalling the module changes in records of other modules."""

from odoo.tools import SQL

from .const import SPECIFIC

# A lot of 0.005 ct melee must not round to a whole point.
UNIT_DIGITS = 3


def post_init_hook(env):
    """Prepare the database for weights in milligrams."""
    _raise_precision(env)


def uninstall_hook(env):
    """Leave the stock worth what it was, and drop what is not in tables of the module's own.

    In SQL where the ORM would revalue stock on the way.
    """
    env.flush_all()
    _leave_specific_cost(env)
    _keep_piece_costs(env)
    _forget_costs_of_others(env)
    _give_away_units(env)
    _release_own_records(env)
    _drop_indexes(env)
    _break_provenance_seal(env)
    env.invalidate_all()
    env.registry.clear_all_caches()


def _raise_precision(env):
    """Give quantities at least three decimals; more, when the store has more, stays."""
    precision = env.ref("uom.decimal_product_uom")
    precision.digits = max(precision.digits, UNIT_DIGITS)


# === COST === #


def _leave_specific_cost(env):
    """Let standard cost take the place of specific identification, in every company.

    Core values a lot at its own cost then, which is what its piece cost. Left to itself, Odoo
    would look at the companies of the user alone.
    """
    method, standard = f'"{SPECIFIC}"', '"standard"'
    env.cr.execute(
        """UPDATE product_category
              SET property_cost_method = replace(property_cost_method::text, %s, %s)::jsonb
            WHERE property_cost_method IS NOT NULL""",
        [method, standard],
    )
    env.cr.execute("UPDATE res_company SET cost_method = 'standard' WHERE cost_method = 'specific'")
    field = env["ir.model.fields"]._get("product.category", "property_cost_method")
    env.cr.execute(
        "UPDATE ir_default SET json_value = %s WHERE field_id = %s AND json_value = %s",
        [standard, field.id, method],
    )
    env.invalidate_all()
    env.registry.clear_all_caches()


def _keep_piece_costs(env):
    """Give styles a category at standard cost, where theirs would average their pieces."""
    companies = env["res.company"].with_context(active_test=False).search([])
    templates = env["product.template"].with_context(active_test=False)
    styles = templates.search([("jewelry_kind", "!=", False)])
    for category, members in styles.grouped("categ_id").items():
        if _get_cost_methods(category, companies) != {"standard"}:
            home = _create_standard_category(env, category, companies)
            update = "UPDATE product_template SET categ_id = %s WHERE id = ANY(%s)"
            env.cr.execute(update, [home.id, members.ids])


def _get_cost_methods(category, companies):
    return {
        category.with_company(company).property_cost_method or company.cost_method
        for company in companies
    }


def _create_standard_category(env, category, companies):
    """Return a category below `category`, with its accounts, at standard cost everywhere."""
    name = env._("%s at standard cost", category.name or env._("Pieces"))
    values = {"name": name, "parent_id": category.id}
    home = category.copy(values) if category else env["product.category"].create(values)
    for company in companies:
        home.with_company(company).property_cost_method = "standard"
    home.flush_recordset()
    return home


def _forget_costs_of_others(env):
    """Value goods of others at nothing: core would count them as ours."""
    env.cr.execute(
        """UPDATE stock_lot lot
              SET standard_price = standard_price || jsonb_build_object(company.id::text, 0)
             FROM stock_quant quant JOIN res_company company ON company.id = quant.company_id
            WHERE quant.lot_id = lot.id AND quant.quantity > 0
              AND quant.owner_id != company.partner_id
              AND NOT EXISTS (SELECT FROM stock_quant own
                               WHERE own.lot_id = lot.id AND own.quantity > 0
                                 AND COALESCE(own.owner_id, company.partner_id)
                                     = company.partner_id)"""
    )


# === RECORDS, TABLES === #


def _give_away_units(env):
    """Leave the units that products are counted in to the store: it cannot do without them."""
    names = env["ir.model.data"].search(
        [("module", "=", "jewelry_inventory"), ("model", "=", "uom.uom")]
    )
    products = env["product.template"].with_context(active_test=False)
    used = products.search([("uom_id", "in", names.mapped("res_id"))]).uom_id
    kept = used + used.relative_uom_id
    names.filtered(lambda name: name.res_id in kept.ids).unlink()


def _release_own_records(env):
    """Drop the keys that point to our tables: Odoo removes our records before the tables, in an
    order of its own, and those in use would refuse.
    """
    tables = [
        model._table
        for model in map(env.__getitem__, env.registry)
        if model._original_module == "jewelry_inventory" and model._auto
    ]
    keys = env.execute_query(
        SQL(
            """SELECT source.relname, conname
                 FROM pg_constraint
                 JOIN pg_class source ON source.oid = conrelid
                 JOIN pg_class target ON target.oid = confrelid
                WHERE contype = 'f' AND target.relname = ANY(%s)""",
            tables,
        )
    )
    for table, key in keys:
        env.cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(key))
        )


def _drop_indexes(env):
    """Drop the indexes that we asked of fields of core's, which stay without asking for one."""
    env.cr.execute("DROP INDEX IF EXISTS product_value__lot_id_index, stock_lot__ref_index")


def _break_provenance_seal(env):
    """Drop the function, and with it the triggers, that refuse to change provenance."""
    env.cr.execute("DROP FUNCTION IF EXISTS jewelry_provenance_refuse() CASCADE")
