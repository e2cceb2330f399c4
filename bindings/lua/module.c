/* SPDX-License-Identifier: BSD-2-Clause
 * module.c - is the key at the other end the one that the owner of this server's name published?
 *
 * For Lua 5.4: the calls of danepriv.lua that judge and prove.  Functions return nil, a message and
 * a word for malformed input, and raise for wrong types and for use after close. */
#include "module.h"

#include <string.h>

const char *
word(danepriv_kind kind, int64_t value)
{
	return danepriv_word(kind, value);
}

int
fail(lua_State *L, danepriv_status status)
{
	lua_pushnil(L);
	lua_pushstring(L, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	lua_pushstring(L, word(DANEPRIV_KIND_STATUS, status));
	return 3;
}

/* A box for one pointer, which its metatable frees.  It is there before the pointer is. */
void **
box(lua_State *L, const char *type)
{
	void **room = lua_newuserdatauv(L, sizeof *room, 1);

	*room = NULL;
	luaL_setmetatable(L, type);
	return room;
}

void *
live(lua_State *L, int index, const char *type)
{
	void **room = luaL_checkudata(L, index, type);

	if (!*room)
		luaL_argerror(L, index, "used after close");
	return *room;
}

/* ---- arguments: false where one is malformed, and EINVAL is what follows ---- */

/* The field of a table of options, or nil where there is no table; it stays on the stack. */
int
field(lua_State *L, int options, const char *key)
{
	if (lua_isnoneornil(L, options)) {
		lua_pushnil(L);
		return LUA_TNIL;
	}
	luaL_checktype(L, options, LUA_TTABLE);
	return lua_getfield(L, options, key);
}

bool
whole(lua_State *L, int index, lua_Number least, lua_Number most, int64_t *out)
{
	luaL_checktype(L, index, LUA_TNUMBER);
	lua_Number number = lua_tonumber(L, index);

	if (!(number >= least && number <= most))
		return false;
	*out = (int64_t)number - (number < (lua_Number)(int64_t)number);
	return true;
}

bool
time_at(lua_State *L, int options, danepriv_time *out)
{
	if (field(L, options, "now") == LUA_TNIL) {
		*out = time(NULL);
		return true;
	}
	return whole(L, -1, -MOST_NUMBER, MOST_NUMBER, out);
}

/* Text without a NUL, or NULL. */
const char *
text_at(lua_State *L, int index)
{
	size_t len;

	luaL_checktype(L, index, LUA_TSTRING);
	const char *text = lua_tolstring(L, index, &len);
	return strlen(text) == len ? text : NULL;
}

bool
value_at(lua_State *L, int index, danepriv_kind kind, const char *otherwise, int *out)
{
	const char *text = otherwise;

	if (!otherwise || !lua_isnoneornil(L, index))
		text = text_at(L, index);
	return text && danepriv_value(kind, text, out) == DANEPRIV_OK;
}

danepriv_span
octets_at(lua_State *L, int index)
{
	danepriv_span span;

	luaL_checktype(L, index, LUA_TSTRING);
	span.data = (const uint8_t *)lua_tolstring(L, index, &span.len);
	return span;
}

/* Spans over the strings of a list, in a userdata that stays on the stack.  The list keeps them. */
danepriv_span *
spans_at(lua_State *L, int index, size_t *count)
{
	luaL_checktype(L, index, LUA_TTABLE);
	*count = lua_rawlen(L, index);
	danepriv_span *spans = lua_newuserdatauv(L, (*count + 1) * sizeof *spans, 1);

	for (size_t i = 0; i < *count; i++) {
		lua_rawgeti(L, index, (lua_Integer)i + 1);
		spans[i] = octets_at(L, -1);
		lua_pop(L, 1);
	}
	return spans;
}

static bool
server_fields(lua_State *L, int index, danepriv_server *out)
{
	int64_t port = 0;
	int value;

	if (lua_getfield(L, index, "port") != LUA_TNIL && !whole(L, -1, 0, UINT16_MAX, &port))
		return false;
	out->port = (uint16_t)port;
	lua_getfield(L, index, "transport");
	if (!value_at(L, -1, DANEPRIV_KIND_TRANSPORT, "dot", &value))
		return false;
	out->transport = (danepriv_transport)value;
	if (lua_getfield(L, index, "aliases") == LUA_TBOOLEAN && !lua_toboolean(L, -1))
		out->aliases = DANEPRIV_ALIASES_REFUSE;
	if (lua_getfield(L, index, "label") == LUA_TNIL)
		return true;
	out->label = text_at(L, -1);
	return out->label != NULL;
}

/* A name, or a table with one.  What it borrows stays with the caller's argument. */
bool
server_at(lua_State *L, int index, danepriv_server *out)
{
	luaL_checkstack(L, 40, NULL); /* more than any of the calls puts there */
	*out = (danepriv_server){ .aliases = DANEPRIV_ALIASES_FOLLOW };
	if (lua_type(L, index) == LUA_TSTRING) {
		out->name = text_at(L, index);
		return out->name != NULL;
	}
	luaL_checktype(L, index, LUA_TTABLE);
	lua_getfield(L, index, "name");
	out->name = text_at(L, -1);
	return out->name && server_fields(L, index, out);
}

/* ---- records ---- */

/* Pushes the RDATA of a record's text. */
static danepriv_status
push_rdata(lua_State *L, int index)
{
	size_t needed = 0;
	luaL_Buffer buffer;
	const char *text = text_at(L, index);

	if (!text)
		return DANEPRIV_EINVAL;
	danepriv_status status = danepriv_record_read(text, NULL, 0, &needed, NULL);
	if (status == DANEPRIV_ELIMIT && needed > 0) {
		uint8_t *room = (uint8_t *)luaL_buffinitsize(L, &buffer, needed);
		status = danepriv_record_read(text, room, needed, &needed, NULL);
		luaL_pushresultsize(&buffer, status ? 0 : needed);
	}
	return status;
}

static int
module_rdata(lua_State *L)
{
	danepriv_status status = push_rdata(L, 1);

	return status ? fail(L, status) : 1;
}

/* danepriv.vouch(server, proof, rdatas, valid_until, { base, reason }) */
static int
module_vouch(lua_State *L)
{
	danepriv_server server;
	int security, reason;
	int64_t ends;
	size_t count;
	const char *base = NULL;

	lua_settop(L, 5);
	if (!server_at(L, 1, &server) ||
	    !value_at(L, 2, DANEPRIV_KIND_SECURITY, NULL, &security) ||
	    !whole(L, 4, -MOST_NUMBER, MOST_NUMBER, &ends))
		return fail(L, DANEPRIV_EINVAL);
	field(L, 5, "reason");
	if (!value_at(L, -1, DANEPRIV_KIND_REASON, "none", &reason))
		return fail(L, DANEPRIV_EINVAL);
	if (field(L, 5, "base") != LUA_TNIL && !(base = text_at(L, -1)))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_span *spans = spans_at(L, 3, &count);
	danepriv_records **room = (danepriv_records **)box(L, RECORDS);
	danepriv_status status = danepriv_records_vouch(&server, base, (danepriv_security)security,
	    (danepriv_reason)reason, spans, count, ends, room);
	return status ? fail(L, status) : 1;
}

static int
push_word(lua_State *L, danepriv_kind kind, int64_t value)
{
	lua_pushstring(L, word(kind, value));
	return 1;
}

static int
records_proof(lua_State *L)
{
	return push_word(
	    L, DANEPRIV_KIND_SECURITY, danepriv_records_security(live(L, 1, RECORDS)));
}

static int
records_reason(lua_State *L)
{
	return push_word(L, DANEPRIV_KIND_REASON, danepriv_records_reason(live(L, 1, RECORDS)));
}

static int
records_source(lua_State *L)
{
	return push_word(L, DANEPRIV_KIND_SOURCE, danepriv_records_source(live(L, 1, RECORDS)));
}

static int
records_valid_until(lua_State *L)
{
	lua_pushinteger(L, danepriv_records_valid_until(live(L, 1, RECORDS)));
	return 1;
}

static int
records_base(lua_State *L)
{
	lua_pushstring(L, danepriv_records_base(live(L, 1, RECORDS)));
	return 1;
}

static int
records_rdatas(lua_State *L)
{
	const danepriv_records *records = live(L, 1, RECORDS);
	size_t count = danepriv_records_count(records);

	lua_createtable(L, (int)count, 0);
	for (size_t i = 0; i < count; i++) {
		danepriv_span span = danepriv_records_rdata(records, i);
		lua_pushlstring(L, (const char *)span.data, span.len);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* ---- judging ---- */

/* What a peer showed.  Its first user value is a list of its own with the strings. */
typedef struct shown {
	danepriv_credential credential;
	danepriv_span items[];
} shown;

static int
module_credential(lua_State *L)
{
	int type;

	lua_settop(L, 2);
	luaL_checktype(L, 1, LUA_TTABLE);
	if (!value_at(L, 2, DANEPRIV_KIND_CREDENTIAL_TYPE, "x509", &type))
		return fail(L, DANEPRIV_EINVAL);
	size_t count = lua_rawlen(L, 1);
	shown *s = lua_newuserdatauv(L, sizeof *s + count * sizeof *s->items, 1);
	s->credential = (danepriv_credential){ (danepriv_credential_type)type, s->items, count };
	lua_createtable(L, (int)count, 0);
	for (size_t i = 0; i < count; i++) {
		lua_rawgeti(L, 1, (lua_Integer)i + 1);
		s->items[i] = octets_at(L, -1);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setiuservalue(L, 3, 1);
	luaL_setmetatable(L, CREDENTIAL);
	return 1;
}

const danepriv_credential *
credential_at(lua_State *L, int index)
{
	return &((shown *)luaL_checkudata(L, index, CREDENTIAL))->credential;
}

static void
set_word(lua_State *L, const char *key, danepriv_kind kind, int64_t value)
{
	lua_pushstring(L, word(kind, value));
	lua_setfield(L, -2, key);
}

static void
set_number(lua_State *L, const char *key, lua_Integer value)
{
	lua_pushinteger(L, value);
	lua_setfield(L, -2, key);
}

static void
push_rows(lua_State *L, const danepriv_verdict *v)
{
	size_t count = v->count < v->each_room ? v->count : v->each_room;

	lua_createtable(L, (int)count, 0);
	for (size_t i = 0; i < count; i++) {
		const danepriv_record_verdict *row = &v->each[i];
		lua_createtable(L, 0, 6);
		set_number(L, "usage", row->usage);
		set_number(L, "selector", row->selector);
		set_number(L, "matching", row->matching);
		set_number(L, "depth", row->depth);
		set_word(L, "verdict", DANEPRIV_KIND_JUDGEMENT, row->judgement);
		set_word(L, "reason", DANEPRIV_KIND_RECORD_REASON, row->reason);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

void
push_verdict(lua_State *L, const danepriv_verdict *v)
{
	lua_createtable(L, 0, 8);
	set_word(L, "finding", DANEPRIV_KIND_FINDING, v->finding);
	set_word(L, "proof", DANEPRIV_KIND_SECURITY, v->security);
	set_word(L, "reason", DANEPRIV_KIND_REASON, v->reason);
	set_word(L, "fault", DANEPRIV_KIND_RECORD_REASON, v->fault);
	lua_pushboolean(L, v->attack);
	lua_setfield(L, -2, "attack");
	set_number(L, "valid_until", v->valid_until);
	if (v->finding == DANEPRIV_FINDING_MATCH)
		set_number(L, "record", (lua_Integer)v->record + 1);
	push_rows(L, v);
	lua_setfield(L, -2, "records");
}

/* Other names in options, in a userdata that stays on the stack; NULL where one is malformed. */
static const char **
names_at(lua_State *L, int options, size_t *count)
{
	*count = 0;
	int type = field(L, options, "names");
	int list = lua_gettop(L);
	if (type != LUA_TNIL) {
		luaL_checktype(L, list, LUA_TTABLE);
		*count = lua_rawlen(L, list);
	}
	const char **names = lua_newuserdatauv(L, (*count + 1) * sizeof *names, 0);
	for (size_t i = 0; i < *count; i++) {
		lua_rawgeti(L, list, (lua_Integer)i + 1);
		names[i] = text_at(L, -1);
		if (!names[i])
			return NULL;
		lua_pop(L, 1);
	}
	return names;
}

static int
evaluate(lua_State *L, const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, int options)
{
	danepriv_record_verdict each[MOST_ROWS];
	danepriv_verdict v = VERDICT_INTO(each);
	danepriv_time now;
	size_t count;
	const char **names = names_at(L, options, &count);

	if (!names || !time_at(L, options, &now))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_status status = danepriv_evaluate(ctx, records, credential,
	    count > 0 ? names : NULL, count, now, &v);
	/* What is junk from the peer is a finding; what is junk from the caller is none. */
	if (status &&
	    !(status == DANEPRIV_EMALFORMED && v.finding == DANEPRIV_FINDING_MISMATCH))
		return fail(L, status);
	push_verdict(L, &v);
	return 1;
}

static int
context_evaluate(lua_State *L)
{
	lua_settop(L, 4);
	return evaluate(L, live(L, 1, CONTEXT), live(L, 2, RECORDS), credential_at(L, 3), 4);
}

/* Yes or no, and no table is made: for what is called often. */
static int
context_matches(lua_State *L)
{
	danepriv_verdict v = { .size = sizeof v };
	const danepriv *ctx = live(L, 1, CONTEXT);
	const danepriv_records *records = live(L, 2, RECORDS);
	danepriv_time now;

	lua_pushboolean(L, whole(L, 4, 1, MOST_NUMBER, &now) &&
	    danepriv_evaluate(ctx, records, credential_at(L, 3), NULL, 0, now, &v) == DANEPRIV_OK &&
	    v.finding == DANEPRIV_FINDING_MATCH);
	return 1;
}

/* ctx:match(server, records, items, { now, names, type }) */
static int
context_match(lua_State *L)
{
	const danepriv *ctx = live(L, 1, CONTEXT);
	danepriv_server server;
	danepriv_status status;
	int type;
	size_t count, texts;

	lua_settop(L, 5);
	luaL_checktype(L, 3, LUA_TTABLE);
	if (!server_at(L, 2, &server))
		return fail(L, DANEPRIV_EINVAL);
	texts = lua_rawlen(L, 3);
	lua_createtable(L, (int)texts, 0);
	int rdatas = lua_gettop(L);
	for (size_t i = 0; i < texts; i++) {
		lua_rawgeti(L, 3, (lua_Integer)i + 1);
		status = push_rdata(L, lua_gettop(L));
		if (status)
			return fail(L, status);
		lua_rawseti(L, rdatas, (lua_Integer)i + 1);
		lua_pop(L, 1);
	}
	danepriv_span *spans = spans_at(L, rdatas, &count);
	danepriv_records **room = (danepriv_records **)box(L, RECORDS);
	status = danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_REASON_NONE, spans, count, INT64_C(1) << 53, room);
	if (status)
		return fail(L, status);
	danepriv_credential credential = { 0 };
	credential.items = spans_at(L, 4, &credential.count);
	field(L, 5, "type");
	if (!value_at(L, -1, DANEPRIV_KIND_CREDENTIAL_TYPE, "x509", &type))
		return fail(L, DANEPRIV_EINVAL);
	credential.type = (danepriv_credential_type)type;
	return evaluate(L, ctx, *room, &credential, 5);
}

/* ctx:prove(server, chain, { now, extension }) */
static int
context_prove(lua_State *L)
{
	const danepriv *ctx = live(L, 1, CONTEXT);
	danepriv_server server;
	danepriv_time now;

	lua_settop(L, 4);
	danepriv_span chain = octets_at(L, 3);
	if (!server_at(L, 2, &server) || !time_at(L, 4, &now))
		return fail(L, DANEPRIV_EINVAL);
	field(L, 4, "extension");
	bool is_extension = lua_toboolean(L, -1);
	danepriv_records **room = (danepriv_records **)box(L, RECORDS);
	danepriv_status status = is_extension
	    ? danepriv_records_prove_extension(ctx, &server, chain, now, room)
	    : danepriv_records_prove(ctx, &server, chain, now, room);
	return status ? fail(L, status) : 1;
}

const luaL_Reg records_methods[] = { { "proof", records_proof }, { "reason", records_reason },
	{ "source", records_source }, { "valid_until", records_valid_until },
	{ "base", records_base }, { "rdatas", records_rdatas }, { NULL, NULL } };
const luaL_Reg judging_methods[] = { { "evaluate", context_evaluate },
	{ "matches", context_matches }, { "match", context_match }, { "prove", context_prove },
	{ NULL, NULL } };
const luaL_Reg judging_functions[] = { { "rdata", module_rdata }, { "vouch", module_vouch },
	{ "credential", module_credential }, { NULL, NULL } };
