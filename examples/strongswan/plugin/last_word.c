/* SPDX-License-Identifier: BSD-2-Clause
 * Does the SA come up?  Whoever has trusted whom: here is the certificate that came, and the key
 * that AUTH was verified with.  What PKIX has passed falls here, where the records mean another
 * key. */
#include "plugin.h"

/* The rounds that the peer has passed; NULL unless it was one. */
static auth_cfg_t *
only_round(ike_sa_t *sa)
{
	enumerator_t *rounds = sa->create_auth_cfg_enumerator(sa, FALSE);
	auth_cfg_t *round, *only = NULL;
	int count = 0;

	while (rounds->enumerate(rounds, &round)) {
		count++;
		only = round;
	}
	rounds->destroy(rounds);
	return count == 1 ? only : NULL;
}

static bool
may_come_up(ike_sa_t *sa, const meant_t *meant)
{
	auth_cfg_t *round = only_round(sa);
	judged_t judged;
	shown_t shown;

	if (!round) {
		DBG1(DBG_CFG,
		    "danepriv: refused '%s' on connection '%s': it has authenticated "
		    "itself more than once, or never",
		    meant->name, meant->connection);
		return FALSE;
	}
	shown_read(sa, round, TRUE, &shown);
	bool good = shown.key.len > 0 && judge(meant, &shown, &judged);
	if (shown.key.len == 0)
		DBG1(DBG_CFG, "danepriv: refused '%s' on connection '%s': it has used no key",
		    meant->name, meant->connection);
	else
		tell(meant, &judged, "refused");
	if (good)
		live_keep(sa, meant, &shown, &judged);
	shown_free(&shown);
	return good;
}

/* charon may change to another connection after it has asked for keys. */
static bool
may_be_unlisted(ike_sa_t *sa)
{
	if (!live_was_given(sa->get_unique_id(sa)))
		return TRUE;
	DBG1(DBG_CFG,
	    "danepriv: refused '%Y' on connection '%s': its key was given for another "
	    "connection",
	    sa->get_other_id(sa), sa->get_name(sa));
	return FALSE;
}

METHOD(listener_t, authorize, bool, listener_t *this, ike_sa_t *sa, bool final, bool *success)
{
	meant_t meant;

	if (final && !(meant_by(sa, &meant) ? may_come_up(sa, &meant) : may_be_unlisted(sa))) {
		live_forget(sa->get_unique_id(sa)); /* all is told */
		*success = FALSE;
	}
	return TRUE;
}

/* charon takes an SA that is up for every connection of the same settings, whatever its name is, and
 * authorises nobody anew.  What is listed does not go over one that nobody has judged, and neither
 * when it was listed afterwards. */
METHOD(listener_t, narrow, bool, listener_t *this, ike_sa_t *sa, child_sa_t *child,
    narrow_hook_t when, linked_list_t *local, linked_list_t *remote)
{
	traffic_selector_t *selector;
	meant_t meant;

	if ((when != NARROW_INITIATOR_POST_NOAUTH && when != NARROW_INITIATOR_POST_AUTH) ||
	    live_is_judged(sa->get_unique_id(sa)) ||
	    (!meant_by(sa, &meant) &&
		!meant_by_child(child->get_config(child), sa->get_peer_cfg(sa), &meant)))
		return TRUE;
	DBG1(DBG_CFG,
	    "danepriv: refused '%s' on connection '%s': charon has taken an SA of connection "
	    "'%s', which was not listed when it came up",
	    meant.name, meant.connection, sa->get_name(sa));
	while (remote->remove_last(remote, (void **)&selector) == SUCCESS)
		selector->destroy(selector);
	return TRUE;
}

METHOD(listener_t, alert, bool, listener_t *this, ike_sa_t *sa, alert_t alert, va_list arguments)
{
	meant_t meant;

	if (alert == ALERT_PEER_AUTH_FAILED && sa && live_was_given(sa->get_unique_id(sa)) &&
	    meant_by(sa, &meant))
		DBG1(DBG_CFG,
		    "danepriv: refused '%s' on connection '%s': it has not proven that it "
		    "has a key that the owner published",
		    meant.name, meant.connection);
	return TRUE;
}

METHOD(listener_t, ike_rekey, bool, listener_t *this, ike_sa_t *old, ike_sa_t *new)
{
	live_rekeyed(old->get_unique_id(old), new);
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool, listener_t *this, ike_sa_t *sa, ike_sa_state_t state)
{
	if (state == IKE_DESTROYING)
		live_forget(sa->get_unique_id(sa));
	return TRUE;
}

listener_t last_word = {
	.alert = (void *)alert,
	.authorize = (void *)authorize,
	.ike_rekey = (void *)ike_rekey,
	.ike_state_change = (void *)ike_state_change,
	.narrow = (void *)narrow,
};
