/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv record: which line goes into the zone file for this certificate or key? */
#include "commands.h"
#include "files.h"
#include "fitting.h"
#include "options.h"
#include "output.h"
#include "server.h"

#include <danepriv/danepriv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct arguments {
	const char *cert, *key;
	cli_number usage, selector, matching;
	cli_server server;
	bool generic, json;
} arguments;

/* What there is to print. */
typedef struct line {
	char owner[1024]; /* "" for none */
	uint16_t type;
	danepriv_record_form form;
	danepriv_span rdata;
	char *text;	  /* the whole line */
	const char *data; /* its association data in hex */
} line;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "cert", 0, CLI_TEXT, "FILE",
		    "the certificate: PEM (of several the one that fits --usage) or DER",
		    &a->cert },
		{ "key", 0, CLI_TEXT, "FILE", "a raw public key instead, PEM or DER", &a->key },
		{ "usage", 0, CLI_NUMBER, "N", "0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE",
		    &a->usage, 0, 3 },
		{ "selector", 0, CLI_NUMBER, "N", "0 whole certificate, 1 its public key",
		    &a->selector, 0, 1 },
		{ "matching", 0, CLI_NUMBER, "N", "0 all of it, 1 its SHA-256, 2 its SHA-512",
		    &a->matching, 0, 2 },
		{ "owner", 0, CLI_TEXT, "NAME", "the server's name; without: no owner in the line",
		    &a->server.name },
		CLI_SERVER_OPTIONS(&a->server),
		{ "generic", 0, CLI_SWITCH, NULL, "for name servers without TLSA (RFC 3597)",
		    &a->generic },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "printed" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"record (--cert FILE | --key FILE) --usage N --selector N --matching N\n"
		"       [--owner NAME [--port N] [--transport dot|doh|doq|dtls|ipsec|doh3]\n"
		"       [--label WORD] [--name-server]] [--generic] [--json]",
		"Prints the TLSA record to publish, as a line for a zone file.  With --owner and\n"
		"--transport ipsec it is IPSECA, by its number, and NAME may be an address.",
		options, sizeof options / sizeof *options, NULL, NULL, exits,
		sizeof exits / sizeof *exits,
		"record --cert server.pem --usage 3 --selector 1 --matching 1"
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
	const cli_server *server = &a->server;
	bool of_owner = server->port.given || server->transport.given || server->label ||
			server->is_name_server;
	if (!server->name && of_owner) {
		cli_complain("--port, --transport, --label and --name-server go with --owner");
		return false;
	}
	if (a->key && (a->usage.value != 3 || a->selector.value != 1)) {
		cli_complain("a raw public key goes with --usage 3 --selector 1 only");
		return false;
	}
	return true;
}

/* The line for a zone file (RFC 6698 section 2.2, or RFC 3597 section 5). */
static bool
write_line(line *l, size_t room)
{
	size_t front = 0, len;

	if (l->owner[0] != '\0' && l->form == DANEPRIV_RECORD_FORM_GENERIC)
		front = (size_t)snprintf(l->text, room, "%s IN TYPE%u ", l->owner, l->type);
	else if (l->owner[0] != '\0')
		front = (size_t)snprintf(l->text, room, "%s IN TLSA ", l->owner);
	danepriv_status status =
	    danepriv_record_write(l->rdata, l->form, l->text + front, room - front, &len);
	if (status != DANEPRIV_OK)
		return false;
	l->data = l->text + front + len - 2 * (l->rdata.len - 3);
	return true;
}

static bool
print_json(const line *l)
{
	const uint8_t *fields = l->rdata.data;

	return cli_print_json(json_pack("{s:s?,s:i,s:i,s:i,s:i,s:s,s:s}", "owner",
	    l->owner[0] != '\0' ? l->owner : NULL, "type", (int)l->type, "usage", fields[0],
	    "selector", fields[1], "matching", fields[2], "data", l->data, "line", l->text));
}

static bool
print_record(const arguments *a, danepriv_span rdata)
{
	enum { TLSA = 52 };
	size_t room = 2 * rdata.len + 1200;
	line l = { .type = TLSA, .rdata = rdata, .text = malloc(room) };
	bool printed = false;

	if (!l.text) {
		cli_complain("out of memory");
		return false;
	}
	if (a->server.name) {
		if (danepriv_server_owner(&a->server.server, l.owner, sizeof l.owner, NULL) !=
		    DANEPRIV_OK)
			goto out;
		l.type = danepriv_server_type(&a->server.server);
	}
	/* No name server knows IPSECA by name: it has no number of its own yet. */
	if (a->generic || l.type != TLSA)
		l.form = DANEPRIV_RECORD_FORM_GENERIC;
	if (write_line(&l, room))
		printed = a->json ? print_json(&l) : puts(l.text) >= 0 && cli_flush();
out:
	free(l.text);
	return printed;
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
	if (!check(&a) || (a.server.name && !cli_server_read(&a.server)) ||
	    !cli_read_credential(a.cert, a.key, &credential) ||
	    (a.cert && !cli_fit_usage(a.cert, (unsigned)a.usage.value, &credential)))
		goto out;
	rdata = malloc(room);
	danepriv_status status =
	    !rdata ? DANEPRIV_ENOMEM
		   : danepriv_credential_record(&credential.credential, (uint8_t)a.usage.value,
			 (uint8_t)a.selector.value, (uint8_t)a.matching.value, rdata, room, &len);
	if (status != DANEPRIV_OK) {
		cli_complain("no such record: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		goto out;
	}
	if (print_record(&a, (danepriv_span){ rdata, len }))
		result = CLI_EXIT_YES;
out:
	free(rdata);
	cli_credential_free(&credential);
	return result;
}
