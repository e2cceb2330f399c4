/* SPDX-License-Identifier: BSD-2-Clause
 * rules.h - which profile applies to this zone and this server?
 *
 * For a resolver strict cannot be the profile for everything, since most zones have nothing that
 * could be authenticated.  It is a matter of single domains (draft-bortzmeyer section 2).  Rules
 * say for which.  They are of two kinds: by what is asked for, and by who is asked.
 *
 * Precedence.  Within a kind the rule of the longest name wins: that of the name itself, otherwise
 * that of its parent, and so on up to the root.  Where both kinds have a rule, strict wins: neither
 * kind is the more special one.  To be strict in error costs an answer; to be opportunistic in
 * error costs a secret.  For the same reason two rules of one kind for one name are strict if one
 * of them is.  So the order in which rules are added never matters.  Where neither kind has a rule,
 * the default applies.
 *
 *	danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules);
 *	danepriv_rules_add(rules, DANEPRIV_RULE_ZONE, "example.com.", DANEPRIV_PROFILE_STRICT);
 *	danepriv_rules_profile(rules, "example.com.", "ns1.example.net."); */
#ifndef DANEPRIV_RULES_H
#define DANEPRIV_RULES_H

#include <danepriv/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A set of rules, counted.  One thread builds it, by danepriv_rules_add.  From then on, as const,
 * it never changes, and any number of threads may read it without a lock.  To change rules, build a
 * new set and exchange the two.  Where there are many rules, each takes at most 64 octets beside
 * its name. */
typedef struct danepriv_rules danepriv_rules;

/* What the name of a rule is compared with. */
typedef enum danepriv_rule_kind {
	DANEPRIV_RULE_ZONE = 0, /* what is asked for */
	DANEPRIV_RULE_SERVER	/* the server that is to be asked */
} danepriv_rule_kind;

/* Creates a set without rules.  Initialises libsodium, as danepriv_open does.
 * `otherwise`: the default, for all that no rule is about.
 * On success *out is yours to free; on failure it is NULL.
 * Returns:
 * - OK: *out has no rules yet.
 * - EINVAL: `out` is NULL, or there is no such profile.
 * - ENOMEM: memory ran out, or libsodium could not start. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_rules_new(
    danepriv_profile otherwise, danepriv_rules **out);

/* Takes one reference more, from any thread.  So a program exchanges the rules while other threads
 * still use the old ones.
 * The reference is yours, to be freed by itself.
 * Returns: `rules`; NULL for NULL. */
DANEPRIV_API danepriv_rules *danepriv_rules_ref(danepriv_rules *rules);

/* Releases your reference; the last one to be released frees the rules.  NULL is fine. */
DANEPRIV_API void danepriv_rules_free(danepriv_rules *rules);

/* Adds a rule: `profile` applies to `domain` and all below it.  The domain's own name may be shown
 * to the servers of its parent, for a referral.  To protect a single name, make the rule for the
 * zone that it is in.
 * `domain`: a name in presentation form, final dot optional, A-labels; copied.  `.` is all names.
 *   A label `*` is one like any other.
 * After a failure the rule is not there, and all others are.
 * Returns:
 * - OK: the rule is there, or a strict one of this kind for the same name stands before it.
 * - EINVAL: NULL, or there is no such kind or profile.
 * - EMALFORMED: `domain` is no domain name.
 * - ELIMIT: more than 1048576 names.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_rules_add(
    danepriv_rules *rules, danepriv_rule_kind kind, const char *domain, danepriv_profile profile);

/* Finds the profile for a question to a server.  Allocates nothing, and takes at most one look
 * for each label of the two names.
 * `zone`: the name of the user's question, where the server gets to see all of it.  For what is
 *   only asked for a referral it is what danepriv_ruled_name (plan.h) says.
 * `server`: its name.  `.` for one that has none: then only a rule for all names is found.
 * Returns: the profile; STRICT where a name is NULL or malformed, or `rules` is NULL. */
DANEPRIV_API danepriv_profile danepriv_rules_profile(
    const danepriv_rules *rules, const char *zone, const char *server);

#ifdef __cplusplus
}
#endif

#endif
