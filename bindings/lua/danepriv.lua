-- SPDX-License-Identifier: BSD-2-Clause
-- Is the key at the other end the one that the owner of this server's name published?
--
-- For LuaJIT; README.md beside this file shows the calls.  Functions return nil, a message and a
-- word for what the outside or malformed input does.  They raise for wrong types of arguments and
-- for use after close, and for nothing else.
if not jit then
	-- Lua 5.4 with a path that has this folder, too: the module in C has the same functions.
	local place = assert(package.searchpath("danepriv", package.cpath))
	return assert(package.loadlib(place, "luaopen_danepriv"))()
end

local ffi = require("ffi")
local raw = require("danepriv_raw")
local C = raw.library
local M = { version = raw.version }

-- ---- words ----

local MATCH = tonumber(C.DANEPRIV_FINDING_MATCH)

-- A table from values to words, filled as they come.
local function words(kind)
	return setmetatable({}, { __index = function(known, value)
		local word = ffi.string(C.danepriv_word(kind, value))
		if word ~= "unknown" then
			known[value] = word
		end
		return word
	end })
end

local statuses = words(C.DANEPRIV_KIND_STATUS)
local findings = words(C.DANEPRIV_KIND_FINDING)
local securities = words(C.DANEPRIV_KIND_SECURITY)
local reasons = words(C.DANEPRIV_KIND_REASON)
local decisions = words(C.DANEPRIV_KIND_DECISION)
local judgements = words(C.DANEPRIV_KIND_JUDGEMENT)
local record_reasons = words(C.DANEPRIV_KIND_RECORD_REASON)
local sources = words(C.DANEPRIV_KIND_SOURCE)
local profiles = words(C.DANEPRIV_KIND_PROFILE)

local function fail(status)
	return nil, ffi.string(C.danepriv_sentence(C.DANEPRIV_KIND_STATUS, status)), statuses[tonumber(status)]
end

local function refuse(message)
	return nil, message, statuses[tonumber(C.DANEPRIV_EINVAL)]
end

-- ---- arguments ----

local function want(kind, value, what)
	if type(value) ~= kind then
		error(what .. ": " .. kind .. " expected, got " .. type(value), 4)
	end
	return value
end

local value_out = ffi.new("int[1]")
local function value_of(kind, word, what)
	want("string", word, what)
	if word:find("\0", 1, true) or C.danepriv_value(kind, word, value_out) ~= 0 then
		return refuse("no such " .. what)
	end
	return value_out[0]
end

local MOST = 2 ^ 53

-- A whole number from `least` to `most`: what lies between seconds is cut off.
local function whole(value, least, most, what)
	want("number", value, what)
	if not (value >= least and value <= most) then
		return refuse(what .. " is out of range")
	end
	return math.floor(value)
end

local function time_of(options)
	local now = options and options.now
	if now == nil then
		return os.time()
	end
	return whole(now, -MOST, MOST, "now")
end

local function text_of(value, what)
	want("string", value, what)
	if value:find("\0", 1, true) then
		return refuse(what .. " has a NUL in it")
	end
	return value
end

local function span_of(octets, what)
	want("string", octets, what)
	return ffi.new("danepriv_span", ffi.cast("const uint8_t *", octets), #octets)
end

-- Copies of octets, and spans over them: nothing that a collector could take away.
local function spans_of(list, what)
	want("table", list, what)
	local total = 0
	for i = 1, #list do
		total = total + #want("string", list[i], what)
	end
	local spans = ffi.new("danepriv_span[?]", math.max(#list, 1))
	local room = ffi.new("uint8_t[?]", math.max(total, 1))
	local at = 0
	for i = 1, #list do
		ffi.copy(room + at, list[i], #list[i])
		spans[i - 1].data, spans[i - 1].len = room + at, #list[i]
		at = at + #list[i]
	end
	return spans, room
end

local function names_of(list)
	if list == nil then
		return nil, 0
	end
	want("table", list, "names")
	for i = 1, #list do
		local name, message, code = text_of(list[i], "name")
		if not name then
			return false, message, code
		end
	end
	return ffi.new("const char *[?]", math.max(#list, 1), list), #list
end

-- One server is described at a time, in room of our own.  A longer name is none.
local server = ffi.new("danepriv_server")
local name_room, label_room = ffi.new("char[1100]"), ffi.new("char[100]")

local function copy_into(room, size, text, what)
	local good, message, code = text_of(text, what)
	if not good then
		return nil, message, code
	elseif #text >= size then
		return fail(C.DANEPRIV_EMALFORMED)
	end
	ffi.copy(room, text)
	return room
end

local function fill_server(about)
	local message, code, port, transport
	port, message, code = whole(about.port or 0, 0, 65535, "port")
	if not port then
		return nil, message, code
	end
	server.port = port
	transport, message, code = value_of(C.DANEPRIV_KIND_TRANSPORT, about.transport or "dot", "transport")
	if not transport then
		return nil, message, code
	end
	server.transport = transport
	if about.aliases == false then
		server.aliases = C.DANEPRIV_ALIASES_REFUSE
	end
	if about.label ~= nil then
		server.label, message, code = copy_into(label_room, 100, about.label, "label")
		if server.label == nil then
			return nil, message, code
		end
	end
	return true
end

local function server_of(about)
	if type(about) ~= "string" and type(about) ~= "table" then
		error("server: a name or a table expected, got " .. type(about), 3)
	end
	ffi.fill(server, ffi.sizeof(server))
	server.aliases = C.DANEPRIV_ALIASES_FOLLOW
	if type(about) == "table" then
		local good, message, code = fill_server(about)
		if not good then
			return nil, message, code
		end
	end
	local name, message, code = copy_into(name_room, 1100,
		type(about) == "table" and about.name or about, "name")
	if not name then
		return nil, message, code
	end
	server.name = name
	return server
end

-- ---- what is owned ----

local Context, Records, Credential, Cache, Rules, Session, Resolver = {}, {}, {}, {}, {}, {}, {}

local function class(methods, free)
	methods.__index = methods
	methods.close = function(self)
		local pointer = self.pointer
		if pointer then
			self.pointer = false
			free(ffi.gc(pointer, nil))
		end
	end
	return function(pointer)
		return setmetatable({ pointer = ffi.gc(pointer, free) }, methods)
	end
end

local own_context = class(Context, C.danepriv_close)
local own_records = class(Records, C.danepriv_records_free)
local own_cache = class(Cache, C.danepriv_cache_free)
local own_rules = class(Rules, C.danepriv_rules_free)
local own_session = class(Session, C.danepriv_session_free)
Credential.__index = Credential

local function live(self, methods, what)
	if getmetatable(self) ~= methods then
		error(what .. " expected, got " .. type(self), 3)
	end
	return self.pointer or error(what .. " is used after close", 3)
end

local records_out = ffi.new("danepriv_records *[1]")

local function records_or_fail(status)
	if status ~= 0 then
		return fail(status)
	end
	return own_records(records_out[0])
end

-- ---- records ----

-- RDATA out of a record's text, such as "3 1 1 8bd1...".
function M.rdata(text)
	local good, message, code = text_of(text, "record")
	if not good then
		return nil, message, code
	end
	local needed = ffi.new("size_t[1]")
	local status = C.danepriv_record_read(text, nil, 0, needed, nil)
	local room = ffi.new("uint8_t[?]", needed[0] + 1)
	if status == C.DANEPRIV_ELIMIT and needed[0] > 0 then
		status = C.danepriv_record_read(text, room, needed[0], needed, nil)
	end
	if status ~= 0 then
		return fail(status)
	end
	return ffi.string(room, needed[0])
end

-- Records that somebody else has validated.  options: base, reason.
function M.vouch(about, security, rdatas, valid_until, options)
	local s, message, code = server_of(about)
	if not s then
		return nil, message, code
	end
	local value, base, reason, ends
	value, message, code = value_of(C.DANEPRIV_KIND_SECURITY, security, "proof")
	if not value then
		return nil, message, code
	end
	reason, message, code = value_of(C.DANEPRIV_KIND_REASON, options and options.reason or "none", "reason")
	if not reason then
		return nil, message, code
	end
	ends, message, code = whole(valid_until, -MOST, MOST, "valid_until")
	if not ends then
		return nil, message, code
	end
	if options and options.base ~= nil then
		base, message, code = text_of(options.base, "base")
		if not base then
			return nil, message, code
		end
	end
	local spans = spans_of(rdatas, "rdatas")
	return records_or_fail(
		C.danepriv_records_vouch(s, base, value, reason, spans, #rdatas, ends, records_out))
end

function Records:proof()
	return securities[tonumber(C.danepriv_records_security(live(self, Records, "records")))]
end

function Records:reason()
	return reasons[tonumber(C.danepriv_records_reason(live(self, Records, "records")))]
end

function Records:source()
	return sources[tonumber(C.danepriv_records_source(live(self, Records, "records")))]
end

function Records:valid_until()
	return tonumber(C.danepriv_records_valid_until(live(self, Records, "records")))
end

function Records:base()
	return ffi.string(C.danepriv_records_base(live(self, Records, "records")))
end

function Records:rdatas()
	local pointer, list = live(self, Records, "records"), {}
	for i = 1, tonumber(C.danepriv_records_count(pointer)) do
		local span = C.danepriv_records_rdata(pointer, i - 1)
		list[i] = ffi.string(span.data, span.len)
	end
	return list
end

-- ---- judging ----

-- What a peer showed: DER, its own first.  kind: "x509", "raw-key" or "leaf".
function M.credential(items, kind)
	local value, message, code = value_of(C.DANEPRIV_KIND_CREDENTIAL_TYPE, kind or "x509", "credential")
	if not value then
		return nil, message, code
	end
	local spans, room = spans_of(items, "items")
	local pointer = ffi.new("danepriv_credential")
	pointer.type, pointer.items, pointer.count = value, spans, #items
	return setmetatable({ pointer = pointer, spans = spans, room = room }, Credential)
end

local ROOM = 512 -- records have no more
local each = ffi.new("danepriv_record_verdict[?]", ROOM)
local verdict, bare = ffi.new("danepriv_verdict"), ffi.new("danepriv_verdict")

local function fresh()
	verdict.size, verdict.each, verdict.each_room = ffi.sizeof(verdict), each, ROOM
	verdict.each_size = ffi.sizeof("danepriv_record_verdict")
	return verdict
end

local function verdict_table()
	local finding, rows = tonumber(verdict.finding), {}
	for i = 1, math.min(tonumber(verdict.count), ROOM) do
		local row = each[i - 1]
		rows[i] = { usage = row.usage, selector = row.selector, matching = row.matching,
			verdict = judgements[tonumber(row.judgement)],
			reason = record_reasons[tonumber(row.reason)], depth = row.depth }
	end
	return { finding = findings[finding], proof = securities[tonumber(verdict.security)],
		reason = reasons[tonumber(verdict.reason)], fault = record_reasons[tonumber(verdict.fault)],
		attack = verdict.attack == 1, valid_until = tonumber(verdict.valid_until),
		record = finding == MATCH and tonumber(verdict.record) + 1 or nil, records = rows }
end

-- What is junk from the peer is a finding; what is junk from the caller is none.
local function judged(status)
	if status ~= 0 and not (status == C.DANEPRIV_EMALFORMED and
		verdict.finding == C.DANEPRIV_FINDING_MISMATCH) then
		return fail(status)
	end
	return verdict_table()
end

-- options: now, names
function Context:evaluate(records, credential, options)
	local ctx, r = live(self, Context, "context"), live(records, Records, "records")
	local c = live(credential, Credential, "credential")
	local now, message, code = time_of(options)
	if not now then
		return nil, message, code
	end
	local names, count
	names, count, code = names_of(options and options.names)
	if names == false then
		return nil, count, code
	end
	return judged(C.danepriv_evaluate(ctx, r, c, names, count, now, fresh()))
end

-- Yes or no, and no table is made: for what is called often.
function Context:matches(records, credential, now)
	local ctx, r = live(self, Context, "context"), live(records, Records, "records")
	local c = live(credential, Credential, "credential")
	if not (now > 0 and now < MOST) then
		return false
	end
	bare.size = ffi.sizeof(bare)
	return C.danepriv_evaluate(ctx, r, c, nil, 0, now, bare) == 0 and
		bare.finding == C.DANEPRIV_FINDING_MATCH
end

-- Judges by records as text, which are taken to be secure.  options: now, names, type.
function Context:match(about, texts, items, options)
	live(self, Context, "context")
	want("table", texts, "records")
	local rdatas, message, code = {}, nil, nil
	for i = 1, #texts do
		rdatas[i], message, code = M.rdata(texts[i])
		if not rdatas[i] then
			return nil, message, code
		end
	end
	local records, credential, found
	records, message, code = M.vouch(about, "secure", rdatas, MOST)
	if not records then
		return nil, message, code
	end
	credential, message, code = M.credential(items, options and options.type)
	if credential then
		found, message, code = self:evaluate(records, credential, options)
	end
	records:close()
	return found, message, code
end

-- What a server's own proof proves (RFC 9102).  options: now; extension: all of extension 59.
function Context:prove(about, chain, options)
	local ctx = live(self, Context, "context")
	want("string", chain, "chain")
	local now, message, code = time_of(options)
	if not now then
		return nil, message, code
	end
	local s
	s, message, code = server_of(about)
	if not s then
		return nil, message, code
	end
	local prove = options and options.extension and C.danepriv_records_prove_extension or
		C.danepriv_records_prove
	return records_or_fail(prove(ctx, s, span_of(chain, "chain"), now, records_out))
end

-- settings: anchors, negative, earliest, skew_s, max_work, memo, roots
function M.open(settings)
	settings = want("table", settings == nil and {} or settings, "settings")
	local s, out = ffi.new("danepriv_settings", ffi.sizeof("danepriv_settings")), ffi.new("danepriv *[1]")
	for _, key in ipairs({ "anchors", "negative" }) do
		if settings[key] ~= nil then
			local text, message, code = text_of(settings[key], key)
			if not text then
				return nil, message, code
			end
			s[key] = text
		end
	end
	for _, key in ipairs({ "earliest", "skew_s", "max_work", "memo" }) do
		if settings[key] ~= nil then
			local least = key == "earliest" and -MOST or 0
			local most = key == "earliest" and MOST or 2 ^ 32 - 1
			local value, message, code = whole(settings[key], least, most, key)
			if not value then
				return nil, message, code
			end
			s[key] = value
		end
	end
	if settings.roots ~= nil then
		s.roots = span_of(settings.roots, "roots")
	end
	local status = C.danepriv_open(s, out)
	if status ~= 0 then
		return fail(status)
	end
	return own_context(out[0])
end

-- ---- what follows ----

-- What may be done: strict or opportunistic, by where the name comes from ("unproven" where nothing
-- is said), what was found, and what lies between ("encrypted").
function M.decide(profile, finding, provenance, channel)
	local p, message, code = value_of(C.DANEPRIV_KIND_PROFILE, profile, "profile")
	if not p then
		return nil, message, code
	end
	local f, v, ch
	f, message, code = value_of(C.DANEPRIV_KIND_FINDING, finding, "finding")
	if not f then
		return nil, message, code
	end
	v, message, code = value_of(C.DANEPRIV_KIND_PROVENANCE, provenance or "unproven", "provenance")
	if not v then
		return nil, message, code
	end
	ch, message, code = value_of(C.DANEPRIV_KIND_CHANNEL, channel or "encrypted", "channel")
	if not ch then
		return nil, message, code
	end
	return decisions[tonumber(C.danepriv_decide(p, v, f, ch))]
end

require("danepriv_more")(M, {
	C = C, raw = raw, fail = fail, want = want, whole = whole, value_of = value_of,
	text_of = text_of, time_of = time_of, span_of = span_of, server_of = server_of, live = live,
	fresh = fresh, verdict_table = verdict_table, own_records = own_records,
	own_cache = own_cache, own_rules = own_rules, own_session = own_session, class = class,
	words = words, decisions = decisions, profiles = profiles, securities = securities,
	reasons = reasons, Context = Context, Records = Records, Credential = Credential,
	Cache = Cache, Rules = Rules, Session = Session, Resolver = Resolver,
})

return M
