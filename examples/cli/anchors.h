/* SPDX-License-Identifier: BSD-2-Clause
 * Whom is there to trust at the top? */
#ifndef CLI_ANCHORS_H
#define CLI_ANCHORS_H

#include "options.h"

#include <danepriv/context.h>

typedef struct cli_anchors {
	/* from the command line; zero it first */
	const char *path;  /* a file of trust anchors; NULL: the root's */
	cli_list negative; /* domains that are not signed here, whatever their parents say */
} cli_anchors;

/* Rows for a table of options. */
#define CLI_ANCHOR_OPTION(anchors)                                                                 \
	{                                                                                          \
		"anchor", 0, CLI_TEXT, "FILE",                                                     \
		    "trust anchors: DS or DNSKEY lines, BIND's or IANA's (the root's)",            \
		    &(anchors)->path                                                               \
	}
#define CLI_NEGATIVE_OPTION(anchors)                                                               \
	{                                                                                          \
		"negative-anchor", 0, CLI_LIST, "DOMAIN",                                          \
		    "negative trust anchor: take it for unsigned; repeatable",                     \
		    &(anchors)->negative                                                           \
	}

/* Opens a context with those of these anchors that are valid at `now`, which takes any clock from
 * `earliest` on (0: from the library's own date).  CLI_EXIT_YES, or the status to exit with, and
 * why was said on stderr. */
int cli_context_open(
    const cli_anchors *anchors, danepriv_time earliest, danepriv_time now, danepriv **out);
/* With other settings beside them. */
int cli_context_open_with(
    const cli_anchors *anchors, danepriv_settings settings, danepriv_time now, danepriv **out);

#endif
