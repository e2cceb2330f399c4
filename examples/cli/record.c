/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv record: which line goes into the zone file for this certificate or key? */
#include "commands.h"
#include "files.h"
#include "options.h"
#include "output.h"

#include <danepriv/danepriv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct arguments {
	const char *cert, *key, *owner, *transport;
	cli_number usage, selector, matching, port;
	bool generic;
} arguments;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "cert", 0, CLI_TEXT, "FILE", "the certificate: PEM (the first one counts) or DER",
		    &a->cert },
		{ "key", 0, CLI_TEXT, "FILE", "a raw public key instead, PEM or DER", &a->key },
		{ "usage", 0, CLI_NUMBER, "N", "0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE",
		    &a->usage, 0, 3 },
		{ "selector", 0, CLI_NUMBER, "N", "0 whole certificate, 1 its public key",
		    &a->selector, 0, 1 },
		{ "matching", 0, CLI_NUMBER, "N", "0 all of it, 1 its SHA-256, 2 its SHA-512",
		    &a->matching, 0, 2 },
		{ "owner", 0, CLI_TEXT, "NAME", "the server's name; without: no owner in the line",
		    &a->owner },
		{ "port", 0, CLI_NUMBER, "N", "its port (default: the transport's own)", &a->port,
		    1, 65535 },
		{ "transport", 0, CLI_TEXT, "T", "dot (default), doh, doq, dtls or ipsec",
		    &a->transport },
		{ "generic", 0, CLI_SWITCH, NULL, "for name servers without TLSA (RFC 3597)",
		    &a->generic },
	};
	const cli_syntax syntax = {
		"record (--cert FILE | --key FILE) --usage N --selector N --matching N\n"
		"       [--owner NAME [--port N] [--transport T]] [--generic]",
		"Prints the TLSA record to publish, as a line for a zone file.\n"
		"Exit status: 0 printed, 2 usage or unreadable input.",
		options, sizeof options / sizeof *options, NULL, NULL
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
check(const arguments *a)
{
	if (!a->usage.given || !a->selector.given || !a->matching.given) {
		cli_complain("--usage, --selector and --matching are needed");
		return false;
	}
	if (!a->owner && (a->port.given || a->transport)) {
		cli_complain("--port and --transport go with --owner");
		return false;
	}
	if (a->key && (a->usage.value != 3 || a->selector.value != 1)) {
		cli_complain("a raw public key goes with --usage 3 --selector 1 only");
		return false;
	}
	return true;
}

/* The owner's name in front of the record; *type is the record's. */
static bool
print_owner(const arguments *a, uint16_t *type)
{
	danepriv_server server = { a->owner, (uint16_t)a->port.value, DANEPRIV_DOT };
	char owner[1024];

	if (a->transport && !cli_read_transport(a->transport, &server.transport))
		return false;
	danepriv_status status = danepriv_server_owner(&server, owner, sizeof owner, NULL);
	if (status != DANEPRIV_OK) {
		cli_complain("'%.80s' is no name of a server", a->owner);
		return false;
	}
	*type = danepriv_server_type(&server);
	(void)printf("%s IN ", owner);
	return true;
}

static void
print_hex(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)printf("%02x", octets[i]);
	(void)printf("\n");
}

static bool
print_record(const arguments *a, const uint8_t *rdata, size_t len)
{
	enum { TLSA = 52 };
	uint16_t type = TLSA;

	if (a->owner && !print_owner(a, &type))
		return false;
	/* No name server knows IPSECA by name: it has no number of its own yet. */
	if (a->generic || type != TLSA) {
		if (a->owner)
			(void)printf("TYPE%u ", type);
		(void)printf("\\# %zu ", len);
		print_hex(rdata, len);
	} else {
		(void)printf("%s%u %u %u ", a->owner ? "TLSA " : "", rdata[0], rdata[1], rdata[2]);
		print_hex(rdata + 3, len - 3);
	}
	return cli_flush();
}

int
cli_record(int argc, char **argv)
{
	arguments a = { 0 };
	cli_credential credential = { 0 };
	int result = CLI_EXIT_USAGE;
	uint8_t *rdata = NULL;
	size_t room = 65535, len;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	if (!check(&a) || !cli_read_credential(a.cert, a.key, &credential))
		goto out;
	rdata = malloc(room);
	danepriv_status status =
	    !rdata ? DANEPRIV_ENOMEM
		   : danepriv_credential_record(&credential.credential, (uint8_t)a.usage.value,
			 (uint8_t)a.selector.value, (uint8_t)a.matching.value, rdata, room, &len);
	if (status != DANEPRIV_OK) {
		cli_complain("no such record: %s", danepriv_strerror(status));
		goto out;
	}
	if (print_record(&a, rdata, len))
		result = CLI_EXIT_YES;
out:
	free(rdata);
	cli_credential_free(&credential);
	return result;
}
