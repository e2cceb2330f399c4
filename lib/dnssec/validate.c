/* SPDX-License-Identifier: BSD-2-Clause
 * Is this answer proven?  From the name that was asked for, along its aliases, to the records or to
 * the proof that there are none (RFC 4035 section 5, RFC 6672 section 5.3, RFC 9102 section 6). */
#include "base/bounds.h"
#include "base/buffer.h"
#include "crypto/pubkey.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"
#include "dnssec/validator.h"
#include "base/alloc.h"
#include "dnssec/denial.h"
#include "dnssec/look.h"
#include "dnssec/nsec3.h"
#include "dnssec/rrsig.h"
#include "dnssec/zone.h"

#include <danepriv/records.h>
#include <danepriv/status.h>
#include <string.h>

/* Octets of one RRset as it was signed: no more than it had, and what the RRSIG says. */
#define SIGNED_OCTETS_MAX (DP_EVIDENCE_OCTETS_MAX + DP_MESSAGE_OCTETS_MAX)

void
dp_validator_init(dp_validator *v, const danepriv *ctx)
{
	memset(v, 0, offsetof(dp_validator, zones));
	v->ctx = ctx;
	v->budget.allowed = (uint64_t)ctx->max_work * DP_WORK_UNIT;
	v->without = UINT_MAX;
	v->signed_data = dp_buffer_growing(SIGNED_OCTETS_MAX);
}

void
dp_validator_free(dp_validator *v)
{
	dp_pubkey_free(v->key);
	dp_nsec3_free(v);
	dp_free(v->checked);
	dp_free(v->order);
	dp_buffer_free(&v->signed_data);
	dp_questions_free(&v->questions);
	dp_evidence_free(&v->evidence);
	memset(v, 0, offsetof(dp_validator, zones));
}

/* No more is put together than can be paid for. */
static dp_evidence *
open_evidence(dp_validator *v)
{
	v->evidence.steps = 0;
	v->evidence.steps_max = 1 + (v->budget.allowed - v->budget.work) * DP_ITEMS_PER_WORK;
	return &v->evidence;
}

/* To read octets costs as much as to hash them; that anything is left to judge is seen later. */
static danepriv_status
charge_evidence(dp_validator *v, danepriv_span octets, danepriv_status status)
{
	(void)dp_budget_charge(
	    &v->budget, v->evidence.steps / DP_ITEMS_PER_WORK + octets.len / DP_OCTETS_PER_WORK);
	return status;
}

danepriv_status
dp_validator_add(dp_validator *v, danepriv_span octets)
{
	return charge_evidence(v, octets, dp_evidence_add(open_evidence(v), octets));
}

danepriv_status
dp_validator_lend(dp_validator *v, danepriv_span octets)
{
	return charge_evidence(v, octets, dp_evidence_lend(open_evidence(v), octets));
}

/* One step on the way: the end of it, or an alias to follow. */
typedef struct step {
	dp_proven proven; /* SECURE with `target`: go on there */
	size_t records;
	dp_name_store target;
	size_t alias; /* item that leads there */
} step;

/* Is an RRset proven to be at `name`, wildcard expansion included? */
static dp_proven
check_at(dp_validator *v, size_t first, dp_name name)
{
	dp_checked c = dp_rrsig_check(v, first);
	unsigned labels = dp_name_labels(name) - (dp_name_is_wildcard(name) ? 1 : 0);

	if (c.proven.security != DANEPRIV_SECURITY_SECURE || c.labels >= labels)
		return c.proven;
	dp_proven closer = dp_denial_no_closer(v, name, c.labels, c.signer);
	if (closer.security != DANEPRIV_SECURITY_SECURE) {
		if (closer.reason == DANEPRIV_REASON_DENIAL_MISSING)
			closer.reason = DANEPRIV_REASON_WILDCARD_UNPROVEN;
		return closer;
	}
	dp_proven_limit(&c.proven, closer);
	return c.proven;
}

/* Ends the search for what is secure or insecure; else notes the failure. */
static bool
settled(step *s, dp_proven proven)
{
	if (proven.security == DANEPRIV_SECURITY_SECURE ||
	    proven.security == DANEPRIV_SECURITY_INSECURE ||
	    proven.security == DANEPRIV_SECURITY_DENIED) {
		s->proven = proven;
		return true;
	}
	s->proven = dp_proven_worse(s->proven, proven);
	return false;
}

/* Does what was found so far have to wait for answers?  Then nothing is gained by further looks. */
static bool
is_waiting(const step *s)
{
	return s->proven.security == DANEPRIV_SECURITY_UNKNOWN;
}

/* The first RRset of this type at this name that settles it; evidence.count when none does. */
static size_t
settle_by(dp_validator *v, dp_name name, uint16_t type, step *s)
{
	const dp_evidence *e = &v->evidence;
	size_t first = dp_look_find(v, name, type, 0);

	while (first < e->count && !dp_budget_stopped(&v->budget)) {
		if (settled(s, check_at(v, first, name)))
			return first;
		first = dp_look_find(v, name, type, first + 1);
	}
	return e->count;
}

/* Where a CNAME or DNAME leads; false when it is malformed, or leads to two places. */
static bool
read_target(const dp_validator *v, size_t first, dp_name *target)
{
	return dp_rr_target_parse(v->evidence.items[first].rr.rdata, target) == DANEPRIV_OK &&
	       dp_evidence_is_single(&v->evidence, first);
}

/* The alias is genuine, and leads nowhere. */
static dp_proven
alias_failed(const dp_validator *v, const step *s, danepriv_reason reason)
{
	return dp_proven_at(
	    dp_proven_not(DANEPRIV_SECURITY_BOGUS, reason, v->now), DP_PLACE_SET, s->alias);
}

/* A CNAME at `name`.  One without a signature is left to the DNAME that it came from. */
static bool
settle_by_cname(dp_validator *v, dp_name name, step *s)
{
	size_t first = settle_by(v, name, DP_TYPE_CNAME, s);
	dp_name target;

	if (first == v->evidence.count)
		return false;
	if (s->proven.security != DANEPRIV_SECURITY_SECURE)
		return true;
	s->alias = first;
	if (!read_target(v, first, &target))
		s->proven = alias_failed(v, s, DANEPRIV_REASON_MALFORMED);
	else
		dp_name_keep(&s->target, target);
	return true;
}

/* A DNAME above `name`: the CNAME follows from it, whether it was sent along or not (RFC 6672
 * section 5.3.1, RFC 9102 section 2.3). */
static bool
settle_by_dname(dp_validator *v, dp_name name, step *s)
{
	const dp_evidence *e = &v->evidence;
	dp_name target;

	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		const dp_rr *rr = &e->items[i].rr;
		if (rr->type != DP_TYPE_DNAME || !dp_budget_look(&v->budget, name.len) ||
		    !dp_name_below(name, rr->owner) || !dp_evidence_is_first(e, i) ||
		    !settled(s, dp_rrsig_check(v, i).proven))
			continue;
		s->alias = i;
		if (s->proven.security == DANEPRIV_SECURITY_SECURE &&
		    (!read_target(v, i, &target) ||
			dp_name_substitute(name, rr->owner, target, &s->target) != DANEPRIV_OK))
			s->proven = alias_failed(v, s, DANEPRIV_REASON_MALFORMED);
		return true;
	}
	return false;
}

/* Nothing was proven at `name`.  Is it unsigned, is an answer still to come, or is it bogus? */
static void
settle_unproven(
    dp_validator *v, dp_name name, dp_question_state asked, danepriv_reason why, step *s)
{
	dp_proven above = dp_zone_insecure_above(v, name);

	if (above.security == DANEPRIV_SECURITY_SECURE || settled(s, above)) {
		if (above.security == DANEPRIV_SECURITY_SECURE && asked == DP_QUESTION_FAILED)
			s->proven = dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, why, v->now);
		return;
	}
	if (asked == DP_QUESTION_FAILED && above.security == DANEPRIV_SECURITY_BOGUS)
		s->proven = dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, why, v->now);
}

static void
take_step(dp_validator *v, dp_name name, uint16_t type, step *s)
{
	danepriv_reason why;

	s->proven = dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
	s->target.len = 0;
	s->records = v->evidence.count;
	/* What the caller took out of DNSSEC is not judged (RFC 7646). */
	if (dp_anchors_negate(&v->ctx->anchors, name)) {
		s->proven = dp_zone_insecure_above(v, name);
		return;
	}
	s->records = settle_by(v, name, type, s);
	if (s->records < v->evidence.count ||
	    (!is_waiting(s) && (settle_by_cname(v, name, s) || settle_by_dname(v, name, s))) ||
	    (!is_waiting(s) && settled(s, dp_denial_find(v, name, type).proven)))
		return;
	dp_question_state asked = dp_look_ask(v, name, type, &why);
	if (asked == DP_QUESTION_NEW || asked == DP_QUESTION_OUT) {
		dp_zone_ask_path(v, name);
		s->proven = dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
	}
	if (s->proven.security != DANEPRIV_SECURITY_UNKNOWN)
		settle_unproven(v, name, asked, why, s);
}

/* Follows the aliases. */
static void
follow(dp_validator *v, dp_name name, uint16_t type, dp_found *out)
{
	dp_name_store names[DP_ALIASES_MAX + 1];
	dp_proven path = { .valid_until = INT64_MAX, .expiry = INT64_MAX };
	step s;

	dp_name_keep(&names[0], name);
	for (unsigned n = 0;; n++) {
		take_step(v, dp_name_of(&names[n]), type, &s);
		s.proven = dp_proven_at(s.proven, DP_PLACE_ASKED, 0);
		dp_proven_limit(&s.proven, path);
		out->proven = s.proven;
		out->records = s.records;
		out->owner = names[n];
		if (s.proven.security != DANEPRIV_SECURITY_SECURE || s.target.len == 0)
			return;
		path = s.proven;
		danepriv_reason end =
		    n == DP_ALIASES_MAX ? DANEPRIV_REASON_LIMIT_ALIASES : DANEPRIV_REASON_NONE;
		for (unsigned i = 0; i <= n; i++)
			if (dp_name_equal(dp_name_of(&names[i]), dp_name_of(&s.target)))
				end = DANEPRIV_REASON_ALIAS_LOOP;
		if (end != DANEPRIV_REASON_NONE) {
			out->proven = alias_failed(v, &s, end);
			return;
		}
		names[n + 1] = s.target;
	}
}

danepriv_status
dp_validate(dp_validator *v, dp_name name, uint16_t type, danepriv_time now, dp_found *out)
{
	memset(out, 0, sizeof *out);
	out->records = v->evidence.count;
	out->type = type;
	v->now = now;
	/* Past the last moment that leaves room for a TTL it is as wrong. */
	if (now < v->ctx->earliest || now > INT64_MAX - UINT32_MAX) {
		out->proven =
		    dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_CLOCK, now);
		return DANEPRIV_OK;
	}
	if (!dp_budget_stopped(&v->budget))
		follow(v, name, type, out);
	if (v->budget.status != DANEPRIV_OK || v->questions.status != DANEPRIV_OK) {
		memset(out, 0, sizeof *out);
		return DANEPRIV_ENOMEM;
	}
	/* A bound that was passed overrules whatever seemed proven. */
	if (v->budget.limit != DANEPRIV_REASON_NONE) {
		out->proven = dp_proven_not(DANEPRIV_SECURITY_BOGUS, v->budget.limit, now);
		out->proven.place = v->stopped;
		out->proven = dp_proven_at(out->proven, DP_PLACE_ASKED, 0);
	}
	return DANEPRIV_OK;
}
