-- What somebody's Prosody configuration says with Edgewright's part left out. For Prosody 0.12 and 13; no server is
-- needed, and nothing is written.
--
--   lua5.4 - MAIN_CONFIG OUR_FILE SOURCE_DIR [HOST | COMPONENT=KIND ...] <ask.lua
--
-- Prints one JSON object:
--   hosts        NAME: component (null for a VirtualHost, "component" for an external one), modules_enabled,
--                modules_disabled, ssl and enabled, each null where the host's own section does not have it
--   global       modules_enabled, modules_disabled, plugin_paths, s2s_require_encryption, s2s_secure_auth, likewise
--   is_included  whether the line `Include "OUR_FILE"` is in MAIN_CONFIG
--   is_last      whether it is there once and last, blank lines and comments aside
--   is_elsewhere whether something else includes OUR_FILE, which is left out there too
-- Where the configuration cannot be read: exit 1, and what Prosody says about it, with file and line.

local MAIN_CONFIG, OUR_FILE, SOURCE_DIR = ...;
local OUR_LINE = ("Include %q"):format(OUR_FILE);

package.path = SOURCE_DIR .. "/?.lua;" .. package.path;
package.cpath = SOURCE_DIR .. "/?.so;" .. package.cpath;
pcall(require, "loader"); -- Prosody 13 has a prefix for its libraries
prosody = { platform = "posix", paths = {} }; -- what the libraries look for

local main_text, is_elsewhere = "", false;

-- A configuration may print; ours alone goes to standard output.
local print = print;
function _G.print(...) -- luacheck: ignore 122
	for _, value in ipairs({ ... }) do io.stderr:write(tostring(value), "\n"); end
end

local function trimmed(line) return line:match("^%s*(.-)%s*$"); end

local function fail(message)
	io.stderr:write(message, "\n");
	os.exit(1);
end

-- Keeps the numbers of the lines.
local function without_our_line(text)
	return (text:gsub("[^\n]+", function (line) return trimmed(line) == OUR_LINE and "" or line; end));
end

-- Stands in for an open file, as Prosody's loader uses one.
local function file_with(text)
	return { read = function () return text; end, close = function () return true; end };
end

local open = io.open;
function io.open(path, mode) -- luacheck: ignore 122
	if path == OUR_FILE then
		is_elsewhere = true;
		return file_with("");
	end
	local file, why = open(path, mode);
	if not file or path ~= MAIN_CONFIG then return file, why; end
	main_text = file:read("*a");
	file:close();
	return file_with(without_our_line(main_text));
end

local json = require "util.json";
local configmanager = require "core.configmanager";
if configmanager.set_credential_fallback_mode then -- Prosody 13: systemd's credentials are the server's alone
	configmanager.set_credential_fallback_mode("continue");
end

local function or_null(value)
	if value == nil then return json.null; end
	return value;
end

-- A list as one even where it is empty, and without what JSON does not have.
local function plain(value)
	if type(value) ~= "table" then
		local kind = type(value);
		if kind == "string" or kind == "number" or kind == "boolean" then return value; end
		return tostring(value);
	end
	local copy = {};
	if #value > 0 or next(value) == nil then
		for _, item in ipairs(value) do table.insert(copy, plain(item)); end
		return setmetatable(copy, getmetatable(json.decode("[]")));
	end
	for key, item in pairs(value) do copy[tostring(key)] = plain(item); end
	return copy;
end

local function option(host, name)
	local value = configmanager.rawget(host, name);
	if value == nil then return json.null; end
	return plain(value);
end

local function list(host, name)
	local value = configmanager.rawget(host, name);
	if value ~= nil and type(value) ~= "table" then value = { value }; end -- Prosody takes a single name for a list
	return value == nil and json.null or plain(value);
end

local function hosts()
	local found = {};
	for name in pairs(configmanager.getconfig()) do
		if name ~= "*" then
			found[name] = {
				component = or_null(configmanager.rawget(name, "component_module"));
				modules_enabled = list(name, "modules_enabled");
				modules_disabled = list(name, "modules_disabled");
				ssl = option(name, "ssl");
				enabled = option(name, "enabled");
			};
		end
	end
	return found;
end

local function our_place()
	local count, last = 0, nil;
	for line in main_text:gmatch("[^\n]+") do
		line = trimmed(line);
		if line == OUR_LINE then count = count + 1; end
		if line ~= "" and line:sub(1, 2) ~= "--" then last = line; end
	end
	return count > 0, count == 1 and last == OUR_LINE;
end

local understood, kind, why = configmanager.load(MAIN_CONFIG, "lua");
if not understood then fail(kind == "file" and tostring(why) or tostring(why or kind)); end

-- For a script that cannot say a person's lists again: the hosts that have some, and what is not of the kind that is wanted.
-- One a line, with the word for why.
local asked = { select(4, ...) };
if #asked > 0 then
	local found = hosts();
	for _, word in ipairs(asked) do
		local name, kind = word:match("^([^=]*)=?(.*)$");
		local host = found[name] or { component = json.null };
		local has_lists = host.modules_enabled and host.modules_enabled ~= json.null
			or host.modules_disabled and host.modules_disabled ~= json.null;
		if host.component ~= (kind ~= "" and kind or json.null) then
			print(name .. " component");
		elseif has_lists then
			print(name .. " lists");
		end
	end
	os.exit(0);
end

local is_included, is_last = our_place();
print(json.encode({
	hosts = hosts();
	global = {
		modules_enabled = list("*", "modules_enabled");
		modules_disabled = list("*", "modules_disabled");
		plugin_paths = list("*", "plugin_paths");
		s2s_require_encryption = option("*", "s2s_require_encryption");
		s2s_secure_auth = option("*", "s2s_secure_auth");
	};
	is_included = is_included;
	is_last = is_last;
	is_elsewhere = is_elsewhere;
}));
