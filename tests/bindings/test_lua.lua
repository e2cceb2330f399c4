-- SPDX-License-Identifier: BSD-2-Clause
-- Does the binding say what the vectors say, and does nothing that a caller gets wrong end a program
-- or look like a match?  The same file runs under LuaJIT and under Lua 5.4.
--
-- usage: test_lua.lua VECTORS
local danepriv = require("danepriv")
local folder = arg[1]
local count, failed = 0, 0

local function ok(passed, name, detail)
	count = count + 1
	if not passed then
		failed = failed + 1
	end
	print((passed and "ok " or "not ok ") .. count .. " - " .. name:gsub("#", "no."))
	if not passed and detail ~= nil then
		print("#   " .. tostring(detail))
	end
end

local function equal(got, wanted, name)
	ok(got == wanted, name, "got " .. tostring(got) .. ", wanted " .. tostring(wanted))
end

local function octets(hex)
	return (hex:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function read(path)
	local file = assert(io.open(folder .. "/" .. path, "rb"))
	local text = file:read("*a")
	file:close()
	return text
end

-- The rows of a file of vectors, each a list of fields.
local function rows(path)
	local list = {}
	for line in read(path):gmatch("[^\n]+") do
		if line:sub(1, 1) ~= "#" then
			local fields = {}
			for field in line:gmatch("%S+") do
				fields[#fields + 1] = field
			end
			list[#list + 1] = fields
		end
	end
	assert(#list > 0, path .. " has no rows")
	return list
end

local function split(text)
	local list = {}
	for part in (text .. ","):gmatch("([^,]*),") do
		list[#list + 1] = part
	end
	return list
end

local shown = {}
for _, path in ipairs({ "dane/credentials.txt", "dane/authorities.txt" }) do
	shown[path] = {}
	for _, row in ipairs(rows(path)) do
		shown[path][row[1]] = octets(row[2])
	end
end

local function items_of(text, path)
	local raw, items = text:match("^raw:(.*)"), {}
	for _, name in ipairs(split(raw or text)) do
		items[#items + 1] = assert(shown[path][name], name)
	end
	return items, raw and "raw-key" or "x509"
end

local function rdatas_of(text)
	local list = {}
	for i, hex in ipairs(split(text)) do
		list[i] = hex == "-" and "" or octets(hex)
	end
	return list
end

local NAME, NOW, LATE = "ns1.example.net", 1700000000, 4102444800
local ctx = assert(danepriv.open({ earliest = 1 }))

-- ---- vectors ----

local function each_of(verdict)
	local said = {}
	for i, row in ipairs(verdict.records) do
		said[i] = row.verdict .. (row.reason ~= "none" and ":" .. row.reason or "")
	end
	return table.concat(said, ",")
end

for _, row in ipairs(rows("dane/match.txt")) do
	local items, kind = items_of(row[2], "dane/credentials.txt")
	local records = assert(danepriv.vouch(NAME, "secure", rdatas_of(row[3]), LATE))
	local credential = assert(danepriv.credential(items, kind))
	local verdict = assert(ctx:evaluate(records, credential, { now = NOW }))
	local record = verdict.record and tostring(verdict.record - 1) or "-"
	equal(verdict.finding .. " " .. record .. " " .. each_of(verdict), row[4] .. " " .. row[5] .. " " ..
		row[6], "match: " .. row[1])
	equal(ctx:matches(records, credential, NOW), row[4] == "match", "yes or no: " .. row[1])
end

for _, row in ipairs(rows("dane/issued.txt")) do
	local roots = {}
	for i, name in ipairs(row[4] == "-" and {} or split(row[4])) do
		roots[i] = shown["dane/authorities.txt"][name]
	end
	local judge = assert(danepriv.open({ earliest = 1, roots = table.concat(roots) }))
	local items, kind = items_of(row[2], "dane/authorities.txt")
	local records = assert(danepriv.vouch(NAME, "secure", rdatas_of(row[6]), LATE))
	local verdict, message = judge:evaluate(records, assert(danepriv.credential(items, kind)),
		{ now = tonumber(row[5]), names = row[3] ~= "-" and split(row[3]) or nil })
	equal(verdict and verdict.finding or message, row[7], "issued: " .. row[1])
	judge:close()
end

local TRANSPORTS = { tcp = "dot", udp = "dtls" }

local function prove(path)
	local contexts = {}
	for _, row in ipairs(rows(path)) do
		local port, label, name = row[2]:match("^_(%d+)%._(%a+)%.(.+)$")
		-- A name that asks for a wildcard is no host.
		if TRANSPORTS[label] and row[3] == "52" and not name:find("*", 1, true) then
			contexts[row[5]] = contexts[row[5]] or
				assert(danepriv.open({ anchors = read(row[5]), earliest = 1 }))
			local records = assert(contexts[row[5]]:prove({ name = name, port = tonumber(port),
				transport = TRANSPORTS[label] }, row[8] == "-" and "" or octets(row[8]), { now = tonumber(row[4]) }))
			equal(records:proof() .. " " .. records:reason(), row[6] .. " " .. row[7], path .. ": " .. row[1])
		end
	end
end
for _, path in ipairs({ "rfc9102/chains.txt", "proofs/algorithms.txt", "proofs/alias.txt",
	"proofs/alias-loops.txt", "proofs/anchors.txt", "proofs/dates.txt", "proofs/limits.txt", "proofs/form.txt",
	"proofs/keys.txt", "proofs/nsec.txt", "proofs/nsec3.txt", "proofs/signatures.txt",
	"proofs/wildcards.txt" }) do
	prove(path)
end

-- ---- the calls of the contract ----

local ee, other = shown["dane/credentials.txt"].ee, shown["dane/credentials.txt"].other
local RECORD = "3 1 1 " .. rows("dane/match.txt")[1][3]:sub(7)
equal(ctx:match(NAME, { RECORD }, { ee }, { now = NOW }).finding, "match", "match: by text")
equal(ctx:match(NAME, { RECORD }, { other }, { now = NOW }).finding, "mismatch", "match: another")
equal(ctx:match({ name = NAME, port = 443, transport = "doh" }, { RECORD }, { ee }).finding, "match",
	"match: a table for the server, and the clock")

-- ---- what is malformed: nil, a message and a word ----

local deep = ("a"):rep(64) .. ".example"
local nan = 0 / 0
local bad = {
	{ "a NUL", "ns1.example.net\0.evil.example" }, { "an umlaut", "n\195\164me.example" },
	{ "a label of 64", deep }, { "an address", "192.0.2.1" }, { "an address of IPv6", "2001:db8::1" },
	{ "no name", "" }, { "a long name", ("a."):rep(2000) },
	{ "a port below", { name = NAME, port = -1 } }, { "a port above", { name = NAME, port = 65536 } },
	{ "a port that is none", { name = NAME, port = nan } },
	{ "a transport", { name = NAME, transport = "smtp" } },
	{ "a NUL in a transport", { name = NAME, transport = "dot\0" } },
	{ "a label", { name = NAME, label = "_\0" } },
}
for _, row in ipairs(bad) do
	for call, made in pairs({ match = { ctx:match(row[2], { RECORD }, { ee }, { now = NOW }) },
		prove = { ctx:prove(row[2], "", { now = NOW }) },
		vouch = { danepriv.vouch(row[2], "secure", { "\3\1\1a" }, LATE) } }) do
		ok(made[1] == nil and type(made[2]) == "string" and type(made[3]) == "string",
			call .. ": " .. row[1], made[1])
	end
end
for name, now in pairs({ nan = nan, huge = math.huge, ["-huge"] = -math.huge, far = 2 ^ 80, zero = 0 }) do
	local found = ctx:match(NAME, { RECORD }, { ee }, { now = now })
	ok(found == nil, "match: now is " .. name, found and found.finding)
	ok(not ctx:matches(assert(danepriv.vouch(NAME, "secure", { assert(danepriv.rdata(RECORD)) }, LATE)),
		assert(danepriv.credential({ ee })), now), "yes or no: now is " .. name)
end
for _, text in ipairs({ "", "3 1", "3 1 1", "3 1 1 0", "x", "3 1 1 \0ab", "256 1 1 ab" }) do
	local found, message, code = ctx:match(NAME, { text }, { ee }, { now = NOW })
	ok(found == nil and message and code, "no record: " .. text:gsub("%c", "."))
end
ok(not danepriv.open({ anchors = "junk" }), "open: anchors that are none")
ok(not danepriv.open({ roots = "junk" }), "open: roots that are none")
ok(not danepriv.open({ earliest = nan }), "open: a time that is none")
ok(not ctx:match(NAME, { RECORD }, {}, { now = NOW }), "match: nothing shown")
ok(not ctx:match(NAME, {}, { ee }, { now = NOW }), "match: no records")

-- ---- what raises: wrong types, and use after close ----

local closed = assert(danepriv.open())
closed:close()
closed:close()
local raises = {
	{ "no server", function() ctx:match(nil, { RECORD }, { ee }) end },
	{ "a number for a name", function() ctx:match(5, { RECORD }, { ee }) end },
	{ "no records", function() ctx:match(NAME, nil, { ee }) end },
	{ "no list", function() ctx:match(NAME, RECORD, { ee }) end },
	{ "a number for octets", function() ctx:match(NAME, { RECORD }, { 5 }) end },
	{ "a word for a time", function() ctx:match(NAME, { RECORD }, { ee }, { now = "now" }) end },
	{ "no chain", function() ctx:prove(NAME, nil) end },
	{ "settings", function() danepriv.open("anchors") end },
	{ "match after close", function() closed:match(NAME, { RECORD }, { ee }) end },
	{ "prove after close", function() closed:prove(NAME, "") end },
	{ "another object", function() closed.match(danepriv.cache(), NAME, { RECORD }, { ee }) end },
}
for _, row in ipairs(raises) do
	local went, message = pcall(row[2])
	ok(not went and type(message) == "string", "raises: " .. row[1], message)
end

-- ---- never a match: every cut of what a peer shows ----

local records = assert(danepriv.vouch(NAME, "secure", { assert(danepriv.rdata(RECORD)) }, LATE))
local cuts = 0
for length = 0, #ee - 1 do
	local credential = assert(danepriv.credential({ ee:sub(1, length) }))
	local found = ctx:evaluate(records, credential, { now = NOW })
	if ctx:matches(records, credential, NOW) or (found and found.finding == "match") then
		cuts = cuts + 1
	end
end
equal(cuts, 0, "no cut of a certificate matches")

local first = rows("rfc9102/chains.txt")[1]
local appendix = assert(danepriv.open({ anchors = read(first[5]), earliest = 1 }))
local chain, www = octets(first[8]), { name = "www.example.com", port = 443 }
local secure = 0
for length = 0, #chain - 1 do
	local found = assert(appendix:prove(www, chain:sub(1, length), { now = tonumber(first[4]) }))
	if found:proof() == "secure" then
		secure = secure + 1
	end
	found:close()
end
equal(secure, 0, "no cut of a chain proves anything")
equal(assert(appendix:prove(www, chain, { now = tonumber(first[4]) })):proof(), "secure", "the whole does")

-- ---- the rest of the calls ----

equal(danepriv.decide("strict", "match", "configured"), "authenticated", "decide: strict, configured")
equal(danepriv.decide("strict", "match"), "refuse", "decide: strict, by a name that is not proven")
equal(danepriv.decide("strict", "mismatch", "configured"), "refuse", "decide: strict, mismatch")
ok(not danepriv.decide("lax", "match"), "decide: no such profile")

local cache = assert(danepriv.cache())
ok(cache:get(NAME, { now = NOW }) == nil, "cache: nothing is there")
ok(cache:put(records, { now = NOW }), "cache: put")
equal(assert(cache:get(NAME, { now = NOW })):proof(), "secure", "cache: get")
ok(cache:generation(NAME) ~= nil, "cache: generation")

local rules = assert(danepriv.rules("opportunistic"))
ok(rules:add("zone", "example.com.", "strict"), "rules: add")
equal(rules:profile("www.example.com", NAME), "strict", "rules: below the domain")
equal(rules:profile("example.org", NAME), "opportunistic", "rules: elsewhere")
equal(rules:profile("example.org\0", NAME), "strict", "rules: no name")

local session = assert(ctx:session(NAME, "strict"))
equal((session:decide({ provenance = "configured", now = NOW })), "refuse", "session: nothing is there")
assert(session:give_records(records))
assert(session:give_credential(assert(danepriv.credential({ ee }))))
local decision, why = session:decide({ provenance = "configured", now = NOW })
equal(decision .. " " .. why.finding, "authenticated match", "session: a match")
equal((session:decide({ now = NOW })), "refuse", "session: where nothing is said of the name")

local walked = assert(appendix:walk(www, chain, { now = tonumber(first[4]) }))
equal(walked[1].owner .. " " .. walked[1].type, "_443._tcp.www.example.com. TLSA", "walk: the first")
equal(walked[1].proof, "secure", "walk: proven")
ok(not appendix:walk(www, "junk", { now = NOW }), "walk: junk")

-- A caller in a coroutine, and rings of garbage.
equal(coroutine.wrap(function() return ctx:match(NAME, { RECORD }, { ee }, { now = NOW }).finding end)(),
	"match", "in a coroutine")
for i = 1, 200 do
	local ring = { assert(danepriv.open()), i }
	ring[3], ring[4] = ring, assert(ring[1]:session(NAME))
	setmetatable(ring, { __index = ring })
end
collectgarbage()
collectgarbage()
ok(ctx:matches(records, assert(danepriv.credential({ ee })), NOW), "a match after rings of garbage")

-- Flat over many rounds: of the process, where it can be seen.
local function resident()
	local file = io.open("/proc/self/statm")
	return tonumber(file:read("*a"):match("^%d+ (%d+)")) * 4, file:close()
end
local function rounds(many)
	for _ = 1, many do
		local r = assert(danepriv.vouch(NAME, "secure", { assert(danepriv.rdata(RECORD)) }, LATE))
		local c = assert(danepriv.credential({ ee }))
		assert(ctx:matches(r, c, NOW))
		assert(ctx:evaluate(r, c, { now = NOW }))
		assert(cache:get(NAME, { now = NOW }))
		assert(ctx:match(NAME, { RECORD }, { ee }, { now = NOW }))
		assert(ctx:session(NAME))
		r:close()
	end
	collectgarbage()
	collectgarbage()
end
rounds(2000)
local before = (resident())
rounds(10000)
local grown = (resident()) - before
ok(grown < 2048, "memory is flat over 10000 rounds", grown .. " KiB more")

-- A silent upstream, compiled code, and collection meanwhile; then the host ends with lookups under way.
local resolver, message = ctx:resolver({ "127.0.0.1@9" })
if resolver then
	local number = assert(resolver:start(NAME, { deadline_ms = 300 }))
	local taken, found
	repeat
		resolver:run()
		taken, found = resolver:take()
	until taken
	equal(taken, number, "lookup: the number that start gave")
	equal(found:proof(), "indeterminate", "lookup: a silent upstream")
	found = assert(resolver:lookup(NAME, { deadline_ms = 100 }))
	equal(found:proof(), "indeterminate", "lookup: waited for")
	local other_one = assert(ctx:resolver({ "127.0.0.1@9" }))
	assert(other_one:start(NAME))
	other_one:close()
	ok(not pcall(other_one.take, other_one), "lookup: use after close")
	for _ = 1, 20 do
		assert(resolver:start(NAME))
	end
	collectgarbage()
	resolver:run()
	ok(not ctx:resolver({ "nowhere" }), "lookup: no such upstream")
else
	print("# no lookups: " .. message)
end

print("1.." .. count)
os.exit(failed == 0 and 0 or 1, true)
