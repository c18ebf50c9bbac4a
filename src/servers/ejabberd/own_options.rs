//! What a person's own configuration of ejabberd says that our settings say too. ejabberd joins lists and maps of several
//! files, and refuses any other option that is given twice, without saying where.

use std::path::{Path, PathBuf};

use saphyr_parser::{Event, Parser};

use super::settings::{HOST_OPTIONS, RULE};
use crate::home::OptionFound;

/// What was found in one file.
#[derive(Debug, Default)]
pub(super) struct OwnOptions {
    /// Options that our settings have too.
    pub options: Vec<OptionFound>,
    /// The hosts that it lists.
    pub hosts: Vec<String>,
    /// The files that it includes as they are, as it names them; of others, ejabberd passes over some options.
    pub included: Vec<String>,
}

/// Where a reader of YAML is.
enum Inside {
    List,
    /// With the key whose value comes next, if one does.
    Map(Option<String>),
}

impl OwnOptions {
    /// Reads a file as far as it is YAML: what is wrong in it, ejabberd says.
    pub(super) fn of(yaml: &str, file: &Path) -> Self {
        let mut found = OwnOptions::default();
        let mut inside: Vec<Inside> = Vec::new();
        for (event, span) in Parser::new_from_str(yaml).map_while(Result::ok) {
            match event {
                Event::MappingStart(..) => inside.push(Inside::Map(None)),
                Event::SequenceStart(..) => inside.push(Inside::List),
                Event::MappingEnd | Event::SequenceEnd => {
                    inside.pop();
                    value_ends(&mut inside);
                }
                Event::Scalar(said, ..) => {
                    if let Some(Inside::Map(key @ None)) = inside.last_mut() {
                        *key = Some(said.into_owned());
                        found.key(&path(&inside), file, span.start.line());
                    } else {
                        match path(&inside)[..] {
                            ["include_config_file"] => found.included.push(said.into_owned()),
                            ["hosts"] => found.hosts.push(said.into_owned()),
                            _ => {}
                        }
                        value_ends(&mut inside);
                    }
                }
                Event::Alias(_) => value_ends(&mut inside),
                _ => {}
            }
        }
        found
    }

    /// Adds what another file says.
    pub(super) fn extend(&mut self, other: OwnOptions) {
        self.options.extend(other.options);
        self.hosts.extend(other.hosts);
        self.included.extend(other.included);
    }

    fn key(&mut self, path: &[&str], file: &Path, line: usize) {
        let host = match *path {
            ["host_config", host, name] if HOST_OPTIONS.contains(&name) => host,
            ["acl" | "access_rules", RULE] => "",
            _ => return,
        };
        let (host, name, file) = (host.to_owned(), path.join(": "), PathBuf::from(file));
        self.options.push(OptionFound { host, name, file, line });
    }
}

fn value_ends(inside: &mut [Inside]) {
    if let Some(Inside::Map(key)) = inside.last_mut() {
        *key = None;
    }
}

/// The keys that lead to where a reader is.
fn path(inside: &[Inside]) -> Vec<&str> {
    let keys = inside.iter().filter_map(|inside| match inside {
        Inside::Map(key) => key.as_deref(),
        Inside::List => None,
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_is_found_with_its_line() {
        let yaml = "\
hosts: [a.example, b.example]
host_config:
  a.example:
    modules: {mod_ping: {}}
    s2s_access: all # theirs
  \"b.example\":
    s2s_use_starttls: optional
s2s_access: all
acl:
  - edgewright_partners: {server: x}
include_config_file:
  /etc/a.yml: {disallow: [host_config]}
";
        let found = OwnOptions::of(yaml, Path::new("/e.yml"));
        let told: Vec<(&str, &str, usize)> =
            found.options.iter().map(|option| (option.host.as_str(), option.name.as_str(), option.line)).collect();
        let expected = [
            ("a.example", "host_config: a.example: s2s_access", 5),
            ("b.example", "host_config: b.example: s2s_use_starttls", 7),
            ("", "acl: edgewright_partners", 10),
        ];
        assert_eq!(told, expected);
        assert!(found.included.is_empty(), "{:?}", found.included);
        let list =
            OwnOptions::of("include_config_file: [b.yml, /c.yml]\nhost_config: {x: {s2s_access: y}}\n", Path::new("/"));
        assert_eq!((list.included.len(), list.options[0].line), (2, 2));
        assert_eq!(OwnOptions::of("include_config_file: d.yml", Path::new("/")).included, ["d.yml"]);
        assert!(OwnOptions::of("a: [\nhost_config: {", Path::new("/")).options.is_empty());
    }
}
