/* SPDX-License-Identifier: BSD-2-Clause
 * Which questions prove what the owner published?  What the two kinds of lookup share: of a
 * server's records, and of a zone's name servers. */
#ifndef DP_DANE_LOOKUP_H
#define DP_DANE_LOOKUP_H

#include "dane/server.h"
#include "dnssec/validator.h"

#include <danepriv/lookup.h>

struct danepriv_lookup {
	dp_name_store zone; /* whose name servers are looked up; no name: a server's records are */
	dp_server server;
	uint16_t type;	  /* of the server's records */
	unsigned before;  /* lookups of the same that were begun before this one */
	bool is_followed; /* one was begun after it */
	unsigned waited;  /* the round in which `finish` had to wait last; 0: none */
	unsigned rounds;  /* times that something was missing, and was asked for over streams */
	danepriv_stream stream; /* what came of that */
	int32_t upstream_error; /* 1 + EDE; 0: none */
	bool was_refused;	/* it came with a refusal */
	dp_validator validator;
};

/* One without questions.  On failure *out is NULL.  ENOMEM. */
danepriv_status dp_lookup_begin(danepriv_lookup **out, const danepriv *ctx);
/* Asks the first questions.  ENOMEM; EMALFORMED: the owner's name gets too long. */
danepriv_status dp_lookup_ask(danepriv_lookup *lookup);

/* Has nothing come since the verdict had to wait? */
bool dp_lookup_is_waiting(const danepriv_lookup *lookup);
/* The verdict has to wait for answers: EAGAIN. */
danepriv_status dp_lookup_wait(danepriv_lookup *lookup);

/* The verdict is `proven`: is something missing that is to be asked for once more, over a stream?
 * Then it has to wait. */
bool dp_lookup_asks_again(danepriv_lookup *lookup, dp_proven proven);

/* Is it about a zone's name servers? */
bool dp_lookup_is_of_zone(const danepriv_lookup *lookup);

#endif
