# SPDX-License-Identifier: BSD-2-Clause
"""Which name servers does the owner of a zone name?  (RFC 4035 section 2.2)

Here the name of a case is the zone's; behind its reason stand the names, with commas between."""

from itertools import islice

from .cases_alias import OTHER, cname, dname
from .denial import Nsec3Chain, nsec
from .wire import A, NS, RR, SOA, change, flip, name
from .zone import BEGIN, END, EXAMPLE, NOW, ROOT, Zone, down, top

ONE, TWO = "ns1.example.", "ns2.other."
INNER = "deep.example."  # in the zone above, or a zone of its own
ROOM = 64  # DP_ZONE_SERVERS_MAX


def ns(target=ONE, owner="example.", ttl=3600):
    return RR(owner, NS, name(target), ttl)


def flipped(rrs):
    """Not the last bit: a resolver that forges would set it right again."""
    return [*rrs[:-1], flip(rrs[-1], -2)]


BOTH = EXAMPLE.sign(ns(), ns(TWO))
NAMES = f"{ONE},{TWO}"
OPEN = ROOT.sign(nsec("example.", "other.", NS))  # the zone is not signed


class Zones:
    """Cases with the names that are taken; none are where nothing is secure."""

    def __init__(self, book):
        self.book = book

    def add(self, what, rrs, proof, reason, names="-", zone="example.", **how):
        self.book.add(what, rrs, proof, reason, qname=zone, **how)
        self.book.lines[-1] += f" {names}"

    def secure(self, what, rrs, names=NAMES, **how):
        self.add(what, [top(), rrs], "secure", "none", names, **how)

    def denied(self, what, rrs, reason, **how):
        self.add(what, [top(), rrs], "denied", reason, **how)

    def insecure(self, what, rrs, reason="delegation-unsigned", **how):
        self.add(what, [ROOT.keys(), rrs], "insecure", reason, **how)

    def bogus(self, what, rrs, reason="signature-invalid", **how):
        self.add(what, [top(), rrs], "bogus", reason, **how)

    def error(self, what, rrs, reason="alias", **how):
        self.add(what, [top(), rrs], "indeterminate", reason, **how)


def at_the_apex(book):
    z = Zones(book)
    inner = Zone(INNER)
    z.secure("two", BOTH)
    z.secure("one", EXAMPLE.sign(ns()), ONE)
    z.secure("capitals", EXAMPLE.sign(ns("Ns1.EXAMPLE.")), "Ns1.EXAMPLE.")
    z.secure("asked-in-capitals", BOTH, zone="EXAMPLE.")
    z.secure("no-final-dot", BOTH, zone="example")
    z.add("root", [ROOT.keys(), ROOT.sign(ns(owner="."))], "secure", "none", ONE, zone=".")
    z.secure("zone-below", [down(EXAMPLE, inner), inner.sign(ns(owner=INNER))], ONE, zone=INNER)
    z.add("island", [EXAMPLE.keys(), BOTH], "secure", "none", NAMES, anchors="proofs/island-alone.anchors")
    z.secure("signed-by-two-keys", [BOTH, EXAMPLE.signature(BOTH[:2], begin=BEGIN - 1)])
    z.secure("second-signature-bent", [BOTH, flip(EXAMPLE.signature(BOTH[:2], begin=BEGIN - 1), -2)])
    z.secure("server-in-the-zone-below", EXAMPLE.sign(ns("ns.sub.example.")), "ns.sub.example.")
    z.secure("underscore", EXAMPLE.sign(ns("_ns.example.")), "_ns.example.")


def names(book):
    """Each name once, and none that no server can have."""
    z = Zones(book)
    crowd = [f"n{i:02}.example." for i in range(ROOM + 1)]
    z.secure("twice", EXAMPLE.sign(ns(), ns()), ONE)
    twice = [ns(), ns("NS1.example.")]
    z.secure("twice-in-capitals", EXAMPLE.sign(twice), ONE)
    z.secure("root-beside", EXAMPLE.sign(ns("."), ns()), ONE)
    z.secure("root-alone", EXAMPLE.sign(ns(".")), "-")
    z.secure("address-beside", EXAMPLE.sign(ns("192.0.2.1."), ns()), ONE)
    z.secure("address-alone", EXAMPLE.sign(ns("192.0.2.1.")), "-")
    z.secure("no-host-beside", EXAMPLE.sign(ns("a*b.example."), ns()), ONE)
    z.secure("wildcard-beside", EXAMPLE.sign(ns("*.example."), ns()), ONE)
    z.secure("as-many-as-may-be", EXAMPLE.sign([ns(n) for n in crowd[:ROOM]]), ",".join(crowd[:ROOM]))
    z.secure("as-many-and-one-twice", EXAMPLE.sign([ns(n) for n in (*crowd[:ROOM], crowd[0].upper())]),
             ",".join(crowd[:ROOM]))
    z.error("one-too-many", EXAMPLE.sign([ns(n) for n in crowd]), "limit-records")
    for what, rdata in (("trailing", name(ONE) + b"\0"), ("two-names", name(ONE) + name(TWO))):
        broken = change(ns(), rdata=rdata)
        z.bogus(what, EXAMPLE.sign(broken), "malformed")
        z.bogus(what + "-beside", EXAMPLE.sign(broken, ns(TWO)), "malformed")
        z.bogus(what + "-before", EXAMPLE.sign(ns(TWO), broken), "malformed")


def spellings(word):
    """A name in all the ways to write it."""
    for number in range(2 ** sum(letter.isalpha() for letter in word)):
        bits = iter(f"{number:b}"[::-1] + "0" * len(word))
        yield "".join(letter.upper() if letter.isalpha() and next(bits) == "1" else letter for letter in word)


def many_spellings(book):
    """They are one name each, and to see that has its price."""
    z = Zones(book)
    spelled = [list(islice(spellings(f"n{i:02}.ns.example."), 12)) for i in range(ROOM)]
    z.secure("in-twelve-spellings", EXAMPLE.sign([ns(n) for all_of_one in spelled for n in all_of_one]),
             ",".join(all_of_one[0] for all_of_one in spelled))
    # Each of the last one's is held against all others, which differ behind 180 octets.
    long = ".".join(["x" * 60] * 3) + "."
    others = [f"{long}0{i:02}" + "y" * 6 + "." for i in range(ROOM - 1)]
    last = [f"{long}1{n}." for n in islice(spellings("z" * 8), 200)]
    z.bogus("long-ones-in-many-spellings", EXAMPLE.sign([ns(n) for n in others + last]), "limit-work")


def of_others(book):
    """What the zone itself has not signed is a referral, or made up."""
    z = Zones(book)
    inner, beside = Zone(INNER), nsec(INNER, "example.", A)
    z.bogus("unsigned", BOTH[:2], "signature-missing")
    z.bogus("bent", flipped(BOTH))
    z.bogus("another-name", [ns("ns.evil."), *BOTH[1:]])
    z.bogus("one-more", [ns("ns.evil."), *BOTH])
    z.bogus("one-less", BOTH[1:])
    z.bogus("missing", [], "denial-missing")
    z.bogus("expired", EXAMPLE.sign(ns(), end=NOW - 1), "signature-expired")
    z.bogus("to-come", EXAMPLE.sign(ns(), begin=NOW + 1), "signature-not-yet-valid")
    z.bogus("by-the-parent", ROOT.sign(ns()), "signer-above-cut")
    z.bogus("by-the-parent-as-a-wildcard", ROOT.sign(ns(), labels=0), "signer-above-cut")
    z.bogus("by-another-zone", [down(ROOT, OTHER), OTHER.sign(ns(), signer="other.")])
    z.bogus("by-another-key", OTHER.sign(ns(), signer="example."))
    z.bogus("of-the-zone-above", BOTH, "denial-missing", zone=INNER)
    # Nothing shows a cut: a delegation that was signed like the rest of the zone.
    z.bogus("delegation-signed", EXAMPLE.sign(ns(owner=INNER)), "signer-above-cut", zone=INNER)
    z.bogus("delegation-signed-from-far-above", ROOT.sign(ns(owner=INNER)), "signer-above-cut", zone=INNER)
    z.bogus("delegation-unsigned", ns(owner=INNER), "signature-missing", zone=INNER)
    z.bogus("delegation-signed-beside-cut", [down(EXAMPLE, inner), EXAMPLE.sign(ns(owner=INNER))],
            "signer-above-cut", zone=INNER)
    expanded = EXAMPLE.sign(ns(owner=INNER), labels=1)
    z.bogus("wildcard", [expanded, EXAMPLE.sign(nsec("*.example.", "x.example.", NS))], "signer-above-cut",
            zone=INNER)
    z.bogus("wildcard-unproven", expanded, "wildcard-unproven", zone=INNER)
    z.bogus("apex-denied-by-its-own-nsec", EXAMPLE.sign(nsec("example.", "z.example.", NS, SOA)),
            "denial-missing")
    z.bogus("apex-denied-by-the-parent", ROOT.sign(nsec("example.", "other.", NS)), "denial-missing")
    z.bogus("denial-unsigned", beside, "signature-missing", zone=INNER)


def no_apex(book):
    z = Zones(book)
    apex = nsec("example.", "z.example.", NS, SOA)
    hashes = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), "www." + INNER: (A,)})
    z.denied("no-data", EXAMPLE.sign(nsec(INNER, "example.", A)), "no-data", zone=INNER)
    z.denied("no-name", EXAMPLE.sign(apex), "no-name", zone=INNER)
    z.denied("between", EXAMPLE.sign(nsec("example.", "www." + INNER, NS, SOA)), "no-data", zone=INNER)
    z.denied("no-data-nsec3", hashes.match(INNER), "no-data", zone=INNER)
    z.denied("no-name-nsec3", hashes.absent("x.example."), "no-name", zone="x.example.")
    z.denied("denied-beside-forged", [EXAMPLE.sign(apex), ns("ns.evil.", INNER)], "no-name", zone=INNER)


def unsigned(book):
    z = Zones(book)
    opt_out = Nsec3Chain(ROOT, {".": (NS, SOA), "other.": (NS,)}, flags=1)
    z.insecure("open", [OPEN, ns()])
    z.insecure("open-without-answer", OPEN)
    z.insecure("open-below", [OPEN, ns(owner=INNER)], zone=INNER)
    z.insecure("opt-out", [opt_out.match("."), opt_out.cover("example."), ns()], "opt-out")
    z.insecure("open-alias", [OPEN, cname("example.", "other.")])
    z.insecure("algorithm", [ROOT.sign(EXAMPLE.ds(algorithm=250)), ns()], "algorithm-unsupported")
    z.error("no-anchor", [BOTH], "no-anchor", zone="other.", anchors="proofs/island-alone.anchors")
    z.error("clock", BOTH, "clock", now=0)


def aliases(book):
    """No zone begins at an alias (RFC 1034 section 3.6.2)."""
    z, link = Zones(book), EXAMPLE.sign(cname(INNER, "example."))
    z.error("alias", [link, BOTH], zone=INNER)
    z.error("alias-end-unsigned", [EXAMPLE.sign(cname(INNER, "x.open.")), ROOT.sign(
        nsec("open.", "other.", NS))], zone=INNER)
    z.error("alias-end-missing", EXAMPLE.sign(cname(INNER, "x.example.")), zone=INNER)
    z.error("alias-end-forged", [link, BOTH[:2]], zone=INNER)
    z.error("alias-of-two-steps", [EXAMPLE.sign(cname(INNER, "x.example.")), EXAMPLE.sign(
        cname("x.example.", "example.")), BOTH], zone=INNER)
    z.error("alias-loop", [EXAMPLE.sign(cname(INNER, "x.example.")), EXAMPLE.sign(
        cname("x.example.", INNER))], zone=INNER)
    z.error("dname", [EXAMPLE.sign(dname("example.", "other.")), down(ROOT, OTHER), OTHER.sign(
        ns(owner="deep.other."))], zone=INNER)
    z.secure("dname-at-the-apex", [EXAMPLE.sign(dname("example.", "other.")), BOTH])
    z.bogus("alias-unsigned", [link[0], BOTH], "signature-missing", zone=INNER)
    z.bogus("alias-bent", [flipped(link), BOTH], zone=INNER)
    z.secure("alias-unsigned-at-the-apex", [cname("example.", "other."), BOTH])
    z.bogus("alias-to-itself", EXAMPLE.sign(cname(INNER, INNER)), "alias-loop", zone=INNER)


def holding(book):
    """For how long: the least of TTLs and signatures on the way."""
    z, whole = Zones(book), END - NOW
    z.secure(f"holds/3600/{whole}", BOTH)
    z.secure(f"ttl/30/{whole}", EXAMPLE.sign(ns(ttl=30)), ONE)
    z.secure(f"ttl-of-one/40/{whole}", EXAMPLE.sign(ns(ttl=40), ns(TWO), original_ttl=3600))
    z.secure(f"ttl-zero/0/{whole}", EXAMPLE.sign(ns(ttl=0)), ONE)
    z.secure("signature/50/50", EXAMPLE.sign(ns(), end=NOW + 50), ONE)
    z.add(f"keys/20/{whole}", [ROOT.keys(), ROOT.sign(EXAMPLE.ds()), EXAMPLE.keys(ttl=20), BOTH],
          "secure", "none", NAMES)
    z.error("alias-ends/10/10", [EXAMPLE.sign(cname(INNER, "example."), end=NOW + 10), BOTH], zone=INNER)


FILES = {"zone": (at_the_apex, names, many_spellings, of_others, no_apex, unsigned, aliases, holding)}
NS_ALONE = ("zone",)
