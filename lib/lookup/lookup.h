/* SPDX-License-Identifier: BSD-2-Clause
 * Which questions prove what the owner published?  What the two kinds of lookup share: of a
 * server's records, and of a zone's name servers. */
#ifndef DP_LOOKUP_LOOKUP_H
#define DP_LOOKUP_LOOKUP_H

#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/zone.h>

/* What came of one resolver's answers: one of the two.  Zeroed: nothing yet. */
typedef struct dp_outcome {
	danepriv_records *records;
	danepriv_zone *zone;
} dp_outcome;

struct danepriv_lookup {
	danepriv *ctx;	    /* a reference of its own */
	dp_name_store zone; /* whose name servers are looked up; no name: a server's records are */
	dp_server server;
	uint16_t type;	  /* of the server's records */
	size_t upstreams; /* how many there are */
	size_t first;	  /* that is asked of them */
	unsigned attempt; /* with which of them, from 0 */
	bool is_begun;	  /* a question was handed out */
	bool is_expired;
	bool is_over;
	dp_outcome best; /* of the attempts that have ended */
	size_t counted;	 /* the upstream that proved something, or the first one */
	/* the attempt: */
	unsigned waited; /* the round in which the verdict had to wait last; 0: none */
	unsigned rounds; /* times that something was missing, and was asked for over streams */
	danepriv_stream stream; /* what came of that */
	int32_t upstream_error; /* 1 + EDE; 0: none */
	bool was_refused;	/* it came with a refusal */
	dp_validator validator;
};

/* One without questions.  On failure *out is NULL.  ENOMEM. */
danepriv_status dp_lookup_begin(danepriv_lookup **out, const danepriv *ctx);
/* Asks the first questions.  ENOMEM; EMALFORMED: the owner's name gets too long. */
danepriv_status dp_lookup_ask(danepriv_lookup *lookup);

/* What the answers of this attempt come to, as of `now`.  EAGAIN: there are questions to be asked,
 * or answered.  ENOMEM.  Unless it is OK, *out is zeroed. */
danepriv_status dp_lookup_find(danepriv_lookup *lookup, danepriv_time now, dp_outcome *out);
/* name_servers.c: the same for a zone. */
danepriv_status dp_name_servers_find(
    danepriv_lookup *lookup, danepriv_time now, danepriv_zone **out);
danepriv_zone *dp_name_servers_ref(danepriv_zone *zone);

/* lookup.c: begins again with the next upstream.  False, and nothing is to be asked any more:
 * memory is out. */
bool dp_lookup_begin_again(danepriv_lookup *lookup);
/* lookup.c: what is outstanding, or new, gets no answer.  False: there was none. */
bool dp_lookup_give_up(danepriv_lookup *lookup);

/* attempts.c: the upstream of this attempt. */
size_t dp_lookup_upstream(const danepriv_lookup *lookup);
void dp_outcome_free(dp_outcome *outcome);
/* attempts.c: is it proven what the owner publishes, or that they do not? */
bool dp_outcome_is_proven(const dp_outcome *outcome);

/* The verdict of the attempt is `proven`, and there will be no other answers: was part of it found
 * before they all were there?  Then it has to be looked for again. */
bool dp_lookup_judges_again(danepriv_lookup *lookup, dp_proven proven);
/* The verdict of the attempt is `proven`: does it have to wait, since it is none, since what comes
 * may mend it, or since something is missing that is now asked for once more, over a stream? */
bool dp_lookup_has_to_wait(danepriv_lookup *lookup, dp_proven proven);

/* Is it about a zone's name servers? */
bool dp_lookup_is_of_zone(const danepriv_lookup *lookup);

#endif
