#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes authorities.txt and issued.txt anew, with fresh keys.  Run by hand; the files are kept.

What is right is said by whoever wrote the row, and no library is asked."""

import hashlib
from pathlib import Path

from der_certificates import HASHES, fields, off_curve, spki_of
from issued_certificates import C, K, NAME

HERE = Path(__file__).resolve().parent
NOW = 1700000000
YEAR_2049 = 2493072000

DIGESTS = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
           2: lambda data: hashlib.sha512(data).digest()}


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
    # what is excluded is excluded by whatever star a certificate is for it
    bad("excluded, reached by a star", "n-star,root-not-ns1", ("root-not-ns1", 2, 0, 1),
        "constraints")
    bad("excluded, reached by a star, by key", "n-star,root-not-ns1", ("root-not-ns1", 2, 1, 1),
        "constraints")
    good("excluded, another name is not", "n-star,root-not-ns1", ("root-not-ns1", 2, 0, 1),
         names="x.example.net")
    bad("both names excluded", "n-star,root-not-ns1", ("root-not-ns1", 2, 0, 1), "constraints",
        names="ns1.EXAMPLE.net")
    for word in ("null", "empty", "none-permitted"):
        bad(f"constraints: {word}", f"by-root,root-{word}", (f"root-{word}", 2, 0, 1),
            "constraints")
    good("directory name permitted", "by-root,root-cn", ("root-cn", 2, 0, 1))
    for word in ("other-cn", "not-cn"):
        bad(f"directory name: {word}", f"by-root,root-{word}", (f"root-{word}", 2, 0, 1),
            "constraints")
    good("excluded elsewhere", "by-sub,sub-not-there,root", ("root", 2, 0, 1), 2)
    good("path length 0, directly", "by-root,root-p0", ("root-p0", 2, 0, 1))
    good("path length 1, one between", "by-sub,sub,root-p1", ("root-p1", 2, 0, 1), 2)
    # RFC 5280 section 6.1.4 (l): self-issued authorities are not counted
    good("path length 1, one between and a self-issued one", "by-renewed,sub-renewed,sub,root-p1",
         ("root-p1", 2, 0, 1), 3)
    bad("path length 0, one between and a self-issued one", "by-renewed,sub-renewed,sub,root-p0",
        ("root-p0", 2, 0, 1), "constraints")
    rollover()
    for word in ("policies", "no-any-policy"):
        good(f"anchor: {word}", f"by-root,root-{word}", (f"root-{word}", 2, 0, 1))
    for word in ("policy-qualified", "policy-required"):
        bad(f"anchor: {word}", f"by-root,root-{word}", (f"root-{word}", 2, 0, 1), "constraints")
    good("name with spaces and in capitals", "by-root,root-spaced", ("root-spaced", 2, 0, 1))
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
    schemes()
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


def rollover():
    """An authority's new key, signed with its old one (RFC 4210 section 4.4)."""
    for selector in (0, 1):
        for matching in (0, 1, 2):
            numbers = (2, selector, matching)
            good(f"new key, old one sent {numbers}", "by-new-key,root-new-key,root-old-key",
                 ("root-old-key", *numbers), 2)
            if matching == 0:
                good(f"new key, old one not sent {numbers}", "by-new-key,root-new-key",
                     ("root-old-key", *numbers), 2)
            good(f"new key as anchor {numbers}", "by-new-key,root-new-key",
                 ("root-new-key", *numbers))
            bad(f"new key, signed by a stranger {numbers}",
                "by-new-key,root-new-key-evil,root-old-key", ("root-old-key", *numbers), "path")
    good("new key, 0 0 1", "by-new-key,root-new-key", ("root-new-key", 0, 0, 1), roots="root-old-key")
    good("new key, old one meant, 0 0 1", "by-new-key,root-new-key", ("root-old-key", 0, 0, 1), 2,
         roots="root-old-key")
    good("new key, 1 0 1", "by-new-key,root-new-key", ("by-new-key", 1, 0, 1), 0,
         roots="root-old-key")


def schemes():
    """RFC 3279, 4055, 5758, 8410."""
    good("ed448", "by-ed448,ed448-root", ("ed448-root", 2, 1, 1))
    for curve in ("p384", "p521"):
        for bits in HASHES:
            good(f"{curve} with {bits}", f"by-{curve}-{bits},{curve}-root",
                 (f"{curve}-root", 2, 0, 1))
    for bits in (384, 512):
        good(f"p256 with {bits}", f"by-root-{bits},root", ("root", 2, 0, 1))
        good(f"rsa with {bits}", f"by-rsa-{bits},rsa-root", ("rsa-root", 2, 0, 1))
    good("intermediate with 512", "by-sub,sub-512,root", ("root", 2, 0, 1), 2)
    good("rsa signature without NULL", "by-rsa-no-null,rsa-root", ("rsa-root", 2, 0, 1))
    for bits in HASHES:
        good(f"pss {bits}", f"by-pss-{bits},rsa-root", ("rsa-root", 2, 0, 1))
        good(f"pss {bits} by a key for pss", f"by-pss-{bits},pss-root", ("pss-root", 2, 0, 1))
    good("pss 256 by a key for that", "by-pss-256,pss-root-256", ("pss-root-256", 2, 0, 1))
    good("pss 256 by a bare key for that", "by-pss-256", ("pss-root-256", 2, 1, 0))
    good("pss 512 by a key for that", "by-pss-512,pss-root-salt-64", ("pss-root-salt-64", 2, 0, 1))
    bad("pss 384 by a key for 256", "by-pss-384,pss-root-256", ("pss-root-256", 2, 0, 1), "path")
    bad("pss 256 by a key for a longer salt", "by-pss-256,pss-root-salt-64",
        ("pss-root-salt-64", 2, 0, 1), "path")
    bad("pkcs 1 by a key for pss", "by-rsa,pss-root", ("pss-root", 2, 0, 1), "path")
    for name in ("256-salt-20", "256-mask-512", "256-trailer-2", "none"):
        bad(f"pss {name}", f"by-pss-{name},rsa-root", ("rsa-root", 2, 0, 1), "path")
    for name in ("rsa-sha1", "rsa-md5", "pss-sha1"):
        bad(f"weak: {name}", f"by-{name},rsa-root", ("rsa-root", 2, 0, 1), "weak")
    for name in ("rsa-short", "rsa-long", "rsa-inner-no-null"):
        bad(f"form: {name}", f"by-{name},rsa-root", ("rsa-root", 2, 0, 1), "path")
    for name in ("ids-swapped", "id-twice", "id-behind", "id-bits", "extensions-twice",
                 "extensions-empty", "field-4", "unknown-twice"):
        bad(f"form: {name}", f"{name},root", ("root", 2, 0, 1), "path")
        good(f"form: {name}, 3 0 1", f"{name},root", (name, 3, 0, 1), 0, until=INFINITE)
    for name in ("ids", "serial-negative", "serial-padded", "serial-long", "generalized",
                 "no-subject", "odd-identifiers"):
        good(f"form: {name}", f"{name},root", ("root", 2, 0, 1))
    for name in ("root-padded", "root-inner-384", "root-as-ed"):
        bad(f"form: {name}", f"by-{name},root", ("root", 2, 0, 1), "path")
    # RFC 7671 section 9: what nobody here can use
    for selector in (0, 1):
        for matching in (0, 1, 2):
            numbers = (2, selector, matching)
            for name in ("brainpool", "off-curve"):
                bad(f"anchor: {name} {numbers}", f"by-root,{name}-root",
                    (f"{name}-root", *numbers), "unusable:key")
        for name in ("brainpool", "off-curve"):
            bad(f"anchor: {name}, not sent {selector}", "by-root",
                (f"{name}-root", 2, selector, 0), "unusable:key")
    for name, leaf in (("brainpool", "brainpool"), ("off-curve", "sub")):
        bad(f"intermediate: {name}", f"by-{leaf},sub-{name},root", ("root", 2, 0, 1), "key")


def names():
    for word in ("upper", "star", "star-upper", "second", "many"):
        good(f"name: {word}", f"n-{word},root", ("root", 2, 0, 1))
    for word in ("other", "parent", "child", "dot", "dot-first", "star-net", "star-alone",
                 "star-two", "star-inner", "star-part", "star-part-2", "star-deep", "star-dot",
                 "nul", "nul-end", "space", "latin", "empty", "idn", "idn-raw", "alt", "none", "cn",
                 "cn-2", "mail", "uri"):
        bad(f"name: {word}", f"n-{word},root", ("root", 2, 0, 1), "name")
    for word in ("broken", "twice"):
        bad(f"name: {word}", f"n-{word},root", ("root", 2, 0, 1), "path")
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
    good("a self-issued certificate right below the anchor", "by-renewed,sub-renewed,sub",
         ("sub", 2, 0, 1), 2)
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
    keys = {"k-root": spki_of(K["root"]), "k-server": spki_of(K["server"]),
            "k-p521": spki_of(K["p521-root"]), "k-brainpool": spki_of(K["brainpool-root"]),
            "k-off-curve": off_curve(K["root"]), "k-rsa": spki_of(K["rsa-root"])}
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
