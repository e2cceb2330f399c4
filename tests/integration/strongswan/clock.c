/* SPDX-License-Identifier: BSD-2-Clause
 * What time does a daemon take it for, whose clock is wrong?  To be preloaded; the file that CLOCK
 * names has the seconds by which. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

time_t
time(time_t *out)
{
	const char *path = getenv("CLOCK");
	FILE *file = path ? fopen(path, "re") : NULL;
	struct timespec now;
	long wrong = 0;

	if (file) {
		if (fscanf(file, "%ld", &wrong) != 1)
			wrong = 0;
		fclose(file);
	}
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec + wrong;
	return now.tv_sec + wrong;
}
