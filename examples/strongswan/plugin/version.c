/* SPDX-License-Identifier: BSD-2-Clause
 * Is this the charon that we were built for?  Plugins carry no version, and upstream changes the
 * order of functions in its structures: in another release we would call other functions.  No
 * library of charon says its version either.  The daemon does, in a text of its own. */
#define _GNU_SOURCE
#include "plugin.h"

#include <ctype.h>
#include <link.h>

/* Not inlined, so that a test can look for it. */
const char danepriv_built_for[] = VERSION;

/* Does the text stand in these octets as a whole version? */
static bool
stands_in(const char *octets, size_t len)
{
	const char *at = octets;
	size_t text = strlen(danepriv_built_for) + 1; /* with its end */

	while ((at = memmem(at, len - (size_t)(at - octets), danepriv_built_for, text))) {
		if (at > octets && !isdigit(at[-1]) && at[-1] != '.')
			return TRUE;
		at++;
	}
	return FALSE;
}

/* The first object is the program itself; ends the walk. */
static int
look_into(struct dl_phdr_info *program, size_t size, void *found)
{
	for (int i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &program->dlpi_phdr[i];
		const char *octets = (const char *)(program->dlpi_addr + part->p_vaddr);

		if (part->p_type == PT_LOAD && (part->p_flags & (PF_R | PF_W)) == PF_R &&
		    stands_in(octets, part->p_memsz))
			*(bool *)found = TRUE;
	}
	return 1;
}

bool
charon_is_ours(void)
{
	bool found = FALSE;

	dl_iterate_phdr(look_into, &found);
	if (!found)
		DBG1(DBG_CFG, "danepriv: not loaded: built for charon %s, and this is another",
		    danepriv_built_for);
	return found;
}
