/* SPDX-License-Identifier: BSD-2-Clause
 * How does a sample client connect? */
#ifndef EXAMPLES_CONNECT_TO_H
#define EXAMPLES_CONNECT_TO_H

/* A connected TCP socket to an IPv4 address, or -1. */
int connect_to(const char *address, const char *port);

#endif
