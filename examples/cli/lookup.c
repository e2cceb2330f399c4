/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv lookup: what did the owner publish, and is it proven? */
#include "commands.h"
#include "network.h"
#include "proof.h"

typedef struct arguments {
	cli_network network;
	bool json;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		CLI_NETWORK_OPTIONS(&a->network),
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "secure" },
		{ CLI_EXIT_NO, "denied, insecure, bogus, or indeterminate although answers came" },
		{ CLI_EXIT_UNREACHABLE,
		    "nothing could be looked up: no answer that could be read" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"lookup NAME [--port N] [--transport dot|doh|doq|dtls|ipsec|doh3]\n"
		"       [--label WORD] [--name-server] [--resolver ADDR[@PORT]] [--anchor FILE]\n"
		"       [--negative-anchor DOMAIN]... [--timeout S] [--json]",
		"Looks up a name server's TLSA (or IPSECA) records, and proves them with DNSSEC.\n"
		"NAME is a resolver's, as it is configured, whose secure alias is followed; or,\n"
		"with --name-server, one out of a zone's NS records.  With --transport ipsec it\n"
		"may be an address: its name in the reverse tree is taken.",
		options, sizeof options / sizeof *options, "NAME", &a->network.server.name, exits,
		sizeof exits / sizeof *exits, "lookup dns.example.net --transport doh --json"
	};

	return cli_parse(&syntax, argc, argv);
}

static int
exit_status(const danepriv_records *records)
{
	if (danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE)
		return CLI_EXIT_YES;
	if (danepriv_records_security(records) == DANEPRIV_SECURITY_INDETERMINATE &&
	    cli_reason_is_unreachable(danepriv_records_reason(records)))
		return CLI_EXIT_UNREACHABLE;
	return CLI_EXIT_NO;
}

int
cli_lookup(int argc, char **argv)
{
	arguments a = { .json = false };
	danepriv_records *records = NULL;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	int result = cli_network_open(&a.network);
	if (result == CLI_EXIT_YES)
		result = cli_network_lookup(&a.network, &records);
	if (result != CLI_EXIT_YES)
		goto out;
	result = cli_tell_proof(a.network.server.name, &a.network.server.server, records, a.json)
		     ? exit_status(records)
		     : CLI_EXIT_USAGE;
out:
	danepriv_records_free(records);
	cli_network_close(&a.network);
	return result;
}
