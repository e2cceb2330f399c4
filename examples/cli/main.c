/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv: is the key at the other end the one that the owner of this name server published? */
#include "commands.h"
#include "options.h"
#include "output.h"

#include <danepriv/version.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
#ifdef CLI_NETWORK
	{ "check", cli_check, "connect to a name server and judge the key that it shows" },
	{ "chain", cli_chain, "build the proof that a server can send in its handshakes" },
	{ "lookup", cli_lookup, "look the records of a name server up, and prove them" },
	{ "anchor", cli_anchor, "print a zone's keys, for use as an anchor of its own" },
	{ "ipsec", cli_ipsec, "print a connection for an IKE daemon, out of proven records" },
#endif
	{ "match", cli_match, "judge a certificate or key by TLSA records, offline" },
	{ "prove", cli_prove, "say what a proof out of a handshake proves, offline" },
	{ "record", cli_record, "print the record to publish for a certificate or key" },
};

static const char *const related[] = {
	"RFC 6698, RFC 7671 (DANE), RFC 8310 (profiles of DNS privacy)",
	"RFC 7858 (DoT), RFC 8094 (DTLS), RFC 8484 (DoH), RFC 9250 (DoQ)",
	"draft-ietf-dnsop-svcb-dane, draft-osterweil-dane-ipsec",
};

static void
print_help(void)
{
	(void)printf(
	    "usage: danepriv COMMAND ...\n\n"
	    "Is the key at the other end the one that the owner of this name server "
	    "published?\n\n"
	    "The key that a server shows is compared with the TLSA (or IPSECA) records that\n"
	    "its owner published and DNSSEC proves.  Results go to standard output, a fact a\n"
	    "line, or with --json as one object; messages to standard error, one line each.\n"
	    "Where a FILE is read, - is standard input.\n\n"
	    "commands:\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		(void)printf("  %-10s  %s\n", commands[i].name, commands[i].summary);
	(void)printf("\noptions:\n");
	cli_print_row("    --help", "print this; after a COMMAND: what it takes");
	cli_print_row("    --version", "print the version");
	(void)printf("\nsee also:\n");
	for (size_t i = 0; i < sizeof related / sizeof *related; i++)
		(void)printf("  %s\n", related[i]);
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		cli_complain("a command is needed (see danepriv --help)");
		return CLI_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_help();
		return cli_flush() ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("danepriv %s\n", danepriv_version());
		return cli_flush() ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	cli_complain("unknown command '%.80s' (see danepriv --help)", argv[1]);
	return CLI_EXIT_USAGE;
}
