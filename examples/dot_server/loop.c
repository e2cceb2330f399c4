/* SPDX-License-Identifier: BSD-2-Clause
 * How does dot_server wait for clients, lookups and signals at once? */
#include "dot_server.h"

#include <signal.h>
#include <sys/select.h>
#include <sys/socket.h>

static volatile sig_atomic_t is_stopped;

static void
on_signal(int number)
{
	(void)number;
	is_stopped = 1;
}

/* Lets signals come while the loop waits, and to no other thread.  Gives the mask to wait with. */
static sigset_t
take_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t ends, mask;

	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes to clients that have gone */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, &mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigdelset(&mask, SIGINT);
	sigdelset(&mask, SIGTERM);
	return mask;
}

/* Until there is something to do.  Is there a client? */
static bool
wait_for_client(const server_chain *chain, int listener, const sigset_t *mask)
{
	int dns = danepriv_getdns_poll_fd(chain->dns), ms = server_chain_timeout(chain);
	struct timespec timeout = { ms / 1000, ms % 1000 * 1000000L };
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(dns, &readable);
	if (chain->is_tried) /* who comes while the first chain is built waits for it */
		FD_SET(listener, &readable);
	return pselect((dns > listener ? dns : listener) + 1, &readable, NULL, NULL,
		   ms < 0 ? NULL : &timeout, mask) > 0 &&
	       FD_ISSET(listener, &readable);
}

void
server_run(server_chain *chain, int listener, const dot_service *service)
{
	static client clients[CLIENTS_MAX];
	sigset_t mask = take_signals();
	bool is_open = false;

	while (!is_stopped) {
		if (!is_open && chain->is_tried)
			address_tell(listener);
		is_open = chain->is_tried;
		bool is_client = wait_for_client(chain, listener, &mask);
		server_chain_run(chain);
		clients_reap(clients, false);
		int fd = is_client ? accept(listener, NULL, NULL) : -1;
		if (fd >= 0)
			clients_admit(clients, service, fd);
	}
	clients_reap(clients, true);
}
