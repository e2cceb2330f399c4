/* SPDX-License-Identifier: BSD-2-Clause
 * Which server do we mean, and under which name does its owner publish keys?  (RFC 6698 section 3)
 */
#ifndef DP_DANE_SERVER_H
#define DP_DANE_SERVER_H

#include "dns/name.h"

#include <danepriv/server.h>

/* A danepriv_server with its name parsed and its port filled in. */
typedef struct dp_server {
	uint16_t port;
	danepriv_transport transport;
	danepriv_aliases aliases;
	bool is_own; /* its own: what it is called is what it is (RFC 9102 section 3) */
	char label[DP_LABEL_OCTETS_MAX + 1]; /* text; empty: none */
	dp_name_store name;
} dp_server;

/* May a server be called so?  EINVAL: the root, or what reads as an address.  EMALFORMED: no host
 * has such a name. */
danepriv_status dp_server_name_check(dp_name name);
/* EINVAL: NULL, unknown transport or rule, the root or an address literal as name, a label where
 * there is no choice.  EMALFORMED: the name or the label. */
danepriv_status dp_server_read(const danepriv_server *server, dp_server *out);
/* danepriv_server_reverse, as a name.  EINVAL: no address; then no name. */
danepriv_status dp_server_reverse(danepriv_span address, dp_name_store *out);
/* TLSA, or IPSECA. */
uint16_t dp_server_type(const dp_server *server);
/* `_853._tcp.` and so on in front of the name.  EMALFORMED: too long. */
danepriv_status dp_server_owner(const dp_server *server, dp_name_store *out);
/* The label is the one that servers of this transport have when nothing else is said. */
bool dp_server_label_is_own(danepriv_transport transport, const char *label);
/* Same name (case-insensitive), port, transport and label. */
bool dp_server_equal(const dp_server *a, const dp_server *b);

#endif
