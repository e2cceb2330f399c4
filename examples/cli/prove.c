/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv prove: what does the proof that a server sent in its handshake prove?  Offline. */
#include "anchors.h"
#include "commands.h"
#include "files.h"
#include "options.h"
#include "proof.h"
#include "server.h"

#include <danepriv/danepriv.h>
#include <stdlib.h>
#include <time.h>

typedef struct arguments {
	const char *name, *chain, *extension;
	cli_anchors anchors;
	cli_number port, protocol, at;
	bool json;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "name", 0, CLI_TEXT, "NAME", "the server's name, as it was sent to it",
		    &a->name },
		{ "port", 0, CLI_NUMBER, "N", "its port (853)", &a->port, 1, 65535 },
		{ "proto", 0, CLI_WORD, "tcp|udp", "TLS or DTLS (tcp)", &a->protocol },
		{ "chain", 0, CLI_TEXT, "FILE", "an AuthenticationChain, binary or in hex",
		    &a->chain },
		{ "extension", 0, CLI_TEXT, "FILE",
		    "instead: all of extension 59, the lifetime in front", &a->extension },
		CLI_ANCHOR_OPTION(&a->anchors),
		{ "at", 0, CLI_NUMBER, "UNIXTIME", "judge as of then instead of now", &a->at, 1,
		    INT64_MAX },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "secure" },
		{ CLI_EXIT_NO, "denied, insecure, bogus or indeterminate" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"prove --name NAME [--port N] [--proto tcp|udp]\n"
		"       (--chain FILE | --extension FILE) [--anchor FILE] [--at UNIXTIME] [--json]",
		"Validates the records that a server sent in a TLS handshake (RFC 9102) up to a\n"
		"trust anchor.  Nothing is looked up: what is missing makes it bogus.",
		options, sizeof options / sizeof *options, NULL, NULL, exits,
		sizeof exits / sizeof *exits,
		"prove --name dns.example.net --port 853 --chain dns.chain --json"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
read_arguments(arguments *a, danepriv_server *server)
{
	if (!a->name || !a->chain == !a->extension) {
		cli_complain("--name is needed, and either --chain or --extension");
		return false;
	}
	server->name = a->name;
	server->port = (uint16_t)(a->port.given ? a->port.value : 853);
	server->transport = a->protocol.value ? DANEPRIV_TRANSPORT_DTLS : DANEPRIV_TRANSPORT_DOT;
	return cli_name_read(&a->name, server);
}

static int
prove(const danepriv *ctx, const arguments *a, const danepriv_server *server, danepriv_span octets,
    danepriv_time now)
{
	danepriv_records *records = NULL;
	danepriv_status status =
	    a->extension ? danepriv_records_prove_extension(ctx, server, octets, now, &records)
			 : danepriv_records_prove(ctx, server, octets, now, &records);
	int result = CLI_EXIT_USAGE;

	if (status != DANEPRIV_OK)
		cli_complain("cannot judge: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	else if (cli_tell_proof(a->name, server, records, CLI_EXPORT_UNASKED, a->json))
		result = danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE
			     ? CLI_EXIT_YES
			     : CLI_EXIT_NO;
	danepriv_records_free(records);
	return result;
}

int
cli_prove(int argc, char **argv)
{
	arguments a = { .json = false };
	danepriv_server server = { .name = NULL };
	danepriv *ctx = NULL;
	uint8_t *octets = NULL;
	size_t len = 0;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	if (!read_arguments(&a, &server) ||
	    !cli_read_octets(a.chain ? a.chain : a.extension, &octets, &len))
		return CLI_EXIT_USAGE;
	danepriv_time now = a.at.given ? a.at.value : (danepriv_time)time(NULL);
	/* Whoever names a time means it, even one before this program was built. */
	int result = cli_context_open(&a.anchors, a.at.given ? 1 : 0, now, &ctx);
	if (result == CLI_EXIT_YES)
		result = prove(ctx, &a, &server, (danepriv_span){ octets, len }, now);
	danepriv_close(ctx);
	free(octets);
	return result;
}
