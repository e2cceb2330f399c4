/* SPDX-License-Identifier: BSD-2-Clause
 * How do others do the same work?  One file per peer; a peer that is not installed leaves NULL in
 * the rows, and its rows say so. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "bench/jobs.h"

/* peer_gnutls.c: parses the certificates, takes as the only anchor the one that the record means
 * (2 0 1), and lets a trust list verify names, purposes and all. */
bool gnutls_trust_list(void *job);

/* peer_openssl.c.  kept: certificates, store and TLSA record are there.  as_used: as in a
 * connection, all of it made from octets, but for the SSL_CTX and the store. */
typedef struct openssl_key openssl_key;
#ifdef HAVE_OPENSSL
const danepriv_crypto *openssl_crypto(void); /* the one of libdanepriv-openssl */
void openssl_open(judge_job *job);
void openssl_close(judge_job *job);
bool openssl_kept(void *job);
bool openssl_as_used(void *job);
bool openssl_hash_spki(void *job);
openssl_key *openssl_key_open(danepriv_span spki, bool is_hashed);
bool openssl_key_verify(openssl_key *key, danepriv_span data, danepriv_span signature);
void openssl_key_close(openssl_key *key);
#else
#define openssl_crypto() NULL
#define openssl_open(job) ((void)(job))
#define openssl_close(job) ((void)(job))
#define openssl_kept NULL
#define openssl_as_used NULL
#define openssl_hash_spki NULL
#define openssl_key_open(spki, is_hashed) ((void)(spki), (void)(is_hashed), (openssl_key *)NULL)
#define openssl_key_close(key) ((void)(key))
#endif

/* peer_libdane.c: dane_verify_crt_raw; the state and the query are kept. */
#ifdef HAVE_LIBDANE
void libdane_open(judge_job *job);
void libdane_close(judge_job *job);
bool libdane_judge(void *job);
#else
#define libdane_open(job) ((void)(job))
#define libdane_close(job) ((void)(job))
#define libdane_judge NULL
#endif

#ifdef HAVE_GETDNS
/* peer_getdns.c.  proof: its offline validator, with the records parsed before. */
void getdns_proof_open(proof_job *job);
void getdns_proof_close(proof_job *job);
bool getdns_prove(void *job);
/* live: the questions of `replay`, in the same waves, and nothing judged. */
void getdns_live_open(live_job *job);
void getdns_live_close(live_job *job);
bool getdns_plain(void *job);
/* live: one such question, for replay_record. */
test_octets getdns_ask(void *job, const danepriv_question *question);
/* live: the one question, and getdns finds out what proves it. */
bool getdns_validating(void *job);
#else
#define getdns_proof_open(job) ((void)(job))
#define getdns_proof_close(job) ((void)(job))
#define getdns_prove NULL
#endif

/* peer_unbound.c.  warm: answers from its own cache.  cold: a new context for each. */
#ifdef HAVE_UNBOUND
void unbound_open(live_job *job);
void unbound_close(live_job *job);
bool unbound_warm(void *job);
bool unbound_cold(void *job);
#else
#define unbound_open(job) ((void)(job))
#define unbound_close(job) ((void)(job))
#define unbound_warm NULL
#define unbound_cold NULL
#endif

#endif
