/* SPDX-License-Identifier: BSD-2-Clause
 * What does an ordinary program see when structs grow?  Each struct that may grow is handed to the
 * library at the end of a page, behind which nothing may be touched.  Prints what comes of it, a
 * line a call.
 *
 * growth compiles it with the headers as they are, and with some in which these structs are longer.
 * Then, and with a library that does not know of it, it looks at what is behind today's fields:
 * what goes out has to be zero there, and what comes in is refused where it is not. */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <danepriv/danepriv.h>
#include <danepriv/gnutls.h>
#include <danepriv/ike.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef WITH_OPENSSL
#include <danepriv/openssl.h>
#endif

#define NOW 1700000000
#define STRICT DANEPRIV_PROFILE_STRICT
#define CONFIGURED DANEPRIV_PROVENANCE_CONFIGURED
#define OVER DANEPRIV_CHANNEL_ENCRYPTED

/* Is it known to the library, what is longer here?  Then it is no business of this program's. */
static int is_known;
static int is_wrong;

/* `count` structs of this size, up to the end of a page, with `filler` in all octets. */
static void *
fenced(size_t size, size_t count, int filler)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (size * count + page - 1) / page * page;
	uint8_t *pages =
	    mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || mprotect(pages + room, page, PROT_NONE) != 0) {
		perror("mmap");
		exit(1);
	}
	memset(pages + room - size * count, filler, size * count);
	return pages + room - size * count;
}

/* Zeroed, with its size; and with rubbish in it. */
#define IN(type) sized_in(sizeof(type))
#define OUT(type) sized_out(sizeof(type))

static void *
sized_in(size_t size)
{
	void *memory = fenced(size, 1, 0);

	memcpy(memory, &size, sizeof size);
	return memory;
}

static void *
sized_out(size_t size)
{
	void *memory = fenced(size, 1, 0xa5);

	memcpy(memory, &size, sizeof size);
	return memory;
}

/* Octets of a struct up to the end of today's fields. */
#ifdef IS_LONGER
#define TODAY(noun) offsetof(danepriv_##noun, later_number)
#else
#define TODAY(noun) sizeof(danepriv_##noun)
#endif

/* What is behind today's fields has to be zero. */
static void
check_zeroed(const char *name, const void *memory, size_t count, size_t today, size_t size)
{
	const uint8_t *octets = memory;

	for (size_t i = 0; i < count * size && !is_known; i++)
		if (i % size >= today && octets[i] != 0) {
			printf("%s: octet %zu is left\n", name, i);
			is_wrong = 1;
			return;
		}
}

/* A call that takes something in; true: it did. */
typedef int taking(void *memory);

/* Takes it; and refuses it where something is set behind today's fields. */
static void
check_taken(const char *name, void *memory, size_t count, size_t today, size_t size, taking *call)
{
	uint8_t *last = (uint8_t *)memory + (count - 1) * size;

	printf("%s: %d\n", name, call(memory));
	for (size_t at = today; at < size && !is_known; at++) {
		last[at] = 1;
		if (call(memory)) {
			printf("%s: octet %zu is passed over\n", name, at);
			is_wrong = 1;
		}
		last[at] = 0;
	}
}

#define TAKEN(noun, memory, call)                                                                  \
	check_taken(#noun, memory, 1, TODAY(noun), sizeof(danepriv_##noun), call)
#define ALL_TAKEN(noun, memory, call)                                                              \
	check_taken(#noun, memory, 2, TODAY(noun), sizeof(danepriv_##noun), call)
#define ZEROED(noun, memory) check_zeroed(#noun, memory, 1, TODAY(noun), sizeof(danepriv_##noun))
#define ALL_ZEROED(noun, memory)                                                                   \
	check_zeroed(#noun, memory, 2, TODAY(noun), sizeof(danepriv_##noun))

/* ---- settings ---- */

static const danepriv_server server = { .name = "ns1.example.net" };
static danepriv *ctx;
static danepriv_cache *cache;
static danepriv_records *records;
static danepriv_session *session;
static danepriv_settings *settings;
/* Ed25519, in DER (RFC 8410); any point will do, since nobody has to sign. */
static const uint8_t raw_key[44] = { 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0, 7 };
static const danepriv_span item = { raw_key, sizeof raw_key };
static const danepriv_credential credential = { DANEPRIV_CREDENTIAL_RAW_KEY, &item, 1 };

static void *
import_none(uint8_t algorithm, danepriv_span key)
{
	(void)algorithm;
	(void)key;
	return NULL;
}

static int
verify_none(const void *key, danepriv_span data, danepriv_span signature)
{
	(void)key;
	(void)data;
	(void)signature;
	return 0;
}

static void
free_none(void *key)
{
	(void)key;
}

static int
take_settings(void *memory)
{
	danepriv *other;
	int is_taken = danepriv_open(memory, &other) == DANEPRIV_OK;

	danepriv_close(other);
	return is_taken;
}

static int
take_crypto(void *memory)
{
	settings->crypto = memory;
	return take_settings(settings);
}

static int
take_cache_settings(void *memory)
{
	danepriv_cache *other;
	int is_taken = danepriv_cache_new(memory, &other) == DANEPRIV_OK;

	danepriv_cache_free(other);
	return is_taken;
}

static int
take_zones_settings(void *memory)
{
	danepriv_zones *zones;
	int is_taken = danepriv_zones_new(memory, &zones) == DANEPRIV_OK;

	danepriv_zones_free(zones);
	return is_taken;
}

static int
take_limits(void *memory)
{
	return danepriv_limits_accept_version(memory, 0x0304) &&
	       danepriv_limits_may_connect(memory, 1, 2) &&
	       danepriv_limits_idle_until(memory, NOW) == NOW + 7;
}

static void
settings_of_all(void)
{
	danepriv_crypto *crypto = IN(danepriv_crypto);
	danepriv_cache_settings *of_cache = IN(danepriv_cache_settings);
	danepriv_limits *limits = IN(danepriv_limits);

	settings = IN(danepriv_settings);
	settings->earliest = 1;
	settings->memo = 16;
	crypto->import_key = import_none;
	crypto->verify = verify_none;
	crypto->free_key = free_none;
	of_cache->max_octets = 65536;
	limits->connections = 2;
	limits->idle_s = 7;
	TAKEN(settings, settings, take_settings);
	TAKEN(crypto, crypto, take_crypto);
	TAKEN(cache_settings, of_cache, take_cache_settings);
	TAKEN(zones_settings, IN(danepriv_zones_settings), take_zones_settings);
	TAKEN(limits, limits, take_limits);
	printf("open %d, cache %d\n", danepriv_open(settings, &ctx),
	    danepriv_cache_new(of_cache, &cache));
}

/* ---- what was published ---- */

/* Two records, of which the second matches. */
static void
publish(void)
{
	static const uint8_t wrong[35] = { 3, 1, 1 };
	uint8_t right[64];
	size_t len = 0;

	(void)!danepriv_credential_record(&credential, 3, 1, 1, right, sizeof right, &len);
	const danepriv_span rdatas[] = { { wrong, sizeof wrong }, { right, len } };
	printf("vouch %d\n", danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
				 DANEPRIV_REASON_NONE, rdatas, 2, NOW + 1000, &records));
	printf("put %d\n", danepriv_cache_put(cache, records, NOW));
}

/* ---- what a chain proves ---- */

/* A record of the root that nobody has signed. */
static void
prove(void)
{
	static const uint8_t octets[] = { 0, 0, 52, 0, 1, 0, 0, 0, 0, 0, 0 };
	const danepriv_span chain = { octets, sizeof octets };
	danepriv_chain_record *record = OUT(danepriv_chain_record);
	danepriv_rrset *at = OUT(danepriv_rrset);
	danepriv_chain_walk *walk;
	danepriv_records *broken;

	printf("prove %d\n", danepriv_records_prove(ctx, &server, chain, NOW, &broken));
	danepriv_status status = danepriv_records_place(broken, at);
	printf("place: %d, %s %u %s, %s\n", status, at->owner, at->type, at->type_text, at->zone);
	ZEROED(rrset, at);
	danepriv_records_free(broken);
	printf("walk %d\n", danepriv_chain_walk_new(ctx, &server, chain, NOW, &walk));
	status = danepriv_chain_walk_record(walk, 0, record);
	printf("record: %d, %s %s, %d %d, %zu\n", status, record->owner, record->type_text,
	    record->security, record->reason, record->rdata.len);
	ZEROED(chain_record, record);
	danepriv_chain_walk_free(walk);
}

/* ---- verdicts ---- */

static void
print_verdict(const char *name, int result, const danepriv_verdict *v)
{
	printf("%s: %d, finding %d, security %d, reason %d, fault %d, attack %d, record %zu, "
	       "until %lld, count %zu\n",
	    name, result, v->finding, v->security, v->reason, v->fault, v->attack, v->record,
	    (long long)v->valid_until, v->count);
	if (v->each)
		printf("%s: %d %d, %d %d\n", name, v->each[0].judgement, v->each[0].reason,
		    v->each[1].judgement, v->each[1].usage);
	ZEROED(verdict, v);
	if (v->each)
		ALL_ZEROED(record_verdict, v->each);
}

static danepriv_verdict *
verdict(int with_each)
{
	danepriv_verdict *v = OUT(danepriv_verdict);

	v->each = with_each ? fenced(sizeof *v->each, 2, 0xa5) : NULL;
	v->each_size = with_each ? sizeof *v->each : 0;
	v->each_room = with_each ? 2 : 0;
	return v;
}

static void
judge(void)
{
	danepriv_verdict *v[7];

	for (int i = 0; i < 7; i++)
		v[i] = verdict(i % 2 == 0);
	int result = danepriv_evaluate(ctx, records, &credential, NULL, 0, NOW, v[0]);
	print_verdict("evaluate", result, v[0]);
	print_verdict(
	    "again", danepriv_evaluate(ctx, records, &credential, NULL, 0, NOW + 2000, v[0]), v[0]);
	result = danepriv_evaluate(ctx, records, &credential, NULL, 0, NOW, v[1]);
	print_verdict("alone", result, v[1]);
	result = danepriv_cache_evaluate(cache, ctx, &server, &credential, NOW, v[2]);
	print_verdict("cache", result, v[2]);
	printf("session %d\n", danepriv_session_new(ctx, &server, STRICT, &session));
	printf("recall %d\n", danepriv_session_recall(session, cache, NOW));
	print_verdict(
	    "nothing shown", danepriv_session_decide(session, CONFIGURED, OVER, NOW, v[3]), v[3]);
	printf("give %d\n", danepriv_session_give_credential(session, &credential));
	print_verdict(
	    "decide", danepriv_session_decide(session, CONFIGURED, OVER, NOW, v[4]), v[4]);
	print_verdict("decide again",
	    danepriv_session_decide_again(session, cache, STRICT, CONFIGURED, OVER, NOW, v[5]),
	    v[5]);
	print_verdict("no memory",
	    danepriv_session_decide_again(session, NULL, STRICT, CONFIGURED, OVER, NOW, v[6]),
	    v[6]);
}

/* ---- what is known ---- */

static void
tell_states(void)
{
	static const uint8_t octets[4] = { 192, 0, 2, 1 };
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_server_state *s = OUT(danepriv_server_state);
	danepriv_address_state *a = OUT(danepriv_address_state);
	danepriv_cache_due *due = OUT(danepriv_cache_due);
	danepriv_status status;

	printf("match %d\n", danepriv_cache_note_match(cache, &server, 1, NOW));
	printf("event %d\n",
	    danepriv_cache_note_event(cache, &address, DANEPRIV_EVENT_COMPLETED, 500, NOW));
	status = danepriv_cache_get_server_state(cache, &server, NOW, s);
	printf("server: %d, %d %d %d, until %lld, record %zu, %lld %lld %lld\n", status,
	    s->security, s->reason, s->source, (long long)s->valid_until, s->record,
	    (long long)s->authenticated, (long long)s->pinned, (long long)s->again);
	ZEROED(server_state, s);
	status = danepriv_cache_get_address_state(cache, &address, a);
	printf("address: %d, %d, %u, %lld %lld %lld\n", status, a->reach, a->rtt_us,
	    (long long)a->initiated, (long long)a->completed, (long long)a->last_response);
	ZEROED(address_state, a);
	due->position = 0;
	do
		status = danepriv_cache_next_due(cache, INT64_MAX, NOW, due);
	while (status == DANEPRIV_EAGAIN);
	if (status == DANEPRIV_OK)
		printf("due: %s %d %d %d «%s» %lld\n", due->name, due->port, due->transport,
		    due->aliases, due->label, (long long)due->valid_until);
	ZEROED(cache_due, due);
}

/* ---- hooks ---- */

static danepriv_judged *judged;

static int
take_hooks(void *memory)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const struct sockaddr *const addresses[] = { (const struct sockaddr *)&address };
	size_t order;

	return danepriv_hooks_decide(memory, "example.com.", &server, CONFIGURED, judged, OVER,
		   NOW) == DANEPRIV_DECISION_PROCEED &&
	       danepriv_hooks_rank(
		   memory, "example.com.", &server, CONFIGURED, addresses, 1, NOW, &order) == 1 &&
	       danepriv_hooks_channels(memory, "example.com.", &server, CONFIGURED, addresses[0],
		   NOW) == DANEPRIV_CHANNELS_ENCRYPTED;
}

static danepriv_hooks *hooks;

static int
take_judged(void *memory)
{
	return danepriv_hooks_decide(hooks, "example.com.", &server, CONFIGURED, memory, OVER,
		   NOW) == DANEPRIV_DECISION_PROCEED;
}

static void
hook(void)
{
	danepriv_verdict *why = verdict(1);

	hooks = IN(danepriv_hooks);
	hooks->ctx = ctx;
	hooks->cache = cache;
	judged = OUT(danepriv_judged);
	int result = danepriv_session_get_judged(session, cache, judged);
	printf("judged: %d, %d, %lld\n", result, judged->finding, (long long)judged->valid_until);
	ZEROED(judged, judged);
	judged = OUT(danepriv_judged);
	result = danepriv_hooks_judge(hooks, &server, NULL, &credential, NOW, judged, why);
	printf("judge: %d, %d, %lld\n", result, judged->finding, (long long)judged->valid_until);
	ZEROED(judged, judged);
	print_verdict("judge", result, why);
	/* From here on it comes in. */
	memset((uint8_t *)judged + TODAY(judged), 0, sizeof *judged - TODAY(judged));
	TAKEN(hooks, hooks, take_hooks);
	TAKEN(judged, judged, take_judged);
}

/* ---- plans ---- */

static danepriv_request *request;
static danepriv_candidate *candidates;
static danepriv_place *places;

static danepriv_plan *
plan(void)
{
	danepriv_plan *p = OUT(danepriv_plan);

	p->attempts = fenced(sizeof *p->attempts, 2, 0xa5);
	p->attempt_size = sizeof *p->attempts;
	p->room = 2;
	return p;
}

static int
take_request(void *memory)
{
	danepriv_plan *p = plan();
	danepriv_status status = danepriv_plan_make(cache, memory, NOW, p);

	return status == DANEPRIV_OK && p->step == DANEPRIV_STEP_ASK;
}

static int
take_parts(void *memory)
{
	(void)memory;
	return take_request(request);
}

static void
make_plan(void)
{
	static const uint8_t octets[2][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 } };
	danepriv_plan *p = plan();

	request = IN(danepriv_request);
	candidates = fenced(sizeof *candidates, 2, 0);
	places = fenced(sizeof *places, 2, 0);
	request->zone = request->name = "example.com.";
	request->candidates = candidates;
	request->candidate_size = sizeof *candidates;
	request->count = 2;
	candidates[0].server.name = "ns2.example.net";
	candidates[1].server = server;
	for (int i = 0; i < 2; i++) {
		candidates[i].provenance = CONFIGURED;
		candidates[i].places = places;
		candidates[i].place_size = sizeof *places;
		candidates[i].count = 2;
		places[i].octets = (danepriv_span){ octets[i], 4 };
	}
	danepriv_status status = danepriv_plan_make(cache, request, NOW, p);
	printf("plan: %d, %d %d, %zu\n", status, p->step, p->obstacle, p->count);
	for (int i = 0; i < 2; i++)
		printf("attempt: %zu %zu, %d %d %d %d, %u\n", p->attempts[i].candidate,
		    p->attempts[i].place, p->attempts[i].channel, p->attempts[i].open,
		    p->attempts[i].unauthenticated_ok, p->attempts[i].learn,
		    p->attempts[i].delay_ms);
	ZEROED(plan, p);
	ALL_ZEROED(attempt, p->attempts);
	TAKEN(request, request, take_request);
	ALL_TAKEN(candidate, candidates, take_parts);
	ALL_TAKEN(place, places, take_parts);
}

/* ---- IKE ---- */

static const danepriv_server ike_server = { .name = "ns1.example.net",
	.transport = DANEPRIV_TRANSPORT_IPSEC };
static danepriv_records *ike_records;

static int
take_ike_peer(void *memory)
{
	danepriv_ike_found found = { .size = sizeof found };

	return danepriv_ike_evaluate(ctx, ike_records, memory, NOW, &found, NULL) == DANEPRIV_OK &&
	       found.finding == DANEPRIV_FINDING_MATCH &&
	       danepriv_ike_judge(cache, ctx, &ike_server, memory, NOW, &found, NULL) ==
		   DANEPRIV_OK;
}

static void
print_found(const char *name, int result, const danepriv_ike_found *f)
{
	printf("%s: %d, finding %d, until %lld, key %zu, pkix %d\n", name, result, f->finding,
	    (long long)f->valid_until, f->key.len, f->needs_pkix);
	ZEROED(ike_found, f);
}

static void
judge_ike(void)
{
	danepriv_ike_peer *peer = IN(danepriv_ike_peer);
	danepriv_ike_found *found = OUT(danepriv_ike_found);
	danepriv_verdict *why = verdict(1);
	const danepriv_span rdata = danepriv_records_rdata(records, 1);

	peer->id = (danepriv_ike_id){ { (const uint8_t *)"ns1.example.net", 15 }, 2 };
	peer->key = item;
	peer->auth = 14;
	printf("vouch %d\n", danepriv_records_vouch(&ike_server, NULL, DANEPRIV_SECURITY_SECURE,
				 DANEPRIV_REASON_NONE, &rdata, 1, NOW + 1000, &ike_records));
	printf("put %d\n", danepriv_cache_put(cache, ike_records, NOW));
	int result = danepriv_ike_evaluate(ctx, ike_records, peer, NOW, found, why);
	print_found("ike", result, found);
	print_verdict("ike", result, why);
	found = OUT(danepriv_ike_found);
	result = danepriv_ike_judge(cache, ctx, &ike_server, peer, NOW, found, why);
	print_found("ike cache", result, found);
	print_verdict("ike cache", result, why);
	TAKEN(ike_peer, peer, take_ike_peer);
	danepriv_records_free(ike_records);
}

/* ---- the SPD ---- */

static void
decide_spd(void)
{
	danepriv_spd_entry *s = OUT(danepriv_spd_entry);
	int result = danepriv_spd_decide(
	    DANEPRIV_PROFILE_OPPORTUNISTIC, CONFIGURED, DANEPRIV_FINDING_ABSENT, s);

	printf(
	    "spd: %d, %d %d, %u %u\n", result, s->negotiating, s->failed, s->failed_s, s->used_s);
	ZEROED(spd_entry, s);
}

/* ---- adapters ---- */

/* A record of the root, without RDATA. */
static const uint8_t octets_of_chain[11] = { 0, 0, 52, 0, 1 };
static const danepriv_span chain = { octets_of_chain, sizeof octets_of_chain };

static int
take_gnutls_settings(void *memory)
{
	gnutls_session_t tls;

	if (gnutls_init(&tls, GNUTLS_CLIENT) != 0)
		return 0;
	int is_taken = danepriv_gnutls_guard(tls, session, memory, NOW, NULL) == DANEPRIV_OK;
	gnutls_deinit(tls);
	return is_taken;
}

static int
take_gnutls_serving(void *memory)
{
	gnutls_session_t tls;

	if (gnutls_init(&tls, GNUTLS_SERVER) != 0)
		return 0;
	int is_taken = danepriv_gnutls_serve(tls, &server, chain, memory, NULL) == DANEPRIV_OK;
	gnutls_deinit(tls);
	return is_taken;
}

static void
adapt_gnutls(void)
{
	TAKEN(gnutls_settings, IN(danepriv_gnutls_settings), take_gnutls_settings);
	TAKEN(chain_serving, IN(danepriv_chain_serving), take_gnutls_serving);
}

#ifdef WITH_OPENSSL
static int
take_openssl_settings(void *memory)
{
	SSL_CTX *ours = SSL_CTX_new(TLS_client_method());

	(void)!danepriv_openssl_prepare(ours);
	SSL *ssl = SSL_new(ours);
	int is_taken = danepriv_openssl_guard(ssl, session, memory, NOW) == DANEPRIV_OK;
	SSL_free(ssl);
	SSL_CTX_free(ours);
	return is_taken;
}

static int
take_openssl_serving(void *memory)
{
	SSL_CTX *theirs = SSL_CTX_new(TLS_server_method());
	int is_taken = danepriv_openssl_serve(theirs, &server, chain, memory) == DANEPRIV_OK;

	SSL_CTX_free(theirs);
	return is_taken;
}

static void
adapt_openssl(void)
{
	TAKEN(openssl_settings, IN(danepriv_openssl_settings), take_openssl_settings);
	TAKEN(chain_serving, IN(danepriv_chain_serving), take_openssl_serving);
}
#endif

int
main(int argc, char **argv)
{
	is_known = argc > 1 && strcmp(argv[1], "known") == 0;
	settings_of_all();
	publish();
	prove();
	judge();
	tell_states();
	hook();
	make_plan();
	judge_ike();
	decide_spd();
	adapt_gnutls();
#ifdef WITH_OPENSSL
	adapt_openssl();
#endif
	danepriv_session_free(session);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return is_wrong;
}
