/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program on libuv look up several servers at once?
 *
 *	lookup_libuv RESOLVER[@PORT] ANCHORS NAME...
 *
 * One poll handle waits for all of them, deadlines included. */
#include "lookups.h"

#include <stdio.h>
#include <uv.h>

static void
on_readable(uv_poll_t *handle, int status, int events)
{
	lookups *all = handle->data;

	(void)events;
	if (status == 0)
		lookups_run(all);
	if (status != 0 || all->left == 0)
		uv_close((uv_handle_t *)handle, NULL);
}

int
main(int argc, char **argv)
{
	uv_poll_t handle;
	uv_loop_t loop;
	lookups all;

	if (!lookups_start(&all, argc, argv))
		return lookups_end(&all);
	int failed = uv_loop_init(&loop);
	if (failed)
		goto out;
	failed = uv_poll_init(&loop, &handle, danepriv_getdns_poll_fd(all.dns));
	if (!failed) {
		handle.data = &all;
		failed = uv_poll_start(&handle, UV_READABLE, on_readable);
		if (failed)
			uv_close((uv_handle_t *)&handle, NULL);
	}
	uv_run(&loop, UV_RUN_DEFAULT); /* until nothing is open */
	uv_loop_close(&loop);
out:
	if (failed)
		fprintf(stderr, "libuv: %s\n", uv_strerror(failed));
	return lookups_end(&all);
}
