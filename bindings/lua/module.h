/* SPDX-License-Identifier: BSD-2-Clause
 * module.h - what do the two halves of the module for Lua 5.4 share? */
#ifndef LUA_MODULE_H
#define LUA_MODULE_H

#include <danepriv/danepriv.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <time.h>

#define CONTEXT "danepriv.context"
#define RECORDS "danepriv.records"
#define CREDENTIAL "danepriv.credential"

/* Up to this a number of Lua's is exact. */
#define MOST_NUMBER 9007199254740992.0
/* Records have no more. */
#define MOST_ROWS 512

#define VERDICT_INTO(rows)                                                                         \
	{ .size = sizeof(danepriv_verdict), .each = (rows), .each_size = sizeof *(rows),          \
		.each_room = sizeof(rows) / sizeof *(rows) }

const char *word(danepriv_kind kind, int64_t value);
int fail(lua_State *L, danepriv_status status);
void **box(lua_State *L, const char *type);
void *live(lua_State *L, int index, const char *type);
int field(lua_State *L, int options, const char *key);
bool whole(lua_State *L, int index, lua_Number least, lua_Number most, int64_t *out);
bool time_at(lua_State *L, int options, danepriv_time *out);
const char *text_at(lua_State *L, int index);
bool value_at(lua_State *L, int index, danepriv_kind kind, const char *otherwise, int *out);
danepriv_span octets_at(lua_State *L, int index);
danepriv_span *spans_at(lua_State *L, int index, size_t *count);
bool server_at(lua_State *L, int index, danepriv_server *out);
const danepriv_credential *credential_at(lua_State *L, int index);
void push_verdict(lua_State *L, const danepriv_verdict *v);

extern const luaL_Reg records_methods[], judging_methods[], judging_functions[];
#ifdef HAVE_GETDNS
#define RESOLVER "danepriv.resolver"
int context_resolver(lua_State *L);
int free_resolver(lua_State *L);
extern const luaL_Reg resolver_methods[];
void open_lookups(lua_State *L);
#endif

#endif
