"""Readers to speak with: two independent implementations of LLRP, and captured messages."""

import asyncio
import json
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

from llrpkit.emulator import EmulatedTag, LLRPEmulator
from llrpkit.protocol import enums, messages, params

HERE = Path(__file__).parent
CAPTURED = {
    message["name"]: message
    for message in json.loads((HERE / "vectors/llrp_messages.json").read_text())["messages"]
}


class Emulator(LLRPEmulator):
    """llrpkit's reader, without the three ways in which it differs from a real one.

    :param hop_tables: numbers of its frequency hop tables; none: it does not hop
    """

    def __init__(self, hop_tables=(1,), **options):
        super().__init__(**options)
        self.hop_tables = hop_tables

    def _capabilities_response(self):
        answer = super()._capabilities_response()
        known = answer.regulatory_capabilities.uhf_band_capabilities.frequency_information
        channels = known.frequency_hop_tables[0].frequency
        known.hopping = bool(self.hop_tables)
        known.frequency_hop_tables = [
            params.FrequencyHopTable(hop_table_id=number, frequency=channels)
            for number in self.hop_tables
        ]
        if not self.hop_tables:
            known.fixed_frequency_table = params.FixedFrequencyTable(frequency=channels[:4])
        return answer

    def _add_rospec(self, spec):
        [inventory] = spec.spec_parameters[0].inventory_parameter_specs
        for antenna in inventory.antenna_configurations:
            radio = antenna.rf_transmitter
            if self.hop_tables and radio.hop_table_id not in self.hop_tables:
                return self._refuse("HopTableID")
            if not self.hop_tables and not 1 <= radio.channel_index <= 4:
                return self._refuse("ChannelIndex")
        return super()._add_rospec(spec)

    def _refuse(self, what):
        return self._status_error(enums.StatusCode.P_ParameterError, f"{what} is not known")

    async def _handle_message(self, msg):
        # A reader answers this with nothing.
        if isinstance(msg, messages.ENABLE_EVENTS_AND_REPORTS):
            return
        # "All" of none is none, not an error.
        if isinstance(msg, messages.DELETE_ROSPEC) and msg.ro_spec_id == 0:
            self._rospecs.clear()
            self._sync_reporting()
            status = self._status_ok()
            answer = messages.DELETE_ROSPEC_RESPONSE(llrp_status=status)
            await self._send(answer, message_id=msg.message_id)
            return
        await super()._handle_message(msg)
        if isinstance(msg, messages.ENABLE_ROSPEC):
            self._start_immediately(msg.ro_spec_id)

    def _start_immediately(self, number):
        spec, state = self._rospecs.get(number, (None, ""))
        if state != "Enabled":
            return
        trigger = spec.ro_boundary_spec.ro_spec_start_trigger.ro_spec_start_trigger_type
        if int(trigger) == int(enums.ROSpecStartTriggerType.Immediate):
            self._rospecs[number] = (spec, "Active")
            self._sync_reporting()


@contextmanager
def emulator(tags=None, **options):
    """An emulator in a thread of its own; `call` runs a coroutine of it there. After `cut_power`
    it says nothing any more and closes nothing, until `give_power`.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    reader = Emulator(tags=tags, **options)

    def call(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(10)

    power = threading.Event()
    reader.call, reader.give_power = call, power.set
    reader.cut_power = lambda: power.clear() or loop.call_soon_threadsafe(power.wait)
    call(reader.start())
    try:
        yield reader
    finally:
        power.set()
        call(reader.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def tag(epc, antennas=(1,), rssi=-55.0):
    return EmulatedTag(epc=bytes.fromhex(epc), antennas=antennas, rssi_dbm=rssi)


@contextmanager
def node_reader():
    """llrpjs's LLRPServer in a process of its own."""
    node = shutil.which("node")
    assert node, "Node is missing"
    process = subprocess.Popen(
        [node, HERE / "llrpjs_reader.js"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        process.port = int(process.stdout.readline())
        yield process
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
        process.stdin.close()


def frame(kind, payload=b"", number=1, version=1):
    """One LLRP message."""
    head = (version << 10 | kind).to_bytes(2, "big")
    return head + (10 + len(payload)).to_bytes(4, "big") + number.to_bytes(4, "big") + payload


def captured(name):
    message = CAPTURED[name]
    return frame(message["message_type"], bytes.fromhex(message["payload_hex"]))


SUCCESS = bytes.fromhex("011f000800000000")
# What a reader answers: the type of the request, and the type of the response.
ANSWERS = {2: 12, 3: 13, 14: 4, 20: 30, 21: 31, 22: 32, 24: 34, 41: 51}
CONNECTED = frame(
    63, bytes.fromhex("00f6001600800 00c0000000000000001 01000006 0000".replace(" ", ""))
)


class CapturedReader:
    """A TCP server that answers with messages captured from a real Impinj reader.

    `reports` follow once the client has enabled its RO spec; `script`, when given, is called with
    the connection instead of all that.
    """

    def __init__(self, reports=(), script=None):
        self.reports, self.script = reports, script
        self.received = bytearray()
        self.connections = 0
        self.links = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.close()
        for link in self.links:
            link.close()

    def _serve(self):
        while True:
            try:
                link, _address = self.server.accept()
            except OSError:
                return
            self.connections += 1
            self.links.append(link)
            threading.Thread(target=self._speak, args=(link,), daemon=True).start()

    def _speak(self, link):
        try:
            (self.script or self._answer_all)(link)
        except OSError:
            return

    def _answer_all(self, link):
        link.sendall(CONNECTED)
        while request := self.read_request(link):
            kind, number = request
            link.sendall(self.answer(kind, number))
            if kind == 24:
                for report in self.reports:
                    link.sendall(report)

    def read_request(self, link):
        """(type, number) of the next message, kept in `received`."""
        head = self._exactly(link, 10)
        if not head:
            return None
        length = int.from_bytes(head[2:6], "big")
        self.received += head + self._exactly(link, length - 10)
        return int.from_bytes(head[:2], "big") & 0x3FF, int.from_bytes(head[6:10], "big")

    @staticmethod
    def _exactly(link, count):
        data = b""
        while len(data) < count:
            more = link.recv(count - len(data))
            if not more:
                return b""
            data += more
        return data

    @staticmethod
    def answer(kind, number):
        if kind == 1:
            return frame(
                11,
                bytes.fromhex(CAPTURED["GetReaderCapabilitiesResponse-000"]["payload_hex"]),
                number,
            )
        if kind == 2:
            return frame(
                12, bytes.fromhex(CAPTURED["GetReaderConfigResponse-000"]["payload_hex"]), number
            )
        return frame(ANSWERS[kind], SUCCESS, number) if kind in ANSWERS else b""
