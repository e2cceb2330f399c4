/* SPDX-License-Identifier: BSD-2-Clause
 * What is in this file? */
#include "read_file.h"

#include <stdio.h>

size_t
read_file(const char *path, uint8_t *out, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t len = file ? fread(out, 1, room, file) : 0;

	if (file)
		fclose(file);
	return len < room ? len : 0;
}
