/* SPDX-License-Identifier: BSD-2-Clause
 * Has this key been seen to have made this signature over these octets?
 *
 * A memory of verifications that went well, shared by any number of threads without a lock.  What
 * is kept are keyed fingerprints: who does not know the secret can neither make two alike nor
 * choose which ones push each other out.  Junk can cause eviction, and nothing else. */
#ifndef DP_CRYPTO_MEMO_H
#define DP_CRYPTO_MEMO_H

#include <danepriv/status.h>
#include <stdbool.h>

/* Octets that one remembered signature takes. */
#define DP_MEMO_ENTRY_OCTETS 32

typedef struct dp_memo dp_memo;

/* What stands for a key, octets and a signature. */
typedef struct dp_fingerprint {
	uint64_t words[DP_MEMO_ENTRY_OCTETS / sizeof(uint64_t)];
} dp_fingerprint;

/* Room for at least `entries`, rounded up to a power of two.  NULL: out of memory. */
dp_memo *dp_memo_new(uint32_t entries);
void dp_memo_free(dp_memo *memo);

/* `key`: the whole RDATA of the DNSKEY, so that algorithm and flags are part of it. */
dp_fingerprint dp_memo_fingerprint(
    const dp_memo *memo, danepriv_span key, danepriv_span data, danepriv_span signature);

/* Was it remembered, and not pushed out since? */
bool dp_memo_knows(const dp_memo *memo, const dp_fingerprint *fingerprint);

/* To be called only for what verified. */
void dp_memo_remember(dp_memo *memo, const dp_fingerprint *fingerprint);

#endif
