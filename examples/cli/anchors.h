/* SPDX-License-Identifier: BSD-2-Clause
 * Whom is there to trust at the top? */
#ifndef CLI_ANCHORS_H
#define CLI_ANCHORS_H

#include <danepriv/context.h>

/* Opens a context with the anchors in the file `path` (NULL: the root's), which takes any clock
 * from `earliest` on (0: from the library's own date).  CLI_EXIT_YES, or the status to exit with,
 * and why was said on stderr. */
int cli_context_open(const char *path, danepriv_time earliest, danepriv **out);

#endif
