"""Fixed readers that speak LLRP.

`sllurp` encodes, decodes and knows the order of messages; the connection is ours, because a
reader that is cut off, damaged or hostile must cost neither the thread nor the memory.
"""

import logging
import math
import select
import socket
import time

from sllurp.llrp import LLRPClient, LLRPMessage, LLRPReaderConfig, LLRPReaderState

from ..reading import MOST_ANTENNA, Read, get_signal, is_code, is_port
from ..wire.llrp import DamagedStream, FrameCutter, ReaderClock
from .base import REQUIRED, ConfigurationError, Driver, Unreachable, now

# It logs every message that it does not like; what matters of them is reported by us.
logging.getLogger("sllurp").setLevel(logging.CRITICAL + 1)
_logger = logging.getLogger(__name__)

_TICK = 0.2  # seconds until a request to stop is seen
_CHUNK = 64 * 1024
# So many missing ones say that a reader has gone.
SILENT_KEEPALIVES = 3

# What ConnectionAttemptEvent says when it is not "Success".
_REFUSALS = {
    "Failed (a Reader initiated connection already exists)": "It is connected to another program.",
    "Failed (a Client initiated connection already exists)": (
        "Another program or gateway controls this reader: LLRP allows one at a time. Stop that one."
    ),
}
# To the client that is connected, when another one comes.
_RIVAL = "Another connection attempted"
_LAST_SEEN = ("LastSeenTimestampUTC", "LastSeenTimestampUptime")
_FIRST_SEEN = ("FirstSeenTimestampUTC", "FirstSeenTimestampUptime")


class LlrpDriver(Driver):
    """A reader at `host`, or any that speaks LLRP 1.0.1 or 1.1."""

    SPEAKS = True
    OPTIONS = {
        "host": REQUIRED,
        "port": 5084,
        "antennas": [],  # none: all that the reader has
        "power": None,  # dBm for all, or {"1": dBm, ...}; none: the reader's highest
        "mode": None,  # identifier of a Gen2 mode; none: the reader's own choice
        "tari": None,  # nanoseconds, for readers that do not choose it with the mode
        "session": 1,
        "population": 32,
        "search_mode": None,  # Impinj's
        "tid": False,  # Impinj's FastID
        "report_tags": 1,  # tags in a report: more of them cost less, and the last ones wait
        # Three of them have to be missed before the reader is, and that before its tags are.
        "keepalive": 3.0,
        "timeout": 10.0,
    }

    def __init__(self, code, options, emit, report):
        """Take a reader's options, see `OPTIONS`."""
        super().__init__(code, options, emit, report)
        self.powers = {}  # {antenna: dBm} of the configuration, 0 for those it does not name
        self.ordered = {}  # {antenna: dBm} that Odoo wants
        self.renew = False

    def check(self):
        """Refuse options that no reader could take."""
        self.check_text("host")
        self.check_whole("port", 1, 65535)
        self.check_whole("session", 0, 3)
        self.check_whole("population", 1, 65535)
        # A report of all of them must stay below `wire.llrp.LONGEST_FRAME`.
        self.check_whole("report_tags", 1, 1000)
        self.check_number("keepalive", 0.1, 3600)
        self.check_number("timeout", 0.1, 600)
        self.check_flag("tid")
        for name, highest in (("search_mode", 6), ("mode", 2**32 - 1), ("tari", 65535)):
            if self.options[name] is not None:
                self.check_whole(name, 0, highest)
        if self.options["tari"] is not None and self.options["mode"] is None:
            raise ConfigurationError("tari needs a mode.", "tari")
        antennas = self.options["antennas"]
        if not isinstance(antennas, list) or not all(_is_port(port) for port in antennas):
            message = f"antennas must be a list of ports from 1 to {MOST_ANTENNA}, such as [1, 2]."
            raise ConfigurationError(message, "antennas")
        self.powers = _read_powers(self.options["power"])

    def get_ports(self):
        """The ports that are asked for; all of them where there are none."""
        return self.options["antennas"]

    def set_power(self, powers):
        """Take other powers: the connection is made again with them. None: as configured."""
        ordered = {port: power for port, power in powers.items() if power is not None}
        if ordered != self.ordered:
            self.ordered, self.renew = ordered, True

    def run(self):
        """Connect, configure and read until the reader goes or we are asked to stop."""
        self.renew = False
        address = (self.options["host"], self.options["port"])
        with socket.create_connection(address, self.options["timeout"]) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = _Session(self, link)
            session.live()
            session.leave()


class _Session:
    """One connection to a reader."""

    def __init__(self, driver, link):
        self.driver = driver
        self.link = link
        self.options = driver.options
        self.cutter = FrameCutter()
        self.clock = ReaderClock()
        self.antenna = 0
        self.unplugged = set()
        self.damaged = 0
        self.begun = self.heard = time.monotonic()
        self.config = _make_config(self.options)
        self.client = LLRPClient(self.config, transport_tx_write=link.sendall)

    @property
    def reading(self):
        return self.client.state == LLRPReaderState.STATE_INVENTORYING

    # === THE CONNECTION === #

    def live(self):
        """Receive until asked to stop or to begin again.

        :raise Unreachable: the reader went, or cannot be used.
        """
        while not self.driver.stopping.is_set() and not self.driver.renew:
            data = self.receive(_TICK)
            if data:
                self.take(data)
                self.heard = time.monotonic()
            else:
                self.watch()

    def receive(self, seconds):
        """What the reader sends, nothing when it is silent for `seconds`.

        :raise Unreachable: it has closed the connection.
        """
        if not select.select([self.link], [], [], seconds)[0]:
            return b""
        data = self.link.recv(_CHUNK)
        if not data:
            raise Unreachable("The reader closed the connection.")
        return data

    def watch(self):
        """A reader without power closes nothing: what is missing is its keepalive."""
        quiet = time.monotonic() - self.heard
        if quiet > max(SILENT_KEEPALIVES * self.options["keepalive"], self.options["timeout"]):
            raise Unreachable(f"The reader has been silent for {quiet:.0f} seconds.")
        if not self.reading and time.monotonic() - self.begun > self.options["timeout"]:
            state = LLRPReaderState.getStateName(self.client.state)
            raise Unreachable(f"The reader does not answer ({state.removeprefix('STATE_')}).")

    def leave(self):
        """Stop the reader and take leave, so that the next client is let in at once."""
        self.client.sendMessage({"DELETE_ROSPEC": {"ROSpecID": 0}})
        self.client.sendMessage({"CLOSE_CONNECTION": {}})
        end = time.monotonic() + 1
        try:
            while time.monotonic() < end:
                for frame in self.cutter.feed(self.receive(_TICK)):
                    message = self.decode(frame)
                    if message and message.getName() == "CLOSE_CONNECTION_RESPONSE":
                        return
        except (Unreachable, DamagedStream):
            return

    # === MESSAGES === #

    def take(self, data):
        """Handle all messages that are complete with `data`, and hand their reads to the core at
        once; also those that came before damage, and none of a reader that is only there.
        """
        reads, heard = [], False
        try:
            for frame in self.cutter.feed(data):
                heard = True
                message = self.decode(frame)
                if message:
                    reads += self.handle(message.getName(), message)
        except DamagedStream as error:
            raise Unreachable(str(error)) from error
        finally:
            if heard:
                self.driver.emit(reads)

    def decode(self, frame):
        """The message in a frame, None when sllurp cannot read it: its length is still right."""
        try:
            return LLRPMessage(msgbytes=frame)
        except Exception:  # noqa: BLE001  # it raises whatever its slices of damaged bytes lead to
            self.damaged += 1
            if self.damaged == 1:
                _logger.warning("%s: a message that cannot be decoded", self.driver.code)
            return None

    def handle(self, name, message):
        """React to a message.

        :return: the reads in it.
        """
        body = message.msgdict[name]
        if name == "RO_ACCESS_REPORT":
            return self.read_all(body)
        if name == "READER_EVENT_NOTIFICATION":
            self.heed(body.get("ReaderEventNotificationData") or {})
        elif name == "GET_READER_CAPABILITIES_RESPONSE" and message.isSuccess():
            self.fit(body)
        elif name.endswith("_RESPONSE") and message.isSuccess() is False:
            raise Unreachable(f"The reader refused {name[:-9]}: {_reason(body)}")
        elif name == "ERROR_MESSAGE":
            raise Unreachable(f"The reader reports an error: {_reason(body)}")
        was_reading = self.reading
        self.advance(message)
        if self.reading and not was_reading:
            self.tell()
        return []

    def advance(self, message):
        """Let sllurp answer, and send what comes next."""
        try:
            if self.client.state == LLRPReaderState.STATE_SENT_SET_CONFIG:
                _complete(self.client.getROSpec(), self.options)
            self.client.handleMessage(message)
        except OSError:
            raise
        except Exception as error:
            raise Unreachable(f"The reader answered unexpectedly: {error}") from error

    def heed(self, event):
        """Events that end the connection, that set the clock, or that a person wants to know."""
        stamp = event.get("UTCTimestamp") or {}
        self.clock.at(stamp.get("Microseconds"), _running())
        status = (event.get("ConnectionAttemptEvent") or {}).get("Status", "Success")
        if status == _RIVAL:
            self.driver.up("Another program tried to control this reader and was refused.")
        elif status != "Success":
            raise Unreachable(_REFUSALS.get(status, f"The reader refused us: {status}"))
        if "ConnectionCloseEvent" in event:
            raise Unreachable("The reader closed the connection: another client may have come.")
        antenna = event.get("AntennaEvent")
        if antenna:
            plugged = antenna["EventType"] == "Connected"
            change = self.unplugged.discard if plugged else self.unplugged.add
            change(antenna["AntennaID"])
            if self.reading:
                self.tell()

    def tell(self):
        """Say that tags are read, and which of the wanted antennas is not there."""
        missing = sorted(self.unplugged & set(self.config.antennas))
        ports = ", ".join(map(str, missing))
        self.driver.up(f"Unplugged: antenna {ports}." if missing else "")

    # === WHAT THE READER CAN DO === #

    def fit(self, capabilities):
        """Turn what the shop wants into what this reader has.

        :raise ConfigurationError: it has not got it.
        """
        try:
            count = capabilities["GeneralDeviceCapabilities"]["MaxNumberOfAntennaSupported"]
            band = capabilities["RegulatoryCapabilities"]["UHFBandCapabilities"]
            table = {
                row["TransmitPowerValue"] / 100: row["Index"]
                for row in band["TransmitPowerLevelTableEntry"]
            }
            entries = band["UHFC1G2RFModeTable"]["UHFC1G2RFModeTableEntry"]
            modes = {entry["ModeIdentifier"]: entry for entry in entries}
            taris = {name: (row["MinTari"], row["MaxTari"]) for name, row in modes.items()}
        except (KeyError, TypeError) as error:
            raise Unreachable(f"The reader does not say what it can do: {error}.") from error
        self._fit_mode(taris)
        self._fit_frequencies(band.get("FrequencyInformation") or {})
        antennas = self.options["antennas"] or list(range(1, count + 1))
        if not antennas or max(antennas) > count:
            raise ConfigurationError(f"antennas: the reader has {count}.")
        self.config.antennas = antennas
        self.config.tx_power = {port: self._fit_power(port, table) for port in antennas}
        # Where it reports one antenna only, it need not name it.
        self.antenna = antennas[0] if len(antennas) == 1 else 0

    def _fit_mode(self, taris):
        mode, tari = self.options["mode"], self.options["tari"]
        if mode is None:
            return
        if mode not in taris:
            known = ", ".join(map(str, sorted(taris)))
            raise ConfigurationError(f"mode: the reader has {known}.")
        shortest, longest = taris[mode]
        if tari is not None and not shortest <= tari <= longest:
            raise ConfigurationError(f"tari: mode {mode} has {shortest} to {longest} ns.")

    def _fit_frequencies(self, known):
        """Name a hop table that the reader has: sllurp names the first, and not all begin at one.

        A reader that does not hop asks for a channel only, which the standard counts from one.
        """
        tables = [table["HopTableId"] for table in known.get("FrequencyHopTable") or ()]
        if known.get("Hopping") and tables:
            self.config.frequencies["HopTableId"] = min(tables)

    def _fit_power(self, port, table):
        """The index of the highest power that is not above what is wanted.

        What Odoo orders counts below the configured power only, and is cut to the reader's range:
        a wrong number typed there must neither break the law nor end the reading here.
        """
        if not table:
            raise Unreachable("The reader has no table of powers.")
        powers, ordered = self.driver.powers, self.driver.ordered
        wanted = powers.get(port, powers.get(0, max(table)))
        if not min(table) <= wanted <= max(table):
            raise ConfigurationError(
                f"power of antenna {port}: the reader has {min(table):g} to {max(table):g} dBm."
            )
        wanted = max(min(table), min(ordered.get(port, wanted), wanted))
        return table[max(power for power in table if power <= wanted)]

    # === READS === #

    def read_all(self, report):
        """The reads in a report; those that an earlier client left running are none of ours."""
        if not self.reading:
            return []
        reads = (self.read(tag) for tag in report.get("TagReportData", ()))
        return [read for read in reads if read]

    def read(self, tag):
        """A `Read` of one tag's report, None when it names no tag, or what none can be."""
        epc = (tag.get("EPC") or b"").decode("ascii").upper()
        # A reader may leave out an antenna that is the same as in its report before.
        self.antenna = tag.get("AntennaID", self.antenna)
        if not is_code(epc) or not is_port(self.antenna):
            return None
        microseconds = next(
            (tag[name] for name in (*_LAST_SEEN, *_FIRST_SEEN) if name in tag), None
        )
        return Read(
            self.driver.code,
            self.antenna,
            epc,
            self.date(microseconds),
            _rssi(tag),
            _tid(tag),
            tag.get("C1G2PC"),
        )

    def date(self, microseconds):
        """When it was by the computer's clock, which may be set while we are connected: only the
        time that has passed since then is taken from the reader.
        """
        received = _running()
        return now() - (received - self.clock.at(microseconds, received))


def _running():
    """Milliseconds of a clock that nobody sets, and that runs while the computer sleeps."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


# === TRANSLATIONS === #


def _make_config(options):
    impinj = options["tid"] or None
    return LLRPReaderConfig(
        {
            "session": options["session"],
            "tag_population": options["population"],
            "mode_identifier": options["mode"],
            "keepalive_interval": round(options["keepalive"] * 1000),
            "impinj_search_mode": options["search_mode"],
            "impinj_tag_content_selector": impinj and dict.fromkeys(_IMPINJ_CONTENT, 0),
            "event_selector": {"AntennaEvent": True},
            "tag_content_selector": {
                "EnableAntennaID": True,
                "EnablePeakRSSI": True,
                "EnableChannelIndex": False,
                "EnableLastSeenTimestamp": True,
                "EnableTagSeenCount": False,
                "EnableROSpecID": False,
                "C1G2EPCMemorySelector": {"EnableCRC": False, "EnablePCBits": True},
            },
        }
    )


_IMPINJ_CONTENT = ("EnableRFPhaseAngle", "EnablePeakRSSI", "EnableRFDopplerFrequency")


def _complete(rospec, options):
    """Say what sllurp has no option for.

    It would have the reader report when antennas have been read for a time, and begin with the
    first antenna again: where that time is short, the last ones would never be read.
    """
    report = rospec["ROReportSpec"]
    report["N"] = options["report_tags"]
    if options["tari"] is not None:
        for antenna in rospec["AISpec"][0]["InventoryParameterSpec"][0]["AntennaConfiguration"]:
            antenna["C1G2InventoryCommand"][0]["C1G2RFControl"]["Tari"] = options["tari"]
    if options["tid"]:
        selector = report["ImpinjTagReportContentSelector"]
        selector["ImpinjEnableSerializedTID"] = {"SerializedTIDMode": 1}


def _is_port(port):
    return type(port) is int and 1 <= port <= MOST_ANTENNA


def _read_powers(power):
    """{antenna: dBm}, antenna 0 for all that are not named."""
    table = power if isinstance(power, dict) else {} if power is None else {0: power}
    try:
        powers = {int(port): float(value) for port, value in table.items()}
    except (TypeError, ValueError) as error:
        message = 'power must be dBm, or a table such as {"1" = 25}.'
        raise ConfigurationError(message, "power") from error
    if not all(math.isfinite(value) for value in powers.values()):
        raise ConfigurationError("power must be a number of dBm.", "power")
    return powers


def _reason(body):
    status = body.get("LLRPStatus") or {}
    words = status.get("ErrorDescription") or b""
    return f"{status.get('StatusCode', '?')} {words.decode('utf-8', 'replace')}".strip()


def _rssi(tag):
    """dBm; Impinj's own value has hundredths."""
    precise = tag.get("ImpinjPeakRSSI")
    if isinstance(precise, int):
        return get_signal(precise / 100)
    return get_signal(tag.get("PeakRSSI"))


def _tid(tag):
    found = tag.get("ImpinjSerializedTID") or {}
    return found["TID"].hex().upper() if found.get("TID") else None
