/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a caller's struct is there, and how much of that is known?  Structs grow at their end
 * (status.h has the rule): the caller's may be shorter or longer than this library's.
 *
 * What comes in is read into a struct of this library's.  What goes out is written field by field,
 * never a whole struct at once: a field that is younger than 0.2 only where `size` covers it.
 * sizes.h has the `least` of each. */
#ifndef DP_BASE_SIZED_H
#define DP_BASE_SIZED_H

#include "base/bounds.h"

#include <danepriv/status.h>
#include <stdbool.h>
#include <string.h>

/* May a struct, or an element of an array, have this size?  Where it may not, nothing of it but
 * its `size` has been read, and nothing is written. */
static inline bool
dp_sized_fits(size_t size, size_t least)
{
	return size >= least && size <= DP_STRUCT_OCTETS_MAX;
}

/* ---- in ---- */

/* Reads a struct that begins with `size_t size` into `out`, which has `known` octets; what the
 * caller's is shorter is zero.  EINVAL: a wrong size, or an octet after the known ones is not
 * zero; then `out` is all zero. */
danepriv_status dp_sized_read(const void *given, size_t least, void *out, size_t known);

/* The same for `size` octets, a size that fits. */
danepriv_status dp_sized_read_octets(const void *given, size_t size, void *out, size_t known);

/* An element of an array, of a size that fits: the caller's own where that has the known size, as
 * most have, else read into `own`.  NULL: EINVAL. */
static inline const void *
dp_sized_element(const void *array, size_t size, size_t index, void *own, size_t known)
{
	const uint8_t *at = (const uint8_t *)array + index * size;

	if (size == known)
		return at;
	return dp_sized_read_octets(at, size, own, known) == DANEPRIV_OK ? own : NULL;
}

/* ---- out ---- */

/* Zeroes what this library does not know of a struct, of a size that fits. */
static inline void
dp_sized_zero_rest(void *out, size_t size, size_t known)
{
	if (size > known)
		memset((uint8_t *)out + known, 0, size - known);
}

/* Where to write an element of an array, of a size that fits: the caller's own where that has the
 * known size, else `own`.  Then dp_sized_put_element. */
static inline void *
dp_sized_room(void *array, size_t size, size_t index, void *own, size_t known)
{
	return size == known ? (uint8_t *)array + index * size : own;
}

/* Puts what was written into its place, unless it is there. */
static inline void
dp_sized_put_element(void *array, size_t size, size_t index, const void *element, size_t known)
{
	uint8_t *at = (uint8_t *)array + index * size;

	if (at == element)
		return;
	memcpy(at, element, size < known ? size : known);
	dp_sized_zero_rest(at, size, known);
}

#endif
