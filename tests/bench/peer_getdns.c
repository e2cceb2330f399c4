/* SPDX-License-Identifier: BSD-2-Clause
 * What does getdns take to validate records that are there, to ask plain questions, and to look up
 * a name with all that proves it? */
#include "bench/peers.h"

#include <getdns/getdns_extra.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct getdns_proof {
	getdns_list *records, *support, *anchors;
};

struct getdns_live {
	getdns_context *plain, *validating;
	getdns_eventloop *loop; /* of `plain` */
	getdns_dict *as_we_ask, *with_status;
	unsigned open, answered;
};

static void
append(getdns_list *list, const getdns_dict *dict)
{
	size_t at = 0;

	bench_require(getdns_list_get_length(list, &at) == GETDNS_RETURN_GOOD &&
			  getdns_list_set_dict(list, at, dict) == GETDNS_RETURN_GOOD,
	    "getdns takes no record");
}

/* Is it of the TLSA set, with its signatures, which stands first in the chain? */
static bool
is_asked_for(getdns_dict *rr)
{
	uint32_t type = 0, covered = 0;

	(void)getdns_dict_get_int(rr, "type", &type);
	(void)getdns_dict_get_int(rr, "/rdata/type_covered", &covered);
	return type == GETDNS_RRTYPE_TLSA || covered == GETDNS_RRTYPE_TLSA;
}

static getdns_list *
read_anchors(const char *path)
{
	getdns_list *list = NULL;
	FILE *file = fopen(path, "r");

	bench_require(file && getdns_fp2rr_list(file, &list, NULL, 3600) == GETDNS_RETURN_GOOD,
	    "getdns reads no anchors");
	(void)fclose(file);
	return list;
}

void
getdns_proof_open(proof_job *job)
{
	struct getdns_proof *own = calloc(1, sizeof *own);
	const uint8_t *at = job->chain->chain.data;
	size_t left = job->chain->chain.len;
	char path[1024];
	getdns_dict *rr;

	bench_require(own != NULL, "no memory");
	own->records = getdns_list_create();
	own->support = getdns_list_create();
	(void)snprintf(path, sizeof path, "%s/%s", TEST_VECTORS, job->chain->anchors);
	own->anchors = read_anchors(path);
	while (left > 0) {
		bench_require(getdns_wire2rr_dict_scan(&at, &left, &rr) == GETDNS_RETURN_GOOD,
		    "getdns reads no chain");
		append(is_asked_for(rr) ? own->records : own->support, rr);
		getdns_dict_destroy(rr);
	}
	job->getdns = own;
}

void
getdns_proof_close(proof_job *job)
{
	getdns_list_destroy(job->getdns->records);
	getdns_list_destroy(job->getdns->support);
	getdns_list_destroy(job->getdns->anchors);
	free(job->getdns);
	job->getdns = NULL;
}

bool
getdns_prove(void *state)
{
	const proof_job *job = state;

	return getdns_validate_dnssec2(job->getdns->records, job->getdns->support,
		   job->getdns->anchors, (time_t)job->chain->now, 0) == GETDNS_DNSSEC_SECURE;
}

/* A stub that asks the world's resolver, and no other. */
static getdns_context *
open_stub(const char *resolver)
{
	getdns_transport_list_t transports[] = { GETDNS_TRANSPORT_UDP, GETDNS_TRANSPORT_TCP };
	getdns_namespace_t dns_only[] = { GETDNS_NAMESPACE_DNS };
	const char *port = strchr(resolver, '@');
	getdns_context *dns = NULL;
	getdns_list *list = NULL;
	char text[256];

	bench_require(port != NULL, "the resolver has no port");
	(void)snprintf(text, sizeof text, "[{address_type:\"IPv4\",address_data:%.*s,port:%s}]",
	    (int)(port - resolver), resolver, port + 1);
	bench_require(
	    getdns_str2list(text, &list) == GETDNS_RETURN_GOOD &&
		getdns_context_create(&dns, 0) == GETDNS_RETURN_GOOD &&
		getdns_context_set_resolution_type(dns, GETDNS_RESOLUTION_STUB) ==
		    GETDNS_RETURN_GOOD &&
		getdns_context_set_dns_transport_list(dns, 2, transports) == GETDNS_RETURN_GOOD &&
		getdns_context_set_namespaces(dns, 1, dns_only) == GETDNS_RETURN_GOOD &&
		getdns_context_set_upstream_recursive_servers(dns, list) == GETDNS_RETURN_GOOD,
	    "getdns makes no context");
	getdns_list_destroy(list);
	return dns;
}

void
getdns_live_open(live_job *job)
{
	struct getdns_live *own = calloc(1, sizeof *own);
	getdns_list *anchors = read_anchors(job->b->anchor);

	bench_require(own != NULL, "no memory");
	own->plain = open_stub(job->b->resolver);
	own->validating = open_stub(job->b->resolver);
	bench_require(
	    getdns_context_set_dnssec_trust_anchors(own->validating, anchors) ==
		    GETDNS_RETURN_GOOD &&
		getdns_context_get_eventloop(own->plain, &own->loop) == GETDNS_RETURN_GOOD &&
		/* as lib/getdns/fetch.c asks */
		getdns_str2dict("{add_opt_parameters:{do_bit:1,maximum_udp_payload_size:1232},"
				"header:{cd:1,rd:1}}",
		    &own->as_we_ask) == GETDNS_RETURN_GOOD &&
		getdns_str2dict("{dnssec_return_status:GETDNS_EXTENSION_TRUE}",
		    &own->with_status) == GETDNS_RETURN_GOOD,
	    "getdns takes no anchors");
	getdns_list_destroy(anchors);
	job->getdns = own;
}

void
getdns_live_close(live_job *job)
{
	getdns_dict_destroy(job->getdns->as_we_ask);
	getdns_dict_destroy(job->getdns->with_status);
	getdns_context_destroy(job->getdns->plain);
	getdns_context_destroy(job->getdns->validating);
	free(job->getdns);
	job->getdns = NULL;
}

test_octets
getdns_ask(void *state, const danepriv_question *question)
{
	const live_job *job = state;
	getdns_dict *response = NULL;
	getdns_bindata *wire = NULL;
	test_octets answer = { NULL, 0 };

	if (getdns_general_sync(job->getdns->plain, question->name, question->type,
		job->getdns->as_we_ask, &response) == GETDNS_RETURN_GOOD &&
	    getdns_dict_get_bindata(response, "/replies_full/0", &wire) == GETDNS_RETURN_GOOD)
		answer = octets_copy((danepriv_span){ wire->data, wire->size });
	getdns_dict_destroy(response);
	return answer;
}

static void
on_answer(getdns_context *dns, getdns_callback_type_t type, getdns_dict *response, void *arg,
    getdns_transaction_t transaction)
{
	struct getdns_live *own = arg;
	getdns_bindata *wire = NULL;

	(void)dns;
	(void)transaction;
	own->open--;
	if (type == GETDNS_CALLBACK_COMPLETE &&
	    getdns_dict_get_bindata(response, "/replies_full/0", &wire) == GETDNS_RETURN_GOOD)
		own->answered++;
	getdns_dict_destroy(response);
}

bool
getdns_plain(void *state)
{
	const live_job *job = state;
	struct getdns_live *own = job->getdns;
	const replay *r = job->replay;
	getdns_transaction_t transaction;

	own->open = own->answered = 0;
	for (size_t i = 0; i < r->count; i++) {
		const replay_item *item = &r->items[i];
		while (own->open > 0 && item->wave != r->items[i - 1].wave)
			own->loop->vmt->run_once(own->loop, 1);
		own->open++;
		if (getdns_general(own->plain, item->question.name, item->question.type,
			own->as_we_ask, own, &transaction, on_answer) != GETDNS_RETURN_GOOD)
			return false;
	}
	while (own->open > 0)
		own->loop->vmt->run_once(own->loop, 1);
	return own->answered == r->count;
}

bool
getdns_validating(void *state)
{
	const live_job *job = state;
	struct getdns_live *own = job->getdns;
	getdns_dict *response = NULL;
	uint32_t status = 0;
	char owner[1024];

	bool good = danepriv_server_owner(&job->server, owner, sizeof owner, NULL) == DANEPRIV_OK &&
		    getdns_general_sync(own->validating, owner, GETDNS_RRTYPE_TLSA,
			own->with_status, &response) == GETDNS_RETURN_GOOD &&
		    getdns_dict_get_int(response, "/replies_tree/0/dnssec_status", &status) ==
			GETDNS_RETURN_GOOD &&
		    status == GETDNS_DNSSEC_SECURE;
	getdns_dict_destroy(response);
	return good;
}
