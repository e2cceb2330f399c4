#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes credentials.txt and match.txt anew, with fresh keys.  Run by hand; the files are kept.

Digests are Python's, certificates those of OpenSSL (through python3-cryptography): nothing of
danepriv's own is asked what it thinks is right."""

import datetime
import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = Path(__file__).resolve().parent
NAME = "ns1.example.net"
DER = serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def day(year):
    return datetime.datetime(year, 1, 1)


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def spki(key):
    return key.public_key().public_bytes(DER, SPKI)


def certificate(key, names, issuer, issuer_key, first=2020, last=2049, is_ca=False, purpose=None):
    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    builder = (x509.CertificateBuilder().subject_name(named(names[0])).issuer_name(named(issuer))
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(day(first)).not_valid_after(day(last))
               .add_extension(x509.BasicConstraints(is_ca, None), True))
    if not is_ca:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), True)
    digest = None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(issuer_key, digest).public_bytes(DER)


def make_credentials():
    ca, key, other = p256(), p256(), p256()
    big, edwards, late, early, code = (
        rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate(), p256(), p256(),
        p256())
    by_ca = {"issuer": "Test authority", "issuer_key": ca}
    return {
        "ca": (certificate(ca, ["Test authority"], is_ca=True, **by_ca), spki(ca)),
        "ee": (certificate(key, [NAME], **by_ca), spki(key)),
        "ee-renewed": (certificate(key, [NAME], first=2025, **by_ca), spki(key)),
        "other": (certificate(other, [NAME], **by_ca), spki(other)),
        "rsa": (certificate(big, [NAME], **by_ca), spki(big)),
        "ed25519": (certificate(edwards, [NAME], NAME, edwards), spki(edwards)),
        "expired": (certificate(late, [NAME], first=2000, last=2001, **by_ca), spki(late)),
        "future": (certificate(early, [NAME], first=2090, last=2099, **by_ca), spki(early)),
        "code-signing": (certificate(code, ["elsewhere.example"],
                                     purpose=ExtendedKeyUsageOID.CODE_SIGNING, **by_ca),
                         spki(code)),
        "ee-key": (spki(key), spki(key)),
        "other-key": (spki(other), spki(other)),
    }


CREDENTIALS = make_credentials()
DIGESTS = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
           2: lambda data: hashlib.sha512(data).digest()}


def rdata(usage, selector, matching, data):
    return bytes([usage, selector, matching]) + data


def means(name, usage=3, selector=1, matching=1):
    """A record that means this credential."""
    return rdata(usage, selector, matching, DIGESTS[matching](CREDENTIALS[name][selector]))


def as_if(usage, selector, matching, record):
    """The same data under other numbers."""
    return rdata(usage, selector, matching, record[3:])


def flipped(record, at):
    octets = bytearray(record)
    octets[at] ^= 1
    return bytes(octets)


EE = means("ee")
EE512 = means("ee", 3, 1, 2)
CERT = means("ee", 3, 0, 1)
FULL_CERT = means("ee", 3, 0, 0)
FULL_KEY = means("ee", 3, 1, 0)
BAD = means("other")
BAD512 = means("other", 3, 1, 2)

# Name, items the peer shows (raw: a key), records, finding, and what becomes of each record.
M, N, S, U = "match", "no-match", "suppressed", "untried"
GOOD = [
    ("spki sha-256", "ee", [EE], [M]),
    ("spki sha-512", "ee", [EE512], [M]),
    ("spki full", "ee", [FULL_KEY], [M]),
    ("certificate sha-256", "ee", [CERT], [M]),
    ("certificate sha-512", "ee", [means("ee", 3, 0, 2)], [M]),
    ("certificate full", "ee", [FULL_CERT], [M]),
    ("rsa key", "rsa", [means("rsa")], [M]),
    ("rsa key full", "rsa", [means("rsa", 3, 1, 0)], [M]),
    ("ed25519 key, self-signed", "ed25519", [means("ed25519")], [M]),
    ("expired certificate: dates are ignored", "expired", [means("expired")], [M]),
    ("certificate of the future", "future", [means("future", 3, 0, 1)], [M]),
    ("other name and usage: ignored", "code-signing", [means("code-signing")], [M]),
    ("authority as end entity", "ca", [means("ca")], [M]),
    ("renewed certificate, same key", "ee-renewed", [EE], [M]),
    ("chain behind it", "ee,ca", [EE], [M]),
    ("other's certificate behind it", "ee,other", [EE], [M]),
    ("raw key", "raw:ee-key", [EE], [M]),
    ("raw key sha-512", "raw:ee-key", [EE512], [M]),
    ("raw key full", "raw:ee-key", [FULL_KEY], [M]),
    ("raw key beside a certificate's record", "raw:ee-key", [CERT, EE], ["no-match:raw-key", M]),
    ("roll-over: second matches", "ee", [BAD, EE], [N, M]),
    ("roll-over: first matches", "ee", [EE, BAD], [M, U]),
    ("duplicates", "ee", [BAD, EE, EE], [N, M, U]),
    ("agility: strong matches", "ee", [BAD, EE512], [S, M]),
    ("agility: full data is never suppressed", "ee", [BAD512, FULL_KEY], [N, M]),
    ("agility: full data beside a bad digest", "ee", [BAD, FULL_KEY], [N, M]),
    ("agility: not across selectors", "ee", [means("other", 3, 0, 2), EE], [N, M]),
    ("agility: unusable strong one does not suppress", "ee", [EE512[:-1], EE],
     ["unusable:digest-length", M]),
    ("agility: unknown stronger one does not suppress", "ee", [rdata(3, 1, 9, b"x" * 64), EE],
     ["unusable:matching", M]),
    ("agility: not across usages", "ee", [as_if(4, 1, 2, EE512), EE], ["unusable:usage", M]),
    ("one octet record beside", "ee", [b"\x03", EE], ["unusable:malformed", M]),
]


def different(record, items="ee"):
    return (items, [record], [N])


MISMATCHES = [
    ("other key, spki sha-256", *different(BAD)),
    ("other key, spki sha-512", *different(BAD512)),
    ("other key, spki full", *different(means("other", 3, 1, 0))),
    ("other, certificate sha-256", *different(means("other", 3, 0, 1))),
    ("other, certificate sha-512", *different(means("other", 3, 0, 2))),
    ("other, certificate full", *different(means("other", 3, 0, 0))),
    ("first octet of the digest", *different(flipped(EE, 3))),
    ("last octet of the digest", *different(flipped(EE, -1))),
    ("last octet of the long digest", *different(flipped(EE512, -1))),
    ("last octet of the key", *different(flipped(FULL_KEY, -1))),
    ("last octet of the certificate", *different(flipped(FULL_CERT, -1))),
    ("digest of nothing", *different(rdata(3, 1, 1, hashlib.sha256().digest()))),
    ("digest of zeros", *different(rdata(3, 1, 1, bytes(32)))),
    ("key's digest as certificate's", *different(as_if(3, 0, 1, EE))),
    ("certificate's digest as key's", *different(as_if(3, 1, 1, CERT))),
    ("head of the long digest as short one", *different(as_if(3, 1, 1, EE512[:35]))),
    ("renewed certificate under 3 0 1", *different(CERT, "ee-renewed")),
    ("renewed certificate under 3 0 0", *different(FULL_CERT, "ee-renewed")),
    ("impostor appends the true certificate", *different(EE, "other,ee")),
    ("the same under 3 1 0", *different(FULL_KEY, "other,ee")),
    ("the same under 3 0 1", *different(CERT, "other,ee")),
    ("the same under 3 0 0", *different(FULL_CERT, "other,ee")),
    ("the same with the authority between", *different(EE, "other,ca,ee")),
    ("the authority's own key as DANE-EE", *different(means("ca"), "ee,ca")),
    ("raw key, another", *different(EE, "raw:other-key")),
    ("raw key, another, full", *different(FULL_KEY, "raw:other-key")),
    ("raw key under 3 0 1", "raw:ee-key", [CERT], ["no-match:raw-key"]),
    ("raw key under 3 0 0", "raw:ee-key", [FULL_CERT], ["no-match:raw-key"]),
    ("raw key, digest of it as a certificate", "raw:ee-key", [as_if(3, 0, 1, EE)],
     ["no-match:raw-key"]),
    ("agility: weak good, strong bad", "ee", [EE, BAD512], [S, N]),
    ("agility: the other way round", "ee", [BAD512, EE], [N, S]),
    ("agility: also for certificates", "ee", [CERT, means("other", 3, 0, 2)], [S, N]),
    ("agility: two weak, one strong bad", "ee", [EE, BAD512, EE], [S, N, S]),
    ("two others", "ee", [BAD, means("rsa")], [N, N]),
    ("usable and bad beside unusable", "ee", [rdata(3, 1, 9, b"x"), BAD],
     ["unusable:matching", N]),
    ("full, bad, beside digest, bad", "ee", [means("other", 3, 1, 0), BAD], [N, N]),
]


def dropped(record, why, items="ee"):
    return (items, [record], ["unusable:" + why])


UNUSABLE = [
    ("no octet", *dropped(b"", "malformed")),
    ("usage alone", *dropped(b"\x03", "malformed")),
    ("no matching type", *dropped(b"\x03\x01", "malformed")),
    ("no association data", *dropped(b"\x03\x01\x01", "malformed")),
    ("no association data, full", *dropped(b"\x03\x01\x00", "malformed")),
    ("usage 4", *dropped(as_if(4, 1, 1, EE), "usage")),
    ("usage 254", *dropped(as_if(254, 1, 1, EE), "usage")),
    ("private usage", *dropped(as_if(255, 1, 1, EE), "usage")),
    ("selector 2", *dropped(as_if(3, 2, 1, EE), "selector")),
    ("private selector", *dropped(as_if(3, 255, 1, EE), "selector")),
    ("matching type 3", *dropped(as_if(3, 1, 3, EE), "matching")),
    ("private matching type", *dropped(as_if(3, 1, 255, EE), "matching")),
    ("all private", *dropped(as_if(255, 255, 255, EE), "usage")),
    ("digest of one octet", *dropped(EE[:4], "digest-length")),
    ("digest short by one", *dropped(EE[:-1], "digest-length")),
    ("digest long by one", *dropped(EE + b"\x00", "digest-length")),
    ("long digest short by one", *dropped(EE512[:-1], "digest-length")),
    ("long digest long by one", *dropped(EE512 + b"\x00", "digest-length")),
    ("short digest as long one", *dropped(as_if(3, 1, 2, EE), "digest-length")),
    ("long digest as short one", *dropped(as_if(3, 1, 1, EE512), "digest-length")),
    ("sha-1", *dropped(rdata(3, 1, 1, hashlib.sha1(CREDENTIALS["ee"][1]).digest()),
                       "digest-length")),
    ("key as full certificate", *dropped(as_if(3, 0, 0, FULL_KEY), "data")),
    ("certificate as full key", *dropped(as_if(3, 1, 0, FULL_CERT), "data")),
    ("digest as full key", *dropped(as_if(3, 1, 0, EE), "data")),
    ("full key short by one", *dropped(FULL_KEY[:-1], "data")),
    ("full key long by one", *dropped(FULL_KEY + b"\x00", "data")),
    ("full certificate short by one", *dropped(FULL_CERT[:-1], "data")),
    ("full certificate long by one", *dropped(FULL_CERT + b"\x00", "data")),
    ("raw key, malformed record", *dropped(b"\x03\x01\x01", "malformed", "raw:ee-key")),
    ("raw key, usage 4", *dropped(as_if(4, 1, 1, EE), "usage", "raw:ee-key")),
    ("two of them", "ee", [as_if(3, 1, 3, EE), EE[:-1]],
     ["unusable:matching", "unusable:digest-length"]),
]


def write(name, comment, lines):
    lines = ["# Origin: danepriv's own, written by make.py beside it (python3-cryptography on"
             " OpenSSL); keys are thrown away.", *comment, *lines]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def match_line(finding, row):
    name, items, records, verdicts = row
    assert len(records) == len(verdicts)
    matched = [str(i) for i, verdict in enumerate(verdicts) if verdict == M]
    verdicts = [v if v != N else "no-match:different" for v in verdicts]
    return " ".join([name.replace(" ", "_"), items,
                     ",".join(record.hex() or "-" for record in records), finding,
                     matched[0] if matched else "-", ",".join(verdicts)])


def main():
    write("credentials.txt", ["# Name, octets in DER: a certificate, or, with a name in -key, a"
                              " SubjectPublicKeyInfo."],
          [f"{name} {data[0].hex()}" for name, data in CREDENTIALS.items()])
    rows = ([("match", row) for row in GOOD] + [("mismatch", row) for row in MISMATCHES]
            + [("unusable", row) for row in UNUSABLE])
    assert len(GOOD) < len(MISMATCHES) + len(UNUSABLE)
    write("match.txt",
          ["# The TLSA records are taken to be secure.  Fields: name; credential by names of"
           " credentials.txt, end",
           "# entity first, raw: for a raw key; RDATAs, - for an empty one; finding; record that"
           " matches or -;",
           "# verdict and reason of each record."],
          [match_line(finding, row) for finding, row in rows])


main()
