"""Legal forms in names of organisations: "e. V.", "Inc.", "gGmbH", however they are spelled."""

import re
from functools import lru_cache
from typing import NamedTuple

# Each as it is usually spelled, and how else people write it. Two letters that are also a country
# or a word ("SA", "AC") count only with their dots or after a comma.
_FORMS = {
    "e.V.": r"e\. ?V\.?|eV|E\. ?V\.|eingetragener Verein",
    "gGmbH": r"gGmbH|gGMBH|gemeinnützige GmbH",
    "GmbH": r"GmbH|GMBH|Gmbh",
    "eG": r"eG|e\. ?G\.",
    "AG": r"AG|A\.G\.",
    "Inc.": r"Inc\.?|INC\.?|Incorporated",
    "Pty Ltd": r"(?:Pty|PTY)\.? (?:Ltd|LTD)\.?|(?:Pty\.?|Proprietary) Limited",
    "Pvt Ltd": r"(?:Pvt|PVT)\.? (?:Ltd|LTD)\.?|(?:Pvt\.?|Private) Limited",
    "Ltd/Gte": r"Ltd\.?/Gte\.?",
    "Co., Ltd.": r"Co\.?, ?Ltd\.?|Co\.? Ltd\.?",
    "Ltd": r"Ltd\.?|LTD\.?|Limited",
    "LLC": r"LLC|L\.L\.C\.",
    "LLP": r"LLP|L\.L\.P\.",
    "PLC": r"PLC|plc|P\.L\.C\.",
    "Corp.": r"Corp\.?|CORP\.?",
    "CIC": r"CIC|C\.I\.C\.",
    "CIO": r"CIO|C\.I\.O\.",
    "AISBL": r"AISBL|aisbl|A\.I\.S\.B\.L\.?",
    "ASBL": r"ASBL|asbl|A\.S\.B\.L\.?|a\.s\.b\.l\.?",
    "VZW": r"VZW|vzw|v\.z\.w\.",
    "IVZW": r"IVZW|ivzw",
    "BV": r"BV|B\.V\.",
    "NV": r"N\.V\.|(?<=, )NV",
    "SA": r"S\.A\.|(?<=, )SA",
    "SARL": r"SARL|SàRL|Sàrl|S\.A\.R\.L\.",
    "SAS": r"S\.A\.S\.|(?<=, )SAS",
    "S.r.l.": r"S\.r\.l\.?|S\.R\.L\.?|SRL|Srl|srl",
    "AC": r"A\. ?C\.|(?<=, )AC|Asociación Civil|asociación civil|A\.C",
    "Onlus": r"ONLUS|Onlus|onlus|O\.N\.L\.U\.S\.",
    "ODV": r"ODV|OdV|Odv|odv|O\.D\.V\.|O\.d\.V\.",
    "APS": r"APS|Aps|aps|A\.P\.S\.|ApS",
    "ETS": r"ETS|E\.T\.S\.",
    "z.s.": r"z\. ?s\.",
    "o.s.": r"o\. ?s\.",
    "o.p.s.": r"o\. ?p\. ?s\.",
    "z.ú.": r"z\. ?ú\.",
    "n.o.": r"n\. ?o\.",
    "sp. z o.o.": r"[Ss]p\. z o\. ?o\.",
    "AS": r"AS|A/S",
    "ASA": r"ASA",
    "AB": r"AB",
    "Oy": r"Oy|OY",
    "ry": r"ry|r\.y\.",
    "rf": r"r\.f\.",
    "Kft.": r"Kft\.?",
    "d.o.o.": r"d\. ?o\. ?o\.",
}
_BY_GROUP = {f"f{number}": form for number, form in enumerate(_FORMS)}
# Behind the name, or behind its first part: "LOAD e. V. - Verein für …", "MESCH, Inc. (…)".
_PATTERN = re.compile(
    r"(?P<before>,? +)(?P<spelling>"
    + "|".join(f"(?P<f{number}>{pattern})" for number, pattern in enumerate(_FORMS.values()))
    + r")(?= *(?:[(/|–—]|[,;] | - | -- |$))"
)


class LegalForm(NamedTuple):
    """`spelling` is all that stands behind the name, a comma included: ", Inc."."""

    form: str
    spelling: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def find(name: str) -> LegalForm | None:
    """The legal form in a name, the first if there are several."""
    found = _PATTERN.search(name)
    if not found:
        return None
    group = next(group for group in _BY_GROUP if found[group])
    return LegalForm(_BY_GROUP[group], found[0], found.start(), found.end())


def without(name: str) -> str:
    """The name without its legal forms; a name that is nothing else stays."""
    return (_PATTERN.sub("", name) or name) if find(name) else name
