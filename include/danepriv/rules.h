/* SPDX-License-Identifier: BSD-2-Clause
 * rules.h - which profile goes for this zone and this server?
 *
 * For a resolver strict cannot be the profile for everything, since most zones have nothing that
 * could be authenticated; it is a matter of single domains (draft-bortzmeyer section 2).  Rules say
 * for which, and are of two kinds: by what is asked for, and by who is asked.
 *
 * Within a kind the rule of the longest name wins: the name itself, else its parent, and so on up
 * to the root.  Where both kinds have a rule, strict wins.  Neither kind is the more special one;
 * and to be strict in error costs an answer, to be opportunistic in error a secret.  For the same
 * reason two rules of one kind for one name are strict if one of them is.  So it never matters in
 * which order rules come.  Where neither kind has one, the default goes.
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

/* Built by one thread, by danepriv_rules_add.  From then on, as const, it never changes, and any
 * number of threads may read it without a lock.  To change rules, build anew and exchange.  Where
 * there are many, each takes at most 64 octets beside its name. */
typedef struct danepriv_rules danepriv_rules;

/* What the name of a rule is compared with. */
typedef enum danepriv_rule_kind {
	DANEPRIV_RULE_ZONE = 0, /* what is asked for */
	DANEPRIV_RULE_SERVER	/* the server that is to be asked */
} danepriv_rule_kind;

/* No rules yet.  `otherwise`: the profile where no rule is.  Initialises libsodium, as
 * danepriv_open does.  On success *out is yours to free; on failure it is NULL.  ENOMEM.  EINVAL:
 * no `out`, or no such profile. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_rules_new(
    danepriv_profile otherwise, danepriv_rules **out);

/* One reference more, to be freed by itself.  Returns `rules`; NULL for NULL.  From any thread: so
 * a program exchanges the rules under threads that still go by the old ones. */
DANEPRIV_API danepriv_rules *danepriv_rules_ref(danepriv_rules *rules);

/* Lets go of your reference.  NULL is fine. */
DANEPRIV_API void danepriv_rules_free(danepriv_rules *rules);

/* `profile` goes for `domain` and all below it.  The domain's own name may be shown to the servers
 * of its parent, for a referral: who means a single name makes the rule for the zone that it is in.
 * `domain`: a name in presentation form, final dot optional, A-labels; copied.  `.` is all names; a
 * label `*` is one like any other. After a failure the rule is not there, and all others are.
 * EINVAL: NULL, or no such kind or profile.  EMALFORMED: not a domain name.  ELIMIT: more than
 * 1048576 names.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_rules_add(
    danepriv_rules *rules, danepriv_rule_kind kind, const char *domain, danepriv_profile profile);

/* The profile for a question to a server.  `zone`: the name of the user's question, where the
 * server gets to see all of it; of what is only asked for a referral, danepriv_ruled_name (plan.h).
 * `server`: its name.  `.` for one that has none: then only a rule for all names is found.
 * STRICT where a name is NULL or malformed, or `rules` is NULL.  Allocates nothing; at most one
 * look for each label of the two names. */
DANEPRIV_API danepriv_profile danepriv_rules_profile(
    const danepriv_rules *rules, const char *zone, const char *server);

#ifdef __cplusplus
}
#endif

#endif
