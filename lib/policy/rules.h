/* SPDX-License-Identifier: BSD-2-Clause
 * Which profile applies to this zone and this server?  For names that are read already. */
#ifndef DP_POLICY_RULES_H
#define DP_POLICY_RULES_H

#include "dns/name.h"

#include <danepriv/rules.h>

/* What the rules of one kind say.  Zero is no rule, so that an empty place has none. */
typedef enum dp_rule { DP_NO_RULE = 0, DP_RULE_STRICT, DP_RULE_OPPORTUNISTIC } dp_rule;

/* Lowered, so that names that are equal are so octet by octet.  False: it is none. */
bool dp_rules_read_name(const char *text, dp_name_store *out);

/* danepriv_rules_profile in two steps, for several servers of one zone; names in lower case.  NULL
 * is strict, for all. */
dp_rule dp_rules_zone(const danepriv_rules *rules, dp_name zone);
danepriv_profile dp_rules_profile(const danepriv_rules *rules, dp_rule by_zone, dp_name server);
/* danepriv_rules_profile for a server whose name, in lower case, was read already. */
danepriv_profile dp_rules_profile_for(
    const danepriv_rules *rules, const char *zone, dp_name server);

#endif
