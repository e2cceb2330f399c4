/* SPDX-License-Identifier: BSD-2-Clause
 * What does the operator exclude, and what is let pass?  Zero: nothing. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "options.h"

#include <danepriv/context.h>

typedef struct cli_policy {
	/* from the command line; zero it first */
	cli_list excluded;
	bool server_auth;
} cli_policy;

/* Rows for a table of options. */
#define CLI_POLICY_OPTIONS(policy)                                                                 \
	{ "exclude-usage", 0, CLI_LIST, "N",                                                       \
		"go by no record of this certificate usage; repeatable", &(policy)->excluded },    \
	{                                                                                          \
		"server-auth", 0, CLI_SWITCH, NULL,                                                \
		    "an IKE peer's certificate may list serverAuth, not ipsecIKE",                 \
		    &(policy)->server_auth                                                         \
	}

/* False, and said so, when a usage is none, or --server-auth is of no use since no IKE peer is
 * judged. */
bool cli_policy_read(const cli_policy *policy, bool is_ike, danepriv_settings *out);

#endif
