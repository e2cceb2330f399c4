/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv check: may questions be sent to this server, here and now?
 *
 * Looks the records up first, and connects with them at hand, so that a peer with the wrong key is
 * turned away within the handshake. */
#include "check.h"

#include "commands.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CLEAR_PORT 53

typedef struct arguments {
	cli_network network;
	const char *connect, *mode, *chain, *query;
	bool clear;
	bool json;
	/* made of them */
	danepriv_profile profile;
	cli_query question;
	cli_addresses addresses;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "connect", 0, CLI_TEXT, "ADDR[@PORT]",
		    "where the server is (its address is looked up)", &a->connect },
		CLI_NETWORK_OPTIONS(&a->network, "dot, the only one that it speaks"),
		{ "mode", 0, CLI_TEXT, "WORD", "strict (default) or opportunistic", &a->mode },
		{ "chain", 0, CLI_TEXT, "WORD",
		    "proof out of the handshake: try (default), require or off", &a->chain },
		{ "query", 0, CLI_TEXT, "'QNAME QTYPE'", "ask this over the judged connection",
		    &a->query },
		{ "clear", 0, CLI_SWITCH, NULL,
		    "if need be in clear, to port 53 (with --mode opportunistic)", &a->clear },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	const cli_syntax syntax = {
		"check NAME [--connect ADDR[@PORT]] [--port N] [--transport dot]\n"
		"       [--resolver ADDR[@PORT]] [--anchor FILE] [--mode strict|opportunistic]\n"
		"       [--chain try|require|off] [--query 'QNAME QTYPE'] [--clear] [--timeout S]\n"
		"       [--json]",
		"Connects to a DNS-over-TLS server and says whether its key is the one that its\n"
		"owner published.  --port is part of the name of the records; --connect may name\n"
		"another one to connect to.  A question is never sent in clear without --clear.\n"
		"Exit status: 0 authenticated; 3 opportunistic, going on unauthenticated or in\n"
		"clear; 1 refused; 4 could not connect or look up, or --query got no answer;\n"
		"2 usage or unreadable input.",
		options, sizeof options / sizeof *options, "NAME", &a->network.name
	};

	return cli_parse(&syntax, argc, argv);
}

/* Is `text` (NULL: the first) one of two or three words?  Its place, or -1. */
static int
read_word(const char *option, const char *text, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (!text || strcmp(text, words[i]) == 0)
			return i;
	cli_complain("option --%s: not a word that it knows", option);
	return -1;
}

static bool
read_arguments(arguments *a)
{
	static const char *const modes[] = { "strict", "opportunistic", NULL };
	static const char *const chains[] = { "try", "require", "off", NULL };
	int mode = read_word("mode", a->mode, modes);
	int chain = read_word("chain", a->chain, chains);

	if (mode < 0 || chain < 0)
		return false;
	if (chain == 1) {
		cli_complain("--chain require: chains out of the handshake are not read yet");
		return false;
	}
	a->profile = mode == 0 ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC;
	if (a->network.transport && strcmp(a->network.transport, "dot") != 0) {
		cli_complain("check speaks DNS over TLS only: --transport dot");
		return false;
	}
	if (a->clear && a->profile != DANEPRIV_OPPORTUNISTIC) {
		cli_complain("--clear needs --mode opportunistic");
		return false;
	}
	if (a->query && !cli_query_read(a->query, &a->question)) {
		cli_complain("--query is not 'QNAME QTYPE'");
		return false;
	}
	if (!a->connect)
		return true;
	danepriv_server meant = { a->network.name, (uint16_t)a->network.port.value, DANEPRIV_DOT };
	a->addresses.count = 1;
	if (cli_address_read(a->connect, danepriv_server_port(&meant), &a->addresses.list[0]))
		return true;
	cli_complain("--connect is not ADDR or ADDR@PORT");
	return false;
}

static void
decide_without_tls(cli_outcome *c, danepriv_session *session, danepriv_channel channel)
{
	c->decision = danepriv_session_decide(session, channel, (danepriv_time)time(NULL), &c->why);
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
	c->tls.certificate_type = raw ? "raw-key" : "x509";
	c->tls.raw_keys = raw_keys[connection->raw_keys];
	c->tls.up = true;
}

/* The handshake came to nothing, and not because of our judgement. */
static void
describe_failure(cli_outcome *c, int result)
{
	/* Whoever shows a key and cannot sign with it is no server that is merely broken. */
	c->unreachable = result != GNUTLS_E_PK_SIG_VERIFY_FAILED;
	if (result == GNUTLS_E_TIMEDOUT)
		(void)snprintf(c->trouble, sizeof c->trouble,
		    "the server took the connection and did not finish the TLS handshake in time");
	else
		(void)snprintf(c->trouble, sizeof c->trouble, "TLS did not come up: %s",
		    gnutls_strerror(result));
}

/* Connects to the first address that takes the connection. */
static bool
connect_any(cli_outcome *c, const cli_addresses *addresses, cli_connection *connection,
    cli_deadline deadline)
{
	for (size_t i = 0; i < addresses->count; i++) {
		cli_address_text(&addresses->list[i], c->address, sizeof c->address);
		if (cli_connect(connection, &addresses->list[i], deadline))
			return true;
		(void)snprintf(
		    c->trouble, sizeof c->trouble, "could not connect: %s", strerror(errno));
		cli_disconnect(connection);
	}
	if (addresses->count == 0)
		(void)snprintf(c->trouble, sizeof c->trouble, "the name has no address");
	c->unreachable = true;
	return false;
}

/* One connection: what it tells of the peer goes to the session, and the decision to `c`. */
static void
try_tls(cli_outcome *c, const arguments *a, danepriv_session *session, cli_connection *connection)
{
	cli_deadline deadline = cli_deadline_in(a->network.timeout_ms);

	c->trouble[0] = '\0';
	c->unreachable = false;
	c->tls.up = false;
	if (!connect_any(c, &a->addresses, connection, deadline)) {
		decide_without_tls(c, session, DANEPRIV_NO_CHANNEL);
		return;
	}
	if (!cli_connect_tls(connection, session, deadline))
		(void)snprintf(c->trouble, sizeof c->trouble, "TLS could not begin");
	c->decision = danepriv_gnutls_decide(
	    connection->tls, session, connection->handshake, (danepriv_time)time(NULL), &c->why);
	/* A finding is there only when a key was shown and judged. */
	if (connection->handshake == GNUTLS_E_SUCCESS || c->why.finding != DANEPRIV_UNJUDGED)
		describe_tls(c, connection);
	else if (c->trouble[0] == '\0')
		describe_failure(c, connection->handshake);
}

/* Strict, and the evidence alone says no: then there is nothing to connect for, and with bogus
 * evidence nothing may be begun (RFC 6698 section 4.1).  In clear no credential counts, so that the
 * finding is of the evidence: secure records that could match leave it indeterminate. */
static bool
is_hopeless(cli_outcome *c, danepriv_session *session)
{
	decide_without_tls(c, session, DANEPRIV_CLEAR);
	return danepriv_session_profile(session) == DANEPRIV_STRICT &&
	       (c->why.proof != DANEPRIV_PROOF_SECURE || c->why.finding != DANEPRIV_INDETERMINATE);
}

static void
judge(cli_outcome *c, const arguments *a, danepriv_session *session, cli_connection *connection)
{
	if (is_hopeless(c, session)) {
		c->unreachable = cli_reason_is_unreachable(c->why.reason);
		return;
	}
	try_tls(c, a, session, connection);
	/* RFC 7671 section 7: once more, with the other SNI. */
	if (danepriv_session_reconnect(session)) {
		cli_disconnect(connection);
		try_tls(c, a, session, connection);
	}
	if (connection->handshake == GNUTLS_E_SUCCESS || a->addresses.count == 0 || c->tls.up)
		return;
	/* RFC 8310 section 5: opportunistic goes on in clear, strict does not. */
	decide_without_tls(c, session, DANEPRIV_CLEAR);
	if (c->decision == DANEPRIV_REFUSE)
		decide_without_tls(c, session, DANEPRIV_NO_CHANNEL);
}

/* Asks over what was judged; in clear only when that was allowed in so many words. */
static void
ask(cli_outcome *c, const arguments *a, cli_connection *connection)
{
	cli_deadline deadline = cli_deadline_in(a->network.timeout_ms);

	if (!a->query || c->decision == DANEPRIV_REFUSE)
		return;
	if (c->decision == DANEPRIV_PROCEED_CLEARTEXT) {
		if (!a->clear) {
			cli_complain("the question was not sent in clear (see --clear)");
			return;
		}
		cli_address address = a->addresses.list[0];
		cli_address_set_port(&address, CLEAR_PORT);
		cli_disconnect(connection);
		if (!cli_connect(connection, &address, deadline))
			return;
	}
	c->answered = cli_ask(connection, &a->question, deadline, &c->answer);
}

static int
exit_status(const cli_outcome *c, const arguments *a)
{
	bool sent = c->decision != DANEPRIV_PROCEED_CLEARTEXT || a->clear;

	if (c->decision == DANEPRIV_REFUSE)
		return c->unreachable ? CLI_EXIT_UNREACHABLE : CLI_EXIT_NO;
	if (c->asked && sent && !c->answered)
		return CLI_EXIT_UNREACHABLE;
	return c->decision == DANEPRIV_PROCEED ? CLI_EXIT_YES : CLI_EXIT_UNAUTHENTICATED;
}

/* Evidence first.  CLI_EXIT_YES when the session has it. */
static int
open_session(cli_outcome *c, arguments *a, danepriv_session **out)
{
	danepriv_records *records = NULL;
	int result = cli_network_lookup(&a->network, &records);

	if (result != CLI_EXIT_YES)
		return result;
	danepriv_status status =
	    danepriv_session_new(out, a->network.ctx, &a->network.server, a->profile);
	if (status == DANEPRIV_OK)
		status = danepriv_session_give_fetched_records(*out, records);
	c->records = danepriv_records_count(records);
	danepriv_records_free(records);
	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	cli_complain("cannot judge: %s", danepriv_strerror(status));
	return CLI_EXIT_UNREACHABLE;
}

/* Records that nothing was matched against are still told by their three numbers. */
static void
name_untried(cli_outcome *c, danepriv_session *session)
{
	danepriv_records *records = NULL;

	if (danepriv_session_get_records(session, &records) != DANEPRIV_OK)
		return;
	for (size_t i = 0; i < c->records && i < CLI_CHECK_RECORDS_MAX; i++) {
		danepriv_span rdata = danepriv_records_rdata(records, i);
		if (c->why.finding != DANEPRIV_UNJUDGED || rdata.len < 3)
			continue;
		c->each[i].usage = rdata.data[0];
		c->each[i].selector = rdata.data[1];
		c->each[i].matching = rdata.data[2];
	}
	danepriv_records_free(records);
}

static int
run(arguments *a, cli_outcome *c, cli_connection *connection)
{
	danepriv_session *session = NULL;
	int result = open_session(c, a, &session);

	if (result != CLI_EXIT_YES)
		goto out;
	if (!a->connect)
		cli_addresses_find(&a->network, &a->addresses);
	judge(c, a, session, connection);
	name_untried(c, session);
	ask(c, a, connection);
	result = cli_check_tell(c, a->json) ? exit_status(c, a) : CLI_EXIT_USAGE;
out:
	cli_disconnect(connection); /* before the session that guards it */
	danepriv_session_free(session);
	return result;
}

int
cli_check(int argc, char **argv)
{
	arguments a = { .json = false };
	cli_connection connection = CLI_NO_CONNECTION;
	cli_outcome check = { .why = { .size = sizeof check.why } };

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	check.name = a.network.name;
	check.asked = a.query != NULL;
	check.why.each = check.each;
	check.why.each_room = CLI_CHECK_RECORDS_MAX;
	int result = read_arguments(&a) ? cli_network_open(&a.network) : CLI_EXIT_USAGE;
	if (result == CLI_EXIT_YES)
		result = run(&a, &check, &connection);
	json_decref(check.answer.records);
	cli_network_close(&a.network);
	return result;
}
