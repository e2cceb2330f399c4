/* SPDX-License-Identifier: BSD-2-Clause
 * Which certificate of a file does a certificate usage mean?  (RFC 6698 section 2.1.1) */
#include "fitting.h"

#include "file_kind.h"
#include "options.h"

#include <gnutls/x509.h>

typedef struct certificates {
	gnutls_x509_crt_t list[CLI_CERTIFICATES_MAX]; /* NULL: one that does not parse */
	size_t count;
} certificates;

static void
open_all(const cli_credential *credential, certificates *out)
{
	out->count = credential->credential.count;
	for (size_t i = 0; i < out->count; i++) {
		const danepriv_span *item = &credential->items[i];
		gnutls_datum_t der = { (unsigned char *)(uintptr_t)item->data,
			(unsigned)item->len };
		if (gnutls_x509_crt_init(&out->list[i]) < 0)
			out->list[i] = NULL;
		else if (gnutls_x509_crt_import(out->list[i], &der, GNUTLS_X509_FMT_DER) < 0) {
			gnutls_x509_crt_deinit(out->list[i]);
			out->list[i] = NULL;
		}
	}
}

static void
close_all(certificates *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i])
			gnutls_x509_crt_deinit(all->list[i]);
}

/* Does it name itself as its issuer? */
static bool
is_self_issued(const certificates *all, size_t i)
{
	return gnutls_x509_crt_check_issuer(all->list[i], all->list[i]) != 0;
}

/* Do others in the file name it as their issuer?  No signature is looked at. */
static bool
is_issuer(const certificates *all, size_t i)
{
	for (size_t k = 0; k < all->count && all->list[i]; k++)
		if (k != i && all->list[k] && !is_self_issued(all, k) &&
		    gnutls_x509_crt_check_issuer(all->list[k], all->list[i]))
			return true;
	return false;
}

/* Does it say that it is an authority's, or is it of a time when that could not be said? */
static bool
is_authority(const certificates *all, size_t i)
{
	unsigned critical;

	if (!all->list[i])
		return false;
	if (gnutls_x509_crt_get_version(all->list[i]) == 1)
		return is_self_issued(all, i);
	return gnutls_x509_crt_get_ca_status(all->list[i], &critical) > 0;
}

/* Those that a usage may mean: how many, and the first of them. */
static size_t
count_fitting(const certificates *all, bool authority_meant, size_t *first)
{
	size_t count = 0;

	for (size_t i = all->count; i-- > 0;) {
		if (authority_meant ? !is_authority(all, i) : is_issuer(all, i))
			continue;
		*first = i;
		count++;
	}
	return count;
}

static void
put_first(cli_credential *credential, size_t i)
{
	danepriv_span first = credential->items[0];

	credential->items[0] = credential->items[i];
	credential->items[i] = first;
}

bool
cli_fit_usage(const char *path, unsigned usage, cli_credential *credential)
{
	bool authority_meant = usage == 0 || usage == 2;
	const char *name = cli_file_name(path);
	certificates all;
	size_t first = 0;

	open_all(credential, &all);
	size_t count = count_fitting(&all, authority_meant, &first);
	close_all(&all);
	if (count > 0 && first == 0)
		return true;
	if (count == 1) {
		put_first(credential, first);
		cli_complain(
		    "certificate %zu of %.200s it is: usage %u means %s, and the first one %s",
		    first + 1, name, usage, authority_meant ? "an authority's" : "the server's own",
		    authority_meant ? "is none" : "signed others of them");
		return true;
	}
	if (count == 0 && authority_meant) {
		cli_complain(
		    "usage %u means an authority's certificate, and in %.200s there is none: "
		    "no server will match this record",
		    usage, name);
		return true;
	}
	cli_complain("usage %u means %s, and it cannot be told which one in %.200s that is: put it "
		     "first",
	    usage, authority_meant ? "an authority's certificate" : "the server's own certificate",
	    name);
	return false;
}

bool
cli_first_is_issuer(const cli_credential *credential)
{
	certificates all;

	open_all(credential, &all);
	bool found = is_issuer(&all, 0);
	close_all(&all);
	return found;
}
