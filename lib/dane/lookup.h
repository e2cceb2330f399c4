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

/* The verdict is `proven`, and there will be no other answers: was part of it found before they all
 * were there?  Then it has to be looked for again. */
bool dp_lookup_judges_again(danepriv_lookup *lookup, dp_proven proven);
/* The verdict is `proven`: does it have to wait, since it is none, since what comes may mend it, or
 * since something is missing that is now asked for once more, over a stream? */
bool dp_lookup_has_to_wait(danepriv_lookup *lookup, dp_proven proven);

/* Is it about a zone's name servers? */
bool dp_lookup_is_of_zone(const danepriv_lookup *lookup);

#endif
