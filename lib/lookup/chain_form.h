/* SPDX-License-Identifier: BSD-2-Clause
 * Is this a way to wrap a chain?  (RFC 9102 section 2.2) */
#ifndef DP_LOOKUP_CHAIN_FORM_H
#define DP_LOOKUP_CHAIN_FORM_H

#include <danepriv/chain.h>
#include <stdbool.h>

static inline bool
dp_chain_form_is_known(danepriv_chain_form form)
{
	switch (form) {
	case DANEPRIV_CHAIN_FORM_PREFIXED:
	case DANEPRIV_CHAIN_FORM_BARE:
		return true;
	}
	return false;
}

#endif
