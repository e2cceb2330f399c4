-- SPDX-License-Identifier: BSD-2-Clause
-- Which functions has the library, as LuaJIT's ffi sees them?
--
-- Declares what the headers declare, loads the library by its soname, and refuses one of another
-- version, and structs that are not as long as the compiler's.  Returns the library.
local ffi = require("ffi")
local made = require("danepriv_declarations")

ffi.cdef(made.text)
for name, size in pairs(made.sizes) do
	if ffi.sizeof(name) ~= size then
		error("danepriv: " .. name .. " is not as the compiler has it", 0)
	end
end

-- In a build folder a file beside this one names the libraries of that folder.
local is_built, built = pcall(require, "danepriv_built")

local function load(name)
	local soname = name .. ".so." .. made.soversion
	return ffi.load(is_built and built.folders[name] .. "/" .. soname or soname)
end

local library = load("libdanepriv")
local version = ffi.string(library.danepriv_version())
if version:match("^%d+%.%d+") ~= made.version:match("^%d+%.%d+") then
	error("danepriv: made for version " .. made.version .. ", and the library is " .. version, 0)
end

-- The library of lookups, or nil: a machine without getdns has all the rest.
local function getdns()
	local is_there, found = pcall(load, "libdanepriv-getdns")
	return is_there and found or nil
end

return { library = library, version = version, getdns = getdns }
