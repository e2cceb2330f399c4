/* SPDX-License-Identifier: BSD-2-Clause
 * What does the operator exclude, and what is let pass?  (RFC 6698 section 4.1, RFC 4945 section
 * 5.1.3.12) */
#include "policy.h"

#define USAGE_MAX 3

bool
cli_policy_read(const cli_policy *policy, bool is_ike, danepriv_settings *out)
{
	for (size_t i = 0; i < policy->excluded.count; i++) {
		int64_t usage;
		if (!cli_read_number(policy->excluded.items[i], 0, USAGE_MAX, &usage)) {
			cli_complain("--exclude-usage: '%.40s' is no number from 0 to %d",
			    policy->excluded.items[i], USAGE_MAX);
			return false;
		}
		out->excluded_usages |= 1u << usage;
	}
	if (policy->server_auth && !is_ike) {
		cli_complain("--server-auth goes with --transport ipsec only");
		return false;
	}
	out->ike_takes_server_auth = policy->server_auth;
	return true;
}
