# SPDX-License-Identifier: BSD-2-Clause
"""What of CNAME and DNAME on the way to the records?  (RFC 6672 section 5.3, RFC 9102 section
2.3)"""

from .book import HOST, OWNER
from .denial import Nsec3Chain, NsecChain, nsec
from .keys import Key
from .wire import A, CNAME, DNAME, NS, RR, SOA, TXT, change, flip, name
from .zone import EXAMPLE, NOW, ROOT, Zone, down, top

OTHER = Zone("other.")
THERE = "_853._tcp.x.other."
INSIDE = "_853._tcp.x.example."


def cname(owner, target, ttl=3600):
    return RR(owner, CNAME, name(target), ttl)


def dname(owner, target, ttl=3600):
    return RR(owner, DNAME, name(target), ttl)


def cnames(book):
    link = EXAMPLE.sign(cname(OWNER, INSIDE))
    here = EXAMPLE.sign(book.record(INSIDE))
    book.secure("cname", [top(), link, here])
    book.bogus("cname-unsigned", [top(), link[0], here], "signature-missing")
    book.bogus("cname-flipped", [top(), link[0], flip(link[1]), here])
    book.bogus("cname-changed", [top(), cname(OWNER, "_1._tcp.x.example."), link[1], here])
    book.bogus("cname-target-missing", [top(), link], "denial-missing")
    book.bogus("cname-target-unsigned", [top(), link, here[0]], "signature-missing")
    book.bogus("cname-target-forged", [top(), link, here[0], flip(here[1])])
    book.secure("cname-beside-record", [top(), link, EXAMPLE.sign(book.record())])
    book.secure("cname-injected-beside-record", [top(), link[0], EXAMPLE.sign(book.record())])
    book.bogus("cname-malformed", [top(), EXAMPLE.sign(change(link[0], rdata=b"\5abc")), here],
               "malformed")
    book.bogus("cname-trailing", [top(), EXAMPLE.sign(change(link[0], rdata=link[0].rdata + b"\0")), here],
               "malformed")
    book.bogus("cname-empty", [top(), EXAMPLE.sign(change(link[0], rdata=b"")), here], "malformed")
    two = [link[0], cname(OWNER, THERE)]
    book.bogus("cname-two-targets", [top(), EXAMPLE.sign(two), here], "malformed")
    book.secure("cname-twice", [top(), link[0], link, here])
    odd = RR(OWNER, CNAME, b"\4_853\4_TcP\1X\7eXaMpLe\0")
    book.secure("cname-case", [top(), EXAMPLE.sign(odd), here])
    expanded = EXAMPLE.sign(cname(OWNER, INSIDE), labels=2)
    names = NsecChain(EXAMPLE, {"example.": (NS, SOA), HOST: (A,), "*." + HOST: (CNAME,),
                                INSIDE: (book.type,)})
    book.secure("cname-wildcard", [top(), expanded, names.cover(OWNER), here])
    book.bogus("cname-wildcard-unproven", [top(), expanded, here], "wildcard-unproven")
    book.denied("cname-then-nodata", [top(), link, EXAMPLE.sign(nsec(INSIDE, "z.example.", TXT))],
                "no-data")
    book.denied("cname-then-nxdomain", [top(), link, NsecChain(EXAMPLE, {
        "example.": (NS, SOA), "dns.example.": (A,)}).match("dns.example."), NsecChain(EXAMPLE, {
            "example.": (NS, SOA), "dns.example.": (A,)}).match("example.")])
    hashes = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), OWNER: (CNAME,), "z.example.": (A,)})
    book.denied("cname-then-nxdomain-nsec3", [top(), link, hashes.absent(INSIDE)])
    book.bogus("cname-hidden-by-its-nsec", [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", CNAME))],
               "denial-missing")
    book.bogus("cname-denial-of-first-name", [top(), link[0], EXAMPLE.sign(nsec(
        OWNER, "z.example.", CNAME))], "signature-missing")
    across(book, link)


def across(book, link):
    away = EXAMPLE.sign(cname(OWNER, THERE))
    rrs = [down(ROOT, OTHER), OTHER.sign(book.record(THERE))]
    book.secure("cname-across", [top(), away, rrs])
    book.bogus("cname-across-no-ds", [top(), away, OTHER.keys(), OTHER.sign(book.record(THERE))],
               "denial-missing")
    book.bogus("cname-across-signed-by-first", [top(), away, EXAMPLE.sign(book.record(THERE))])
    book.bogus("cname-across-expired", [top(), away, down(ROOT, OTHER), OTHER.sign(
        book.record(THERE), begin=NOW - 9, end=NOW - 1)], "signature-expired")
    unsigned = ROOT.sign(nsec("other.", "p.", NS))
    book.insecure("cname-to-insecure", [top(), away, unsigned, book.record(THERE)])
    book.insecure("cname-to-insecure-nothing", [top(), away, unsigned])
    strange = Zone("other.", key=Key("strange other", 113))
    book.insecure("cname-to-unsupported", [top(), away, ROOT.sign(strange.ds())],
                  "algorithm-unsupported")
    book.bogus("cname-to-bogus", [top(), away, down(ROOT, OTHER), book.record(THERE)],
               "signature-missing")
    book.add("cname-to-unanchored", [EXAMPLE.keys(), away, rrs], "indeterminate", "no-anchor",
             anchors="proofs/island-alone.anchors")
    book.denied("cname-across-denied", [top(), away, down(ROOT, OTHER), OTHER.sign(nsec(
        "other.", "other.", NS, SOA))])
    book.bogus("cname-across-denied-by-first", [top(), away, EXAMPLE.sign(nsec(
        OWNER, "z.example.", CNAME))], "denial-missing")
    from_insecure = [ROOT.keys(), ROOT.sign(nsec("example.", "p.", NS)), cname(OWNER, THERE), rrs]
    book.insecure("cname-from-insecure", from_insecure)


def loops(book):
    steps = [f"_853._tcp.h{n}.example." for n in range(18)]
    names = [OWNER] + steps

    def way(length):
        return [EXAMPLE.sign(cname(names[i], names[i + 1])) for i in range(length)]
    for n in (2, 15, 16):
        book.secure(f"cname-{n}", [top(), way(n), EXAMPLE.sign(book.record(names[n]))])
    book.bogus("cname-17", [top(), way(17), EXAMPLE.sign(book.record(names[17]))], "limit-aliases")
    book.denied("cname-16-nodata", [top(), way(16), EXAMPLE.sign(nsec(names[16], "z.example.", A))],
                "no-data")
    book.bogus("cname-16-missing", [top(), way(16)], "denial-missing")
    book.bogus("cname-to-itself", [top(), EXAMPLE.sign(cname(OWNER, OWNER))], "alias-loop")
    book.bogus("cname-to-itself-in-capitals", [top(), EXAMPLE.sign(cname(OWNER, OWNER.upper()))],
               "alias-loop")
    book.bogus("cname-loop-of-two", [top(), way(1), EXAMPLE.sign(cname(names[1], OWNER))], "alias-loop")
    book.bogus("cname-loop-at-end", [top(), way(3), EXAMPLE.sign(cname(names[3], names[2]))],
               "alias-loop")


def dnames(book):
    link = EXAMPLE.sign(dname(HOST, "x.other."))
    there = [down(ROOT, OTHER), OTHER.sign(book.record(THERE))]
    made = cname(OWNER, THERE)
    book.secure("dname", [top(), link, there])
    book.secure("dname-with-cname", [top(), link, made, there])
    book.secure("dname-with-wrong-cname", [top(), link, cname(OWNER, "evil.other."), there])
    book.secure("dname-with-cname-signed", [top(), link, EXAMPLE.sign(made), there])
    book.secure("dname-with-cname-badly-signed", [top(), link, made, flip(EXAMPLE.signature(made)),
                there])
    book.bogus("dname-unsigned", [top(), link[0], there], "signature-missing")
    book.bogus("dname-unsigned-with-cname", [top(), link[0], made, there], "signature-missing")
    book.bogus("dname-flipped", [top(), link[0], flip(link[1]), there])
    book.bogus("dname-target-missing", [top(), link, there[0]], "denial-missing")
    book.bogus("dname-at-owner", [top(), EXAMPLE.sign(dname(OWNER, THERE)), there], "denial-missing")
    book.bogus("dname-below", [top(), EXAMPLE.sign(dname("x." + OWNER, THERE)), there],
               "denial-missing")
    book.bogus("dname-at-sibling", [top(), EXAMPLE.sign(dname("dnt.example.", "x.other.")), there],
               "denial-missing")
    book.secure("dname-at-apex", [top(), EXAMPLE.sign(dname("example.", "other.")), down(ROOT, OTHER),
                OTHER.sign(book.record("_853._tcp.dns.other."))])
    book.secure("dname-to-root", [top(), EXAMPLE.sign(dname("dns.example.", ".")), ROOT.sign(
        book.record("_853._tcp."))])
    book.secure("dname-case", [top(), EXAMPLE.sign(RR("DNS.example.", DNAME, name("X.OTHER."))), there])
    book.bogus("dname-two-targets", [top(), EXAMPLE.sign([link[0], dname(HOST, "y.other.")]), there],
               "malformed")
    book.bogus("dname-malformed", [top(), EXAMPLE.sign(RR(HOST, DNAME, b"\5ab")), there], "malformed")
    book.denied("dname-then-nodata", [top(), link, down(ROOT, OTHER), OTHER.sign(nsec(
        THERE, "z.other.", TXT))], "no-data")
    book.insecure("dname-to-insecure", [top(), link, ROOT.sign(nsec("other.", "p.", NS))])
    book.insecure("dname-from-insecure", [ROOT.keys(), ROOT.sign(nsec("example.", "p.", NS)), link, there])
    child = Zone(HOST)
    book.bogus("dname-above-cut", [top(), down(EXAMPLE, child), EXAMPLE.sign(dname(HOST, "x.other.")),
               there], "signer-above-cut")
    book.secure("dname-of-child", [top(), down(EXAMPLE, child), child.sign(dname(HOST, "x.other.")),
                there])


def growth(book):
    book.bogus("dname-loop", [top(), EXAMPLE.sign(dname(HOST, "x.example.")), EXAMPLE.sign(dname(
        "x.example.", HOST))], "alias-loop")
    book.bogus("dname-grows", [top(), EXAMPLE.sign(dname("example.", "a.example."))], "limit-aliases")
    long = ".".join(["y" * 60] * 4)
    book.bogus("dname-too-long", [top(), EXAMPLE.sign(dname("example.", "l." + long + "."))],
               "malformed")
    fits = ".".join(["y" * 50] * 4) + ".other."
    book.secure("dname-just-fits", [top(), EXAMPLE.sign(dname("example.", fits)), down(ROOT, OTHER),
                OTHER.sign(book.record("_853._tcp.dns." + fits))])
    book.bogus("dname-grows-fast", [top(), EXAMPLE.sign(dname("example.", "y" * 60 + ".example."))],
               "malformed")
    steps = [EXAMPLE.sign(dname(f"d{n}.example.", f"d{n + 1}.example.")) for n in range(16)]
    end = "_853._tcp.d16.example."
    book.secure("dname-16", [top(), steps, EXAMPLE.sign(book.record(end))],
                qname="_853._tcp.d0.example.")
    mixed = [EXAMPLE.sign(cname(OWNER, "_853._tcp.d.example.")), EXAMPLE.sign(dname(
        "d.example.", "x.other.")), down(ROOT, OTHER), OTHER.sign(book.record(THERE))]
    book.secure("cname-then-dname", [top(), mixed])


FILES = {"alias": (cnames, dnames), "alias-loops": (loops, growth)}
TLSA_ALONE = ("alias-loops",)
