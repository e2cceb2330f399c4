# SPDX-License-Identifier: BSD-2-Clause
"""Which key may sign what?  Algorithms, DS digests, anchors."""

import struct

from .denial import NsecChain, Nsec3Chain, nsec
from .keys import Decoy, Key, rsa_with
from .wire import A, DNSKEY, DS, NS, RR, SOA, change, flatten, flip
from .zone import EXAMPLE, NOW, ROOT, Zone, down, ds_rdata, rrsig, top

SUPPORTED = (8, 10, 13, 14, 15, 16)
UNSUPPORTED = (0, 1, 3, 5, 6, 7, 12, 113, 253, 255)


def under(zone, *ds, keys=None):
    """Root, any DS set, and the zone's keys."""
    ds = ds or (zone.ds(),)
    return flatten(ROOT.keys(), ROOT.sign(ds), zone.keys() if keys is None else keys)


def algorithms(book):
    for number in SUPPORTED:
        zone = Zone("example.", number, bits=1024)
        good, record = under(zone), book.record()
        signed = zone.sign(record)
        name = f"algorithm-{number}"
        book.secure(name, [good, signed])
        book.bogus(name + "-flipped", [good, record, flip(signed[1])])
        book.bogus(name + "-flipped-front", [good, record, flip(signed[1], -64, 0x40)])
        book.bogus(name + "-short", [good, zone.sign(record, cut=-1)])
        book.bogus(name + "-long", [good, record, change(
            signed[1], rdata=signed[1].rdata + b"\0")])
        size = len(zone.ksk.sign(b""))
        book.bogus(name + "-zeros", [good, record, change(
            signed[1], rdata=signed[1].rdata[:-size] + bytes(size))])
        book.bogus(name + "-other-data", [good, book.record(number=1), signed[1]])
        other = Key("stranger", number, bits=1024)
        book.bogus(name + "-other-key", [good, zone.sign(record, key=other, tag=zone.ksk.tag)])
        for what, public in (("short", zone.ksk.public[:-1]), ("long", zone.ksk.public + b"\1")):
            lame = Zone("example.", key=Key("ksk example.", number, bits=1024))
            lame.ksk.public = public
            book.bogus(f"{name}-key-{what}", [under(lame), lame.sign(record)])
    for number in UNSUPPORTED:
        zone = Zone("example.", key=Key("ksk example.", number))
        book.insecure(f"algorithm-{number}", [under(zone), zone.sign(book.record())],
                      "algorithm-unsupported")
        book.insecure(f"algorithm-{number}-ds-alone", under(zone, keys=[]),
                      "algorithm-unsupported")
        book.bogus(f"algorithm-{number}-ds-forged", [
            ROOT.keys(), zone.ds(), zone.keys(), zone.sign(book.record())])
    rsa_keys(book)


def rsa_keys(book):
    record = book.record()
    for name, number, bits, exponent, form, proof in (
            ("512-bits", 8, 512, 65537, 1, "secure"), ("504-bits", 8, 504, 65537, 1, "bogus"),
            ("sha512-1016-bits", 10, 1016, 65537, 1, "bogus"),
            ("sha512-1024-bits", 10, 1024, 65537, 1, "secure"),
            ("exponent-3", 8, 1024, 3, 1, "secure"),
            ("exponent-32-bits", 8, 1024, 0xFFFFFFFB, 1, "secure"),
            ("exponent-33-bits", 8, 1024, 0x10000000F, 1, "secure"),
            ("exponent-900-bits", 8, 1024, 2 ** 900 + 1, 1, "bogus"),
            ("exponent-long-form", 8, 1024, 65537, 3, "bogus"),
            ("odd-bits", 8, 1023, 65537, 1, "secure")):
        zone = Zone("example.", key=rsa_with(name, number, bits, exponent, form))
        book.add("rsa-" + name, [under(zone), zone.sign(record)], proof,
                 "none" if proof == "secure" else "signature-invalid")
    key = rsa_with("plain", 8, 1024, 65537)
    for name, public in (("exponent-1", b"\1\1" + key.public[4:]),
                         ("exponent-even", b"\1\2" + key.public[4:]),
                         ("exponent-zero-led", b"\4\0" + key.public[1:]),
                         ("exponent-none", b"\0" + key.public[1:]),
                         ("modulus-zero-led", key.public[:4] + b"\0" + key.public[4:]),
                         ("modulus-none", key.public[:4]),
                         ("exponent-alone", b"\xff" + key.public[1:])):
        zone = Zone("example.", key=rsa_with("plain", 8, 1024, 65537))
        zone.ksk.public = public
        book.bogus("rsa-" + name, [under(zone), zone.sign(record)])
    zone = Zone("example.", 13)
    off = Zone("example.", 13)
    off.ksk.public = off.ksk.public[:32] + bytes(32)
    book.bogus("p256-not-on-curve", [under(off), off.sign(record)])
    book.bogus("p256-key-with-04", [under(zone, keys=[RR("example.", DNSKEY, zone.ksk.rdata[:4] + b"\4"
               + zone.ksk.public)]), zone.sign(record)], "dnskey-missing")


def mixed_sets(book):
    """DS sets of which some can be used (RFC 6840 section 5.2)."""
    strange = Zone("example.", key=Key("strange", 113))
    good, record = EXAMPLE.sign(book.record()), book.record()
    right, unknown = EXAMPLE.ds(), strange.ds()
    wrong = EXAMPLE.ds(octets=bytes(32))
    both = EXAMPLE.key_set(strange.ksk)
    for name, first, second in (("", right, unknown), ("-turned", unknown, right)):
        book.secure("mixed-known-and-unknown" + name, [
            under(EXAMPLE, first, second, keys=EXAMPLE.keys(strange.ksk)), good])
    book.bogus("mixed-known-wrong", [
        under(EXAMPLE, wrong, unknown, keys=EXAMPLE.keys(strange.ksk)), good], "dnskey-missing")
    book.bogus("mixed-signed-by-unknown-alone", [under(EXAMPLE, right, unknown, keys=[
        both, rrsig(both, strange.ksk, "example.")]), strange.sign(record)])
    book.bogus("mixed-key-of-unknown-alone", [
        under(EXAMPLE, right, unknown, keys=strange.keys()), strange.sign(record)])
    book.bogus("mixed-record-signed-by-unknown", [
        under(EXAMPLE, right, unknown, keys=EXAMPLE.keys(strange.ksk)), strange.sign(record)])
    second = Zone("example.", 13)
    book.secure("two-algorithms-one-suffices", [
        under(EXAMPLE, right, second.ds(), keys=EXAMPLE.keys(second.ksk)), second.sign(record)])
    book.secure("two-algorithms-one-key-there", [under(EXAMPLE, right, second.ds()), good])


def digests(book):
    good = EXAMPLE.sign(book.record())
    zone = EXAMPLE
    wrong = {n: zone.ds(n, octets=bytes(length)) for n, length in ((1, 20), (2, 32), (4, 48))}
    ds = {n: zone.ds(n) for n in (0, 1, 2, 3, 4, 5, 6, 255)}
    for n in (1, 2, 4):
        book.secure(f"digest-{n}", [under(zone, ds[n]), good])
        book.bogus(f"digest-{n}-wrong", [under(zone, wrong[n]), good], "dnskey-missing")
        book.bogus(f"digest-{n}-wrong-and-3", [under(zone, wrong[n], ds[3]), good],
                   "dnskey-missing")
        for m in (1, 2, 4):
            # SHA-1 is passed over when something better is there (RFC 4509 section 3)
            if n != m and not (n == 1 and m != 1):
                book.secure(f"digest-{n}-beside-wrong-{m}", [under(zone, ds[n], wrong[m]), good])
            elif n != m:
                book.bogus(f"digest-1-beside-wrong-{m}", [under(zone, ds[1], wrong[m]), good],
                           "dnskey-missing")
        for change_by, name in ((-1, "short"), (1, "long")):
            length = len(ds[n].rdata) - 4 + change_by
            lame = zone.ds(n, octets=(ds[n].rdata[4:] + b"\0")[:length])
            book.bogus(f"digest-{n}-{name}", [under(zone, lame), good], "dnskey-missing")
    for n in (0, 3, 5, 6, 255):
        book.insecure(f"digest-{n}", [under(zone, ds[n]), good], "digest-unsupported")
        book.insecure(f"digest-{n}-empty", under(zone, ds[n], keys=[]), "digest-unsupported")
        book.secure(f"digest-{n}-and-2", [under(zone, ds[n], ds[2]), good])
        book.secure(f"digest-{n}-and-1", [under(zone, ds[n], ds[1]), good])
    strange = zone.ds(2, algorithm=113)
    book.insecure("digest-3-beside-unknown-algorithm", [under(zone, ds[3], strange), good],
                  "digest-unsupported")
    book.secure("digest-1-beside-2-of-unknown-algorithm", [under(zone, ds[1], strange), good])
    book.bogus("ds-wrong-tag", [under(zone, zone.ds(tag=zone.ksk.tag ^ 1)), good],
               "dnskey-missing")
    book.bogus("ds-wrong-algorithm", [under(zone, zone.ds(algorithm=13)), good],
               "dnskey-missing")
    book.bogus("ds-of-other-owner", [under(zone, RR("example.", DS, ds_rdata(
        "exampl.", zone.ksk))), good], "dnskey-missing")
    book.bogus("ds-truncated", [under(zone, RR("example.", DS, ds[2].rdata[:4])), good],
               "malformed")
    book.bogus("ds-empty", [under(zone, RR("example.", DS, b"")), good], "malformed")


def key_flags(book):
    record = book.record()
    for name, flags, protocol, reason in (
            ("no-zone-bit", 1, 3, "no-zone-key"), ("no-flags", 0, 3, "no-zone-key"),
            ("protocol-2", 257, 2, "no-zone-key"), ("protocol-255", 257, 255, "no-zone-key"),
            ("revoked", 0x181, 3, "dnskey-missing"), ("no-sep", 256, 3, None),
            ("odd-flags", 0x8301, 3, None)):
        key = Key("ksk example.", 15, flags, protocol)
        zone = Zone("example.", key=key)
        if reason:
            book.bogus("ksk-" + name, [under(zone), zone.sign(record)], reason)
        else:
            book.secure("ksk-" + name, [under(zone), zone.sign(record)])
        signer = Key("zsk example.", 15, flags, protocol)
        rrs = [under(EXAMPLE, keys=EXAMPLE.keys(signer)), EXAMPLE.sign(record, key=signer)]
        if reason:
            book.bogus("zsk-" + name, rrs)
        else:
            book.secure("zsk-" + name, rrs)
    both = Zone("example.", zsk=True)
    good = under(both)
    book.secure("ksk-and-zsk", [good, both.sign(record)])
    book.secure("record-signed-by-ksk", [good, both.sign(record, key=both.ksk)])
    book.bogus("keys-signed-by-zsk-alone", [under(both, keys=both.keys(key=both.zsk)),
               both.sign(record)], "signature-missing")
    book.bogus("keys-unsigned", [under(both, keys=both.key_set()), both.sign(record)],
               "signature-missing")
    book.bogus("zsk-not-in-set", [under(EXAMPLE), both.sign(record)])
    book.bogus("ksk-not-in-set", [under(both, keys=both.sign(
        RR("example.", DNSKEY, both.zsk.rdata), key=both.ksk)), both.sign(record)],
        "dnskey-missing")
    book.bogus("keys-forged-beside", [under(both, keys=[both.keys(), RR(
        "example.", DNSKEY, Key("forger").rdata)]), both.sign(record)])
    book.bogus("keys-of-parent", [under(both, keys=ROOT.sign(both.key_set())),
               both.sign(record)], "signature-missing")
    book.bogus("keys-expanded", [under(both, keys=both.keys(labels=0)), both.sign(record)],
               "signature-missing")
    book.bogus("root-keys-missing", [ROOT.sign(EXAMPLE.ds()), EXAMPLE.keys(),
               EXAMPLE.sign(record)], "dnskey-missing")
    book.bogus("keys-missing", [ROOT.keys(), ROOT.sign(EXAMPLE.ds()), EXAMPLE.sign(record)],
               "dnskey-missing")
    book.bogus("ds-missing", [ROOT.keys(), EXAMPLE.keys(), EXAMPLE.sign(record)],
               "denial-missing")
    book.bogus("ds-unsigned", [ROOT.keys(), EXAMPLE.ds(), EXAMPLE.keys(), EXAMPLE.sign(record)],
               "signature-missing")
    book.bogus("ds-signed-by-child", [ROOT.keys(), EXAMPLE.sign(EXAMPLE.ds()), EXAMPLE.keys(),
               EXAMPLE.sign(record)])
    book.bogus("record-alone", EXAMPLE.sign(record), "dnskey-missing")
    book.bogus("record-unsigned", [top(), record], "signature-missing")
    book.bogus("record-missing", top(), "denial-missing")
    book.bogus("signature-alone", [top(), EXAMPLE.signature(record)], "denial-missing")


def tags(book):
    """Keys with the same tag, and several signatures."""
    record = book.record()
    good = EXAMPLE.signature(record)
    for n in (1, 3, 4, 20):
        decoys = [Decoy(f"decoy {i}", EXAMPLE.ksk) for i in range(n)]
        keys = [RR("example.", DNSKEY, decoy.rdata) for decoy in decoys]
        keys.append(RR("example.", DNSKEY, EXAMPLE.ksk.rdata))
        rrs = [under(EXAMPLE, keys=EXAMPLE.sign(keys)), record, good]
        if n < 4:
            book.secure(f"same-tag-{n + 1}", rrs)
        else:
            book.bogus(f"same-tag-{n + 1}", rrs, "limit-keys")
    bad = flip(good)
    old = EXAMPLE.signature(record, begin=NOW - 20, end=NOW - 10)
    book.secure("one-of-two-good", [top(), record, bad, good])
    book.secure("one-of-two-good-turned", [top(), record, good, bad])
    book.secure("one-of-two-expired", [top(), record, old, good])
    book.bogus("two-bad", [top(), record, bad, flip(good, -2)])
    book.secure("strange-algorithm-beside", [top(), record, rrsig(
        [record], Key("strange", 113), "example."), good])
    for n in (7, 8, 30):
        rrs = [top(), record, [flip(good, -3 - i) for i in range(n)], good]
        if n < 8:
            book.secure(f"signatures-{n + 1}", rrs)
        else:
            book.bogus(f"signatures-{n + 1}", rrs, "limit-signatures")
    key_set = EXAMPLE.keys()
    for n in (7, 8):
        rrs = [under(EXAMPLE, keys=[key_set[0], [flip(key_set[1], -3 - i) for i in range(n)],
                                    key_set[1]]), record, good]
        if n < 8:
            book.secure(f"key-signatures-{n + 1}", rrs)
        else:
            book.bogus(f"key-signatures-{n + 1}", rrs, "limit-signatures")


def anchors(book):
    """Which anchor counts: the closest (RFC 4035 section 5)."""
    record = book.record()
    signed = EXAMPLE.sign(record)
    keys = EXAMPLE.keys()
    unsigned = ROOT.sign(nsec("example.", "org.", NS))
    opt_out = Nsec3Chain(ROOT, {".": (NS, SOA), "zz.": (NS, DS)}, flags=1)
    for name in ("dnskey", "several", "ds-sha1"):
        book.secure("anchor-" + name, [top(), signed], anchors=f"proofs/root-{name}.anchors")
    book.bogus("anchor-wrong", [top(), signed], "dnskey-missing",
               anchors="proofs/root-wrong.anchors")
    book.bogus("anchor-key-revoked", [revoked_root(), ROOT.sign(EXAMPLE.ds()), keys, signed],
               "dnskey-missing")
    island = {"anchors": "proofs/island.anchors"}
    book.insecure("island-without-anchor", [ROOT.keys(), unsigned, keys, signed])
    book.secure("island", [ROOT.keys(), unsigned, keys, signed], **island)
    book.secure("island-alone", [keys, signed], **island)
    book.secure("island-below-broken-path", [flip(ROOT.keys()[1]), ROOT.key_set(), unsigned, keys,
                signed], **island)
    book.secure("island-linked", [top(), signed], **island)
    book.bogus("island-wrong-anchor", [top(), signed], "dnskey-missing",
               anchors="proofs/island-wrong.anchors")
    book.bogus("island-wrong-anchor-unsigned", [ROOT.keys(), unsigned, keys, signed],
               "dnskey-missing", anchors="proofs/island-wrong.anchors")
    book.bogus("island-signed-from-above", [ROOT.keys(), keys, ROOT.sign(record)], **island)
    book.bogus("island-stripped", [ROOT.keys(), unsigned, keys], "denial-missing", **island)
    book.bogus("island-record-unsigned", [ROOT.keys(), unsigned, keys, record],
               "signature-missing", **island)
    book.bogus("island-stripped-opt-out", [ROOT.keys(), opt_out.match("."), opt_out.cover("example."),
               keys], "denial-missing", **island)
    above = NsecChain(ROOT, {".": (NS, SOA), "org.": (NS,)})
    book.bogus("island-denied-from-above", [ROOT.keys(), above.match("."), keys],
               "denial-missing", **island)
    many = Nsec3Chain(ROOT, {".": (NS, SOA), "zz.": (NS, DS)}, iterations=51)
    book.bogus("island-iterations-above", [ROOT.keys(), many.match("."), keys], "denial-missing",
               **island)
    own = NsecChain(EXAMPLE, {"example.": (NS, SOA), "z.example.": (A,)})
    book.denied("island-denied", [keys, own.match("example.")], **island)
    sub = Zone("sub.example.")
    inside = "_853._tcp.dns.sub.example."
    book.secure("island-and-below", [keys, down(EXAMPLE, sub), sub.sign(book.record(inside))],
                qname=inside, **island)
    book.insecure("island-unsigned-below", [keys, EXAMPLE.sign(nsec("sub.example.", "z.example.", NS)),
                  book.record(inside)], qname=inside, **island)
    outside = "_853._tcp.dns.other."
    other = Zone("other.")
    rrs = [down(ROOT, other), other.sign(book.record(outside))]
    book.add("no-anchor", rrs, "indeterminate", "no-anchor", qname=outside,
             anchors="proofs/island-alone.anchors")
    book.add("no-anchor-empty", ROOT.keys(), "indeterminate", "no-anchor", qname=outside,
             anchors="proofs/island-alone.anchors")
    book.add("no-anchor-above", [top(), EXAMPLE.sign(book.record("example."))], "secure",
             qname="example.", anchors="proofs/island-alone.anchors")
    deep = {"anchors": "proofs/deep.anchors"}
    book.secure("two-islands-inner", [sub.keys(), sub.sign(book.record(inside))], qname=inside,
                **deep)
    book.bogus("two-islands-inner-signed-by-outer", [keys, EXAMPLE.sign(book.record(inside))],
               qname=inside, **deep)


def revoked_root():
    """The root's key set with its key revoked: another tag, which no anchor has."""
    key = Key("ksk .", 15, 0x181)
    return Zone(".", key=key).keys()


def anchor_files():
    """The anchor files of the tables: name, text."""
    wrong = Zone("example.", key=Key("another"))
    sub = Zone("sub.example.")
    lost = Zone(".", key=Key("lost"))
    return {
        "root.ds": ROOT.anchor(),
        "root-dnskey.anchors": key_line(ROOT),
        "root-several.anchors": lost.anchor() + key_line(lost) + ROOT.anchor(),
        "root-ds-sha1.anchors": f". 3600 IN DS {ROOT.ksk.tag} 15 1 {ROOT.ds(1).rdata[4:].hex()}\n",
        "root-wrong.anchors": lost.anchor(),
        "island.anchors": ROOT.anchor() + EXAMPLE.anchor(),
        "island-alone.anchors": EXAMPLE.anchor(),
        "island-wrong.anchors": ROOT.anchor() + wrong.anchor(),
        "deep.anchors": EXAMPLE.anchor() + sub.anchor(),
    }


def key_line(zone):
    import base64
    flags, protocol, algorithm = struct.unpack("!HBB", zone.ksk.rdata[:4])
    text = base64.b64encode(zone.ksk.public).decode()
    return f"{zone.apex} IN DNSKEY {flags} {protocol} {algorithm} {text}\n"


FILES = {"algorithms": (algorithms,), "keys": (mixed_sets, digests, key_flags, tags),
         "anchors": (anchors,)}
TLSA_ALONE = ("algorithms", "anchors")
