-- Has Prosody's own reader read settings that were written for it, and prints the strings in each, in hexadecimal: of every
-- host its name, its kind, its lists of modules, certificate, key and partners.
--
--   lua5.4 read_settings.lua FILE...

package.path = "/usr/lib/prosody/?.lua;" .. package.path;
package.cpath = "/usr/lib/prosody/?.so;" .. package.cpath;
prosody = { platform = "posix", paths = {} };

local configmanager = require "core.configmanager";

local function sorted(known)
	local names = {};
	for name in pairs(known) do table.insert(names, name); end
	table.sort(names);
	return names;
end

local function hex(text)
	return "x" .. text:gsub(".", function (octet) return ("%02x"):format(octet:byte()); end);
end

for _, file in ipairs(arg) do
	local understood, kind, why = configmanager.load(file, "lua");
	assert(understood, why or kind);
	local known, said = configmanager.getconfig(), {};
	local function say(text) table.insert(said, hex(text)); end
	for _, name in ipairs(sorted(known)) do
		if name == "*" then
			assert(not next(known["*"]), "a setting for every host");
		else
			local function get(option) return configmanager.rawget(name, option); end
			say(name);
			say(get("component_module") or "");
			for _, module in ipairs(get("modules_enabled")) do say(module); end
			for _, module in ipairs(get("modules_disabled")) do say(module); end
			say(get("ssl").certificate);
			say(get("ssl").key);
			for _, partner in ipairs(sorted(get("edgewright_partners"))) do say(partner); end
		end
	end
	print(table.concat(said, " "));
end
