/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program with a loop of its own look up several servers at once?
 *
 *	lookup_poll RESOLVER[@PORT] ANCHORS NAME...
 *
 * Here the loop is poll(2); one descriptor of it, and its timeout, are the lookups'.  A program
 * that schedules timers elsewhere can leave the timeout out: the descriptor tells the time too. */
#include "lookups.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	lookups all;

	if (!lookups_start(&all, argc, argv))
		return lookups_end(&all);
	while (all.left > 0) {
		struct pollfd p[] = {
			{ .fd = danepriv_getdns_poll_fd(all.dns), .events = POLLIN },
			/* and what else the program waits for */
		};
		if (poll(p, 1, danepriv_getdns_poll_timeout(all.dns)) < 0 && errno != EINTR) {
			perror("poll");
			break;
		}
		lookups_run(&all);
	}
	return lookups_end(&all);
}
