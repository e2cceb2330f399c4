/* SPDX-License-Identifier: BSD-2-Clause
 * What did `danepriv check` find out?  Filled in by check.c, told by check_tell.c. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "advice.h"
#include "ask.h"
#include "hints.h"
#include "ike.h"

/* As many records as danepriv takes. */
#define CLI_CHECK_RECORDS_MAX 512
#define CLI_CHECK_TEXT_MAX 320
/* As many certificates as a handshake may carry. */
#define CLI_HINT_ITEMS_MAX 128

typedef struct cli_tls {
	bool up; /* it came up, or we ended it because of the key shown */
	const char *version;
	const char *certificate_type; /* x509 or raw-key */
	const char *raw_keys;	      /* offered, not-known or unavailable */
} cli_tls;

/* What came of one address. */
typedef struct cli_attempt {
	char address[CLI_ADDRESS_TEXT_MAX];
	danepriv_decision decision;
	danepriv_finding finding;
	char text[CLI_CHECK_TEXT_MAX];
} cli_attempt;

typedef struct cli_outcome {
	const char *name, *transport;
	danepriv_decision decision;
	danepriv_verdict why;
	danepriv_source source;
	cli_carriage carriage; /* of what was looked up */
	danepriv_record_verdict each[CLI_CHECK_RECORDS_MAX];
	size_t records;
	char address[CLI_ADDRESS_TEXT_MAX]; /* "" when none was tried */
	char trouble[CLI_CHECK_TEXT_MAX];   /* why there is no connection, or "" */
	bool unreachable;		    /* no lookup, no address or no connection */
	bool asked;			    /* --query was given */
	bool answered;
	cli_tls tls;
	cli_hints hints;
	cli_attempt attempts[CLI_ADDRESSES_MAX];
	size_t attempted;
	cli_answer answer;
	/* over IPsec */
	const cli_ike *ike; /* otherwise NULL */
	danepriv_ike_found found;
	const char *blame; /* why the peer's ID is at fault, or NULL */
} cli_outcome;

/* What an IKE peer is said to show. */
typedef struct cli_shown {
	const char *cert, *key, *id;
} cli_shown;

/* Who is judged, by what, and where. */
typedef struct cli_tries {
	const danepriv *ctx;
	const danepriv_server *server;
	danepriv_profile profile;
	danepriv_records *records; /* that were looked up, or NULL */
	const cli_transport *transport;
	danepriv_gnutls_chain chain;
	uint32_t timeout_ms;
	const cli_addresses *addresses;
} cli_tries;

/* A session with the records that were looked up.  False, and said so, when there is none. */
bool cli_session_open(const cli_tries *tries, danepriv_session **out);

/* What may be done when no handshake says who is there. */
void cli_decide_without_tls(
    cli_outcome *check, danepriv_session *session, danepriv_channel channel);

/* Tries one address after the other until one authenticates, or none can.  *session is replaced by
 * that of the outcome; the connection is up if it may be used. */
void cli_try_addresses(cli_outcome *check, const cli_tries *tries, danepriv_session **session,
    cli_connection *connection);

/* Names the records that were judged by.  Those that nothing was matched against are still told by
 * their three numbers. */
void cli_check_name_records(cli_outcome *check, const danepriv_records *records);

/* Over IPsec: looks up and judges what a peer is said to show.  The exit status. */
int cli_check_ike(cli_outcome *check, cli_network *network, const cli_shown *shown,
    danepriv_profile profile, bool json);

/* One sentence: why it was decided so, and what there is to mend. */
void cli_check_explain(const cli_outcome *check, char *text, size_t room);

/* False when it could not be written. */
bool cli_check_tell(const cli_outcome *check, bool json);

#endif
