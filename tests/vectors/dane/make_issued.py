#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes authorities.txt and issued.txt anew, with fresh keys.  Run by hand; the files are kept.

The certificates are put together here octet by octet, since most of them are such as no library
would make.  What is right is said by whoever wrote the row, and no library is asked."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

HERE = Path(__file__).resolve().parent
NAME = "ns1.example.net"
NOW = 1700000000
YEAR_2049 = 2493072000
ECDSA = "2a8648ce3d040302"
ECDSA_SHA1 = "2a8648ce3d0401"
RSA = "2a864886f70d01010b"
ED25519 = "2b6570"
SERVERS, CLIENTS, ANY = "2b06010505070301", "2b06010505070302", "551d2500"
SIGNS, SIGNS_CERTIFICATES, SIGNS_LISTS = b"\x07\x80", b"\x02\x04", b"\x01\x02"


def tlv(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def oid(text):
    return tlv(6, bytes.fromhex(text))


def dn(text):
    """One common name; nothing at all for an empty text."""
    if not text:
        return tlv(0x30)
    return tlv(0x30, tlv(0x31, tlv(0x30, oid("550403"), tlv(0x0C, text.encode()))))


def time(text):
    return tlv(0x17 if len(text) == 13 else 0x18, text.encode())


def extension(number, value, critical=False):
    return tlv(0x30, oid(number), tlv(1, b"\xff") if critical else b"", tlv(4, value))


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def spki_of(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def signed(key, tbs, algorithm):
    if algorithm == ECDSA:
        return key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    if algorithm == ECDSA_SHA1:
        return key.sign(tbs, ec.ECDSA(hashes.SHA1()))
    if algorithm == ED25519:
        return key.sign(tbs)
    return key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())


def algorithm_of(key):
    if isinstance(key, rsa.RSAPrivateKey):
        return RSA
    return ED25519 if isinstance(key, ed25519.Ed25519PrivateKey) else ECDSA


def dns(*names):
    """subjectAltName of dNSNames."""
    return tlv(0x30, *(tlv(0x82, n if isinstance(n, bytes) else n.encode()) for n in names))


def basic(authority=True, path=None):
    return tlv(0x30, tlv(1, b"\xff") if authority else b"",
               tlv(2, bytes([path])) if path is not None else b"")


def constraints(permitted=(), excluded=()):
    def trees(tag, names):
        return tlv(tag, *(tlv(0x30, tlv(0x82, n.encode())) for n in names)) if names else b""
    return tlv(0x30, trees(0xA0, permitted), trees(0xA1, excluded))


SERIAL = [0]


def certificate(subject, key, issuer, issuer_key, extensions=(), version=3, first="200101000000Z",
                last="490101000000Z", spki=None, algorithm=None, broken=False):
    SERIAL[0] += 1
    algorithm = algorithm or algorithm_of(issuer_key)
    sequence = tlv(0x30, oid(algorithm), tlv(5) if algorithm == RSA else b"")
    tbs = tlv(0x30, tlv(0xA0, tlv(2, bytes([version - 1]))) if version > 1 else b"",
              tlv(2, b"\x10" + SERIAL[0].to_bytes(2, "big")), sequence, dn(issuer),
              tlv(0x30, time(first), time(last)), dn(subject), spki or spki_of(key),
              tlv(0xA3, tlv(0x30, *extensions)) if extensions else b"")
    signature = signed(issuer_key, tbs + b"x" if broken else tbs, algorithm)
    return tlv(0x30, tbs, sequence, tlv(3, b"\x00", signature))


def authority(subject, key, issuer=None, issuer_key=None, path=None, more=(), **rest):
    extensions = [extension("551d13", basic(True, path), True),
                  extension("551d0f", tlv(3, b"\x01\x06"), True), *more]
    return certificate(subject, key, issuer or subject, issuer_key or key, extensions, **rest)


KEYS = {name: p256() for name in ("root", "other-root", "sub", "subsub", "server", "evil", "v1",
                                  "cross", "weak-server")}
KEYS["rsa-root"] = rsa.generate_private_key(65537, 2048)
KEYS["short"] = rsa.generate_private_key(65537, 1024)
KEYS["ed-root"] = ed25519.Ed25519PrivateKey.generate()


def server(by, names=(NAME,), key="server", issuer=None, more=(), **rest):
    """An end-entity certificate by the authority whose key has this name."""
    extensions = [extension("551d11", dns(*names))] if names else []
    rest.setdefault("issuer", issuer or by)
    return certificate("server", KEYS[key], rest.pop("issuer"), KEYS[by],
                       [*extensions, *more], **rest)


def eku(*purposes):
    return extension("551d25", tlv(0x30, *(oid(p) for p in purposes)))


def key_usage(bits):
    return extension("551d0f", tlv(3, bits), True)


def spki_without_null(key):
    """An RSA key whose AlgorithmIdentifier lacks the NULL of RFC 3279 section 2.3.1."""
    whole = spki_of(key)
    with_null = tlv(0x30, oid("2a864886f70d010101"), tlv(5))
    assert with_null in whole
    bits = whole[whole.index(with_null) + len(with_null):]
    return tlv(0x30, tlv(0x30, oid("2a864886f70d010101")), bits)


def spki_explicit(key):
    """A P-256 key with its curve spelt out (RFC 3279 section 2.3.5)."""
    point = spki_of(key)[-65:]
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    def octets(number):
        return number.to_bytes(32, "big")
    def integer(number):
        return tlv(2, b"\x00" + octets(number))
    generator = bytes.fromhex(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    curve = tlv(0x30, tlv(2, b"\x01"), tlv(0x30, oid("2a8648ce3d0101"), integer(prime)),
                tlv(0x30, tlv(4, octets(prime - 3)), tlv(4, octets(b))), tlv(4, generator),
                integer(order), tlv(2, b"\x01"))
    return tlv(0x30, tlv(0x30, oid("2a8648ce3d0201"), curve), tlv(3, b"\x00", point))


K = KEYS
PLAIN_CA = [extension("551d13", basic(True), True)]
C = {
    # authorities
    "root": authority("root", K["root"]),
    "root-again": authority("root", K["root"], last="480101000000Z"),
    "impostor-root": authority("root", K["evil"]),
    "other-root": authority("other-root", K["other-root"]),
    "root-p0": authority("root", K["root"], path=0),
    "root-p1": authority("root", K["root"], path=1),
    "root-old": authority("root", K["root"], last="210101000000Z"),
    "root-new": authority("root", K["root"], first="480101000000Z"),
    "root-broken": authority("root", K["root"], broken=True),
    "root-clients": authority("root", K["root"], more=[eku(CLIENTS)]),
    "root-servers": authority("root", K["root"], more=[eku(CLIENTS, SERVERS)]),
    "root-any": authority("root", K["root"], more=[eku(ANY)]),
    "root-here": authority("root", K["root"],
                           more=[extension("551d1e", constraints(["example.net"]), True)]),
    "root-there": authority("root", K["root"],
                            more=[extension("551d1e", constraints(["example.org"]), True)]),
    "root-not-here": authority("root", K["root"],
                               more=[extension("551d1e", constraints([], ["example.net"]), True)]),
    "root-no-bc": certificate("root", K["root"], "root", K["root"], [key_usage(b"\x01\x06")]),
    "root-no-ext": certificate("root", K["root"], "root", K["root"]),
    "root-not-ca": certificate("root", K["root"], "root", K["root"],
                               [extension("551d13", basic(False), True)]),
    "root-crl-only": certificate("root", K["root"], "root", K["root"],
                                 [*PLAIN_CA, key_usage(SIGNS_LISTS)]),
    "root-critical": authority("root", K["root"], more=[extension("2b0601040182370a", b"\x05\x00",
                                                                  True)]),
    "root-bc-twice": certificate("root", K["root"], "root", K["root"], PLAIN_CA * 2),
    "root-v1": certificate("root", K["root"], "root", K["root"], version=1),
    "root-v2": certificate("root", K["root"], "root", K["root"], version=2),
    "root-v1-ext": certificate("root", K["root"], "root", K["root"], PLAIN_CA, version=1),
    "rsa-root": authority("rsa-root", K["rsa-root"]),
    "rsa-root-no-null": authority("rsa-root", K["rsa-root"], spki=spki_without_null(K["rsa-root"])),
    "root-explicit": authority("root", K["root"], spki=spki_explicit(K["root"])),
    "short": authority("short", K["short"]),
    "ed-root": authority("ed-root", K["ed-root"]),
    "sub": authority("sub", K["sub"], "root", K["root"]),
    "sub-by-other": authority("sub", K["sub"], "other-root", K["other-root"]),
    "sub-old": authority("sub", K["sub"], "root", K["root"], last="210101000000Z"),
    "sub-short": authority("sub", K["sub"], "root", K["root"], last="240101000000Z"),
    "sub-p0": authority("sub", K["sub"], "root", K["root"], path=0),
    "sub-clients": authority("sub", K["sub"], "root", K["root"], more=[eku(CLIENTS)]),
    "sub-there": authority("sub", K["sub"], "root", K["root"],
                           more=[extension("551d1e", constraints(["example.org"]), True)]),
    "sub-not-there": authority("sub", K["sub"], "root", K["root"],
                               more=[extension("551d1e", constraints([], ["example.org"]), True)]),
    "sub-no-bc": certificate("sub", K["sub"], "root", K["root"], [key_usage(b"\x01\x06")]),
    "sub-not-ca": certificate("sub", K["sub"], "root", K["root"],
                              [extension("551d13", basic(False), True)]),
    "sub-no-sign": certificate("sub", K["sub"], "root", K["root"], [*PLAIN_CA, key_usage(SIGNS)]),
    "sub-v1": certificate("sub", K["sub"], "root", K["root"], version=1),
    "sub-broken": authority("sub", K["sub"], "root", K["root"], broken=True),
    "sub-evil": authority("sub", K["sub"], "root", K["evil"]),
    "sub-sha1": authority("sub", K["sub"], "root", K["root"], algorithm=ECDSA_SHA1),
    "sub-critical": authority("sub", K["sub"], "root", K["root"],
                              more=[extension("2b0601040182370a", b"\x05\x00", True)]),
    "sub-renewed": authority("sub", K["cross"], "sub", K["sub"]),
    "subsub": authority("subsub", K["subsub"], "sub", K["sub"]),
    "loop-a": authority("sub", K["sub"], "subsub", K["subsub"]),
    # servers
    "by-root": server("root"),
    "by-root-again": server("root"),
    "by-sub": server("sub"),
    "by-subsub": server("subsub"),
    "by-renewed": server("cross", issuer="sub"),
    "by-rsa": server("rsa-root"),
    "by-short": server("short"),
    "by-ed": server("ed-root"),
    "by-evil": server("evil", issuer="root", key="evil"),
    "by-evil-sub": server("evil", issuer="sub", key="evil"),
    "by-server": server("server", issuer="server", key="evil"),
    "self": server("server", issuer="server"),
    "self-ca": authority("server", K["server"], more=[extension("551d11", dns(NAME))]),
    "old": server("root", last="210101000000Z"),
    "new": server("root", first="480101000000Z"),
    "long": server("root", last="99991231235959Z"),
    "bad-date": server("root", last="491301000000Z"),
    "no-zone": server("root", last="490101000000+"),
    "broken": server("root", broken=True),
    "sha1": server("root", algorithm=ECDSA_SHA1),
    "short-key": server("root", key="short"),
    "for-clients": server("root", more=[eku(CLIENTS)]),
    "for-servers": server("root", more=[eku(CLIENTS, SERVERS)]),
    "for-any": server("root", more=[eku(ANY)]),
    "for-none": server("root", more=[extension("551d25", tlv(0x30))]),
    "eku-broken": server("root", more=[extension("551d25", b"\x30\x01")]),
    "eku-twice": server("root", more=[eku(SERVERS), eku(SERVERS)]),
    "signs": server("root", more=[key_usage(SIGNS)]),
    "signs-certificates": server("root", more=[key_usage(SIGNS_CERTIFICATES)]),
    "critical": server("root", more=[extension("2b0601040182370a", b"\x05\x00", True)]),
    "uncritical": server("root", more=[extension("2b0601040182370a", b"\x05\x00")]),
    "v1-server": certificate("server", K["server"], "root", K["root"], version=1),
    "no-null": server("root", key="rsa-root", spki=spki_without_null(K["rsa-root"])),
    "explicit": server("root", spki=spki_explicit(K["server"])),
}
NAMES = {
    "other": ["ns2.example.net"],
    "parent": ["example.net"],
    "child": ["a.ns1.example.net"],
    "upper": ["NS1.Example.NET"],
    "dot": ["ns1.example.net."],
    "dot-first": [".ns1.example.net"],
    "star": ["*.example.net"],
    "star-org": ["*.example.org"],
    "star-upper": ["*.EXAMPLE.net"],
    "star-net": ["*.net"],
    "star-alone": ["*"],
    "star-two": ["*.*.net"],
    "star-inner": ["ns1.*.net"],
    "star-part": ["ns*.example.net"],
    "star-part-2": ["*1.example.net"],
    "star-deep": ["*.ns1.example.net"],
    "star-dot": ["*.example.net."],
    "nul": [b"ns1.example.net\x00.evil.example"],
    "nul-end": [b"ns1.example.net\x00"],
    "space": ["ns1.example.net "],
    "latin": [b"ns1.ex\xe4mple.net"],
    "empty": [""],
    "second": ["ns2.example.net", "ns1.example.net"],
    "idn": ["xn--bcher-kva.example"],
    "idn-raw": ["b\u00fccher.example".encode()],
    "alt": ["alias.example.org"],
    "none": [],
}
C.update({f"n-{word}": server("root", names) for word, names in NAMES.items()})
C["n-cn"] = certificate(NAME, K["server"], "root", K["root"], PLAIN_CA[:0])
C["n-cn-2"] = certificate(NAME, K["server"], "root", K["root"],
                          [extension("551d11", dns("ns2.example.net"))])
C["n-mail"] = certificate("server", K["server"], "root", K["root"],
                          [extension("551d11", tlv(0x30, tlv(0x81, NAME.encode())))])
C["n-uri"] = certificate("server", K["server"], "root", K["root"],
                         [extension("551d11", tlv(0x30, tlv(0x86, NAME.encode())))])
C["n-broken"] = certificate("server", K["server"], "root", K["root"],
                            [extension("551d11", dns(NAME)[:1] + b"\x12" + dns(NAME)[2:]
                                       + b"\x82")])
C["n-twice"] = certificate("server", K["server"], "root", K["root"],
                           [extension("551d11", dns(NAME))] * 2)
C["n-many"] = server("root", [f"a{i}.example.net" for i in range(255)] + [NAME])
C["n-too-many"] = server("root", [f"a{i}.example.net" for i in range(256)] + [NAME])

DIGESTS = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
           2: lambda data: hashlib.sha512(data).digest()}


def fields(der):
    """Whole elements inside of one."""
    def head(at):
        length, start = der[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[at + 2:start], "big")
        return start, length
    at, length = head(0)
    end, found = at + length, []
    while at < end:
        start, length = head(at)
        found.append(der[at:start + length])
        at = start + length
    return found


def key_in(der):
    inner = fields(fields(der)[0])
    return inner[6 if inner[0][0] == 0xA0 else 5]


def means(name, usage=2, selector=0, matching=1):
    data = C[name] if selector == 0 else key_in(C[name])
    return bytes([usage, selector, matching]) + DIGESTS[matching](data)


ROWS = []


def row(about, items, records, verdicts, names="-", roots="-", at=NOW, depth=None, until=YEAR_2049):
    """Records: (name, usage, selector, matching) or octets; verdicts alike to those of match.txt."""
    records = [r if isinstance(r, bytes) else means(*r) for r in records]
    matched = [i for i, verdict in enumerate(verdicts) if verdict == "match"]
    finding = ("match" if matched else
               "unusable" if all(v.startswith("unusable") for v in verdicts) else "mismatch")
    verdicts = [v if v in ("match", "untried", "suppressed") or ":" in v else f"no-match:{v}"
                for v in verdicts]
    ROWS.append(" ".join([about.replace(" ", "_"), items, names, roots, str(at),
                          ",".join(r.hex() for r in records), finding,
                          str(matched[0]) if matched else "-",
                          str(depth) if matched else "-", str(until) if matched else "-",
                          ",".join(verdicts)]))


def good(about, items, record, depth=1, **rest):
    row(about, items, [record], ["match"], depth=depth, **rest)


def bad(about, items, record, why, **rest):
    row(about, items, [record], [why], **rest)


def dane_ta():
    for selector in (0, 1):
        for matching in (0, 1, 2):
            numbers = (2, selector, matching)
            good(f"anchor {numbers}", "by-root,root", ("root", *numbers))
            good(f"intermediate as anchor {numbers}", "by-sub,sub", ("sub", *numbers))
            good(f"anchor two up {numbers}", "by-sub,sub,root", ("root", *numbers), 2)
            good(f"anchor three up {numbers}", "by-subsub,subsub,sub,root", ("root", *numbers), 3)
            good(f"unordered {numbers}", "by-subsub,root,sub,subsub", ("root", *numbers), 3)
            bad(f"not the list but the path: foreign leaf, anchor appended {numbers}",
                "by-evil,root", ("root", *numbers), "path")
            bad(f"foreign leaf with all the true chain behind {numbers}",
                "by-evil,by-root,root", ("root", *numbers), "path")
            bad(f"foreign chain, anchor appended {numbers}",
                "by-evil,impostor-root,root", ("root", *numbers), "path")
            bad(f"the anchor's data is the leaf's {numbers}", "by-root,root",
                ("by-root", *numbers), "different")
            bad(f"the same, leaf twice {numbers}", "by-root,by-root,root", ("by-root", *numbers),
                "different")
            bad(f"self-signed leaf {numbers}", "self", ("self", *numbers), "different")
            bad(f"self-signed leaf twice {numbers}", "self,self", ("self", *numbers), "different")
            bad(f"self-signed authority as leaf {numbers}", "self-ca", ("self-ca", *numbers),
                "different")
            bad(f"true leaf appended as its own issuer {numbers}", "by-server,self",
                ("self", *numbers), "constraints")
            bad(f"expired leaf {numbers}", "old,root", ("root", *numbers), "dates")
            bad(f"wrong name {numbers}", "n-other,root", ("root", *numbers), "name")
            bad(f"other anchor {numbers}", "by-root,root", ("other-root", *numbers), "different")
            bad(f"the authority itself as the server {numbers}", "root", ("root", *numbers),
                "different")
    # the anchor is not sent
    good("2 0 0, anchor absent", "by-root", ("root", 2, 0, 0))
    good("2 0 0, anchor absent, two up", "by-sub,sub", ("root", 2, 0, 0), 2)
    good("2 1 0, key alone", "by-root", ("root", 2, 1, 0))
    good("2 1 0, key alone, two up", "by-sub,sub", ("root", 2, 1, 0), 2)
    good("2 1 0, key alone, unordered", "by-subsub,sub,subsub", ("root", 2, 1, 0), 3)
    good("2 1 0, key alone, anything behind", "by-root,other-root", ("root", 2, 1, 0))
    good("2 1 0, rsa key alone", "by-rsa", ("rsa-root", 2, 1, 0))
    good("2 1 0, ed25519 key alone", "by-ed", ("ed-root", 2, 1, 0))
    for matching in (1, 2):
        for selector in (0, 1):
            bad(f"2 {selector} {matching}, anchor absent", "by-root",
                ("root", 2, selector, matching), "different")
    bad("2 0 0, anchor absent, intermediate absent", "by-sub", ("root", 2, 0, 0), "different")
    bad("2 0 0, foreign leaf", "by-evil", ("root", 2, 0, 0), "different")
    bad("2 1 0, foreign leaf", "by-evil", ("root", 2, 1, 0), "different")
    bad("2 1 0, foreign intermediate", "by-sub,sub-evil", ("root", 2, 1, 0), "different")
    bad("2 1 0, key alone, leaf expired", "old", ("root", 2, 1, 0), "dates")
    bad("2 1 0, key alone, intermediate expired", "by-sub,sub-old", ("root", 2, 1, 0), "dates")
    bad("2 1 0, key alone, wrong name", "n-other", ("root", 2, 1, 0), "name")
    bad("2 1 0, key alone, wrong purpose", "for-clients", ("root", 2, 1, 0), "purpose")
    bad("2 1 0, key alone, intermediate no authority", "by-sub,sub-not-ca", ("root", 2, 1, 0),
        "constraints")
    bad("2 1 0, the leaf's key signs only itself", "self", ("self", 2, 1, 0),
        "different")
    bad("2 0 0, anchor absent and expired", "by-root", ("root-old", 2, 0, 0), "dates")
    bad("2 0 0, anchor absent, constrained", "by-root", ("root-there", 2, 0, 0), "constraints")
    # cross-signed
    good("cross-signed, this way", "by-sub,sub,sub-by-other,root", ("root", 2, 0, 1), 2)
    good("cross-signed, that way", "by-sub,sub,sub-by-other,root,other-root",
         ("other-root", 2, 0, 1), 2)
    good("cross-signed, first way expired", "by-sub,sub-old,sub,root", ("root", 2, 0, 1), 2)
    good("cross-signed, first way broken", "by-sub,sub-broken,sub-evil,sub,root",
         ("root", 2, 0, 1), 2)
    good("same name and another key first", "by-sub,impostor-root,sub,root", ("root", 2, 0, 1), 2)
    good("two certificates of the key, the first expired", "by-root,root-old,root",
         ("root", 2, 1, 1))
    good("round about, since that way holds, too", "by-sub,loop-a,subsub,sub,root", ("root", 2, 0, 1),
         4)
    good("self-issued between: key roll-over", "by-renewed,sub-renewed,sub,root",
         ("root", 2, 0, 1), 3)
    good("junk between", "by-root,n-nul,by-evil,root", ("root", 2, 0, 1))
    good("the anchor twice", "by-root,root,root", ("root", 2, 0, 1))
    good("anchor with a broken signature of its own", "by-root,root-broken",
         ("root-broken", 2, 0, 1))
    bad("loop alone", "by-sub,loop-a,subsub", ("root", 2, 0, 0), "different")
    bad("intermediate missing", "by-sub,root", ("root", 2, 0, 1), "path")
    bad("intermediate with a broken signature", "by-sub,sub-broken,root", ("root", 2, 0, 1), "path")
    bad("leaf with a broken signature", "broken,root", ("root", 2, 0, 1), "path")
    # dates
    good("the last second of the leaf", "by-root,root", ("root", 2, 0, 1), at=YEAR_2049)
    good("the first second of the leaf", "by-root,root", ("root", 2, 0, 1), at=1577836800)
    good("until is the intermediate's end", "by-sub,sub-short,root", ("root", 2, 0, 1), 2,
         until=1704067200)
    good("the anchor's end", "by-root,root-again", ("root-again", 2, 0, 1), until=2461449600)
    good("9999", "long,root", ("root", 2, 0, 1))
    bad("a second late", "by-root,root", ("root", 2, 0, 1), "dates", at=YEAR_2049 + 1)
    bad("a second early", "by-root,root", ("root", 2, 0, 1), "dates", at=1577836799)
    bad("leaf not yet valid", "new,root", ("root", 2, 0, 1), "dates")
    bad("anchor expired", "by-root,root-old", ("root-old", 2, 0, 1), "dates")
    bad("anchor expired, by key", "by-root,root-old", ("root-old", 2, 1, 1), "dates")
    bad("anchor not yet valid", "by-root,root-new", ("root-new", 2, 0, 1), "dates")
    bad("intermediate expired", "by-sub,sub-old,root", ("root", 2, 0, 1), "dates")
    bad("intermediate as anchor expired", "by-sub,sub-old", ("sub-old", 2, 0, 1), "dates")
    bad("month 13", "bad-date,root", ("root", 2, 0, 1), "path")
    bad("date without Z", "no-zone,root", ("root", 2, 0, 1), "path")
    # purpose
    for word in ("for-servers", "for-any", "signs", "uncritical"):
        good(word, f"{word},root", ("root", 2, 0, 1))
    for word in ("root-servers", "root-any"):
        good(word, f"by-root,{word}", (word, 2, 0, 1))
    for word in ("for-clients", "for-none", "eku-broken", "signs-certificates"):
        bad(word, f"{word},root", ("root", 2, 0, 1), "purpose")
    bad("purposes twice", "eku-twice,root", ("root", 2, 0, 1), "path")
    bad("anchor for clients", "by-root,root-clients", ("root-clients", 2, 0, 1), "purpose")
    bad("intermediate for clients", "by-sub,sub-clients,root", ("root", 2, 0, 1), "purpose")
    # constraints
    good("named within", "by-root,root-here", ("root-here", 2, 0, 1))
    good("excluded elsewhere", "by-sub,sub-not-there,root", ("root", 2, 0, 1), 2)
    good("path length 0, directly", "by-root,root-p0", ("root-p0", 2, 0, 1))
    good("path length 1, one between", "by-sub,sub,root-p1", ("root-p1", 2, 0, 1), 2)
    # stricter than RFC 5280 section 6.1.4 (l): GnuTLS counts self-issued authorities, too
    bad("path length 1, one between and a self-issued one", "by-renewed,sub-renewed,sub,root-p1",
        ("root-p1", 2, 0, 1), "constraints")
    good("intermediate of path length 0", "by-sub,sub-p0,root", ("root", 2, 0, 1), 2)
    good("intermediate of path length 0 as anchor", "by-sub,sub-p0", ("sub-p0", 2, 0, 1))
    for selector in (0, 1):
        numbers = (2, selector, 1)
        for word in ("there", "not-here", "no-bc", "no-ext", "not-ca", "crl-only", "critical"):
            bad(f"anchor: {word} {numbers}", f"by-root,root-{word}", (f"root-{word}", *numbers),
                "constraints")
        bad(f"anchor: basicConstraints twice {numbers}", "by-root,root-bc-twice",
            ("root-bc-twice", *numbers), "path")
        bad(f"anchor's path length 0 exceeded {numbers}", "by-sub,sub,root-p0",
            ("root-p0", *numbers), "constraints")
        bad(f"anchor's path length 1 exceeded {numbers}", "by-subsub,subsub,sub,root-p1",
            ("root-p1", *numbers), "constraints")
        for word in ("there", "no-bc", "not-ca", "no-sign", "v1", "critical"):
            bad(f"intermediate: {word} {numbers}", f"by-sub,sub-{word},root", ("root", *numbers),
                "constraints")
        bad(f"intermediate's path length exceeded {numbers}", "by-subsub,subsub,sub-p0,root",
            ("root", *numbers), "constraints")
    bad("intermediate's path length exceeded, as anchor", "by-subsub,subsub,sub-p0",
        ("sub-p0", 2, 0, 1), "constraints")
    bad("leaf with an unknown critical extension", "critical,root", ("root", 2, 0, 1),
        "constraints")
    # version 1: published whole, it is known to be an authority; by its key, it is not
    for matching in (0, 1, 2):
        good(f"version 1, 2 0 {matching}", "by-root,root-v1", ("root-v1", 2, 0, matching))
        bad(f"version 1, 2 1 {matching}", "by-root,root-v1", ("root-v1", 2, 1, matching),
            "constraints")
    bad("version 1 with extensions", "by-root,root-v1-ext", ("root-v1-ext", 2, 1, 1), "path")
    bad("version 1 intermediate as anchor, by key", "by-sub,sub-v1", ("sub-v1", 2, 1, 1),
        "constraints")
    bad("version 1 leaf names nobody", "v1-server,root", ("root", 2, 0, 1), "name")
    # strength
    bad("1024 bits of the anchor", "by-short,short", ("short", 2, 0, 1), "weak")
    bad("1024 bits of the leaf", "short-key,root", ("root", 2, 0, 1), "weak")
    bad("sha-1 over the leaf", "sha1,root", ("root", 2, 0, 1), "weak")
    bad("sha-1 over the intermediate", "by-sub,sub-sha1,root", ("root", 2, 0, 1), "weak")
    # encodings
    good("rsa", "by-rsa,rsa-root", ("rsa-root", 2, 1, 1))
    good("ed25519", "by-ed,ed-root", ("ed-root", 2, 1, 1))
    good("leaf's rsa key without NULL, 3 1 1", "no-null,root", ("no-null", 3, 1, 1), 0,
         until=INFINITE)
    good("leaf's explicit curve, 3 1 1", "explicit,root", ("explicit", 3, 1, 1), 0, until=INFINITE)
    bad("the usual encoding of that key", "no-null,root", ("rsa-root", 3, 1, 1), "different")
    bad("the usual encoding of that curve", "explicit,root", ("by-root", 3, 1, 1), "different")
    bad("the usual encoding of the anchor's key", "by-rsa,rsa-root-no-null", ("rsa-root", 2, 1, 1),
        "different")


def names():
    for word in ("upper", "star", "star-upper", "second", "many"):
        good(f"name: {word}", f"n-{word},root", ("root", 2, 0, 1))
    for word in ("other", "parent", "child", "dot", "dot-first", "star-net", "star-alone",
                 "star-two", "star-inner", "star-part", "star-part-2", "star-deep", "star-dot",
                 "nul", "nul-end", "space", "latin", "empty", "idn", "idn-raw", "alt", "none", "cn",
                 "cn-2", "mail", "uri", "broken", "twice"):
        bad(f"name: {word}", f"n-{word},root", ("root", 2, 0, 1), "name")
    bad("name: too many", "n-too-many,root", ("root", 2, 0, 1), "limit")
    for given in ("alias.example.org", "ALIAS.example.ORG.", "a.example,alias.example.org"):
        good(f"alternative {given}", "n-alt,root", ("root", 2, 0, 1), names=given)
    good("alternative, and yet the base domain", "by-root,root", ("root", 2, 0, 1), names="a.b.c")
    good("alternative A-label", "n-idn,root", ("root", 2, 0, 1), names="xn--bcher-kva.example")
    good("alternative by a star", "n-star,root", ("root", 2, 0, 1), names="x.example.net")
    bad("alternative, another", "n-alt,root", ("root", 2, 0, 1), "name", names="example.org")
    bad("alternative, raw octets", "n-idn-raw,root", ("root", 2, 0, 1), "name",
        names="xn--bcher-kva.example")
    bad("alternative, star over two labels", "n-star-org,root", ("root", 2, 0, 1), "name",
        names="a.b.example.org")
    good("names do not matter for 3 1 1", "n-other,root", ("n-other", 3, 1, 1), 0, until=INFINITE)


def pkix():
    for usage, name, depth in ((1, "by-sub", 0), (0, "sub", 1), (0, "root", 2)):
        for selector in (0, 1):
            for matching in (0, 1, 2):
                numbers = (usage, selector, matching)
                record = (name, *numbers)
                about = f"{name} {numbers}"
                good(f"{about}", "by-sub,sub", record, depth, roots="root")
                good(f"{about}, root sent", "by-sub,sub,root", record, depth, roots="root")
                good(f"{about}, one root of several", "by-sub,root,sub", record, depth,
                     roots="other-root,impostor-root,root")
                bad(f"{about}, no roots", "by-sub,sub,root", record, "unusable:no-roots")
                bad(f"{about}, other roots", "by-sub,sub,root", record,
                    "different" if name == "never" else "path", roots="other-root")
                bad(f"{about}, root of the same name", "by-sub,sub,root", record, "path",
                    roots="impostor-root")
                bad(f"{about}, root expired", "by-sub,sub", (name if name != "root" else "root-old",
                                                            *numbers), "dates", roots="root-old")
                bad(f"{about}, intermediate expired", "by-sub,sub-old",
                    (name if name != "sub" else "sub-old", *numbers), "dates", roots="root")
    for usage in (0, 1):
        data = "root" if usage == 0 else "n-other"
        bad(f"usage {usage}, wrong name", "n-other,root", (data, usage, 0, 1), "name", roots="root")
    bad("usage 1, foreign leaf, true one appended", "by-evil,by-root,root", ("by-root", 1, 0, 1),
        "different", roots="root")
    bad("usage 1, leaf by nobody", "by-evil,root", ("by-evil", 1, 0, 1), "path", roots="root")
    bad("usage 1, another leaf of the same root", "by-root-again", ("by-root", 1, 0, 1),
        "different", roots="root")
    bad("usage 1, leaf is a root", "self", ("self", 1, 0, 1), "path", roots="self")
    bad("usage 0, data of the leaf", "by-root,root", ("by-root", 0, 0, 1), "different",
        roots="root")
    bad("usage 0, not on the path", "by-root,sub", ("sub", 0, 0, 1), "path", roots="root")
    bad("usage 0, another root", "by-root,root", ("other-root", 0, 0, 1), "different",
        roots="root,other-root")
    bad("usage 0, foreign leaf, true chain appended", "by-evil,by-sub,sub,root", ("sub", 0, 0, 1),
        "path", roots="root")
    good("usage 0, above an intermediate that is trusted", "by-sub,sub,root", ("root", 0, 0, 1), 2,
         roots="sub")
    bad("usage 0, above it, and not sent", "by-sub,sub", ("root", 0, 0, 1), "different",
        roots="sub")
    bad("usage 0, above it, an impostor", "by-sub,sub,impostor-root", ("impostor-root", 0, 0, 1),
        "path", roots="sub")
    # the verified path has to hold the record's certificate, not just the list
    bad("usage 0, two roots of one name, the trusted one between", "by-evil,impostor-root,root",
        ("impostor-root", 0, 0, 1), "path", roots="root")
    bad("usage 0, two roots of one name, the wanted one between", "by-evil,root",
        ("root", 0, 0, 1), "path", roots="impostor-root")
    bad("usage 0, two roots of one name, by key", "by-evil,root",
        ("root", 0, 1, 1), "path", roots="impostor-root")
    bad("a self-issued certificate right below the anchor", "by-renewed,sub-renewed,sub",
        ("sub", 2, 0, 1), "path")
    good("usage 0, cross-signed the other way", "by-sub,sub,sub-by-other", ("sub-by-other", 0, 0, 1),
         roots="root,other-root")
    bad("usage 0, cross-signed by whom nobody trusts", "by-sub,sub,sub-by-other",
        ("sub-by-other", 0, 0, 1), "path", roots="root")
    good("version 1 root, configured", "by-root", ("by-root", 1, 0, 1), 0, roots="root-v1")
    bad("root that is no authority", "by-root", ("by-root", 1, 0, 1), "constraints",
        roots="root-not-ca")
    bad("root constrained", "by-root", ("by-root", 1, 0, 1), "constraints", roots="root-there")


def sets():
    """Several records."""
    row("3 before 2", "by-root,root", [("root", 2, 0, 1), ("by-root", 3, 1, 1)],
        ["untried", "match"], depth=0, until=INFINITE)
    row("2 after a 3 that does not match", "by-root,root",
        [("by-sub", 3, 0, 1), ("root", 2, 0, 1)], ["different", "match"], depth=1)
    row("2 before 1 before 0", "by-root,root",
        [("root", 0, 0, 1), ("by-root", 1, 0, 1), ("root", 2, 0, 1)],
        ["untried", "untried", "match"], depth=1, roots="root")
    row("1 before 0", "by-root,root", [("root", 0, 0, 1), ("by-root", 1, 0, 1)],
        ["untried", "match"], depth=0, roots="root")
    row("agility within 2 0", "by-root,root", [("root", 2, 0, 1), ("other-root", 2, 0, 2)],
        ["suppressed", "different"])
    row("agility: 2 0 0 stays", "by-root,root", [("root", 2, 0, 0), ("other-root", 2, 0, 2)],
        ["match", "untried"], depth=1)
    row("agility: not between 2 and 3", "by-root,root", [("root", 2, 0, 1), ("by-sub", 3, 0, 2)],
        ["match", "different"], depth=1)
    row("1 without roots beside 2", "by-root,root", [("by-root", 1, 0, 1), ("root", 2, 0, 1)],
        ["unusable:no-roots", "match"], depth=1)
    row("agility: 1 2 without roots does not silence", "by-root,root",
        [("by-root", 1, 0, 2), ("by-root", 1, 0, 1)],
        ["unusable:no-roots", "unusable:no-roots"])
    row("all that is wrong", "old,root", [("root", 2, 0, 1), ("other-root", 2, 1, 1)],
        ["dates", "different"])
    bad("raw key", "raw:k-server", ("root", 2, 0, 1), "raw-key")
    bad("raw key of the record", "raw:k-root", ("root", 2, 1, 1), "raw-key")
    bad("raw key of the record, full", "raw:k-root", ("root", 2, 1, 0), "raw-key")
    bad("raw key, 1 1 1", "raw:k-server", ("by-root", 1, 1, 1), "raw-key", roots="root")


INFINITE = 4102444800


def write(name, comment, lines):
    lines = ["# Origin: danepriv's own, written by make_issued.py beside it; keys are thrown away.",
             *comment, *lines]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    for fill in (dane_ta, names, pkix, sets):
        fill()
    keys = {"k-root": spki_of(K["root"]), "k-server": spki_of(K["server"])}
    write("authorities.txt",
          ["# Name, octets in DER: a certificate, or, with k- in front, a SubjectPublicKeyInfo."],
          [f"{name} {data.hex()}" for name, data in (C | keys).items()])
    write("issued.txt",
          [f"# For {NAME}; the TLSA records are taken to be secure until {INFINITE}.  Fields: name;",
           "# credential by names of authorities.txt, end entity first, raw: for a raw key; other"
           " names of the",
           "# server or -; roots or -; Unix time; RDATAs; finding; record that matches, its depth and"
           " until, or -;",
           "# verdict and reason of each record."],
          ROWS)


main()
