"""What tests of alarms share: a piece at the door, and what screens are told of it."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from unittest.mock import patch

from .reader_common import ReaderCommon

DOOR = 3


class Siren:
    """Another program, over real HTTP: it keeps what it was sent, and answers as told, after
    something else has happened meanwhile.
    """

    def __init__(self, meanwhile=lambda: None):
        self.received, self.answers, self.meanwhile = [], [], meanwhile
        siren = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                siren.received.append((self.path, dict(self.headers), body))
                siren.meanwhile()
                status = siren.answers.pop(0) if siren.answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{siren.port}/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments):
                """Override: the log of the tests is for the tests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        """Let nobody be reached any more."""
        self.server.shutdown()
        self.server.server_close()


class AlarmCommon(ReaderCommon):
    """The store of readers, whose third antenna looks at the door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alarm = cls.env["jewelry.rfid.alarm"]
        cls.associate = cls._create_user("associate")
        cls.tag = cls._create_tag(1)
        cls.piece = cls.tag.lot_id

    # === ACTIONS === #

    def _pass(self, *tags, ago=10, kind="appear", **values):
        """Let tags be seen at the door so many seconds ago."""
        rows = [self._row(tag, kind, ago, antenna=DOOR, **values) for tag in tags or [self.tag]]
        return self._send(*rows)

    def _answer(self, alarms, user=None, **values):
        """Answer alarms in the dialog."""
        action = alarms.with_user(user or self.associate).action_acknowledge()
        dialog = self.env[action["res_model"]].with_user(user or self.associate)
        values = {"note": "Shown in the daylight"} | values
        return dialog.with_context(**action["context"]).create(values).action_answer()

    # === READERS === #

    @contextmanager
    def _count_queries_on(self, table):
        """Yield a list that takes the queries on a table."""
        asked, cursor = [], type(self.env.cr)
        execute = cursor.execute

        def listen(self, query, *args, **kwargs):
            if table in str(getattr(query, "code", query)):
                asked.append(query)
            return execute(self, query, *args, **kwargs)

        with patch.object(cursor, "execute", listen):
            yield asked

    def _get_alarms(self, piece=None):
        return self.Alarm.search([("lot_id", "=", (piece or self.piece).id)])

    def _get_told(self, act, kind="jewelry_rfid_alarm"):
        """Return pairs of channel and message of a kind that an act puts on the bus."""
        bus = self.env["bus.bus"].sudo()
        self.env.cr.precommit.run()
        last = bus.search([], order="id desc", limit=1).id or 0
        act()
        self.env.cr.precommit.run()
        sent = bus.search([("id", ">", last)], order="id")
        messages = [(json.loads(each.channel), json.loads(each.message)) for each in sent]
        return [(channel, each["payload"]) for channel, each in messages if each["type"] == kind]
