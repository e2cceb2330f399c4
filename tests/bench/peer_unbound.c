/* SPDX-License-Identifier: BSD-2-Clause
 * What does libunbound take to look up a name with all that proves it? */
#include "bench/peers.h"

#include <unbound.h>

static struct ub_ctx *
open_context(const live_job *job)
{
	struct ub_ctx *ctx = ub_ctx_create();

	/* libunbound answers for test. by itself, and asks nobody on loopback, unless told so. */
	bool good = ctx && ub_ctx_set_option(ctx, "do-not-query-localhost:", "no") == 0 &&
		    ub_ctx_set_option(ctx, "module-config:", "validator iterator") == 0 &&
		    ub_ctx_set_fwd(ctx, job->b->resolver) == 0 &&
		    ub_ctx_add_ta_file(ctx, job->b->anchor) == 0 &&
		    ub_ctx_zone_remove(ctx, "test.") == 0;
	bench_require(good, "libunbound makes no context");
	return ctx;
}

static bool
resolve(struct ub_ctx *ctx, const live_job *job)
{
	struct ub_result *result = NULL;
	char owner[1024];

	bool good = danepriv_server_owner(&job->server, owner, sizeof owner, NULL) == DANEPRIV_OK &&
		    ub_resolve(ctx, owner, danepriv_server_type(&job->server), 1, &result) == 0 &&
		    result->secure && result->havedata;
	ub_resolve_free(result);
	return good;
}

void
unbound_open(live_job *job)
{
	job->unbound = open_context(job);
}

void
unbound_close(live_job *job)
{
	ub_ctx_delete(job->unbound);
	job->unbound = NULL;
}

bool
unbound_warm(void *state)
{
	const live_job *job = state;

	return resolve(job->unbound, job);
}

bool
unbound_cold(void *state)
{
	const live_job *job = state;
	struct ub_ctx *ctx = open_context(job);
	bool good = resolve(ctx, job);

	ub_ctx_delete(ctx);
	return good;
}
