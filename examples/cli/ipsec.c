/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv ipsec: what does an IKE daemon have to be told, so that questions to this server go
 * through IPsec with the key that its owner published?
 *
 * draft-osterweil-dane-ipsec section 1.3: the SPD has to know the server before IKE begins.  A key
 * that was learnt through a forward name stands for that name, and the address is where it is for
 * the time being. */
#include "ipsec.h"

#include "address.h"
#include "commands.h"
#include "tlsa_text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <time.h>

enum { FORMAT_LIBRESWAN = 0, FORMAT_SWANCTL };
enum { MODE_STRICT = 0, MODE_OPPORTUNISTIC };

typedef struct arguments {
	cli_network network;
	const char *address, *gateway, *key_out;
	cli_number format, mode, side, traffic;
	cli_list records, clients;
	bool anonymous, json;
	/* made of them */
	const cli_ipsec_form *form;
	cli_rdatas rdatas;
	cli_connection connection;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "format", 0, CLI_WORD, "libreswan|swanctl", "for which daemon (needed)",
		    &a->format },
		{ "address", 0, CLI_TEXT, "ADDR", "where the server is (looked up)", &a->address },
		{ "gateway", 0, CLI_TEXT, "ADDR", "the tunnel's end, if it is not the server",
		    &a->gateway },
		{ "mode", 0, CLI_WORD, "strict|opportunistic",
		    "what may leave in clear after a failure (strict: nothing)", &a->mode },
		{ "side", 0, CLI_WORD, "client|server", "whose configuration (client)", &a->side },
		{ "clients", 0, CLI_LIST, "ADDR/LEN",
		    "whom a server takes (anybody, or its private network); repeatable",
		    &a->clients },
		{ "anonymous", 0, CLI_SWITCH, NULL, "who asks shows no key (libreswan)",
		    &a->anonymous },
		{ "traffic", 0, CLI_WORD, "dns|all", "port 53, or all that there is (dns)",
		    &a->traffic },
		{ "key-out", 0, CLI_TEXT, "FILE", "where the key is written (swanctl)",
		    &a->key_out },
		{ "record", 0, CLI_LIST, "'U S M HEX'",
		    "an IPSECA record, instead of a lookup; repeatable", &a->records },
		CLI_RESOLVER_OPTIONS(&a->network),
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "printed" },
		{ CLI_EXIT_NO, "the records allow none, or this daemon knows no way" },
		{ CLI_EXIT_UNREACHABLE, "no answer that could be read, or FILE was not written" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"ipsec NAME --format libreswan|swanctl [--address ADDR] [--gateway ADDR]\n"
		"       [--mode strict|opportunistic] [--side client|server] [--clients "
		"ADDR/LEN]...\n"
		"       [--anonymous] [--traffic dns|all] [--key-out FILE] [--record 'U S M "
		"HEX']...\n"
		"       [--resolver ADDR[@PORT]] [--anchor FILE] [--negative-anchor DOMAIN]...\n"
		"       [--timeout S] [--json]",
		"Prints connections for an IKE daemon, by the IPSECA records of a name server,\n"
		"which are looked up and proven.  NAME may be an address: its name in the reverse\n"
		"tree is taken.  Its addresses are looked up as well, and need no proof: at a\n"
		"wrong one is somebody with another key.  With --record nothing is looked up, and\n"
		"behind --gateway no address shows whose it is: --address is needed.\n\n"
		"libreswan has to be told an RSA key that is published whole (3 1 0).  strongSwan\n"
		"takes any key from FILE; for digests it has the plugin of examples/strongswan.\n"
		"Where nothing is published, opportunistic and --anonymous take anybody, with\n"
		"libreswan.",
		options, sizeof options / sizeof *options, "NAME", &a->network.server.name, exits,
		sizeof exits / sizeof *exits,
		"ipsec ns1.example.net --format swanctl --key-out ns1.pem", NULL
	};

	return cli_parse(&syntax, argc, argv);
}

/* ---- what was asked for ---- */

static bool
looks_up(const arguments *a)
{
	return a->records.count == 0;
}

/* What is wrong, or NULL. */
static const char *
find_slip(const arguments *a)
{
	const cli_network *n = &a->network;
	bool is_server = a->side.value != 0;

	if (!a->format.given)
		return "--format is needed: libreswan or swanctl";
	if (a->key_out && a->format.value != FORMAT_SWANCTL)
		return "--key-out goes with --format swanctl: libreswan's key stands in the "
		       "connection";
	if (a->clients.count > 0 && !is_server)
		return "--clients goes with --side server";
	if (a->traffic.value != 0 && is_server)
		return "--side server takes questions alone: --traffic all is for clients";
	if (a->clients.count > CLI_IPSEC_NETS_MAX)
		return "--clients is given too often";
	if (!looks_up(a) &&
	    (n->resolver || n->anchors.path || n->anchors.negative.count > 0 || n->timeout.given))
		return "with --record nothing is looked up: --resolver, --anchor, "
		       "--negative-anchor and --timeout do not go with it";
	return NULL;
}

/* By hand, or because the server is named by it. */
static bool
read_places(arguments *a)
{
	cli_connection *c = &a->connection;
	cli_ipsec_place *first = &c->places[0];

	if (a->gateway && !cli_ipsec_place_read("--gateway", a->gateway, &c->gateway))
		return false;
	if (a->address && !cli_ipsec_place_read("--address", a->address, first))
		return false;
	if (a->address && c->own.len > 0 && !cli_ipsec_places_equal(first, &c->own)) {
		cli_complain("--address: '%s' is another address than the one that %s stands for",
		    first->text, c->id);
		return false;
	}
	c->has_place = a->address != NULL;
	if (c->own.len > 0)
		*first = c->own;
	c->place_count = c->has_place || c->own.len > 0;
	if (c->place_count > 0 && c->gateway.len > 0 && first->len != c->gateway.len) {
		cli_complain(
		    "--gateway: '%s' and '%s' are of two families", c->gateway.text, first->text);
		return false;
	}
	return true;
}

/* An address that nobody gave is one that anybody could have answered with.  The tunnel's end shows
 * whose key it has, and not whose addresses are behind it. */
static bool
has_places(const arguments *a)
{
	if (a->connection.place_count > 0)
		return true;
	if (!looks_up(a))
		cli_complain("--address is needed with --record: nothing is looked up");
	else if (a->connection.is_all || a->gateway)
		cli_complain("--address is needed with --traffic all and with --gateway: whoever "
			     "answers for the name could take what goes to anybody's address");
	return looks_up(a) && !a->connection.is_all && !a->gateway;
}

static bool
read_clients(arguments *a)
{
	cli_connection *c = &a->connection;

	for (size_t i = 0; i < a->clients.count; i++)
		if (!cli_ipsec_net_read(a->clients.items[i], &c->clients[c->client_count++]))
			return false;
	return true;
}

static bool
read_records(arguments *a)
{
	for (size_t i = 0; i < a->records.count; i++)
		if (!cli_read_records(a->records.items[i], &a->rdatas))
			return false;
	return true;
}

/* False, and said why, when it makes no sense. */
static bool
read_all(arguments *a)
{
	cli_server *server = &a->network.server;
	const char *slip = find_slip(a);
	cli_connection *c = &a->connection;

	if (slip) {
		cli_complain("%s", slip);
		return false;
	}
	a->form = a->format.value == FORMAT_SWANCTL ? &cli_ipsec_swanctl : &cli_ipsec_libreswan;
	c->profile = a->mode.value == MODE_OPPORTUNISTIC ? DANEPRIV_PROFILE_OPPORTUNISTIC
							 : DANEPRIV_PROFILE_STRICT;
	c->is_server = a->side.value != 0;
	c->is_all = a->traffic.value != 0;
	c->is_anonymous = a->anonymous;
	c->has_records = !looks_up(a);
	server->transport = (cli_number){ DANEPRIV_TRANSPORT_IPSEC, true };
	return cli_server_read(server) && cli_ipsec_read_id(server->name, &server->server, c) &&
	       read_places(a) && has_places(a) && read_clients(a) && read_records(a) &&
	       (!a->key_out || cli_ipsec_read_path(a->key_out, c));
}

/* ---- what the records say ---- */

static int
vouch(const arguments *a, danepriv_time now, danepriv_records **out)
{
	danepriv_status status =
	    danepriv_records_vouch(&a->network.server.server, NULL, DANEPRIV_SECURITY_SECURE,
		DANEPRIV_REASON_NONE, a->rdatas.items, a->rdatas.count, now, out);

	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	cli_complain("the records: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	return CLI_EXIT_USAGE;
}

/* Says why there is none, to people and to programs. */
static int
refuse(const arguments *a, const char *why, int status)
{
	const cli_connection *c = &a->connection;

	cli_complain("%s: %s", c->id, why);
	if (a->json && !cli_ipsec_tell_refusal(c, a->form, why))
		return CLI_EXIT_USAGE;
	return status;
}

static int
refuse_by_records(const arguments *a, const danepriv_records *records)
{
	danepriv_reason reason = danepriv_records_reason(records);
	danepriv_finding finding = a->connection.finding;
	const char *found = danepriv_sentence(DANEPRIV_KIND_FINDING, finding);
	char why[512];

	if (finding == DANEPRIV_FINDING_ABSENT || finding == DANEPRIV_FINDING_UNSIGNED)
		(void)snprintf(
		    why, sizeof why, "%s: nothing would authenticate the server (strict)", found);
	else if (reason == DANEPRIV_REASON_NONE)
		(void)snprintf(why, sizeof why, "%s", found);
	else
		(void)snprintf(why, sizeof why, "%s: %s", found,
		    danepriv_sentence(DANEPRIV_KIND_REASON, reason));
	return refuse(
	    a, why, cli_reason_is_unreachable(reason) ? CLI_EXIT_UNREACHABLE : CLI_EXIT_NO);
}

static int
judge(arguments *a, const danepriv_records *records, danepriv_time now)
{
	cli_connection *c = &a->connection;

	cli_ipsec_judge(a->network.ctx, records, now, c);
	if (c->decision == DANEPRIV_DECISION_REFUSE)
		return refuse_by_records(a, records);
	const char *why = a->form->misses(c);
	return why ? refuse(a, why, CLI_EXIT_NO) : CLI_EXIT_YES;
}

/* ---- where it is ---- */

static danepriv_span
octets_of(const cli_address *address)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)&address->socket;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address->socket;

	if (address->socket.ss_family == AF_INET6)
		return (danepriv_span){ (const uint8_t *)&six->sin6_addr, sizeof six->sin6_addr };
	return (danepriv_span){ (const uint8_t *)&four->sin_addr, sizeof four->sin_addr };
}

/* Asks for the addresses, if nobody said where it is.  What is no host's is passed over. */
static int
find_places(arguments *a)
{
	cli_connection *c = &a->connection;
	cli_addresses found;

	if (c->place_count > 0)
		return CLI_EXIT_YES;
	cli_addresses_find(&a->network, &found);
	for (size_t i = 0; i < found.count && c->place_count < CLI_IPSEC_PLACES_MAX; i++) {
		cli_ipsec_place *place = &c->places[c->place_count];
		if (cli_ipsec_place_set(octets_of(&found.list[i]), place))
			c->place_count++;
	}
	if (c->place_count > 0)
		return CLI_EXIT_YES;
	return refuse(a,
	    found.count > 0 ? "it has no address that could be used: give --address"
			    : "it has no address: give --address",
	    CLI_EXIT_UNREACHABLE);
}

/* Whom an internal resolver serves, if nobody said that; and that all are of one family. */
static int
find_clients(cli_connection *c)
{
	for (size_t i = 0; c->is_server && i < c->place_count; i++) {
		if (c->client_count == 0 && cli_ipsec_net_of(&c->places[i], &c->clients[0]))
			c->client_count = 1;
		for (size_t n = 0; n < c->client_count; n++)
			if (c->clients[n].len != c->places[i].len) {
				cli_complain("'%s' and '%s' are of two families: give --address",
				    c->places[i].text, c->clients[n].text);
				return CLI_EXIT_USAGE;
			}
	}
	return CLI_EXIT_YES;
}

/* ---- one after the other ---- */

static int
open_and_find(arguments *a, danepriv_time now, danepriv_records **records)
{
	a->network.asks_nothing = !looks_up(a);
	int result = cli_network_open(&a->network);
	if (result != CLI_EXIT_YES)
		return result;
	return looks_up(a) ? cli_network_lookup(&a->network, records) : vouch(a, now, records);
}

static int
run(arguments *a)
{
	danepriv_records *records = NULL;
	danepriv_time now = (danepriv_time)time(NULL);

	int result = open_and_find(a, now, &records);
	if (result == CLI_EXIT_YES)
		result = judge(a, records, looks_up(a) ? (danepriv_time)time(NULL) : now);
	if (result == CLI_EXIT_YES)
		result = find_places(a);
	if (result == CLI_EXIT_YES)
		result = find_clients(&a->connection);
	if (result == CLI_EXIT_YES)
		result = cli_ipsec_tell(&a->connection, a->form, a->json);
	danepriv_records_free(records);
	cli_network_close(&a->network);
	return result;
}

int
cli_ipsec(int argc, char **argv)
{
	arguments a = { .json = false };
	int result = CLI_EXIT_USAGE;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	if (!read_all(&a))
		goto out;
	const char *why = a.form->lacks(&a.connection);
	result = why ? refuse(&a, why, CLI_EXIT_NO) : run(&a);
out:
	cli_rdatas_free(&a.rdatas);
	return result;
}
