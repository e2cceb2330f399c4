/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv check: may questions be sent to this server, here and now?
 *
 * Looks the records up first, and connects with them at hand, so that a peer with the wrong key is
 * turned away within the handshake.  Where that led nowhere the server is asked for its own proof
 * (RFC 9102); with --chain require nothing is looked up at all. */
#include "check.h"

#include "commands.h"
#include "output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define CLEAR_PORT 53

enum { CHAIN_TRY = 0, CHAIN_REQUIRE, CHAIN_OFF };

typedef struct arguments {
	cli_network network;
	cli_shown shown;
	const char *connect, *query;
	cli_number mode, chain;
	bool clear;
	bool json;
	/* made of them */
	danepriv_profile profile;
	const cli_transport *transport;
	cli_query question;
	cli_addresses addresses;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "connect", 0, CLI_TEXT, "ADDR[@PORT]",
		    "where the server is (its address is looked up)", &a->connect },
		CLI_NETWORK_OPTIONS(&a->network),
		{ "cert", 0, CLI_TEXT, "FILE",
		    "an IKE peer's certificates: PEM, end entity first, or DER", &a->shown.cert },
		{ "key", 0, CLI_TEXT, "FILE", "its raw public key instead, PEM or DER",
		    &a->shown.key },
		CLI_IKE_OPTION(&a->shown.id),
		CLI_POLICY_OPTIONS(&a->network.policy),
		{ "mode", 0, CLI_WORD, "strict|opportunistic", "what to make of it (strict)",
		    &a->mode },
		{ "chain", 0, CLI_WORD, "try|require|off", "proof out of the handshake (try)",
		    &a->chain },
		{ "query", 0, CLI_TEXT, "'QNAME QTYPE'", "ask this over the judged connection",
		    &a->query },
		{ "clear", 0, CLI_SWITCH, NULL, "if need be in clear, to port 53 (opportunistic)",
		    &a->clear },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "authenticated" },
		{ CLI_EXIT_UNAUTHENTICATED, "opportunistic: going on unauthenticated or in clear" },
		{ CLI_EXIT_NO, "refused" },
		{ CLI_EXIT_UNREACHABLE, "could not connect or look up, or --query got no answer" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"check NAME [--connect ADDR[@PORT]] [--port N]\n"
		"       [--transport dot|doh|doq|dtls|ipsec|doh3] [--label WORD] [--name-server]\n"
		"       [--resolver ADDR[@PORT]] [--anchor FILE] [--negative-anchor DOMAIN]...\n"
		"       [--mode strict|opportunistic] [--chain try|require|off]\n"
		"       [--query 'QNAME QTYPE'] [--clear] [--timeout S] [--json]\n"
		"       [--cert FILE | --key FILE] [--id TYPE:VALUE]\n"
		"       [--exclude-usage N]... [--server-auth]",
		"Connects to a name server and says whether its key is the one that its owner\n"
		"published.  --port is part of the name of the records; --connect may name\n"
		"another one to connect to.  A question is never sent in clear without --clear.\n"
		"Its addresses are tried one after the other, until one authenticates itself.\n"
		"The server is asked for its own proof where the records could not be looked up;\n"
		"with --chain require they are not looked up, and nothing else counts.\n"
		"Of the transports this build speaks " CLI_SPOKEN ".\n"
		"With --transport ipsec it connects to nobody: it looks up, and judges what an\n"
		"IKE daemon was shown.  NAME may be an address then.\n" CLI_IKE_IDS,
		options, sizeof options / sizeof *options, "NAME", &a->network.server.name, exits,
		sizeof exits / sizeof *exits,
		"check dns.example.net --query 'www.example.org A' --json"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
is_ike(const arguments *a)
{
	return a->network.server.transport.value == DANEPRIV_TRANSPORT_IPSEC;
}

/* Over IPsec there is a credential and no connection; over all others it is the other way. */
static bool
options_agree(const arguments *a)
{
	const cli_shown *shown = &a->shown;

	if (!is_ike(a) && (shown->cert || shown->key || shown->id)) {
		cli_complain("--cert, --key and --id go with --transport ipsec only");
		return false;
	}
	if (!is_ike(a))
		return true;
	if (!shown->cert && !shown->key) {
		cli_complain("over ipsec an IKE daemon connects: say what the peer showed to it, "
			     "--cert or --key");
		return false;
	}
	if (a->connect || a->query || a->clear || a->chain.given) {
		cli_complain(
		    "--connect, --query, --clear and --chain do not go with --transport ipsec");
		return false;
	}
	return true;
}

/* Can this build shake hands over the transport asked for? */
static bool
find_transport(arguments *a)
{
	danepriv_transport transport = (danepriv_transport)a->network.server.transport.value;

	a->transport = cli_transport_of(transport);
	if (!a->transport)
		cli_complain("this build does not speak %s: --transport takes " CLI_SPOKEN,
		    danepriv_word(DANEPRIV_KIND_TRANSPORT, transport));
	return a->transport != NULL;
}

/* Where --connect says that the server is. */
static bool
read_address(arguments *a)
{
	danepriv_server meant = { "a.test", (uint16_t)a->network.server.port.value,
		(danepriv_transport)a->network.server.transport.value };

	if (!a->connect)
		return true;
	a->addresses.count = 1;
	if (cli_address_read(a->connect, danepriv_server_port(&meant), &a->addresses.list[0]))
		return true;
	cli_complain("--connect is not ADDR or ADDR@PORT");
	return false;
}

static bool
read_arguments(arguments *a)
{
	char name[1024];

	a->profile = a->mode.value == 0 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	a->network.asks_nothing = a->connect && a->chain.value == CHAIN_REQUIRE;
	if (a->clear && a->profile != DANEPRIV_PROFILE_OPPORTUNISTIC) {
		cli_complain("--clear needs --mode opportunistic");
		return false;
	}
	if (a->query && sscanf(a->query, " %1023[^ \t]", name) == 1 && !cli_name_is_ascii(name))
		return false;
	if (a->query && !cli_query_read(a->query, &a->question)) {
		cli_complain("--query is not 'QNAME QTYPE'");
		return false;
	}
	return options_agree(a) && (is_ike(a) || find_transport(a)) && read_address(a);
}

/* Nothing was learnt of the owner, and the server may send what the owner signed. */
static bool
may_be_proven_by_server(const cli_outcome *c, const arguments *a)
{
	return a->chain.value != CHAIN_OFF && c->why.security != DANEPRIV_SECURITY_SECURE &&
	       c->why.security != DANEPRIV_SECURITY_DENIED &&
	       c->why.security != DANEPRIV_SECURITY_INSECURE;
}

/* Strict, and the evidence alone says no: then there is nothing to connect for, and with bogus
 * evidence nothing may be begun (RFC 6698 section 4.1).  In clear no credential counts, so that the
 * finding is of the evidence: secure records that could match leave it indeterminate. */
static bool
is_hopeless(cli_outcome *c, const arguments *a, danepriv_session *session)
{
	cli_decide_without_tls(c, session, DANEPRIV_CHANNEL_CLEAR);
	if (may_be_proven_by_server(c, a))
		return false;
	return danepriv_session_profile(session) == DANEPRIV_PROFILE_STRICT &&
	       (c->why.security != DANEPRIV_SECURITY_SECURE ||
		   c->why.finding != DANEPRIV_FINDING_INDETERMINATE);
}

/* *session: that of what `c` says in the end. */
static void
judge(cli_outcome *c, const arguments *a, const cli_tries *tries, danepriv_session **session,
    cli_connection *connection)
{
	if (is_hopeless(c, a, *session)) {
		c->unreachable = cli_reason_is_unreachable(c->why.reason);
		return;
	}
	cli_try_addresses(c, tries, session, connection);
	if (connection->handshake == GNUTLS_E_SUCCESS || a->addresses.count == 0 || c->tls.up)
		return;
	/* RFC 8310 section 5: opportunistic goes on in clear, strict does not. */
	cli_decide_without_tls(c, *session, DANEPRIV_CHANNEL_CLEAR);
	if (c->decision == DANEPRIV_DECISION_REFUSE)
		cli_decide_without_tls(c, *session, DANEPRIV_CHANNEL_NONE);
}

/* Asks over what was judged; in clear only when that was allowed in so many words. */
static void
ask(cli_outcome *c, const arguments *a, cli_connection *connection)
{
	cli_deadline deadline = cli_deadline_in(a->network.timeout_ms);

	if (!a->query || c->decision == DANEPRIV_DECISION_REFUSE)
		return;
	if (c->decision == DANEPRIV_DECISION_PROCEED_CLEARTEXT) {
		if (!a->clear) {
			cli_complain("the question was not sent in clear (see --clear)");
			return;
		}
		cli_address address = a->addresses.list[0];
		cli_address_set_port(&address, CLEAR_PORT);
		cli_disconnect(connection);
		if (!cli_connect(connection, &cli_transport_clear, &address, deadline))
			return;
	}
	c->answered = cli_ask(connection, &a->question, deadline, &c->answer);
}

static int
exit_status(const cli_outcome *c, const arguments *a)
{
	bool sent = c->decision != DANEPRIV_DECISION_PROCEED_CLEARTEXT || a->clear;

	if (c->decision == DANEPRIV_DECISION_REFUSE)
		return c->unreachable ? CLI_EXIT_UNREACHABLE : CLI_EXIT_NO;
	if (c->asked && sent && !c->answered)
		return CLI_EXIT_UNREACHABLE;
	return c->decision == DANEPRIV_DECISION_PROCEED ? CLI_EXIT_YES : CLI_EXIT_UNAUTHENTICATED;
}

void
cli_check_name_records(cli_outcome *c, const danepriv_records *records)
{
	c->source = danepriv_records_source(records);
	c->carriage = cli_carriage_of(records);
	c->records = danepriv_records_count(records);
	for (size_t i = 0; i < c->records && i < CLI_CHECK_RECORDS_MAX; i++) {
		danepriv_span rdata = danepriv_records_rdata(records, i);
		if (c->why.finding != DANEPRIV_FINDING_UNJUDGED || rdata.len < 3)
			continue;
		c->each[i].usage = rdata.data[0];
		c->each[i].selector = rdata.data[1];
		c->each[i].matching = rdata.data[2];
	}
}

/* What was judged by. */
static void
name_records(cli_outcome *c, danepriv_session *session)
{
	danepriv_records *records = NULL;

	if (danepriv_session_get_records(session, &records) != DANEPRIV_OK)
		return;
	cli_check_name_records(c, records);
	danepriv_records_free(records);
}

/* A connection that came up, and nothing to judge it by. */
static void
explain_missing(cli_outcome *c)
{
	if (c->decision == DANEPRIV_DECISION_REFUSE && cli_reason_is_unreachable(c->why.reason))
		c->unreachable = true;
	if (c->tls.up && c->source == DANEPRIV_SOURCE_NONE)
		(void)snprintf(
		    c->trouble, sizeof c->trouble, "the server sent no proof of its own");
}

/* Evidence first, unless it is to come from the server. */
static int
run(arguments *a, cli_outcome *c, cli_connection *connection)
{
	cli_tries tries = { a->network.ctx, &a->network.server.server, a->profile, NULL,
		a->transport,
		a->chain.value == CHAIN_OFF ? DANEPRIV_GNUTLS_CHAIN_OFF : DANEPRIV_GNUTLS_CHAIN_TRY,
		a->network.timeout_ms, &a->addresses };
	danepriv_session *session = NULL;
	int result = CLI_EXIT_YES;

	if (a->chain.value != CHAIN_REQUIRE)
		result = cli_network_lookup(&a->network, &tries.records);
	if (result != CLI_EXIT_YES)
		goto out;
	if (!cli_session_open(&tries, &session)) {
		result = CLI_EXIT_UNREACHABLE;
		goto out;
	}
	connection->server = tries.server;
	if (!a->connect)
		cli_addresses_find(&a->network, &a->addresses);
	judge(c, a, &tries, &session, connection);
	name_records(c, session);
	explain_missing(c);
	ask(c, a, connection);
	result = cli_check_tell(c, a->json) ? exit_status(c, a) : CLI_EXIT_USAGE;
out:
	cli_disconnect(connection); /* before the session that guards it */
	danepriv_session_free(session);
	danepriv_records_free(tries.records);
	return result;
}

int
cli_check(int argc, char **argv)
{
	arguments a = { .json = false };
	cli_connection connection = CLI_NO_CONNECTION;
	cli_outcome check = { .why = { .size = sizeof check.why },
		.carriage = cli_carriage_of(NULL) };

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	check.name = a.network.server.name;
	check.transport = danepriv_word(
	    DANEPRIV_KIND_TRANSPORT, (danepriv_transport)a.network.server.transport.value);
	check.asked = a.query != NULL;
	check.why.each = check.each;
	check.why.each_size = sizeof *check.each;
	check.why.each_room = CLI_CHECK_RECORDS_MAX;
	int result = read_arguments(&a) ? cli_network_open(&a.network) : CLI_EXIT_USAGE;
	if (result == CLI_EXIT_YES && is_ike(&a))
		result = cli_check_ike(&check, &a.network, &a.shown, a.profile, a.json);
	else if (result == CLI_EXIT_YES)
		result = run(&a, &check, &connection);
	json_decref(check.answer.records);
	cli_network_close(&a.network);
	return result;
}
