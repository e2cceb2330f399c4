#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes ike_authorities.txt and ike.txt anew, with fresh keys.  Run by hand; the files are kept.

What is right is said by whoever wrote the row, and no library is asked: RFC 4945 section 5.1.3 for
the certificates, its section 3.1 for the names.  Each row is judged three times: as a peer of IKE,
as a server of TLS under the same name, for which nothing is new, and as a peer of IKE where
serverAuth will do."""

import hashlib
import ipaddress
from pathlib import Path

from der_certificates import (authority, certificate, constraints, dns, eku, extension, fields,
                              key_usage, p256, spki_of, tlv)

HERE = Path(__file__).resolve().parent
NOW, INFINITE, YEAR_2049 = 1700000000, 4102444800, 2493072000
NAME, V4, V6 = "ns1.example.net", "192.0.2.1", "2001:db8::53"
PURPOSE = "2b060105050703"
SERVERS, CLIENTS, MAIL, IKE = (PURPOSE + number for number in ("01", "02", "04", "11"))
OLD_END_SYSTEM, OLD_TUNNEL, OLD_USER = (PURPOSE + number for number in ("05", "06", "07"))
ANY = "551d2500"


def octets(text):
    return ipaddress.ip_address(text).packed


def ip(*addresses):
    """subjectAltName of iPAddresses, in text or in octets."""
    return tlv(0x30, *(tlv(0x87, a if isinstance(a, bytes) else octets(a)) for a in addresses))


def nets(permitted=(), excluded=()):
    """nameConstraints of iPAddresses."""
    def trees(tag, networks):
        each = [ipaddress.ip_network(n) for n in networks]
        return tlv(tag, *(tlv(0x30, tlv(0x87, n.network_address.packed + n.netmask.packed))
                          for n in each)) if each else b""
    return extension("551d1e", tlv(0x30, trees(0xA0, permitted), trees(0xA1, excluded)), True)


def names_of(permitted=(), excluded=()):
    return extension("551d1e", constraints(permitted, excluded), True)


K = {name: p256() for name in ("root", "sub", "server", "evil")}


def peer(by="root", names=dns(NAME), more=(), key="server"):
    first = [extension("551d11", names)] if names else []
    return certificate("server", K[key], by, K[by], [*first, *more])


def root(*more):
    return authority("root", K["root"], more=more)


def sub(*more):
    return authority("sub", K["sub"], "root", K["root"], more=more)


PURPOSES = {
    "ike": [IKE], "any": [ANY], "servers": [SERVERS], "clients": [CLIENTS],
    "ike-servers": [IKE, SERVERS], "servers-ike": [SERVERS, IKE], "any-clients": [CLIENTS, ANY],
    "mail": [MAIL], "end-system": [OLD_END_SYSTEM], "tunnel": [OLD_TUNNEL], "user": [OLD_USER],
    "longer": [IKE + "01"], "shorter": [PURPOSE], "servers-longer": [SERVERS + "01"],
    "servers-clients": [SERVERS, CLIENTS],
}
# What keyUsage says (RFC 5280 section 4.2.1.3), as a BIT STRING.
USAGES = {
    "signs": b"\x07\x80", "non-repudiation": b"\x06\x40", "enciphers": b"\x05\x20",
    "enciphers-data": b"\x04\x10", "agrees": b"\x03\x08", "signs-certificates": b"\x02\x04",
    "signs-lists": b"\x01\x02", "signs-enciphers": b"\x05\xa0", "nothing": b"\x00",
}
REVERSE = "1.2.0.192.in-addr.arpa"
NAMES = {
    "upper": dns("NS1.Example.NET"), "second": dns("ns2.example.net", NAME),
    "other": dns("ns2.example.net"), "star": dns("*.example.net"),
    "star-and-name": dns("*.example.net", NAME), "parent": dns("example.net"),
    "child": dns("a.ns1.example.net"), "dot": dns(NAME + "."), "nul": dns(NAME.encode() + b"\x00"),
    "mail": tlv(0x30, tlv(0x81, NAME.encode())), "none": b"",
    "v4": ip(V4), "v4-other": ip("192.0.2.2"), "v4-second": ip("192.0.2.2", V4),
    "v4-net": ip(octets(V4) + b"\xff" * 4), "v4-short": ip(octets(V4)[:3]),
    "v4-mapped": ip("::ffff:192.0.2.1"), "v4-text": ip(V4.encode()), "v4-dns": dns(V4),
    "v4-octets": dns(octets(V4)),
    "v4-reverse": dns(REVERSE), "v4-star": dns("*.2.0.192.in-addr.arpa"), "v4-empty": ip(b""),
    "v4-and-name": tlv(0x30, tlv(0x82, NAME.encode()), tlv(0x87, octets(V4))),
    "v4-broken": ip(V4) + b"\x87",
    "v6": ip(V6), "v6-other": ip("2001:db8::54"), "v6-low": ip(octets(V6)[12:]), "v6-dns": dns(V6),
}
C = {
    "i-root": root(), "i-sub": sub(),
    "i-evil": certificate("server", K["evil"], "root", K["evil"], [extension("551d11", dns(NAME))]),
    "i-plain": peer(), "i-by-sub": peer("sub"),
    "i-by-sub-ike": peer("sub", more=[eku(IKE)]),
    "i-by-sub-both": peer("sub", more=[eku(IKE, SERVERS)]),
    "i-no-purposes": peer(more=[extension("551d25", tlv(0x30))]),
    "i-purposes-broken": peer(more=[extension("551d25", b"\x30\x01")]),
    "i-critical-ike": peer(more=[extension("551d25", tlv(0x30, tlv(6, bytes.fromhex(IKE))), True)]),
    **{f"i-for-{word}": peer(more=[eku(*purposes)]) for word, purposes in PURPOSES.items()},
    **{f"i-{word}": peer(more=[key_usage(bits)]) for word, bits in USAGES.items()},
    "i-ike-enciphers": peer(more=[key_usage(USAGES["enciphers"]), eku(IKE)]),
    "i-ike-signs": peer(more=[key_usage(USAGES["signs"]), eku(IKE)]),
    **{f"i-servers-{word}": peer(more=[key_usage(USAGES[word]), eku(SERVERS)])
       for word in ("signs", "non-repudiation", "enciphers", "agrees", "nothing")},
    "i-servers-other": peer(names=dns("ns2.example.net"), more=[eku(SERVERS)]),
    "i-servers-star": peer(names=dns("*.example.net"), more=[eku(SERVERS)]),
    "i-by-sub-servers": peer("sub", more=[eku(SERVERS)]),
    **{f"i-n-{word}": peer(names=names) for word, names in NAMES.items()},
    **{f"i-sub-{word}": sub(eku(*PURPOSES[word]))
       for word in ("ike", "any", "servers", "clients", "ike-servers")},
    **{f"i-root-{word}": root(eku(*PURPOSES[word])) for word in ("ike", "any", "servers")},
    "i-root-in": root(nets(["192.0.2.0/24"])), "i-root-out": root(nets(["198.51.100.0/24"])),
    "i-root-one": root(nets(["192.0.2.1/32"])), "i-root-next": root(nets(["192.0.2.2/32"])),
    "i-root-all": root(nets(["0.0.0.0/0"])), "i-root-not-in": root(nets([], ["192.0.2.0/24"])),
    "i-root-not-out": root(nets([], ["198.51.100.0/24"])),
    "i-root-not-all": root(nets([], ["0.0.0.0/0"])),
    "i-root-hole": root(nets(["192.0.2.0/24"], ["192.0.2.1/32"])),
    "i-root-in-6": root(nets(["2001:db8::/32"])), "i-root-out-6": root(nets(["2001:db9::/32"])),
    "i-root-not-in-6": root(nets([], ["2001:db8::/32"])),
    "i-root-not-out-6": root(nets([], ["2001:db9::/32"])),
    "i-root-here": root(names_of(["example.net"])), "i-root-there": root(names_of(["example.org"])),
    "i-root-no-mask": root(extension("551d1e", tlv(0x30, tlv(0xA0, tlv(0x30, tlv(
        0x87, octets(V4) + b"\xff\x00\xff\x00")))), True)),
    "i-sub-in": sub(nets(["192.0.2.0/24"])), "i-sub-out": sub(nets(["198.51.100.0/24"])),
    "i-v4-by-sub": peer("sub", ip(V4)),
}


def key_in(der):
    inner = fields(fields(der)[0])
    return inner[6 if inner[0][0] == 0xA0 else 5]


def means(name, usage, selector, matching):
    data = C[name] if selector == 0 else key_in(C[name])
    return bytes([usage, selector, matching]) + (
        data if matching == 0 else
        (hashlib.sha256 if matching == 1 else hashlib.sha512)(data).digest())


ROWS = []
OK = "match"


def verdict(word):
    return word if word == OK or word.startswith("unusable") else f"no-match:{word}"


def row(about, items, record, ike, tls=None, loosely=None, peer_id=f"fqdn:{NAME}", roots="-"):
    """`ike`, `tls` and `loosely`: what it comes to; what is left out is the same as for IKE."""
    tls = ike if tls is None else tls
    loosely = ike if loosely is None else loosely
    until = INFINITE if record[1] == 3 else YEAR_2049
    ROWS.append(" ".join([about.replace(" ", "_"), items, peer_id, roots, str(NOW),
                          means(*record).hex(), verdict(ike), verdict(tls),
                          str(until) if OK in (ike, loosely) else "-", verdict(loosely)]))


def by_each_usage(about, items, ike, tls=None, loosely=None, top="i-root", **rest):
    """By usages 2, 0 and 1 alike: what stands against a certificate does so under each, and under
    usage 3 never."""
    leaf = items.split(",")[0]
    come = (ike, tls, loosely)
    row(f"{about}, 2 0 1", f"{items},{top}", (top, 2, 0, 1), *come, **rest)
    row(f"{about}, 2 1 1", f"{items},{top}", (top, 2, 1, 1), *come, **rest)
    row(f"{about}, 0 1 1", items, (top, 0, 1, 1), *come, roots=top, **rest)
    row(f"{about}, 1 1 1", items, (leaf, 1, 1, 1), *come, roots=top, **rest)
    if ike != OK:
        row(f"{about}, 3 1 1", items, (leaf, 3, 1, 1), OK, **rest)


def purposes():
    by_each_usage("no purposes listed", "i-plain", OK)
    for word, ike, tls in (
            ("ike", OK, "purpose"), ("any", OK, OK),
            ("clients", "purpose", "purpose"), ("ike-servers", OK, OK), ("servers-ike", OK, OK),
            ("any-clients", OK, OK), ("mail", "purpose", "purpose"),
            ("servers-longer", "purpose", "purpose"),
            ("end-system", "purpose", "purpose"), ("tunnel", "purpose", "purpose"),
            ("user", "purpose", "purpose"), ("longer", "purpose", "purpose"),
            ("shorter", "purpose", "purpose")):
        by_each_usage(f"for {word}", f"i-for-{word}", ike, tls)
    by_each_usage("for servers", "i-for-servers", "purpose", OK, OK)
    by_each_usage("for servers and clients", "i-for-servers-clients", "purpose", OK, OK)
    by_each_usage("critical, for ike", "i-critical-ike", OK, "purpose")
    by_each_usage("empty list of purposes", "i-no-purposes", "purpose")
    by_each_usage("broken list of purposes", "i-purposes-broken", "purpose")


def usages():
    for word, ike, tls in (
            ("signs", OK, OK), ("non-repudiation", OK, "purpose"), ("enciphers", "purpose", OK),
            ("enciphers-data", "purpose", "purpose"), ("agrees", "purpose", OK),
            ("signs-certificates", "purpose", "purpose"), ("signs-lists", "purpose", "purpose"),
            ("signs-enciphers", OK, OK)):
        by_each_usage(f"key {word}", f"i-{word}", ike, tls)
    by_each_usage("for ike, and its key only enciphers", "i-ike-enciphers", "purpose")
    by_each_usage("for ike, and its key signs", "i-ike-signs", OK, "purpose")
    # Whatever stands in the place of ipsecIKE, the key has to sign (RFC 4945 section 5.1.3.2).
    for word, tls, loosely in (
            ("signs", OK, OK), ("non-repudiation", "purpose", OK), ("enciphers", OK, "purpose"),
            ("agrees", OK, "purpose"), ("nothing", "purpose", "purpose")):
        by_each_usage(f"for servers, key {word}", f"i-servers-{word}", "purpose", tls, loosely)


def above():
    for word, *come in (("ike", OK, "purpose"), ("any", OK, OK), ("servers", "purpose", OK, OK),
                        ("clients", "purpose", "purpose"), ("ike-servers", OK, OK)):
        by_each_usage(f"intermediate for {word}", f"i-by-sub,i-sub-{word}", *come)
    for word, *come in (("ike", OK, "purpose"), ("any", OK, OK), ("servers", "purpose", OK, OK)):
        by_each_usage(f"authority for {word}", "i-plain", *come, top=f"i-root-{word}")
    # Each of them has to be for one and the same purpose.
    by_each_usage("for ike, by an intermediate for servers", "i-by-sub-ike,i-sub-servers",
                  "purpose", loosely=OK)
    by_each_usage("for both, by an intermediate for ike", "i-by-sub-both,i-sub-ike", OK, "purpose")
    by_each_usage("for both, by one for servers", "i-by-sub-both,i-sub-servers", "purpose", OK, OK)
    by_each_usage("for servers, by an intermediate for clients", "i-by-sub-servers,i-sub-clients",
                  "purpose")


def names():
    for word in ("upper", "second", "star-and-name"):
        by_each_usage(f"name {word}", f"i-n-{word}", OK)
    by_each_usage("name star", "i-n-star", "name", OK)
    by_each_usage("for servers, name other", "i-servers-other", "name")
    by_each_usage("for servers, name star", "i-servers-star", "name", OK)
    for word in ("other", "parent", "child", "dot", "nul", "mail", "none", "v4", "v4-dns"):
        by_each_usage(f"name {word}", f"i-n-{word}", "name")
    by_each_usage("name and address", "i-n-v4-and-name", OK)


def addresses():
    four, six = f"ipv4:{V4}", f"ipv6:{V6}"
    for word in ("v4", "v4-second", "v4-and-name"):
        by_each_usage(f"address {word}", f"i-n-{word}", OK, "name", peer_id=four)
    for word in ("v4-other", "v4-short", "v4-mapped", "v4-text", "v4-net", "v4-dns", "v4-empty",
                 "v4-octets", "v6", "none", "other", "v6-low"):
        by_each_usage(f"address {word}", f"i-n-{word}", "name", peer_id=four)
    by_each_usage("address v4-broken", "i-n-v4-broken", "path", peer_id=four)
    # TLS knows servers by names alone.
    for word, tls in (("v4-reverse", OK), ("v4-star", OK)):
        by_each_usage(f"address {word}", f"i-n-{word}", "name", tls, peer_id=four)
    by_each_usage("address by name", "i-plain", "name", peer_id=four)
    by_each_usage("address v6", "i-n-v6", OK, "name", peer_id=six)
    for word in ("v6-other", "v6-low", "v6-dns", "v4", "v4-mapped"):
        by_each_usage(f"address {word}, v6", f"i-n-{word}", "name", peer_id=six)
    # The place of an address, given as a name.
    reverse = f"fqdn:{REVERSE}"
    by_each_usage("place of an address by name", "i-n-v4-reverse", OK, peer_id=reverse)
    by_each_usage("place of an address, a star", "i-n-v4-star", "name", OK, peer_id=reverse)
    by_each_usage("place of an address by address", "i-n-v4", "name", peer_id=reverse)


def constrained():
    four, six = f"ipv4:{V4}", f"ipv6:{V6}"
    for word in ("in", "one", "all", "not-out", "not-in-6", "here", "there"):
        by_each_usage(f"authority {word}", "i-n-v4", OK, "name", top=f"i-root-{word}",
                      peer_id=four)
    for word in ("out", "next", "not-in", "not-all", "hole", "no-mask", "in-6", "out-6"):
        by_each_usage(f"authority {word}", "i-n-v4", "constraints", "name", top=f"i-root-{word}",
                      peer_id=four)
    for word, ike in (("in-6", OK), ("not-out-6", OK), ("out-6", "constraints"),
                      ("not-in-6", "constraints")):
        by_each_usage(f"authority {word}, v6", "i-n-v6", ike, "name", top=f"i-root-{word}",
                      peer_id=six)
    by_each_usage("intermediate in", "i-v4-by-sub,i-sub-in", OK, "name", peer_id=four)
    by_each_usage("intermediate out", "i-v4-by-sub,i-sub-out", "constraints", "name", peer_id=four)
    by_each_usage("name, authority here", "i-plain", OK, top="i-root-here")
    by_each_usage("name, authority there", "i-plain", "constraints", top="i-root-there")
    by_each_usage("name beside an address that is not permitted", "i-n-v4-and-name", "constraints",
                  top="i-root-out")
    by_each_usage("address beside a name that is not permitted", "i-n-v4-and-name", "constraints",
                  "name", top="i-root-there", peer_id=four)


def strangers():
    row("foreign certificate, true one appended", "i-evil,i-plain,i-root", ("i-root", 2, 0, 1),
        "path")
    row("foreign certificate, true one appended, 3 1 1", "i-evil,i-plain", ("i-plain", 3, 1, 1),
        "different")
    row("foreign certificate, true one appended, 1 1 1", "i-evil,i-plain", ("i-plain", 1, 1, 1),
        "different", roots="i-root")
    for usage in (0, 1):
        row(f"no roots, usage {usage}", "i-plain,i-root",
            ("i-root" if usage == 0 else "i-plain", usage, 1, 1), "unusable:no-roots")
    for usage, name in ((2, "i-root"), (0, "i-root"), (1, "i-plain")):
        row(f"raw key, usage {usage}", "raw:k-ike", (name, usage, 1, 1), "raw-key", roots="i-root")
    row("raw key, 3 1 1", "raw:k-ike", ("i-plain", 3, 1, 1), OK)
    row("raw key, 3 1 0", "raw:k-ike", ("i-plain", 3, 1, 0), OK)
    row("raw key, 3 0 0", "raw:k-ike", ("i-plain", 3, 0, 0), "raw-key")


def write(name, comment, lines):
    lines = ["# Origin: danepriv's own, written by make_ike.py beside it; keys are thrown away.",
             *comment, *lines]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    for fill in (purposes, usages, above, names, addresses, constrained, strangers):
        fill()
    used = {name.removeprefix("raw:") for line in ROWS
            for name in [*line.split()[1].split(","), *line.split()[3].split(",")]}
    assert used - {"-"} <= set(C) | {"k-ike"}, used - set(C)
    keys = {"k-ike": spki_of(K["server"])}
    write("ike_authorities.txt",
          ["# Name, octets in DER: a certificate, or, with k- in front, a SubjectPublicKeyInfo."],
          [f"{name} {data.hex()}" for name, data in (C | keys).items() if name in used])
    write("ike.txt",
          [f"# One secure record until {INFINITE} for the name in the ID, or for the place of its"
           " address in the",
           "# reverse tree.  Fields: name; credential by names of ike_authorities.txt, end entity"
           " first, raw: for",
           "# a raw key; ID; roots or -; Unix time; RDATA; verdict and reason of the record by IKE;"
           " the same by TLS;",
           "# until when IKE has it, or -; the verdict by IKE where serverAuth will do."],
          ROWS)


main()
