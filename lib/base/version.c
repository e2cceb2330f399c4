/* SPDX-License-Identifier: BSD-2-Clause
 * Which library is this?  For programs that found it at run time. */
#include <danepriv/version.h>

const char *
danepriv_version(void)
{
	return DANEPRIV_VERSION;
}
