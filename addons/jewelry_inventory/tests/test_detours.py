import json

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .common import TransformationCommon
from .test_companies import CompanyCommon

REFUSALS = (AccessError, RedirectWarning, UserError, ValidationError)


class DetourCommon(TransformationCommon):
    """A keeper and a manager who call methods over RPC, where no form holds them back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel_style.categ_id = cls.style.categ_id = cls.category_auto
        cls.stone_style.categ_id = cls.category_auto
        cls.keeper, cls.manager = cls._create_user("keeper"), cls._create_user("manager")
        rights = "stock.group_stock_manager,account.group_account_user"
        cls.accountant = cls._create_user("manager", rights)
        cls.inventory_place = cls.style.with_company(cls.company).property_stock_inventory

    def _assert_refused(self, method, *args):
        """Assert that a call is refused with a message for people."""
        with self._refused(".", REFUSALS):
            method(*args)
            self.env.flush_all()

    def _prepare_melting(self, grams_in=10.0, grams_out=10.0, lost=0.0):
        metal = self._stock_metal(grams_in)
        lines = [
            self._prepare_line("in", metal, metal_weight=grams_in),
            self._prepare_line("out", product_id=metal.product_id.id, metal_weight=grams_out),
        ]
        if lost:
            lines.append(
                self._prepare_line("loss", metal_weight=lost, alloy_id=metal.product_id.alloy_id.id)
            )
        return self._create_transformation("melt", *lines)

    def _correct(self, record):
        """Return the record as a manager has it who said why it is wrong."""
        return record.with_user(self.manager).with_context(change_reason="Weighed again")


@tagged("post_install", "-at_install")
class TestDetoursOfPieces(DetourCommon):
    """What only acts write about a piece, nobody writes by hand."""

    def test_a_piece_is_not_voided_by_writing_a_field(self):
        piece = self._stock_mount().with_user(self.keeper)
        self._assert_refused(piece.write, {"void_reason": "slip"})
        self.assertEqual(piece.piece_status, "available")

    def test_a_void_is_not_taken_back_by_writing_a_field(self):
        piece = self._create_piece()
        piece.with_user(self.keeper).action_void("slip")
        self._assert_refused(piece.with_user(self.keeper).write, {"void_reason": False})

    def test_a_piece_is_not_created_void(self):
        vals = {"product_id": self.style.id, "void_reason": "x"}
        self._assert_refused(self.env["stock.lot"].with_user(self.keeper).create, vals)

    def test_the_day_of_receipt_cannot_be_forgotten_to_change_the_cost(self):
        piece = self._stock_mount(cost=500).with_user(self.keeper)
        self._assert_refused(piece.write, {"received_date": False, "standard_price": 1})
        self._assert_refused(piece.write, {"received_date": False})
        self.assertEqual(self._value(piece.sudo()), 500)

    def test_the_lowest_price_is_not_written(self):
        piece = self._stock_mount().with_user(self.keeper)
        self._assert_refused(piece.write, {"price_floor": 0})

    def test_a_piece_does_not_lay_open_a_file_of_somebody_else(self):
        files = self.env["ir.attachment"].with_user(self.manager)
        secret = files.create({"name": "Offer", "raw": b"secret"})
        self._assert_refused(secret.with_user(self.keeper).read, ["raw"])
        piece = self._stock_mount().with_user(self.keeper)

        def detour():
            piece.document_ids = [Command.link(secret.id)]
            self.env.flush_all()
            self.env.invalidate_all()
            secret.with_user(self.keeper).read(["raw"])

        self._assert_refused(detour)

    def test_a_receipt_in_the_books_gets_no_other_cost(self):
        piece = self._stock_mount(cost=500)
        line = self.env["stock.move.line"].search([("lot_id", "=", piece.id)])
        line = line.with_user(self.keeper)
        self._assert_refused(line.write, {"cost_unit": 9, "quantity": 1})
        self._assert_refused(line.write, {"cost_unit": 9})
        self._assert_refused(line.write, {"piece_value": 9})
        self.assertEqual((self._value(piece), piece.standard_price), (500, 500))

    def test_a_piece_is_not_charged_twice(self):
        piece = self._stock_mount(cost=500)
        self._move(piece, self.stock_location, self.customer_location)
        first, second = self._invoice(piece), self._invoice(piece)
        first.action_post()
        with self._refused(f"{piece.name} has already been invoiced on {first.name}", UserError):
            second.action_post()
        self._refund(first)
        second.action_post()
        self.assertEqual(second.state, "posted")

    def test_what_a_posted_invoice_charges_is_not_written(self):
        piece, other = self._stock_mount(cost=500), self._stock_mount(cost=50)
        self._move(piece, self.stock_location, self.customer_location)
        invoice = self._invoice(piece)
        line = invoice.invoice_line_ids.with_user(self.accountant)
        line.piece_ids = other
        line.piece_ids = piece
        invoice.action_post()
        for pieces in (other, other.browse(), piece | other):
            with self.subTest(pieces=pieces), self._refused("draft", REFUSALS):
                line.piece_ids = pieces
        commands = [Command.update(line.id, {"piece_ids": [Command.set(other.ids)]})]
        self._assert_refused(line.move_id.write, {"invoice_line_ids": commands})
        line.piece_ids = piece
        line.move_id.button_draft()
        line.piece_ids = other
        self.assertEqual(line.piece_ids, other)

    def test_a_piece_is_not_charged_by_two_lines_of_one_invoice(self):
        piece = self._stock_mount(cost=500)
        invoice = self._invoice(piece)
        invoice.invoice_line_ids.copy({"move_id": invoice.id}).piece_ids = piece
        with self._refused("two lines", UserError):
            invoice.action_post()

    def _invoice(self, piece):
        invoice = self._create_invoice(self.style, price_unit=1000.0, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        return invoice

    def test_a_used_piece_is_not_counted_back_into_stock(self):
        ring = self._stock_mount(gross=5)
        style = self._create_metal_style()
        self._create_transformation(
            "melt",
            self._prepare_line("in", ring),
            self._prepare_line("out", product_id=style.id, metal_weight=5),
        ).action_done()
        self.assertEqual(ring.piece_status, "used")
        self._assert_refused(self._count, ring)
        self.assertEqual(ring.piece_status, "used")

    def test_a_set_stone_is_not_counted_back_into_stock(self):
        stone = self._stock_stone()
        self._set_stones(self._stock_mount(), stone)
        self._assert_refused(self._count, stone.home_lot_id)

    def test_a_lost_piece_is_found_by_a_count(self):
        piece = self._stock_mount()
        self._move(piece, self.stock_location, self.inventory_place)
        self._count(piece)
        self.assertEqual(piece.piece_status, "available")

    def _count(self, lot, user=None, quantity=1):
        quant = self.env["stock.quant"].with_user(user or self.env.user)
        quant.with_context(inventory_mode=True).create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": self.stock_location.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def test_a_used_piece_does_not_come_out_by_a_move_that_names_a_transformation(self):
        ring = self._stock_mount(gross=5)
        style = self._create_metal_style()
        melting = self._create_transformation(
            "melt",
            self._prepare_line("in", ring),
            self._prepare_line("out", product_id=style.id, metal_weight=5),
        )
        melting.action_done()
        keeper = self._create_user("keeper", "stock.group_stock_user")
        vals = ring._prepare_intake_vals(ring.product_id, self.work, self.stock_location, None)
        vals |= {"transformation_line_id": melting.output_ids.id, "company_id": self.company.id}

        def detour():
            self.env["stock.move"].with_user(keeper).create(vals)._action_done()

        self._assert_refused(detour)
        self.assertEqual(ring.piece_status, "used")

    def test_the_cost_history_of_a_piece_is_not_rewritten(self):
        piece = self._stock_mount(cost=500)
        piece._set_cost({piece: 400}, "correction", "Scratched")
        row = piece.value_ids.with_user(self.accountant)
        self._assert_refused(row.write, {"value": 1})
        self._assert_refused(row.write, {"delta": 0})
        self._assert_refused(row.unlink)
        self.assertEqual(self._value(piece), 400)

    def test_a_change_of_cost_counts_from_the_day_it_is_entered(self):
        self.company.approval_limit = 1000
        piece = self._stock_mount(cost=500)
        parcel = self._stock_parcel()
        for lot, value in ((piece, 400), (parcel, 100)):
            with self.subTest(lot=lot.name):
                vals = {"lot_id": lot.id, "product_id": lot.product_id.id, "value": value}
                rows = self._as_accountant("product.value")
                row = rows.create(vals | {"date": "2020-01-01"})
                row |= rows.with_context(default_date="2020-01-01").create(vals)
                row |= rows.create(
                    {"move_id": self._get_receipt(lot).id, "value": value, "date": "2020-01-01"}
                )
                self.assertGreater(min(row.mapped("date")).year, 2020)
                for kept in row:
                    self._assert_refused(kept.write, {"date": "2020-01-01"})
                    self._assert_refused(kept.unlink)
        self.assertEqual(self._value(piece, to_date="2020-01-02"), 0)

    def test_what_the_program_states_keeps_its_date(self):
        piece = self._stock_mount(cost=500)
        vals = {"lot_id": piece.id, "product_id": piece.product_id.id, "value": 400}
        row = self.env["product.value"].create(vals | {"date": "2020-01-01"})
        self.assertEqual(row.date.year, 2020)

    def test_a_change_of_cost_of_other_goods_keeps_its_date(self):
        vals = {"product_id": self.product_avco.id, "value": 400, "company_id": self.company.id}
        row = self._as_accountant("product.value").create(vals | {"date": "2020-01-01"})
        self.assertEqual(row.date.year, 2020)

    def _get_receipt(self, lot):
        return self.env["stock.move.line"].search([("lot_id", "=", lot.id)]).move_id

    def _as_accountant(self, model):
        """Return a model as somebody uses it who may enter costs."""
        return self.env[model].with_user(self.accountant)

    def test_an_edited_receipt_does_not_bring_the_old_cost_back(self):
        for cost_unit in (500, 0):
            piece = self._create_piece(cost=500)
            move = self._move(
                piece, self.supplier_location, self.stock_location, costs={piece: cost_unit}
            )
            piece._set_cost({piece: 400}, "correction", "Scratched")
            edits = ({"quantity": 1}, {"location_dest_id": self.safe.id}, {"lot_id": piece.id})
            for vals in edits:
                with self.subTest(cost_unit=cost_unit, edit=vals):
                    move.move_line_ids.with_user(self.keeper).write(vals)
                    self.assertEqual((self._value(piece), piece.standard_price), (400, 400))
                    self.assertEqual(self._value(piece, to_date=fields.Date.today()), 400)
                    self.assertEqual(move.move_line_ids.piece_value, 500)

    def test_a_receipt_taken_back_and_made_again_does_not_bring_the_old_cost_back(self):
        piece = self._stock_mount(cost=500)
        piece._set_cost({piece: 400}, "correction", "Scratched")
        line = self.env["stock.move.line"].search([("lot_id", "=", piece.id)])
        line.quantity = 0
        self.assertEqual(self._value(piece), 0)
        line.quantity = 1
        self.assertEqual((self._value(piece), piece.standard_price), (400, 400))
        self.assertEqual(self._value(piece, to_date=fields.Date.today()), 400)

    def test_an_edited_delivery_takes_what_the_piece_cost_then(self):
        piece = self._stock_mount(cost=500)
        move = self._move(piece, self.stock_location, self.customer_location)
        piece._set_cost({piece: 400}, "correction", "The bill came")
        move.move_line_ids.quantity = 1
        self.assertEqual(move.move_line_ids.piece_value, -500)

    def test_an_edited_receipt_does_not_put_a_piece_in_two_places(self):
        here, there = self._stock_mount(), self._stock_mount()
        line = self.env["stock.move.line"].search([("lot_id", "=", there.id)])
        line = line.with_user(self.keeper)
        self._assert_refused(line.write, {"lot_id": here.id, "location_dest_id": self.safe.id})

    def test_a_keeper_alone_writes_nothing_off(self):
        lots = (self._stock_mount(), self._stock_stone().home_lot_id, self._stock_parcel())
        for lot in (*lots, self._stock_metal()):
            with self.subTest(lot=lot.product_id.name):
                with self._refused("second person", REFUSALS):
                    self._scrap(lot, self.keeper)
                with self._refused("second person", REFUSALS):
                    self._count(lot, self.keeper, 0)
                self.assertGreater(lot.product_qty, 0)

    def test_a_keeper_does_not_send_a_move_that_is_done_to_the_scrap(self):
        piece = self._stock_mount()
        line = self.env["stock.move.line"].search([("lot_id", "=", piece.id)])
        line = line.with_user(self.keeper)
        self._assert_refused(line.write, {"location_dest_id": self.inventory_place.id})
        move = self._move(piece, self.stock_location, self.safe).with_user(self.keeper)
        vals = move.move_line_ids.copy_data()[0]
        vals |= {"location_id": self.safe.id, "location_dest_id": self.inventory_place.id}
        self._assert_refused(self.env["stock.move.line"].with_user(self.keeper).create, vals)

    def test_a_manager_writes_off_alone_up_to_the_limit(self):
        self.company.approval_limit = 10000
        piece, parcel = self._stock_mount(), self._stock_parcel()
        self._scrap(piece, self.manager)
        self.assertEqual(piece.piece_status, "lost")
        self._count(parcel, self.manager, 0)
        self.assertEqual(parcel.product_qty, 0)

    def test_a_keeper_counts_what_is_there_and_scraps_other_goods(self):
        piece = self._stock_mount()
        self._count(piece, self.keeper)
        self.assertEqual(piece.piece_status, "available")
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        self.env["stock.quant"]._update_available_quantity(box, self.stock_location, 2)
        scrap = {"product_id": box.id, "location_id": self.stock_location.id, "scrap_qty": 1}
        self.env["stock.scrap"].with_user(self.keeper).create(scrap).do_scrap()
        self.assertEqual(box.qty_available, 1)

    def _scrap(self, lot, user):
        vals = {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "location_id": self.stock_location.id,
            "scrap_qty": 1,
        }
        self.env["stock.scrap"].with_user(user).create(vals).action_validate()

    def test_what_is_on_hand_is_not_written(self):
        piece = self._stock_mount(cost=500)
        other = self._create_piece()
        quant = piece._get_stock_quants()
        for user in (self.keeper, self.manager):
            own = quant.with_user(user)
            for vals in ({"quantity": 0}, {"lot_id": other.id}, {"location_id": self.safe.id}):
                with self.subTest(user=user.name, vals=vals):
                    self._assert_refused(own.write, vals)
            vals = {
                "product_id": other.product_id.id,
                "lot_id": other.id,
                "location_id": self.stock_location.id,
                "quantity": 1,
            }
            self._assert_refused(own.create, vals)
        self._assert_refused(quant.with_user(self.keeper).write, {"owner_id": self.owner.id})
        self.assertEqual(self._value(piece), 500)

    def test_what_is_in_stock_is_weighed_again_by_a_manager(self):
        piece = self._stock_mount(gross=5, other_weight=0.5)
        for vals in ({"gross_weight": 3}, {"gross_weight": 0}, {"other_weight": 1}):
            with self.subTest(vals=vals), self._refused("manager", REFUSALS):
                piece.with_user(self.keeper).write(vals)
        piece.with_user(self.keeper).write({"gross_weight": 5, "other_weight": 0.5})
        with self._refused("“Correct”", REFUSALS):
            piece.with_user(self.manager).gross_weight = 4.98
        self._correct(piece).gross_weight = 4.98
        self.assertEqual(piece.gross_weight, 4.98)

    def test_a_weight_is_not_changed_while_the_piece_is_at_a_client(self):
        piece = self._stock_mount(gross=5)
        self._move(piece, self.stock_location, self.customer_location)
        self._assert_refused(piece.with_user(self.keeper).write, {"gross_weight": 3})

    def test_metal_in_stock_is_corrected_by_a_manager(self):
        piece = self._stock_mount(gross=5)
        line = piece.metal_line_ids.with_user(self.keeper)
        silver = self._ref("alloy_silver_925")
        self._assert_refused(line.write, {"weight": 3})
        self._assert_refused(line.write, {"alloy_id": silver.id})
        self._assert_refused(line.unlink)
        vals = {"lot_id": piece.id, "alloy_id": silver.id, "weight": 1}
        self._assert_refused(line.create, vals)
        self._assert_refused(line.write, {"lot_id": self._create_piece().id})
        line.write({"weight": 5})
        self._assert_refused(line.with_user(self.manager).write, {"weight": 4.9})
        self._correct(line).weight = 4.9
        self.assertEqual(piece.fine_weight, 3.675)

    def test_the_alloy_of_metal_in_stock_is_corrected_by_a_manager(self):
        style = self._stock_metal().product_id.product_tmpl_id
        silver = self._ref("alloy_silver_925")
        self._assert_refused(style.with_user(self.keeper).write, {"alloy_id": silver.id})
        style.with_user(self.keeper).alloy_id = self.gold_18k
        self._assert_refused(style.with_user(self.manager).write, {"alloy_id": silver.id})
        self._correct(style).alloy_id = silver
        new = self._create_metal_style().product_tmpl_id.with_user(self.keeper)
        new.alloy_id = silver
        self.assertEqual((style.alloy_id, new.alloy_id), (silver, silver))

    def test_no_metal_moves_by_hand_into_a_piece_in_stock(self):
        draft = self._create_piece()
        draft._set_metals({self._ref("alloy_silver_925"): 2})
        line = draft.metal_line_ids.with_user(self.keeper)
        self._assert_refused(line.write, {"lot_id": self._stock_mount(gross=5).id})

    def test_a_keeper_describes_what_is_new(self):
        draft = self._create_piece(gross_weight=5).with_user(self.keeper)
        draft.metal_line_ids.create({"lot_id": draft.id, "alloy_id": self.gold_18k.id, "weight": 5})
        draft.write({"gross_weight": 4, "other_weight": 0.1})
        draft.metal_line_ids.weight = 3.9
        came = self._stock_mount(gross=0).with_user(self.keeper)
        came.gross_weight = 6
        lines = [{"alloy_id": self.gold_18k.id, "weight": 5}]
        lines.append({"alloy_id": self._ref("alloy_silver_925").id, "weight": 1})
        came.metal_line_ids = [Command.create(line) for line in lines]
        self.assertEqual((draft.net_weight, came.net_weight), (3.9, 6))

    def test_who_weighed_again_is_written_down_with_both_weights(self):
        piece = self._stock_mount(gross=5)
        self._correct(piece).gross_weight = 4.5
        events = self.env["jewelry.provenance.event"].search(
            [("chain_uuid", "=", piece.chain_uuid)], order="seq"
        )
        weights = [json.loads(event.payload).get("gross_weight") for event in events]
        self.assertEqual(list(filter(None, weights)), ["5.000", "4.500"])
        self.assertEqual(events[-1].actor_id, self.manager)

    def test_a_labelled_piece_keeps_its_number(self):
        piece, parcel = self._stock_mount(), self._stock_parcel()
        number = piece.name
        piece.with_user(self.keeper).name = "R-1"
        piece.with_user(self.keeper).name = number
        options = {"label_format": "pdf", "dpi": "300", "with_price": False}
        self.env["jewelry.label"]._print(piece | parcel, options)
        for lot in (piece, parcel):
            for user in (self.keeper, self.manager):
                with self.subTest(lot=lot.name), self._refused("label", REFUSALS):
                    lot.with_user(user).name = "R-2"
        piece.with_user(self.keeper).name = number

    def test_what_a_change_of_cost_adds_is_not_stated_by_hand(self):
        self.company.approval_limit = 1000
        piece = self._stock_mount(cost=500)
        values = {"lot_id": piece.id, "product_id": piece.product_id.id, "value": 400}
        self._as_accountant("product.value").create(
            values | {"company_id": self.company.id, "previous_value": 400, "delta": 7}
        )
        self.assertEqual(piece.value_ids[-1:].delta, -100)
        self.assertEqual(self._value(piece), piece.standard_price)


@tagged("post_install", "-at_install")
class TestDetoursOfStones(DetourCommon):
    """A stone is somewhere once, whoever says otherwise."""

    def test_a_stone_that_is_gone_is_not_written_into_a_piece(self):
        ring, stone = self._stock_mount(), self._stock_stone()
        self._set_stones(ring, stone)
        loss = self._prepare_line("loss", stones=stone)
        unsetting = self._prepare_unsetting(ring, stone.browse(), loss, loss_reason="Broken")
        unsetting.with_user(self.manager).action_approve_loss()
        unsetting.action_done()
        self.assertEqual(stone.state, "gone")
        other = self._stock_mount()
        self._assert_refused(stone.with_user(self.keeper).write, {"holder_id": other.id})
        commands = [Command.link(stone.id)]
        self._assert_refused(other.with_user(self.keeper).write, {"stone_ids": commands})

    def test_a_stone_in_stock_is_weighed_again_by_a_manager(self):
        loose = self._stock_stone(carat=1)
        ring, stone = self._stock_mount(), self._stock_stone(carat=1)
        self._set_stones(ring, stone)
        for known in (loose, stone):
            for vals in ({"carat": 0.9}, {"carat": 2, "count": 2}):
                with self.subTest(stone=known.state, vals=vals), self._refused("manager", REFUSALS):
                    known.with_user(self.keeper).write(vals)
            known.with_user(self.keeper).write({"carat": 1, "count": 1})
            self._assert_refused(known.with_user(self.manager).write, {"carat": 0.99})
            self._correct(known).carat = 0.99
            self.assertEqual(known.carat, 0.99)

    def test_a_keeper_weighs_a_stone_that_is_new(self):
        home = self._create_piece(self.stone_style)
        stone = self._create_stone(holder_id=home.id, home_lot_id=home.id)
        stone.with_user(self.keeper).carat = 0.7
        self.assertEqual(home.carat_weight, 0.7)

    def test_a_stone_keeps_its_numbers(self):
        stone = self._stock_stone()
        self._set_stones(self._stock_mount(), stone)
        other = self._create_piece(self.stone_style)
        stone = stone.with_user(self.keeper)
        self._assert_refused(stone.write, {"home_lot_id": other.id})
        self._assert_refused(stone.write, {"home_lot_id": False})
        self._assert_refused(stone.write, {"number": "S-1"})


@tagged("post_install", "-at_install")
class TestDetoursOfTransformations(DetourCommon):
    """What is done, and what was approved, stays what it was."""

    def test_a_line_does_not_move_into_a_done_transformation(self):
        done = self._prepare_melting()
        done.action_done()
        draft = self._prepare_melting().with_user(self.keeper)
        self._assert_refused(draft.line_ids[0].write, {"transformation_id": done.id})

    def test_a_cost_does_not_move_into_a_done_transformation(self):
        done = self._prepare_melting()
        done.action_done()
        draft = self._create_transformation(
            "melt", *[self._prepare_line("in", self._stock_metal(), metal_weight=1)], costs=[5]
        )
        cost = draft.cost_ids.with_user(self.keeper)
        self._assert_refused(cost.write, {"transformation_id": done.id})

    def test_an_approval_does_not_cover_a_line_that_moves_in_later(self):
        draft = self._prepare_melting(10, 5, 5)
        draft.loss_reason = "Spilt"
        draft.with_user(self.manager).action_approve_loss()
        self.assertTrue(draft.loss_approved_by_id)
        other = self._prepare_melting(10, 1, 9)
        line = other.loss_ids.with_user(self.keeper)
        line.transformation_id = draft
        self.assertFalse(draft.loss_approved_by_id)

    def test_nobody_approves_the_loss_they_entered_in_a_draft_of_another(self):
        draft = self._prepare_melting(10, 5).with_user(self.manager)
        draft.loss_reason = "Spilt"
        draft.write(
            {
                "loss_ids": [
                    Command.create(
                        {
                            "direction": "loss",
                            "metal_weight": 5,
                            "alloy_id": self.gold_18k.id,
                        }
                    )
                ]
            }
        )
        with self._refused("Somebody else", UserError):
            draft.action_approve_loss()

    def test_nobody_approves_the_loss_they_raised_in_a_draft_of_another(self):
        draft = self._prepare_melting(10, 9.999, 0.001).with_user(self.manager)
        draft.loss_reason = "Spilt"
        draft.output_ids.metal_weight = 5
        draft.loss_ids.metal_weight = 5
        with self._refused("Somebody else", UserError):
            draft.action_approve_loss()

    def test_nobody_begins_with_an_approval_in_the_context(self):
        context = {"default_loss_approved_by_id": self.manager.id, "default_state": "done"}
        drafts = self.env["jewelry.transformation"].with_user(self.keeper)
        draft = drafts.with_context(**context).create({"kind": "melt"})
        self.assertEqual((draft.state, draft.loss_approved_by_id.id), ("draft", False))

    def test_an_approval_is_for_the_reason_that_was_given(self):
        draft = self._prepare_melting(10, 5, 5)
        draft.loss_reason = "Spilt"
        draft.with_user(self.manager).action_approve_loss()
        draft.with_user(self.keeper).loss_reason = "Stolen"
        self.assertFalse(draft.loss_approved_by_id)

    def test_nothing_comes_out_in_a_place_that_is_no_stock(self):
        customers = self.env.ref("stock.stock_location_customers")
        for place in (customers, self.inventory_place, self.supplier_location):
            draft = self._prepare_melting().with_user(self.keeper)

            def detour(draft=draft, place=place):
                draft.place_id = place
                draft.action_done()

            with self.subTest(place=place.name):
                self._assert_refused(detour)


@tagged("post_install", "-at_install")
class TestDetoursOfParcels(DetourCommon):
    """Stones and grams of lots by weight do not change by what moves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel = cls._stock_parcel(carat=5, count=100, cost=1000)

    def _wizard(self, name, lot=None, **values):
        wizard = self.env[f"jewelry.parcel.{name}"].with_user(self.keeper)
        return wizard.create({"lot_id": (lot or self.parcel).id} | values)

    def _issue(self, carat=2, count=40, lot=None, **values):
        values = {"quantity": carat, "stone_count": count, "place_id": self.bench.id} | values
        self._wizard("issue", lot, **values).action_issue()

    def _get_amounts(self):
        places = (self.stock_location, self.bench)
        return [(float(ct), n) for ct, n in map(self.parcel._get_amount_in, places)]

    def test_less_than_no_stones_are_not_handed_out(self):
        self._assert_refused(self._issue, 1, -5)
        self.assertEqual(self._get_amounts(), [(5, 100), (0, 0)])

    def test_goods_are_handed_out_within_the_store_only(self):
        for place in (self.env.ref("stock.stock_location_customers"), self.inventory_place):
            with self.subTest(place=place.name):
                self._assert_refused(lambda p=place: self._issue(place_id=p.id))
        self.assertEqual(self._get_amounts(), [(5, 100), (0, 0)])

    def test_stones_are_not_counted_otherwise_after_they_moved(self):
        self._issue()
        lines = self.env["stock.move.line"].search([("lot_id", "=", self.parcel.id)])
        user = self._create_user("keeper", "stock.group_stock_user")
        self._assert_refused(lines[-1:].with_user(user).write, {"stone_count": 1})
        self._assert_refused(lines[:1].with_user(user).write, {"is_suspicious": True})

    def test_a_move_has_no_negative_stones(self):
        with self._refused_by_database("stock.move.line", "negative"):
            self._move_parcel(self.parcel, 1, self.stock_location, self.bench, count=-3)

    def test_the_parcel_follows_an_edited_receipt(self):
        line = self.env["stock.move.line"].search([("lot_id", "=", self.parcel.id)])
        line.quantity = 4
        self.assertEqual(self.parcel.product_qty, 4)
        self.assertEqual(self.parcel.stone_ids.carat, 4)

    def test_a_parcel_has_one_owner(self):
        with self._refused("a parcel of its own", REFUSALS):
            self._take_in_parcel(self.parcel, self.owner)
        self._take_in_parcel(self.parcel, self.company.partner_id)
        self.assertEqual(self._get_amounts(), [(6, 110), (0, 0)])

    def test_a_parcel_of_a_consignor_is_theirs_alone(self):
        theirs = self._stock_parcel(carat=5, count=100, cost=0)
        theirs._get_stock_quants().with_user(self.manager).owner_id = self.owner
        self._issue(lot=theirs)
        self._take_in_parcel(theirs, self.owner)
        for owner in (None, self.company.partner_id, self.vendor):
            with self.subTest(owner=owner), self._refused("a parcel of its own", REFUSALS):
                self._take_in_parcel(theirs, owner)
        self.assertEqual(theirs._get_amount_in(self.stock_location), (4, 70))
        self.assertEqual(theirs.stone_ids.count, 110)

    def test_another_owner_comes_when_nothing_is_left(self):
        self._move_parcel(self.parcel, 5, self.stock_location, self.customer_location)
        self._take_in_parcel(self.parcel, self.owner)
        self.assertEqual(self._get_amounts(), [(1, 10), (0, 0)])

    def test_no_edit_brings_a_second_owner_into_a_parcel(self):
        self._issue()
        lines = self.env["stock.move.line"].search([("lot_id", "=", self.parcel.id)])
        with self._refused("a parcel of its own", REFUSALS):
            lines[-1:].with_user(self.keeper).owner_id = self.owner
        quants = self.parcel._get_stock_quants().with_user(self.manager)
        with self._refused("a parcel of its own", REFUSALS):
            quants[:1].owner_id = self.owner
        quants.owner_id = self.owner
        self.assertEqual(self.parcel._get_stock_quants().owner_id, self.owner)

    def _take_in_parcel(self, parcel, owner):
        """Take in a carat of ten stones."""
        opening = self.company._get_opening_place()
        parcel._move_bulk(opening, self.stock_location, 1, 10, owner)

    def test_an_intake_costs_no_less_than_nothing(self):
        lot = self.env["stock.lot"].create({"product_id": self._create_metal_style().id})
        wizard = self._wizard("intake", lot, quantity=5, cost=-100)
        self._assert_refused(wizard.action_take_in)

    def test_undoing_takes_the_goods_from_where_they_were_put(self):
        self._issue(5, 100)
        self._wizard("return", quantity=2, stone_count=40, place_id=self.safe.id).action_return()
        taking = self.env["jewelry.transformation"].search([], limit=1, order="id desc")
        self.assertEqual(taking.state, "done")
        taking.action_reverse()
        self.assertEqual(self._get_amounts(), [(0, 0), (5, 100)])
        self.assertEqual(self.parcel._get_amount_in(self.safe), (0, 0))

    def test_a_parcel_is_weighed_in_carats(self):
        self._assert_refused(
            lambda: self._create_style(
                jewelry_kind="parcel", uom_id=self.env.ref("uom.product_uom_gram").id
            )
        )


@tagged("post_install", "-at_install")
class TestDetoursBetweenStores(CompanyCommon):
    """No wizard for parcels and metal reaches into the store of another."""

    def test_nobody_of_this_store_moves_metal_of_the_other(self):
        style = self._create_metal_style()
        lot = self.other_env["stock.lot"].create(
            {"product_id": style.id, "company_id": self.other.id}
        )
        other_bench = self.other_env["stock.location"].create(
            {
                "name": "Their bench",
                "usage": "internal",
                "location_id": self.other_place.id,
                "company_id": self.other.id,
            }
        )
        lot._move_bulk(self.other.sudo()._get_opening_place(), self.other_place, 10.0, cost=600)
        common = {"lot_id": lot.id, "quantity": 5}
        wizards = {
            "intake": (common | {"place_id": self.other_place.id, "cost": 1}, "action_take_in"),
            "issue": (
                common | {"source_id": self.other_place.id, "place_id": other_bench.id},
                "action_issue",
            ),
            "return": (
                common | {"source_id": self.other_place.id, "place_id": other_bench.id},
                "action_return",
            ),
        }
        for name, (values, button) in wizards.items():
            model = self._as(self.users["keeper"], self.company, self.env[f"jewelry.parcel.{name}"])
            with self.subTest(wizard=name), self._refused("", REFUSALS):
                self.env.invalidate_all()
                getattr(model.create(values), button)()
        quants = lot._get_stock_quants()
        self.assertEqual((quants.location_id, quants.quantity), (self.other_place, 10))
