# SPDX-License-Identifier: BSD-2-Clause
"""A server's name that is an alias: where are its keys?  (RFC 7671 section 7)

Here the name of a case is the server's, and what it has to come to is a base domain, too."""

from .book import HOST, OWNER
from .cases_alias import INSIDE, OTHER, THERE, cname, dname
from .denial import Nsec3Chain, NsecChain, nsec
from .wire import A, CNAME, NS, RR, SOA, TXT, name
from .wire import flip as flip_at
from .zone import END, EXAMPLE, NOW, ROOT, Zone, down, top

AWAY = "x.other."
LINK = EXAMPLE.sign(cname(HOST, AWAY))
OPEN = ROOT.sign(nsec("open.", "other.", NS))  # a zone that is not signed
ALONE = "proofs/island-alone.anchors"


def flip(rr):
    """Not the last bit: a resolver that forges would set it right again."""
    return flip_at(rr, -2)


def address(owner=HOST):
    return RR(owner, A, b"\xc0\0\2\1")


ADDRESS = EXAMPLE.sign(address())
END_ADDRESS = [down(ROOT, OTHER), OTHER.sign(address(AWAY))]
# Nothing below these names; they themselves have but what is said.
NO_OWN = EXAMPLE.sign(nsec(HOST, "example.", CNAME))
NO_OWN_BUT_ADDRESS = EXAMPLE.sign(nsec(HOST, "example.", A))
NO_END = OTHER.sign(nsec(AWAY, "other.", A))


class Bases:
    """Cases with a base domain.  `own` and `there` are different records, each well signed."""

    def __init__(self, book):
        self.book = book
        self.own = EXAMPLE.sign(book.record())
        self.there = OTHER.sign(book.record(THERE, number=1))

    def add(self, what, rrs, proof, reason="none", base=HOST, role="resolver", host=HOST, **how):
        self.book.add(what, rrs, proof, reason, qname=host, **how)
        self.book.lines[-1] += f" {base} {role}"

    def own_base(self, what, rrs, **how):
        self.add(what, [top(), self.own, rrs], "secure", **how)

    def moved(self, what, rrs, base=AWAY, **how):
        self.add(what, [top(), rrs], "secure", base=base, **how)

    def bogus(self, what, rrs, reason="signature-invalid", **how):
        self.add(what, [top(), rrs], "bogus", reason, **how)

    def denied(self, what, rrs, reason="no-name", **how):
        self.add(what, [top(), rrs], "denied", reason, **how)

    def insecure(self, what, rrs, reason="delegation-unsigned", **how):
        self.add(what, [top(), rrs], "insecure", reason, **how)


def no_alias(book):
    """Secure records need nothing else; that there are none needs the absence of an alias."""
    b = Bases(book)
    for what, rrs in (("", ADDRESS), ("-unsigned", ADDRESS[0]), ("-none", []),
                      ("-flipped", [ADDRESS[0], flip(ADDRESS[1])])):
        b.own_base("address" + what, rrs)
    away = EXAMPLE.sign(cname(OWNER, THERE))
    b.moved("records-elsewhere", [away, down(ROOT, OTHER), b.there, ADDRESS], base=HOST)
    b.denied("denied", [NO_OWN_BUT_ADDRESS, ADDRESS])
    b.denied("denied-no-address", EXAMPLE.sign(nsec(HOST, "example.", TXT)))
    b.denied("denied-no-host", EXAMPLE.sign(nsec("example.", "example.", NS, SOA)))
    b.bogus("denied-address-unsigned", [NO_OWN_BUT_ADDRESS, ADDRESS[0]], "signature-missing")
    b.bogus("denied-address-flipped", [NO_OWN_BUT_ADDRESS, ADDRESS[0], flip(ADDRESS[1])])
    b.bogus("denied-address-missing", NO_OWN_BUT_ADDRESS, "denial-missing")
    b.bogus("denied-alias-stripped", NO_OWN, "denial-missing")
    b.insecure("insecure", EXAMPLE.sign(nsec(HOST, "example.", NS)))
    open_away = [EXAMPLE.sign(cname(OWNER, "_853._tcp.x.open.")), OPEN]
    b.insecure("insecure-records", [open_away, ADDRESS])
    b.bogus("insecure-records-address-missing", open_away, "denial-missing")
    b.bogus("insecure-records-alias-stripped", [open_away, NO_OWN], "denial-missing")
    b.bogus("bogus-records", [b.own[0], flip(b.own[1]), ADDRESS])


def forged(book):
    """An alias that nobody signed costs no more than the answer that it stands in."""
    b = Bases(book)
    fake, fake_dname = cname(HOST, AWAY), dname("example.", "other.")
    for what, junk in (("cname", fake), ("dname", fake_dname), ("cname-flipped", [fake, flip(LINK[1])]),
                       ("cname-changed", [cname(HOST, "y.other."), LINK[1]])):
        rrs = [junk, END_ADDRESS, b.there]
        why = "signature-invalid" if what in ("cname-flipped", "cname-changed") else "signature-missing"
        b.own_base(f"forged-{what}", rrs)
        b.own_base(f"forged-{what}-beside-address", [rrs, ADDRESS])
        b.denied(f"forged-{what}-beside-address-denied", [rrs, ADDRESS, NO_OWN_BUT_ADDRESS])
        b.bogus(f"forged-{what}-denied", [rrs, NO_OWN_BUT_ADDRESS], why)
    expanded = EXAMPLE.sign(cname(HOST, AWAY), labels=1)
    b.own_base("wildcard-unproven", [expanded, END_ADDRESS, b.there])
    b.own_base("leads-to-itself", EXAMPLE.sign(cname(HOST, HOST)))
    b.bogus("leads-to-itself-denied", [EXAMPLE.sign(cname(HOST, HOST)), NO_OWN], "alias-loop")
    b.own_base("leads-to-two", [EXAMPLE.sign([LINK[0], cname(HOST, "y.other.")]), END_ADDRESS, b.there])


def one_step(book):
    b = Bases(book)
    b.moved("alias", [LINK, END_ADDRESS, b.there, b.own])
    b.moved("alias-alone", [LINK, END_ADDRESS, b.there, NO_OWN])
    b.moved("alias-own-bogus", [LINK, END_ADDRESS, b.there, b.own[0]])
    b.moved("alias-own-insecure", [LINK, END_ADDRESS, b.there, EXAMPLE.sign(cname(
        OWNER, "_853._tcp.x.open.")), OPEN])
    b.moved("alias-no-address", [LINK, down(ROOT, OTHER), OTHER.sign(nsec(
        AWAY, THERE, TXT)), b.there, b.own])
    inside = [EXAMPLE.sign(cname(HOST, "x.example.")), EXAMPLE.sign(address("x.example."))]
    b.moved("alias-inside", [inside, EXAMPLE.sign(book.record(INSIDE, number=1)), b.own], "x.example.")
    b.moved("alias-records-elsewhere", [LINK, END_ADDRESS, OTHER.sign(cname(
        THERE, "_853._tcp.y.other.")), OTHER.sign(book.record("_853._tcp.y.other.", number=2)), b.own])
    # Nothing there: the server's own name is next.
    b.own_base("end-denied", [LINK, END_ADDRESS, NO_END])
    b.own_base("end-no-name", [LINK, down(ROOT, OTHER), OTHER.sign(nsec("other.", "other.", NS, SOA))])
    b.own_base("end-insecure", [LINK, END_ADDRESS, OTHER.sign(cname(THERE, "_853._tcp.x.open.")), OPEN])
    b.denied("end-and-own-denied", [LINK, END_ADDRESS, NO_END, NO_OWN])
    b.insecure("end-denied-own-insecure", [LINK, END_ADDRESS, NO_END, EXAMPLE.sign(cname(
        OWNER, "_853._tcp.x.open.")), OPEN])
    b.bogus("end-denied-own-bogus", [LINK, END_ADDRESS, NO_END, b.own[0]], "signature-missing")
    b.bogus("end-denied-own-missing", [LINK, END_ADDRESS, NO_END], "denial-missing")
    # Something is wrong there: to fall back would be what an attacker wants.
    for what, rrs, why in (("flipped", [b.there[0], flip(b.there[1])], "signature-invalid"),
                           ("unsigned", b.there[0], "signature-missing"), ("missing", [], "denial-missing"),
                           ("expired", OTHER.sign(b.there[0], begin=NOW - 9, end=NOW - 1),
                            "signature-expired")):
        b.bogus("end-" + what, [LINK, END_ADDRESS, rrs, b.own], why)
    for what, rrs, why in (("unsigned", END_ADDRESS[1][0], "signature-missing"),
                           ("flipped", [END_ADDRESS[1][0], flip(END_ADDRESS[1][1])], "signature-invalid"),
                           ("missing", [], "denial-missing")):
        b.bogus("end-address-" + what, [LINK, END_ADDRESS[0], rrs, b.there, b.own], why)
    b.bogus("end-keys-missing", [LINK, ROOT.sign(OTHER.ds()), END_ADDRESS[1], b.there, b.own],
            "dnskey-missing")


def outside(book):
    """Ends that DNSSEC does not reach: the server's own name alone."""
    b = Bases(book)
    to_open = [EXAMPLE.sign(cname(HOST, "x.open.")), OPEN, address("x.open."),
               book.record("_853._tcp.x.open.", number=1)]
    b.own_base("end-in-unsigned-zone", to_open)
    b.denied("end-in-unsigned-zone-denied", [to_open, NO_OWN])
    b.bogus("end-in-unsigned-zone-own-bogus", [to_open, b.own[0]], "signature-missing")
    beyond = [EXAMPLE.keys(), LINK, END_ADDRESS, b.there]
    b.add("end-under-no-anchor", [beyond, b.own], "secure", anchors=ALONE)
    b.add("end-under-no-anchor-denied", [beyond, NO_OWN], "denied", "no-name", anchors=ALONE)
    b.add("end-under-no-anchor-own-bogus", [beyond, b.own[0]], "bogus", "signature-missing",
          anchors=ALONE)
    # A forged step cannot borrow the anchor that is missing: DENIED would be a downgrade.
    b.add("forged-step-by-no-anchor", [EXAMPLE.keys(), ROOT.sign(cname(HOST, AWAY)), NO_OWN],
          "bogus", "signature-invalid", anchors=ALONE)
    cut = EXAMPLE.sign(nsec(HOST, "example.", NS))
    b.insecure("alias-in-unsigned-zone", [cut, cname(HOST, AWAY), END_ADDRESS, b.there])
    spread = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (CNAME,), "a.example.": (A,)},
                        flags=1)
    expanded = EXAMPLE.sign(cname(HOST, AWAY), labels=1)
    b.insecure("alias-by-opt-out", [expanded, spread.absent(HOST), END_ADDRESS, b.there], "opt-out")
    sparse = Nsec3Chain(OTHER, {"other.": (NS, SOA), "a.other.": (A,)}, flags=1)
    b.own_base("end-by-opt-out", [LINK, down(ROOT, OTHER), sparse.absent(AWAY), address(AWAY),
                                  b.there[0]])


def steps(book):
    b = Bases(book)
    first = EXAMPLE.sign(cname(HOST, "y.example."))
    second = EXAMPLE.sign(cname("y.example.", AWAY))
    between = EXAMPLE.sign(book.record("_853._tcp.y.example.", number=2))
    b.moved("two-steps", [first, second, END_ADDRESS, b.there, between, b.own])
    b.own_base("two-steps-end-denied", [first, second, END_ADDRESS, NO_END, between])
    b.denied("two-steps-all-denied", [first, second, END_ADDRESS, NO_END, between, NO_OWN])
    b.bogus("two-steps-second-unsigned", [first, second[0], END_ADDRESS, b.there, b.own],
            "signature-missing")
    b.bogus("two-steps-second-flipped", [first, second[0], flip(second[1]), END_ADDRESS, b.there, b.own])
    b.own_base("two-steps-first-unsigned", [first[0], second, END_ADDRESS, b.there])
    third = [first, EXAMPLE.sign(cname("y.example.", "z.example.")), EXAMPLE.sign(cname("z.example.", AWAY))]
    b.moved("three-steps", [third, END_ADDRESS, b.there, between, b.own])
    through = [first, EXAMPLE.sign(cname("y.example.", "y.open.")), OPEN, cname("y.open.", AWAY)]
    b.own_base("three-steps-one-insecure", [through, END_ADDRESS, b.there, between])
    b.denied("three-steps-one-insecure-denied", [through, END_ADDRESS, b.there, NO_OWN])
    names = [HOST] + [f"h{n}.example." for n in range(18)]

    def way(length):
        owner = "_853._tcp." + names[length]
        return [[EXAMPLE.sign(cname(names[i], names[i + 1])) for i in range(length)],
                EXAMPLE.sign(address(names[length])), EXAMPLE.sign(book.record(owner, number=1)), b.own]
    b.moved("sixteen-steps", way(16), names[16])
    b.bogus("seventeen-steps", way(17), "limit-aliases")
    b.bogus("loop", [EXAMPLE.sign(cname(HOST, names[1])), EXAMPLE.sign(cname(names[1], HOST)), b.own],
            "alias-loop")
    b.bogus("loop-at-end", [first, EXAMPLE.sign(cname("y.example.", "y.example.")), b.own], "alias-loop")


def made_up(book):
    """DNAME, and CNAME of a wildcard."""
    b = Bases(book)
    whole, moved = EXAMPLE.sign(dname("example.", "other.")), "dns.other."
    end = [down(ROOT, OTHER), OTHER.sign(address(moved))]
    there = OTHER.sign(book.record("_853._tcp." + moved, number=1))
    for what, more in (("", []), ("-with-cname", cname(HOST, moved)),
                       ("-with-wrong-cname", cname(HOST, "evil.other."))):
        b.moved("dname" + what, [whole, more, end, there], moved)
        b.bogus(f"dname{what}-end-flipped", [whole, more, end, there[0], flip(there[1])])
        b.bogus(f"dname{what}-unsigned", [whole[0], more, end, there], "signature-missing")
    b.denied("dname-end-denied", [whole, end, OTHER.sign(nsec(moved, "other.", A))])
    b.bogus("dname-end-missing", [whole, end], "denial-missing")
    b.insecure("dname-to-unsigned-zone", [EXAMPLE.sign(dname("example.", "open.")), OPEN])
    expanded = EXAMPLE.sign(cname(HOST, AWAY), labels=1)
    wild = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (CNAME,)})
    below = EXAMPLE.sign(cname(OWNER, AWAY), labels=1)
    b.moved("wildcard", [expanded, below, wild.cover(HOST), END_ADDRESS, b.there])
    b.bogus("wildcard-end-flipped", [expanded, below, wild.cover(HOST), END_ADDRESS, b.there[0],
                                     flip(b.there[1])])
    b.denied("wildcard-end-denied", [expanded, below, wild.cover(HOST), END_ADDRESS, NO_END, OTHER.sign(
        nsec(AWAY, "other.", A))], "no-data")


def ends(book):
    """Where no server can be, there are no keys to look for."""
    b = Bases(book)
    for what, end in (("space", "sp ace.other."), ("number", "7.other.10."), ("root", ".")):
        link = EXAMPLE.sign(cname(HOST, end))
        rest = [ROOT.sign(address(end)) if what == "root" else
                [down(ROOT, OTHER), OTHER.sign(address(end))]]
        if what == "number":
            rest = ROOT.sign(nsec(".", "a.", NS, SOA))
        b.own_base("end-is-" + what, [link, rest])
        b.denied(f"end-is-{what}-denied", [link, rest, NO_OWN])
    long = ".".join(["y" * 60] * 4) + ".other."
    assert len(name(long)) + len("_853._tcp.") > 255 >= len(name(long))
    b.own_base("end-too-long-for-keys", [EXAMPLE.sign(cname(HOST, long)), down(ROOT, OTHER),
                                         OTHER.sign(address(long))])
    odd = EXAMPLE.sign(RR(HOST, CNAME, name("X.OTHER.")))
    b.moved("end-in-capitals", [odd, END_ADDRESS, b.there], "X.OTHER.")


def reverse(book):
    """Names of addresses are taken as they are (draft-osterweil-dane-ipsec section 2.4)."""
    b = Bases(book)
    arpa = Zone("arpa.")
    for what, host in (("reverse-4", "1.2.0.192.in-addr.arpa."), ("reverse-6", "1.0.ip6.arpa."),
                       ("reverse-4-in-capitals", "1.2.0.192.IN-ADDR.ARPA.")):
        owner, link = "_853._tcp." + host, [down(ROOT, arpa), arpa.sign(cname(host, AWAY))]
        rest = [END_ADDRESS, b.there]
        b.moved(what, [link, rest, arpa.sign(book.record(owner))], base=host, host=host)
        b.denied(what + "-denied", [link, rest, arpa.sign(nsec(host, "arpa.", CNAME))], host=host, base=host)
        b.bogus(what + "-missing", [link, rest], "denial-missing", host=host, base=host)
    like = "in-addr.arpa.example."
    b.moved("reverse-in-looks-alone", [EXAMPLE.sign(cname(like, AWAY)), END_ADDRESS, b.there], host=like)


def name_servers(book):
    """The name in an NS record is no alias (RFC 2181 section 10.3)."""
    b, how = Bases(book), {"role": "name-server"}

    def error(what, rrs):
        b.add("ns-" + what, [top(), rrs], "indeterminate", "alias", **how)
    error("alias", [LINK, END_ADDRESS, b.there, b.own])
    error("alias-denied", [LINK, END_ADDRESS, b.there, NO_OWN])
    error("alias-end-denied", [LINK, END_ADDRESS, NO_END, b.own])
    error("alias-end-address-missing", [LINK, END_ADDRESS[0], b.own])
    error("alias-to-unsigned-zone", [EXAMPLE.sign(cname(HOST, "x.open.")), OPEN, b.own])
    error("dname", [EXAMPLE.sign(dname("example.", "other.")), down(ROOT, OTHER)])
    error("loop", [EXAMPLE.sign(cname(HOST, "y.example.")), EXAMPLE.sign(cname("y.example.", HOST))])
    b.own_base("ns-address", ADDRESS, **how)
    b.own_base("ns-forged", [LINK[0], END_ADDRESS, b.there], **how)
    b.own_base("ns-forged-beside-address", [LINK[0], ADDRESS], **how)
    b.denied("ns-denied", [NO_OWN_BUT_ADDRESS, ADDRESS], **how)
    b.bogus("ns-forged-denied", [LINK[0], NO_OWN_BUT_ADDRESS], "signature-missing", **how)
    b.insecure("ns-alias-in-unsigned-zone", [EXAMPLE.sign(nsec(HOST, "example.", NS)), LINK[0]], **how)


def holding(book):
    """For how long: what the verdict rests on, and nothing beside it."""
    b, whole = Bases(book), END - NOW
    brief = EXAMPLE.sign(cname(HOST, AWAY), end=NOW + 100)
    quick = EXAMPLE.sign(cname(HOST, AWAY, 30))
    last = OTHER.sign(nsec(AWAY, "other.", A), end=NOW + 50)
    b.moved(f"holds/3600/{whole}", [LINK, END_ADDRESS, b.there])
    b.moved("alias-ends/100/100", [brief, END_ADDRESS, b.there])
    b.moved(f"alias-ttl/30/{whole}", [quick, END_ADDRESS, b.there])
    b.moved("address-ends/70/70", [LINK, down(ROOT, OTHER), OTHER.sign(address(AWAY), end=NOW + 70), b.there])
    b.own_base("end-denial-ends/50/50", [LINK, END_ADDRESS, last])
    b.own_base("end-denied-alias-ends/100/100", [brief, END_ADDRESS, NO_END])
    b.own_base("unsigned-end-alias-ends/100/100", [EXAMPLE.sign(cname(HOST, "x.open."), end=NOW + 100), OPEN])
    b.denied("denied-address-ends/40/40", [NO_OWN_BUT_ADDRESS, EXAMPLE.sign(address(), end=NOW + 40)])
    b.own_base(f"address-ends-too/3600/{whole}", EXAMPLE.sign(address(), end=NOW + 40))
    b.own_base(f"address-ends-beside-forged/3600/{whole}", [LINK[0], EXAMPLE.sign(
        address(), end=NOW + 40)])


FILES = {"base": (no_alias, forged, one_step, outside, steps, made_up, ends, reverse, name_servers,
                  holding)}
TLSA_ALONE = ("base",)
