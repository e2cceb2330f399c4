/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv.h - is the key at the other end the one that the owner of this server's name published?
 *
 * Everything that does no I/O.  No clock, no globals, no threads.  The adapters, which do, are
 * included by name: <danepriv/gnutls.h>, <danepriv/openssl.h>, <danepriv/getdns.h>. */
#ifndef DANEPRIV_H
#define DANEPRIV_H

#include <danepriv/version.h>
#include <danepriv/status.h>
#include <danepriv/crypto.h>
#include <danepriv/context.h>
#include <danepriv/server.h>
#include <danepriv/record.h>
#include <danepriv/records.h>
#include <danepriv/lookup.h>
#include <danepriv/chain.h>
#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/rules.h>
#include <danepriv/cache.h>
#include <danepriv/plan.h>
#include <danepriv/hooks.h>
#include <danepriv/session.h>
#include <danepriv/zone.h>
#include <danepriv/zones.h>
#include <danepriv/word.h>

#endif
