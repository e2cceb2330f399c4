/* SPDX-License-Identifier: BSD-2-Clause
 * Could the work be done?  A line of text for each status. */
#include <danepriv/status.h>

const char *
danepriv_strerror(danepriv_status status)
{
	switch (status) {
	case DANEPRIV_OK:
		return "done";
	case DANEPRIV_ENOMEM:
		return "out of memory";
	case DANEPRIV_EINVAL:
		return "invalid argument";
	case DANEPRIV_EMALFORMED:
		return "input does not parse";
	case DANEPRIV_ENOTFOUND:
		return "not found";
	case DANEPRIV_ELIMIT:
		return "input is larger than allowed";
	case DANEPRIV_EAGAIN:
		return "more input is needed first";
	case DANEPRIV_EADAPTER:
		return "the library underneath failed";
	}
	return "unknown status";
}
