/* SPDX-License-Identifier: BSD-2-Clause
 * Is this the charon that we were built for?  Plugins carry no version, and structures and numbers
 * change between releases; in Debian, with a security update, too.  In another one we would call
 * other functions.  So the libraries of this process have to be the very ones that `build` has seen,
 * by the build ID that the linker has put into each. */
#define _GNU_SOURCE
#include "plugin.h"

#include <link.h>
#include <stdio.h>

/* BUILT_FOR, of `build`: a file's name and its build ID, and so on.  Not inlined, so that a test can
 * look for it. */
const char danepriv_built_for[] = BUILT_FOR;

#define ID_OCTETS 64

/* The build ID in hexadecimal, or an empty text. */
static void
read_id(const ElfW(Nhdr) * note, const uint8_t *end, char *text)
{
	while ((const uint8_t *)(note + 1) <= end) {
		const uint8_t *name = (const uint8_t *)(note + 1);
		const uint8_t *id = name + ((note->n_namesz + 3) & ~3u);

		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
		    !memcmp(name, "GNU", 4))
			for (size_t i = 0; i < note->n_descsz && i < ID_OCTETS; i++)
				text += sprintf(text, "%02x", id[i]);
		note = (const ElfW(Nhdr) *)(id + ((note->n_descsz + 3) & ~3u));
	}
	*text = 0;
}

/* Counts the libraries that are the right ones. */
static int
look_into(struct dl_phdr_info *library, size_t size, void *count)
{
	const char *slash = strrchr(library->dlpi_name, '/');
	const char *name = slash ? slash + 1 : library->dlpi_name;
	char id[2 * ID_OCTETS + 1] = "", wanted[256];

	for (int i = 0; i < library->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &library->dlpi_phdr[i];
		const uint8_t *octets = (const uint8_t *)(library->dlpi_addr + part->p_vaddr);

		if (part->p_type == PT_NOTE && !*id)
			read_id((const ElfW(Nhdr) *)octets, octets + part->p_memsz, id);
	}
	snprintf(wanted, sizeof wanted, "%s %s;", name, id);
	if (*name && *id && strstr(danepriv_built_for, wanted))
		++*(int *)count;
	return 0;
}

bool
charon_is_ours(void)
{
	int count = 0;

	dl_iterate_phdr(look_into, &count);
	if (count < 2)
		DBG1(DBG_CFG, "danepriv: not loaded: built for another charon (%s %s)", VERSION,
		    danepriv_built_for);
	return count == 2;
}
