# SPDX-License-Identifier: BSD-2-Clause
"""How are names, records and bitmaps written as octets?  Own code: a library would refuse what we
want to get wrong."""

import base64
import struct
from dataclasses import dataclass, replace

A, NS, CNAME, SOA, TXT, AAAA, DNAME, DS = 1, 2, 5, 6, 16, 28, 39, 43
RRSIG, NSEC, DNSKEY, NSEC3, TLSA, NXNAME, IPSECA = 46, 47, 48, 50, 52, 128, 65347
LOWERED = (NS, CNAME, SOA, DNAME)


def labels(text):
    """The labels of a name in plain text, without the root's."""
    return [label.encode() for label in text.split(".") if label]


def name(text):
    return b"".join(bytes([len(label)]) + label for label in labels(text)) + b"\0"


def lower(octets):
    """A to Z lowered; length octets are below 64."""
    return bytes(c + 32 if 65 <= c <= 90 else c for c in octets)


def count(text):
    """Labels as an RRSIG counts them."""
    return len(labels(text)) - (1 if text.startswith("*.") else 0)


def parent(text):
    return text.split(".", 1)[1] or "."


def below(text, ancestor):
    """Is this name at or below that one?"""
    mine, other = labels(text.lower()), labels(ancestor.lower())
    return mine[len(mine) - len(other):] == other


def order(text):
    """The key of the canonical order."""
    return [label.lower() for label in reversed(labels(text))]


@dataclass(frozen=True)
class RR:
    owner: str
    type: int
    rdata: bytes
    ttl: int = 3600
    cls: int = 1

    def wire(self):
        return name(self.owner) + struct.pack(
            "!HHIH", self.type, self.cls, self.ttl, len(self.rdata)) + self.rdata


def change(rr, **fields):
    return replace(rr, **fields)


def flip(rr, at=-1, bit=1):
    """One bit of the RDATA turned over."""
    rdata = bytearray(rr.rdata)
    rdata[at] ^= bit
    return replace(rr, rdata=bytes(rdata))


def flatten(*parts):
    """Records out of records and lists of them."""
    out = []
    for part in parts:
        out.extend([part] if isinstance(part, RR) else flatten(*part))
    return out


def bitmap(*types):
    windows = {}
    for t in types:
        windows.setdefault(t >> 8, set()).add(t & 255)
    out = b""
    for window in sorted(windows):
        bits = bytearray(max(windows[window]) // 8 + 1)
        for t in windows[window]:
            bits[t // 8] |= 0x80 >> t % 8
        out += bytes([window, len(bits)]) + bytes(bits)
    return out


def base32hex(octets):
    return base64.b32hexencode(octets).decode().lower()


def soa(minimum, apex="example.", ttl=3600):
    rdata = name("ns." + apex) + name("host." + apex) + struct.pack("!5I", 1, 2, 3, 4, minimum)
    return RR(apex, SOA, rdata, ttl)


def canonical(rrtype, rdata):
    """The RDATA as it is signed; the types of the tables that have names have nothing else but SOA."""
    if rrtype == SOA:
        return lower(rdata[:-20]) + rdata[-20:]
    return lower(rdata) if rrtype in LOWERED else rdata
