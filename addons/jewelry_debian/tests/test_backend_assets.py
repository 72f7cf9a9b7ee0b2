"""The backend bundle lists no file that Debian removed from its package."""

from odoo.tests import HttpCase, tagged

MISSING_FILE = "selfie_segmentation.js"


@tagged("post_install", "-at_install")
class TestBackendAssets(HttpCase):
    def test_backend_bundle_does_not_list_the_file_debian_removed(self):
        for bundle in ("web.assets_backend", "web.assets_web", "web.assets_web_dark"):
            paths = [asset[0] for asset in self.env["ir.asset"]._get_asset_paths(bundle, {})]
            self.assertTrue(paths, bundle)
            self.assertFalse([path for path in paths if path.endswith(MISSING_FILE)], bundle)

    def test_backend_page_opens_without_a_console_error(self):
        # browser_js fails on any console error by itself. Without the guided tour nothing is still
        # being fetched when the browser is closed.
        self.env.ref("base.user_admin").tour_enabled = False
        self.browser_js(
            "/odoo",
            "console.log('test successful')",
            ready="odoo.isReady === true",
            login="admin",
        )
