//! ejabberd on this machine: what its programs say, the files it gets, what it is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::own_options::OwnOptions;
use super::settings::{listed, settings};
use crate::edge::{Deployment, Method, Server};
use crate::home::{HostFound, ModuleFound, OptionFound, ServerFound, StreamFound, percent_decoded};
use crate::name::Name;
use crate::pki::digest::sha256_hex;
use crate::problem::{Code, Problem};
use crate::servers::installation::{
    InstalledFile, Local, User, Verb, ended, our_hosts, program_ran, program_said, user_of,
};
use crate::servers::partners::is_host;
use crate::servers::policy::policy_text;
use crate::system::{Command, Programs};
use crate::text::{Message, Text, say};

/// Our module, which the running node compiles for itself.
const SOURCE: &str = include_str!("../../../assets/ejabberd/mod_edgewright.erl");
const SPEC: &str = include_str!("../../../assets/ejabberd/mod_edgewright.spec");
const MODULE: &str = "mod_edgewright";
/// Who it runs as.
const USER: &str = "ejabberd";
const MAIN: &str = "/etc/ejabberd/ejabberd.yml";
/// Files that are read of one configuration.
const MOST_FILES: usize = 100;
const MODULES: &str = "/var/lib/ejabberd/.ejabberd-modules/sources/mod_edgewright";

/// ejabberd on this machine.
pub(super) struct Here;

impl Local for Here {
    fn server(&self) -> Server {
        Server::Ejabberd
    }

    fn main(&self) -> &'static Path {
        Path::new(MAIN)
    }

    fn settings(&self, main: &Path) -> PathBuf {
        main.with_file_name("edgewright.yml")
    }

    fn usual(&self) -> ServerFound {
        ServerFound::unasked(Path::new(MAIN), Path::new(MODULES))
    }

    fn ask(&self, programs: &dyn Programs, main: &Path) -> Result<ServerFound, Message> {
        let user = user_of(programs, USER)?;
        // Its release brings its own Erlang; nobody tried our module there.
        if user.home == Path::new("/opt/ejabberd") {
            return Err(say("ask-processone"));
        }
        let ran = program_ran(programs, &ejabberdctl(&["status"]))?;
        let is_running = ran.code == Some(0);
        // «ejabberd 23.01.0 is running in that node»
        let running = ran.output.lines().find_map(|line| line.strip_prefix("ejabberd ")?.split(' ').next());
        let modules = user.home.join(".ejabberd-modules/sources").join(MODULE);
        // What ejabberd takes for an installed module, whatever else of it is there.
        let spec = installed(&modules).join(format!("{MODULE}.spec"));
        let has_module = Command::new("test", &["-e", &spec.to_string_lossy()]);
        let has_module = program_ran(programs, &has_module)?.code == Some(0);
        let own = own_options(programs, main, &user)?;
        let streams = if is_running { Streams::of(programs, has_module)? } else { Streams::default() };
        Ok(ServerFound {
            module: match (has_module, streams.are_told) {
                (false, _) => ModuleFound::Missing,
                (true, false) => ModuleFound::Silent,
                (true, true) => ModuleFound::Answers,
            },
            version: running.unwrap_or_default().to_owned(),
            is_running,
            is_in_force: false,
            user: user.owner,
            main: main.to_owned(),
            modules,
            hosts: if is_running { hosts(programs, main, &own)? } else { BTreeMap::new() },
            streams: streams.told,
            other_streams: streams.others,
            options: own.options,
        })
    }

    fn files(&self, deployment: &Deployment, found: &ServerFound, text: &Text) -> Vec<InstalledFile> {
        let pairs = self.pairs(found);
        let content = settings(deployment, found, &pairs, text);
        vec![InstalledFile { path: self.settings(&found.main), content, is_public: false }]
    }

    fn module(&self, found: &ServerFound) -> Vec<InstalledFile> {
        let file = |(name, content): (String, &str)| InstalledFile {
            path: found.modules.join(name),
            content: content.to_owned(),
            is_public: false,
        };
        module().map(file).into()
    }

    fn take_in(&self, found: &ServerFound, source: &str) -> Vec<Command> {
        take_in(found, source)
    }

    fn included(&self, content: &str, main: &Path) -> String {
        let line = line(main);
        if content.lines().any(|said| said.trim_end() == line) {
            return content.to_owned();
        }
        ended(content) + &line + "\n"
    }

    fn excluded(&self, content: &str, main: &Path) -> String {
        let line = line(main);
        content.split_inclusive('\n').filter(|said| said.trim_end() != line).collect()
    }

    fn can_make_rooms(&self) -> bool {
        false
    }

    fn problems(&self, deployment: &Deployment, found: &ServerFound) -> Vec<Problem> {
        let is_ours = |option: &&OptionFound| {
            let host = Name::new(&option.host);
            option.host.is_empty() || our_hosts(deployment).any(|ours| ours == host.ascii())
        };
        let twice = |option: &OptionFound| {
            let file = option.file.to_string_lossy().into_owned();
            let problem = Problem::error(Code::ServerOption, "").with("option", option.name.as_str());
            problem.with("name", option.host.as_str()).with("file", file).with("line", option.line.to_string())
        };
        found.options.iter().filter(is_ours).map(twice).collect()
    }

    fn commands(&self, verb: Verb, found: &ServerFound, deployment: Option<&Deployment>) -> Vec<Command> {
        match (verb, deployment) {
            (Verb::InstallModule, _) => take_in(found, SOURCE),
            (Verb::Reload, _) => vec![ejabberdctl(&["reload_config"])],
            (Verb::Verify, Some(deployment)) => {
                let digest = sha256_hex(policy_text(deployment).as_bytes());
                let hosts = deployment.edge.xmpp_domains.iter().filter(|name| is_host(name)).map(Name::ascii);
                let hosts = hosts.map(|host| ejabberdctl(&["edgewright_state", found.spelled(host)]));
                hosts.map(|asked| asked.expecting(digest.as_str())).collect()
            }
            (Verb::RemoveModule, _) => remove_module(found),
            _ => Vec::new(),
        }
    }

    fn at_rest(&self, verb: Verb, found: &ServerFound) -> Vec<Command> {
        match verb {
            Verb::RemoveModule => {
                let folders = [found.modules.clone(), installed(&found.modules)].map(|folder| remove(&folder, found));
                folders.into()
            }
            _ => Vec::new(),
        }
    }
}

/// The hosts of the running node that are not there because of our settings: a name that is listed twice is refused.
fn hosts(programs: &dyn Programs, main: &Path, own: &OwnOptions) -> Result<BTreeMap<String, HostFound>, Message> {
    let settings = Here.settings(main);
    let ours = program_ran(programs, &Command::new("cat", &[&settings.to_string_lossy()]))?.output;
    let ours = listed(&ours);
    // Somebody may have taken our file away while the node goes on with what it read there.
    let is_lost = ours.is_empty() && own.included.iter().any(|file| Path::new(file) == settings);
    let is_their_own = |name: &str| own.hosts.iter().any(|own| Name::new(own).ascii() == Name::new(name).ascii());
    let all = program_said(programs, &ejabberdctl(&["registered_vhosts"]))?;
    let theirs = all.lines().map(str::trim).filter(|name| !name.is_empty() && !ours.contains(name));
    let theirs = theirs.filter(|name| !is_lost || own.hosts.is_empty() || is_their_own(name));
    Ok(theirs.map(|name| (name.to_owned(), HostFound::default())).collect())
}

/// What the running node tells of its streams.
#[derive(Default)]
struct Streams {
    /// Whether our module tells, of each.
    are_told: bool,
    told: Vec<StreamFound>,
    /// How many there are where it does not: ejabberd itself only counts them.
    others: usize,
}

impl Streams {
    fn of(programs: &dyn Programs, has_module: bool) -> Result<Self, Message> {
        if has_module {
            let listed = program_ran(programs, &ejabberdctl(&["edgewright_streams"]))?;
            if listed.code == Some(0) {
                let told = listed.output.lines().filter_map(stream).collect();
                return Ok(Streams { are_told: true, told, others: 0 });
            }
        }
        let mut others = 0;
        for count in ["incoming_s2s_number", "outgoing_s2s_number"] {
            others += program_ran(programs, &ejabberdctl(&[count]))?.output.trim().parse().unwrap_or(0);
        }
        Ok(Streams { are_told: false, told: Vec::new(), others })
    }
}

/// A stream as our module tells it, `HOST in|out DOMAIN WAY`; none where it is only being made.
fn stream(line: &str) -> Option<StreamFound> {
    let [host, direction, domain, way] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    let method = match way {
        "none" => return None,
        "external" => Some(Method::SaslOverTls),
        "dialback_tls" => Some(Method::TlsDialback),
        "dialback_clear" => Some(Method::TcpDialback),
        _ => None,
    };
    let (host, domain) = (percent_decoded(host), percent_decoded(domain));
    Some(StreamFound { host, domain, is_incoming: direction == "in", method })
}

/// What the main configuration file, and what it includes, say of their own. ejabberd takes relative names from its user's
/// folder, which it is started in.
fn own_options(programs: &dyn Programs, main: &Path, user: &User) -> Result<OwnOptions, Message> {
    let ours = Here.settings(main);
    // As its own user, who sees what it sees: who names these files may not be root.
    let cat = |file: &Path| Command::new("cat", &[&file.to_string_lossy()]).as_user(user.owner);
    let (mut all, mut waiting, mut read) = (OwnOptions::default(), vec![main.to_owned()], Vec::new());
    while let Some(file) = waiting.pop().filter(|_| read.len() < MOST_FILES) {
        if file == ours || read.contains(&file) {
            continue;
        }
        let said = program_ran(programs, &cat(&file))?.output;
        let own = OwnOptions::of(&said, &file);
        waiting.extend(own.included.iter().map(|name| user.home.join(name)));
        all.extend(own);
        read.push(file);
    }
    Ok(all)
}

/// The source is put into the server's own folder by its own user: root writes nothing where another may lead it elsewhere.
fn take_in(found: &ServerFound, source: &str) -> Vec<Command> {
    let path = |name: &str| found.modules.join(name).to_string_lossy().into_owned();
    let folder = Command::new("mkdir", &["-p", &path("src")]).as_user(found.user);
    let written = with_source(source)
        .map(|(name, content)| Command::new("tee", &[&path(&name)]).reading(content).as_user(found.user));
    // An installed one is exchanged, in one step.
    let verb = if found.module == ModuleFound::Missing { "module_install" } else { "module_upgrade" };
    [folder].into_iter().chain(written).chain([ejabberdctl(&[verb, MODULE])]).collect()
}

/// Without its source: the server would go on offering it.
fn remove_module(found: &ServerFound) -> Vec<Command> {
    let installed = (found.module != ModuleFound::Missing)
        .then(|| ejabberdctl(&["module_uninstall", MODULE]).unless("not_installed"));
    installed.into_iter().chain([remove(&found.modules, found)]).collect()
}

/// A folder of the server's user goes, by that user.
fn remove(folder: &Path, found: &ServerFound) -> Command {
    Command::new("rm", &["-rf", "--", &folder.to_string_lossy()]).as_user(found.user)
}

/// Where ejabberd puts what it has compiled of the module whose source is there.
fn installed(source: &Path) -> PathBuf {
    source.ancestors().nth(2).unwrap_or(source).join(MODULE)
}

/// The files of our module, below the folder of its source.
pub(super) fn module() -> [(String, &'static str); 2] {
    with_source(SOURCE)
}

/// The same with another source.
fn with_source(source: &str) -> [(String, &str); 2] {
    [(format!("{MODULE}.spec"), SPEC), (format!("src/{MODULE}.erl"), source)]
}

/// The line that reads our settings.
fn line(main: &Path) -> String {
    format!("include_config_file: {}", Here.settings(main).to_string_lossy())
}

fn ejabberdctl(arguments: &[&str]) -> Command {
    Command::new("ejabberdctl", arguments)
}
