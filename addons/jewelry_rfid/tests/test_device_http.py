import json
import xmlrpc.client
from uuid import uuid4

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .reader_common import get_epc, prepare_row

# What a key of core would open for a user of the portal: of these it may read some.
OTHERS = [
    ("res.partner", "search_read"),
    ("res.users", "search_read"),
    ("res.users", "context_get"),
    ("res.company", "search_read"),
    ("res.country", "search_read"),
    ("res.currency", "name_search"),
    ("ir.model", "search_count"),
    ("stock.lot", "search_read"),
    ("stock.lot", "open_by_scan"),
    ("stock.quant", "search_read"),
    ("product.product", "search_read"),
    ("product.template", "fields_get"),
    ("jewelry.rfid.tag", "search_read"),
    ("jewelry.rfid.sighting", "search_read"),
    ("jewelry.rfid.gateway", "search_read"),
    ("jewelry.rfid.gateway", "action_revoke_keys"),
    ("jewelry.rfid.batch", "search_read"),
    ("jewelry.rfid.batch", "create"),
    ("jewelry.rfid.reader", "search_read"),
    ("jewelry.rfid.reader", "write"),
    ("jewelry.rfid.wall", "get_wall"),
    ("mail.message", "search_read"),
    ("discuss.channel", "search_read"),
    ("bus.bus", "search_read"),
    ("no.such.model", "search_read"),
]

REGISTER = "/json/2/jewelry.rfid.batch/register_batch"


@tagged("-at_install", "post_install")
class TestDevice(HttpCase):
    """What a gateway's key opens, over the wire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.env["jewelry.rfid.gateway"].create({"name": "Shop", "code": "http-1"})
        cls.key = cls.gateway._make_key()
        cls.device = cls.gateway.user_id
        cls.now = cls.gateway._get_time()

    def _post(self, path, key=None, **body):
        headers = {
            "Authorization": f"bearer {key or self.key}",
            "Content-Type": "application/json",
        }
        return self.url_open(path, data=json.dumps(body), headers=headers)

    def _register(self, key=None, path=REGISTER, **values):
        body = {
            "batch": str(uuid4()),
            "gateway": "http-1",
            "sequence": 1,
            "sent": self.gateway._get_time(),
            "sightings": [prepare_row(get_epc(1), self.now), ["nonsense"]],
        }
        return self._post(path, key, **body | values)

    def test_a_batch_and_a_heartbeat_are_answered(self):
        answer = self._register()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual((answer.json()["accepted"], answer.json()["duplicate"]), (1, False))
        self.assertEqual(answer.json()["refused"], [[1, "a row is a list of nine values"]])
        beat = {"gateway": "http-1", "version": "1", "sent": self.now, "spooled": 0, "refused": 0}
        answer = self._post("/json/2/jewelry.rfid.reader/heartbeat", **beat, readers=[])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(set(answer.json()), {"time", "readers", "watch", "counting"})

    def test_the_same_batch_is_answered_as_a_duplicate(self):
        uuid = str(uuid4())
        answers = [self._register(batch=uuid).json() for _each in range(2)]
        self.assertEqual([answer["duplicate"] for answer in answers], [False, True])
        self.assertEqual([answer["accepted"] for answer in answers], [1, 1])

    @mute_logger("odoo.http")
    def test_no_other_method_of_any_model_answers(self):
        for model, method in OTHERS:
            with self.subTest(model=model, method=method):
                self.assertIn(self._post(f"/json/2/{model}/{method}").status_code, (403, 404))

    @mute_logger("odoo.http")
    def test_no_other_page_opens_with_the_key(self):
        for path in ("/doc-bearer/index.json", "/web/session/account", "/my", "/odoo"):
            with self.subTest(path=path):
                answer = self.url_open(
                    path, headers={"Authorization": f"bearer {self.key}"}, allow_redirects=False
                )
                self.assertNotEqual(answer.status_code, 200)

    @mute_logger("odoo.http")
    def test_no_other_spelling_of_the_path_opens_more(self):
        paths = [
            "/json/2/jewelry.rfid.batch/register_batch/",
            "/json/2/jewelry.rfid.batch//register_batch",
            "/json/2/jewelry.rfid.batch/../res.partner/search_read",
            "/json/2/jewelry.rfid.batch/register_batch/../../res.partner/search_read",
        ]
        self.assertEqual(self._register().status_code, 200)
        for path in paths:
            with self.subTest(path=path):
                self.assertIn(self._register(path=path).status_code, (403, 404))

    @mute_logger(
        "odoo.http",
        "odoo.addons.base.models.res_users",
        "odoo.addons.rpc.controllers.jsonrpc",
        "odoo.addons.rpc.controllers.xmlrpc",
        "odoo.service.security",
    )
    def test_the_key_opens_no_older_door(self):
        database, login = self.env.cr.dbname, self.device.login
        self.assertFalse(self.xmlrpc_common.authenticate(database, login, self.key, {}))
        with self.assertRaises(xmlrpc.client.Fault):
            self.xmlrpc_object.execute_kw(
                database, self.device.id, self.key, "res.partner", "search_read", [[]]
            )
        args = [database, self.device.id, self.key, "res.partner", "search", []]
        with self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/jsonrpc", {"service": "object", "method": "execute", "args": args}
            )

    @mute_logger("odoo.http", "odoo.addons.base.models.res_users")
    def test_a_device_never_logs_in_even_with_a_password(self):
        self.device.password = "a password that somebody set"
        with self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/web/session/authenticate",
                {
                    "db": self.env.cr.dbname,
                    "login": self.device.login,
                    "password": "a password that somebody set",
                },
            )

    @mute_logger("odoo.http")
    def test_a_wrong_gateway_is_refused(self):
        for code in ("http-2", "", 7, None):
            with self.subTest(code=code):
                self.assertEqual(self._register(gateway=code).status_code, 403)

    @mute_logger("odoo.http")
    def test_a_wrong_key_and_a_revoked_one_are_refused(self):
        self.assertEqual(self._register(key="0" * 40).status_code, 401)
        self.assertEqual(self._register().status_code, 200)
        self.gateway.action_revoke_keys()
        self.env.flush_all()
        self.assertEqual(self._register().status_code, 401)

    @mute_logger("odoo.http")
    def test_a_message_of_another_shape_is_refused_with_a_reason(self):
        for values in ({"sightings": {}}, {"batch": "x"}, {"sent": 1}, {"more": 1}):
            with self.subTest(values=values):
                answer = self._register(**values)
                self.assertEqual(answer.status_code, 422)
                self.assertTrue(answer.json()["message"])
