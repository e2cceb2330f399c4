/* SPDX-License-Identifier: BSD-2-Clause
 * Which versions and kinds of key are spoken of? */
#include "gnutls/priority.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

danepriv_status
dp_priority_read(const char *priority, const char *more, gnutls_priority_t *out)
{
	size_t room = strlen(priority) + strlen(more) + 1;
	char *text = dp_alloc(room, 1);

	*out = NULL;
	if (!text)
		return DANEPRIV_ENOMEM;
	(void)snprintf(text, room, "%s%s", priority, more);
	int result = gnutls_priority_init(out, text, NULL);
	dp_free(text);
	if (result == GNUTLS_E_SUCCESS)
		return DANEPRIV_OK;
	*out = NULL;
	return result == GNUTLS_E_MEMORY_ERROR ? DANEPRIV_ENOMEM : DANEPRIV_EINVAL;
}
