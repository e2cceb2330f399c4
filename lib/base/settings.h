/* SPDX-License-Identifier: BSD-2-Clause
 * Does the caller ask for something that this library does not know?  Settings grow at the end. */
#ifndef DP_BASE_SETTINGS_H
#define DP_BASE_SETTINGS_H

#include <danepriv/status.h>

/* Reads settings that begin with `size_t size`, as long as they are, into `out`, which has `known`
 * octets; what the caller's are shorter is zero.  EINVAL: `size` does not even cover itself, or an
 * octet after the known ones is not zero. */
danepriv_status dp_settings_read(const void *settings, void *out, size_t known);

#endif
