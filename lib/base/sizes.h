/* SPDX-License-Identifier: BSD-2-Clause
 * How long was each struct that may grow in 0.2?  That is the least that a caller's can be, and
 * stays so: these name the last field that it had then, whatever comes behind it (status.h). */
#ifndef DP_BASE_SIZES_H
#define DP_BASE_SIZES_H

#include <stddef.h>

/* Octets of a struct up to the end of a field. */
#define DP_SIZE_THROUGH(type, field) (offsetof(type, field) + sizeof(((const type *)0)->field))

/* in */
#define DP_CRYPTO_LEAST DP_SIZE_THROUGH(danepriv_crypto, verify_spki)
#define DP_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_settings, crypto)
#define DP_CACHE_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_cache_settings, max_octets)
#define DP_ZONES_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_zones_settings, max_octets)
#define DP_LIMITS_LEAST DP_SIZE_THROUGH(danepriv_limits, idle_s)
#define DP_CHAIN_SERVING_LEAST DP_SIZE_THROUGH(danepriv_chain_serving, form)
#define DP_GNUTLS_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_gnutls_settings, priority)
#define DP_OPENSSL_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_openssl_settings, raw_keys)
#define DP_REQUEST_LEAST DP_SIZE_THROUGH(danepriv_request, connections)
#define DP_CANDIDATE_LEAST DP_SIZE_THROUGH(danepriv_candidate, count)
#define DP_PLACE_LEAST DP_SIZE_THROUGH(danepriv_place, connections)
#define DP_IKE_PEER_LEAST DP_SIZE_THROUGH(danepriv_ike_peer, resource)
#define DP_HOOKS_LEAST DP_SIZE_THROUGH(danepriv_hooks, rules)

/* in and out */
#define DP_JUDGED_LEAST DP_SIZE_THROUGH(danepriv_judged, valid_until)

/* out */
#define DP_CHAIN_RECORD_LEAST DP_SIZE_THROUGH(danepriv_chain_record, signer)
#define DP_RRSET_LEAST DP_SIZE_THROUGH(danepriv_rrset, type_text)
#define DP_VERDICT_LEAST DP_SIZE_THROUGH(danepriv_verdict, count)
#define DP_IKE_FOUND_LEAST DP_SIZE_THROUGH(danepriv_ike_found, converted)
#define DP_SPD_ENTRY_LEAST DP_SIZE_THROUGH(danepriv_spd_entry, used_s)
#define DP_RECORD_VERDICT_LEAST DP_SIZE_THROUGH(danepriv_record_verdict, depth)
#define DP_SERVER_STATE_LEAST DP_SIZE_THROUGH(danepriv_server_state, again)
#define DP_CACHE_DUE_LEAST DP_SIZE_THROUGH(danepriv_cache_due, position)
#define DP_ADDRESS_STATE_LEAST DP_SIZE_THROUGH(danepriv_address_state, last_response)
#define DP_PLAN_LEAST DP_SIZE_THROUGH(danepriv_plan, count)
#define DP_ATTEMPT_LEAST DP_SIZE_THROUGH(danepriv_attempt, place)

#endif
