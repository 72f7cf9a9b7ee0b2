{
    "name": "Jewelry Layaway and Special Orders",
    "summary": "Pieces that are kept for customers who pay in parts, and pieces that are ordered "
    "for them: signed terms, schedules, reminders, defaults",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_deposit", "sms"],
    "data": [
        "security/ir.model.access.csv",
        "security/jewelry_layaway_security.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "data/jewelry_rule_data.xml",
        "report/jewelry_layaway_templates.xml",
        "report/jewelry_layaway_report.xml",  # Depends on the templates
        "data/mail_template_data.xml",
        "wizards/jewelry_layaway_create_views.xml",
        "wizards/jewelry_layaway_sign_views.xml",
        "wizards/jewelry_layaway_cancel_views.xml",
        "wizards/jewelry_layaway_piece_views.xml",
        "views/jewelry_layaway_term_views.xml",
        "views/jewelry_layaway_views.xml",
        "views/jewelry_deposit_instalment_views.xml",
        "views/stock_lot_views.xml",
        "views/jewelry_layaway_ageing_views.xml",
        "views/sale_order_views.xml",
        "views/portal_templates.xml",
        "views/jewelry_layaway_menus.xml",  # Depends on the actions
    ],
    "assets": {
        "web.assets_tests": ["jewelry_layaway/static/tests/tours/**/*"],
    },
}
