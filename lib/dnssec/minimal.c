/* SPDX-License-Identifier: BSD-2-Clause
 * Which records prove this, and no others?
 *
 * Begins with one copy of all that was found secure on the way, and leaves out whatever can be left
 * out while the one validator still says the same.  So a chain is never built by other rules than
 * those by which it is read.  The context's memo makes the trials cheap. */
#include "dnssec/minimal.h"
#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/rrsig.h"

#include <danepriv/records.h>
#include <string.h>

typedef struct selection {
	const dp_validator *v;
	dp_name name;
	uint16_t type;
	const dp_found *wanted;
	dp_proven proven;    /* by what is kept */
	bool *kept;	     /* an item of v->evidence each */
	bool *before;	     /* `kept`, while something is tried */
	dp_validator *trial; /* another validator, used over and over */
	dp_buffer octets;
	unsigned trials;
	uint64_t work; /* of all of them: together they cost no more than one verdict may */
	danepriv_status status;
} selection;

static const dp_rr *
rr_of(const selection *s, size_t i)
{
	return &s->v->evidence.items[i].rr;
}

static bool
same_owner(const selection *s, size_t a, size_t b)
{
	const dp_item *items = s->v->evidence.items;

	return items[a].hash == items[b].hash &&
	       dp_name_equal(items[a].rr.owner, items[b].rr.owner);
}

/* Is item `i` a signature over the RRset that begins at `first`? */
static bool
signs(const selection *s, size_t i, size_t first)
{
	dp_rrsig sig;

	return rr_of(s, i)->type == DP_TYPE_RRSIG && same_owner(s, i, first) &&
	       s->v->evidence.items[i].source == s->v->evidence.items[first].source &&
	       dp_rrsig_parse(rr_of(s, i)->rdata, &sig) == DANEPRIV_OK &&
	       sig.covered == rr_of(s, first)->type;
}

/* Was the RRset that begins at `first` found secure, as records or as a zone's keys? */
static bool
is_secure(const dp_validator *v, size_t first)
{
	if (dp_rrsig_is_secure(v, first))
		return true;
	for (size_t i = 0; i < v->zone_count; i++)
		if (v->zones[i].proven.security == DANEPRIV_SECURITY_SECURE &&
		    v->zones[i].keys == first)
			return true;
	return false;
}

/* Is this RRset kept already, from another source?  Mixed, the two would spoil each other. */
static bool
has_copy(const selection *s, size_t first)
{
	for (size_t i = 0; i < first; i++)
		if (s->kept[i] && rr_of(s, i)->type == rr_of(s, first)->type &&
		    same_owner(s, i, first))
			return true;
	return false;
}

/* The RRset that begins at `first`, and what signs it and is known to verify: a stranger may have
 * put more beside it. */
static void
set_kept(selection *s, size_t first, bool kept)
{
	const dp_evidence *e = &s->v->evidence;

	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i))
		s->kept[i] = kept;
	for (size_t i = 0; i < e->count; i++)
		if (signs(s, i, first) && e->items[i].checked > 0)
			s->kept[i] = kept;
}

static bool
is_set(const selection *s, size_t i)
{
	return dp_evidence_is_first(&s->v->evidence, i) && rr_of(s, i)->type != DP_TYPE_RRSIG;
}

/* Writes what is kept. */
static bool
write_kept(selection *s)
{
	s->octets.len = 0;
	for (size_t i = 0; i < s->v->evidence.count; i++)
		if (s->kept[i])
			dp_rr_write(&s->octets, rr_of(s, i));
	if (s->octets.status != DANEPRIV_OK)
		s->status = s->octets.status;
	return s->status == DANEPRIV_OK;
}

/* Does what is kept prove the same?  Then s->proven says for how long. */
static bool
proves_the_same(selection *s)
{
	dp_found found;

	if (++s->trials > DP_CHAIN_TRIALS_MAX)
		s->status = DANEPRIV_ELIMIT;
	if (s->status != DANEPRIV_OK || !write_kept(s))
		return false;
	dp_validator_init(s->trial, s->v->ctx);
	s->trial->questions.closed = s->trial->known_is_free = true;
	s->trial->budget.work = s->work;
	/* To choose and to write takes a look at each item. */
	(void)dp_budget_charge(&s->trial->budget, s->v->evidence.count / DP_ITEMS_PER_WORK);
	s->status = dp_validator_lend(s->trial, dp_buffer_span(&s->octets));
	if (s->status == DANEPRIV_OK)
		s->status = dp_validate(s->trial, s->name, s->type, s->v->now, &found);
	s->work = s->trial->budget.work;
	if (s->status == DANEPRIV_OK && s->trial->budget.limit == DANEPRIV_REASON_LIMIT_WORK)
		s->status = DANEPRIV_ELIMIT;
	dp_validator_free(s->trial);
	if (s->status != DANEPRIV_OK || found.proven.security != s->wanted->proven.security ||
	    found.proven.reason != s->wanted->proven.reason)
		return false;
	s->proven = found.proven;
	return true;
}

/* After kept[] was changed: takes the change back when it loses anything. */
static void
settle(selection *s)
{
	dp_proven proven = s->proven;

	if (proves_the_same(s) && s->proven.valid_until >= proven.valid_until &&
	    s->proven.expiry >= proven.expiry)
		return;
	s->proven = proven;
	memcpy(s->kept, s->before, s->v->evidence.count * sizeof *s->kept);
}

static void
save(selection *s)
{
	memcpy(s->before, s->kept, s->v->evidence.count * sizeof *s->kept);
}

static void
leave_out(selection *s)
{
	const dp_evidence *e = &s->v->evidence;

	for (size_t i = 0; i < e->count && s->status == DANEPRIV_OK; i++) {
		if (!s->kept[i] || !is_set(s, i))
			continue;
		save(s);
		set_kept(s, i, false);
		settle(s);
	}
	for (size_t i = 0; i < e->count && s->status == DANEPRIV_OK; i++) {
		if (!s->kept[i] || rr_of(s, i)->type != DP_TYPE_RRSIG)
			continue;
		save(s);
		s->kept[i] = false;
		settle(s);
	}
}

/* What the caller decided for themselves is no proof to others. */
static bool
can_be_proven(dp_proven proven)
{
	return proven.security == DANEPRIV_SECURITY_SECURE ||
	       proven.security == DANEPRIV_SECURITY_DENIED ||
	       (proven.security == DANEPRIV_SECURITY_INSECURE &&
		   proven.reason != DANEPRIV_REASON_NEGATIVE_ANCHOR);
}

static danepriv_status
select_records(selection *s)
{
	const dp_evidence *e = &s->v->evidence;

	for (size_t i = 0; i < e->count; i++)
		if (is_set(s, i) && is_secure(s->v, i) && !has_copy(s, i))
			set_kept(s, i, true);
	if (!proves_the_same(s))
		return s->status != DANEPRIV_OK ? s->status : DANEPRIV_ENOTFOUND;
	leave_out(s);
	(void)write_kept(s);
	return s->status;
}

danepriv_status
dp_minimal_write(const dp_validator *v, dp_name name, uint16_t type, const dp_found *found,
    dp_buffer *out, dp_proven *limit)
{
	selection s = { .v = v, .name = name, .type = type, .wanted = found };
	danepriv_status status = DANEPRIV_ENOMEM;

	if (!can_be_proven(found->proven) || v->evidence.count == 0)
		return DANEPRIV_ENOTFOUND;
	s.octets = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX);
	s.kept = dp_alloc(v->evidence.count, sizeof *s.kept);
	s.before = dp_alloc(v->evidence.count, sizeof *s.before);
	s.trial = dp_alloc(1, sizeof *s.trial);
	if (!s.kept || !s.before || !s.trial)
		goto out;
	status = select_records(&s);
	if (status == DANEPRIV_OK && s.octets.len > DP_CHAIN_OCTETS_MAX)
		status = DANEPRIV_ELIMIT;
	if (status != DANEPRIV_OK)
		goto out;
	*limit = s.proven;
	dp_write_span(out, dp_buffer_span(&s.octets));
	status = out->status;
out:
	dp_free(s.kept);
	dp_free(s.before);
	dp_free(s.trial);
	dp_buffer_free(&s.octets);
	return status;
}
