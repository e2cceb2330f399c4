# SPDX-License-Identifier: BSD-2-Clause
"""How long does a proof hold, and how much work may a chain ask for (KeyTrap and others)?"""

from .book import HOST, OWNER
from .collisions import labels
from .denial import NsecChain, Nsec3Chain, WhiteLies, nsec, nsec3
from .keys import Decoy, Key, seeded
from .wire import A, AAAA, CNAME, DNAME, DNSKEY, DS, IPSECA, NS, NSEC3, RR, SOA, TXT, change, flip, name, soa
from .zone import END, EXAMPLE, NOW, ROOT, Zone, down, rrsig, top

LONG = 500000
EXPIRY = END - NOW


class Path:
    """The way to example with TTLs that do not matter, but for the one at `level`."""

    def __init__(self, level=None, ttl=LONG, signature_ttl=LONG, **how):
        self.level, self.ttl, self.how = level, ttl, dict(how, ttl=signature_ttl)

    def at(self, level, zone, rrs):
        mine = level == self.level
        rrs = [change(rr, ttl=self.ttl if mine else LONG) for rr in rrs]
        how = dict(self.how) if mine else {"ttl": LONG}
        how.setdefault("original_ttl", LONG)
        return zone.sign(rrs, **how)

    def top(self):
        return [self.at("root", ROOT, ROOT.key_set()), self.at("ds", ROOT, [EXAMPLE.ds()]),
                self.at("keys", EXAMPLE, EXAMPLE.key_set())]


class Times:
    """Cases whose name ends in what is wanted: `until` and `expiry`, in seconds from now."""

    def __init__(self, book):
        self.book = book

    def add(self, what, rrs, until, expiry=EXPIRY, proof="secure", reason="none", **how):
        self.book.add(f"{what}/{until}/{expiry}", rrs, proof, reason, **how)


def until(book):
    times, record = Times(book), book.record()
    for level in ("root", "ds", "keys", "record"):
        for what, how, ends, expiry in (
                ("ttl", {"ttl": 60}, 60, EXPIRY), ("ttl-0", {"ttl": 0}, 0, EXPIRY),
                ("original", {"original_ttl": 300}, 300, EXPIRY),
                ("original-below-month", {"ttl": 2592000, "original_ttl": 300}, 300, EXPIRY),
                ("original-0", {"original_ttl": 0}, 0, EXPIRY),
                ("original-above", {"ttl": 77, "original_ttl": 2 ** 31 - 1}, 77, EXPIRY),
                ("signature-ttl", {"signature_ttl": 30}, 30, EXPIRY),
                ("signature-ttl-0", {"signature_ttl": 0}, 0, EXPIRY),
                ("ends-soon", {"end": NOW + 100}, 100, 100), ("ends-now", {"end": NOW}, 0, 0),
                ("ends-before-ttl", {"end": NOW + 100, "ttl": 101}, 100, 100),
                ("ends-after-ttl", {"end": NOW + 100, "ttl": 99}, 99, 100),
                ("top-bit", {"ttl": 2 ** 31, "original_ttl": 2 ** 31, "signature_ttl": 2 ** 31}, 0,
                 EXPIRY)):
            path = Path(level, **how)
            times.add(f"{level}-{what}", [path.top(), path.at("record", EXAMPLE, [record])], ends,
                      expiry)
    plain = Path()
    times.add("plain", [plain.top(), plain.at("record", EXAMPLE, [record])], LONG)
    two = [book.record(ttl=50), book.record(number=1, ttl=40)]
    times.add("least-of-set", [plain.top(), two, EXAMPLE.signature(two, original_ttl=60)], 40)
    times.add("expired-signature-beside", [plain.top(), plain.at("record", EXAMPLE, [record]),
              EXAMPLE.signature(record, begin=NOW - 9, end=NOW - 1, ttl=1, original_ttl=1)], LONG)
    on_the_way(book, times)
    nothing_there(book, times)
    unproven(book, times)


def on_the_way(book, times):
    """Wildcards and aliases."""
    plain = Path()
    near = EXAMPLE.sign(book.record(ttl=LONG), labels=2)
    names = {"example.": (NS, SOA), HOST: (A,), "z.example.": (A,)}
    closer = NsecChain(EXAMPLE, names, ttl=45)
    times.add("wildcard-nsec", [plain.top(), near, closer.cover(OWNER)], 45)
    times.add("wildcard-nsec-ends", [plain.top(), near, closer.cover(OWNER, end=NOW + 44)], 44, 44)
    hashes = Nsec3Chain(EXAMPLE, names, ttl=46)
    times.add("wildcard-nsec3", [plain.top(), near, hashes.cover("_tcp." + HOST)], 46)
    target = "_853._tcp.x.example."
    for ttl, end, ends, expiry in ((20, END, 20, EXPIRY), (20, NOW + 10, 10, 10)):
        link = EXAMPLE.sign(RR(OWNER, CNAME, name(target), ttl), end=end)
        there = EXAMPLE.sign(book.record(target, ttl=30))
        times.add(f"cname-{end - NOW}", [plain.top(), link, there], ends, expiry)
        link = EXAMPLE.sign(RR(HOST, DNAME, name("x.example."), ttl), end=end)
        times.add(f"dname-{end - NOW}", [plain.top(), link, there], ends, expiry)
    link = EXAMPLE.sign(RR(OWNER, CNAME, name(target), LONG))
    times.add("cname-target", [plain.top(), link, there], 30)
    times.add("cname-then-denied", [plain.top(), EXAMPLE.sign(RR(OWNER, CNAME, name(target), 25)),
              EXAMPLE.sign(nsec(target, "z.example.", TXT))], 25, proof="denied", reason="no-data")


def nothing_there(book, times):
    """Denials: NSEC TTL, SOA minimum, SOA TTL, and an hour at the most."""
    plain = Path()
    how = {"proof": "denied", "reason": "no-data"}
    for what, ttl, beside, ends in (
            ("capped", LONG, [], 3600), ("ttl", 50, [], 50), ("ttl-0", 0, [], 0),
            ("minimum", LONG, [soa(300, ttl=LONG)], 300), ("minimum-0", LONG, [soa(0)], 0),
            ("soa-ttl", LONG, [soa(300, ttl=200)], 200), ("soa-large", LONG, [soa(86400, ttl=LONG)], 3600),
            ("minimum-above-ttl", 50, [soa(300)], 50),
            ("two-soas", LONG, [soa(300), soa(200, "other.")], 200),
            ("soa-malformed", LONG, [change(soa(1), rdata=b"")], 3600)):
        link = EXAMPLE.sign(nsec(OWNER, "z.example.", A, ttl=ttl))
        times.add("nodata-" + what, [plain.top(), link, beside], ends, **how)
    link = EXAMPLE.sign(nsec(OWNER, "z.example.", A, ttl=LONG), end=NOW + 33)
    times.add("nodata-ends", [plain.top(), link], 33, 33, **how)
    soon = Path("ds", end=NOW + 22)
    times.add("nodata-path-ends", [soon.top(), link], 22, 22, **how)
    lies = WhiteLies(EXAMPLE)
    for which in range(3):
        ttls = [LONG if i != which else 70 for i in range(3)]
        rrs = [lies.match(HOST, A, ttl=ttls[0]), lies.cover("_tcp." + HOST, ttl=ttls[1]),
               lies.cover("*." + HOST, ttl=ttls[2])]
        times.add(f"nxdomain-nsec3-{which}", [plain.top(), rrs], 70, proof="denied", reason="no-name")
        rrs = [EXAMPLE.sign(rr, end=NOW + 71 if i == which else END) for i, rr in enumerate(
            pair[0] for pair in rrs)]
        times.add(f"nxdomain-nsec3-{which}-ends", [plain.top(), rrs], 70, 71,
                  proof="denied", reason="no-name")
    for which, ttls in enumerate(((81, 90), (90, 81))):
        rrs = [EXAMPLE.sign(nsec("e.example.", "z.example.", A, ttl=ttls[0])), EXAMPLE.sign(nsec(
            "example.", "a.example.", NS, SOA, ttl=ttls[1]))]
        times.add(f"nxdomain-nsec-{which}", [plain.top(), rrs], 81, proof="denied", reason="no-name",
                  qname="f.example.")


def unproven(book, times):
    plain, record = Path(), book.record()
    unsigned = EXAMPLE.sign(nsec(HOST, "z.example.", NS, ttl=55))
    how = {"proof": "insecure", "reason": "delegation-unsigned"}
    times.add("insecure", [plain.top(), unsigned, record], 55, **how)
    times.add("insecure-soa", [plain.top(), unsigned, record, soa(33)], 33, **how)
    times.add("insecure-ends", [plain.top(), EXAMPLE.sign(unsigned[0], end=NOW + 44), record], 44, 44,
              **how)
    strange = Zone("example.", key=Key("strange", 113))
    times.add("unsupported", [Path().top()[0], ROOT.sign(strange.ds(ttl=66)), record], 66,
              proof="insecure", reason="algorithm-unsupported")
    lies = WhiteLies(EXAMPLE)
    times.add("opt-out", [plain.top(), lies.match("example.", NS, SOA, ttl=LONG), lies.cover(
        HOST, flags=1, ttl=58)], 58, proof="insecure", reason="opt-out")
    times.add("bogus", [plain.top(), record], 60, 60, proof="bogus", reason="signature-missing")
    times.add("bogus-after-cname", [plain.top(), EXAMPLE.sign(RR(OWNER, CNAME, name(
        "x.example."), 25))], 25, 60, proof="bogus", reason="denial-missing")
    times.add("no-anchor", [plain.top()], 60, 60, proof="indeterminate", reason="no-anchor",
              qname="x.other.", anchors="proofs/island-alone.anchors")


def limits(book):
    record = book.record()
    good = EXAMPLE.signature(record)
    decoys = [RR("example.", DNSKEY, Decoy(f"decoy {i}", EXAMPLE.ksk).rdata) for i in range(100)]
    keys = EXAMPLE.sign(RR("example.", DNSKEY, EXAMPLE.ksk.rdata), decoys)
    bad = [change(good, rdata=good.rdata[:-64] + seeded(f"bad {i}", 64)) for i in range(100)]
    way = [ROOT.keys(), ROOT.sign(EXAMPLE.ds())]
    book.bogus("keytrap", [way, keys, record, bad], "limit-keys")
    book.bogus("keytrap-with-good", [way, keys, record, bad, good], "limit-keys")
    wrong = [EXAMPLE.ds(octets=seeded(f"ds {i}", 32)) for i in range(100)]
    book.bogus("keytrap-right-key-last", [way, keys[::-1], record, good], "limit-hashes")
    book.bogus("keytrap-ds", [ROOT.keys(), ROOT.sign(wrong), keys, record, good], "limit-hashes")
    book.bogus("keytrap-ds-with-right", [ROOT.keys(), ROOT.sign(wrong, EXAMPLE.ds()), EXAMPLE.keys(),
               record, good], "limit-hashes")
    book.secure("ds-30-wrong", [ROOT.keys(), ROOT.sign(wrong[:30], EXAMPLE.ds()), EXAMPLE.keys(), record,
                good])
    book.bogus("signatures-100", [top(), record, bad, good], "limit-signatures")
    many = [Key(f"many {i}") for i in range(100)]
    book.bogus("keys-and-signatures-100", [way, EXAMPLE.keys(*many), record, [
        flip(rrsig([record], key, "example.")) for key in many], good], "limit-signatures")
    book.secure("keys-100", [way, EXAMPLE.keys(*many), record, good])
    book.bogus("key-signatures-100", [way, EXAMPLE.key_set(), [change(
        EXAMPLE.keys()[-1], rdata=EXAMPLE.keys()[-1].rdata[:-64] + seeded(f"bad {i}", 64))
        for i in range(100)], record, good], "limit-signatures")
    trusted = [Zone("example.", key=key) for key in many[:40]]
    unsigned_by = [ROOT.keys(), ROOT.sign([zone.ds() for zone in trusted]), EXAMPLE.key_set(*many[:40]), [
        flip(rrsig(EXAMPLE.key_set(*many[:40]), key, "example.")) for key in many[:40]]]
    book.bogus("trusted-keys-40", [unsigned_by, record, good], "limit-signatures")
    zones(book)
    hashes(book)
    sizes(book, record, good)


def zones(book):
    """Paths that are long, or dear."""
    def path(depth, bad=0, algorithm=15, host="d."):
        rrs, above, apex = [ROOT.keys()], ROOT, host
        for _ in range(depth):
            zone = Zone(apex, algorithm)
            rrs += [spoilt(above.sign(zone.ds()), bad), spoilt(zone.keys(), bad)]
            above, apex = zone, "d." + apex
        return rrs, above

    def spoilt(rrs, bad):
        return rrs[:-1] + [change(rrs[-1], rdata=rrs[-1].rdata[:-20] + seeded(f"{i}", 20))
                           for i in range(bad)] + rrs[-1:]
    # the thirty-second DS is one digest more than allowed, the root's included
    for depth, bad, algorithm, fine in ((1, 7, 15, True), (6, 7, 15, True), (7, 7, 15, False),
                                        (20, 0, 15, True), (31, 0, 8, True),
                                        (32, 0, 8, False), (60, 0, 8, False), (1, 7, 14, True),
                                        (2, 7, 14, False), (7, 0, 14, True), (9, 0, 14, False)):
        rrs, zone = path(depth, bad, algorithm)
        owner = "_853._tcp." + zone.apex
        what = f"path-{depth}-{bad}-{algorithm}"
        rrs = [rrs, zone.sign(book.record(owner))]
        if fine:
            book.secure(what, rrs, qname=owner)
        else:
            book.bogus(what, rrs, "limit-work" if depth < 31 else "limit-hashes", qname=owner)


def hashes(book):
    chain = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), "z.example.": (A,)}, iterations=50)
    deep = "_853._tcp." + "a." * 110 + "example."
    book.denied("hashes-deep", [top(), chain.absent(deep)], qname=deep)
    for iterations, reason in ((0, "limit-work"), (2, "limit-hashes")):
        lone = [WhiteLies(EXAMPLE, bytes([i]), iterations).match("x.example.", A) for i in range(5)]
        book.bogus(f"hashes-chains-{iterations}", [top(), lone], reason, qname=deep)
    salts = [WhiteLies(EXAMPLE, salt=bytes([i])).match("x.example.", A)[0] for i in range(200)]
    book.bogus("hashes-200-chains", [top(), salts], "limit-hashes")
    # labels times records: much to look at, nothing to verify
    far = [nsec(f"{i:04}.example.", "z.example.", A) for i in range(300)]
    book.bogus("looks-nsec", [top(), far], "limit-work", qname=deep)
    signed = [EXAMPLE.sign(nsec(f"1{i:03}.example.", "z.example.", A)) for i in range(40)]
    book.bogus("looks-nsec-signed", [top(), signed, far], "limit-work", qname=deep)
    same = [WhiteLies(EXAMPLE).match(f"x{i}.example.", NS)[0] for i in range(300)]
    book.bogus("looks-nsec3", [top(), same], "limit-work", qname=deep)
    many = [WhiteLies(EXAMPLE, bytes([i]), 51).match("x.example.", NS)[0] for i in range(100)]
    book.bogus("looks-iterations", [top(), many], "limit-hashes", qname=deep)


def sizes(book, record, good):
    book.secure("strangers-2000", [top(), record, good, [RR("x.", 99, b"")] * 2000])
    book.secure("records-900", [top(), record, good, [change(record, rdata=record.rdata + bytes([i // 256,
                i % 256]), owner="x.example.") for i in range(900)]])
    large = [change(record, rdata=record.rdata + bytes([i]) * 2000) for i in range(15)]
    book.secure("set-of-30000-octets", [top(), EXAMPLE.sign(large)])


def associations(book):
    """All of them are proven; no server may have as many as the second one."""
    for count in (512, 513):
        signed = EXAMPLE.sign([book.record(number=i) for i in range(count)])
        book.secure(f"set-of-{count}", [top(), signed])


ADDRESS = ".".join("0123456789abcdef" * 2) + ".example."


def costs(book):
    """What lookups ask piece by piece: honest ones of many labels, and a ladder without a foot."""
    owner = "_853._tcp." + ADDRESS
    top_names = {"example.": (NS, SOA), ADDRESS: (TXT,)}
    for iterations in (0, 50):
        for what, names in (("secure", {**top_names, owner: (52,)}), ("denied", top_names)):
            chain = Nsec3Chain(EXAMPLE, names, iterations=iterations)
            links = [chain.match(text) for text in chain.names]
            if what == "secure":
                book.secure(f"labels-35-{iterations}", [top(), EXAMPLE.sign(book.record(owner)), links],
                            qname=owner)
            else:
                book.denied(f"labels-35-denied-{iterations}", [top(), links, chain.absent(owner)],
                            qname=owner)
    names = NsecChain(EXAMPLE, {**top_names, owner: (52,)})
    book.secure("labels-35-nsec", [top(), EXAMPLE.sign(book.record(owner)), [names.link(text) for text in names.names]], qname=owner)
    for count in (2, 12):
        book.bogus(f"ladder-{count}", ladder(book, count), "dnskey-missing")


def hostile(book):
    """Made to cost as much as can be, as chains and in each answer of a lookup."""
    deep = "a." * 116 + "example."
    junk = [nsec(f"{i:x}." + "c." * 116 + "example.", f"z.{i:x}." + "c." * 116 + "example.", A)
            for i in range(120)]
    book.bogus("hostile-nsec", [ROOT.keys(), junk], "limit-work", qname="_853._tcp." + deep)
    windows = b"".join(bytes([window, 1, 128]) for window in range(256))
    maps = [nsec3(".", seeded(f"map {i}", 20), seeded(f"next {i}", 20), types_octets=windows,
                  salt=bytes([i % 16])) for i in range(75)]
    book.bogus("hostile-bitmaps", [ROOT.keys(), maps], "limit-work", qname="_853._tcp." + deep)
    dear = Zone("evil.", algorithm=15)
    decoys = [RR("evil.", DNSKEY, Decoy(f"decoy {i}", dear.zsk).rdata) for i in range(3)]
    owner = "_853._tcp.ns.evil."
    top_rrs = [ROOT.keys(), ROOT.sign(dear.ds()), dear.sign(dear.key_set() + decoys, key=dear.ksk)]
    many = [RR(owner, 52, b"\3\1\0" + seeded(f"{i}", 40)) for i in range(500)]
    large = [RR(owner, 52, b"\3\1\0" + seeded("large", 30000))]
    for what, rrs in (("many", many), ("large", large)):
        good = dear.signature(rrs)
        bad = [change(good, rdata=good.rdata[:-4] + seeded(f"bad {i}", 4)) for i in range(8)]
        book.bogus(f"hostile-{what}", [top_rrs, rrs, bad], "limit-work", qname=owner)


def colliding(book):
    """Owners that the evidence cannot tell apart by their hashes."""
    before = b"\4_853\4_tcp"
    owners = [f"_853._tcp.{label}.example." for label in labels(before, 6)]
    records = [book.record(owner, number=i) for i, owner in enumerate(owners)]
    book.secure("colliding-64", [top(), records[:-1], EXAMPLE.sign(records[-1])], qname=owners[-1])
    # many of them; and fewer that are alike for long, with all types that there are
    for what, pairs, shared, kinds in (("", 9, 0, (52, A)), ("-alike", 7, 21, (
            52, A, AAAA, DS, DNSKEY, NSEC3, IPSECA))):
        owners = [f"_853._tcp.{label}.example." for label in labels(before, pairs, shared)]
        records = [RR(owner, kind, b"") for kind in kinds for owner in owners][:640]
        book.bogus("hostile-colliding" + what, [ROOT.keys(), records], "limit-work",
                   qname=owners[-1])


def ladder(book, count):
    """A DS set for each name on the way, with so many signatures by the one above, and no keys."""
    zones = [OWNER, "_tcp." + HOST, HOST, "example.", "."]
    sets = [(book.record(), zones[0])] + [
        (RR(zone, DS, b"\0\1\x0d\2" + seeded(zone, 32)), above) for zone, above in zip(zones, zones[1:])]
    return [[record] + [rrsig([record], Zone(by).ksk, by, tag=i) for i in range(count)]
            for record, by in sets]


FILES = {"until": (until,), "limits": (limits,), "associations": (associations,),
         "costs": (costs, hostile, colliding)}
TLSA_ALONE = ("until", "limits", "associations", "costs")
