/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan: which of a zone's servers next, how, and when? */
#include "support/plans.h"
#include "support/suite.h"

typedef struct row {
	const char *name, *who, *story;
} row;

/* ---- strict (RFC 8310 section 5) ---- */

static const row strict[] = {
	/* evidence */
	{ "nothing known", "A1 A2 B1", "strict > A1!? A2!? B1!?" },
	{ "keys are known of one", "A1 A2 B1", "strict B=S > B1! A1!? A2!?" },
	{ "of all", "A1 A2 B1", "strict A=S B=S > A1! A2! B1!" },
	{ "denied", "A1 A2", "strict A=D > refuse no-key" },
	{ "insecure", "A1 A2", "strict A=I > refuse no-key" },
	{ "bogus", "A1 A2", "strict A=B > refuse not-learnt" },
	{ "indeterminate", "A1 A2", "strict A=N > refuse not-learnt" },
	{ "denied, the other not", "A1 B1", "strict A=D > B1!?" },
	{ "insecure, the other not", "A1 B1", "strict A=I > B1!?" },
	{ "bogus, the other not", "A1 B1", "strict A=B > B1!?" },
	{ "indeterminate, the other not", "A1 B1", "strict A=N > B1!?" },
	{ "keys that are withdrawn", "A1", "strict A=S > A1! ; A=D > refuse no-key" },
	{ "a failure suppresses no keys", "A1", "strict A=S A=B > A1!" },
	{ "nor does another", "A1", "strict A=S A=N > A1!" },
	{ "a denial stays over a failure", "A1", "strict A=D A=B > refuse no-key" },
	{ "somebody else is looking it up", "A1", "strict A:claim > A1!?" },
	{ "a claim does not last", "A1", "strict A:claim +11 > A1!?" },
	/* while lookups are left alone nobody learns anything */
	{ "looked up again too early", "A1",
	    "strict A=B +61 A=B +61 > refuse not-learnt ; +59 > refuse not-learnt ; +1 > A1!?" },
	{ "keys ran out while lookups failed", "A1",
	    "strict A=S/90 +50 A=B +41 > refuse not-learnt ; +20 > A1!?" },
	/* names */
	{ "unproven", "A1 B1", "strict A:p0 B:p0 > learn" },
	{ "unproven, though its keys are known", "A1", "strict A=S A:p0 > learn" },
	{ "unproven, though it authenticated", "A1", "strict A=S A:auth A1:M A:p0 > learn" },
	{ "unproven, though a connection is open", "A1", "strict A=S A1*1 A:p0 > learn" },
	{ "unproven, and nothing else will prove it", "A1",
	    "strict A:p0 names=S > refuse name-unproven" },
	{ "unproven, the zone is no apex", "A1", "strict A:p0 names=D > refuse name-unproven" },
	{ "unproven, the zone is unsigned", "A1", "strict A:p0 names=I > refuse name-unproven" },
	{ "unproven, bogus", "A1", "strict A:p0 names=B > refuse name-unproven" },
	{ "unproven, indeterminate", "A1", "strict A:p0 names=N > refuse name-unproven" },
	{ "unproven, another is proven", "A1 B1", "strict A:p0 > B1!?" },
	{ "the same, names are known", "A1 B1", "strict A:p0 names=S > B1!?" },
	{ "unproven, and denied", "A1", "strict A:p0 A=D > learn" },
	{ "unproven, and the proven one is denied", "A1 B1", "strict A:p0 B=D > learn" },
	{ "the same, names are known", "A1 B1", "strict A:p0 B=D names=I > refuse no-key" },
	{ "unproven, and the proven one bogus", "A1 B1", "strict A:p0 B=B > learn" },
	{ "the same, names are known", "A1 B1", "strict A:p0 B=B names=S > refuse not-learnt" },
	{ "unproven, and the proven one without address", "A1 B", "strict A:p0 > learn" },
	{ "proven over a channel", "A1", "strict A:p2 > A1!?" },
	{ "configured", "A1", "strict A:p3 > A1!?" },
	{ "no such provenance", "A1", "strict A:p4 > learn" },
	{ "nor this", "A1", "strict A:p-1 > learn" },
	/* rejections */
	{ "rejected", "A1", "strict A=S A1:X > refuse rejected" },
	{ "it broke its promise", "A1", "strict A=S A1:G > refuse rejected" },
	{ "rejected at one place", "A1 A2", "strict A=S A1:X > A2!" },
	{ "rejected, another server", "A1 B1", "strict A=S A1:X > B1!?" },
	{ "rejected at an open connection", "A1", "strict A=S A1*1 A1:X > refuse rejected" },
	{ "rejected under another name", "A0 B0", "strict A=S B=S A0:X > B0!" },
	{ "rejected over another transport", "A1 a1", "strict A=S a=S A1:X > a1!" },
	{ "rejected before anything was known", "A1", "strict A1:X > refuse rejected" },
	{ "rejected, then matched", "A1", "strict A=S A1:XM > A1!" },
	{ "matched, then rejected", "A1", "strict A=S A1:MX > refuse rejected" },
	{ "what says nothing takes nothing back", "A1", "strict A=S A1:Xubnsy- > refuse rejected" },
	{ "new keys", "A1", "strict A=S A1:X +1 A=Sb > A1!" },
	{ "in the same second", "A1", "strict A=S A1:X A=Sb > refuse rejected" },
	{ "rejected, then denied", "A1", "strict A=S A1:X +1 A=D > refuse no-key" },
	/* nobody */
	{ "nobody", "", "strict > refuse no-place" },
	{ "no address", "A", "strict > refuse no-place" },
	{ "no address, unproven", "A", "strict A:p0 > learn" },
	{ "no address, never proven", "A", "strict A:p0 names=I > refuse name-unproven" },
	{ "one with an address", "A B1", "strict > B1!?" },
	{ "the last reason of all", "A B1 C1 D1 E1",
	    "strict B:p0 names=I C=D D=B E=S E1:X > refuse rejected" },
	/* in which order */
	{ "open first", "A1 B1 C1", "strict A=S B=S C=S C1*1 > C1*! A1! B1!" },
	{ "open, but has to be looked up", "A1 B1 C1", "strict B=S C1*1 > B1! C1*!? A1!?" },
	{ "where it matched", "A1 A2 B1", "strict A=S B=S B1:M > B1! A1! A2!" },
	{ "where it matched before who authenticated", "A1 B1",
	    "strict A=S B=S A:auth B1:M > B1! A1!" },
	{ "who authenticated", "A1 B1", "strict A=S B=S B:auth > B1! A1!" },
	{ "authenticated once, but its keys are not known", "A1 B1 C1",
	    "strict B=S/60 B:auth B1:M +61 C=S > C1! B1!? A1!?" },
	{ "TLS failed", "A1 B1", "strict A=S B=S A1:f > B1! A1!" },
	{ "TLS failed, all the others to be learnt", "A1 B1", "strict A=S A1:f > A1! B1!?" },
	{ "TLS failed, unknown", "A1 B1", "strict A1:f > B1!? A1!?" },
	{ "TLS timed out", "A1 B1", "strict A1:t > B1!? A1!?" },
	{ "nothing came of it", "A1 B1", "strict A1:i +5 > B1!? A1!?" },
	{ "on its way", "A1 B1", "strict A1:i +4 > A1!? B1!?" },
	{ "failed, but open", "A1 B1", "strict A=S B=S A1:f A1*1 > A1*! B1!" },
	{ "matched, but failed since", "A1 B1", "strict A=S B=S A1:Mf > B1! A1!" },
	{ "failed, and on its way again", "A1 B1", "strict A=S B=S A1:fi > B1! A1!" },
	{ "failed, on its way again, unknown", "A1 B1", "strict A1:fi > B1!? A1!?" },
	{ "reached, and on its way again", "A1 B1", "strict A=S B=S A1:ci > A1! B1!" },
	{ "the same server twice", "A1 B1 A1", "strict > A1!? B1!?" },
};

/* ---- opportunistic (RFC 8310 section 5, RFC 9539) ---- */

static const row opportunistic[] = {
	/* what is known of the key */
	{ "nothing known", "A1 B1", "free > A1? A1c B1? B1c" },
	{ "keys are known", "A1 B1", "free B=S > B1 A1? A1c B1c" },
	{ "denied", "A1", "free A=D > A1 A1c" },
	{ "insecure", "A1", "free A=I > A1 A1c" },
	{ "indeterminate", "A1", "free A=N > A1 A1c" },
	{ "bogus", "A1", "free A=B > A1 A1c" },
	{ "bogus comes last", "A1 B1", "free A=B > B1? B1c A1 A1c" },
	{ "bogus for as long as it is left alone", "A1 B1",
	    "free A=B +61 A=B +61 > B1? B1c A1 A1c ; +60 > A1? A1c B1? B1c" },
	{ "indeterminate does not come last", "A1 B1", "free A=N > A1 A1c B1? B1c" },
	{ "denied does not come last", "A1 B1", "free A=D > A1 A1c B1? B1c" },
	{ "unproven goes on", "A1", "free A:p0 > A1? A1c" },
	{ "unproven goes on, whatever the zone says", "A1", "free A:p0 names=B > A1? A1c" },
	{ "unproven, keys known", "A1 B1", "free B:p0 B=S > B1 A1? A1c B1c" },
	/* what was found */
	{ "matched", "A1 B1", "free A=S B=S B1:M > B1 A1 B1c A1c" },
	{ "matched there, at the other place not", "A1 A2 B1",
	    "free A=S B=S B:auth A2:M > A2 B1 A1 A2c B1c A1c" },
	{ "authenticated", "A1 B1", "free A=S B=S B:auth > B1 A1 B1c A1c" },
	{ "authenticated, keys not known any more", "A1 B1",
	    "free A=S B=S/60 B:auth +61 > B1? B1c A1 A1c" },
	{ "authenticated, keys withdrawn", "A1 B1",
	    "free A=S B=S B:auth B1:M B=D > A1 B1 B1c A1c" },
	{ "authenticated, unsigned since", "A1 B1",
	    "free A=S B=S B:auth B1:M B=I > A1 B1 B1c A1c" },
	{ "authenticated, bogus since", "A1 B1",
	    "free B=S/60 B:auth B1:M +61 B=B > A1? A1c B1 B1c" },
	{ "rejected", "A1 B1", "free A=S B=S A1:X > B1 A1 B1c A1c" },
	{ "rejected, behind the unknown", "A1 B1", "free A=S A1:X > B1? B1c A1 A1c" },
	{ "rejected, for a minute", "A1 B1",
	    "free A=S B=S A1:X +60 > B1 A1 B1c A1c ; +1 > A1 B1 A1c B1c" },
	{ "rejected, new keys", "A1 B1", "free A=S B=S A1:X +1 A=Sb > A1 B1 A1c B1c" },
	{ "broke its promise", "A1 B1", "free A=S B=S A1:G > B1 A1 B1c A1c" },
	/* TLS */
	{ "reached", "A1 B1", "free A1:c > A1? B1? B1c A1c" },
	{ "reached long ago", "A1 B1", "free A1:c +3d +1 > A1? A1c B1? B1c" },
	{ "failed", "A1", "free A1:f > A1c" },
	{ "failed, the other not", "A1 B1", "free A1:f > B1? B1c A1c" },
	{ "failed, the other reached", "A1 B1", "free A1:f B1:c > B1? A1c B1c" },
	{ "timed out", "A1 B1", "free A1:t > B1? B1c A1c" },
	{ "on its way", "A1 B1", "free A1:i > B1? B1c A1c" },
	{ "failed long ago", "A1 B1", "free A1:f +1d +1 > A1? A1c B1? B1c" },
	{ "failed, with keys", "A1 B1", "free A=S A1:f > B1? B1c A1 A1c" },
	{ "failed, with keys, behind the suspect", "A1 B1", "free A=S A1:f B=B > B1 B1c A1 A1c" },
	{ "on its way, with keys", "A1 B1", "free A=S A1:i > A1 B1? B1c A1c" },
	{ "failed, on its way again, with keys", "A1 B1", "free A=S A1:fi > B1? B1c A1 A1c" },
	{ "failed, with keys that ran out", "A1", "free A=S/60 A1:f +61 > A1c" },
	{ "failed all", "A1 A2 B1", "free A1:f A2:t B1:i > A1c A2c B1c" },
	{ "failed, rejected", "A1 B1", "free A=S A1:fX B=S > B1 A1 B1c A1c" },
	{ "in clear in the order of TLS", "A1 B1 C1",
	    "free A=B A1:f B1:f C=S C:auth C1:X > C1 B1c A1c C1c" },
	/* connections */
	{ "open", "A1 B1", "free B1*1 > B1*? A1? A1c B1c" },
	{ "open, though it failed", "A1 B1", "free B1:f B1*1 > B1*? A1? A1c B1c" },
	{ "open, though suspect", "A1 B1", "free B=B B1*1 > B1* A1? A1c B1c" },
	{ "open at one place: no more of them", "A1 A2", "free A2*1 > A2*? A1c A2c" },
	{ "cleartext to each address once", "A0 B0", "free > A0? B0? B0c" },
	{ "as late as any server has it", "A0 B0", "free A=S > A0 B0? A0c" },
	{ "over both transports", "A1 a1", "free > A1? a1? a1c" },
	{ "one of them reached", "A1 a1 B1", "free A1:c > A1? a1? B1? B1c A1c" },
	{ "one of them damped", "A1 a1", "free A1:f > a1? A1c" },
	{ "nobody", "", "free > refuse no-place" },
	{ "no address", "A", "free > refuse no-place" },
};

/* ---- which profile ---- */

static const row profiles[] = {
	{ "strict for a server", "A1 B1", "free A:strict > A1!? B1? B1c" },
	{ "strict for a server that is denied", "A1 B1", "free A:strict A=D > B1? B1c" },
	{ "that is not proven", "A1 B1", "free A:strict A:p0 > B1? B1c" },
	{ "that was rejected", "A1 B1", "free A:strict A=S A1:X > B1? B1c" },
	{ "that failed", "A1 B1", "free A:strict A1:f > B1? B1c A1!?" },
	{ "at one address with another", "A0 B0", "free A:strict > A0!? B0? B0c" },
	{ "and after it", "A0 B0", "free B:strict > A0? A0c B0!?" },
	{ "not strict for a server", "A1 B1", "strict A:free > A1? A1c B1!?" },
	{ "strict for the zone", "A1 B1", "free zone:strict > A1!? B1!?" },
	{ "strict for the zone, not for a server", "A1", "free zone:strict A:free > A1!?" },
	{ "not for the zone, strict for a server", "A1 B1", "zone:free A:strict > A1!? B1? B1c" },
	{ "not for the zone", "A1", "strict zone:free > A1? A1c" },
	{ "all strict ones fail", "A1 B1", "free A:strict B:strict A=D B=B > refuse not-learnt" },
	{ "names are not learnt where one may be asked", "A1 B1",
	    "free A:strict A:p0 B:p0 > B1? B1c" },
};

/* ---- what is needed to learn a key ---- */

static const row meta[] = {
	{ "strict", "A1 B1", "strict meta > A1 A1c B1 B1c" },
	{ "opportunistic", "A1 B1", "free meta > A1 A1c B1 B1c" },
	{ "unproven", "A1", "strict meta A:p0 > A1 A1c" },
	{ "names that were looked up", "A1", "strict meta A:p0 names=B > A1 A1c" },
	{ "secure", "A1 B1", "strict meta B=S > A1 A1c B1 B1c" },
	{ "denied", "A1", "strict meta A=D > A1 A1c" },
	{ "insecure", "A1", "strict meta A=I > A1 A1c" },
	{ "bogus", "A1 B1", "strict meta A=B > A1 A1c B1 B1c" },
	{ "indeterminate", "A1", "strict meta A=N > A1 A1c" },
	{ "rejected", "A1 B1", "strict meta A=S A1:X > A1 A1c B1 B1c" },
	{ "matched", "A1 B1", "strict meta B=S B:auth B1:M > A1 A1c B1 B1c" },
	{ "reached", "A1 B1", "strict meta B1:c20 > B1 A1 A1c B1c" },
	{ "failed", "A1 B1", "strict meta A=S A1:f > B1 B1c A1c" },
	{ "open", "A1 B1", "strict meta B1*1 > B1* A1 A1c B1c" },
	{ "no more connections", "A1 B1", "strict meta total=128 > A1c B1c" },
	{ "no address", "A", "strict meta A:p0 > refuse no-place" },
	{ "and then the question", "A1", "strict meta > A1 A1c ; question > A1!?" },
	{ "and one for a referral", "A1", "strict meta > A1 A1c ; referral > A1!?" },
	{ "a referral, unproven", "A1", "strict referral A:p0 > learn" },
	{ "a referral, freely", "A1", "free referral > A1? A1c" },
};

/* ---- how many connections (RFC 7766) ---- */

static const row connections[] = {
	{ "one to a server", "A1 A2 B1", "strict A=S B=S A2*1 > A2*! B1!" },
	{ "one to each", "A1 B1", "strict A=S B=S A1*1 B1*1 > A1*! B1*!" },
	{ "two to a server", "A1 A2", "strict limits=2/0 A=S A2*1 > A2*! A1!" },
	{ "two are open", "A1 A2 A3", "strict limits=2/0 A=S A2*1 A3*1 > A2*! A3*!" },
	{ "two at one place", "A1 A2", "strict limits=2/0 A=S A2*2 > A2*!" },
	{ "nearly all", "A1", "strict total=127 > A1!?" },
	{ "all", "A1", "strict total=128 > wait" },
	{ "more", "A1", "strict total=1000 > wait" },
	{ "nearly all of a few", "A1", "strict limits=0/3 total=2 > A1!?" },
	{ "all of a few", "A1", "strict limits=0/3 total=3 > wait" },
	{ "all, one of them to it", "A1 B1", "strict total=128 B1*1 > B1*!?" },
	{ "all, none else can be waited for", "A1 B1", "strict total=128 A=D > wait" },
	{ "all, and nobody to wait for", "A1 B1", "strict total=128 A=D B=D > refuse no-key" },
	{ "all, and unproven", "A1", "strict total=128 A:p0 > learn" },
	{ "all, one unproven", "A1 B1", "strict total=128 A:p0 > wait" },
	{ "all, in clear", "A1 B1", "free total=128 > A1c B1c" },
	{ "all, in clear but for one with keys", "A1 B1", "free total=128 B=S > A1c" },
	{ "all, and it has keys", "A1", "free total=128 A=S > wait" },
	{ "all, and it was reached", "A1", "free total=128 A1:c > wait" },
	/* Who waits for a key keeps his connection meanwhile; so who asks for it must not wait. */
	{ "all, and it was reached, for META", "A1 B1", "strict meta total=128 A1:c > B1c A1c" },
	{ "another one to it, for META", "A1 A2", "strict meta A1:c A2*1 > A2* A2c A1c" },
	{ "all, and TLS failed", "A1", "free total=128 A1:f > A1c" },
	{ "another one to it, with keys", "A1 A2", "free A=S A2*1 > A2* A2c" },
	{ "all, open and in clear", "A1 B1", "free total=128 B1*1 > B1*? A1c B1c" },
	{ "all, in clear for one", "A1 B1", "free total=128 A:strict > B1c" },
	{ "all, in clear as TLS would be", "A1 B1 C1", "free total=128 A=B B1:f C1:c > B1c A1c" },
	{ "failed, in the order of what is known", "A1 B1 C1",
	    "free B=S/60 B:auth +61 A=B A1:f B1:f C1:f > B1c C1c A1c" },
};

/* ---- who must not be asked in clear ---- */

static const row never_clear[] = {
	{ "one of two", "A1 B1", "free A:encrypted > A1? B1? B1c" },
	{ "both", "A1 A2 B1", "free A:encrypted B:encrypted > A1? A2? B1?" },
	{ "strict never does", "A1 B1", "strict A:encrypted > A1!? B1!?" },
	{ "strict refuses as it would", "A1", "strict A:encrypted A=D > refuse no-key" },
	{ "strict learns names as it would", "A1", "strict A:encrypted A:p0 > learn" },
	{ "meta", "A1 B1", "strict meta A:encrypted > A1 B1 B1c" },
	{ "a referral", "A1", "free referral A:encrypted > A1?" },
	{ "keys are known", "A1 B1", "free A:encrypted A=S > A1 B1? B1c" },
	{ "keys are withdrawn", "A1", "free A:encrypted A=S A=D > A1" },
	{ "bogus", "A1 B1", "free A:encrypted A=B > B1? B1c A1" },
	{ "unproven", "A1", "free A:encrypted A:p0 > A1?" },
	{ "rejected", "A1 B1", "free A:encrypted A=S A1:X > B1? B1c A1" },
	{ "reached", "A1 B1", "free A:encrypted A1:c > A1? B1? B1c" },
	{ "open", "A1", "free A:encrypted A1*1 > A1*?" },
	{ "open at one place", "A1 A2", "free A:encrypted A2*1 > A2*?" },
	/* there is no other way */
	{ "failed", "A1 B1", "free A:encrypted A1:f > B1? B1c A1?" },
	{ "failed, and nobody else", "A1", "free A:encrypted A1:f > A1?" },
	{ "timed out", "A1", "free A:encrypted A1:t > A1?" },
	{ "on its way", "A1", "free A:encrypted A1:i > A1?" },
	{ "failed, meta", "A1", "strict meta A:encrypted A1:f > A1" },
	/* the others at its address */
	{ "over two transports", "A1 a1", "free A:encrypted > A1? a1?" },
	{ "the other way round", "A1 a1", "free a:encrypted > A1? a1?" },
	{ "one address of two servers", "A0 B0 B1", "free A:encrypted > A0? B0? B1? B1c" },
	{ "of which one is strict", "A0 B0", "free A:strict A:encrypted > A0!? B0?" },
	{ "and the other failed", "A0 B0", "free A:encrypted B0:f > A0? B0?" },
	{ "the same server, said once", "A1 A2", "free A:encrypted > A1? A2?" },
	{ "without an address", "A B1", "free A:encrypted > B1? B1c" },
	{ "nobody has an address", "A", "free A:encrypted > refuse no-place" },
	/* connections */
	{ "all connections are open", "A1", "free A:encrypted total=128 > wait" },
	{ "one may be asked in clear", "A1 B1", "free A:encrypted total=128 > B1c" },
	{ "at its address nobody may", "A0 B0", "free A:encrypted total=128 > wait" },
	{ "and it failed", "A1", "free A:encrypted A1:f total=128 > wait" },
	{ "one is open to it", "A1 B1", "free A:encrypted total=128 A1*1 > A1*? B1c" },
	{ "a meta-query waits for none", "A1",
	    "strict meta A:encrypted total=128 > refuse encrypted-only" },
	{ "nor at the same address", "A0 B0",
	    "strict meta A:encrypted total=128 > refuse encrypted-only" },
	{ "but goes in clear to others", "A1 B1", "strict meta A:encrypted total=128 > B1c" },
	{ "or where one is open", "A1 B1",
	    "strict meta A:encrypted B:encrypted total=128 B1*1 > B1*" },
};

/* ---- who else, and when (RFC 8305) ---- */

static const row delays[] = {
	{ "one", "A1", "strict A=S >> A1!@0" },
	{ "unknown", "A1 B1 C1", "strict >> A1!?@0 B1!?@250 C1!?@500" },
	{ "side by side", "A1 B1", "free >> A1?@0 A1c@250 B1?@500 B1c@750" },
	{ "twice as long as it takes", "A1 B1", "strict A1:c60 >> A1!?@0 B1!?@120" },
	{ "as little as may be", "A1 B1", "strict A1:c50 >> A1!?@0 B1!?@100" },
	{ "not less", "A1 B1", "strict A1:c1 >> A1!?@0 B1!?@100" },
	{ "as much as may be", "A1 B1", "strict A1:c1000 >> A1!?@0 B1!?@2000" },
	{ "not more", "A1 B1", "strict A1:c1001 >> A1!?@0 B1!?@2000" },
	{ "never more", "A1 B1", "strict A1:c4294967 >> A1!?@0 B1!?@2000" },
	{ "each of its own", "A1 B1 C1",
	    "strict A1:c200 B1:c300 C1:c400 >> A1!?@0 B1!?@400 C1!?@1000" },
	{ "in clear, too", "A1 B1", "free A1:cf B1:c200 >> B1?@0 A1c@400 B1c@650" },
	/* ties */
	{ "the faster one", "A1 B1", "strict A1:c30 B1:c20 > B1!? A1!?" },
	{ "known before unknown", "A1 B1", "strict B1:c2000 > B1!? A1!?" },
	{ "fast does not come before known", "A1 B1", "strict A1:c1 B=S B1:c2000 > B1! A1!?" },
	{ "equal ones as they come", "C1 A1 B1", "strict A1:c5 B1:c5 C1:c5 > C1!? A1!? B1!?" },
	/* families, where nothing is known */
	{ "take turns", "A5 A6 A1 A2", "strict > A5!? A1!? A6!? A2!?" },
	{ "the first one begins", "A1 A2 A5 A6", "strict > A1!? A5!? A2!? A6!?" },
	{ "across servers", "A5 B5 C5 A1", "strict > A5!? A1!? B5!? C5!?" },
	{ "in clear right behind", "A5 A6 A1", "free > A5? A5c A1? A1c A6? A6c" },
	{ "not where they are known", "A5 A6 A1", "strict A5:c5 A6:c6 A1:c7 > A5!? A6!? A1!?" },
	{ "each rank of its own", "A5 A6 B5 A1", "strict B=S > B5! A5!? A1!? A6!?" },
};

#define STORIES(table)                                                                             \
	START_TEST(table##_story)                                                                  \
	{                                                                                          \
		plan_world world;                                                                  \
                                                                                                   \
		plan_world_open(&world, table[_i].who);                                            \
		plan_tell(&world, table[_i].name, table[_i].story);                                \
		plan_world_close(&world);                                                          \
	}                                                                                          \
	END_TEST

STORIES(strict)
STORIES(opportunistic)
STORIES(profiles)
STORIES(meta)
STORIES(connections)
STORIES(never_clear)
STORIES(delays)

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_loop_test(tc, strict_story, 0, ROWS(strict));
	tcase_add_loop_test(tc, opportunistic_story, 0, ROWS(opportunistic));
	tcase_add_loop_test(tc, profiles_story, 0, ROWS(profiles));
	tcase_add_loop_test(tc, meta_story, 0, ROWS(meta));
	tcase_add_loop_test(tc, connections_story, 0, ROWS(connections));
	tcase_add_loop_test(tc, never_clear_story, 0, ROWS(never_clear));
	tcase_add_loop_test(tc, delays_story, 0, ROWS(delays));
	suite_add_tcase(suite, tc);
	return suite;
}
