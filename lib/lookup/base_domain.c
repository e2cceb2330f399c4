/* SPDX-License-Identifier: BSD-2-Clause
 * Under which name are this server's keys published?  Its own, or the one that its aliases end at
 * (RFC 7671 section 7, RFC 7672 section 2.2.2, RFC 2181 section 10.3).
 *
 * The rule that all here follows: who hides, forges or spoils an answer can make us use what the
 * owner of the server's own name published, and can make us fail; never can they make records look
 * denied or unsigned that are not.  So secure records at the server's own name need no proof that
 * it has no alias, and whatever says that there are none does. */
#include "lookup/base_domain.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/look.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"
#include "dnssec/zone.h"

#include <danepriv/records.h>
#include <string.h>

/* One call of dp_base_find. */
typedef struct search {
	dp_validator *v;
	const dp_server *server;
	uint16_t type;
	danepriv_time now;
	dp_based *out;
	danepriv_status status; /* ENOMEM; sticky */
} search;

static dp_name
own_name(const search *s)
{
	return dp_name_of(&s->server->name);
}

/* Reverse names are looked up as they are (draft-osterweil-dane-ipsec section 2.4), although RFC
 * 2317 has aliases there. */
static bool
is_reverse(dp_name name)
{
	static const uint8_t in_addr[] = "\7in-addr\4arpa", ip6[] = "\3ip6\4arpa";
	dp_name four = { in_addr, sizeof in_addr }, six = { ip6, sizeof ip6 };

	return dp_name_within(name, four) || dp_name_within(name, six);
}

/* Is it out of the question that the keys are published elsewhere? */
static bool
is_fixed(const dp_server *server)
{
	return server->is_own || is_reverse(dp_name_of(&server->name));
}

/* The owner of the records, were the server called `host`. */
static danepriv_status
owner_at(const dp_server *server, dp_name host, dp_name_store *owner)
{
	dp_server other = *server;

	dp_name_keep(&other.name, host);
	return dp_server_owner(&other, owner);
}

danepriv_status
dp_base_ask(dp_validator *v, const dp_server *server, uint16_t type)
{
	dp_name name = dp_name_of(&server->name);
	dp_name_store owner;
	danepriv_status status = dp_server_owner(server, &owner);

	if (status != DANEPRIV_OK)
		return status;
	(void)dp_look_ask(v, dp_name_of(&owner), type, NULL);
	/* Any question for an address shows the aliases. */
	if (!is_fixed(server))
		(void)dp_look_ask(v, name, DP_TYPE_A, NULL);
	dp_zone_ask_path(v, dp_name_of(&owner));
	return v->questions.status;
}

/* Is what there is to know about aliases of `name` still to come?  Where the address was not to be
 * had, the other questions for this very name show an alias just as well. */
static bool
is_waiting(dp_validator *v, dp_name name)
{
	switch (dp_look_ask(v, name, DP_TYPE_A, NULL)) {
	case DP_QUESTION_NEW:
	case DP_QUESTION_OUT:
		return true;
	case DP_QUESTION_FAILED:
		return dp_look_is_asked(v, name, DP_TYPE_DS) ||
		       dp_look_is_asked(v, name, DP_TYPE_DNSKEY);
	case DP_QUESTION_ANSWERED:
		break;
	}
	return false;
}

/* Does any record, genuine or not, make `name` an alias? */
static bool
is_shown_as_alias(dp_validator *v, dp_name name)
{
	const dp_evidence *e = &v->evidence;

	if (dp_look_find(v, name, DP_TYPE_CNAME, 0) < e->count)
		return true;
	for (size_t i = 0; i < e->count; i++)
		if (e->items[i].rr.type == DP_TYPE_DNAME && dp_budget_look(&v->budget, name.len) &&
		    dp_name_below(name, e->items[i].rr.owner))
			return true;
	return false;
}

static dp_found
not_found(const search *s, danepriv_security security, danepriv_reason reason)
{
	dp_found found = { .proven = dp_proven_not(security, reason, s->now) };

	return found;
}

static dp_found
validate(search *s, dp_name name, uint16_t type)
{
	dp_found found;

	if (s->status == DANEPRIV_OK)
		s->status = dp_validate(s->v, name, type, s->now, &found);
	if (s->status != DANEPRIV_OK)
		return not_found(s, DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE);
	return found;
}

/* What the owner of the server's own name published, for as long as `other` holds, too. */
static dp_found
find_own(search *s, const dp_found *other)
{
	dp_name_store owner;

	/* dp_base_ask has seen that it fits. */
	(void)!dp_server_owner(s->server, &owner);
	dp_found own = validate(s, dp_name_of(&owner), s->type);
	if (other)
		dp_proven_limit(&own.proven, other->proven);
	return own;
}

/* Is at least the first step of an alias proven? */
static bool
leads_away(const search *s, const dp_found *alias)
{
	dp_name owner = dp_name_of(&alias->owner);

	/* A validator that was stopped has one verdict for everything. */
	return owner.len > 0 && !dp_budget_stopped(&s->v->budget) &&
	       !dp_name_equal(owner, own_name(s));
}

/* No alias is proven.  Where there seem to be no keys, its absence has to be. */
static dp_found
find_without_alias(search *s)
{
	dp_found own = find_own(s, NULL);

	if (!dp_proven_has_no_keys(own.proven.security))
		return own;
	dp_found alias = validate(s, own_name(s), DP_TYPE_A);
	if (!dp_proven_counts(alias.proven.security))
		return alias;
	dp_proven_limit(&own.proven, alias.proven);
	return own;
}

/* Is it certain that DNSSEC does not reach what was looked for?  No anchor above the name is the
 * same as a zone that does not sign (RFC 7672 section 2.1.1). */
static bool
is_insecure(const search *s, const dp_found *found)
{
	if (found->proven.security == DANEPRIV_SECURITY_INDETERMINATE)
		return dp_anchors_closest(&s->v->ctx->anchors, dp_name_of(&found->owner)).len == 0;
	return found->proven.security == DANEPRIV_SECURITY_INSECURE;
}

/* The owner of the records at an end of aliases; false when no server can be called so. */
static bool
owner_at_end(const search *s, const dp_found *alias, dp_name_store *owner)
{
	dp_name end = dp_name_of(&alias->owner);

	return dp_server_name_check(end) == DANEPRIV_OK &&
	       owner_at(s->server, end, owner) == DANEPRIV_OK;
}

/* The way to the end's addresses is not proven yet; its keys may be asked for at the same time. */
static void
ask_ahead(search *s, const dp_found *alias)
{
	dp_validator *v = s->v;
	dp_name_store owner;

	if (is_shown_as_alias(v, dp_name_of(&alias->owner)) || !owner_at_end(s, alias, &owner))
		return;
	(void)dp_look_ask(v, dp_name_of(&owner), s->type, NULL);
	dp_zone_ask_path(v, dp_name_of(&owner));
	s->status = v->questions.status;
}

/* The server's name is an alias, that much is proven; `alias` says where it ends. */
static dp_found
find_by_alias(search *s, const dp_found *alias)
{
	danepriv_security security = alias->proven.security;
	dp_name_store owner;

	if (s->server->aliases != DANEPRIV_ALIASES_FOLLOW) {
		dp_found error =
		    not_found(s, DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_ALIAS);
		dp_proven_limit(&error.proven, alias->proven);
		return error;
	}
	s->out->has_alias = true;
	if (security == DANEPRIV_SECURITY_UNKNOWN)
		ask_ahead(s, alias);
	/* An insecure step takes the rest with it (RFC 7672 section 2.1.3). */
	if (is_insecure(s, alias))
		return find_own(s, alias);
	if (security != DANEPRIV_SECURITY_SECURE && security != DANEPRIV_SECURITY_DENIED)
		return *alias;
	if (!owner_at_end(s, alias, &owner))
		return find_own(s, alias);
	dp_found there = validate(s, dp_name_of(&owner), s->type);
	dp_proven_limit(&there.proven, alias->proven);
	if (there.proven.security == DANEPRIV_SECURITY_SECURE)
		s->out->base = alias->owner;
	/* Where nothing is published the server's own name is next, and none in between. */
	if (there.proven.security == DANEPRIV_SECURITY_DENIED || is_insecure(s, &there))
		return find_own(s, &there);
	return there;
}

static dp_found
find(search *s)
{
	dp_name name = own_name(s);

	if (is_fixed(s->server))
		return find_own(s, NULL);
	if (is_waiting(s->v, name))
		return not_found(s, DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE);
	if (!is_shown_as_alias(s->v, name))
		return find_without_alias(s);
	dp_found alias = validate(s, name, DP_TYPE_A);
	if (leads_away(s, &alias))
		return find_by_alias(s, &alias);
	if (alias.proven.security == DANEPRIV_SECURITY_UNKNOWN)
		return alias;
	/* What leads nowhere is no more than an answer that was lost. */
	return find_without_alias(s);
}

danepriv_status
dp_base_find(
    dp_validator *v, const dp_server *server, uint16_t type, danepriv_time now, dp_based *out)
{
	search s = { v, server, type, now, out, DANEPRIV_OK };

	memset(out, 0, sizeof *out);
	out->base = server->name;
	out->found = find(&s);
	if (s.status != DANEPRIV_OK)
		memset(out, 0, sizeof *out);
	return s.status;
}
