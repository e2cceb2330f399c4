/* SPDX-License-Identifier: BSD-2-Clause
 * Which addresses and networks may stand in a configuration as they are? */
#ifndef CLI_IPSEC_PLACE_H
#define CLI_IPSEC_PLACE_H

#include <arpa/inet.h>
#include <danepriv/status.h>
#include <stdbool.h>

/* An address, or a network as ADDR/LEN.  The text is what inet_ntop makes of the octets. */
typedef struct cli_ipsec_place {
	uint8_t octets[16];
	size_t len; /* 4 or 16; 0: there is none */
	char text[INET6_ADDRSTRLEN + 4];
} cli_ipsec_place;

/* An address of a host: one, and not all or many.  False where it is something else. */
bool cli_ipsec_place_set(danepriv_span octets, cli_ipsec_place *out);
bool cli_ipsec_place_parse(const char *text, cli_ipsec_place *out);
/* The same of an option; false, and said so. */
bool cli_ipsec_place_read(const char *option, const char *text, cli_ipsec_place *out);

/* A network of --clients: ADDR/LEN, and zero behind LEN.  False, and said so. */
bool cli_ipsec_net_read(const char *text, cli_ipsec_place *out);

/* Who is served by an internal resolver?  The private network that its address is in
 * (draft-osterweil-dane-ipsec appendix B).  False: the address is public. */
bool cli_ipsec_net_of(const cli_ipsec_place *place, cli_ipsec_place *out);

bool cli_ipsec_places_equal(const cli_ipsec_place *one, const cli_ipsec_place *other);

#endif
