"""The hash of an EPCIS event that the Core Business Vocabulary 2.0 defines in its section 8.9.

It covers what happened and not how it was written down: fields in one order, lists sorted,
times in UTC to the millisecond, vocabularies and identifiers in their long form. Two parties
that know the same event give it the same id.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from .gs1 import to_canonical_link

HASH = "ni:///sha-256;{}?ver=CBV2.0"

_CBV = "https://ref.gs1.org/cbv/"
_VOC = "https://gs1.org/voc/"
# The namespaces that every EPCIS document knows without naming them.
_KNOWN = {
    "cbv": _CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "epcis": "https://ref.gs1.org/epcis/",
    "gs1": _VOC,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
_IGNORED = {"@context", "eventID", "recordTime", "errorDeclaration", "rdfs:comment", "comment"}

_EVENT = (
    "type",
    "eventTime",
    "eventTimeZoneOffset",
    "certificationInfo",
    "epcList",
    "parentID",
    "inputEPCList",
    "childEPCs",
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "action",
    "transformationID",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "destinationList",
    "sourceList",
    "sensorElementList",
    "ilmd",
)
_QUANTITY = ("epcClass", "quantity", "uom")
_METADATA = (
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
)
_REPORT = (
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
)

# By field: what stands before each member of a list, and the order of a member's own fields.
_MEMBERS = {
    "epcList": ("epc", None),
    "childEPCs": ("epc", None),
    "inputEPCList": ("epc", None),
    "outputEPCList": ("epc", None),
    "quantityList": ("quantityElement", _QUANTITY),
    "childQuantityList": ("quantityElement", _QUANTITY),
    "inputQuantityList": ("quantityElement", _QUANTITY),
    "outputQuantityList": ("quantityElement", _QUANTITY),
    "bizTransactionList": ("", ("type", "bizTransaction")),
    "sourceList": ("", ("type", "source")),
    "destinationList": ("", ("type", "destination")),
    "sensorElementList": ("sensorElement", ("sensorMetadata", "sensorReport")),
    "sensorReport": ("sensorReport", _REPORT),
    "set": ("set", None),
    "unset": ("unset", None),
    "certificationInfo": ("certificationInfo", None),
}
# Lists whose own name is not written, because each member has it.
_NAMELESS = {"sensorReport", "set", "unset", "certificationInfo"}
_OBJECTS = {
    "persistentDisposition": ("set", "unset"),
    "readPoint": ("id",),
    "bizLocation": ("id",),
    "sensorMetadata": _METADATA,
    "ilmd": (),
}
# What a bare word of a vocabulary stands for, by field and by the list that it is in.
_WORDS = {
    "bizStep": f"{_CBV}BizStep-",
    "disposition": f"{_CBV}Disp-",
    "set": f"{_CBV}Disp-",
    "unset": f"{_CBV}Disp-",
    "exception": _VOC,
    "component": f"{_CBV}Comp-",
    ("bizTransactionList", "type"): f"{_CBV}BTT-",
    ("sourceList", "type"): f"{_CBV}SDT-",
    ("destinationList", "type"): f"{_CBV}SDT-",
    ("sensorReport", "type"): _VOC,
}
_BARE = re.compile(r"[A-Za-z_][\w-]*")
_CURIE = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):(?P<name>(?!//).+)", re.S)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_FRACTION = re.compile(r"\.(\d+)")


def event_hash(event, contexts=()):
    """Return the id of an EPCIS event as the hash of what it says.

    :param dict event: of an EPCIS 2.0 document in JSON-LD
    :param contexts: what stands in the `@context` of the document, for the event's extensions
    """
    return HASH.format(sha256(prehash(event, contexts).encode()).hexdigest())


def prehash(event, contexts=()):
    """Return the text that the hash is taken of."""
    return _Writer(contexts, event.get("@context", ())).spell(event, _EVENT)


class _Writer:
    """Writes events out, in the words of the contexts that they are in."""

    def __init__(self, *contexts):
        self.namespaces = dict(_KNOWN)
        for context in contexts:
            for item in context if isinstance(context, list | tuple) else [context]:
                if isinstance(item, dict):
                    self.namespaces |= item

    def spell(self, element, order, owner=""):
        """Write the fields of an element in `order`, then its extensions, sorted."""
        known = [name for name in order if name in element]
        fields = [self._write_field(name, element[name], owner) for name in known]
        extensions = [
            self._write_extension(name, value)
            for name, value in element.items()
            if name not in order and name not in _IGNORED
        ]
        return "".join(fields + sorted(extensions))

    def _write_field(self, name, value, owner):
        if name in _MEMBERS and isinstance(value, list):
            return self._write_list(name, value)
        if name in _OBJECTS:
            return name + self.spell(value, _OBJECTS[name], name)
        label = "eventType" if name == "type" and not owner else name
        return f"{label}={self._normalize(value, self._get_word(name, owner))}"

    def _write_list(self, name, members):
        prefix, order = _MEMBERS[name]
        if order:
            texts = [prefix + self.spell(member, order, name) for member in members]
        else:
            word = self._get_word(name, "")
            texts = [f"{prefix}={self._normalize(member, word)}" for member in members]
        return ("" if name in _NAMELESS or not texts else name) + "".join(sorted(texts))

    def _write_extension(self, name, value):
        if isinstance(value, list):
            return "".join(sorted(self._write_extension(name, item) for item in value))
        label = self._expand_name(name)
        if isinstance(value, dict):
            return label + self.spell(value, ())
        return f"{label}={self._normalize(value)}"

    def _expand_name(self, name):
        found = _CURIE.fullmatch(name)
        if found and found["prefix"] in self.namespaces:
            return f"{{{self.namespaces[found['prefix']]}}}{found['name']}"
        return name

    def _get_word(self, name, owner):
        return _WORDS.get((owner, name)) or _WORDS.get(name, "")

    def _normalize(self, value, word=""):
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float | Decimal):
            return _normalize_number(value)
        text = value.strip()
        if word:
            return self._expand_word(text, word)
        if _INSTANT.fullmatch(text):
            return _normalize_instant(text)
        return to_canonical_link(text)

    def _expand_word(self, text, word):
        if _BARE.fullmatch(text):
            return word + text
        found = _CURIE.fullmatch(text)
        if found and found["prefix"] in self.namespaces:
            return self.namespaces[found["prefix"]] + found["name"]
        return text


def _normalize_number(value):
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _normalize_instant(text):
    """Return an instant in UTC, rounded half up to the millisecond."""
    fraction = _FRACTION.search(text)
    whole = datetime.fromisoformat(_FRACTION.sub("", text)).astimezone(UTC)
    digits = (fraction[1] if fraction else "").ljust(4, "0")
    milliseconds = int(digits[:3]) + (digits[3] >= "5")
    instant = whole + timedelta(milliseconds=milliseconds)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03}Z"
