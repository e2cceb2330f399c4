/* SPDX-License-Identifier: BSD-2-Clause
 * Does a fuzz target take each file of its corpus, cut at every length?  In TAP. */
#include "support/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OCTETS_MAX 65536
/* Of a longer input, only that many cuts are tried, evenly spread. */
#define CUTS_MAX 512

/* On the heap and as long as the input, so that sanitizers see a step beyond. */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void
run_file(const char *directory, const char *name)
{
	static uint8_t data[OCTETS_MAX];
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "rb");
	if (!file) {
		printf("Bail out! cannot open %s\n", path);
		exit(99);
	}
	size_t len = fread(data, 1, sizeof data, file);
	(void)fclose(file);
	for (size_t cut = 0; cut < len; cut += len / CUTS_MAX + 1)
		run(data, cut);
	run(data, len);
}

int
main(int argc, char **argv)
{
	DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
	int count = 0;

	if (!directory) {
		printf("Bail out! no corpus\n");
		return 99;
	}
	for (struct dirent *entry; (entry = readdir(directory));) {
		if (entry->d_name[0] == '.')
			continue;
		run_file(argv[1], entry->d_name);
		printf("ok %d - %s\n", ++count, entry->d_name);
		(void)fflush(stdout);
	}
	(void)closedir(directory);
	printf("1..%d\n", count);
	return count == 0;
}
