//! The command line. Its words are `cli-…` in the catalogue, like every other word.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, value_parser};
use clap_complete::Shell;

use crate::edge::{Server, Usage, name_server};
use crate::text::{Text, say};

/// What was said on the command line.
// The words of each argument are `cli-<id>`; a doc comment here would be English only.
#[derive(Debug, Parser)]
#[command(name = "edgewright", version)]
pub struct Args {
    #[command(subcommand)]
    #[allow(missing_docs)]
    pub command: Option<Command>,
    #[arg(long, value_name = "DIR", env = "EDGEWRIGHT_HOME", global = true)]
    #[allow(missing_docs)]
    pub home: Option<OsString>,
    #[arg(long, value_name = "LANG", global = true)]
    #[allow(missing_docs)]
    pub lang: Option<String>,
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"], default_value = "auto", global = true)]
    #[allow(missing_docs)]
    pub color: String,
    #[arg(long, value_name = "FILE", global = true)]
    #[allow(missing_docs)]
    pub log: Option<PathBuf>,
    #[arg(long, global = true)]
    #[allow(missing_docs)]
    pub explain: bool,
    #[arg(long)]
    #[allow(missing_docs)]
    pub plain: bool,
    #[arg(long)]
    #[allow(missing_docs)]
    pub dry_run: bool,
    #[arg(long, value_name = "FILE")]
    #[allow(missing_docs)]
    pub answers: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    #[allow(missing_docs)]
    pub answers_out: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub network: Network,
}

/// How the network is used.
#[derive(Debug, clap::Args)]
#[allow(missing_docs)]
pub struct Network {
    #[arg(long, value_name = "ADDRESS[:PORT]", env = "EDGEWRIGHT_RESOLVER", value_parser = name_server)]
    pub resolver: Option<SocketAddr>,
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..=600), default_value_t = 10)]
    pub timeout: u64,
    #[arg(long, value_name = "FILE")]
    pub trust_anchor: Option<PathBuf>,
}

impl Args {
    /// How the network is used.
    #[must_use]
    pub fn network(&self) -> &Network {
        match &self.command {
            Some(
                Command::Plan { network, .. }
                | Command::Apply { network, .. }
                | Command::Undo { network, .. }
                | Command::Status { network, .. }
                | Command::Check { network, .. },
            ) => network,
            _ => &self.network,
        }
    }
}

/// What to do without asking.
#[derive(Debug, Subcommand)]
#[command(defer = true)] // the wizard, which is none of these, starts sooner
#[allow(missing_docs)]
pub enum Command {
    Plan {
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        #[arg(long)]
        json: bool,
        #[arg(long = "look")]
        look_up: bool,
        #[command(flatten)]
        network: Network,
    },
    Apply {
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        #[arg(long)]
        json: bool,
        #[arg(long)]
        dry_run: bool,
        #[arg(long, value_name = "FILE")]
        key_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        network: Network,
    },
    Complete {
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        #[arg(long, value_name = "FILE")]
        chain: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        ca_file: Option<PathBuf>,
        #[arg(long, value_name = "USAGE", value_parser = usage())]
        usage: Option<Usage>,
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        key_passphrase_file: Option<PathBuf>,
        #[arg(long)]
        dry_run: bool,
    },
    Renew {
        #[arg(long)]
        keep_key: bool,
        #[arg(long)]
        dry_run: bool,
    },
    Undo {
        #[arg(long, conflicts_with_all = ["run", "dry_run", "yes"])]
        list: bool,
        #[arg(long, value_name = "N")]
        run: Option<usize>,
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        network: Network,
    },
    Status {
        #[arg(long)]
        json: bool,
        #[arg(long)]
        look: bool,
        #[arg(long, value_name = "SECONDS", requires = "look", value_parser = value_parser!(u64).range(1..=86_400))]
        confirm: Option<u64>,
        #[arg(long = "ca-file", value_name = "FILE", requires = "look")]
        roots: Option<PathBuf>,
        #[command(flatten)]
        network: Network,
    },
    Check {
        domains: Vec<String>,
        #[arg(long = "as", value_name = "DOMAIN")]
        identity: Option<String>,
        #[arg(long)]
        json: bool,
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        #[arg(long = "ca-file", value_name = "FILE")]
        roots: Option<PathBuf>,
        #[command(flatten)]
        network: Network,
    },
    ExportPfx {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
        #[arg(long, value_name = "USAGE", value_parser = usage(), default_value = Usage::External.name())]
        usage: Usage,
        #[arg(long)]
        legacy: bool,
    },
    Generate {
        #[command(subcommand)]
        paper: Paper,
    },
}

/// What `generate` prints.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub enum Paper {
    Man,
    Completions {
        shell: Shell,
    },
    Schema,
    Reference,
    Answers {
        #[arg(long, value_name = "SERVER", value_parser = server(), default_value = Server::EXAMPLE.name())]
        server: Server,
        #[arg(long, conflicts_with = "server")]
        google_talk: bool,
    },
}

/// Takes a server's name.
fn server() -> impl TypedValueParser<Value = Server> {
    // Only names of servers get this far.
    PossibleValuesParser::new(Server::ALL.map(Server::name)).map(|name| Server::named(&name).unwrap_or(Server::EXAMPLE))
}

/// Takes the name of an interface that certificates are for.
fn usage() -> impl TypedValueParser<Value = Usage> {
    // Only names of usages get this far.
    let named = |name: String| Usage::ALL.into_iter().find(|usage| usage.name() == name).unwrap_or_default();
    PossibleValuesParser::new(Usage::ALL.map(Usage::name)).map(named)
}

/// The command line's definition, with its words from the catalogue.
#[must_use]
pub fn command(text: &Text) -> clap::Command {
    let mut command = Args::command();
    command.build();
    worded_below(worded(command, "edgewright", text), "", text)
}

/// The commands below a command have its name in their words' key too: `cli-generate-answers`.
fn worded_below(command: clap::Command, above: &str, text: &Text) -> clap::Command {
    command.mut_subcommands(|inner| {
        // Below `help` stand the commands that stand beside it.
        let is_help = inner.get_name() == "help";
        let name = if is_help { "help".to_owned() } else { format!("{above}{}", inner.get_name()) };
        let below = if is_help { above.to_owned() } else { format!("{name}-") };
        worded_below(worded(inner, &name, text), &below, text)
    })
}

fn worded(command: clap::Command, name: &str, text: &Text) -> clap::Command {
    let help = |id: &str| text.find(&say(format!("cli-{}", id.replace('_', "-"))));
    command.about(help(name).unwrap_or_default()).mut_args(|arg| match help(arg.get_id().as_str()) {
        Some(words) => arg.help(words),
        None => arg,
    })
}

/// Parses the command line of this process, and loads the language it is to be answered in; prints help or what is wrong
/// with it and ends the process where it must.
#[must_use]
pub fn parse() -> (Args, Text) {
    let load = |flag: Option<&str>| Text::load(&Text::choose(flag, |name| std::env::var(name).ok()));
    let text = load(None);
    // Words are needed only where they are shown: by what ends the process, help or a wrong command line.
    let parsed = Args::try_parse();
    let args = parsed.unwrap_or_else(|_| {
        let matches = command(&text).get_matches();
        Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    });
    let said_resolver = args.network.resolver.is_some() && std::env::var_os("EDGEWRIGHT_RESOLVER").is_none();
    let is_of_wizard = args.dry_run || args.plain || args.answers.is_some() || said_resolver;
    if args.command.is_some() && is_of_wizard {
        // `--dry-run apply` must not be a run because the flag stood on the wrong side of the word.
        let message = text.say(&say("cli-after-command"));
        command(&text).error(clap::error::ErrorKind::ArgumentConflict, message).exit()
    }
    let is_empty = |home: OsString| home.is_empty();
    if args.home.clone().is_some_and(is_empty) && !std::env::var_os("EDGEWRIGHT_HOME").is_some_and(is_empty) {
        // `--home "$NOT_SET"` must not end in another folder than was meant; an empty variable of ours is none.
        let message = text.say(&say("cli-home-empty"));
        command(&text).error(clap::error::ErrorKind::InvalidValue, message).exit()
    }
    let text = if args.lang.is_some() { load(args.lang.as_deref()) } else { text };
    let text = text.explaining(args.explain);
    (args, text)
}
