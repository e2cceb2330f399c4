/* SPDX-License-Identifier: BSD-2-Clause
 * Who is asked, how, and what came of it?  In words. */
#include "words/words.h"

#include <danepriv/plan.h>

static const dp_word transports[] = {
	{ DANEPRIV_TRANSPORT_DOT, "dot", "DNS over TLS" },
	{ DANEPRIV_TRANSPORT_DOH, "doh", "DNS over HTTPS (HTTP/2)" },
	{ DANEPRIV_TRANSPORT_DOQ, "doq", "DNS over QUIC" },
	{ DANEPRIV_TRANSPORT_DTLS, "dtls", "DNS over DTLS" },
	{ DANEPRIV_TRANSPORT_IPSEC, "ipsec", "DNS in IPsec" },
	{ DANEPRIV_TRANSPORT_DOH3, "doh3", "DNS over HTTPS (HTTP/3)" },
};
const dp_words dp_words_transport = DP_WORDS(transports);

static const dp_word channels[] = {
	{ DANEPRIV_CHANNEL_NONE, "none", "there is no connection" },
	{ DANEPRIV_CHANNEL_CLEAR, "clear", "in clear" },
	{ DANEPRIV_CHANNEL_ENCRYPTED, "encrypted", "encrypted" },
};
const dp_words dp_words_channel = DP_WORDS(channels);

static const dp_word profiles[] = {
	{ DANEPRIV_PROFILE_STRICT, "strict", "authenticated and encrypted, or not at all" },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, "opportunistic", "the best there is, down to cleartext" },
};
const dp_words dp_words_profile = DP_WORDS(profiles);

static const dp_word provenances[] = {
	{ DANEPRIV_PROVENANCE_UNPROVEN, "unproven", "its name is unproven" },
	{ DANEPRIV_PROVENANCE_SECURE, "secure", "the zone has signed its name" },
	{ DANEPRIV_PROVENANCE_CHANNEL, "channel", "the parent has named it" },
	{ DANEPRIV_PROVENANCE_CONFIGURED, "configured", "its name is configured" },
};
const dp_words dp_words_provenance = DP_WORDS(provenances);

static const dp_word events[] = {
	{ DANEPRIV_EVENT_NONE, "none", "nothing happened" },
	{ DANEPRIV_EVENT_INITIATED, "initiated", "a connection was begun" },
	{ DANEPRIV_EVENT_COMPLETED, "completed", "the handshake is done" },
	{ DANEPRIV_EVENT_FAILED, "failed", "the connection failed" },
	{ DANEPRIV_EVENT_TIMED_OUT, "timed-out", "nothing came back in time" },
	{ DANEPRIV_EVENT_RESPONSE, "response", "an answer came" },
};
const dp_words dp_words_event = DP_WORDS(events);

static const dp_word reaches[] = {
	{ DANEPRIV_REACH_UNKNOWN, "unknown", "not tried yet" },
	{ DANEPRIV_REACH_SUCCESS, "success", "the last attempt reached it" },
	{ DANEPRIV_REACH_FAIL, "fail", "the last attempt failed" },
	{ DANEPRIV_REACH_TIMEOUT, "timeout", "nothing came back at the last attempt" },
};
const dp_words dp_words_reach = DP_WORDS(reaches);

static const dp_word wishes[] = {
	{ DANEPRIV_WISH_NONE, "none", "not now: it failed lately, or an attempt is on its way" },
	{ DANEPRIV_WISH_TRY, "try", "not known: to be tried beside the question in clear" },
	{ DANEPRIV_WISH_EXPECTED, "expected",
	    "yes: its server has published keys, or it was reached lately" },
};
const dp_words dp_words_wish = DP_WORDS(wishes);

static const dp_word purposes[] = {
	{ DANEPRIV_PURPOSE_QUESTION, "question", "a question of the user's" },
	{ DANEPRIV_PURPOSE_META, "meta", "a question to learn a key" },
	{ DANEPRIV_PURPOSE_REFERRAL, "referral", "a question for a referral further down" },
};
const dp_words dp_words_purpose = DP_WORDS(purposes);

static const dp_word steps[] = {
	{ DANEPRIV_STEP_REFUSE, "refuse", "ask nobody" },
	{ DANEPRIV_STEP_ASK, "ask", "make the attempts, in their order" },
	{ DANEPRIV_STEP_LEARN_NAMES, "learn-names", "look up the zone's own NS records first" },
	{ DANEPRIV_STEP_WAIT, "wait", "wait for a connection to be closed" },
};
const dp_words dp_words_step = DP_WORDS(steps);

static const dp_word obstacles[] = {
	{ DANEPRIV_OBSTACLE_NONE, "none", "nothing stands in the way" },
	{ DANEPRIV_OBSTACLE_NO_PLACE, "no-place", "the server has no address" },
	{ DANEPRIV_OBSTACLE_NAME_UNPROVEN, "name-unproven",
	    "nothing proves that the server is one of the zone's" },
	{ DANEPRIV_OBSTACLE_NO_KEY, "no-key",
	    "the server's owner publishes no key that is proven" },
	{ DANEPRIV_OBSTACLE_NOT_LEARNT, "not-learnt", "looking the server's key up failed lately" },
	{ DANEPRIV_OBSTACLE_REJECTED, "rejected", "the server showed another key lately" },
	{ DANEPRIV_OBSTACLE_CONNECTIONS, "connections", "too many connections are open" },
	{ DANEPRIV_OBSTACLE_ENCRYPTED_ONLY, "encrypted-only",
	    "the server must not be asked in clear, and too many connections are open" },
};
const dp_words dp_words_obstacle = DP_WORDS(obstacles);
