/* SPDX-License-Identifier: BSD-2-Clause
 * What do several fuzz targets need? */
#include "support/fuzz.h"

#include <stdlib.h>
#include <string.h>

danepriv *
fuzz_context(void)
{
	static const char anchors[] =
	    ". IN DS 41740 15 2 d63fdf894c55e34f93454b72536b43f0f5ce714d812c43ad2cf18094eb7a28cf\n";
	const danepriv_settings settings = {
		.size = sizeof settings, .anchors = anchors, .earliest = 1
	};
	static danepriv *ctx;

	if (!ctx && danepriv_open(&settings, &ctx) != DANEPRIV_OK)
		abort();
	return ctx;
}

char *
fuzz_text(const uint8_t *data, size_t len)
{
	char *text = len > 0 ? malloc(len) : NULL;

	if (!text)
		return NULL;
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	return text;
}
