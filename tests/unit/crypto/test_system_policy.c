/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/pubkey: which algorithms can be verified, where the system has switched some off?
 *
 * GnuTLS reads its configuration when it is loaded.  So each row writes one and starts this program
 * anew, which then tells what becomes of a zone signed with each algorithm: `8+` secure, `8-`
 * insecure, `8!` anything else.  A signature that was changed must come to nothing better. */
#include "dnssec/validator.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/crypto.h>
#include <danepriv/records.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_ROOM 4096
#define ROW_VARIABLE "DANEPRIV_TEST_ROW"
#define ANCHOR_ALGORITHM_13                                                                        \
	". DS 1 13 2 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\n"
#define ANCHOR_KEY_ALGORITHM_13                                                                    \
	". DNSKEY 257 3 13 "                                                                       \
	"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==" \
	"\n"

typedef struct policy_row {
	const char *name, *policy;
	const char *told;
	const char *taken;   /* numbers of keys that a provider takes; NULL: there is none */
	const char *anchors; /* NULL: those of the vectors, an Ed25519 key of the root */
} policy_row;

#define ALL "8+ 10+ 13+ 14+ 15+ 16+"
#define NONE_AT_ALL "8- 10- 13- 14- 15- 16-"

static const policy_row table[] = {
	{ "nothing", "", ALL, NULL, NULL },
	{ "Ed448", "insecure-sig = EdDSA-Ed448", "8+ 10+ 13+ 14+ 15+ 16-", NULL, NULL },
	{ "its curve", "disabled-curve = Ed448", "8+ 10+ 13+ 14+ 15+ 16-", NULL, NULL },
	{ "Ed25519, which is libsodium's", "insecure-sig = EdDSA-Ed25519", ALL, NULL, NULL },
	{ "its curve", "disabled-curve = Ed25519", ALL, NULL, NULL },
	{ "ECDSA with SHA-256", "insecure-sig = ECDSA-SHA256", "8+ 10+ 13- 14+ 15+ 16+", NULL,
	    NULL },
	{ "P-256", "disabled-curve = SECP256R1", "8+ 10+ 13- 14+ 15+ 16+", NULL, NULL },
	{ "P-384", "disabled-curve = SECP384R1", "8+ 10+ 13+ 14- 15+ 16+", NULL, NULL },
	{ "a curve that nothing here has", "disabled-curve = SECP521R1", ALL, NULL, NULL },
	{ "RSA with SHA-512", "insecure-sig = RSA-SHA512", "8+ 10- 13+ 14+ 15+ 16+", NULL, NULL },
	{ "SHA-256", "insecure-hash = SHA256", "8- 10+ 13- 14+ 15+ 16+", NULL, NULL },
	{ "SHA-384", "insecure-hash = SHA384", "8+ 10+ 13+ 14- 15+ 16+", NULL, NULL },
	{ "SHA-1", "insecure-hash = SHA1", ALL, NULL, NULL },
	{ "all that GnuTLS would verify",
	    "insecure-hash = SHA256\ninsecure-hash = SHA384\ninsecure-hash = SHA512\n"
	    "insecure-sig = EdDSA-Ed448",
	    "8- 10- 13- 14- 15+ 16-", NULL, NULL },
	{ "short keys, for TLS", "min-verification-profile = future", ALL, NULL, NULL },
	{ "all but what is named",
	    "[global]\noverride-mode = allowlist\n[overrides]\nsecure-hash = SHA256\n"
	    "secure-sig = ECDSA-SHA256\nenabled-curve = SECP256R1",
	    "8- 10- 13+ 14- 15+ 16-", NULL, NULL },
	{ "versions of TLS", "disabled-version = tls1.2", ALL, NULL, NULL },
	{ "somebody else takes it", "insecure-sig = ECDSA-SHA256", ALL, "13", NULL },
	{ "takes another", "insecure-sig = ECDSA-SHA256", "8+ 10+ 13- 14+ 15+ 16+", "14", NULL },
	{ "takes none", "insecure-hash = SHA256", "8- 10+ 13- 14+ 15+ 16+", "", NULL },
	{ "takes all of them",
	    "insecure-hash = SHA256\ninsecure-hash = SHA384\ninsecure-hash = SHA512\n"
	    "insecure-sig = EdDSA-Ed448",
	    ALL, "8 10 13 14 16", NULL },
	{ "the root's anchors, RSA", "insecure-hash = SHA256", NONE_AT_ALL, NULL, "" },
	{ "an anchor", "insecure-sig = ECDSA-SHA256", NONE_AT_ALL, NULL, ANCHOR_ALGORITHM_13 },
	{ "a key as an anchor", "disabled-curve = SECP256R1", NONE_AT_ALL, NULL,
	    ANCHOR_KEY_ALGORITHM_13 },
};

/* ---- in the program that is started anew ---- */

static const char *taken;

static bool
is_taken(uint8_t algorithm)
{
	char number[4], list[32];

	(void)snprintf(number, sizeof number, "%u", algorithm);
	(void)snprintf(list, sizeof list, "%s", taken ? taken : "");
	for (char *rest = list, *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		if (strcmp(word, number) == 0)
			return true;
	return false;
}

static void *
import_key(uint8_t algorithm, danepriv_span key)
{
	static uint8_t some;

	return is_taken(algorithm) && key.len > 0 ? &some : NULL;
}

/* Good enough for those that were not changed. */
static int
verify(const void *key, danepriv_span data, danepriv_span signature)
{
	return key && data.len > 0 && signature.len > 0;
}

static void
free_key(void *key)
{
	if (!key)
		abort();
}

static const danepriv_crypto somebody = { sizeof somebody, import_key, verify, free_key, NULL,
	NULL };

static dp_found
judge(const danepriv *ctx, const proof_cases *cases, const char *form, int algorithm)
{
	char name[40];
	dp_validator *v = malloc(sizeof *v);

	(void)snprintf(name, sizeof name, form, algorithm);
	const proof_case *c = proofs_find(cases, name);
	dp_found found =
	    proofs_judge(ctx, c, (danepriv_span){ c->chain.data, c->chain.len }, v, NULL);
	dp_validator_free(v);
	free(v);
	return found;
}

static char
sign_of(const danepriv *ctx, const proof_cases *cases, int algorithm)
{
	dp_found found = judge(ctx, cases, "algorithm-%d", algorithm);
	dp_found changed = judge(ctx, cases, "algorithm-%d-flipped", algorithm);

	if (found.proven.security == DANEPRIV_SECURITY_SECURE &&
	    (changed.proven.security == DANEPRIV_SECURITY_BOGUS || is_taken((uint8_t)algorithm)))
		return '+';
	return found.proven.security == DANEPRIV_SECURITY_INSECURE &&
		       found.proven.reason == DANEPRIV_REASON_ALGORITHM_UNSUPPORTED &&
		       changed.proven.security == DANEPRIV_SECURITY_INSECURE
		   ? '-'
		   : '!';
}

static danepriv *
open_for(const policy_row *row)
{
	danepriv_settings settings = { .size = sizeof settings, .earliest = 1 };
	danepriv *ctx;

	taken = row->taken;
	if (row->taken)
		settings.crypto = &somebody;
	if (!row->anchors)
		return proofs_open("proofs/root.ds", &settings);
	settings.anchors = *row->anchors ? row->anchors : NULL;
	return danepriv_open(&settings, &ctx) == DANEPRIV_OK ? ctx : NULL;
}

static int
tell(const policy_row *row)
{
	static const int algorithms[] = { 8, 10, 13, 14, 15, 16 };
	proof_cases cases = { NULL, 0 };
	danepriv *ctx = open_for(row);

	if (!ctx)
		return EXIT_FAILURE;
	proofs_read(&cases, "proofs/algorithms.txt");
	for (int i = 0; i < ROWS(algorithms); i++)
		printf("%s%d%c", i ? " " : "", algorithms[i], sign_of(ctx, &cases, algorithms[i]));
	proofs_free(&cases);
	danepriv_close(ctx);
	return EXIT_SUCCESS;
}

/* ---- in the one that starts it ---- */

static void
write_policy(char path[static PATH_ROOM], const char *policy)
{
	const char *folder = getenv("TMPDIR");
	int len = snprintf(
	    path, PATH_ROOM, "%s/danepriv-policy-XXXXXX", folder && *folder ? folder : "/tmp");

	ck_assert_int_lt(len, PATH_ROOM);
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	FILE *file = fdopen(fd, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%s%s\n", *policy == '[' ? "" : "[overrides]\n", policy);
	ck_assert_int_eq(fclose(file), 0);
}

static void
start_anew(int row, const char *policy, int out)
{
	char number[12], self[4096] = "";

	(void)snprintf(number, sizeof number, "%d", row);
	if (readlink("/proc/self/exe", self, sizeof self - 1) > 0 &&
	    setenv(ROW_VARIABLE, number, 1) == 0 &&
	    setenv("GNUTLS_SYSTEM_PRIORITY_FILE", policy, 1) == 0 &&
	    setenv("GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID", "1", 1) == 0 &&
	    dup2(out, STDOUT_FILENO) >= 0)
		execl(self, self, (char *)NULL);
	_exit(127);
}

START_TEST(policy)
{
	char path[PATH_ROOM], told[80] = "";
	size_t len = 0;
	int ends[2], status;

	write_policy(path, table[_i].policy);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		start_anew(_i, path, ends[1]);
	ck_assert_int_gt(child, 0);
	close(ends[1]);
	for (ssize_t n; (n = read(ends[0], told + len, sizeof told - 1 - len)) > 0;)
		len += (size_t)n;
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_msg(status == 0 && strcmp(told, table[_i].told) == 0,
	    "%s: \"%s\", not \"%s\" (%d)", table[_i].name, told, table[_i].told, status);
}
END_TEST

Suite *
test_suite(void)
{
	const char *row = getenv(ROW_VARIABLE);

	if (row)
		exit(tell(&table[atoi(row)]));
	Suite *suite = suite_create("system_policy");
	TCase *tc = tcase_create("system_policy");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, policy, 0, ROWS(table));
	suite_add_tcase(suite, tc);
	return suite;
}
