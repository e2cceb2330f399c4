# SPDX-License-Identifier: BSD-2-Clause
"""How can a resolver lie?  Each lie is a function (question, reply, upstream) that spoils the
honest reply in place; it may also return octets to send instead, or DROP to send nothing."""

import random

import dns.dnssec
import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype as T
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

DROP = object()
EVIL = "ee" * 32
MONTH = 30 * 86400
NSEC = dns.name.from_text("nsec.test.")
IPSECA = 65347

LIES = {}


def lie(function):
    """Puts a function into the table, under its name with hyphens."""
    LIES[function.__name__.replace("_", "-")] = function
    return function


def over_udp(function):
    """The same, told over UDP alone."""
    def told(question, reply, upstream):
        return function(question, reply, upstream)

    told.over_udp = True
    LIES[function.__name__.replace("_", "-") + "-over-udp"] = told
    return function


def strip(reply, types):
    for section in (reply.answer, reply.authority):
        section[:] = [s for s in section if s.rdtype not in types]


def empty(reply, rcode=dns.rcode.NOERROR):
    reply.answer[:], reply.authority[:], reply.additional[:] = [], [], []
    reply.set_rcode(rcode)


def deny_by(proof, reply, rcode=dns.rcode.NOERROR):
    """A denial with the authority section of another answer."""
    empty(reply, rcode)
    reply.authority[:] = proof.authority


def claim_secure(reply):
    reply.flags |= dns.flags.AD


def is_tlsa(question):
    return question.rdtype in (T.TLSA, IPSECA)


def evil_records(owner, rdtype=T.TLSA):
    if rdtype == IPSECA:
        return dns.rrset.from_text(owner, 300, "IN", rdtype, f"\\# 35 030101{EVIL}")
    return dns.rrset.from_text(owner, 300, "IN", rdtype, f"3 1 1 {EVIL}")


def rewritten(rrset, change):
    """The set with each record's wire form passed through `change`."""
    wires = [change(bytearray(r.to_wire())) for r in rrset]
    records = [dns.rdata.from_wire("IN", rrset.rdtype, bytes(w), 0, len(w)) for w in wires]
    return dns.rrset.from_rdata_list(rrset.name, rrset.ttl, records)


# Nothing is spoiled, or nothing that matters.

@lie
def honest(_question, _reply, _upstream):
    """The control: what comes out must be the truth."""


@lie
def inflated_ttl(_question, reply, _upstream):
    """A TTL far above the original TTL of the signature."""
    for rrset in reply.answer + reply.authority:
        rrset.ttl = MONTH


@lie
def junk_record(question, reply, _upstream):
    """A NAPTR nobody asked for, with a signature that is not its own."""
    signatures = [s for s in reply.answer if s.rdtype == T.RRSIG]
    if is_tlsa(question) and signatures:
        text = signatures[0][0].to_text().replace("TLSA", "NAPTR", 1)
        owner = question.name
        reply.answer.append(dns.rrset.from_text(
            owner, 300, "IN", "NAPTR", '1 1 "u" "x" "" a.b.c.example.'))
        reply.answer.append(dns.rrset.from_text(owner, 300, "IN", "RRSIG", text))


@lie
def shuffled(_question, reply, _upstream):
    """Another order of records and sections."""
    random.Random(1).shuffle(reply.answer)
    random.Random(2).shuffle(reply.authority)


@lie
def odd_case(_question, reply, _upstream):
    """Owner names in capitals; DNS does not care."""
    for rrset in reply.answer + reply.authority:
        rrset.name = dns.name.from_text(rrset.name.to_text().upper())


@lie
def padded_to_64k(_question, reply, _upstream):
    """As much junk as fits into a message; only TCP can carry it."""
    octets = reply.to_wire(max_size=65535)
    junk = b"\0\0\x10\0\x01\0\0\x01\x2c\0\xfb\xfa" + b"x" * 250
    count = (65535 - len(octets)) // len(junk)
    additional = int.from_bytes(octets[10:12], "big") + count
    return octets[:10] + additional.to_bytes(2, "big") + octets[12:] + junk * count


# Records are forged, or taken from elsewhere.

@lie
def forged_records(_question, reply, _upstream):
    """The owner's signature over somebody else's data."""
    for rrset in [s for s in reply.answer if s.rdtype in (T.TLSA, IPSECA)]:
        reply.answer.remove(rrset)
        reply.answer.insert(0, evil_records(rrset.name, rrset.rdtype))
    claim_secure(reply)


@lie
def added_record(_question, reply, _upstream):
    """One more record in the owner's set."""
    for rrset in reply.answer:
        if rrset.rdtype == T.TLSA:
            rrset.add(evil_records(rrset.name)[0])


@lie
def injected_records(question, reply, _upstream):
    """Unsigned records where there are none."""
    if question.rdtype == T.TLSA:
        empty(reply)
        reply.answer.append(evil_records(question.name))
        claim_secure(reply)


@lie
def other_name(question, reply, upstream):
    """A well-signed set of another name, under this one."""
    if question.rdtype == T.TLSA:
        other = upstream.ask("_853._tcp.ns1.rsa256.test.", "TLSA")
        empty(reply)
        for rrset in other.answer:
            rrset.name = question.name
            reply.answer.append(rrset)


@lie
def unsigned_alias(question, reply, upstream):
    """A CNAME that nobody signed, to a name that is signed well."""
    if question.rdtype == T.TLSA:
        target = "_853._tcp.ns1.rsa256.test."
        other = upstream.ask(target, "TLSA")
        empty(reply)
        reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", "CNAME", target))
        reply.answer += other.answer


@lie
def alias_loop(question, reply, _upstream):
    """Two names that point at each other."""
    if question.rdtype == T.TLSA:
        empty(reply)
        away = dns.name.from_text("_853._tcp.away.nsec.test.")
        for owner, target in ((question.name, away), (away, question.name)):
            reply.answer.append(dns.rrset.from_text(owner, 300, "IN", "CNAME", target.to_text()))


@lie
def wrong_label_count(_question, reply, _upstream):
    """Signatures that claim to come from a wildcard."""
    def fewer(wire):
        wire[3] = max(0, wire[3] - 1)
        return wire
    reply.answer[:] = [rewritten(s, fewer) if s.rdtype == T.RRSIG else s for s in reply.answer]


@lie
def broken_signatures(_question, reply, _upstream):
    def flip(wire):
        wire[-1] ^= 1
        return wire
    reply.answer[:] = [rewritten(s, flip) if s.rdtype == T.RRSIG else s for s in reply.answer]


@lie
def flood_of_signatures(question, reply, _upstream):
    """A hundred bad signatures before the good one."""
    for rrset in [s for s in reply.answer if s.rdtype == T.RRSIG and is_tlsa(question)]:
        wire = rrset[0].to_wire()
        bad = [wire[:-4] + n.to_bytes(4, "big") for n in range(100)]
        records = [dns.rdata.from_wire("IN", "RRSIG", w, 0, len(w)) for w in bad]
        reply.answer.remove(rrset)
        reply.answer.append(dns.rrset.from_rdata_list(rrset.name, 300, records + list(rrset)))


_evil_key = ec.generate_private_key(ec.SECP256R1())
_evil_dnskey = dns.dnssec.make_dnskey(_evil_key.public_key(), "ECDSAP256SHA256", 257)


def _evil_signature(rrset):
    signature = dns.dnssec.sign(rrset, _evil_key, NSEC, _evil_dnskey, lifetime=86400)
    return dns.rrset.from_rdata_list(rrset.name, rrset.ttl, [signature])


@lie
def own_keys(question, reply, _upstream):
    """The zone's keys are replaced, and everything is signed with the new one."""
    if question.name == NSEC and question.rdtype == T.DNSKEY:
        rrset = dns.rrset.from_rdata_list(NSEC, 300, [_evil_dnskey])
    elif question.rdtype == T.TLSA and question.name.is_subdomain(NSEC):
        rrset = evil_records(question.name)
    else:
        return
    empty(reply)
    reply.answer += [rrset, _evil_signature(rrset)]


@lie
def added_key(question, reply, _upstream):
    """The zone's keys with another one among them, under the owner's signature."""
    if question.name == NSEC and question.rdtype == T.DNSKEY:
        next(s for s in reply.answer if s.rdtype == T.DNSKEY).add(_evil_dnskey)
    elif question.rdtype == T.TLSA and question.name.is_subdomain(NSEC):
        rrset = evil_records(question.name)
        empty(reply)
        reply.answer += [rrset, _evil_signature(rrset)]


# A signed zone is passed off as unsigned.

@over_udp
@lie
def stripped(_question, reply, _upstream):
    """No signatures at all, but the AD bit says that all is well."""
    strip(reply, [T.RRSIG])
    claim_secure(reply)


@over_udp
@lie
def stripped_records(question, reply, _upstream):
    """Only the records have lost their signature."""
    if is_tlsa(question):
        strip(reply, [T.RRSIG])


@lie
def no_ds(question, reply, _upstream):
    """The zone has no DS, and nothing proves it."""
    if question.name == NSEC and question.rdtype == T.DS:
        empty(reply)
    elif question.name.is_subdomain(NSEC):
        strip(reply, [T.RRSIG, T.NSEC])
        claim_secure(reply)


def deny_ds(question, reply, upstream, *other):
    """The zone has no DS, says the answer to another question, and nothing in it is signed."""
    if question.name == NSEC and question.rdtype == T.DS:
        deny_by(upstream.ask(*other), reply)
    elif question.name.is_subdomain(NSEC):
        strip(reply, [T.RRSIG, T.NSEC])


@lie
def no_ds_by_sibling(question, reply, upstream):
    """The zone has no DS, which another zone's true NSEC is to prove."""
    deny_ds(question, reply, upstream, "insecure.test.", "DS")


@lie
def no_ds_by_child(question, reply, upstream):
    """The zone has no DS, says the child's own NSEC at its apex."""
    deny_ds(question, reply, upstream, "nsec.test.", "TXT")


@lie
def unknown_ds(question, reply, _upstream):
    """The DS names an algorithm that nobody knows."""
    def unknown(wire):
        wire[2] = 113
        return wire
    if question.rdtype == T.DS:
        reply.answer[:] = [rewritten(s, unknown) if s.rdtype == T.DS else s for s in reply.answer]
    elif question.name.is_subdomain(NSEC):
        strip(reply, [T.RRSIG])


@lie
def no_keys(question, reply, _upstream):
    """Empty answers for keys."""
    if question.rdtype == T.DNSKEY:
        empty(reply)


# What exists is denied.

@lie
def nxdomain(question, reply, _upstream):
    """No such name, without any proof."""
    if is_tlsa(question):
        empty(reply, dns.rcode.NXDOMAIN)
        claim_secure(reply)


@lie
def nodata(question, reply, _upstream):
    """No such records, without any proof."""
    if is_tlsa(question):
        empty(reply)


@lie
def nxdomain_by_ancestor(question, reply, upstream):
    """The parent's NSEC at the zone cut denies a name below it (RFC 6840 section 4.1)."""
    if is_tlsa(question):
        deny_by(upstream.ask("nsec0.test.", "A"), reply, dns.rcode.NXDOMAIN)
        claim_secure(reply)


@lie
def nxdomain_by_dname(question, reply, upstream):
    """The NSEC of a DNAME denies a name below it (RFC 6672 section 5.3.2)."""
    if is_tlsa(question):
        deny_by(upstream.ask("d.alias.test.", "TXT"), reply, dns.rcode.NXDOMAIN)


@lie
def nodata_by_parent(question, reply, upstream):
    """A true NSEC of the root, which has nothing to do with it."""
    if is_tlsa(question):
        deny_by(upstream.ask("txt.", "TLSA"), reply)


@lie
def nodata_by_neighbour(question, reply, upstream):
    """A true NSEC of the same zone, but for another name."""
    if is_tlsa(question):
        deny_by(upstream.ask("_853._tcp.nodata.nsec.test.", "TLSA"), reply)


@lie
def nxdomain_by_optout(question, reply, upstream):
    """Opt-out NSEC3 of another zone."""
    if is_tlsa(question):
        deny_by(upstream.ask("_853._tcp.bare.optout.test.", "TLSA"), reply, dns.rcode.NXDOMAIN)


@over_udp
@lie
def no_proofs(_question, reply, _upstream):
    """The authority section is always empty: denials and wildcards lose their proof."""
    reply.authority[:] = []


@over_udp
@lie
def open_proofs(_question, reply, _upstream):
    """Denials have lost their signatures, and answers have not."""
    reply.authority[:] = [s for s in reply.authority if s.rdtype != T.RRSIG]


# Answers that are none.

def _register_failures():
    """Failures of every kind, on every kind of question."""
    kinds = {"tlsa": (T.TLSA, IPSECA), "ds": (T.DS,), "dnskey": (T.DNSKEY,), "all": None}
    codes = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED,
             "formerr": dns.rcode.FORMERR, "timeout": None}

    def failure(types, code):
        def fail(question, reply, _upstream):
            if types and question.rdtype not in types:
                return None
            if code is None:
                return DROP
            return empty(reply, code)
        return fail

    for kind, types in kinds.items():
        for word, code in codes.items():
            LIES[f"{word}-on-{kind}"] = failure(types, code)


_register_failures()


@lie
def servfail_with_word(_question, reply, _upstream):
    """A refusal that gives its reason (RFC 8914)."""
    empty(reply, dns.rcode.SERVFAIL)
    reply.use_edns(0, options=[dns.edns.EDEOption(9, "no key")])


@lie
def wrong_id(_question, reply, _upstream):
    reply.id ^= 0x5555


@lie
def wrong_question(_question, reply, _upstream):
    """The answer to a question that was not asked."""
    name = dns.name.from_text("_853._tcp.other.test.")
    reply.question = [dns.rrset.RRset(name, 1, T.TLSA)]


@lie
def cut_short(_question, reply, _upstream):
    """The message ends in the middle of a record."""
    octets = reply.to_wire(max_size=65535)
    return octets[:max(12, len(octets) - 40)]


@lie
def garbage(_question, reply, _upstream):
    """A header that promises much, and noise."""
    noise = random.Random(3).randbytes(400)
    return reply.id.to_bytes(2, "big") + b"\x85\x80\x00\x01\x00\x09\x00\x09\x00\x09" + noise


@lie
def tiny(_question, reply, _upstream):
    return reply.id.to_bytes(2, "big") + b"\x85\x80\x00"


@lie
def always_truncated(_question, reply, _upstream):
    """TC over UDP and over TCP."""
    empty(reply)
    reply.flags |= dns.flags.TC


@lie
def compression_loop(_question, reply, _upstream):
    """A name that points at itself, as the owner of the answer."""
    question = reply.question[0].name.to_wire() + int(reply.question[0].rdtype).to_bytes(2, "big") \
        + b"\x00\x01"
    here = (12 + len(question)).to_bytes(2, "big")
    return (reply.id.to_bytes(2, "big") + b"\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question
            + bytes([here[0] | 0xC0, here[1]]) + b"\x00\x34\x00\x01\x00\x00\x01\x2c\x00\x00")
