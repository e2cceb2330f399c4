/* SPDX-License-Identifier: BSD-2-Clause
 * Does the caller ask for something that this library does not know? */
#include "base/settings.h"

#include <string.h>

danepriv_status
dp_settings_read(const void *settings, void *out, size_t known)
{
	const uint8_t *octets = settings;
	size_t size;

	memset(out, 0, known);
	memcpy(&size, settings, sizeof size);
	if (size < sizeof size)
		return DANEPRIV_EINVAL;
	for (size_t i = known; i < size; i++)
		if (octets[i] != 0)
			return DANEPRIV_EINVAL;
	memcpy(out, settings, size < known ? size : known);
	return DANEPRIV_OK;
}
