/* SPDX-License-Identifier: BSD-2-Clause
 * What does OpenSSL take to judge a certificate by a record, and to verify a signature? */
#include "bench/peers.h"

#include <danepriv/openssl.h>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

/* One judgement, ready to be made. */
typedef struct ready {
	SSL *ssl;
	X509_STORE_CTX *ctx;
	STACK_OF(X509) * chain;
} ready;

struct openssl_job {
	SSL_CTX *tls;
	X509_STORE *store; /* without roots: usages 2 and 3 bring their own */
	ready kept;
};

struct openssl_key {
	EVP_PKEY *key;
	EVP_MD_CTX *ctx;
	bool is_hashed;
};

const danepriv_crypto *
openssl_crypto(void)
{
	return danepriv_openssl_crypto();
}

static STACK_OF(X509) * parse_chain(const judge_job *job)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 0; chain && i < job->credential.count; i++) {
		const unsigned char *at = job->items[i].data;
		X509 *item = d2i_X509(NULL, &at, (long)job->items[i].len);
		if (!item || !sk_X509_push(chain, item))
			X509_free(item);
	}
	return chain;
}

static bool
get_ready(const judge_job *job, ready *r)
{
	test_octets rdata = job->rdata;

	r->ssl = SSL_new(job->openssl->tls);
	r->ctx = X509_STORE_CTX_new();
	r->chain = parse_chain(job);
	if (!r->ssl || !r->ctx || !r->chain || SSL_dane_enable(r->ssl, JOB_NAME) != 1)
		return false;
	SSL_dane_set_flags(r->ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	return SSL_dane_tlsa_add(r->ssl, rdata.data[0], rdata.data[1], rdata.data[2],
		   rdata.data + 3, rdata.len - 3) == 1;
}

static void
let_go(ready *r)
{
	X509_STORE_CTX_free(r->ctx);
	sk_X509_pop_free(r->chain, X509_free);
	SSL_free(r->ssl);
}

/* As a TLS client of OpenSSL does it after the handshake. */
static bool
verify(const judge_job *job, ready *r)
{
	bool good = false;

	if (X509_STORE_CTX_init(
		r->ctx, job->openssl->store, sk_X509_value(r->chain, 0), r->chain) != 1)
		return false;
	X509_STORE_CTX_set_default(r->ctx, "ssl_server");
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(r->ctx);
	X509_VERIFY_PARAM_set1(param, SSL_get0_param(r->ssl));
	X509_VERIFY_PARAM_set_time(param, (time_t)job->now);
	X509_STORE_CTX_set0_dane(r->ctx, SSL_get0_dane(r->ssl));
	good = X509_verify_cert(r->ctx) == 1 && SSL_get0_dane_authority(r->ssl, NULL, NULL) >= 0;
	X509_STORE_CTX_cleanup(r->ctx);
	return good;
}

void
openssl_open(judge_job *job)
{
	struct openssl_job *own = calloc(1, sizeof *own);

	bench_require(own != NULL, "no memory");
	job->openssl = own;
	own->tls = SSL_CTX_new(TLS_client_method());
	own->store = X509_STORE_new();
	bench_require(own->tls && own->store && SSL_CTX_dane_enable(own->tls) == 1 &&
			  get_ready(job, &own->kept),
	    "OpenSSL takes no record");
}

void
openssl_close(judge_job *job)
{
	let_go(&job->openssl->kept);
	X509_STORE_free(job->openssl->store);
	SSL_CTX_free(job->openssl->tls);
	free(job->openssl);
	job->openssl = NULL;
}

bool
openssl_kept(void *state)
{
	judge_job *job = state;

	return verify(job, &job->openssl->kept);
}

bool
openssl_as_used(void *state)
{
	const judge_job *job = state;
	ready r = { NULL, NULL, NULL };
	bool good = get_ready(job, &r) && verify(job, &r);

	let_go(&r);
	return good;
}

bool
openssl_hash_spki(void *state)
{
	const judge_job *job = state;
	uint8_t digest[SHA256_DIGEST_LENGTH];

	return SHA256(job->spki.data, job->spki.len, digest) != NULL;
}

openssl_key *
openssl_key_open(danepriv_span spki, bool is_hashed)
{
	const unsigned char *at = spki.data;
	openssl_key *key = calloc(1, sizeof *key);

	bench_require(key != NULL, "no memory");
	key->key = d2i_PUBKEY(NULL, &at, (long)spki.len);
	key->ctx = EVP_MD_CTX_new();
	key->is_hashed = is_hashed;
	bench_require(key->key && key->ctx, "OpenSSL takes no key");
	return key;
}

bool
openssl_key_verify(openssl_key *key, danepriv_span data, danepriv_span signature)
{
	const EVP_MD *digest = key->is_hashed ? EVP_sha256() : NULL;

	return EVP_DigestVerifyInit(key->ctx, NULL, digest, NULL, key->key) == 1 &&
	       EVP_DigestVerify(key->ctx, signature.data, signature.len, data.data, data.len) == 1;
}

void
openssl_key_close(openssl_key *key)
{
	EVP_MD_CTX_free(key->ctx);
	EVP_PKEY_free(key->key);
	free(key);
}
