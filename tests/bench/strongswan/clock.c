/* SPDX-License-Identifier: BSD-2-Clause
 * How long does the plugin work while an SA comes up?  A second plugin stands before its functions:
 * what gives trust, and what has the last word.  It logs that beside the whole time, from IKE_AUTH
 * to ESTABLISHED. */
#define _GNU_SOURCE
#include <daemon.h>
#include <library.h>
#include <plugins/plugin.h>

#include <dlfcn.h>
#include <stdint.h>
#include <time.h>

#define PLUGIN "/usr/lib/ipsec/plugins/libstrongswan-danepriv.so"

plugin_t *clock_plugin_create(void);

/* One SA at a time. */
static uint64_t begun, spent;
static credential_set_t *trust;
static listener_t *last_word;
static enumerator_t *(*certificates)(
    credential_set_t *, certificate_type_t, key_type_t, identification_t *, bool);
static bool (*authorize)(listener_t *, ike_sa_t *, bool, bool *);

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static enumerator_t *
timed_certificates(credential_set_t *this, certificate_type_t kind, key_type_t type,
    identification_t *id, bool trusted)
{
	uint64_t start = now_ns();
	enumerator_t *found = certificates(this, kind, type, id, trusted);

	spent += now_ns() - start;
	return found;
}

static bool
timed_authorize(listener_t *this, ike_sa_t *sa, bool final, bool *success)
{
	uint64_t start = now_ns();
	bool stays = authorize(this, sa, final, success);

	spent += now_ns() - start;
	return stays;
}

METHOD(listener_t, message, bool, listener_t *this, ike_sa_t *sa, message_t *message, bool incoming,
    bool plain)
{
	if (!incoming && plain && message->get_exchange_type(message) == IKE_AUTH &&
	    message->get_message_id(message) == 1) {
		begun = now_ns();
		spent = 0;
	}
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool, listener_t *this, ike_sa_t *sa, ike_sa_state_t state)
{
	if (state == IKE_ESTABLISHED)
		DBG1(DBG_CFG, "clock: %llu of %llu ns", (unsigned long long)spent,
		    (unsigned long long)(now_ns() - begun));
	return TRUE;
}

static listener_t watch = {
	.message = (void *)message,
	.ike_state_change = (void *)ike_state_change,
};

static bool
begin_or_end(plugin_t *this, plugin_feature_t *feature, bool begins, void *data)
{
	void *plugin = dlopen(PLUGIN, RTLD_LAZY | RTLD_NOLOAD);

	trust = plugin ? dlsym(plugin, "trust") : NULL;
	last_word = plugin ? dlsym(plugin, "last_word") : NULL;
	if (!trust || !last_word)
		return FALSE;
	if (!begins) {
		charon->bus->remove_listener(charon->bus, &watch);
		trust->create_cert_enumerator = certificates;
		last_word->authorize = authorize;
		return TRUE;
	}
	certificates = trust->create_cert_enumerator;
	authorize = last_word->authorize;
	trust->create_cert_enumerator = timed_certificates;
	last_word->authorize = timed_authorize;
	charon->bus->add_listener(charon->bus, &watch);
	return TRUE;
}

METHOD(plugin_t, get_name, char *, plugin_t *this)
{
	return "clock";
}

METHOD(plugin_t, get_features, int, plugin_t *this, plugin_feature_t *features[])
{
	static plugin_feature_t ours[] = {
		PLUGIN_CALLBACK(begin_or_end, NULL),
		PLUGIN_PROVIDE(CUSTOM, "clock"),
		PLUGIN_DEPENDS(CUSTOM, "danepriv"),
	};

	*features = ours;
	return countof(ours);
}

METHOD(plugin_t, destroy, void, plugin_t *this)
{
	free(this);
}

plugin_t *
clock_plugin_create(void)
{
	plugin_t *this;

	INIT(this, .get_name = _get_name, .get_features = _get_features, .destroy = _destroy, );
	return this;
}
