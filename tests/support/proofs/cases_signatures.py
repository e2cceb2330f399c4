# SPDX-License-Identifier: BSD-2-Clause
"""Which signatures hold?  Their dates, labels and signers, the canonical form of what they cover,
and zone cuts."""

from .book import HOST, OWNER
from .denial import NsecChain, Nsec3Chain, nsec
from .keys import Key, seeded
from .wire import (A, CNAME, DNSKEY, DS, NS, RR, SOA, TXT, change, flatten, flip, name, soa)
from .zone import BEGIN, END, EXAMPLE, NOW, ROOT, Zone, down, rrsig, top

WRAP = 2 ** 32


def dates(book):
    record = book.record()
    levels = {
        "record": lambda **how: [top(), EXAMPLE.sign(record, **how)],
        "keys": lambda **how: [ROOT.keys(), ROOT.sign(EXAMPLE.ds()), EXAMPLE.keys(**how),
                               EXAMPLE.sign(record)],
        "ds": lambda **how: [ROOT.keys(), ROOT.sign(EXAMPLE.ds(), **how), EXAMPLE.keys(),
                             EXAMPLE.sign(record)],
        "root": lambda **how: [ROOT.keys(**how), ROOT.sign(EXAMPLE.ds()), EXAMPLE.keys(),
                               EXAMPLE.sign(record)],
    }
    early, late, crossed = ("signature-not-yet-valid", "signature-expired",
                            "signature-dates-crossed")
    rows = (("begins-now", NOW, END, None), ("begins-in-a-second", NOW + 1, END, early),
            ("began-a-second-ago", NOW - 1, END, None), ("ends-now", BEGIN, NOW, None),
            ("ended-a-second-ago", BEGIN, NOW - 1, late), ("ends-in-a-second", BEGIN, NOW + 1, None),
            ("one-second-long", NOW, NOW, None), ("crossed", NOW + 1, NOW - 1, crossed),
            ("crossed-by-one", NOW + 1, NOW, crossed), ("crossed-in-the-past", NOW - 5, NOW - 9, crossed),
            ("long-past", BEGIN, NOW - 2 ** 30, crossed), ("zero", 0, 0, late),
            ("very-long", NOW - 2 ** 30, NOW + 2 ** 30 - 1, None),
            ("longer-than-serials-go", NOW - 2 ** 30 - 2, NOW + 2 ** 30, crossed),
            ("far-future", NOW + 10, NOW + 2 ** 31 - 1, early))
    for level, make in levels.items():
        for row, begin, end, reason in rows:
            rrs = make(begin=begin, end=end)
            if reason:
                book.bogus(f"{row}-{level}", rrs, reason)
            else:
                book.secure(f"{row}-{level}", rrs)
    eras(book, record)


def signed_at(book, record, begin, end):
    """Everything with the same dates."""
    how = {"begin": begin, "end": end}
    return [ROOT.keys(**how), ROOT.sign(EXAMPLE.ds(), **how), EXAMPLE.keys(**how),
            EXAMPLE.sign(record, **how)]


def eras(book, record):
    """Serial arithmetic: past 2038, around 2106, and after it."""
    for year, now in (("2037", 2 ** 31 - 10), ("2038", 2 ** 31), ("2039", 2 ** 31 + 31536000),
                      ("2105", WRAP - 31536000), ("2106", WRAP - 1), ("2106-wrapped", WRAP),
                      ("2107", WRAP + 31536000), ("2242", 2 * WRAP)):
        around = signed_at(book, record, now - 86400, now + 86400)
        book.secure(f"era-{year}", around, now=now)
        book.secure(f"era-{year}-first", around, now=now - 86400)
        book.secure(f"era-{year}-last", around, now=now + 86400)
        book.bogus(f"era-{year}-before", around, "signature-not-yet-valid", now=now - 86401)
        book.bogus(f"era-{year}-after", around, "signature-expired", now=now + 86401)


def labels(book):
    record = book.record()
    good = EXAMPLE.signature(record)
    for n in (0, 1, 2, 3, 5, 6, 255):
        book.bogus(f"labels-{n}-told", [top(), record, EXAMPLE.signature(
            record, told={"labels": n})])
    for n in (5, 255):
        book.bogus(f"labels-{n}", [top(), record, EXAMPLE.signature(record, labels=n)])
    # with fewer labels it is a wildcard's signature, and nothing shows that no closer name is there
    for n in (1, 2, 3):
        book.bogus(f"labels-{n}", [top(), record, EXAMPLE.signature(record, labels=n)],
                   "wildcard-unproven")
        book.bogus(f"labels-{n}-over-owner", [top(), record, EXAMPLE.signature(
            record, labels=n, signed_owner=OWNER)])
    book.bogus("labels-0-above-zone", [top(), record, EXAMPLE.signature(record, labels=0)])
    for field, value in (("covered", CNAME), ("covered", TXT), ("algorithm", 13), ("algorithm", 113),
                         ("original_ttl", 3601), ("original_ttl", 0), ("end", END + 1),
                         ("begin", BEGIN - 1), ("tag", EXAMPLE.ksk.tag ^ 1)):
        reason = "signature-missing" if field == "covered" else "signature-invalid"
        book.bogus(f"told-{field}-{value}", [top(), record, EXAMPLE.signature(
            record, told={field: value})], reason)
    book.bogus("covered-other-type", [top(), record, EXAMPLE.signature(record, covered=TXT)],
               "signature-missing")
    book.secure("original-ttl-above", [top(), EXAMPLE.sign(record, original_ttl=86400)])
    book.secure("original-ttl-below", [top(), EXAMPLE.sign(record, original_ttl=5)])
    book.secure("ttl-changed", [top(), change(record, ttl=77), good])
    book.bogus("class-chaos", [top(), change(record, cls=3), good], "denial-missing")
    book.bogus("signature-class-chaos", [top(), record, change(good, cls=3)], "signature-missing")
    book.bogus("owner-of-signature", [top(), record, change(good, owner="_853._tcp." + "example.")],
               "signature-missing")
    book.bogus("signature-malformed", [top(), record, change(good, rdata=good.rdata[:18])],
               "signature-missing")
    book.bogus("signature-empty", [top(), record, EXAMPLE.signature(record, cut=0)],
               "signature-missing")
    book.secure("class-chaos-beside", [top(), record, change(record, cls=3, rdata=b"x"), good])
    other = "_443._tcp." + HOST
    book.bogus("record-of-other-name", [top(), EXAMPLE.sign(book.record(other))], "denial-missing")
    book.bogus("signature-of-other-name", [top(), record, change(
        EXAMPLE.signature(book.record(other)), owner=OWNER)])
    other_type = change(record, type=65347 if book.type == 52 else 52)
    book.bogus("record-of-other-type", [top(), EXAMPLE.sign(other_type)], "denial-missing")
    book.secure("record-of-other-type-beside", [top(), EXAMPLE.sign(other_type),
                EXAMPLE.sign(record)])


def signers(book):
    record = book.record()
    good = EXAMPLE.sign(record)
    sibling, child = Zone("sibling."), Zone("_tcp.dns.example.")
    for what, signer in (("root", "."), ("tail", "xample."), ("self", OWNER), ("owner", HOST),
                         ("sibling", "sibling."), ("longer", "a.example."), ("below", "x." + OWNER)):
        book.bogus("signer-told-" + what, [top(), EXAMPLE.sign(record, signer=signer)], {
            "root": "signature-invalid", "tail": "signature-invalid", "sibling": "signature-invalid",
            "longer": "signature-invalid", "below": "signature-invalid"}.get(what, "denial-missing"))
    book.bogus("signer-sibling", [top(), down(ROOT, sibling), sibling.sign(record)])
    book.bogus("signer-sibling-told-example", [top(), down(ROOT, sibling), sibling.sign(
        record, signer="example.", tag=EXAMPLE.ksk.tag)])
    below = Zone("x." + OWNER)
    book.bogus("signer-child", [top(), down(EXAMPLE, below), below.sign(record)])
    book.secure("signer-true-child", [top(), down(EXAMPLE, child), child.sign(record)])
    at_owner = Zone(OWNER)
    book.secure("signer-at-owner", [top(), down(EXAMPLE, at_owner), at_owner.sign(record)])
    book.bogus("signer-without-delegation", [top(), child.keys(), child.sign(record)],
               "denial-missing")
    book.bogus("signer-is-no-zone", [top(), EXAMPLE.sign(nsec("_tcp." + HOST, OWNER, TXT)),
               child.keys(), child.sign(record)], "dnskey-missing")
    book.denied("signer-is-no-zone-denied", [top(), EXAMPLE.sign(nsec(
        "_tcp." + HOST, "z.example.", TXT)), child.keys(), child.sign(record)])
    cuts(book)
    # others' records beside it are nobody's business
    book.secure("strangers-beside", [top(), down(ROOT, sibling), sibling.sign(
        RR("sibling.", A, b"\1\2\3\4")), RR("x.", 99, b"junk"), RR(OWNER, 16, b"junk"), good])
    book.secure("key-of-other-zone-beside", [top(), RR("exampl.", DNSKEY, EXAMPLE.ksk.rdata), good])


def cuts(book):
    """What a parent signs below a cut that it made (fact sheet 4.6, trap 24)."""
    child = Zone(HOST)
    record = book.record()
    from_parent = EXAMPLE.sign(record)
    own = child.sign(record)
    unsigned = EXAMPLE.sign(nsec(HOST, "z.example.", NS))
    book.secure("cut-child-signs", [top(), down(EXAMPLE, child), own])
    book.bogus("cut-parent-signs", [top(), down(EXAMPLE, child), from_parent], "signer-above-cut")
    book.bogus("cut-parent-signs-ds-alone", [top(), EXAMPLE.sign(child.ds()), from_parent],
               "signer-above-cut")
    book.secure("cut-both-sign", [top(), down(EXAMPLE, child), record, from_parent[1], own[1]])
    book.bogus("cut-grandparent-signs", [top(), down(EXAMPLE, child), ROOT.sign(record)],
               "signer-above-cut")
    book.insecure("cut-unsigned", [top(), unsigned, record])
    book.insecure("cut-unsigned-record-signed", [top(), unsigned, own])
    book.insecure("cut-unsigned-parent-signs", [top(), unsigned, from_parent])
    book.bogus("cut-unsigned-forged", [top(), unsigned[0], record], "signature-missing")
    book.bogus("cut-unsigned-grandparent", [top(), ROOT.sign(unsigned[0]), record],
               "signature-missing")
    hashed = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), HOST: (NS,), "z.example.": (A,)})
    signed = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), HOST: (NS, DS), "z.example.": (A,)})
    book.insecure("cut-nsec3-unsigned-parent-signs", [top(), hashed.match(HOST), from_parent])
    book.bogus("cut-nsec3-parent-signs", [top(), signed.match(HOST), from_parent],
               "signer-above-cut")
    plain = EXAMPLE.sign(nsec(HOST, "z.example.", NS, SOA, DS))
    book.secure("cut-not-by-apex-nsec", [top(), plain, from_parent])
    book.secure("cut-not-by-forged-ds", [top(), child.ds(), from_parent])
    book.secure("cut-not-by-sibling", [top(), EXAMPLE.sign(Zone("dnt.example.").ds()), from_parent])
    book.bogus("cut-denied-from-above", [top(), down(EXAMPLE, child), EXAMPLE.sign(
        nsec("example.", "example.", NS, SOA))], "signer-above-cut")
    book.bogus("cut-opt-out-from-above", [top(), down(EXAMPLE, child), Nsec3Chain(
        EXAMPLE, {"example.": (NS, SOA), "z.example.": (A,)}, flags=1).absent(HOST)],
        "signer-above-cut")
    book.bogus("cut-iterations-from-above", [top(), down(EXAMPLE, child), Nsec3Chain(
        EXAMPLE, {"example.": (NS, SOA), "z.example.": (A,)}, iterations=51).match("example.")],
        "signer-above-cut")
    deep = Zone("a." + HOST)
    owner = "_853._tcp." + deep.apex
    book.secure("cuts-two", [top(), down(EXAMPLE, child), down(child, deep), deep.sign(
        book.record(owner))], qname=owner)
    book.insecure("cuts-signed-then-unsigned", [top(), down(EXAMPLE, child), child.sign(
        nsec(deep.apex, HOST, NS)), book.record(owner)], qname=owner)
    book.bogus("cuts-unsigned-told-by-grandparent", [top(), down(EXAMPLE, child), EXAMPLE.sign(
        nsec(deep.apex, "z.example.", NS)), book.record(owner)], "signature-missing", qname=owner)
    book.insecure("cuts-unsigned-then-signed", [top(), unsigned, child.keys(), down(child, deep),
                  deep.sign(book.record(owner))], qname=owner)


def form(book):
    """The canonical form of names, RDATA and RRsets (RFC 4034 section 6, RFC 6840 section 5.1)."""
    record = book.record()
    good = EXAMPLE.signature(record)
    odd = "_853._tCp.DnS.ExAmple."
    book.secure("case-owner", [top(), change(record, owner=odd), change(good, owner=OWNER.upper())])
    book.secure("case-question", [top(), record, good], qname=odd)
    book.secure("case-signer", [top(), EXAMPLE.sign(record, signer="eXAMPLE.")])
    book.secure("case-everywhere", [[change(rr, owner=rr.owner.upper()) for rr in flatten(top())],
                record, good])
    letters = book.record(data=b"ABCDEFabcdef0123ABCDEFabcdef0123")
    book.secure("case-rdata-kept", [top(), EXAMPLE.sign(letters)])
    book.bogus("case-rdata-lowered", [top(), letters, EXAMPLE.signature(
        letters, signed_rdatas=[letters.rdata.lower()])])
    more = [book.record(number=i) for i in range(5)]
    more.sort(key=lambda rr: rr.rdata)
    signed = EXAMPLE.signature(more)
    book.secure("order", [top(), more, signed])
    book.secure("order-turned", [top(), more[::-1], signed])
    book.secure("order-spread", [more[:2], top(), signed, more[2:]])
    book.secure("twice", [top(), more, more[2:4], signed, signed])
    book.bogus("twice-signed-twice", [top(), record, record, EXAMPLE.signature(
        record, signed_rdatas=[record.rdata] * 2)])
    book.bogus("one-of-five-missing", [top(), more[1:], signed])
    book.bogus("one-more-than-signed", [top(), more, book.record(number=9), signed])
    book.bogus("order-of-signer-wrong", [top(), more, EXAMPLE.signature(
        more, signed_rdatas=[rr.rdata for rr in more[::-1]])])
    prefixes = [change(record, rdata=record.rdata[:n]) for n in (4, 5, 12, 35)]
    book.secure("prefixes", [top(), EXAMPLE.sign(prefixes)])
    book.secure("prefixes-turned", [top(), prefixes[::-1], EXAMPLE.signature(prefixes)])
    book.bogus("prefixes-longer-first", [top(), prefixes, EXAMPLE.signature(
        prefixes, signed_rdatas=[rr.rdata for rr in prefixes[::-1]])])
    ttls = [change(rr, ttl=rr.ttl + i) for i, rr in enumerate(more)]
    book.secure("ttls-differ", [top(), ttls, EXAMPLE.signature(more)])
    empty = [change(record, rdata=b""), record]
    book.secure("rdata-empty", [top(), EXAMPLE.sign(empty)])
    book.secure("key-set-twice", [top(), EXAMPLE.keys(), ROOT.keys(), record, good])
    nsec_form(book)


def nsec_form(book):
    kept = nsec("dns.example.", "ZZ.example.", A)
    lowered = [nsec("dns.example.", "zz.example.", A).rdata]
    apex = EXAMPLE.sign(nsec("example.", "dns.example.", NS, SOA))
    book.denied("case-nsec-next-kept", [top(), EXAMPLE.sign(kept), apex], qname="e.example.")
    book.bogus("case-nsec-next-lowered", [top(), kept, EXAMPLE.signature(
        kept, signed_rdatas=lowered), apex], qname="e.example.")
    odd = change(kept, owner="DNS.example.")
    book.denied("case-nsec-owner", [top(), odd, EXAMPLE.signature(odd), apex], qname="e.EXAMPLE.")
    hashed = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA), "dns.example.": (A,)})
    upper = [change(rr, owner=rr.owner.upper()) for rr in hashed.absent("e.example.")]
    book.denied("case-nsec3-owner", [top(), upper], qname="e.example.")
    start = soa(300)
    book.denied("soa-beside", [top(), EXAMPLE.sign(kept), apex, EXAMPLE.sign(start)],
                qname="e.example.")
    book.denied("soa-unsigned-beside", [top(), EXAMPLE.sign(kept), apex, start],
                qname="e.example.")
    book.denied("soa-malformed-beside", [top(), EXAMPLE.sign(kept), apex, change(
        start, rdata=b"\0\0")], qname="e.example.")


FILES = {"dates": (dates,), "signatures": (labels, signers), "form": (form,)}
TLSA_ALONE = ("dates", "form")
