/* SPDX-License-Identifier: BSD-2-Clause
 * Which versions and kinds of key are spoken of? */
#ifndef DP_GNUTLS_PRIORITY_H
#define DP_GNUTLS_PRIORITY_H

#include <danepriv/status.h>

#include <gnutls/gnutls.h>

/* A GnuTLS priority string with more behind it; *out is yours to gnutls_priority_deinit.  On
 * failure it is NULL.  EINVAL: it does not parse.  ENOMEM. */
danepriv_status dp_priority_read(const char *priority, const char *more, gnutls_priority_t *out);

#endif
