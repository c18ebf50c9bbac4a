//! ejabberd on this machine: what its programs say, the files it gets, what it is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::settings::{listed, settings};
use crate::edge::{Deployment, Server};
use crate::home::{FileOwner, HostFound, ServerFound};
use crate::name::Name;
use crate::pki::digest::sha256_hex;
use crate::problem::Problem;
use crate::servers::installation::{InstalledFile, Local, Verb, ended, program_ran, program_said, user_of};
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

    fn usual(&self) -> ServerFound {
        ServerFound {
            version: String::new(),
            is_running: true,
            user: FileOwner { uid: 0, gid: 0 },
            main: MAIN.into(),
            modules: MODULES.into(),
            has_module: true,
            is_in_force: false,
            hosts: BTreeMap::new(),
        }
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
        let beam = user.home.join(format!(".ejabberd-modules/{MODULE}/ebin/{MODULE}.beam"));
        let has_module = Command::new("test", &["-e", &beam.to_string_lossy()]);
        Ok(ServerFound {
            has_module: program_ran(programs, &has_module)?.code == Some(0),
            version: running.unwrap_or_default().to_owned(),
            is_running,
            is_in_force: false,
            user: user.owner,
            main: main.to_owned(),
            modules: user.home.join(".ejabberd-modules/sources").join(MODULE),
            hosts: if is_running { hosts(programs, main)? } else { BTreeMap::new() },
        })
    }

    fn files(&self, deployment: &Deployment, found: &ServerFound, text: &Text) -> Vec<InstalledFile> {
        let pairs = self.pairs(found);
        let content = settings(deployment, found, &pairs, text);
        vec![InstalledFile { path: settings_file(&found.main), content, is_public: false }]
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

    fn problems(&self, _: &Deployment, _: &ServerFound) -> Vec<Problem> {
        Vec::new()
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
}

/// The hosts of the running node that are not there because of our settings: a name that is listed twice is refused.
fn hosts(programs: &dyn Programs, main: &Path) -> Result<BTreeMap<String, HostFound>, Message> {
    let ours = program_ran(programs, &Command::new("cat", &[&settings_file(main).to_string_lossy()]))?.output;
    let ours = listed(&ours);
    let all = program_said(programs, &ejabberdctl(&["registered_vhosts"]))?;
    let theirs = all.lines().map(str::trim).filter(|name| !name.is_empty() && !ours.contains(name));
    Ok(theirs.map(|name| (name.to_owned(), HostFound::default())).collect())
}

/// The source is put into the server's own folder by its own user: root writes nothing where another may lead it elsewhere.
fn take_in(found: &ServerFound, source: &str) -> Vec<Command> {
    let path = |name: &str| found.modules.join(name).to_string_lossy().into_owned();
    let folder = Command::new("mkdir", &["-p", &path("src")]).as_user(found.user);
    let written = with_source(source)
        .map(|(name, content)| Command::new("tee", &[&path(&name)]).reading(content).as_user(found.user));
    // An installed one is exchanged, in one step.
    let verb = if found.has_module { "module_upgrade" } else { "module_install" };
    [folder].into_iter().chain(written).chain([ejabberdctl(&[verb, MODULE])]).collect()
}

/// Without its source: the server would go on offering it.
fn remove_module(found: &ServerFound) -> Vec<Command> {
    let installed = found.has_module.then(|| ejabberdctl(&["module_uninstall", MODULE]).unless("not_installed"));
    let source = Command::new("rm", &["-rf", "--", &found.modules.to_string_lossy()]).as_user(found.user);
    installed.into_iter().chain([source]).collect()
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
    format!("include_config_file: {}", settings_file(main).to_string_lossy())
}

/// Our settings, beside the main configuration file.
fn settings_file(main: &Path) -> PathBuf {
    main.with_file_name("edgewright.yml")
}

fn ejabberdctl(arguments: &[&str]) -> Command {
    Command::new("ejabberdctl", arguments)
}
