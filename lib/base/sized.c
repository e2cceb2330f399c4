/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a caller's struct is there, and how much of that is known? */
#include "base/sized.h"

danepriv_status
dp_sized_read_octets(const void *given, size_t size, void *out, size_t known)
{
	const uint8_t *octets = given;

	memset(out, 0, known);
	for (size_t i = known; i < size; i++)
		if (octets[i] != 0)
			return DANEPRIV_EINVAL;
	memcpy(out, octets, size < known ? size : known);
	return DANEPRIV_OK;
}

danepriv_status
dp_sized_read(const void *given, size_t least, void *out, size_t known)
{
	size_t size;

	memcpy(&size, given, sizeof size);
	if (dp_sized_fits(size, least))
		return dp_sized_read_octets(given, size, out, known);
	memset(out, 0, known);
	return DANEPRIV_EINVAL;
}
