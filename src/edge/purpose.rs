//! What a request or a pair is for: `request.json`, `pair.json`.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Edge, Server, Usage};

/// The schema of the file.
const SCHEMA: u32 = 1;

/// What a request or a pair is for, as it stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// What runs on the edge.
    pub server: Server,
    /// Which interface it is for.
    pub usage: Usage,
    /// The names, in lower-case A-labels; the first is the common name.
    pub names: Vec<String>,
    /// When it was made.
    pub made: OffsetDateTime,
    /// Who issued the last certificate of a pair's chain: the root, which is not in the chain itself.
    pub root: Option<String>,
}

/// The file.
#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    server: String,
    usage: String,
    names: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    made: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    root: Option<String>,
}

impl Purpose {
    /// The file's content.
    #[must_use]
    pub fn json(&self) -> String {
        let file = File {
            schema: SCHEMA,
            server: self.server.name().to_owned(),
            usage: self.usage.name().to_owned(),
            names: self.names.clone(),
            made: self.made.replace_nanosecond(0).unwrap_or(self.made),
            root: self.root.clone(),
        };
        // A file holds only strings and a time of this era: there is nothing in it that JSON cannot say.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Reads the file; none where it is another.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        let File { schema, server, usage, names, made, root } = serde_json::from_str(json).ok()?;
        let (server, usage) = (Server::named(&server)?, Usage::named(&usage)?);
        (schema == SCHEMA).then_some(Purpose { server, usage, names, made, root })
    }
}

/// Whether a certificate with these names may be for `usage` on the edge that runs `server`: the internal interface, where
/// there is one, is called by one name, and that is not the access edge's; and what is for that name alone is for no
/// other interface.
#[must_use]
pub fn allows(server: Server, usage: Usage, names: &[String], edge: &Edge) -> bool {
    let is = |name: &Option<crate::name::Name>| matches!((names, name), ([only], Some(name)) if only.as_str() == name.ascii());
    let has_internal_interface = server.traits().has_internal_interface;
    match usage {
        Usage::External => !has_internal_interface || !is(&edge.internal),
        Usage::Internal => has_internal_interface && names.len() == 1 && !is(&edge.access),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    #[test]
    fn what_is_written_reads_back_and_nothing_else_does() {
        let purpose = Purpose {
            server: Server::Lync,
            usage: Usage::Internal,
            names: vec!["edge.contoso.net".to_owned()],
            made: OffsetDateTime::UNIX_EPOCH,
            root: None,
        };
        let json = purpose.json();
        assert_eq!(Purpose::read(&json), Some(purpose));
        for (was, is) in [("\"lync\"", "\"exchange\""), ("internal", "inside"), ("1,", "2,"), ("}", "")] {
            assert_eq!(Purpose::read(&json.replacen(was, is, 1)), None, "{is}");
        }
    }

    #[test]
    fn the_internal_interface_has_one_name_and_only_on_lync() {
        let name = |name: &str| Some(Name::new(name));
        let edge = Edge { access: name("sip.contoso.com"), internal: name("edge.contoso.net"), ..Edge::default() };
        let may = |server, usage, names: &[&str]| {
            allows(server, usage, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &edge)
        };
        let (lync, prosody) = (Server::Lync, Server::Prosody);
        assert!(may(lync, Usage::Internal, &["edge.contoso.net"]));
        assert!(may(lync, Usage::Internal, &["old.contoso.net"]), "the answers may have changed since");
        assert!(!may(lync, Usage::Internal, &["sip.contoso.com"]));
        assert!(!may(lync, Usage::Internal, &["edge.contoso.net", "sip.contoso.com"]));
        assert!(!may(prosody, Usage::Internal, &["contoso.com"]));
        assert!(may(lync, Usage::External, &["sip.contoso.com"]));
        assert!(may(lync, Usage::External, &["sip.contoso.com", "edge.contoso.net"]));
        assert!(!may(lync, Usage::External, &["edge.contoso.net"]));
        assert!(may(prosody, Usage::External, &["edge.contoso.net"]));
    }
}
