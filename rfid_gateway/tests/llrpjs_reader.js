/** A reader by llrpjs: says its port, answers what our client asks and reports three tags. */
const net = require("net");
const { LLRPCore, LLRPServer } = require("llrpjs");

const EPCS = ["3034257BF7194E4000001A85", "30340000000000000000000A"];
const LONG = "E2801160600002054CC2096F00000001";
const success = { LLRPStatus: { StatusCode: "M_Success", ErrorDescription: "" } };

function bytes(hex) {
    return [...Buffer.from(hex, "hex")];
}

function tagReport(epc, antenna) {
    const parameter =
        epc.length === 24 ? { EPC_96: { EPC: bytes(epc) } } : { EPCData: { EPC: bytes(epc) } };
    return {
        ...parameter,
        AntennaID: { AntennaID: antenna },
        LastSeenTimestampUTC: { Microseconds: new Date() },
    };
}

function capabilities() {
    return {
        ...success,
        GeneralDeviceCapabilities: {
            MaxNumberOfAntennaSupported: 2,
            CanSetAntennaProperties: false,
            HasUTCClockCapability: true,
            DeviceManufacturerName: 0,
            ModelName: 1,
            ReaderFirmwareVersion: "llrpjs",
            ReceiveSensitivityTableEntry: { Index: 1, ReceiveSensitivityValue: 0 },
            GPIOCapabilities: { NumGPIs: 0, NumGPOs: 0 },
            PerAntennaAirProtocol: { AntennaID: 1, ProtocolID: ["EPCGlobalClass1Gen2"] },
        },
        RegulatoryCapabilities: {
            CountryCode: 276,
            CommunicationsStandard: "ETSI_302_208",
            UHFBandCapabilities: {
                TransmitPowerLevelTableEntry: [
                    { Index: 1, TransmitPowerValue: 1000 },
                    { Index: 2, TransmitPowerValue: 3000 },
                ],
                FrequencyInformation: {
                    Hopping: false,
                    FixedFrequencyTable: { Frequency: [865700] },
                },
                C1G2UHFRFModeTable: {
                    C1G2UHFRFModeTableEntry: {
                        ModeIdentifier: 0,
                        DRValue: "DRV_64_3",
                        EPCHAGTCConformance: false,
                        MValue: "MV_FM0",
                        ForwardLinkModulation: "PR_ASK",
                        SpectralMaskIndicator: "Unknown",
                        BDRValue: 40000,
                        PIEValue: 1500,
                        MinTariValue: 6250,
                        MaxTariValue: 25000,
                        StepTariValue: 1000,
                    },
                },
            },
        },
    };
}

function answer(reader, request, data = success) {
    reader.on(request, (message) => {
        const Response = LLRPCore[`${request}_RESPONSE`];
        reader.send(new Response({ id: message.getMessageId(), data })).catch(() => {});
    });
}

function startReporting(reader) {
    reader.reporting = setInterval(() => {
        if (!reader.socketWritable) {
            return;
        }
        const data = {
            TagReportData: [tagReport(EPCS[0], 1), tagReport(EPCS[1], 2), tagReport(LONG, 1)],
        };
        reader.send(new LLRPCore.RO_ACCESS_REPORT({ data })).catch(() => {});
    }, 20);
}

/** Without two faults of llrpjs 1.0.1: it took one message of a segment that holds several, and
 * kept the rest for the next client. */
class Reader extends LLRPServer {
    async onData(data) {
        await super.onData(data);
        let waiting = this.waiting();
        for (let before = Infinity; waiting > 0 && waiting < before; waiting = this.waiting()) {
            before = waiting;
            await super.onData(Buffer.alloc(0));
        }
    }

    waiting() {
        return this._scanner.llrpBuf ? this._scanner.llrpBuf.getBuffer().length : 0;
    }
}

function serve(port) {
    const reader = new Reader({ host: "127.0.0.1", port });
    reader.on("error", (error) => process.stderr.write(`${error}\n`));
    reader.on("connection", () => {
        reader._scanner.resetBuffer();
        const data = {
            ReaderEventNotificationData: {
                UTCTimestamp: { Microseconds: new Date() },
                ConnectionAttemptEvent: { Status: "Success" },
            },
        };
        reader.send(new LLRPCore.READER_EVENT_NOTIFICATION({ data }));
    });
    reader.on("disconnect", () => clearInterval(reader.reporting));
    answer(reader, "GET_READER_CAPABILITIES", capabilities());
    for (const request of [
        "GET_READER_CONFIG",
        "SET_READER_CONFIG",
        "ADD_ROSPEC",
        "DELETE_ROSPEC",
        "DELETE_ACCESSSPEC",
        "ENABLE_ROSPEC",
        "CLOSE_CONNECTION",
    ]) {
        answer(reader, request);
    }
    reader.on("ENABLE_ROSPEC", () => startReporting(reader));
    reader.listen();
    process.stdout.write(`${port}\n`);
}

const probe = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => serve(port));
});
