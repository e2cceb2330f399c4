/* SPDX-License-Identifier: BSD-2-Clause
 * Whom is there to trust at the top? */
#include "anchors.h"

#include "commands.h"
#include "files.h"
#include "options.h"

#include <stdlib.h>

int
cli_context_open(const char *path, danepriv_time earliest, danepriv **out)
{
	danepriv_settings settings = { .size = sizeof settings, .earliest = earliest };
	uint8_t *anchors = NULL;
	size_t len = 0;

	if (path && !cli_read_file(path, &anchors, &len))
		return CLI_EXIT_USAGE;
	settings.anchors = (const char *)anchors;
	danepriv_status status = danepriv_open(out, &settings);
	free(anchors);
	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	cli_complain("the trust anchors: %s", danepriv_strerror(status));
	return CLI_EXIT_USAGE;
}
