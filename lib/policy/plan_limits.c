/* SPDX-License-Identifier: BSD-2-Clause
 * How many connections may there be, how old, and of which TLS?  (RFC 7766, RFC 8310 section 9) */
#include "cache/cache.h"
#include "policy/plan.h"

#include "base/sized.h"
#include "base/sizes.h"

#define TLS_1_2 0x0303
#define CONNECTIONS 1	/* RFC 7766 section 6.2.2 */
#define TOTAL 128	/* RFC 7766 section 10: for small machines, too */
#define IDLE_SECONDS 10 /* RFC 7766 section 6.2.3: a few */

/* As TLS writes it; 0: it is none of TLS or DTLS.  DTLS counts down from 0xff, and its 1.2, 0xfefd,
 * is that of TLS (RFC 6347 section 4.1). */
static uint16_t
tls_version(uint16_t version)
{
	unsigned major = version >> 8, minor = version & 0xff;

	if (major == 0x03)
		return version;
	return major == 0xfe && minor > 0 ? (uint16_t)(0x0400 - minor) : 0;
}

danepriv_status
dp_plan_limits_read(const danepriv_limits *limits, danepriv_limits *out)
{
	const danepriv_limits defaults = { .size = sizeof defaults };
	danepriv_status status =
	    dp_sized_read(limits ? limits : &defaults, DP_LIMITS_LEAST, out, sizeof defaults);

	if (status != DANEPRIV_OK)
		return status;
	if (out->tls_version == 0)
		out->tls_version = TLS_1_2;
	if (out->tls_version < TLS_1_2 || out->tls_version > 0x03ff)
		return DANEPRIV_EINVAL;
	if (out->connections == 0)
		out->connections = CONNECTIONS;
	if (out->total == 0)
		out->total = TOTAL;
	if (out->idle_s == 0)
		out->idle_s = IDLE_SECONDS;
	out->size = sizeof *out;
	return DANEPRIV_OK;
}

int
danepriv_limits_accept_version(const danepriv_limits *limits, uint16_t version)
{
	danepriv_limits read;

	return dp_plan_limits_read(limits, &read) == DANEPRIV_OK &&
	       tls_version(version) >= read.tls_version;
}

int
danepriv_limits_may_connect(const danepriv_limits *limits, size_t to_server, size_t total)
{
	danepriv_limits read;

	return dp_plan_limits_read(limits, &read) == DANEPRIV_OK && to_server < read.connections &&
	       total < read.total;
}

danepriv_time
danepriv_limits_idle_until(const danepriv_limits *limits, danepriv_time used)
{
	danepriv_limits read;

	if (dp_plan_limits_read(limits, &read) != DANEPRIV_OK)
		return INT64_MIN;
	return dp_cache_later(used, read.idle_s);
}
