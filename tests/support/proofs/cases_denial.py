# SPDX-License-Identifier: BSD-2-Clause
"""What do wildcards and NSEC prove?  (RFC 4035 section 5.4, RFC 6840 section 4, RFC 6672 section
5.3.2)"""

from .book import HOST, OWNER
from .denial import NsecChain, Nsec3Chain, dedupe, nsec
from .wire import (A, AAAA, CNAME, DNAME, DNSKEY, DS, NS, NSEC, RR, RRSIG, SOA, TXT, bitmap, change,
                   NXNAME, flatten, flip, name)
from .zone import EXAMPLE, NOW, ROOT, Zone, down, top

STAR = "*." + HOST
DEEP = "_853._tcp.a.b." + HOST


def expanded(book, owner, labels, source=None, zone=EXAMPLE, **how):
    """A record expanded from the wildcard `labels` labels deep."""
    return zone.sign(book.record(owner), labels=labels, **how)


def wildcards(book):
    zone = {"example.": (NS, SOA), HOST: (A,), STAR: (book.type,), "z.example.": (A,)}
    for kind, chain in (("nsec", NsecChain(EXAMPLE, zone)), ("nsec3", Nsec3Chain(EXAMPLE, zone))):
        closer = chain.cover(OWNER) if kind == "nsec" else chain.cover("_tcp." + HOST)
        near = expanded(book, OWNER, 2)
        book.secure(f"wildcard-{kind}", [top(), near, closer])
        book.bogus(f"wildcard-{kind}-unproven", [top(), near], "wildcard-unproven")
        book.bogus(f"wildcard-{kind}-proof-unsigned", [top(), near, closer[0]], "signature-missing")
        book.bogus(f"wildcard-{kind}-proof-flipped", [top(), near, closer[0], flip(closer[1])])
        book.bogus(f"wildcard-{kind}-other-link", [top(), near, chain.match("z.example.")],
                   "wildcard-unproven")
        book.bogus(f"wildcard-{kind}-record-changed", [top(), change(near[0], rdata=b"\3\1\1x"),
                   near[1], closer])
        book.bogus(f"wildcard-{kind}-record-unsigned", [top(), near[0], closer], "signature-missing")
        far = chain.cover(DEEP) if kind == "nsec" else chain.cover("b." + HOST)
        book.secure(f"wildcard-{kind}-deep", [top(), expanded(book, DEEP, 2), far], qname=DEEP)
        book.secure(f"wildcard-{kind}-asked-for", [top(), EXAMPLE.sign(book.record(STAR))],
                    qname=STAR)
        upper = STAR.upper()
        book.secure(f"wildcard-{kind}-asked-in-capitals", [top(), EXAMPLE.sign(book.record(STAR))],
                    qname=upper)
        book.bogus(f"wildcard-{kind}-asked-for-labels", [top(), EXAMPLE.sign(
            book.record(STAR), told={"labels": 3})], qname=STAR)
    wrong_encloser(book)
    closer_outside(book)
    double_star(book)
    refused(book)
    wildcard_opt_out(book)


def wrong_encloser(book):
    """A closer wildcard, or a closer name, is there: the further one has nothing to say."""
    names = {"example.": (NS, SOA), "*.example.": (book.type,), HOST: (A,), "z.example.": (A,)}
    near = expanded(book, OWNER, 1)
    plain, hashed = NsecChain(EXAMPLE, names), Nsec3Chain(EXAMPLE, names)
    book.denied("wildcard-nsec-encloser-closer", [top(), near, plain.cover(OWNER)])
    book.bogus("wildcard-nsec-encloser-closer-unsigned", [top(), near, plain.cover(OWNER)[0]],
               "wildcard-unproven")
    book.bogus("wildcard-nsec3-encloser-closer", [top(), near, hashed.cover("_tcp." + HOST)],
               "wildcard-unproven")
    book.denied("wildcard-nsec3-encloser-closer-denied", [top(), near, hashed.absent(OWNER)])
    ent = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (book.type,),
                              "x." + OWNER: (A,), "z.example.": (A,)})
    book.denied("wildcard-nsec-empty-non-terminal", [top(), near, ent.cover(OWNER)], "no-data")
    book.bogus("wildcard-nsec-empty-non-terminal-unsigned", [top(), near, ent.cover(OWNER)[0]],
               "wildcard-unproven")
    side = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (book.type,),
                               "_443._tcp." + HOST: (A,), "z.example.": (A,)})
    book.bogus("wildcard-nsec-sibling-shows-closer", [top(), near, side.cover(OWNER)],
               "wildcard-unproven")
    other = Zone("other.")
    foreign = NsecChain(other, {"other.": (NS, SOA), "z.other.": (A,)})
    book.bogus("wildcard-nsec-of-other-zone", [top(), down(ROOT, other), near, foreign.match(
        "z.other.")], "wildcard-unproven")
    above = ROOT.sign(nsec("example.", "org.", A))
    book.bogus("wildcard-nsec-of-parent", [top(), near, above], "signer-above-cut")
    true = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (book.type,), "z.example.": (A,)})
    book.secure("wildcard-at-apex", [top(), near, true.cover(OWNER)])
    cut = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (book.type,), HOST: (NS,)})
    book.insecure("wildcard-over-unsigned-cut", [top(), near, cut.match(HOST)])
    dname = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (book.type,), HOST: (DNAME,)})
    book.bogus("wildcard-over-dname", [top(), near, dname.match(HOST)], "wildcard-unproven")


def closer_outside(book):
    """No link between two names of one zone (RFC 4034 section 4.1.1)."""
    near = expanded(book, OWNER, 2)
    for what, following in (("sibling", "z.other."), ("parent", "."), ("alike", "z.anexample.")):
        book.bogus("wildcard-nsec-next-outside-" + what, [top(), near, EXAMPLE.sign(nsec(
            HOST, following, A))], "wildcard-unproven")
    book.bogus("wildcard-nsec-last-link-elsewhere", [top(), near, EXAMPLE.sign(nsec(
        HOST, "a.example.", A))], "wildcard-unproven")
    book.secure("wildcard-nsec-next-in-capitals", [top(), near, EXAMPLE.sign(nsec(
        HOST, "Z.EXAMPLE.", A))])


def double_star(book):
    """Stars that are no wildcards, and wildcards below one another."""
    inner = "*." + STAR
    rrs = EXAMPLE.sign(book.record(inner))
    book.secure("star-below-star", [top(), rrs], qname=inner)
    mine = "_853._tcp." + STAR
    book.secure("star-in-the-middle", [top(), EXAMPLE.sign(book.record(mine))], qname=mine)
    book.bogus("star-in-the-middle-labels", [top(), EXAMPLE.sign(book.record(mine), told={
        "labels": 4})], qname=mine)
    names = {"example.": (NS, SOA), "*.example.": (book.type,), HOST: (A,)}
    book.denied("star-from-star-above", [top(), expanded(book, STAR, 1), NsecChain(
        EXAMPLE, names).cover(STAR)], qname=STAR)
    names.pop(HOST)
    book.secure("star-from-star-above-proven", [top(), expanded(book, STAR, 1), NsecChain(
        EXAMPLE, names).cover(STAR)], qname=STAR)


def refused(book):
    """DS, DNSKEY, NSEC and DNAME are never expanded (traps 22 and 23)."""
    child = Zone(HOST)
    record = child.sign(book.record())
    plain = NsecChain(EXAMPLE, {"example.": (NS, SOA), "*.example.": (DS, book.type),
                                "z.example.": (A,)})
    ds = EXAMPLE.sign(child.ds(), labels=1)
    book.bogus("expanded-ds", [top(), ds, plain.cover(HOST), child.keys(), record])
    book.bogus("expanded-dnskey", [top(), EXAMPLE.sign(child.ds()), child.keys(labels=1),
               record], "signature-missing")
    link = nsec("_tcp." + HOST, "z.example.", A)
    book.bogus("expanded-nsec", [top(), EXAMPLE.sign(link, labels=2)])
    dname = EXAMPLE.sign(RR(HOST, DNAME, name("z.example.")), labels=1)
    book.bogus("expanded-dname", [top(), dname, plain.cover(HOST), EXAMPLE.sign(
        book.record("_853._tcp.z.example."))])
    hashed = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), "z.example.": (A,)})
    rrs = [EXAMPLE.sign(pair[0], labels=1) for pair in (
        hashed.match("example."), hashed.cover(HOST), hashed.cover("*.example."))]
    book.bogus("expanded-nsec3", [top(), dedupe(flatten(rrs))])


def wildcard_opt_out(book):
    names = {"example.": (NS, SOA), HOST: (A,), STAR: (book.type,), "z.example.": (A,)}
    near = expanded(book, OWNER, 2)
    for name_, how, reason in (("opt-out", {"flags": 1}, "opt-out"),
                               ("iterations-51", {"iterations": 51}, "nsec3-iterations")):
        chain = Nsec3Chain(EXAMPLE, names, **how)
        link = chain.cover("_tcp." + HOST)
        book.insecure(f"wildcard-nsec3-{name_}", [top(), near, link], reason)
        book.bogus(f"wildcard-nsec3-{name_}-unsigned", [top(), near, link[0]], "signature-missing")
    chain = Nsec3Chain(EXAMPLE, names, iterations=50, salt=b"\xaa\xbb")
    book.secure("wildcard-nsec3-iterations-50", [top(), near, chain.cover("_tcp." + HOST)])


def nsec_rows(book):
    """The table of fact sheet 4.6, row by row."""
    asked = book.type
    zone = {"example.": (NS, SOA, DNSKEY), "a.example.": (A,), OWNER: (TXT,), "z.example.": (A,)}
    chain = NsecChain(EXAMPLE, zone)
    match = chain.match(OWNER)
    book.denied("nodata", [top(), match], "no-data")
    for what, types in (("type", (TXT, asked)), ("cname", (CNAME,)), ("delegation", (NS,)),
                        ("delegation-signed", (NS, DS))):
        rrs = [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", *types))]
        if what == "delegation":
            book.insecure("nodata-" + what, rrs)
        else:
            book.bogus("nodata-" + what, rrs, "denial-missing")
    book.bogus("nodata-unsigned", [top(), match[0]], "signature-missing")
    book.bogus("nodata-flipped", [top(), match[0], flip(match[1])])
    book.bogus("nodata-changed", [top(), nsec(OWNER, "z.example.", A), match[1]])
    book.bogus("nodata-expired", [top(), chain.match(OWNER, begin=NOW - 9, end=NOW - 1)],
               "signature-expired")
    book.denied("nodata-apex", [top(), chain.match("example.")], "no-data", qname="example.")
    book.denied("nodata-other-bits", [top(), EXAMPLE.sign(nsec(
        OWNER, "z.example.", TXT, DNAME, 65534, 52 if asked != 52 else 65347))], "no-data")
    book.denied("nodata-empty-non-terminal", [top(), chain.cover("_tcp." + HOST)], "no-data",
                qname="_tcp." + HOST)
    book.denied("nodata-empty-non-terminal-host", [top(), chain.cover(HOST)], "no-data", qname=HOST)
    nxdomain(book)
    wildcard_nodata(book)
    guards(book)
    bitmaps(book)
    secure_and_denied(book)


def nxdomain(book):
    names = {"example.": (NS, SOA), "a.example.": (A,), HOST: (A,), "z.example.": (A,)}
    chain = NsecChain(EXAMPLE, names)
    cover, star = chain.cover(OWNER), chain.cover("*." + HOST)
    book.denied("nxdomain", [top(), cover, star])
    between = NsecChain(EXAMPLE, dict(names, **{"*-." + HOST: (A,), "_843." + HOST: (A,)}))
    cover, star = between.cover(OWNER), between.cover(STAR)
    book.denied("nxdomain-two-links", [top(), cover, star])
    book.bogus("nxdomain-wildcard-missing", [top(), cover], "denial-missing")
    book.bogus("nxdomain-cover-missing", [top(), star], "denial-missing")
    book.bogus("nxdomain-wildcard-unsigned", [top(), cover, star[0]], "signature-missing")
    book.bogus("nxdomain-cover-unsigned", [top(), cover[0], star], "signature-missing")
    there = NsecChain(EXAMPLE, dict(names, **{STAR: (book.type,)}))
    book.bogus("nxdomain-wildcard-there", [top(), there.cover(OWNER), there.match(STAR)],
               "denial-missing")
    book.bogus("nxdomain-wildcard-above", [top(), between.cover(OWNER), chain.cover(
        "*.example.")], "denial-missing")
    last = NsecChain(EXAMPLE, {"example.": (NS, SOA), "a.example.": (A,)})
    book.denied("nxdomain-last-link", [top(), last.cover(OWNER), last.cover("*.example.")])
    book.bogus("nxdomain-last-link-wildcard-missing", [top(), last.cover(OWNER)], "denial-missing")
    single = NsecChain(EXAMPLE, {"example.": (NS, SOA)})
    book.denied("nxdomain-single-link", [top(), single.match("example.")])
    book.denied("nodata-single-link", [top(), single.match("example.")], "no-data", qname="example.")
    book.bogus("single-link-of-root", [top(), NsecChain(ROOT, {".": (NS, SOA)}).match(".")],
               "signer-above-cut")
    book.denied("nxdomain-in-root", [ROOT.keys(), NsecChain(ROOT, {".": (NS, SOA), "b.": (NS,),
                "x.": (NS,)}).match("b."), NsecChain(ROOT, {".": (NS, SOA), "b.": (NS,)}).match(".")])
    book.bogus("nxdomain-name-is-owner", [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", book.type)),
               EXAMPLE.sign(nsec(HOST, OWNER, A))], "denial-missing")
    book.bogus("nxdomain-name-is-next", [top(), EXAMPLE.sign(nsec(HOST, OWNER, A))],
               "denial-missing")
    book.bogus("nxdomain-name-before", [top(), EXAMPLE.sign(nsec("e.example.", "z.example.", A))],
               "denial-missing")
    book.bogus("nxdomain-name-after", [top(), EXAMPLE.sign(nsec("example.", HOST, NS, SOA))],
               "denial-missing")
    book.bogus("nxdomain-wrap-of-middle", [top(), EXAMPLE.sign(nsec("a.example.", "a.example.", A)),
               ], "denial-missing", qname="example.")


def wildcard_nodata(book):
    names = {"example.": (NS, SOA), HOST: (A,), STAR: (TXT,), "z.example.": (A,)}
    chain = NsecChain(EXAMPLE, names)
    book.denied("wildcard-nodata", [top(), chain.match(STAR)], "no-data")
    split = NsecChain(EXAMPLE, dict(names, **{"_843." + HOST: (A,)}))
    rrs = [split.cover(OWNER), split.match(STAR)]
    book.denied("wildcard-nodata-two-links", [top(), rrs], "no-data")
    book.bogus("wildcard-nodata-no-cover", [top(), rrs[1]], "denial-missing")
    book.bogus("wildcard-nodata-no-wildcard", [top(), rrs[0]], "denial-missing")
    for what, types in (("type", (book.type,)), ("cname", (CNAME,)), ("delegation", (NS,))):
        bad = EXAMPLE.sign(nsec(STAR, "_843." + HOST, *types))
        book.bogus("wildcard-nodata-" + what, [top(), rrs[0], bad], "denial-missing")
    book.denied("wildcard-nodata-asked-for", [top(), chain.match(STAR)], "no-data", qname=STAR)
    child = Zone(HOST)
    foreign = child.sign(nsec(STAR, "_843." + HOST, TXT))
    book.bogus("wildcard-nodata-of-other-zone", [top(), rrs[0], down(EXAMPLE, child), foreign],
               "signer-above-cut")


def guards(book):
    """Links that are genuine, and still must not be used so (RFC 6840 section 4.1)."""
    child = Zone(HOST)
    for what, types, proof in (("delegation", (NS,), "insecure"), ("signed-delegation", (NS, DS), None),
                               ("dname", (DNAME,), None), ("dname-and-soa", (DNAME, SOA, NS), None)):
        link = EXAMPLE.sign(nsec(HOST, "z.example.", *types))
        rrs = [top(), link, EXAMPLE.sign(nsec("example.", HOST, NS, SOA))]
        if proof:
            book.insecure("guard-" + what, rrs)
        else:
            book.bogus("guard-" + what, rrs, "denial-missing")
    apex = NsecChain(child, {HOST: (NS, SOA, DNSKEY), "z." + HOST: (A,)})
    book.denied("child-denies", [top(), down(EXAMPLE, child), apex.match(HOST)])
    unsigned_below = [top(), down(EXAMPLE, child), apex.match(HOST)]
    book.bogus("child-apex-for-ds", [top(), EXAMPLE.sign(nsec(HOST, OWNER, NS, SOA)),
               child.keys(), child.sign(book.record())], "denial-missing")
    book.bogus("child-apex-signed-by-child", [top(), child.keys(), apex.match(HOST), child.sign(
        book.record())], "denial-missing")
    book.bogus("delegation-without-ns", [top(), EXAMPLE.sign(nsec(HOST, OWNER, A)),
               child.keys(), child.sign(book.record())], "dnskey-missing")
    book.bogus("delegation-with-cname", [top(), EXAMPLE.sign(nsec(HOST, "z.example.", NS, CNAME)),
               child.keys(), child.sign(book.record())], "denial-missing")
    book.bogus("delegation-with-ds", [top(), EXAMPLE.sign(nsec(HOST, "z.example.", NS, DS)),
               child.keys(), child.sign(book.record())], "denial-missing")
    book.insecure("delegation", [top(), EXAMPLE.sign(nsec(HOST, "z.example.", NS)), child.keys(),
                  child.sign(book.record())])
    book.bogus("delegation-expired", [top(), EXAMPLE.sign(nsec(HOST, "z.example.", NS), begin=NOW - 9,
               end=NOW - 1), book.record()], "signature-missing")
    book.bogus("delegation-at-other-name", [top(), EXAMPLE.sign(nsec("dn.example.", "z.example.", NS)),
               book.record()], "signature-missing")
    book.bogus("delegation-below", [top(), EXAMPLE.sign(nsec("x." + OWNER, "z.example.", NS)),
               book.record()], "signature-missing")
    book.insecure("delegation-at-owner", [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", NS)),
                  book.record()])
    sibling = Zone("sibling.")
    book.bogus("sibling-denies", [top(), down(ROOT, sibling), sibling.sign(nsec(
        "sibling.", "sibling.", NS, SOA)), ROOT.sign(nsec("a.", "sibling.", NS))], "signer-above-cut")
    lower = Zone("a.example.")
    book.bogus("cousin-denies", [top(), down(EXAMPLE, lower), lower.sign(nsec(
        "a.example.", "a.example.", NS, SOA))], "denial-missing")
    book.bogus("sibling-denies-in-other-name", [top(), down(ROOT, sibling), sibling.sign(nsec(
        OWNER, "z.example.", A))])


def bitmaps(book):
    good = nsec(OWNER, "z.example.", TXT)
    head = name("z.example.")
    for what, octets, proof in (
            ("none", b"", "denied"), ("trailing-zeros", b"\0\x20" + bytes(32), "denied"),
            ("empty-window", b"\0\0", None), ("window-33", b"\0\x21" + bytes(33), None),
            ("short", b"\0\2\1", None), ("window-twice", b"\0\1\2\0\1\2", None),
            ("windows-turned", b"\1\1\1\0\1\1", None), ("odd-octet", b"\0\1\1\5", None),
            ("many-windows", b"".join(bytes([w, 1, 0]) for w in range(256)), "denied"),
            ("type-in-bits", bitmap(52, 65347), None), ("bit-0", b"\0\1\x80", "denied")):
        link = change(good, rdata=head + octets)
        rrs = [top(), EXAMPLE.sign(link)]
        if proof:
            book.denied("bitmap-" + what, rrs, "no-data")
        else:
            book.bogus("bitmap-" + what, rrs, "denial-missing")
    for what, rdata in (("empty", b""), ("name-cut", head[:-1]), ("name-compressed", b"\xc0\x0c\0\1\1"),
                        ("root-next", b"\0\0\1\1")):
        rrs = [top(), EXAMPLE.sign(change(good, rdata=rdata))]
        book.bogus("nsec-" + what, rrs, "denial-missing")
    second = nsec(OWNER, "y.example.", TXT)
    both = [good, second]
    book.bogus("nsec-two-in-a-set", [top(), EXAMPLE.sign(both)], "denial-missing")
    book.denied("nsec-twice", [top(), good, EXAMPLE.sign(good)], "no-data")
    tempting = [good, nsec(OWNER, "z.example.", book.type)]
    book.bogus("nsec-two-that-disagree", [top(), EXAMPLE.sign(tempting)], "denial-missing")


def next_outside(book):
    """Links that leave the signer's zone (RFC 4034 section 4.1.1)."""
    child = Zone(HOST)
    for what, following in (("sibling", "z.other."), ("parent", "."), ("alike", "z.anexample.")):
        def link(owner, *types, following=following):
            return EXAMPLE.sign(nsec(owner, following, *types))

        book.bogus(f"next-outside-{what}-nodata", [top(), link(OWNER, TXT)], "denial-missing")
        book.bogus(f"next-outside-{what}-no-name", [top(), link(HOST, A)], "denial-missing")
        book.bogus(f"next-outside-{what}-cover", [top(), link("_843." + HOST, A), EXAMPLE.sign(
            nsec(HOST, "_843." + HOST, A))], "denial-missing")
        book.bogus(f"next-outside-{what}-wildcard", [top(), EXAMPLE.sign(nsec(
            "_843." + HOST, "z.example.", A)), link(STAR, TXT)], "denial-missing")
        book.bogus(f"next-outside-{what}-delegation", [top(), link(HOST, NS), child.keys(),
                   child.sign(book.record())], "denial-missing")
        book.denied(f"next-outside-{what}-and-inside", [top(), link("_843." + HOST, A), EXAMPLE.sign(
            nsec(HOST, "z.example.", A))])
    book.denied("next-in-capitals", [top(), EXAMPLE.sign(nsec(OWNER, "Z.EXAMPLE.", TXT))], "no-data")
    book.bogus("last-link-elsewhere", [top(), EXAMPLE.sign(nsec(HOST, "a.example.", A))],
               "denial-missing")
    below = [[top(), down(EXAMPLE, child), child.sign(nsec(HOST, following, NS, SOA, DNSKEY))]
             for following in ("z." + HOST, "z.example.")]
    book.denied("next-inside-child", below[0])
    book.bogus("next-outside-child", below[1], "denial-missing")


def secure_and_denied(book):
    """Where both seem proven, what is there counts: the zone may have changed in between."""
    book.secure("record-and-denial", [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", TXT)),
                EXAMPLE.sign(book.record())])
    book.denied("denial-and-unsigned-record", [top(), EXAMPLE.sign(nsec(OWNER, "z.example.", TXT)),
                book.record()], "no-data")


def made_to_order(book):
    """Links for one question each (RFC 9824): the name itself may be what is not there."""
    asked = book.type

    def link(*types, owner=OWNER, signed=EXAMPLE):
        """The next name is the very next: here it matters only that it is below."""
        return signed.sign(nsec(owner, "0." + owner, *types))

    gone = link(NXNAME)
    book.denied("made-no-name", [top(), gone])
    book.denied("made-no-data", [top(), link()], "no-data")
    book.denied("made-no-host", [top(), link(NXNAME, owner=HOST)], qname=HOST)
    book.denied("made-no-name-but-text", [top(), link(NXNAME, TXT)], "no-data")
    book.insecure("made-no-name-but-delegation", [top(), link(NXNAME, NS)])
    book.bogus("made-no-name-but-record", [top(), link(NXNAME, asked)], "denial-missing")
    book.bogus("made-no-name-but-alias", [top(), link(NXNAME, CNAME)], "denial-missing")
    book.bogus("made-no-name-unsigned", [top(), gone[0]], "signature-missing")
    book.bogus("made-no-name-flipped", [top(), gone[0], flip(gone[1])])
    book.bogus("made-no-name-changed", [top(), nsec(OWNER, "0." + OWNER, NXNAME), link()[1]])
    book.bogus("made-no-host-for-below", [top(), link(NXNAME, owner=HOST)], "denial-missing")
    book.bogus("made-no-name-for-other", [top(), link(NXNAME, owner="_443._tcp." + HOST)],
               "denial-missing")
    book.bogus("made-no-name-by-parent", [top(), link(NXNAME, signed=ROOT)], "signer-above-cut")
    book.secure("made-no-name-and-record", [top(), gone, EXAMPLE.sign(book.record())])


FILES = {"wildcards": (wildcards,), "nsec": (nsec_rows, next_outside, made_to_order)}
TLSA_ALONE = ()
