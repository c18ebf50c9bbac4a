//! What the servers that run on this machine share.

use crate::edge::{Method, Negotiation, Server, negotiate};
use crate::text::{Message, say};

use super::product::Enforced;

/// What `server`, as it comes, does for a partner: told to require TLS, it offers SASL EXTERNAL to everybody, and dialback
/// too. What dialback that is not asked for takes, each server says in its own words.
pub(super) fn enforces(server: Server, asked: Negotiation, dialback: Message) -> Enforced {
    let asked = negotiate(server, asked).methods;
    let is_asked = |method| asked.contains(&method);
    let mut methods: Vec<Method> = asked.iter().copied().filter(|method| *method != Method::TcpDialback).collect();
    let mut limits = Vec::new();
    if is_asked(Method::TcpDialback) {
        limits.push(if methods.is_empty() { say("limit-clear-text-only") } else { say("limit-clear-text") });
    }
    if !methods.is_empty() && !is_asked(Method::SaslOverTls) {
        methods.insert(0, Method::SaslOverTls);
        limits.push(say("limit-sasl-never"));
    }
    if methods == [Method::SaslOverTls] {
        limits.push(dialback);
    }
    let limits = limits.into_iter().map(|limit| limit.with("server", server.traits().title)).collect();
    Enforced { methods, limits, is_loose: false }
}

#[cfg(test)]
mod tests {
    use Requirement::{NotSupported as N, Optional as O, Required as R};

    use crate::edge::{Method, Negotiation, Requirement, Server, negotiate};
    use crate::servers::product;

    /// Rows 1 to 18: settings, what takes place, its limits (C clear text, T clear text alone, S SASL, D dialback).
    const ROWS: [(Requirement, Requirement, bool, &str, &str); 18] = [
        (R, R, true, "S", "D"),
        (R, R, false, "S", "D"),
        (O, R, true, "S", "D"),
        (O, R, false, "S", "D"),
        (N, R, true, "", ""),
        (N, R, false, "", ""),
        (R, O, true, "SD", ""),
        (R, O, false, "S", "D"),
        (O, O, true, "SD", "C"),
        (O, O, false, "S", "D"),
        (N, O, true, "", "T"),
        (N, O, false, "", ""),
        (R, N, true, "SD", "S"),
        (R, N, false, "", ""),
        (O, N, true, "SD", "CS"),
        (O, N, false, "", ""),
        (N, N, true, "", "T"),
        (N, N, false, "", ""),
    ];

    #[test]
    fn what_a_stock_server_does_is_said_of_all_18_rows() {
        for server in [Server::Prosody, Server::Ejabberd] {
            for (tls, sasl, dialback, methods, limits) in ROWS {
                let asked = Negotiation { tls, sasl, dialback };
                let enforced = product(server).enforces(asked);
                // ejabberd takes dialback of everybody.
                let is_loose = server == Server::Ejabberd && methods == "S";
                let wanted = if is_loose { "SD" } else { methods };
                let said: String = enforced.methods.iter().copied().map(letter).collect();
                assert_eq!(said, wanted, "{} {asked:?}", server.name());
                assert_eq!(enforced.is_loose, is_loose, "{} {asked:?}", server.name());
                let keys = enforced.limits.iter().map(|limit| match &*limit.key {
                    "limit-clear-text" => 'C',
                    "limit-clear-text-only" => 'T',
                    "limit-sasl-never" => 'S',
                    "limit-dialback-prosody" | "limit-dialback-ejabberd" => 'D',
                    other => panic!("{other}"),
                });
                assert_eq!(keys.collect::<String>(), limits, "{} {asked:?}", server.name());
            }
        }
    }

    #[test]
    fn lync_does_what_its_table_says_and_admits_where_required_is_not_kept_to() {
        for (row, (tls, sasl, dialback, ..)) in ROWS.into_iter().enumerate() {
            let asked = Negotiation { tls, sasl, dialback };
            let enforced = product(Server::Lync).enforces(asked);
            assert_eq!(enforced.methods, negotiate(Server::Lync, asked).methods);
            assert_eq!(!enforced.limits.is_empty(), matches!(row + 1, 3 | 5), "row {}", row + 1);
        }
    }

    fn letter(method: Method) -> char {
        match method {
            Method::SaslOverTls => 'S',
            Method::TlsDialback => 'D',
            Method::TcpDialback => 'P',
        }
    }
}
