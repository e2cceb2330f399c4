/* SPDX-License-Identifier: BSD-2-Clause
 * Did anything stay open? */
#include "support/descriptors.h"

#include <check.h>
#include <dirent.h>

unsigned
open_descriptors(void)
{
	unsigned count = 0;
	DIR *folder = opendir("/proc/self/fd");

	ck_assert_ptr_nonnull(folder);
	while (readdir(folder)) /* the folder's own is in each count */
		count++;
	(void)closedir(folder);
	return count;
}
