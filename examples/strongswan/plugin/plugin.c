/* SPDX-License-Identifier: BSD-2-Clause
 * How does charon take us in?  As a plugin: it asks for our features, and calls us when they are to
 * begin and to end.  Once a second a job looks whether the file of proofs has changed, and whether
 * the time of an SA has come. */
#include "plugin.h"

#include <plugins/plugin.h>
#include <processing/jobs/callback_job.h>
#include <stdio.h>

#define SECOND_MS 1000

plugin_t *danepriv_plugin_create(void);

char *
setting(const char *key)
{
	char path[128];

	snprintf(path, sizeof path, "%%s.plugins.danepriv.%s", key);
	return lib->settings->get_str(lib->settings, path, NULL, lib->ns);
}

static job_requeue_t
every_second(void *unused)
{
	evidence_renew();
	live_judge();
	return JOB_RESCHEDULE_MS(SECOND_MS);
}

/* Whatever fails here, we stay: without us nobody would refuse. */
static bool
begin(void)
{
	const char *mode = setting("mode");

	if (mode && !streq(mode, "strict") && !streq(mode, "opportunistic"))
		DBG1(DBG_CFG, "danepriv: mode '%s' is unknown: strict", mode);
	evidence_open();
	keys_open();
	live_open();
	lib->credmgr->add_set(lib->credmgr, &trust);
	charon->bus->add_listener(charon->bus, &last_word);
	lib->scheduler->schedule_job_ms(lib->scheduler,
	    (job_t *)callback_job_create_with_prio(
		every_second, NULL, NULL, (callback_job_cancel_t)return_false, JOB_PRIO_CRITICAL),
	    SECOND_MS);
	return TRUE;
}

/* The daemon has ended all jobs before it unloads plugins. */
static bool
end(void)
{
	lib->credmgr->remove_set(lib->credmgr, &trust);
	charon->bus->remove_listener(charon->bus, &last_word);
	live_close();
	keys_close();
	evidence_close();
	return TRUE;
}

static bool
begin_or_end(plugin_t *this, plugin_feature_t *feature, bool begins, void *data)
{
	return begins ? begin() : end();
}

METHOD(plugin_t, get_name, char *, plugin_t *this)
{
	return "danepriv";
}

METHOD(plugin_t, get_features, int, plugin_t *this, plugin_feature_t *features[])
{
	static plugin_feature_t ours[] = {
		PLUGIN_CALLBACK(begin_or_end, NULL),
		PLUGIN_PROVIDE(CUSTOM, "danepriv"),
		PLUGIN_DEPENDS(PUBKEY, KEY_ANY),
	};

	*features = ours;
	return countof(ours);
}

/* The other settings are read where they are used. */
METHOD(plugin_t, reload, bool, plugin_t *this)
{
	evidence_expect_anchors();
	return TRUE;
}

METHOD(plugin_t, destroy, void, plugin_t *this)
{
	free(this);
}

plugin_t *
danepriv_plugin_create(void)
{
	plugin_t *this;

	if (!charon_is_ours())
		return NULL;
	INIT(this, .get_name = _get_name, .get_features = _get_features, .reload = _reload,
	    .destroy = _destroy, );
	return this;
}
