/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv lookup: what did the owners publish, and is it proven? */
#include "commands.h"
#include "exported.h"
#include "network.h"
#include "proof.h"

#include <stdio.h>
#include <string.h>

typedef struct arguments {
	cli_list names;
	cli_network network; /* its server: the name whose turn it is */
	const char *path;
	bool json;
	cli_exported exported;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		CLI_NETWORK_OPTIONS(&a->network),
		{ "proofs", 0, CLI_TEXT, "FILE", "where to write what proves them to others",
		    &a->path },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object a name, each on one line",
		    &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "all secure; with --proofs, the proof of each is in FILE" },
		{ CLI_EXIT_NO, "denied, insecure, bogus, indeterminate, or not exportable" },
		{ CLI_EXIT_UNREACHABLE,
		    "no answer that could be read, to any; or FILE was not written" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"lookup NAME... [--port N] [--transport dot|doh|doq|dtls|ipsec|doh3]\n"
		"       [--label WORD] [--name-server] [--resolver ADDR[@PORT]] [--anchor FILE]\n"
		"       [--negative-anchor DOMAIN]... [--timeout S] [--proofs FILE] [--json]",
		"Looks up name servers' TLSA (or IPSECA) records, and proves them with DNSSEC.\n"
		"NAME is a resolver's, as it is configured, whose secure alias is followed; or,\n"
		"with --name-server, one out of a zone's NS records.  With --transport ipsec it\n"
		"may be an address: its name in the reverse tree is taken.\n\n"
		"With --proofs, the proofs of all NAMEs take the place of FILE at one stroke, for\n"
		"a process that asks nobody (danepriv_cache_import).  That there are no records\n"
		"is proven just as well.  A NAME that fails has no proof in FILE.  Nor has an\n"
		"alias, since no proof shows where it leads.  Where no NAME has one, the old FILE\n"
		"stays.  Write it again before the first `until`.",
		options, sizeof options / sizeof *options, "NAME", NULL, exits,
		sizeof exits / sizeof *exits,
		"lookup ns1.example.net ns2.example.net --transport ipsec --proofs ns.proofs",
		&a->names
	};

	return cli_parse(&syntax, argc, argv);
}

static int
exit_status(const danepriv_records *records, cli_export export)
{
	if (danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE)
		return export == CLI_EXPORT_UNASKED || export == CLI_EXPORT_DONE ? CLI_EXIT_YES
										 : CLI_EXIT_NO;
	if (danepriv_records_security(records) == DANEPRIV_SECURITY_INDETERMINATE &&
	    cli_reason_is_unreachable(danepriv_records_reason(records)))
		return CLI_EXIT_UNREACHABLE;
	return CLI_EXIT_NO;
}

/* The server of one name; false, and said so, when it is none. */
static bool
read_name(arguments *a, size_t name)
{
	a->network.server.name = a->names.items[name];
	return cli_server_read(&a->network.server);
}

/* Before anybody is asked: half a run is of no use to whoever mistyped a name. */
static bool
read_all(arguments *a)
{
	if (a->path && strcmp(a->path, "-") == 0) {
		cli_complain("--proofs: standard output is for the results, and no file");
		return false;
	}
	for (size_t i = a->names.count; i-- > 0;)
		if (!read_name(a, i))
			return false;
	return true;
}

/* What the run ends with when the server's records were looked up; USAGE: it ends at once. */
static int
tell(arguments *a, const danepriv_records *records, const danepriv_chain *chain)
{
	const cli_server *server = &a->network.server;
	cli_export export = CLI_EXPORT_UNASKED;

	if (a->path && !cli_exported_add(&a->exported, &server->server, records, chain, &export))
		return CLI_EXIT_USAGE;
	if (!cli_tell_proof(server->name, &server->server, records, export, a->json))
		return CLI_EXIT_USAGE;
	return exit_status(records, export);
}

/* One of the names.  False: the run ends with *result. */
static bool
look_up(arguments *a, size_t name, int *result)
{
	danepriv_records *records = NULL;
	danepriv_chain *chain = NULL;

	*result = read_name(a, name) ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	if (*result == CLI_EXIT_YES)
		*result = a->path ? cli_network_prove(&a->network, &chain, &records)
				  : cli_network_lookup(&a->network, &records);
	if (*result != CLI_EXIT_YES)
		return false;
	if (name > 0 && !a->json)
		(void)printf("\n");
	*result = tell(a, records, chain);
	danepriv_chain_free(chain);
	danepriv_records_free(records);
	return *result != CLI_EXIT_USAGE;
}

/* One after the other. */
static int
look_all_up(arguments *a)
{
	size_t secure = 0, unreachable = 0;
	int result;

	for (size_t i = 0; i < a->names.count; i++) {
		if (!look_up(a, i, &result))
			return result;
		secure += result == CLI_EXIT_YES;
		unreachable += result == CLI_EXIT_UNREACHABLE;
	}
	if (a->path && !cli_exported_write(&a->exported, a->path))
		return CLI_EXIT_UNREACHABLE;
	if (secure == a->names.count)
		return CLI_EXIT_YES;
	return unreachable == a->names.count ? CLI_EXIT_UNREACHABLE : CLI_EXIT_NO;
}

int
cli_lookup(int argc, char **argv)
{
	arguments a = { .json = false };

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	int result = read_all(&a) ? cli_network_open(&a.network) : CLI_EXIT_USAGE;
	if (result == CLI_EXIT_YES)
		result = look_all_up(&a);
	cli_exported_free(&a.exported);
	cli_network_close(&a.network);
	return result;
}
