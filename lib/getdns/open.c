/* SPDX-License-Identifier: BSD-2-Clause
 * Who are the resolvers, and how does a program wait for them? */
#include "getdns/carrier.h"
#include "getdns/fetch.h"
#include "getdns/loop.h"
#include "getdns/upstreams.h"

#include "base/alloc.h"

#include <danepriv/getdns.h>
#include <danepriv/lookup.h>
#include <danepriv/status.h>
#include <unistd.h>

static danepriv_status
prepare(danepriv_getdns *dns, const char *const *upstreams, size_t count)
{
	/* RFC 3225 (DO), RFC 4035 section 4.9.2 (CD): the proof, whatever the resolver thinks. */
	static const char extensions[] =
	    "{add_opt_parameters:{do_bit:1,maximum_udp_payload_size:1232},header:{cd:1,rd:1}}";

	danepriv_status status = dp_upstreams_read(&dns->upstreams, upstreams, count);
	if (status == DANEPRIV_OK)
		status = dp_loop_new(&dns->loop);
	if (status != DANEPRIV_OK)
		return status;
	/* The first context shows now what getdns does not take. */
	if (getdns_str2dict(extensions, &dns->extensions) != GETDNS_RETURN_GOOD ||
	    !dp_upstreams_context(&dns->upstreams, 0, dns->loop))
		return DANEPRIV_EADAPTER;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_getdns_open(const char *const *upstreams, size_t count, danepriv_getdns **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (count > 0 && !upstreams)
		return DANEPRIV_EINVAL;
	if (count > DP_UPSTREAMS_MAX)
		return DANEPRIV_ELIMIT;
	danepriv_getdns *dns = dp_alloc(1, sizeof *dns);
	if (!dns)
		return DANEPRIV_ENOMEM;
	dns->process = getpid();
	danepriv_status status = prepare(dns, upstreams, count);
	if (status == DANEPRIV_OK)
		*out = dns;
	else
		danepriv_getdns_close(dns);
	return status;
}

void
danepriv_getdns_close(danepriv_getdns *dns)
{
	if (!dns)
		return;
	if (dns->loop && dns->process != getpid())
		dp_loop_disown(dns->loop);
	while (dns->under_way.first)
		danepriv_lookup_free(dp_fetch_free(dns->under_way.first));
	while (dns->ended.first)
		danepriv_lookup_free(dp_fetch_free(dns->ended.first));
	dp_upstreams_free(&dns->upstreams);
	getdns_dict_destroy(dns->extensions);
	dp_loop_free(dns->loop);
	dp_free(dns);
}

danepriv_status
dp_getdns_check(const danepriv_getdns *dns)
{
	if (!dns)
		return DANEPRIV_EINVAL;
	return dns->process == getpid() ? DANEPRIV_OK : DANEPRIV_EADAPTER;
}

int
danepriv_getdns_poll_fd(const danepriv_getdns *dns)
{
	return dp_getdns_check(dns) == DANEPRIV_OK ? dp_loop_fd(dns->loop) : -1;
}

int
danepriv_getdns_poll_timeout(const danepriv_getdns *dns)
{
	return dp_getdns_check(dns) == DANEPRIV_OK ? dp_loop_timeout(dns->loop) : -1;
}

void
danepriv_getdns_poll_run(danepriv_getdns *dns)
{
	if (dp_getdns_check(dns) == DANEPRIV_OK)
		dp_loop_turn(dns->loop, false);
}
