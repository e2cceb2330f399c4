/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv lookup: what did the owner publish, and is it proven? */
#include "advice.h"
#include "commands.h"
#include "network.h"
#include "output.h"
#include "records.h"

#include <stdio.h>

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
		"       [--timeout S] [--json]",
		"Looks up a name server's TLSA (or IPSECA) records, and proves them with DNSSEC.\n"
		"NAME is a resolver's, as it is configured, whose secure alias is followed; or,\n"
		"with --name-server, one out of a zone's NS records.  With --transport ipsec it\n"
		"may be an address: its name in the reverse tree is taken.",
		options, sizeof options / sizeof *options, "NAME", &a->network.server.name, exits,
		sizeof exits / sizeof *exits, "lookup dns.example.net --transport doh --json"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
tell_json(const char *name, const char *owner, const danepriv_records *records)
{
	json_t *object = json_object();
	danepriv_reason reason = danepriv_records_reason(records);
	int ede = danepriv_reason_ede(reason);
	danepriv_proof proof = danepriv_records_proof(records);

	(void)json_object_set_new(object, "name", json_string(name));
	(void)json_object_set_new(object, "owner", json_string(owner));
	(void)json_object_set_new(object, "base", json_string(danepriv_records_base(records)));
	(void)json_object_set_new(object, "status", json_string(cli_proof_word(proof)));
	(void)json_object_set_new(object, "reason",
	    reason != DANEPRIV_REASON_NONE ? json_string(cli_reason_word(reason)) : json_null());
	(void)json_object_set_new(object, "ede", ede >= 0 ? json_integer(ede) : json_null());
	(void)json_object_set_new(object, "records", cli_json_records(records));
	(void)json_object_set_new(object, "until", json_integer(danepriv_records_until(records)));
	return cli_print_json(object);
}

static bool
tell(const char *owner, const danepriv_records *records)
{
	danepriv_proof proof = danepriv_records_proof(records);
	char sentence[CLI_SENTENCE_MAX];

	cli_explain_proof(proof, danepriv_records_reason(records), sentence, sizeof sentence);
	(void)printf("owner: %s\n", owner);
	(void)printf("base: %s\n", danepriv_records_base(records));
	(void)printf("status: %s (%s)\n", cli_proof_word(proof), danepriv_proof_text(proof));
	if (sentence[0] != '\0')
		(void)printf("reason: %s\n", sentence);
	cli_print_records(records);
	cli_print_time("until", danepriv_records_until(records));
	return cli_flush();
}

static int
exit_status(const danepriv_records *records)
{
	if (danepriv_records_proof(records) == DANEPRIV_PROOF_SECURE)
		return CLI_EXIT_YES;
	if (danepriv_records_proof(records) == DANEPRIV_PROOF_INDETERMINATE &&
	    cli_reason_is_unreachable(danepriv_records_reason(records)))
		return CLI_EXIT_UNREACHABLE;
	return CLI_EXIT_NO;
}

int
cli_lookup(int argc, char **argv)
{
	arguments a = { .json = false };
	danepriv_records *records = NULL;
	char owner[1024];

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	int result = cli_network_open(&a.network);
	if (result == CLI_EXIT_YES)
		result = cli_network_lookup(&a.network, &records);
	if (result != CLI_EXIT_YES)
		goto out;
	result = CLI_EXIT_USAGE;
	if (danepriv_server_owner(&a.network.server.server, owner, sizeof owner, NULL) !=
	    DANEPRIV_OK)
		goto out;
	if (a.json ? tell_json(a.network.server.name, owner, records) : tell(owner, records))
		result = exit_status(records);
out:
	danepriv_records_free(records);
	cli_network_close(&a.network);
	return result;
}
