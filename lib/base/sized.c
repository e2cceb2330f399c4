/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a caller's struct is there, and how much of that is known? */
#include "base/sized.h"

/* Of `size` octets, which fits. */
static danepriv_status
read_octets(const uint8_t *octets, size_t size, void *out, size_t known)
{
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

	memset(out, 0, known);
	memcpy(&size, given, sizeof size);
	return dp_sized_fits(size, least) ? read_octets(given, size, out, known) : DANEPRIV_EINVAL;
}

danepriv_status
dp_sized_read_element(const void *array, size_t size, size_t index, void *out, size_t known)
{
	memset(out, 0, known);
	return read_octets((const uint8_t *)array + index * size, size, out, known);
}
