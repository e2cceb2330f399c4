/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv chain: what may a server show of itself? */
#include "advice.h"
#include "commands.h"
#include "explain.h"
#include "network.h"
#include "output.h"
#include "records.h"
#include "replace.h"

#include <danepriv/word.h>

#include <stdio.h>
#include <time.h>

typedef struct arguments {
	cli_network network;
	const char *output;
	bool explain, json;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "output", 'o', CLI_TEXT, "FILE", "where the chain is written to", &a->output },
		{ "explain", 0, CLI_SWITCH, NULL, "show its records as a tree, from the top",
		    &a->explain },
		CLI_NETWORK_OPTIONS(&a->network),
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES,
		    "a chain was written; it may also prove that there are no records" },
		{ CLI_EXIT_NO, "nothing is proven that could be shown" },
		{ CLI_EXIT_UNREACHABLE, "nothing could be looked up, or nothing written" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"chain NAME [-o FILE] [--explain] [--port N]\n"
		"       [--transport dot|doh|doq|dtls|ipsec|doh3] [--label WORD]\n"
		"       [--resolver ADDR[@PORT]] [--anchor FILE]\n"
		"       [--negative-anchor DOMAIN]... [--timeout S] [--json]",
		"Builds the AuthenticationChain that a server sends in its handshakes, as of RFC\n"
		"9102, out of its records and all that proves them, and no others.  Aliases of\n"
		"NAME are not followed.  It is to be built anew by the time that is told.\n\n"
		"With --explain it need not be written.  Each line is a set of records: whose it\n"
		"is, the tags of its keys, whether it is proven, and which zone and key have\n"
		"signed it, from when to when.",
		options, sizeof options / sizeof *options, "NAME", &a->network.server.name, exits,
		sizeof exits / sizeof *exits, "chain dns.example.net -o dns.chain"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
tell(const danepriv_records *records, const danepriv_chain *chain, const cli_explained *explained,
    bool json)
{
	danepriv_security security = danepriv_records_security(records);
	danepriv_reason reason = danepriv_records_reason(records);
	size_t octets = danepriv_chain_octets(chain).len;
	char sentence[CLI_SENTENCE_MAX];

	if (json) {
		json_t *object = json_object();
		cli_json_proof(object, security, reason);
		cli_json_carriage(object, cli_carriage_of(records));
		(void)json_object_set_new(object, "records", cli_json_records(records));
		(void)json_object_set_new(object, "octets", json_integer((json_int_t)octets));
		(void)json_object_set_new(object, "until",
		    chain ? json_integer(danepriv_chain_valid_until(chain)) : json_null());
		if (explained)
			(void)json_object_set_new(object, "chain", cli_json_explained(explained));
		return cli_print_json(object);
	}
	cli_explain_proof(security, reason, sentence, sizeof sentence);
	cli_add_carriage(cli_carriage_of(records), security, reason, sentence, sizeof sentence);
	(void)printf("status: %s (%s)\n", danepriv_word(DANEPRIV_KIND_SECURITY, security),
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
	if (sentence[0] != '\0')
		(void)printf("reason: %s\n", sentence);
	cli_print_records(records);
	if (chain) {
		(void)printf("octets: %zu\n", octets);
		cli_print_time("build anew by", danepriv_chain_valid_until(chain));
	}
	if (explained)
		cli_print_explained(explained);
	return cli_flush();
}

/* Writes it, where that is wanted, and tells it. */
static int
finish(const arguments *a, const danepriv_records *records, const danepriv_chain *chain,
    danepriv_time now)
{
	danepriv_span octets = danepriv_chain_octets(chain);
	cli_explained explained = { .records = NULL };
	int result = CLI_EXIT_UNREACHABLE;

	if (chain && a->explain &&
	    !cli_explain_chain(a->network.ctx, &a->network.server.server, octets, now, &explained))
		return result;
	if ((!chain || !a->output || cli_replace_file(a->output, octets)) &&
	    tell(records, chain, a->explain ? &explained : NULL, a->json))
		result = chain ? CLI_EXIT_YES : CLI_EXIT_NO;
	cli_explained_free(&explained);
	return result;
}

static int
run(const arguments *a)
{
	danepriv_time now = (danepriv_time)time(NULL);
	danepriv_records *records = NULL;
	danepriv_lookup *lookup = NULL;
	danepriv_chain *chain = NULL;
	int result = CLI_EXIT_UNREACHABLE;

	danepriv_status status =
	    danepriv_lookup_new_chain(a->network.ctx, &a->network.server.server, &lookup);
	if (status == DANEPRIV_OK)
		status = cli_network_run(&a->network, lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, now, &records);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_chain(lookup, now, &chain);
	/* Then the records say why. */
	if (status != DANEPRIV_OK && status != DANEPRIV_ENOTFOUND)
		cli_complain("cannot build: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	else
		result = finish(a, records, chain, now);
	if (!chain && cli_reason_is_unreachable(danepriv_records_reason(records)))
		result = CLI_EXIT_UNREACHABLE;
	danepriv_chain_free(chain);
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	return result;
}

int
cli_chain(int argc, char **argv)
{
	arguments a = { .json = false };

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	if (!a.output && !a.explain) {
		cli_complain("chain: -o FILE is needed, or --explain");
		return CLI_EXIT_USAGE;
	}
	int result = cli_network_open(&a.network);
	if (result == CLI_EXIT_YES)
		result = run(&a);
	cli_network_close(&a.network);
	return result;
}
