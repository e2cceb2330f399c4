/* SPDX-License-Identifier: BSD-2-Clause
 * Has this key been seen to have made this signature over these octets?
 *
 * A fingerprint has a set of four places.  They are read and written a word at a time, without a
 * lock: whoever reads while another writes sees words of two fingerprints.  Such a mixture equals
 * the wanted one only if two keyed hashes share words of 64 bits, which chance does not bring about
 * and nobody without the secret can; and so the worst is to verify once more. */
#include "crypto/memo.h"

#include "base/alloc.h"

#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#define WAYS 4
#define WORDS (sizeof(dp_fingerprint) / sizeof(uint64_t))

typedef struct set {
	_Atomic uint64_t places[WAYS][WORDS];
} set;

struct dp_memo {
	uint8_t secret[crypto_generichash_KEYBYTES];
	size_t mask; /* sets - 1 */
	set *sets;
};

_Static_assert(sizeof(set) == WAYS * DP_MEMO_ENTRY_OCTETS, "an entry is as large as it says");

dp_memo *
dp_memo_new(uint32_t entries)
{
	size_t sets = 1;

	while (sets < entries / WAYS + (entries % WAYS != 0))
		sets *= 2;
	dp_memo *memo = dp_alloc(1, sizeof *memo);
	if (!memo)
		return NULL;
	memo->sets = dp_alloc(sets, sizeof *memo->sets);
	if (!memo->sets) {
		dp_free(memo);
		return NULL;
	}
	memo->mask = sets - 1;
	randombytes_buf(memo->secret, sizeof memo->secret);
	return memo;
}

void
dp_memo_free(dp_memo *memo)
{
	if (!memo)
		return;
	sodium_memzero(memo->secret, sizeof memo->secret);
	dp_free(memo->sets);
	dp_free(memo);
}

dp_fingerprint
dp_memo_fingerprint(
    const dp_memo *memo, danepriv_span key, danepriv_span data, danepriv_span signature)
{
	/* Lengths first: no two triples read alike. */
	const uint64_t lengths[] = { key.len, signature.len, data.len };
	crypto_generichash_state state;
	dp_fingerprint out;

	(void)crypto_generichash_init(&state, memo->secret, sizeof memo->secret, sizeof out.words);
	(void)crypto_generichash_update(&state, (const uint8_t *)lengths, sizeof lengths);
	(void)crypto_generichash_update(&state, key.data, key.len);
	(void)crypto_generichash_update(&state, signature.data, signature.len);
	(void)crypto_generichash_update(&state, data.data, data.len);
	(void)crypto_generichash_final(&state, (uint8_t *)out.words, sizeof out.words);
	/* An empty place is all zeros, and must not be taken for a fingerprint. */
	out.words[0] |= 1;
	return out;
}

static set *
set_of(const dp_memo *memo, const dp_fingerprint *fingerprint)
{
	return &memo->sets[(fingerprint->words[0] >> 1) & memo->mask];
}

static bool
place_holds(_Atomic uint64_t *place, const dp_fingerprint *fingerprint)
{
	uint64_t different = 0;

	for (size_t i = 0; i < WORDS; i++)
		different |=
		    atomic_load_explicit(&place[i], memory_order_relaxed) ^ fingerprint->words[i];
	return different == 0;
}

bool
dp_memo_knows(const dp_memo *memo, const dp_fingerprint *fingerprint)
{
	set *s = set_of(memo, fingerprint);

	for (size_t i = 0; i < WAYS; i++)
		if (place_holds(s->places[i], fingerprint))
			return true;
	return false;
}

/* The first empty place, else one that nobody can foretell. */
static _Atomic uint64_t *
place_for(set *s, const dp_fingerprint *fingerprint)
{
	for (size_t i = 0; i < WAYS; i++)
		if (atomic_load_explicit(&s->places[i][0], memory_order_relaxed) == 0)
			return s->places[i];
	return s->places[fingerprint->words[WORDS - 1] % WAYS];
}

void
dp_memo_remember(dp_memo *memo, const dp_fingerprint *fingerprint)
{
	_Atomic uint64_t *place = place_for(set_of(memo, fingerprint), fingerprint);

	for (size_t i = 0; i < WORDS; i++)
		atomic_store_explicit(&place[i], fingerprint->words[i], memory_order_relaxed);
}
