#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes tests/vectors/rfc9102/resigned.txt: the vectors of RFC 9102 appendix A with parts that are
signed anew, by the right key or another one.

The keys in zone-keys/ are those of the appendix, as they were published with it.  Signatures are
deterministic (RFC 6979), so that the file is the same in every run."""

import base64
import hashlib
import hmac
import struct
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "support"))

from proofs.keys import seeded, tag_of  # noqa: E402
from proofs.wire import (A, CNAME, DNAME, DNSKEY, DS, NS, NSEC, RR, RRSIG, SOA, TLSA,  # noqa: E402
                         bitmap, flip, name)
from proofs.zone import ds_rdata, rrsig  # noqa: E402

BEGIN, END = 1543363200, 1606867200  # of all signatures of the appendix
NOW = 1560000000
# P-256 (FIPS 186-4 appendix D.1.2.3)
P = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def plus(a, b):
    """Two points of the curve; None is the one at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(number, point):
    out = None
    while number:
        if number & 1:
            out = plus(out, point)
        point, number = plus(point, point), number >> 1
    return out


def nonce(secret, digest):
    """RFC 6979 section 3.2, for SHA-256 and an order of 256 bits; the first candidate fits."""
    seed = secret.to_bytes(32, "big") + (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    key, value = b"\0" * 32, b"\1" * 32
    for step in (b"\0", b"\1"):
        key = hmac.digest(key, value + step + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    number = int.from_bytes(hmac.digest(key, value, "sha256"), "big")
    assert 0 < number < N
    return number


class Key:
    """A key of algorithm 13: out of a file of the appendix, or of our own."""
    algorithm = 13

    def __init__(self, secret, flags=257):
        self.secret, self.flags = secret, flags
        x, y = times(secret, G)
        self.public = x.to_bytes(32, "big") + y.to_bytes(32, "big")
        self.rdata = struct.pack("!HBB", flags, 3, 13) + self.public
        self.tag = tag_of(self.rdata)

    def sign(self, octets):
        digest = hashlib.sha256(octets).digest()
        k = nonce(self.secret, digest)
        r = times(k, G)[0] % N
        s = pow(k, -1, N) * (int.from_bytes(digest, "big") + r * self.secret) % N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def published(file):
    secret = [line for line in (HERE / "zone-keys" / f"{file}.private").read_text().splitlines()
              if line.startswith("PrivateKey:")][0].split()[1]
    flags = int((HERE / "zone-keys" / f"{file}.key").read_text().split()[3])
    key = Key(int.from_bytes(base64.b64decode(secret), "big"), flags)
    assert key.tag == int(file[-5:]), file
    return key


ROOT_KSK, ROOT_ZSK = published("K.+013+47005"), published("K.+013+31918")
COM_KSK, COM_ZSK = published("Kcom.+013+18931"), published("Kcom.+013+34327")
COM_KEY, NET_KEY = published("Kexample.com.+013+01870"), published("Kexample.net.+013+48085")
THIEF = Key(int.from_bytes(seeded("thief", 31), "big"))
OWNER, APEX = "_443._tcp.www.example.com.", "example.com."


def read_name(octets, at):
    text = ""
    while octets[at]:
        text += octets[at + 1:at + 1 + octets[at]].decode() + "."
        at += 1 + octets[at]
    return text or ".", at + 1


def read(hexadecimal):
    """The records of a chain."""
    octets, at, out = bytes.fromhex(hexadecimal), 0, []
    while at < len(octets):
        owner, at = read_name(octets, at)
        rrtype, cls, ttl, length = struct.unpack("!HHIH", octets[at:at + 10])
        out.append(RR(owner, rrtype, octets[at + 10:at + 10 + length], ttl, cls))
        at += 10 + length
    return out


def covered(rr):
    return rr.type if rr.type != RRSIG else struct.unpack("!H", rr.rdata[:2])[0]


class Chain:
    """A chain of the appendix; each change gives another one."""

    def __init__(self, rrs):
        self.rrs = rrs

    def without(self, owner, rrtype):
        """Neither the set nor its signatures."""
        return Chain([rr for rr in self.rrs if (rr.owner, covered(rr)) != (owner, rrtype)])

    def unsigned(self, owner, rrtype):
        return Chain([rr for rr in self.rrs if rr.type != RRSIG or
                      (rr.owner, covered(rr)) != (owner, rrtype)])

    def plus(self, *rrs):
        return Chain(self.rrs + list(rrs))

    def set(self, owner, rrtype):
        return [rr for rr in self.rrs if (rr.owner, rr.type) == (owner, rrtype)]

    def resigned(self, owner, rrtype, key, signer, **how):
        """The same set under another signature."""
        how = {"begin": BEGIN, "end": END, **how}
        return self.unsigned(owner, rrtype).plus(rrsig(self.set(owner, rrtype), key, signer, **how))

    def replaced(self, key, signer, *rrs, **how):
        """Another set in place of one."""
        return self.without(rrs[0].owner, rrs[0].type).plus(*rrs).resigned(
            rrs[0].owner, rrs[0].type, key, signer, **how)


def dnskey(owner, *keys, ttl=3600):
    return [RR(owner, DNSKEY, key.rdata, ttl) for key in keys]


def ds(owner, key, ttl=172800):
    return RR(owner, DS, ds_rdata(owner, key), ttl)


def nsec(owner, following, *types):
    return RR(owner, NSEC, name(following) + bitmap(*types), 3600)


def resigned_records(add, a1):
    """The TLSA set."""
    other = replace(a1.set(OWNER, TLSA)[0], rdata=b"\3\1\1" + seeded("other", 32))
    add("tlsa-again", a1.resigned(OWNER, TLSA, COM_KEY, APEX))
    add("tlsa-other", a1.replaced(COM_KEY, APEX, other))
    add("tlsa-two", a1.replaced(COM_KEY, APEX, other, a1.set(OWNER, TLSA)[0]))
    for who, key, signer in (("com", COM_ZSK, "com."), ("com-ksk", COM_KSK, "com."),
                             ("root", ROOT_ZSK, "."), ("root-ksk", ROOT_KSK, ".")):
        reason = "signer-above-cut"
        add("tlsa-by-" + who, a1.resigned(OWNER, TLSA, key, signer), "bogus", reason)
        add(f"tlsa-by-{who}-told-own", a1.resigned(OWNER, TLSA, key, APEX), "bogus")
        add(f"tlsa-by-{who}-told-own-tag", a1.resigned(
            OWNER, TLSA, key, APEX, tag=COM_KEY.tag), "bogus")
    for who, key in (("sibling", NET_KEY), ("thief", THIEF)):
        add("tlsa-by-" + who, a1.resigned(OWNER, TLSA, key, APEX), "bogus")
        add(f"tlsa-by-{who}-told-tag", a1.resigned(OWNER, TLSA, key, APEX, tag=COM_KEY.tag), "bogus")
        add(f"tlsa-by-{who}-beside-the-right-one", a1.plus(
            rrsig(a1.set(OWNER, TLSA), key, APEX, begin=BEGIN, end=END, tag=COM_KEY.tag)))
        add(f"tlsa-by-{who}-with-its-key", a1.resigned(OWNER, TLSA, key, APEX).plus(
            *dnskey(APEX, key)), "bogus")
    add("tlsa-added", a1.plus(other), "bogus")
    add("tlsa-unsigned", a1.unsigned(OWNER, TLSA), "bogus", "signature-missing")
    add("tlsa-one-bit", a1.without(OWNER, TLSA).plus(
        flip(a1.set(OWNER, TLSA)[0]), *[rr for rr in a1.rrs if rr.type == RRSIG and
                                        rr.owner == OWNER]), "bogus")
    for what, begin, end, reason in (
            ("expired", BEGIN, NOW - 1, "signature-expired"),
            ("not-yet", NOW + 1, END, "signature-not-yet-valid"),
            ("crossed", END, BEGIN, "signature-dates-crossed")):
        add("tlsa-" + what, a1.resigned(OWNER, TLSA, COM_KEY, APEX, begin=begin, end=end), "bogus",
            reason)
        add(f"ds-of-com-{what}", a1.resigned("com.", DS, ROOT_ZSK, ".", begin=begin, end=end), "bogus",
            reason)
    add("tlsa-expanded-without-proof", a1.unsigned(OWNER, TLSA).plus(
        rrsig(a1.set(OWNER, TLSA), COM_KEY, APEX, labels=4, begin=BEGIN, end=END)), "bogus", "wildcard-unproven")


def resigned_path(add, a1):
    """DS and DNSKEY sets."""
    add("ds-of-com-again", a1.resigned("com.", DS, ROOT_ZSK, "."))
    for who, key in (("com", COM_KSK), ("child", COM_KEY), ("thief", THIEF)):
        add("ds-of-com-by-" + who, a1.resigned("com.", DS, key, "."), "bogus")
        add(f"ds-of-com-by-{who}-told-tag", a1.resigned("com.", DS, key, ".", tag=ROOT_ZSK.tag),
            "bogus")
    add("ds-of-com-by-itself", a1.resigned("com.", DS, COM_KSK, "com."), "bogus", "signature-invalid")
    add("ds-of-example-by-root", a1.resigned(APEX, DS, ROOT_ZSK, "."), "bogus", "signer-above-cut")
    add("ds-of-example-by-itself", a1.resigned(APEX, DS, COM_KEY, APEX), "bogus", "signature-invalid")
    add("ds-of-example-unsigned", a1.unsigned(APEX, DS), "bogus", "signature-missing")
    add("ds-of-example-expanded", a1.unsigned(APEX, DS).plus(rrsig(
        a1.set(APEX, DS), COM_ZSK, "com.", labels=1, begin=BEGIN, end=END)), "bogus",
        "signature-invalid")
    stolen = a1.replaced(THIEF, APEX, *dnskey(APEX, THIEF)).resigned(OWNER, TLSA, THIEF, APEX)
    add("keys-of-thief", stolen, "bogus", "dnskey-missing")
    add("keys-of-thief-with-ds", stolen.replaced(THIEF, "com.", ds(APEX, THIEF)), "bogus")
    add("keys-of-thief-down-from-com", stolen.replaced(THIEF, "com.", ds(APEX, THIEF)).replaced(
        THIEF, "com.", *dnskey("com.", THIEF, ttl=172800)), "bogus", "dnskey-missing")
    add("keys-of-thief-down-from-root", Chain([]).plus(
        *stolen.rrs).replaced(THIEF, "com.", ds(APEX, THIEF)).replaced(
            THIEF, "com.", *dnskey("com.", THIEF, ttl=172800)).replaced(
                THIEF, ".", ds("com.", THIEF, 86400)).replaced(
                    THIEF, ".", *dnskey(".", THIEF, ttl=86400)), "bogus", "dnskey-missing")
    add("keys-with-thief-by-own", a1.replaced(COM_KEY, APEX, *dnskey(APEX, COM_KEY, THIEF)).resigned(
        OWNER, TLSA, THIEF, APEX))
    add("keys-again", a1.resigned(APEX, DNSKEY, COM_KEY, APEX))
    add("keys-by-parent", a1.resigned(APEX, DNSKEY, COM_ZSK, "com."), "bogus", "signature-missing")
    add("keys-expanded", a1.unsigned(APEX, DNSKEY).plus(rrsig(
        a1.set(APEX, DNSKEY), COM_KEY, APEX, labels=1, begin=BEGIN, end=END)), "bogus",
        "signature-missing")
    bad = rrsig(a1.set(APEX, DNSKEY), THIEF, APEX, begin=BEGIN, end=END, tag=COM_KEY.tag)
    add("keys-bad-signature-beside", a1.plus(bad))
    add("keys-bad-signature-before", Chain([bad]).plus(*a1.rrs))
    add("keys-bad-signature-alone", a1.unsigned(APEX, DNSKEY).plus(bad), "bogus", "signature-invalid")


def denials(add, a1):
    """What the right owner, or an ancestor, says against the records."""
    bare = a1.without(OWNER, TLSA)

    def signed(rr, key, signer):
        return rr, rrsig([rr], key, signer, begin=BEGIN, end=END)
    add("nothing-left", bare, "bogus", "denial-missing")
    add("denied-by-owner", bare.plus(*signed(nsec(APEX, "zzz." + APEX, NS, SOA), COM_KEY, APEX)),
        "denied", "no-name")
    add("denied-of-type", bare.plus(*signed(nsec(OWNER, "zzz." + APEX, A), COM_KEY, APEX)), "denied",
        "no-data")
    add("denied-by-com", bare.plus(*signed(nsec("com.", "zzz.com.", NS, SOA), COM_ZSK, "com.")),
        "bogus", "signer-above-cut")
    add("denied-by-com-at-the-cut", bare.plus(*signed(nsec(APEX, "zzz.com.", NS, DS), COM_ZSK, "com.")),
        "bogus", "denial-missing")
    add("denied-by-root", bare.plus(*signed(nsec(".", "zzz.", NS, SOA), ROOT_ZSK, ".")), "bogus",
        "signer-above-cut")
    add("denied-by-thief", bare.plus(*signed(nsec(APEX, "zzz." + APEX, NS, SOA), THIEF, APEX)), "bogus",
        "signature-invalid")
    add("denied-beside-record", a1.plus(*signed(nsec(APEX, "zzz." + APEX, NS, SOA), COM_KEY, APEX)))
    add("unsigned-cut-by-com", bare.without(APEX, DS).plus(
        *signed(nsec(APEX, "zzz.com.", NS), COM_ZSK, "com.")), "insecure", "delegation-unsigned")
    add("unsigned-cut-by-thief", bare.without(APEX, DS).plus(
        *signed(nsec(APEX, "zzz.com.", NS), THIEF, "com.")), "bogus", "denial-missing")


def aliases(add, a4, a5):
    """RFC 9102 section 2.3: the CNAME that a DNAME makes may be there or not."""
    made = RR("_443._tcp.www.example.net.", CNAME, name(OWNER), 3600)
    astray = replace(made, rdata=name("_443._tcp.www.thief.example."))
    at = "_443._tcp.www.example.net."
    add("dname-with-cname", a5.plus(made), at=at)
    add("dname-with-cname-astray", a5.plus(astray), at=at)
    add("cname-without-dname", a5.without("example.net.", DNAME).plus(made), "bogus",
        "signature-missing", at=at)
    add("dname-by-thief", a5.resigned("example.net.", DNAME, THIEF, "example.net."), "bogus", at=at)
    add("dname-again", a5.resigned("example.net.", DNAME, NET_KEY, "example.net."), at=at)
    at = "_443._tcp.www.example.org."
    add("cname-unsigned", a4.unsigned(at, CNAME), "bogus", "signature-missing", at=at)
    add("cname-by-thief", a4.resigned(at, CNAME, THIEF, "example.org."), "bogus", at=at)


def main():
    lines = (HERE / "chains.txt").read_text().splitlines()
    vectors = {line.split()[0]: Chain(read(line.split()[7])) for line in lines if line[0] != "#"}
    out = ["# Made by tests/vectors/rfc9102/make.py: the appendix signed anew, right and wrong",
           "# name qname type now anchors proof reason chain"]

    def add(what, chain, proof="secure", reason=None, at=OWNER):
        reason = reason or ("signature-invalid" if proof == "bogus" else "none")
        octets = b"".join(rr.wire() for rr in chain.rrs)
        out.append(f"{what} {at} 52 {NOW} rfc9102/trust-anchor.ds {proof} {reason} {octets.hex()}")
    resigned_records(add, vectors["A.1"])
    resigned_path(add, vectors["A.1"])
    denials(add, vectors["A.1"])
    aliases(add, vectors["A.4"], vectors["A.5"])
    (HERE / "resigned.txt").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
