/* SPDX-License-Identifier: BSD-2-Clause
 * How does a file come to hold something new, all of it or nothing? */
#ifndef CLI_REPLACE_H
#define CLI_REPLACE_H

#include <danepriv/status.h>
#include <stdbool.h>

/* Puts `octets` in place of what a file holds.  They are written and synchronised beside it first,
 * under a name that nobody had: whoever reads the file sees the old or the new one, never half of
 * it.  What is no file, a device or a pipe, is written to as it is, and so is what /dev/stdout leads
 * to.  False, and said so, when that fails: the old file is as it was then, and nothing is left
 * beside it. */
bool cli_replace_file(const char *path, danepriv_span octets);

#endif
