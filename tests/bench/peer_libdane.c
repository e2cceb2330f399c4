/* SPDX-License-Identifier: BSD-2-Clause
 * What does libdane, GnuTLS's own, take to judge a certificate by a record? */
#include "bench/peers.h"

#include <gnutls/dane.h>
#include <stdlib.h>

struct libdane_job {
	dane_state_t state;
	dane_query_t query;
	char *rdatas[2];
	int lengths[2];
};

void
libdane_open(judge_job *job)
{
	struct libdane_job *own = calloc(1, sizeof *own);

	bench_require(own != NULL, "no memory");
	own->rdatas[0] = (char *)job->rdata.data;
	own->lengths[0] = (int)job->rdata.len;
	bench_require(dane_state_init(&own->state,
			  DANE_F_IGNORE_LOCAL_RESOLVER | DANE_F_IGNORE_DNSSEC) == DANE_E_SUCCESS &&
			  dane_raw_tlsa(own->state, &own->query, own->rdatas, own->lengths, 1, 0) ==
			      DANE_E_SUCCESS,
	    "libdane takes no record");
	job->libdane = own;
}

void
libdane_close(judge_job *job)
{
	dane_query_deinit(job->libdane->query);
	dane_state_deinit(job->libdane->state);
	free(job->libdane);
	job->libdane = NULL;
}

bool
libdane_judge(void *state)
{
	const judge_job *job = state;
	gnutls_datum_t chain[JOB_ITEMS_MAX];
	unsigned count = (unsigned)job->credential.count, status = 1;

	for (unsigned i = 0; i < count; i++)
		chain[i] = (gnutls_datum_t){ job->octets[i].data, (unsigned)job->octets[i].len };
	return dane_verify_crt_raw(job->libdane->state, chain, count, GNUTLS_CRT_X509,
		   job->libdane->query, 0, DANE_VFLAG_FAIL_IF_NOT_CHECKED,
		   &status) == DANE_E_SUCCESS &&
	       status == 0;
}
