//! Prosody on this machine: what its programs say, the files it gets, what it is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::settings::{MODULE, MODULE_FILE, MODULE_NAME, settings};
use crate::edge::{Deployment, Method, Partner, Server};
use crate::home::{HostFound, ModuleFound, ServerFound, StreamFound, percent_decoded};
use crate::pki::digest::sha256_hex;
use crate::problem::{Code, Problem};
use crate::servers::installation::{InstalledFile, Local, Verb, ended, our_hosts, program_ran, program_said, user_of};
use crate::servers::policy::policy_text;
use crate::system::{Command, Programs};
use crate::text::{Message, Text, say};

/// What Prosody's own Lua runs to read a configuration.
pub(super) const ASK: &str = include_str!("../../../assets/prosody/ask.lua");
/// Who it runs as, unless its configuration says otherwise.
const USER: &str = "prosody";
const MAIN: &str = "/etc/prosody/prosody.cfg.lua";
const MODULES: &str = "/usr/local/lib/prosody/modules";

/// What [`ASK`] says.
#[derive(Deserialize)]
struct Asked {
    hosts: BTreeMap<String, AskedHost>,
    global: AskedGlobal,
}

#[derive(Deserialize)]
struct AskedHost {
    component: Option<String>,
    modules_enabled: Option<Vec<String>>,
    modules_disabled: Option<Vec<String>>,
    ssl: Option<serde_json::Map<String, serde_json::Value>>,
    enabled: Option<bool>,
}

#[derive(Deserialize)]
struct AskedGlobal {
    modules_enabled: Option<Vec<String>>,
    modules_disabled: Option<Vec<String>>,
    plugin_paths: Option<Vec<String>>,
}

/// Prosody on this machine.
pub(super) struct Here;

impl Local for Here {
    fn server(&self) -> Server {
        Server::Prosody
    }

    fn main(&self) -> &'static Path {
        Path::new(MAIN)
    }

    fn settings(&self, main: &Path) -> PathBuf {
        main.with_file_name("edgewright.cfg.lua")
    }

    fn usual(&self) -> ServerFound {
        ServerFound::unasked(Path::new(MAIN), Path::new(MODULES))
    }

    fn blind(&self, main: &Path) -> Option<ServerFound> {
        Some(ServerFound::unasked(main, Path::new(MODULES)))
    }

    fn ask(&self, programs: &dyn Programs, main: &Path) -> Result<ServerFound, Message> {
        let about = program_said(programs, &prosodyctl(main, &["about"]));
        let about = about.map_err(|failed| without_settings(programs, main).unwrap_or(failed))?;
        let value = |begin: &str| about.lines().find_map(|line| line.trim().strip_prefix(begin)).map(str::trim);
        let (version, source, lua) = (
            value("Prosody "),
            value("Source directory:"),
            value("Lua version:").and_then(|lua| lua.strip_prefix("Lua ")),
        );
        let (Some(version), Some(source), Some(lua)) = (version, source, lua) else {
            return Err(say("ask-unclear").with("command", "prosodyctl about"));
        };
        let user = user_of(programs, USER)?;
        let ours = Here.settings(main);
        let arguments = ["-", &main.to_string_lossy(), &ours.to_string_lossy(), source];
        let asked = Command::new(format!("lua{lua}"), &arguments).reading(ASK).as_user(user.owner);
        let asked = program_said(programs, &asked)?;
        let asked: Asked = serde_json::from_str(&asked).map_err(|_| say("ask-unclear").with("command", "ask.lua"))?;
        let lists = |list: &Option<Vec<String>>| list.iter().flatten().any(|name| name == "dialback");
        let global = lists(&asked.global.modules_enabled) && !lists(&asked.global.modules_disabled);
        let modules = asked.global.plugin_paths.and_then(|paths| paths.into_iter().find(|path| path.starts_with('/')));
        let is_running = program_ran(programs, &prosodyctl(main, &["status"]))?.code == Some(0);
        let host = |host: AskedHost| HostFound {
            has_dialback: !lists(&host.modules_disabled) && (global || lists(&host.modules_enabled)),
            component: host.component,
            modules_enabled: host.modules_enabled.unwrap_or_default(),
            modules_disabled: host.modules_disabled.unwrap_or_default(),
            tls: host.ssl.map(without_pair).unwrap_or_default(),
            is_disabled: host.enabled == Some(false),
        };
        Ok(ServerFound {
            version: version.to_owned(),
            is_running,
            user: user.owner,
            main: main.to_owned(),
            modules: modules.map(PathBuf::from).ok_or_else(|| say("ask-no-plugin-path"))?,
            module: ModuleFound::Missing,
            is_in_force: false,
            hosts: asked.hosts.into_iter().map(|(name, asked)| (name, host(asked))).collect(),
            streams: if is_running { streams(programs, main)? } else { Vec::new() },
            other_streams: 0,
            options: Vec::new(),
        })
    }

    fn files(&self, deployment: &Deployment, found: &ServerFound, text: &Text) -> Vec<InstalledFile> {
        let module = found.modules.join(MODULE_FILE);
        let pair = self.pairs(found).join("current");
        let content = settings(deployment, found, &pair, text);
        vec![
            InstalledFile { path: module, content: MODULE.to_owned(), is_public: true },
            InstalledFile { path: self.settings(&found.main), content, is_public: false },
        ]
    }

    fn module(&self, _: &ServerFound) -> Vec<InstalledFile> {
        Vec::new()
    }

    fn take_in(&self, _: &ServerFound, _: &str) -> Vec<Command> {
        Vec::new()
    }

    fn included(&self, content: &str, main: &Path) -> String {
        let line = line(main);
        let is_nothing = |said: &str| said.trim().is_empty() || said.trim_start().starts_with("--");
        if content.lines().rfind(|said| !is_nothing(said)).is_some_and(|said| said.trim() == line) {
            return content.to_owned();
        }
        ended(&self.excluded(content, main)) + &line + "\n"
    }

    fn excluded(&self, content: &str, main: &Path) -> String {
        let line = line(main);
        content.split_inclusive('\n').filter(|said| said.trim() != line).collect()
    }

    fn can_make_rooms(&self) -> bool {
        true
    }

    fn problems(&self, deployment: &Deployment, found: &ServerFound) -> Vec<Problem> {
        let is_missing = |name: &&str| found.host(name).is_none_or(|(_, host)| host.component.is_none());
        let components = deployment.edge.components.iter().map(crate::name::Name::ascii);
        let is_made = |name: &&str| deployment.makes_rooms && found.host(name).is_none() && is_for_rooms(name);
        let missing = components.filter(is_missing).filter(|name| !is_made(name)).map(|name| {
            let main = found.main.to_string_lossy().into_owned();
            Problem::error(Code::ServerComponent, "").with("name", name).with("file", main)
        });
        let missing = missing.chain(without_dialback(deployment, found));
        let disabled = our_hosts(deployment).filter(|name| found.host(name).is_some_and(|(_, host)| host.is_disabled));
        let disabled = disabled.map(|name| Problem::error(Code::ServerHostDisabled, "").with("name", name));
        missing.chain(disabled).collect()
    }

    fn commands(&self, verb: Verb, found: &ServerFound, deployment: Option<&Deployment>) -> Vec<Command> {
        let main = &found.main;
        let shell = |said: String| prosodyctl(main, &["shell", &said]);
        match (verb, deployment) {
            (Verb::Reload, _) => vec![prosodyctl(main, &["reload"])],
            (Verb::Enforce, Some(deployment)) => {
                let ours = our_hosts(deployment).map(|host| enforce(found.spelled(host)));
                let gone = shell(told(GONE)).expecting("edgewright: released");
                ours.map(|ours| shell(ours).expecting("edgewright: enforced")).chain([gone]).collect()
            }
            (Verb::Verify, Some(deployment)) => {
                let digest = sha256_hex(policy_text(deployment).as_bytes());
                let ours = our_hosts(deployment).map(|host| state(found.spelled(host)));
                ours.map(|ours| shell(ours).expecting(digest.as_str())).collect()
            }
            (Verb::Release, _) => vec![
                shell(told(GONE)).expecting("edgewright: released"),
                shell(told(STAYING)).expecting("edgewright: reloaded"),
            ],
            _ => Vec::new(),
        }
    }
}

/// That our settings are gone, which the main file reads still: then Prosody reads nothing of it.
fn without_settings(programs: &dyn Programs, main: &Path) -> Option<Message> {
    let said = program_ran(programs, &Command::new("cat", &[&main.to_string_lossy()])).ok()?.output;
    let file = Here.settings(main).to_string_lossy().into_owned();
    let is_there = program_ran(programs, &Command::new("test", &["-e", &file])).ok()?.code == Some(0);
    (!is_there && Here.excluded(&said, main) != said).then(|| say("ask-settings-gone").with("file", file))
}

/// The partners who would come by dialback alone, where the person's own configuration disables that for a host of ours.
fn without_dialback(deployment: &Deployment, found: &ServerFound) -> Vec<Problem> {
    let disables = |host: &&str| found.host(host).is_some_and(|(_, host)| !host.has_dialback);
    let Some(host) = our_hosts(deployment).find(disables) else { return Vec::new() };
    let needs_it = |partner: &&Partner| {
        let methods = partner.outcome(Server::Prosody).methods;
        !methods.is_empty() && !methods.contains(&Method::SaslOverTls)
    };
    let partners = deployment.federation.partners.iter().filter(needs_it);
    let cannot = |partner: &Partner| {
        let problem = Problem::warning(Code::ServerCannot, "").with("partner", partner.domain.both());
        problem.with("reasons", say("limit-dialback-disabled").with("host", host))
    };
    partners.map(cannot).collect()
}

/// What stands before everything that Prosody's shell is told (Prosody 13 has a prefix for its libraries), and around it:
/// the shell takes an expression.
fn told(said: &str) -> String {
    let need = "local function need(name) local found, it = pcall(require, 'prosody.' .. name) \
                return found and it or require(name) end";
    let own =
        "local modules, hosts, config = need 'core.modulemanager', need 'core.hostmanager', need 'core.configmanager'";
    let lists = "local function lists(host, list, name) \
                 for _, one in ipairs(config.get(host, list) or {}) do if one == name then return true end end end";
    format!("> (function () {need} {own} {lists} local ours = '{MODULE_NAME}' {said} end)()")
}

/// Has our module work for a host, which is made known first where it is new. A stream that the settings do not allow any
/// more carries nothing from then on, so it is closed, and the next one is made as they say.
fn enforce(host: &str) -> String {
    let done = "if not done then return 'edgewright: ' .. tostring(why) end \
                modules.reload(host, 'tls') \
                prosody.hosts[host].modules[ours].module.close_outdated() return 'edgewright: enforced'";
    let load = "local act = modules.is_loaded(host, ours) and modules.reload or modules.load \
                local done, why = act(host, ours)";
    told(&format!("local host = '{host}' if not prosody.hosts[host] then hosts.activate(host) end {load} {done}"))
}

/// The authenticated streams of all hosts, whether our module is there or not.
fn streams(programs: &dyn Programs, main: &Path) -> Result<Vec<StreamFound>, Message> {
    let said = program_ran(programs, &prosodyctl(main, &["shell", &told(STREAMS)]))?.output;
    let listed = said.lines().find_map(|line| line.split_once(STREAMS_ARE)).map(|(_, listed)| listed);
    // Whatever is done later is done through the shell too.
    let listed = listed.ok_or_else(|| say("ask-unclear").with("command", "prosodyctl shell"))?;
    let stream = |said: &str| {
        let [host, direction, domain, method] = said.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let (host, domain) = (percent_decoded(host), percent_decoded(domain));
        Some(StreamFound { host, domain, is_incoming: direction == "in", method: Method::named(method) })
    };
    Ok(listed.split(';').filter_map(stream).collect())
}

/// Whether a component's name says that it is a chat-room service; what else it may be, only its administrator knows.
fn is_for_rooms(name: &str) -> bool {
    let label = name.split('.').next().unwrap_or_default();
    ["conference", "muc", "room", "rooms", "chat", "chatrooms", "groupchat"].contains(&label)
}

/// What our module enforces for a host.
fn state(host: &str) -> String {
    format!("> prosody.hosts['{host}'].modules.{MODULE_NAME}.module.state()")
}

const STREAMS_ARE: &str = "edgewright: streams ";

/// Tells host, direction, domain and method of every authenticated stream, as our module tells them apart.
const STREAMS: &str = "\
    local said = {} \
    local function ascii(name) return (name:gsub('[^%w%.%-_]', function (c) return ('%%%02x'):format(c:byte()) end)) end \
    local function add(host, direction, domain, session, is_proved) \
        local way = not session.secure and 'tcp-dialback' or is_proved and 'sasl-over-tls' or 'tls-dialback' \
        said[#said + 1] = table.concat({ ascii(host), direction, ascii(domain), way }, ' ') end \
    for session in pairs(prosody.incoming_s2s or {}) do if session.type == 's2sin' and session.to_host then \
        for domain, one in pairs(session.hosts or {}) do if one.authed then \
            add(session.to_host, 'in', domain, session, session.external_auth == 'succeeded' and domain == session.from_host) \
        end end end end \
    for host, one in pairs(prosody.hosts) do for domain, session in pairs(one.s2sout or {}) do \
        if session.type == 's2sout' then add(host, 'out', domain, session, session.external_auth == 'succeeded') end \
    end end return 'edgewright: streams ' .. table.concat(said, '; ')";

/// Has hosts go on without our module that the configuration has it for no more; one that is in no file is known no more.
const GONE: &str = "\
    for host in pairs(prosody.hosts) do if modules.is_loaded(host, ours) and not lists(host, 'modules_enabled', ours) then \
        modules.unload(host, ours) \
        if not rawget(config.getconfig(), host) then hosts.deactivate(host) \
        elseif not lists(host, 'modules_disabled', 's2s') and not modules.is_loaded(host, 's2s') then \
            modules.load(host, 's2s') end \
        if prosody.hosts[host] then modules.reload(host, 'tls') end \
    end end return 'edgewright: released'";

/// Has hosts go on with our module as an earlier run put it there.
const STAYING: &str = "\
    for host in pairs(prosody.hosts) do if lists(host, 'modules_enabled', ours) then \
        (modules.is_loaded(host, ours) and modules.reload or modules.load)(host, ours) modules.reload(host, 'tls') \
        prosody.hosts[host].modules[ours].module.close_outdated() \
    end end return 'edgewright: reloaded'";

/// What is the host's own in its TLS settings: the certificate is ours.
fn without_pair(settings: serde_json::Map<String, serde_json::Value>) -> serde_json::Map<String, serde_json::Value> {
    let is_option = |name: &str| name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_');
    let of_pair = ["certificate", "key", "password"];
    settings.into_iter().filter(|(name, _)| is_option(name) && !of_pair.contains(&name.as_str())).collect()
}

/// The line that reads our settings.
fn line(main: &Path) -> String {
    format!("Include \"{}\"", Here.settings(main).to_string_lossy())
}

/// `prosodyctl` for the server with this main configuration file.
fn prosodyctl(main: &Path, arguments: &[&str]) -> Command {
    let named = main.to_string_lossy();
    let config = if main == Path::new(MAIN) { Vec::new() } else { vec!["--config", &*named] };
    Command::new("prosodyctl", &[config.as_slice(), arguments].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_reads_our_settings_is_the_last_and_there_once() {
        let main = Path::new("/etc/prosody/prosody.cfg.lua");
        let line = "Include \"/etc/prosody/edgewright.cfg.lua\"\n";
        let own = "VirtualHost \"a.example\"\n";
        assert_eq!(Here.included(own, main), format!("{own}{line}"));
        let ended = format!("{own}{line}-- the end\n\n");
        assert_eq!(Here.included(&ended, main), ended);
        assert_eq!(Here.included(&format!("{line}{own}"), main), format!("{own}{line}"));
        assert_eq!(Here.included(own.trim_end(), main), format!("{own}{line}"));
        let windows = "-- a\r\nVirtualHost \"a.example\"\r\n";
        assert_eq!(Here.included(windows, main), format!("{windows}{line}"), "their lines end as they did");
        assert_eq!(Here.excluded(&format!("{own}{line}-- theirs"), main), format!("{own}-- theirs"));
    }
}
