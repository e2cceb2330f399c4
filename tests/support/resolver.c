/* SPDX-License-Identifier: BSD-2-Clause
 * What does a resolver answer that has no network? */
#include "support/resolver.h"

#include "crypto/digest.h"
#include "dns/rr.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 65535
#define STEPS_MAX 16 /* of aliases in one answer */
#define HASH_OCTETS 20
#define HASH_LETTERS 32

enum { RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

static bool
is_denial(uint16_t type)
{
	return type == DP_TYPE_NSEC || type == DP_TYPE_NSEC3 || type == DP_TYPE_SOA;
}

/* The type of a record; of an RRSIG: what it covers. */
static uint16_t
type_about(const dp_rr *rr)
{
	dp_rrsig sig;

	if (rr->type == DP_TYPE_RRSIG && dp_rrsig_parse(rr->rdata, &sig) == DANEPRIV_OK)
		return sig.covered;
	return rr->type;
}

/* Is the record an answer to this question? */
static bool
answers(const dp_rr *rr, dp_name name, uint16_t type)
{
	uint16_t about = type_about(rr);

	if (about == DP_TYPE_DNAME)
		return dp_name_below(name, rr->owner);
	return dp_name_equal(rr->owner, name) && (about == type || about == DP_TYPE_CNAME);
}

/* The hash of a name, as the owner of its NSEC3 begins with it. */
static void
hash_of(const dp_nsec3 *nsec3, dp_name name, uint8_t out[DP_DIGEST_OCTETS_MAX])
{
	uint8_t lowered[DP_NAME_OCTETS_MAX], before[HASH_OCTETS];
	dp_buffer b = dp_buffer_over(lowered, sizeof lowered);

	dp_name_write(&b, name, true);
	if (!dp_digest(DP_DIGEST_SHA1, dp_buffer_span(&b), nsec3->salt, out))
		abort();
	for (unsigned i = 0; i < nsec3->iterations; i++) {
		memcpy(before, out, HASH_OCTETS);
		if (!dp_digest(
			DP_DIGEST_SHA1, (danepriv_span){ before, HASH_OCTETS }, nsec3->salt, out))
			abort();
	}
}

/* Base32hex keeps the order of what it encodes (RFC 4648 section 7). */
static void
encode(const uint8_t *hash, char letters[HASH_LETTERS])
{
	for (unsigned i = 0; i < HASH_LETTERS; i++) {
		unsigned bit = 5 * i, two = (unsigned)hash[bit / 8] << 8;
		if (bit / 8 + 1 < HASH_OCTETS)
			two |= hash[bit / 8 + 1];
		letters[i] = "0123456789abcdefghijklmnopqrstuv"[two >> (11 - bit % 8) & 31];
	}
}

/* The owner of the NSEC3 that matches a name, or covers it; no name: there is none. */
static dp_name
speaker_of(danepriv_span chain, dp_name name, bool match)
{
	dp_reader r = dp_reader_over(chain);
	uint8_t hash[DP_DIGEST_OCTETS_MAX];
	char wanted[HASH_LETTERS], next[HASH_LETTERS];
	dp_nsec3 nsec3;
	dp_rr rr;

	while (dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr)) {
		if (rr.type != DP_TYPE_NSEC3 || dp_nsec3_parse(rr.rdata, &nsec3) != DANEPRIV_OK)
			continue;
		hash_of(&nsec3, name, hash);
		encode(hash, wanted);
		encode(nsec3.next.data, next);
		int after_owner = memcmp(wanted, rr.owner.octets + 1, HASH_LETTERS);
		bool is_last = memcmp(rr.owner.octets + 1, next, HASH_LETTERS) > 0;
		bool before_next = memcmp(wanted, next, HASH_LETTERS) < 0;
		bool covers =
		    is_last ? after_owner > 0 || before_next : after_owner > 0 && before_next;
		if (match ? after_owner == 0 : covers)
			return rr.owner;
	}
	return (dp_name){ NULL, 0 };
}

/* Whose NSEC3 records speak of a name: its own, or those of its closest encloser, of the name below
 * that, and of the wildcard (RFC 5155 section 7.2). */
static void
find_speakers(danepriv_span chain, dp_name name, dp_name owners[3])
{
	dp_name closer = name;
	dp_name_store wildcard;

	memset(owners, 0, 3 * sizeof *owners);
	owners[0] = speaker_of(chain, name, true);
	while (owners[0].len == 0 && !dp_name_is_root(name)) {
		closer = name;
		name = dp_name_parent(name);
		owners[0] = speaker_of(chain, name, true);
	}
	if (name.len == closer.len || dp_name_wildcard(name, &wildcard) != DANEPRIV_OK)
		return;
	owners[1] = speaker_of(chain, closer, false);
	owners[2] = speaker_of(chain, dp_name_of(&wildcard), false);
}

/* Is the record, which denies, one of those? */
static bool
is_among(const dp_rr *rr, const dp_name owners[3])
{
	bool found = type_about(rr) != DP_TYPE_NSEC3;

	for (unsigned i = 0; i < 3; i++)
		found = found || dp_name_equal(rr->owner, owners[i]);
	return found;
}

/* Is the record left out, by a resolver with this fault? */
static bool
is_lost(const dp_rr *rr, resolver_fault fault)
{
	bool is_signature = rr->type == DP_TYPE_RRSIG;

	if (fault == FAULT_UNSIGNED)
		return is_signature;
	if (fault == FAULT_OPEN_DENIAL)
		return is_signature && is_denial(type_about(rr));
	return fault == FAULT_NO_DENIAL && is_denial(type_about(rr));
}

/* Writes the records of the chain that belong into the message; returns how many. */
static uint16_t
write_records(
    dp_buffer *out, danepriv_span chain, dp_name name, uint16_t type, resolver_fault fault)
{
	dp_reader r = dp_reader_over(chain);
	uint16_t count = 0;
	dp_name owners[3];
	dp_rr rr;

	if (fault == FAULT_CLOSEST)
		find_speakers(chain, name, owners);
	while (dp_reader_left(&r) > 0) {
		danepriv_span whole = { chain.data + r.at, r.at };
		if (!dp_rr_read(&r, &rr))
			break;
		whole.len = r.at - whole.len;
		if (fault != FAULT_EVERYTHING && !answers(&rr, name, type) &&
		    !is_denial(type_about(&rr)))
			continue;
		if ((fault == FAULT_CLOSEST && !is_among(&rr, owners)) || is_lost(&rr, fault))
			continue;
		dp_write_span(out, whole);
		if (fault == FAULT_FORGED && rr.type == DP_TYPE_RRSIG)
			out->data[out->len - 1] ^= 1;
		count++;
	}
	return count;
}

/* Where an alias of this name leads; false when the chain has none. */
static bool
next_step(danepriv_span chain, dp_name_store *name)
{
	dp_reader r = dp_reader_over(chain);
	dp_name target;
	dp_rr rr;

	while (dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr))
		if (rr.type == DP_TYPE_CNAME && dp_name_equal(rr.owner, dp_name_of(name)) &&
		    dp_rr_target_parse(rr.rdata, &target) == DANEPRIV_OK) {
			dp_name_keep(name, target);
			return true;
		}
	return false;
}

/* The same with all the steps that follow. */
static uint16_t
write_steps(dp_buffer *out, danepriv_span chain, dp_name name, uint16_t type, resolver_fault fault)
{
	uint16_t count = write_records(out, chain, name, type, fault);
	dp_name_store at;

	dp_name_keep(&at, name);
	for (unsigned step = 0; fault == FAULT_FOLLOWS && step < STEPS_MAX; step++) {
		if (!next_step(chain, &at))
			break;
		count = (uint16_t)(count + write_records(out, chain, dp_name_of(&at), type, fault));
	}
	return count;
}

static uint16_t
flags_of(resolver_fault fault)
{
	uint16_t flags = fault == FAULT_NO_RESPONSE ? 0x0100 : 0x8180;

	if (fault == FAULT_TRUNCATED)
		flags |= 0x0200;
	if (fault == FAULT_SERVFAIL)
		flags |= RCODE_SERVFAIL;
	if (fault == FAULT_REFUSED)
		flags |= RCODE_REFUSED;
	if (fault == FAULT_FORMERR)
		flags |= RCODE_FORMERR;
	if (fault == FAULT_NAME_ERROR)
		flags |= RCODE_NXDOMAIN;
	return flags;
}

static bool
has_records(resolver_fault fault)
{
	return fault != FAULT_SERVFAIL && fault != FAULT_REFUSED && fault != FAULT_FORMERR &&
	       fault != FAULT_EMPTY && fault != FAULT_NAME_ERROR;
}

test_octets
resolver_answer(danepriv_span chain, const danepriv_question *question, resolver_fault fault)
{
	static uint8_t room[MESSAGE_MAX];
	dp_buffer out = dp_buffer_over(room, sizeof room);
	dp_name_store name;

	if (dp_name_from_text(question->name, &name) != DANEPRIV_OK)
		abort();
	dp_write_u16(&out, 7);
	dp_write_u16(&out, flags_of(fault));
	dp_write_u16(&out, fault == FAULT_NO_QUESTION ? 0 : 1);
	for (unsigned i = 0; i < 3; i++)
		dp_write_u16(&out, 0);
	if (fault != FAULT_NO_QUESTION) {
		dp_name asked = dp_name_of(&name);
		dp_name_write(
		    &out, fault == FAULT_OTHER_NAME ? dp_name_parent(asked) : asked, false);
		dp_write_u16(&out, (uint16_t)(question->type + (fault == FAULT_OTHER_TYPE)));
		dp_write_u16(&out, fault == FAULT_OTHER_CLASS ? 3 : 1);
	}
	if (has_records(fault))
		dp_buffer_patch_u16(
		    &out, 6, write_steps(&out, chain, dp_name_of(&name), question->type, fault));
	if (out.status != DANEPRIV_OK)
		abort();
	danepriv_span message = dp_buffer_span(&out);
	if (fault == FAULT_CUT)
		message.len--;
	if (fault == FAULT_MALFORMED)
		room[5]++; /* one question more than there is */
	return octets_copy(message);
}

test_octets
resolver_answer_with(
    danepriv_span chain, const danepriv_question *question, resolver_fault fault, uint16_t error)
{
	test_octets plain = resolver_answer(chain, question, fault);
	dp_buffer out = dp_buffer_growing(MESSAGE_MAX);

	dp_write_span(&out, octets_span(plain));
	octets_free(plain);
	dp_buffer_patch_u16(&out, 10, 1);
	dp_write_u8(&out, 0);
	dp_write_u16(&out, DP_TYPE_OPT);
	dp_write_u16(&out, 1232);
	dp_write_u32(&out, 0);
	dp_write_u16(&out, 6);
	dp_write_u16(&out, 15);
	dp_write_u16(&out, 2);
	dp_write_u16(&out, error);
	return octets_of_buffer(&out);
}

danepriv_status
resolver_give(danepriv_lookup *lookup, danepriv_span chain, const danepriv_question *question,
    resolver_fault fault)
{
	if (fault == FAULT_TIMEOUT)
		return danepriv_lookup_give_failure(
		    lookup, question->id, DANEPRIV_REASON_QUERY_TIMEOUT);
	if (fault == FAULT_FAILED)
		return danepriv_lookup_give_failure(
		    lookup, question->id, DANEPRIV_REASON_QUERY_FAILED);
	if (fault == FAULT_CANCELLED)
		return danepriv_lookup_give_failure(
		    lookup, question->id, DANEPRIV_REASON_CANCELLED);
	test_octets message = resolver_answer(chain, question, fault);
	danepriv_status status =
	    danepriv_lookup_give_answer(lookup, question->id, octets_span(message));
	octets_free(message);
	return status;
}
