/* SPDX-License-Identifier: BSD-2-Clause
 * Which answers lack what would prove them, and can be taken back?
 *
 * What a resolver, or a box on the way, left out by accident makes a zone bogus that is signed well
 * (RFC 4035 section 3.2.1 has signatures go with what they are over).  Seen by the form of an
 * answer alone: in a zone that is not signed, every answer is like that. */
#include "dnssec/lacking.h"

#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/evidence.h"
#include "dnssec/questions.h"

#include <danepriv/records.h>
#include <danepriv/status.h>

bool
dp_lacking_is_reason(danepriv_reason reason)
{
	return reason == DANEPRIV_REASON_SIGNATURE_MISSING ||
	       reason == DANEPRIV_REASON_DNSKEY_MISSING ||
	       reason == DANEPRIV_REASON_SERVED_LOCALLY ||
	       reason == DANEPRIV_REASON_DENIAL_MISSING ||
	       reason == DANEPRIV_REASON_WILDCARD_UNPROVEN;
}

/* Did the answer to this question bring it? */
static bool
is_from(const dp_item *item, const dp_question *question)
{
	return item->source + 1u == question->source;
}

/* What one answer has. */
typedef struct content {
	bool has_answer; /* to the question, or an alias */
	bool has_denial;
	bool has_alias_above;
	bool is_expanded; /* from a wildcard */
	bool is_unsigned; /* a set has no signature */
} content;

/* Is a signature over this RRset in the same answer? */
static bool
is_signed(const dp_evidence *e, size_t first)
{
	dp_rrsig sig;

	for (size_t i = dp_evidence_signatures(e, first); i < e->count; i = dp_evidence_next(e, i))
		if (dp_rrsig_parse(e->items[i].rr.rdata, &sig) == DANEPRIV_OK &&
		    sig.covered == e->items[first].rr.type)
			return true;
	return false;
}

/* Was one of these signatures made over a wildcard? */
static bool
is_expanded(const dp_evidence *e, size_t first)
{
	dp_name owner = e->items[first].rr.owner;
	unsigned labels = dp_name_labels(owner) - (dp_name_is_wildcard(owner) ? 1 : 0);
	dp_rrsig sig;

	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i))
		if (dp_rrsig_parse(e->items[i].rr.rdata, &sig) == DANEPRIV_OK &&
		    sig.labels < labels)
			return true;
	return false;
}

/* Takes down what an RRset of an answer to `question` is. */
static void
note_set(const dp_evidence *e, size_t first, const dp_question *question, content *c)
{
	const dp_rr *rr = &e->items[first].rr;
	bool is_there = dp_name_equal(rr->owner, dp_name_of(&question->name));

	switch (rr->type) {
	case DP_TYPE_RRSIG:
		c->is_expanded |= is_expanded(e, first);
		return;
	case DP_TYPE_NSEC:
	case DP_TYPE_NSEC3:
		c->has_denial = true;
		break;
	case DP_TYPE_DNAME:
		c->has_alias_above = true;
		c->has_answer = true;
		break;
	case DP_TYPE_CNAME:
		c->has_answer |= is_there;
		/* It follows from the DNAME, which is before it (RFC 6672 section 3.1). */
		if (c->has_alias_above)
			return;
		break;
	case DP_TYPE_NS:
		/* Beside an answer nobody needs them. */
		if (question->type != DP_TYPE_NS)
			return;
		break;
	default:
		break;
	}
	c->has_answer |= is_there && rr->type == question->type;
	c->is_unsigned |= !is_signed(e, first);
}

static content
content_of(const dp_evidence *e, const dp_question *question)
{
	content c = { .has_answer = false };

	if (question->source == 0)
		return c;
	for (size_t i = dp_evidence_of(e, question->source - 1);
	     i < e->count && is_from(&e->items[i], question); i++)
		if (dp_evidence_is_first(e, i))
			note_set(e, i, question, &c);
	return c;
}

/* Do the keys of this zone prove themselves? */
static bool
has_keys(const dp_validator *v, dp_name zone)
{
	for (size_t i = 0; i < v->zone_count; i++)
		if (v->zones[i].proven.security == DANEPRIV_SECURITY_SECURE &&
		    dp_name_equal(v->zones[i].name, zone))
			return true;
	return false;
}

bool
dp_lacking_answer(const dp_validator *v, const dp_question *question, danepriv_reason reason)
{
	content c = content_of(&v->evidence, question);

	if (question->type == DP_TYPE_DNSKEY && has_keys(v, dp_name_of(&question->name)))
		return false;
	if (c.is_unsigned || (!c.has_answer && !c.has_denial) || (c.is_expanded && !c.has_denial))
		return true;
	return question->type == DP_TYPE_DNSKEY && (reason == DANEPRIV_REASON_DNSKEY_MISSING ||
						       reason == DANEPRIV_REASON_SERVED_LOCALLY);
}

/* Forgets what was found, but for what is secure: that is, by what stays. */
static void
forget_failures(dp_validator *v, const dp_question *question)
{
	for (size_t i = 0; i < v->zone_count; i++) {
		dp_zone *zone = &v->zones[i];
		if (zone->proven.security != DANEPRIV_SECURITY_SECURE ||
		    is_from(&v->evidence.items[zone->keys], question))
			zone->round = DP_ROUND_NONE;
	}
	for (size_t i = 0; i < v->checked_count; i++)
		if (v->checked[i].proven.security != DANEPRIV_SECURITY_SECURE)
			v->checked[i].round = DP_ROUND_NONE;
}

/* What is below a name was judged by the answer for its DS, too: see cut.c. */
static void
forget_below(dp_validator *v, dp_name name)
{
	const dp_evidence *e = &v->evidence;

	for (size_t i = 0; i < v->zone_count; i++)
		if (dp_name_below(v->zones[i].name, name))
			v->zones[i].round = DP_ROUND_NONE;
	for (size_t i = 0; i < e->count; i++)
		if (e->items[i].checked > 0 && e->items[i].rr.type != DP_TYPE_RRSIG &&
		    dp_name_within(e->items[i].rr.owner, name))
			v->checked[e->items[i].checked - 1].round = DP_ROUND_NONE;
}

static void
forget(dp_validator *v, const dp_question *question)
{
	forget_failures(v, question);
	if (question->type == DP_TYPE_DS)
		forget_below(v, dp_name_of(&question->name));
}

/* Nothing is looked for under type 0; what an item is instead is kept where only keys have
 * something of use. */
void
dp_lacking_withdraw(dp_validator *v, const dp_question *question)
{
	dp_evidence *e = &v->evidence;

	for (size_t i = 0; i < e->count; i++)
		if (is_from(&e->items[i], question)) {
			e->items[i].tag = e->items[i].rr.type;
			e->items[i].rr.type = 0;
		}
	forget(v, question);
}

void
dp_lacking_restore(dp_validator *v, const dp_question *question)
{
	dp_evidence *e = &v->evidence;

	for (size_t i = 0; i < e->count; i++)
		if (is_from(&e->items[i], question)) {
			e->items[i].rr.type = e->items[i].tag;
			e->items[i].tag = dp_dnskey_tag(e->items[i].rr.rdata);
		}
	forget(v, question);
}
