/* SPDX-License-Identifier: BSD-2-Clause
 * Who sits at each of a server's addresses?  An address proves nothing: whoever sits at one of them
 * says nothing of the others, and each is judged by itself until one authenticates. */
#include "check.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Who calls this program has written the name down. */
#define CLI_PROVENANCE DANEPRIV_PROVENANCE_CONFIGURED

enum { SHAKES_MAX = 4 }; /* handshakes on end, where the clock is put back in each */

void
cli_decide_without_tls(cli_outcome *c, danepriv_session *session, danepriv_channel channel)
{
	c->decision = danepriv_session_decide(
	    session, CLI_PROVENANCE, channel, (danepriv_time)time(NULL), &c->why);
}

bool
cli_session_open(const cli_tries *t, danepriv_session **out)
{
	danepriv_status status = danepriv_session_new(t->ctx, t->server, t->profile, out);

	if (status == DANEPRIV_OK && t->records)
		status = danepriv_session_give_fetched_records(*out, t->records);
	if (status == DANEPRIV_OK)
		return true;
	cli_complain("cannot judge: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_session_free(*out);
	*out = NULL;
	return false;
}

static void
describe_tls(cli_outcome *c, const cli_connection *connection)
{
	static const char *const raw_keys[] = {
		[DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE] = "unavailable",
		[DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN] = "not-known",
		[DANEPRIV_GNUTLS_RAW_KEYS_OFFERED] = "offered",
	};
	gnutls_session_t tls = connection->tls;
	const char *version = gnutls_protocol_get_name(gnutls_protocol_get_version(tls));
	bool raw = gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_SERVER) == GNUTLS_CRT_RAWPK;

	c->tls.version = version ? version : "unknown";
	c->tls.certificate_type = danepriv_word(DANEPRIV_KIND_CREDENTIAL_TYPE,
	    raw ? DANEPRIV_CREDENTIAL_RAW_KEY : DANEPRIV_CREDENTIAL_X509);
	c->tls.raw_keys = raw_keys[connection->raw_keys];
	c->tls.up = true;
}

/* The handshake came to nothing, and not because of our judgement. */
static void
describe_failure(cli_outcome *c, const cli_connection *connection)
{
	int result = connection->handshake;

	/* Whoever shows a key and cannot sign with it is no server that is merely broken. */
	c->unreachable = result != GNUTLS_E_PK_SIG_VERIFY_FAILED;
	if (connection->trouble)
		(void)snprintf(c->trouble, sizeof c->trouble, "%s", connection->trouble);
	else if (result == GNUTLS_E_PULL_ERROR || result == GNUTLS_E_PUSH_ERROR)
		(void)snprintf(c->trouble, sizeof c->trouble,
		    "nobody is there, or the connection broke off in the handshake");
	else if (result == GNUTLS_E_TIMEDOUT && connection->transport->socket_type == SOCK_DGRAM)
		(void)snprintf(c->trouble, sizeof c->trouble, "no handshake came about in time");
	else if (result == GNUTLS_E_TIMEDOUT)
		(void)snprintf(c->trouble, sizeof c->trouble,
		    "the server took the connection and did not finish the TLS handshake in time");
	else
		(void)snprintf(c->trouble, sizeof c->trouble, "TLS did not come up: %s",
		    gnutls_strerror(result));
}

/* One handshake: what it tells of the peer goes to the session, and the decision to `c`. */
static void
shake_once(cli_outcome *c, const cli_tries *t, const cli_address *address,
    danepriv_session *session, cli_connection *connection, cli_deadline deadline)
{
	cli_disconnect(connection);
	connection->chain = t->chain;
	c->tls.up = false;
	c->trouble[0] = '\0';
	c->unreachable = false;
	cli_address_text(address, c->address, sizeof c->address);
	if (!cli_connect(connection, t->transport, address, deadline)) {
		(void)snprintf(
		    c->trouble, sizeof c->trouble, "could not connect: %s", strerror(errno));
		c->unreachable = true;
		cli_decide_without_tls(c, session, DANEPRIV_CHANNEL_NONE);
		return;
	}
	if (!t->transport->handshake(connection, session, deadline))
		(void)snprintf(c->trouble, sizeof c->trouble, "TLS could not begin");
	c->decision = danepriv_gnutls_decide(connection->tls, session, CLI_PROVENANCE,
	    connection->handshake, (danepriv_time)time(NULL), &c->why);
	/* A finding is there only when a key was shown and judged. */
	if (connection->handshake == GNUTLS_E_SUCCESS ||
	    c->why.finding != DANEPRIV_FINDING_UNJUDGED)
		describe_tls(c, connection);
	else if (c->trouble[0] == '\0')
		describe_failure(c, connection);
}

/* GnuTLS measures DTLS by the time of day: where that was put back, it gives up long before us. */
static bool
gave_up_early(const cli_connection *connection, cli_deadline deadline)
{
	return connection->handshake == GNUTLS_E_TIMEDOUT && connection->tls &&
	       connection->transport->socket_type == SOCK_DGRAM && cli_now_ms() < deadline;
}

static void
connect_once(cli_outcome *c, const cli_tries *t, const cli_address *address,
    danepriv_session *session, cli_connection *connection)
{
	cli_deadline deadline = cli_deadline_in(t->timeout_ms);

	shake_once(c, t, address, session, connection, deadline);
	for (int i = 1; i < SHAKES_MAX && gave_up_early(connection, deadline); i++)
		shake_once(c, t, address, session, connection, deadline);
}

/* What may be wrong with the records, when none matches what was shown. */
static void
find_hints(cli_outcome *c, const cli_tries *t, danepriv_session *session, gnutls_session_t tls)
{
	bool raw = gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_SERVER) == GNUTLS_CRT_RAWPK;
	danepriv_span items[CLI_HINT_ITEMS_MAX];
	danepriv_credential shown = { raw ? DANEPRIV_CREDENTIAL_RAW_KEY : DANEPRIV_CREDENTIAL_X509,
		items, 0 };
	cli_judged judged = {
		.ctx = t->ctx, .credential = &shown, .now = (danepriv_time)time(NULL)
	};
	danepriv_records *records = NULL;
	unsigned count = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(tls, &count);

	for (; peers && shown.count < count && shown.count < CLI_HINT_ITEMS_MAX; shown.count++) {
		items[shown.count].data = peers[shown.count].data;
		items[shown.count].len = peers[shown.count].size;
	}
	if (shown.count == 0 || danepriv_session_get_records(session, &records) != DANEPRIV_OK)
		return;
	judged.records = records;
	cli_hints_find(&c->hints, &judged);
	danepriv_records_free(records);
}

/* One address; again, when the proof that came had to end the first handshake, or when the records
 * are for another name than was sent (RFC 7671 section 7). */
static void
try_address(cli_outcome *c, const cli_tries *t, const cli_address *address,
    danepriv_session *session, cli_connection *connection)
{
	c->hints.count = 0;
	connect_once(c, t, address, session, connection);
	if (danepriv_gnutls_must_reconnect(connection->tls))
		connect_once(c, t, address, session, connection);
	if (danepriv_session_reconnect_name(session))
		connect_once(c, t, address, session, connection);
	if (connection->tls && c->why.finding == DANEPRIV_FINDING_MISMATCH)
		find_hints(c, t, session, connection->tls);
}

/* How good is it, of what was refused the one that says most? */
static int
rank_of(const cli_outcome *c)
{
	switch (c->decision) {
	case DANEPRIV_DECISION_PROCEED:
		return 4;
	case DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED:
		return 3;
	case DANEPRIV_DECISION_PROCEED_CLEARTEXT:
	case DANEPRIV_DECISION_REFUSE:
		break;
	}
	return c->tls.up ? 2 : !c->unreachable;
}

/* Could another address do better?  What is published is the same at all of them. */
static bool
may_be_better_elsewhere(const cli_outcome *c)
{
	return c->decision != DANEPRIV_DECISION_PROCEED &&
	       c->why.finding != DANEPRIV_FINDING_ABSENT &&
	       c->why.finding != DANEPRIV_FINDING_UNSIGNED &&
	       c->why.finding != DANEPRIV_FINDING_UNUSABLE;
}

static void
note(cli_outcome *c)
{
	cli_attempt *attempt = &c->attempts[c->attempted++];

	(void)snprintf(attempt->address, sizeof attempt->address, "%s", c->address);
	attempt->decision = c->decision;
	attempt->finding = c->why.finding;
	cli_check_explain(c, attempt->text, sizeof attempt->text);
}

/* In a session of its own, which takes the place of *session.  False: that was not possible. */
static bool
try_afresh(cli_outcome *c, const cli_tries *t, size_t i, danepriv_session **session,
    cli_connection *connection)
{
	danepriv_session *fresh = NULL;

	cli_disconnect(connection);
	if (!cli_session_open(t, &fresh))
		return false;
	danepriv_session_free(*session);
	*session = fresh;
	try_address(c, t, &t->addresses->list[i], fresh, connection);
	return true;
}

/* Goes back to the best, the connection to which was given up.  A refusal needs none. */
static void
return_to(cli_outcome *c, const cli_outcome *best, const cli_tries *t, size_t at,
    danepriv_session **session, cli_connection *connection)
{
	cli_attempt attempts[CLI_ADDRESSES_MAX];
	size_t attempted = c->attempted;

	if (best->decision == DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED) {
		(void)try_afresh(c, t, at, session, connection);
		return;
	}
	cli_disconnect(connection);
	memcpy(attempts, c->attempts, sizeof attempts);
	*c = *best;
	memcpy(c->attempts, attempts, sizeof attempts);
	c->attempted = attempted;
}

void
cli_try_addresses(
    cli_outcome *c, const cli_tries *t, danepriv_session **session, cli_connection *connection)
{
	cli_outcome best = { .decision = DANEPRIV_DECISION_REFUSE };
	size_t best_at = 0, last = 0;
	bool more = true;

	for (size_t i = 0; more && i < t->addresses->count; i++) {
		if (!try_afresh(c, t, i, session, connection))
			return;
		note(c);
		last = i;
		if (i == 0 || rank_of(c) > rank_of(&best)) {
			best = *c;
			best_at = i;
		}
		more = may_be_better_elsewhere(c);
	}
	if (best_at != last)
		return_to(c, &best, t, best_at, session, connection);
	if (t->addresses->count > 0)
		return;
	(void)snprintf(c->trouble, sizeof c->trouble, "the name has no address");
	c->unreachable = true;
	cli_decide_without_tls(c, *session, DANEPRIV_CHANNEL_NONE);
}
