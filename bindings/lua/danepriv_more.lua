-- SPDX-License-Identifier: BSD-2-Clause
-- What is remembered, by which rule, of which connection, and how is it looked up?
--
-- The second half of danepriv.lua, for LuaJIT.
local ffi = require("ffi")

return function(M, own)
	local C, fail, want, live = own.C, own.fail, own.want, own.live
	local value_of, time_of, server_of = own.value_of, own.time_of, own.server_of
	local Context, Records, Credential = own.Context, own.Records, own.Credential
	local Cache, Rules, Session, Resolver = own.Cache, own.Rules, own.Session, own.Resolver
	local records_out = ffi.new("danepriv_records *[1]")

	local function done(status)
		if status ~= 0 then
			return fail(status)
		end
		return true
	end

	-- `about` and options.now, or nil and why not.
	local function server_and_time(about, options)
		local now, message, code = time_of(options)
		if not now then
			return nil, message, code
		end
		local s
		s, message, code = server_of(about)
		if not s then
			return nil, message, code
		end
		return s, now
	end

	-- ---- the memory ----

	-- settings: max_octets
	function M.cache(settings)
		settings = want("table", settings == nil and {} or settings, "settings")
		local s, out = ffi.new("danepriv_cache_settings"), ffi.new("danepriv_cache *[1]")
		s.size = ffi.sizeof(s)
		local most, message, code = own.whole(settings.max_octets or 0, 0, 2 ^ 31, "max_octets")
		if not most then
			return nil, message, code
		end
		s.max_octets = most
		local status = C.danepriv_cache_new(s, out)
		if status ~= 0 then
			return fail(status)
		end
		return own.own_cache(out[0])
	end

	function Cache:put(records, options)
		local cache, r = live(self, Cache, "cache"), live(records, Records, "records")
		local now, message, code = time_of(options)
		if not now then
			return nil, message, code
		end
		return done(C.danepriv_cache_put(cache, r, now))
	end

	function Cache:get(about, options)
		local cache = live(self, Cache, "cache")
		local s, now, code = server_and_time(about, options)
		if not s then
			return nil, now, code
		end
		local status = C.danepriv_cache_get(cache, s, now, records_out)
		if status ~= 0 then
			return fail(status)
		end
		return own.own_records(records_out[0])
	end

	-- A number of 64 bits, which changes with what is known of the server.
	function Cache:generation(about)
		local cache = live(self, Cache, "cache")
		local s, message, code = server_of(about)
		if not s then
			return nil, message, code
		end
		return C.danepriv_cache_generation(cache, s)
	end

	-- ---- rules ----

	function M.rules(otherwise)
		local value, message, code = value_of(C.DANEPRIV_KIND_PROFILE, otherwise, "profile")
		if not value then
			return nil, message, code
		end
		local out = ffi.new("danepriv_rules *[1]")
		local status = C.danepriv_rules_new(value, out)
		if status ~= 0 then
			return fail(status)
		end
		return own.own_rules(out[0])
	end

	local kinds = { zone = C.DANEPRIV_RULE_ZONE, server = C.DANEPRIV_RULE_SERVER }

	function Rules:add(kind, domain, profile)
		local rules = live(self, Rules, "rules")
		local which = kinds[kind] or error("kind: zone or server expected", 2)
		local name, message, code = own.text_of(domain, "domain")
		if not name then
			return nil, message, code
		end
		local value
		value, message, code = value_of(C.DANEPRIV_KIND_PROFILE, profile, "profile")
		if not value then
			return nil, message, code
		end
		return done(C.danepriv_rules_add(rules, which, name, value))
	end

	function Rules:profile(zone, server)
		local rules = live(self, Rules, "rules")
		local z, s = own.text_of(zone, "zone"), own.text_of(server, "server")
		return own.profiles[tonumber(C.danepriv_rules_profile(rules, z, s))]
	end

	-- ---- one connection ----

	function Context:session(about, profile)
		local ctx = live(self, Context, "context")
		local value, message, code = value_of(C.DANEPRIV_KIND_PROFILE, profile or "strict", "profile")
		if not value then
			return nil, message, code
		end
		local s
		s, message, code = server_of(about)
		if not s then
			return nil, message, code
		end
		local out = ffi.new("danepriv_session *[1]")
		local status = C.danepriv_session_new(ctx, s, value, out)
		if status ~= 0 then
			return fail(status)
		end
		return own.own_session(out[0])
	end

	function Session:give_records(records)
		return done(C.danepriv_session_give_records(live(self, Session, "session"),
			live(records, Records, "records")))
	end

	function Session:give_fetched_records(records)
		return done(C.danepriv_session_give_fetched_records(live(self, Session, "session"),
			live(records, Records, "records")))
	end

	function Session:give_credential(credential)
		return done(C.danepriv_session_give_credential(live(self, Session, "session"),
			live(credential, Credential, "credential")))
	end

	function Session:give_extension(octets, options)
		local session, span = live(self, Session, "session"), own.span_of(octets, "extension")
		local now, message, code = time_of(options)
		if not now then
			return nil, message, code
		end
		return done(C.danepriv_session_give_extension(session, span, now))
	end

	-- What may be done, and the verdict.  options: provenance ("unproven"), channel, now.
	function Session:decide(options)
		local session = live(self, Session, "session")
		local now, message, code = time_of(options)
		if not now then
			return nil, message, code
		end
		local provenance, channel
		provenance, message, code = value_of(C.DANEPRIV_KIND_PROVENANCE,
			options and options.provenance or "unproven", "provenance")
		if not provenance then
			return nil, message, code
		end
		channel, message, code = value_of(C.DANEPRIV_KIND_CHANNEL,
			options and options.channel or "encrypted", "channel")
		if not channel then
			return nil, message, code
		end
		local decision = C.danepriv_session_decide(session, provenance, channel, now, own.fresh())
		return own.decisions[tonumber(decision)], own.verdict_table()
	end

	-- ---- a chain, taken apart ----

	-- A table for each record of a chain.  options: now
	function Context:walk(about, chain, options)
		local ctx, span = live(self, Context, "context"), own.span_of(chain, "chain")
		local s, now, code = server_and_time(about, options)
		if not s then
			return nil, now, code
		end
		local out = ffi.new("danepriv_chain_walk *[1]")
		local status = C.danepriv_chain_walk_new(ctx, s, span, now, out)
		if status ~= 0 then
			return fail(status)
		end
		local walk, list = ffi.gc(out[0], C.danepriv_chain_walk_free), {}
		local record = ffi.new("danepriv_chain_record")
		record.size = ffi.sizeof(record)
		for i = 0, tonumber(C.danepriv_chain_walk_count(walk)) - 1 do
			status = C.danepriv_chain_walk_record(walk, i, record)
			if status ~= 0 then
				return fail(status)
			end
			list[i + 1] = { owner = ffi.string(record.owner), type = ffi.string(record.type_text),
				ttl = record.ttl, rdata = ffi.string(record.rdata.data, record.rdata.len),
				covered = ffi.string(record.covered_text), signer = ffi.string(record.signer),
				key_tag = record.key_tag, algorithm = record.algorithm,
				inception = tonumber(record.inception), expiration = tonumber(record.expiration),
				proof = own.securities[tonumber(record.security)],
				reason = own.reasons[tonumber(record.reason)] }
		end
		C.danepriv_chain_walk_free(ffi.gc(walk, nil))
		return list
	end

	-- ---- lookups, without a callback ----

	local G = own.raw.getdns()
	if not G then
		function Context.resolver()
			return nil, "libdanepriv-getdns is not there", "adapter"
		end
		return
	end
	local own_resolver = own.class(Resolver, G.danepriv_getdns_close)
	local lookup_out, status_out = ffi.new("danepriv_lookup *[1]"), ffi.new("danepriv_status[1]")

	-- upstreams: a list of addresses, "192.0.2.1@5353"; nil: those of /etc/resolv.conf
	function Context:resolver(upstreams)
		live(self, Context, "context")
		upstreams = want("table", upstreams == nil and {} or upstreams, "upstreams")
		for i = 1, #upstreams do
			local text, message, code = own.text_of(upstreams[i], "upstream")
			if not text then
				return nil, message, code
			end
		end
		local list = ffi.new("const char *[?]", math.max(#upstreams, 1), upstreams)
		local out = ffi.new("danepriv_getdns *[1]")
		local status = G.danepriv_getdns_open(list, #upstreams, out)
		if status ~= 0 then
			return fail(status)
		end
		local resolver = own_resolver(out[0])
		resolver.context, resolver.names, resolver.last = self, {}, 0
		return resolver
	end

	local function key_of(lookup)
		return tonumber(ffi.cast("uintptr_t", lookup))
	end

	local function start(self, about, options)
		local dns = live(self, Resolver, "resolver")
		local ctx = live(self.context, Context, "context")
		local s, now, code = server_and_time(about, options)
		if not s then
			return nil, now, code
		end
		local ms, message
		ms, message, code = own.whole(options and options.deadline_ms or 0, 0, 2 ^ 31, "deadline_ms")
		if not ms then
			return nil, message, code
		end
		local status = C.danepriv_lookup_new(ctx, s, lookup_out)
		if status ~= 0 then
			return fail(status)
		end
		local lookup = lookup_out[0]
		status = G.danepriv_getdns_start(dns, lookup, ms, now)
		if status ~= 0 then
			C.danepriv_lookup_free(lookup)
			return fail(status)
		end
		return lookup
	end

	local function finish(lookup, status)
		if status == 0 then
			status = C.danepriv_lookup_finish(lookup, 0, records_out)
		end
		C.danepriv_lookup_free(lookup)
		if status ~= 0 then
			return fail(status)
		end
		return own.own_records(records_out[0])
	end

	-- Looks a server's records up, and waits.  options: deadline_ms, now
	function Resolver:lookup(about, options)
		local lookup, message, code = start(self, about, options)
		if not lookup then
			return nil, message, code
		end
		return finish(lookup, G.danepriv_getdns_run(self.pointer, lookup))
	end

	-- Begins a lookup; returns its number, which take gives back.
	function Resolver:start(about, options)
		local lookup, message, code = start(self, about, options)
		if not lookup then
			return nil, message, code
		end
		self.last = self.last + 1
		self.names[key_of(lookup)] = self.last
		return self.last
	end

	-- The number of a lookup that has ended, and its records or nil, a message and a word.
	-- Without one: nil.
	function Resolver:take()
		local dns = live(self, Resolver, "resolver")
		if G.danepriv_getdns_take(dns, lookup_out, status_out) ~= 0 then
			return nil
		end
		local lookup, key = lookup_out[0], key_of(lookup_out[0])
		local number = self.names[key]
		self.names[key] = nil
		return number, finish(lookup, status_out[0])
	end

	-- Wait for this descriptor, no longer than timeout says in milliseconds (-1: for ever), then run.
	function Resolver:descriptor()
		return G.danepriv_getdns_poll_fd(live(self, Resolver, "resolver"))
	end

	function Resolver:timeout()
		return G.danepriv_getdns_poll_timeout(live(self, Resolver, "resolver"))
	end

	function Resolver:run()
		G.danepriv_getdns_poll_run(live(self, Resolver, "resolver"))
	end
end
