/* SPDX-License-Identifier: BSD-2-Clause
 * If this file is not what was asked for, what is it, and how does one get from there to what was?
 */
#ifndef CLI_FILE_KIND_H
#define CLI_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a file is called in messages: its path, or standard input for `-`. */
const char *cli_file_name(const char *path);

/* One line on stderr: the file is not `wanted`, but something else where that can be told from its
 * first octets or from a line that begins a block of PEM.  Nothing of what is in it is told.  The
 * octets end in a NUL, which is not counted. */
void cli_complain_of_file(
    const char *path, const uint8_t *data, size_t len, bool key_wanted, const char *wanted);

#endif
