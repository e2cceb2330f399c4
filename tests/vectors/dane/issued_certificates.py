# SPDX-License-Identifier: BSD-2-Clause
"""The keys and certificates of make_issued.py, by their names."""

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from der_certificates import (HASHES, PSS, authority, basic, certificate, constraints,
                              directory_names, dns, eku, extension, key_usage, off_curve, oid, p256,
                              padded, pss_parameters, spki_explicit, spki_pss, spki_without_null,
                              tlv)

NAME = "ns1.example.net"
SERVERS, CLIENTS, ANY = "2b06010505070301", "2b06010505070302", "551d2500"
SIGNS, SIGNS_CERTIFICATES, SIGNS_LISTS = b"\x07\x80", b"\x02\x04", b"\x01\x02"

KEYS = {name: p256() for name in ("root", "other-root", "sub", "subsub", "server", "evil", "v1",
                                  "cross", "weak-server")}
KEYS["rsa-root"] = rsa.generate_private_key(65537, 2048)
KEYS["short"] = rsa.generate_private_key(65537, 1024)
KEYS["ed-root"] = ed25519.Ed25519PrivateKey.generate()
KEYS["ed448-root"] = ed448.Ed448PrivateKey.generate()
KEYS["p384-root"] = ec.generate_private_key(ec.SECP384R1())
KEYS["p521-root"] = ec.generate_private_key(ec.SECP521R1())
KEYS["brainpool-root"] = ec.generate_private_key(ec.BrainpoolP256R1())


def server(by, names=(NAME,), key="server", issuer=None, more=(), **rest):
    """An end-entity certificate by the authority whose key has this name."""
    extensions = [extension("551d11", dns(*names))] if names else []
    rest.setdefault("issuer", issuer or by)
    return certificate("server", KEYS[key], rest.pop("issuer"), KEYS[by],
                       [*extensions, *more], **rest)


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
    "root-not-ns1": authority("root", K["root"],
                              more=[extension("551d1e", constraints([], [NAME]), True)]),
    "root-null": authority("root", K["root"], more=[extension("551d1e", b"\x05\x00", True)]),
    "root-empty": authority("root", K["root"], more=[extension("551d1e", tlv(0x30), True)]),
    "root-none-permitted": authority("root", K["root"], more=[
        extension("551d1e", tlv(0x30, tlv(0xA0)), True)]),
    "root-cn": authority("root", K["root"], more=[directory_names(0xA0, "SERVER")]),
    "root-other-cn": authority("root", K["root"], more=[directory_names(0xA0, "other")]),
    "root-not-cn": authority("root", K["root"], more=[directory_names(0xA1, "SERVER")]),
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
    "ed448-root": authority("ed448-root", K["ed448-root"]),
    "p384-root": authority("p384-root", K["p384-root"]),
    "p521-root": authority("p521-root", K["p521-root"]),
    "brainpool-root": authority("brainpool-root", K["brainpool-root"]),
    "off-curve-root": authority("root", K["root"], spki=off_curve(K["root"])),
    "pss-root": authority("rsa-root", K["rsa-root"], algorithm="pss-256",
                          spki=spki_pss(K["rsa-root"])),
    "pss-root-256": authority("rsa-root", K["rsa-root"], algorithm="pss-256",
                              spki=spki_pss(K["rsa-root"], pss_parameters(256))),
    "pss-root-salt-64": authority("rsa-root", K["rsa-root"], algorithm="pss-256",
                                  spki=spki_pss(K["rsa-root"], pss_parameters(512))),
    "root-old-key": authority("root", K["root"]),
    "root-new-key": authority("root", K["cross"], "root", K["root"]),
    "root-new-key-evil": authority("root", K["cross"], "root", K["evil"]),
    "root-spaced": authority("  ROOT ", K["root"]),
    "root-policies": authority("root", K["root"], more=[
        extension("551d20", tlv(0x30, tlv(0x30, oid("2a03"))), True)]),
    "root-policy-qualified": authority("root", K["root"], more=[
        extension("551d20", tlv(0x30, tlv(0x30, oid("2a03"),
                                          tlv(0x30, tlv(0x30, oid("2a04"), tlv(5))))), True)]),
    "root-policy-required": authority("root", K["root"], more=[
        extension("551d24", tlv(0x30, tlv(0x80, b"\x00")), True)]),
    "root-no-any-policy": authority("root", K["root"], more=[
        extension("551d36", tlv(2, b"\x00"), True)]),
    "sub": authority("sub", K["sub"], "root", K["root"]),
    "sub-brainpool": authority("sub", K["brainpool-root"], "root", K["root"]),
    "sub-off-curve": authority("sub", K["sub"], "root", K["root"], spki=off_curve(K["sub"])),
    "sub-512": authority("sub", K["sub"], "root", K["root"], algorithm="ecdsa-512"),
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
    "sub-sha1": authority("sub", K["sub"], "root", K["root"], algorithm="ecdsa-sha1"),
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
    "by-ed448": server("ed448-root"),
    "by-brainpool": server("brainpool-root", issuer="sub"),
    "by-new-key": server("cross", issuer="root"),
    **{f"by-{curve}-{bits}": server(f"{curve}-root", algorithm=f"ecdsa-{bits}".replace("-256", ""))
       for curve in ("p384", "p521") for bits in HASHES},
    "by-root-384": server("root", algorithm="ecdsa-384"),
    "by-root-512": server("root", algorithm="ecdsa-512"),
    "by-rsa-384": server("rsa-root", algorithm="rsa-384"),
    "by-rsa-512": server("rsa-root", algorithm="rsa-512"),
    "by-rsa-no-null": server("rsa-root", algorithm="rsa-no-null"),
    "by-rsa-sha1": server("rsa-root", algorithm="rsa-sha1"),
    "by-rsa-md5": server("rsa-root", algorithm="rsa-md5"),
    **{f"by-{name}": server("rsa-root", algorithm=name) for name in PSS},
    "by-rsa-short": server("rsa-root", change=lambda signature: signature[1:]),
    "by-rsa-long": server("rsa-root", change=lambda signature: b"\x00" + signature),
    "by-root-padded": server("root", change=padded),
    "by-root-inner-384": server("root", inner="ecdsa-384"),
    "by-rsa-inner-no-null": server("rsa-root", inner="rsa-no-null"),
    "ids": server("root", before=tlv(0x81, b"\x00a") + tlv(0x82, b"\x00b")),
    "ids-swapped": server("root", before=tlv(0x82, b"\x00a") + tlv(0x81, b"\x00b")),
    "id-twice": server("root", before=tlv(0x81, b"\x00a") + tlv(0x81, b"\x00b")),
    "id-behind": server("root", behind=tlv(0x81, b"\x00a")),
    "id-bits": server("root", before=tlv(0x81, b"\x03a")),
    "extensions-twice": server("root", behind=tlv(0xA3, tlv(0x30, key_usage(SIGNS)))),
    "extensions-empty": server("root", names=[], behind=tlv(0xA3, tlv(0x30))),
    "field-4": server("root", behind=tlv(0xA4, tlv(0x30))),
    "unknown-twice": server("root", more=[extension("2b0601040182370a", b"\x05\x00")] * 2),
    "serial-negative": server("root", serial=b"\x80"),
    "serial-padded": server("root", serial=b"\x00\x01"),
    "serial-long": server("root", serial=b"\x01" * 40),
    "generalized": server("root", last="20490101000000Z"),
    "no-subject": certificate("", K["server"], "root", K["root"], [extension("551d11", dns(NAME))]),
    "odd-identifiers": server("root", more=[extension("551d0e", tlv(4)),
                                            extension("551d23", tlv(0x30, tlv(0x80, b"x")))]),
    "by-root-as-ed": server("ed-root", issuer="root"),
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
    "sha1": server("root", algorithm="ecdsa-sha1"),
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
