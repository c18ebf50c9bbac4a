-- mod_edgewright_1: what Edgewright's settings ask of each federation partner, enforced on one host of a Prosody.
-- For Prosody 0.12 and 13. The number in the name is the version of the options below.
--
--   modules_enabled = { ..., "edgewright_1" }
--   modules_disabled = { ..., "s2s" }    -- no federation without this module, which loads mod_s2s as its last act
--   edgewright_api = 1
--   edgewright_refuse_unlisted = true    -- false: stock Prosody decides about domains that are no partner
--   edgewright_partners = {
--       ["beta.example"] = {
--           type = "federated",          -- or "public-verified", "public-unverified"
--           tls = "required",            -- or "optional", "not-supported"
--           sasl = "required",           -- or "optional", "not-supported"
--           dialback = false,
--       };
--   }
--
-- All of them are read with the host's scope. The global options are not touched and other hosts stay as they are:
-- whether the globals are strict or lax, a stream of this host ends as its partner's entry says.
--
-- For Edgewright, in `prosodyctl shell "> prosody.hosts['HOST'].modules.edgewright_1.module.NAME()"`:
--   state            JSON: what is enforced, with the SHA-256 of policy_text
--   policy_text      `refuse-unlisted BOOL`, then a line `DOMAIN TYPE TLS SASL DIALBACK` for each domain, sorted by
--                    bytes; each line ends with a newline
--   streams          JSON: the authenticated streams of this host, in which way, and whether that is still allowed
--   outdated         JSON: those that are not allowed any more
--   close_outdated   closes these and lists them
-- Without the module, indexing fails, and prosodyctl says so.

local INTERFACE = 1;

local function need(name) -- Prosody 13 has a prefix for its libraries
	local found, library = pcall(require, "prosody." .. name);
	return found and library or require(name);
end

local array = need "util.array";
local encodings = need "util.encodings";
local jid = need "util.jid";
local json = need "util.json";
local modulemanager = need "core.modulemanager";
local rostermanager = need "core.rostermanager";
local sha256 = need "util.hashes".sha256;
local st = need "util.stanza";
local user_exists = need "core.usermanager".user_exists;

local nameprep, to_ascii = encodings.stringprep.nameprep, encodings.idna.to_ascii;

local xmlns_dialback = "urn:xmpp:features:dialback";
local xmlns_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
local xmlns_last = "jabber:iq:last";
local xmlns_sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
local xmlns_stream = "http://etherx.jabber.org/streams";
local xmlns_tls = "urn:ietf:params:xml:ns:xmpp-tls";

local host = module.host;

-- The ways in which a stream can end up authenticated. Nothing else ever passes.
local SASL, DIALBACK, CLEAR = "sasl-over-tls", "tls-dialback", "tcp-dialback";

-- Policy ------------------------------------------------------------------------------------------------------------

local REQUIREMENT = { ["required"] = true, ["optional"] = true, ["not-supported"] = true };
local FIELDS = {
	type = { ["federated"] = true, ["public-verified"] = true, ["public-unverified"] = true };
	tls = REQUIREMENT;
	sasl = REQUIREMENT;
	dialback = { [true] = true, [false] = true };
};

local function check_entry(domain, entry)
	local function wrong(what) error(("edgewright_partners: %s: %s"):format(tostring(domain), what), 0); end
	if type(domain) ~= "string" or domain:find("[^%w%.%-_]") or nameprep(domain) ~= domain then
		wrong("no domain in small letters and A-labels");
	end
	if type(entry) ~= "table" then wrong("no table"); end
	for field, values in pairs(FIELDS) do
		local value = entry[field];
		if value == nil or not values[value] then wrong(("%s = %s"):format(field, tostring(value))); end
	end
	for field in pairs(entry) do
		if not FIELDS[field] then wrong(("unknown: %s"):format(tostring(field))); end
	end
end

local function partner_of(entry)
	local dialback = entry.dialback and entry.sasl ~= "required";
	return {
		type = entry.type;
		[SASL] = entry.tls ~= "not-supported" and entry.sasl ~= "not-supported";
		[DIALBACK] = entry.tls ~= "not-supported" and dialback;
		[CLEAR] = entry.tls ~= "required" and dialback;
	};
end

-- A domain that is no partner, where stock Prosody decides. mod_s2s reads the global options alone; what this host asks
-- for encryption holds all the same.
local function stock_partner()
	local required = module:get_option_boolean("s2s_require_encryption", true);
	return { stock = true, [SASL] = true, [DIALBACK] = true, [CLEAR] = not required };
end

local function text_of(refuse_unlisted, entries)
	local lines = {};
	for domain, entry in pairs(entries) do
		local words = { domain, entry.type, entry.tls, entry.sasl, tostring(entry.dialback) };
		table.insert(lines, table.concat(words, " ") .. "\n");
	end
	table.sort(lines);
	return ("refuse-unlisted %s\n"):format(tostring(refuse_unlisted)) .. table.concat(lines);
end

-- Raises an error where the options are not understood to the last word.
local function read_policy()
	local interface = module:get_option("edgewright_api");
	if interface ~= INTERFACE then
		error(("the settings are for interface %s, this module is for %d"):format(tostring(interface), INTERFACE), 0);
	end
	local refuse_unlisted = module:get_option("edgewright_refuse_unlisted");
	if type(refuse_unlisted) ~= "boolean" then error("edgewright_refuse_unlisted: neither true nor false", 0); end
	local entries = module:get_option("edgewright_partners");
	if type(entries) ~= "table" then error("edgewright_partners: no table", 0); end

	local partners, count = {}, 0;
	for domain, entry in pairs(entries) do
		check_entry(domain, entry);
		partners[domain], count = partner_of(entry), count + 1;
	end
	return {
		partners = partners;
		count = count;
		refuse_unlisted = refuse_unlisted;
		unlisted = not refuse_unlisted and stock_partner() or nil;
		text = text_of(refuse_unlisted, entries);
	};
end

local policy, problem = read_policy(), nil;

-- What cannot be read leaves the old policy in force, as Prosody does with its configuration; `state` tells.
local function reread_policy()
	local understood, result = pcall(read_policy);
	if understood then
		policy, problem = result, nil;
		module:log("info", "%d partners, from the configuration that was read again", policy.count);
	else
		problem = tostring(result);
		module:log("error", "The old settings stay in force: %s", problem);
	end
end

-- The partner that `domain` is, in whichever way its labels are written; nil for a domain that is refused.
local function partner(domain)
	if not domain then return nil; end
	return policy.partners[domain] or policy.partners[to_ascii(domain) or domain] or policy.unlisted;
end

-- Streams -----------------------------------------------------------------------------------------------------------

local function ends(session)
	if session.direction == "outgoing" then return session.from_host, session.to_host; end
	return session.to_host, session.from_host;
end

local function has_valid_certificate(session)
	return session.cert_chain_status == "valid" and session.cert_identity_status == "valid";
end

local function dialback_way(session) return session.secure and DIALBACK or CLEAR; end

-- How `domain` was authenticated on an authenticated stream. Several domains can share one, and several hosts of this
-- server, of which some may not have this module.
local function way_of(session, domain)
	local _, peer = ends(session);
	if session.secure and session.external_auth == "succeeded" and domain == peer then return SASL; end
	return dialback_way(session);
end

local function is_allowed(domain, way)
	local p = partner(domain);
	return p ~= nil and p[way] == true;
end

local function refuse(session, condition, text)
	session.log("warn", "Refused by mod_%s: %s", module.name, text);
	session:close({ condition = condition, text = text }, nil, text);
	return true;
end

local UNLISTED = "Domain is not a federation partner";
local OUTDATED = "The stream is not authenticated as this host requires";

local function drop(features, name, xmlns)
	features:maptags(function (tag)
		if tag.name == name and tag.attr.xmlns == xmlns then return nil; end
		return tag;
	end);
end

local function offers_external(features)
	local mechanisms = features:get_child("mechanisms", xmlns_sasl);
	for mechanism in (mechanisms or st.stanza("none")):childtags("mechanism") do
		if mechanism:get_text() == "EXTERNAL" then return true; end
	end
	return false;
end

-- Streams from a partner --------------------------------------------------------------------------------------------

local function before_stock_features(event)
	local session = event.origin;
	-- A stream without `from` is named by dialback later.
	if session.type ~= "s2sin_unauthed" or not session.from_host then return; end
	local p = partner(session.from_host);
	if not p then return refuse(session, "policy-violation", UNLISTED); end
	if not p[SASL] and not p[DIALBACK] then session.ssl_ctx = false; end -- mod_tls takes it for "no TLS here"
end

local function leads_nowhere(session, features)
	return not features:get_child("dialback", xmlns_dialback) and not offers_external(features)
		and (session.secure or not features:get_child("starttls", xmlns_tls));
end

local function after_stock_features(event)
	local session, features = event.origin, event.features;
	local p = session.type == "s2sin_unauthed" and partner(session.from_host);
	if not p or p.stock then return; end
	if not p[SASL] then
		drop(features, "mechanisms", xmlns_sasl);
		session.external_auth = nil; -- mod_saslauth noted that it offered it
	end
	if not p[dialback_way(session)] then drop(features, "dialback", xmlns_dialback); end
	if features:get_child("starttls", xmlns_tls) then
		drop(features, "starttls", xmlns_tls);
		local starttls = st.stanza("starttls", { xmlns = xmlns_tls });
		features:add_child(p[CLEAR] and starttls or starttls:tag("required"):up());
	end
	if leads_nowhere(session, features) then
		return refuse(session, "not-authorized", session.secure and "A valid certificate is required" or "TLS is required");
	end
end

-- Others may rely on a stream that is authenticated already: it stays, and only this request fails.
local function refuse_dialback(session, stanza, text)
	if session.type ~= "s2sin" then return refuse(session, "policy-violation", text); end
	session.log("warn", "Refused by mod_%s: %s", module.name, text);
	local attr = { from = stanza.attr.to, to = stanza.attr.from, id = stanza.attr.id, type = "error" };
	session.sends2s(st.stanza("db:" .. stanza.name, attr)
		:tag("error", { type = "cancel" }):tag("policy-violation", { xmlns = xmlns_errors }));
	return true;
end

-- The partner wants to be known by dialback, or asks whether a key of ours is one.
local function dialback_arrives(event)
	local session, stanza = event.origin, event.stanza;
	if session.type ~= "s2sin_unauthed" and session.type ~= "s2sin" then return; end
	local domain = nameprep(stanza.attr.from or "");
	local p = partner(domain);
	if not p then return refuse_dialback(session, stanza, UNLISTED); end
	if p.stock and stanza.name == "verify" then return; end
	if not p[dialback_way(session)] then
		return refuse_dialback(session, stanza, "Dialback is not allowed for this partner on this stream");
	end
end

-- Streams to a partner ----------------------------------------------------------------------------------------------

local function stream_is_dialled(event)
	local p = partner(event.session.to_host);
	if p and not p[SASL] and not p[DIALBACK] then event.session.ssl_ctx = false; end -- no direct TLS either
end

-- mod_tls tries STARTTLS even where it is not offered, and the stream dies of it.
local function before_stock_starttls(session, features)
	if session.type ~= "s2sout_unauthed" or session.secure then return; end
	local p = partner(session.to_host);
	if p and not p.stock and p[CLEAR] and not features:get_child("starttls", xmlns_tls) then session.ssl_ctx = false; end
end

-- Before anything proves us to the other side. Without a usable certificate of its own, stock Prosody would go on to
-- dialback in clear text.
local function before_stock_authentication(session, features)
	if session.type ~= "s2sout_unauthed" then return; end
	local p = partner(session.to_host);
	if not p then return refuse(session, "policy-violation", UNLISTED); end
	if not session.secure and not p[CLEAR] then
		return refuse(session, "policy-violation", "TLS is required, but not to be had");
	end
	if p.stock or not session.secure then return; end
	if not p[SASL] or not has_valid_certificate(session) then drop(features, "mechanisms", xmlns_sasl); end
	if not p[DIALBACK] and not offers_external(features) then
		return refuse(session, "not-authorized", "SASL EXTERNAL is required, but not to be had");
	end
end

local function external_failed(session)
	local p = partner(session.to_host);
	if session.type ~= "s2sout_unauthed" or p and p[DIALBACK] then return; end
	return refuse(session, nil, "SASL EXTERNAL failed, and dialback is not allowed for this partner");
end

-- A stream of before XMPP 1.0, which has no features.
local function before_legacy_starttls(event)
	local p = partner(event.origin.to_host);
	if p and not p.stock and p[CLEAR] then event.origin.ssl_ctx = false; end
end

local function before_legacy_dialback(event)
	local session = event.origin;
	if is_allowed(session.to_host, dialback_way(session)) then return; end
	return refuse(session, "policy-violation", "Dialback is not allowed for this partner on this stream");
end

-- Both --------------------------------------------------------------------------------------------------------------

-- Between those that judge the certificate and mod_s2s, which refuses what they say is not valid where the globals are
-- strict, and nothing where they are lax.
local function certificate_is_judged(event)
	local session = event.session;
	local own, peer = ends(session);
	local p = own == host and partner(peer);
	if not p or p.stock then return; end
	if p[DIALBACK] then return true; end
	if not has_valid_certificate(session) then
		refuse(session, "not-authorized", ("The certificate is not valid for %s"):format(peer));
		return false;
	end
end

local function way_by(mechanism, session)
	if mechanism == "EXTERNAL" then return session.secure and SASL or nil; end
	return mechanism == "dialback" and dialback_way(session) or nil;
end

local function objection(session, p, way)
	if not p then return UNLISTED; end
	if p.stock and not way then return nil; end -- a mechanism of somebody else's module
	if not way or not p[way] then return ("%s is not allowed for this partner"):format(way or "This mechanism"); end
	if way == SASL and not p.stock and not has_valid_certificate(session) then return "The certificate is not valid"; end
end

-- Under strict globals mod_s2s refuses clear text and wants the mark that the certificate was looked at. Both are lent
-- for the time of this one event.
local function call_as_if_secure(session, handlers, name, event)
	local secure, authenticated_remote = session.secure, session.authenticated_remote;
	session.secure, session.authenticated_remote = true, true;
	local succeeded, result = pcall(handlers, name, event);
	if not session.destroyed then
		session.secure, session.authenticated_remote = secure, authenticated_remote;
	end
	if not succeeded then error(result, 0); end
	return result;
end

local function stream_is_authenticated(handlers, name, event)
	local session, p = event.session, partner(event.host);
	local way = way_by(event.mechanism, session);
	local why = objection(session, p, way);
	if why then
		refuse(session, "policy-violation", why);
		return false;
	end
	if way == CLEAR and not p.stock then return call_as_if_secure(session, handlers, name, event); end
	return handlers(name, event);
end

-- Stanzas -----------------------------------------------------------------------------------------------------------

-- With bidirectional streams, stanzas arrive on a stream that we dialled too. A dummy is Prosody's own, for its errors.
local function is_remote(session)
	return (session.type == "s2sin" or session.type == "s2sout") and not session.dummy;
end

local function bounce(stanza, text)
	if stanza.attr.type == "error" or stanza.attr.type == "result" then return; end
	if stanza.name ~= "message" and stanza.name ~= "presence" and stanza.name ~= "iq" then return; end
	module:send(st.error_reply(stanza, "cancel", "not-allowed", text));
end

-- What a stream was allowed to carry once, it may not carry any more; and Prosody takes stanzas for this host from a
-- stream that was authenticated for another one, where other rules hold.
local function stanza_arrives(event)
	local session, stanza = event.origin, event.stanza;
	if not is_remote(session) then return; end
	local domain = jid.host(stanza.attr.from);
	if is_allowed(domain, way_of(session, domain)) then return; end
	if ends(session) == host then return refuse(session, "policy-violation", OUTDATED); end
	session.log("warn", "Refused by mod_%s: %s", module.name, OUTDATED);
	bounce(stanza, OUTDATED);
	return true;
end

local function drop_outdated_stream(domain)
	local session = prosody.hosts[host].s2sout[domain];
	if session and is_remote(session) and not is_allowed(domain, way_of(session, domain)) then
		refuse(session, "policy-violation", OUTDATED);
	end
end

-- Copied, because the same stanza goes to other contacts too.
local function without_note(stanza)
	local last = stanza:get_child("query", xmlns_last);
	if not last and (stanza.name ~= "presence" or not stanza:get_child("status")) then return stanza; end
	local copy = st.clone(stanza);
	if copy.name == "presence" then drop(copy, "status", nil); end
	if last then
		drop(copy, "query", xmlns_last);
		copy:add_child(st.stanza("query", { xmlns = xmlns_last, seconds = last.attr.seconds }));
	end
	return copy;
end

local function stanza_leaves(event)
	local p = partner(event.to_host);
	if not p then
		bounce(event.stanza, UNLISTED);
		return true;
	end
	drop_outdated_stream(event.to_host);
	if not p.stock and p.type ~= "federated" then event.stanza = without_note(event.stanza); end
end

local function is_contact(user, contact)
	local roster = rostermanager.load_roster(user, host);
	return roster ~= nil and roster[contact] ~= nil;
end

-- A partner whose users nobody verified: only those the user added get through.
local function stranger_arrives(event)
	local session, stanza = event.origin, event.stanza;
	if not is_remote(session) then return; end
	local contact, user = jid.bare(stanza.attr.from), jid.node(stanza.attr.to);
	local p = partner(jid.host(contact));
	if not p or p.type ~= "public-unverified" or not user or is_contact(user, contact) then return; end
	local kind = stanza.attr.type;
	if kind == "error" or stanza.name == "iq" and kind == "result" then return; end
	if stanza.name == "presence" then
		if kind == "subscribe" then
			module:send(st.presence({ from = jid.bare(stanza.attr.to), to = contact, type = "unsubscribed" }));
		end
	else
		module:send(st.error_reply(stanza, "cancel", "service-unavailable"));
	end
	return true;
end

local function send_presence(account, contact)
	local user = prosody.bare_sessions[account];
	for _, session in pairs(user and user.sessions or {}) do
		if session.presence then
			local presence = st.clone(session.presence);
			presence.attr.from, presence.attr.to = session.full_jid, contact;
			module:send(presence);
		end
	end
end

-- Contacts of a partner that verifies its users need no consent.
local function subscription_arrives(event)
	local session, stanza = event.origin, event.stanza;
	if not is_remote(session) or stanza.attr.type ~= "subscribe" then return; end
	local contact, account = jid.bare(stanza.attr.from), jid.bare(stanza.attr.to);
	local p, user = partner(jid.host(contact)), jid.node(account);
	if not p or p.stock or p.type == "public-unverified" or not user or not user_exists(user, host) then return; end
	if rostermanager.is_contact_subscribed(user, host, contact) then return; end
	rostermanager.set_contact_pending_in(user, host, contact, stanza);
	if not rostermanager.subscribed(user, host, contact) then return; end
	rostermanager.roster_push(user, host, contact);
	module:send(st.presence({ from = account, to = contact, type = "subscribed" }));
	send_presence(account, contact);
	return true;
end

-- What Edgewright asks ----------------------------------------------------------------------------------------------

function module.policy_text() return policy.text; end

function module.state()
	return json.encode({
		interface = INTERFACE;
		partners = policy.count;
		refuse_unlisted = policy.refuse_unlisted;
		policy = sha256(policy.text, true);
		s2s = modulemanager.is_loaded(host, "s2s") == true;
		problem = problem or json.null; -- why the configuration that was read last is not in force
	});
end

local function described(session, direction, domain)
	local way = way_of(session, domain);
	return { id = session.id, direction = direction, domain = domain, way = way, allowed = is_allowed(domain, way) };
end

local function each_stream(visit)
	for _, session in pairs(module:shared("/*/s2s/sessions")) do
		local own, peer = ends(session);
		if own == host and session.type == "s2sout" then
			visit(session, described(session, "outgoing", peer));
		elseif own == host and session.type == "s2sin" then
			for domain, entry in pairs(session.hosts) do
				if entry.authed then visit(session, described(session, "incoming", domain)); end
			end
		end
	end
end

local function outdated_streams()
	local sessions, list = {}, array();
	each_stream(function (session, description)
		if not description.allowed then
			sessions[session] = true;
			list:push(description);
		end
	end);
	return sessions, list;
end

function module.streams()
	local list = array();
	each_stream(function (_, description) list:push(description); end);
	return json.encode(list);
end

function module.outdated()
	local _, list = outdated_streams();
	return json.encode(list);
end

function module.close_outdated()
	local sessions, list = outdated_streams();
	for session in pairs(sessions) do
		refuse(session, "policy-violation", OUTDATED);
	end
	return json.encode(list);
end

-- Hooks -------------------------------------------------------------------------------------------------------------
-- The numbers are priorities. Stock Prosody: mod_tls 500 and, for legacy streams, 200; mod_saslauth 150 and, for a
-- failure, 500; mod_dialback 100; what offers features 0.

module:hook_global("config-reloaded", reread_policy);

module:hook("s2s-stream-features", before_stock_features, 10);
module:hook("s2s-stream-features", after_stock_features, -50);
module:hook("stanza/jabber:server:dialback:result", dialback_arrives, 100);
module:hook("stanza/jabber:server:dialback:verify", dialback_arrives, 100);

module:hook("s2sout-created", stream_is_dialled, 10);
module:hook_tag(xmlns_stream, "features", before_stock_starttls, 510);
module:hook_tag(xmlns_stream, "features", before_stock_authentication, 160);
module:hook_tag(xmlns_sasl, "failure", external_failed, 110);
module:hook("s2sout-authenticate-legacy", before_legacy_starttls, 510);
module:hook("s2sout-authenticate-legacy", before_legacy_dialback, 150);

module:hook_global("s2s-check-certificate", certificate_is_judged, -0.5); -- mod_s2s: -1
module:wrap_event("s2s-authenticated", stream_is_authenticated);

for _, name in ipairs { "message", "presence", "iq" } do
	for _, address in ipairs { "bare", "full", "host" } do
		module:hook(name .. "/" .. address, stanza_arrives, 1000000);
	end
end
module:hook("route/remote", stanza_leaves, 50);

if module:get_host_type() == "local" then -- a component has no contacts; a room has rules of its own
	for _, name in ipairs { "message/bare", "message/full", "iq/bare", "iq/full", "presence/bare", "presence/full" } do
		module:hook(name, stranger_arrives, 200);
	end
	for _, name in ipairs { "presence/bare", "presence/full" } do
		module:hook(name, subscription_arrives, 50); -- after mod_blocklist (100)
	end
end

-- Federation opens last and closes with this module -----------------------------------------------------------------

function module.load()
	if modulemanager.is_loaded(host, "s2s") then return; end
	local loaded, why = modulemanager.load(host, "s2s");
	if not loaded then module:log("error", "mod_s2s: %s", why); end
end

function module.save() return {}; end

-- Only where the configuration still keeps stock Prosody from loading it: after an undo it is Prosody's again. Never
-- through the shell, which would take the port from every host.
local function close_federation()
	local disabled = module:get_option_inherited_set("modules_disabled", {}):contains("s2s");
	if disabled and not modulemanager.is_loaded(host, module.name) then modulemanager.unload(host, "s2s"); end
end

-- In the same instant in which the hooks are gone for good, and not in a reload that succeeds: these events come after
-- it. Hooked past `module`, whose hooks do not live that long.
function module.unload()
	local events = prosody.hosts[host].events;
	local function settle(event)
		if event.module ~= module.name then return; end
		events.remove_handler("module-unloaded", settle);
		events.remove_handler("module-reloaded", settle);
		close_federation();
	end
	events.add_handler("module-unloaded", settle);
	events.add_handler("module-reloaded", settle);
end
