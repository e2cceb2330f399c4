/* SPDX-License-Identifier: BSD-2-Clause
 * How does a resolver keep a question private on its way from the root to the answer?
 *
 *	iterate [OPTION]... --root NAME=ADDRESS... QNAME QTYPE [QNAME QTYPE]...
 *
 *	--strict, --opportunistic  the profile for all names (strict)
 *	--strict-zone ZONE         strict for names at and below it
 *	--tls-port N, --clear-port N   where all servers listen (853, 53)
 *	--anchor FILE              DS or DNSKEY lines (the root's)
 *	--patience N               wait N times as long for everything (1)
 *	--help                     says how it is called
 *
 * Asks the name servers of one zone after the other over TLS, and says what it does and why, what
 * each answer is, and in the end what has become visible to others.  The strict profile asks only
 * servers that have proven to be the zone's.  Connections and keys are kept from one question to
 * the next; a key comes with the handshake (RFC 9102), or is looked up.  Where an alias leads is
 * asked for like any other name, by the profile for that.
 *
 * Exit codes: 0 all were answered; 1 one was refused; 4 one was not, and nobody answered; 2 usage.
 */
#include "iterate.h"
#include "provider.h"
#include "read_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXIT_ANSWERED = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_UNREACHED = 4 };

#define ANCHORS_ROOM (1 << 16)

static const char usage[] =
    "usage: iterate [--strict|--opportunistic] [--strict-zone ZONE]... [--tls-port N] "
    "[--clear-port N]\n\t[--anchor FILE] [--patience N] --root NAME=ADDRESS... QNAME QTYPE "
    "[QNAME QTYPE]...\n";

static danepriv_status
open_context(const char *path, danepriv **out)
{
	static uint8_t anchors[ANCHORS_ROOM];
	danepriv_settings settings = { .size = sizeof settings,
		.anchors = path ? (const char *)anchors : NULL,
		.crypto = examples_provider() };

	if (path && read_file(path, anchors, sizeof anchors) == 0)
		return DANEPRIV_ENOTFOUND;
	return danepriv_open(&settings, out);
}

/* *what: that a failure is about. */
static danepriv_status
open_all(iterator *it, const options *o, const zone *root, const char **what)
{
	danepriv_status status = open_context(o->anchor, &it->ctx);

	*what = status == DANEPRIV_OK ? "strict zone" : "anchors";
	it->limits = (danepriv_limits){ .size = sizeof it->limits, .total = CONNECTIONS_MAX };
	if (status == DANEPRIV_OK)
		status = danepriv_cache_new(NULL, &it->cache);
	if (status == DANEPRIV_OK)
		status = danepriv_zones_new(NULL, &it->zones);
	if (status == DANEPRIV_OK)
		status = danepriv_rules_new(o->profile, &it->rules);
	for (size_t i = 0; i < o->stricts && status == DANEPRIV_OK; i++)
		status = danepriv_rules_add(
		    it->rules, DANEPRIV_RULE_ZONE, o->strict[i], DANEPRIV_PROFILE_STRICT);
	if (status == DANEPRIV_OK && gnutls_certificate_allocate_credentials(&it->credentials) < 0)
		status = DANEPRIV_ENOMEM;
	for (size_t i = 0; i < 2; i++)
		(void)tree_put(&it->trees[i], root);
	return status;
}

int
main(int argc, char **argv)
{
	static const int codes[] = { [OUTCOME_REFUSED] = EXIT_REFUSED,
		[OUTCOME_ANSWERED] = EXIT_ANSWERED,
		[OUTCOME_UNREACHED] = EXIT_UNREACHED };
	static iterator it = { .tls_port = 853, .clear_port = 53, .patience = 1 };
	static zone root = { .name = ".", .valid_until = INT64_MAX };
	options o = { .profile = DANEPRIV_PROFILE_STRICT };
	int first = options_read(argc, argv, &it, &root, &o), result = EXIT_ANSWERED;
	danepriv_question question = { 0 };
	const char *what;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_ANSWERED;
	}
	for (int i = first; first > 0 && i < argc; i += 2)
		if (!dns_name_normal(argv[i], question.name) ||
		    !dns_type_read(argv[i + 1], &question.type))
			first = 0;
	if (first == 0) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	danepriv_status status = open_all(&it, &o, &root, &what);
	if (status != DANEPRIV_OK) {
		fprintf(stderr, "iterate: %s: %s\n", what,
		    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		result = EXIT_USAGE;
	}
	for (int i = first; status == DANEPRIV_OK && i < argc; i += 2) {
		(void)dns_name_normal(argv[i], question.name);
		(void)dns_type_read(argv[i + 1], &question.type);
		int code = codes[question_answer(&it, &question)];
		if (code != EXIT_ANSWERED && result != EXIT_REFUSED)
			result = code;
	}
	if (status == DANEPRIV_OK)
		leaks_tell(&it);
	answers_forget(&it);
	pool_close(&it);
	if (it.credentials)
		gnutls_certificate_free_credentials(it.credentials);
	danepriv_rules_free(it.rules);
	danepriv_zones_free(it.zones);
	danepriv_cache_free(it.cache);
	danepriv_close(it.ctx);
	return result;
}
