/* SPDX-License-Identifier: BSD-2-Clause
 * What is in this file? */
#ifndef EXAMPLES_READ_FILE_H
#define EXAMPLES_READ_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Octets that were read to `out`; 0: none, `room` or more of them, or it cannot be read. */
size_t read_file(const char *path, uint8_t *out, size_t room);

#endif
