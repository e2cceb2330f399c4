# SPDX-License-Identifier: BSD-2-Clause
"""What does NSEC3 prove?  (RFC 5155 section 8, RFC 6840 section 4, RFC 9276)"""

from .book import HOST, OWNER
from .denial import Nsec3Chain, WhiteLies, hashed, nsec, nsec3, step
from .wire import (A, CNAME, DNAME, DNSKEY, DS, NS, NSEC3, NXNAME, RRSIG, SOA, TXT, base32hex,
                   change, flatten, flip)
from .zone import EXAMPLE, NOW, ROOT, Zone, down, top

NAMES = {"example.": (NS, SOA, DNSKEY), "a.example.": (A,), HOST: (A,), "z.example.": (A,)}
STAR = "*." + HOST
NEXT = "_tcp." + HOST
LIES = WhiteLies(EXAMPLE)


def chain(more=None, **how):
    return Nsec3Chain(EXAMPLE, dict(NAMES, **(more or {})), **how)


def rows(book):
    plain = chain()
    absent = plain.absent(OWNER)
    book.denied("nxdomain", [top(), absent])
    parts = {"encloser": LIES.match(HOST, A), "closer": LIES.cover(NEXT),
             "wildcard": LIES.cover(STAR)}
    book.denied("nxdomain-narrow", [top(), parts.values()])
    for left_out in parts:
        rest = [rrs for what, rrs in parts.items() if what != left_out]
        book.bogus(f"nxdomain-without-{left_out}", [top(), rest], "denial-missing")
        book.bogus(f"nxdomain-unsigned-{left_out}", [top(), rest, parts[left_out][0]],
                   "signature-missing")
        book.bogus(f"nxdomain-flipped-{left_out}", [top(), rest, parts[left_out][0],
                   flip(parts[left_out][1])])
        book.bogus(f"nxdomain-expired-{left_out}", [top(), rest, plain.zone.sign(
            parts[left_out][0], begin=NOW - 9, end=NOW - 1)], "signature-expired")
    there = chain({STAR: (book.type,)})
    book.bogus("nxdomain-wildcard-there", [top(), there.absent(OWNER)], "denial-missing")
    nodata(book)
    for what, types, fine in (("", (TXT,), True), ("-type", (book.type,), False),
                              ("-cname", (CNAME,), False), ("-delegation", (NS,), False)):
        star = chain({STAR: types})
        if fine:
            book.denied("wildcard-nodata" + what, [top(), star.absent(OWNER)], "no-data")
            book.bogus("wildcard-nodata-unproven", [top(), LIES.match(STAR, TXT), LIES.match(HOST)],
                       "denial-missing")
        else:
            book.bogus("wildcard-nodata" + what, [top(), star.absent(OWNER)], "denial-missing")
    deep = "_853._tcp." + ".".join("abcdefghijklmnop") + "." + HOST
    book.denied("nxdomain-deep", [top(), plain.absent(deep)], qname=deep)
    long = "_853._tcp." + ".".join(["x" * 20] * 10) + "." + HOST
    book.denied("nxdomain-long", [top(), plain.absent(long)], qname=long)
    book.denied("nxdomain-apex-encloser", [top(), plain.absent("_853._tcp.no.example.")],
                qname="_853._tcp.no.example.")
    root = Nsec3Chain(ROOT, {".": (NS, SOA), "b.": (NS,), "x.": (NS,)})
    book.denied("nxdomain-in-root", [ROOT.keys(), root.absent(OWNER)])
    book.bogus("nxdomain-in-root-but-delegated", [top(), root.absent(OWNER)], "signer-above-cut")


def nodata(book):
    types = {"": (TXT,), "-bare": (), "-apex-like": (NS, SOA, TXT)}
    for what, bits in types.items():
        book.denied("nodata" + what, [top(), chain({OWNER: bits}).match(OWNER)], "no-data")
    for what, bits in (("type", (TXT, book.type)), ("cname", (CNAME,)), ("delegation-signed", (NS, DS))):
        book.bogus("nodata-" + what, [top(), chain({OWNER: bits}).match(OWNER)], "denial-missing")
    book.insecure("nodata-delegation", [top(), chain({OWNER: (NS,)}).match(OWNER)])
    plain = chain({OWNER: (TXT,)})
    book.denied("nodata-empty-non-terminal", [top(), plain.match(NEXT)], "no-data", qname=NEXT)
    book.denied("nodata-apex", [top(), plain.match("example.")], "no-data", qname="example.")
    book.bogus("nodata-of-other-name", [top(), plain.match(HOST)], "denial-missing")
    book.bogus("nodata-cover-alone", [top(), chain().cover(OWNER)], "denial-missing")
    match = plain.match(OWNER)
    book.bogus("nodata-unsigned", [top(), match[0]], "signature-missing")
    book.bogus("nodata-flipped", [top(), match[0], flip(match[1])])
    book.denied("nodata-made-no-name", [top(), chain({OWNER: (RRSIG, NXNAME)}).match(OWNER)])
    book.denied("nodata-made", [top(), chain({OWNER: (RRSIG,)}).match(OWNER)], "no-data")
    book.denied("nodata-opt-out-bit", [top(), chain({OWNER: (TXT,)}, flags=1).match(OWNER)], "no-data")


def parameters(book):
    """Salt, iterations, algorithm, flags."""
    for what, how in (("salt", {"salt": b"\xaa\xbb\xcc\xdd"}), ("salt-255", {"salt": bytes(255)}),
                      ("iterations-1", {"iterations": 1}), ("iterations-50", {"iterations": 50}),
                      ("iterations-50-salt", {"iterations": 50, "salt": b"\1"})):
        book.denied("nxdomain-" + what, [top(), chain(**how).absent(OWNER)])
        book.denied("nodata-" + what, [top(), chain({OWNER: ()}, **how).match(OWNER)], "no-data")
    for n in (51, 150, 65535):
        fake = chain()
        link = EXAMPLE.sign(change(fake.match(HOST)[0], rdata=b"\1\0" + n.to_bytes(2, "big")
                                   + fake.match(HOST)[0].rdata[4:]))
        book.insecure(f"iterations-{n}", [top(), link], "nsec3-iterations")
        book.bogus(f"iterations-{n}-unsigned", [top(), link[0]], "signature-missing")
        book.bogus(f"iterations-{n}-flipped", [top(), link[0], flip(link[1])])
        book.bogus(f"iterations-{n}-told", [top(), link[0], fake.match(HOST)[1]])
        book.bogus(f"iterations-{n}-expired", [top(), EXAMPLE.sign(link[0], begin=NOW - 9, end=NOW - 1)],
                   "signature-expired")
    other, record = Zone("other."), EXAMPLE.sign(book.record())
    link = other.sign(nsec3("other.", hashed("other."), hashed("x.other."), A, iterations=60))
    book.bogus("iterations-of-other-zone", [top(), down(ROOT, other), link], "denial-missing")
    child = Zone("_tcp." + HOST)
    many = child.sign(nsec3(child.apex, hashed("a"), hashed("b"), A, iterations=60))
    book.insecure("iterations-of-child", [top(), down(EXAMPLE, child), many], "nsec3-iterations")
    book.secure("iterations-beside-record", [top(), chain(iterations=60).match(HOST), record])
    mixed(book)
    for what, how in (("algorithm-0", {"algorithm": 0}), ("algorithm-2", {"algorithm": 2}),
                      ("flags-2", {"flags": 2}), ("flags-3", {"flags": 3}), ("flags-255", {"flags": 255})):
        book.bogus(f"nxdomain-{what}", [top(), chain(**how).absent(OWNER)], "denial-missing")
        book.bogus(f"nodata-{what}", [top(), chain({OWNER: ()}, **how).match(OWNER)], "denial-missing")


def mixed(book):
    """All links of a proof belong together (RFC 5155 section 8.2)."""
    plain = chain()
    want = (("salt", {"salt": b"\1"}), ("iterations", {"iterations": 3}))
    for what, how in want:
        second, lies = chain(**how), WhiteLies(EXAMPLE, **how)
        book.bogus(f"mixed-{what}-closer", [top(), LIES.match(HOST), LIES.cover(STAR),
                   lies.cover(NEXT)], "denial-missing")
        book.bogus(f"mixed-{what}-wildcard", [top(), LIES.match(HOST), LIES.cover(NEXT),
                   lies.cover(STAR)], "denial-missing")
        book.bogus(f"mixed-{what}-encloser", [top(), lies.match(HOST), LIES.cover(NEXT),
                   LIES.cover(STAR)], "denial-missing")
        book.denied(f"mixed-{what}-both-whole", [top(), second.match(HOST), plain.absent(OWNER),
                    second.cover(NEXT)])
        book.denied(f"mixed-{what}-second-whole", [top(), plain.match(HOST), second.absent(OWNER)])
    # a closest encloser by NSEC3, the rest by NSEC: nothing
    book.bogus("mixed-nsec", [top(), plain.match(HOST), EXAMPLE.sign(nsec("x." + OWNER, "z.example.",
               A))], "denial-missing")


def guards(book):
    """Closest enclosers that may not be used (RFC 5155 section 8.3)."""
    for what, types, proof in (("delegation", (NS,), "insecure"), ("signed-delegation", (NS, DS), None),
                               ("dname", (DNAME,), None), ("apex-like", (NS, SOA), "denied"),
                               ("dname-apex-like", (NS, SOA, DNAME), None)):
        guarded = chain({HOST: types})
        rrs = [top(), guarded.absent(OWNER)]
        if proof == "insecure":
            book.insecure("guard-" + what, rrs)
        elif proof:
            book.denied("guard-" + what, rrs)
        else:
            book.bogus("guard-" + what, rrs, "denial-missing")
    child = Zone(HOST)
    own = Nsec3Chain(child, {HOST: (NS, SOA, DNSKEY), "q." + HOST: (A,)})
    book.denied("child-denies", [top(), down(EXAMPLE, child), own.absent(OWNER)])
    book.bogus("child-denies-signed-by-parent", [top(), down(EXAMPLE, child), [
        EXAMPLE.sign(rr) for rr in own.absent(OWNER) if rr.type == NSEC3]], "denial-missing")
    told = [rr for rr in own.absent(OWNER) if rr.type == NSEC3]
    book.bogus("names-of-child-signed-by-parent", [top(), [EXAMPLE.sign(rr) for rr in told]],
               "denial-missing")
    book.bogus("child-apex-for-ds", [top(), child.keys(), own.match(HOST), child.sign(book.record())],
               "denial-missing")
    other = Zone("other.")
    foreign = Nsec3Chain(other, {"other.": (NS, SOA), "z.other.": (A,)})
    book.bogus("sibling-denies", [top(), down(ROOT, other), foreign.match("other.")], "denial-missing")


def absence_of_ds(book):
    """Referrals (8.9) and opt-out (8.6)."""
    record = book.record()
    child = Zone(HOST)
    signed = [child.keys(), child.sign(record)]
    for what, bits, proof in (("", (NS,), "insecure"), ("-ds", (NS, DS), None), ("-soa", (NS, SOA), None),
                              ("-cname", (NS, CNAME), None)):
        rrs = [top(), chain({HOST: bits}).match(HOST), signed]
        if proof:
            book.insecure("referral" + what, rrs)
        else:
            book.bogus("referral" + what, rrs, "denial-missing")
    book.bogus("referral-no-ns", [top(), chain({HOST: (A,)}).match(HOST), signed], "dnskey-missing")
    hidden = dict(NAMES)
    hidden.pop(HOST)
    for flags in (0, 1):
        out = Nsec3Chain(EXAMPLE, hidden, flags=flags)
        cover = [out.match("example."), out.cover(HOST)]
        if flags:
            book.insecure("opt-out-referral", [top(), cover, signed], "opt-out")
            book.insecure("opt-out-referral-unsigned", [top(), cover, record], "opt-out")
            apex = LIES.match("example.", NS, SOA)
            narrow = LIES.cover(HOST, flags=1)
            book.insecure("opt-out-referral-narrow", [top(), apex, narrow, record], "opt-out")
            book.bogus("opt-out-referral-cover-alone", [top(), narrow, record], "signature-missing")
            book.bogus("opt-out-referral-forged", [top(), apex, narrow[0], record],
                       "signature-missing")
            book.bogus("opt-out-other-span", [top(), apex, LIES.cover("dnt.example.", flags=1), record],
                       "signature-missing")
            book.bogus("opt-out-of-apex-alone", [top(), LIES.match("example.", NS, SOA, flags=1),
                       LIES.cover(HOST), record], "signature-missing")
        else:
            book.bogus("no-opt-out-referral", [top(), cover, record], "signature-missing")
            book.denied("no-opt-out-referral-denied", [top(), out.absent(OWNER), record])
    opt_out(book)


def opt_out(book):
    """Opt-out denies nothing (RFC 5155 section 9.2)."""
    out = chain(flags=1)
    book.insecure("opt-out-nxdomain", [top(), out.absent(OWNER)], "opt-out")
    star = chain({STAR: (TXT,)}, flags=1)
    book.insecure("opt-out-wildcard-nodata", [top(), star.absent(OWNER)], "opt-out")
    signed = chain({HOST: (NS, DS)}, flags=1)
    child = Zone(HOST)
    book.bogus("opt-out-signed-child-hidden", [top(), signed.match(HOST), child.keys(), child.sign(
        book.record())], "denial-missing")
    book.bogus("opt-out-parent-of-signed", [ROOT.keys(), Nsec3Chain(ROOT, {".": (NS, SOA), "example.": (
        NS, DS)}, flags=1).match("."), EXAMPLE.keys(), EXAMPLE.sign(book.record())], "denial-missing")
    # the bit of the cover counts, not that of others
    hash_of = hashed(NEXT)
    low, high = step(hash_of, -1), step(hash_of, 1)
    wide = [LIES.match(HOST), EXAMPLE.sign(nsec3("example.", low, high, flags=1)), LIES.cover(STAR)]
    book.insecure("opt-out-narrow", [top(), wide], "opt-out")
    wide[1] = EXAMPLE.sign(nsec3("example.", low, high))
    book.denied("no-opt-out-narrow", [top(), wide])


def circle(book):
    """Hashes in a circle, and owners that are no hashes."""
    want = hashed(NEXT)
    plain = chain()
    around = plain.match(HOST), EXAMPLE.sign(nsec3("example.", step(hashed(STAR), -1), step(hashed(
        STAR), 1)))
    rows_ = (("narrow", step(want, -1), step(want, 1), True), ("from-owner", want, step(want, 1), False),
             ("to-next", step(want, -1), want, False), ("past", step(want, 1), step(want, 2), False),
             ("before", step(want, -2), step(want, -1), False),
             ("wraps-before", bytes([255] * 20), step(want, 1), True),
             ("wraps-after", step(want, -1), bytes(20), True),
             ("wraps-outside", step(want, 1), step(want, -1), False),
             ("wraps-all-but-one", step(want, 9), step(want, 9), True),
             ("all-but-itself", want, want, True))
    for what, low, high, fine in rows_:
        rrs = [top(), around, EXAMPLE.sign(nsec3("example.", low, high))]
        if fine:
            book.denied("circle-" + what, rrs)
        else:
            book.bogus("circle-" + what, rrs, "denial-missing")
    single = Nsec3Chain(EXAMPLE, {"example.": (NS, SOA)})
    book.denied("single-link", [top(), single.match("example.")])
    book.denied("single-link-nodata", [top(), single.match("example.")], "no-data", qname="example.")
    letters = base32hex(step(want, -1))
    for what, owner in (("short", letters[:-1]), ("long", letters + "0"), ("w", "w" + letters[1:]),
                        ("dash", letters[:5] + "-" + letters[6:]), ("empty", "x"),
                        ("equals", letters[:-1] + "=")):
        link = nsec3("example.", b"", step(want, 1), owner=owner + ".example.")
        book.bogus("owner-" + what, [top(), around, EXAMPLE.sign(link)], "denial-missing")
    book.bogus("owner-deeper", [top(), around, EXAMPLE.sign(nsec3(
        "example.", b"", step(want, 1), owner=letters + ".x.example."))], "denial-missing")
    for what, octets in (("19", want[:19]), ("21", step(want, 1) + b"\0"), ("0", b""), ("32", bytes(32))):
        book.bogus("next-hash-" + what, [top(), around, EXAMPLE.sign(nsec3(
            "example.", step(want, -1), octets))], "denial-missing")
    both = [nsec3("example.", step(want, -1), step(want, n)) for n in (1, 2)]
    book.bogus("two-in-a-set", [top(), around, EXAMPLE.sign(both)], "denial-missing")
    for what, octets in (("window-twice", b"\0\1\2\0\1\2"), ("window-33", b"\0\x21" + bytes(33)),
                         ("odd-octet", b"\0\1\1\5")):
        link = nsec3("example.", hashed(OWNER), step(hashed(OWNER), 1), types_octets=octets)
        book.bogus("bitmap-" + what, [top(), EXAMPLE.sign(link)], "denial-missing")
    truncated = nsec3("example.", hashed(OWNER), step(hashed(OWNER), 1))
    for n in (0, 1, 4, 5, 6, 20):
        book.bogus(f"cut-{n}", [top(), EXAMPLE.sign(change(truncated, rdata=truncated.rdata[:n]))],
                   "denial-missing")


FILES = {"nsec3": (rows, parameters, guards, absence_of_ds, circle)}
TLSA_ALONE = ()
