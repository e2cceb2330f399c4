# SPDX-License-Identifier: BSD-2-Clause
"""What records are in an AuthenticationChain?  (RFC 9102 section 2.2)

Reads octets by itself: what danepriv or dnspython might misread is not misread the same way here.
What is not exactly one record after the other raises ValueError."""

from dataclasses import dataclass
from functools import cached_property

TYPES = {"CNAME": 5, "SOA": 6, "TXT": 16, "DNAME": 39, "DS": 43, "RRSIG": 46, "NSEC": 47,
         "DNSKEY": 48, "NSEC3": 50, "TLSA": 52}
CNAME, DNAME, DS, RRSIG = TYPES["CNAME"], TYPES["DNAME"], TYPES["DS"], TYPES["RRSIG"]
NSEC, DNSKEY, NSEC3, TLSA = TYPES["NSEC"], TYPES["DNSKEY"], TYPES["NSEC3"], TYPES["TLSA"]
DENIALS = (NSEC, NSEC3)
IN = 1


def name_at(octets, at):
    """A name, as a tuple of its labels in lower case, and where it ends.  No compression."""
    labels, start = [], at
    while True:
        if at >= len(octets):
            raise ValueError(f"a name ends early at {at}")
        size = octets[at]
        if size > 63:
            raise ValueError(f"no label at {at}: {size}")
        if at + 1 + size - start > 255 or at + 1 + size > len(octets):
            raise ValueError(f"a name is too long at {at}")
        if not size:
            return tuple(labels), at + 1
        labels.append(bytes(octets[at + 1:at + 1 + size]).lower())
        at += 1 + size


def name_of(text):
    """`a.example.` as a tuple of labels; no escapes."""
    return tuple(label.encode().lower() for label in text.rstrip(".").split(".") if label)


def text_of(name):
    return ".".join(label.decode("latin-1") for label in name) + "."


def wire_of(name):
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def is_within(name, zone):
    """Is it the zone's apex, or below it?"""
    return not zone or name[-len(zone):] == zone


def above(name):
    """The name itself and all names above it, the root included."""
    return [name[i:] for i in range(len(name) + 1)]


@dataclass(frozen=True)
class Record:
    """One record.  `octets` are all of it, `owner_len` of them its name."""
    owner: tuple
    type: int
    klass: int
    ttl: int
    rdata: bytes
    octets: bytes
    owner_len: int

    @property
    def is_signature(self):
        return self.type == RRSIG

    @cached_property
    def covered(self):
        """The type that is signed, or its own."""
        return int.from_bytes(self.rdata[:2], "big") if self.is_signature else self.type

    @property
    def key(self):
        """Which RRset it is, or signs."""
        return self.owner, self.covered

    @cached_property
    def signer(self):
        """Of a signature (RFC 4034 section 3.1)."""
        return name_at(self.rdata, 18)[0]

    @property
    def signed_ttl(self):
        return int.from_bytes(self.rdata[4:8], "big")

    @property
    def expiration(self):
        return int.from_bytes(self.rdata[8:12], "big")

    @cached_property
    def target(self):
        """Of a CNAME or DNAME."""
        name, end = name_at(self.rdata, 0)
        if end != len(self.rdata):
            raise ValueError("something follows the target of an alias")
        return name

    def __str__(self):
        signed = f" over {self.covered}" if self.is_signature else ""
        return f"{text_of(self.owner)} type {self.type}{signed}"


def record_of(owner, rdtype, rdata, ttl=3600, klass=IN):
    """A record made up, `owner` as text."""
    name = wire_of(name_of(owner))
    fixed = (rdtype.to_bytes(2, "big") + klass.to_bytes(2, "big") + ttl.to_bytes(4, "big")
             + len(rdata).to_bytes(2, "big"))
    return records_of(name + fixed + rdata)[0]


def records_of(octets):
    """All records of a chain without its length in front."""
    records, at = [], 0
    while at < len(octets):
        owner, fixed = name_at(octets, at)
        end = fixed + 10 + int.from_bytes(octets[fixed + 8:fixed + 10], "big")
        if fixed + 10 > len(octets) or end > len(octets):
            raise ValueError(f"a record ends early at {at}")
        numbers = octets[fixed:fixed + 8]
        records.append(Record(owner, int.from_bytes(numbers[:2], "big"),
                              int.from_bytes(numbers[2:4], "big"),
                              int.from_bytes(numbers[4:], "big"), bytes(octets[fixed + 10:end]),
                              bytes(octets[at:end]), fixed - at))
        at = end
    return records


def octets_of(records):
    return b"".join(record.octets for record in records)


def without_set(records, key):
    """Without one RRset and what signs it."""
    return [record for record in records if record.key != key]


def way_of(records, name):
    """The names that aliases in the chain lead through, the first one included."""
    names = [name]
    while len(names) < 100:
        targets = [r.target for r in records if r.type == CNAME and r.owner == name]
        targets += [name[:-len(r.owner)] + r.target for r in records if r.type == DNAME
                    and len(name) > len(r.owner) > 0 and is_within(name, r.owner)]
        if not targets:
            return names
        name = targets[0]
        names.append(name)
    raise ValueError("aliases without end")
