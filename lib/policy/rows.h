/* SPDX-License-Identifier: BSD-2-Clause
 * In which row of a table of decisions does this stand?  The values of the public enums lie apart
 * from all others, so that arguments that were exchanged have no row. */
#ifndef DP_POLICY_ROWS_H
#define DP_POLICY_ROWS_H

#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <stddef.h>

typedef enum dp_profile_row { DP_ROW_STRICT, DP_ROW_OPPORTUNISTIC, DP_ROW_PROFILES } dp_profile_row;

/* Findings are their own rows, but for MATCH, which has the first that is free. */
enum { DP_ROW_MATCH = 1, DP_ROW_FINDINGS = DANEPRIV_FINDING_DOWNGRADE + 1 };

/* DP_ROW_PROFILES: no such profile. */
static inline dp_profile_row
dp_row_of_profile(danepriv_profile profile)
{
	switch (profile) {
	case DANEPRIV_PROFILE_STRICT:
		return DP_ROW_STRICT;
	case DANEPRIV_PROFILE_OPPORTUNISTIC:
		return DP_ROW_OPPORTUNISTIC;
	}
	return DP_ROW_PROFILES;
}

/* DP_ROW_FINDINGS: no such finding.  An enum may be signed or not; the cast makes negative values
 * large. */
static inline size_t
dp_row_of_finding(danepriv_finding finding)
{
	if (finding == DANEPRIV_FINDING_MATCH)
		return DP_ROW_MATCH;
	return finding == (danepriv_finding)DP_ROW_MATCH || (size_t)finding >= DP_ROW_FINDINGS
		   ? DP_ROW_FINDINGS
		   : (size_t)finding;
}

#endif
