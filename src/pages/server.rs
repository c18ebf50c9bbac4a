//! Page: which server runs on the edge.

use crate::edge::Server;
use crate::form::{Block, Default, Field, Kind, Page, Sheet, Value};
use crate::problem::Code;
use crate::text::say;

/// The page.
pub static PAGE: Page = Page {
    show: |scene| match chosen(scene.sheet) {
        None => Vec::new(),
        Some(Server::Lync) => {
            vec![Block::warning(say("server-lync-support")), Block::plain(say("server-lync-elsewhere"))]
        }
        Some(Server::Prosody | Server::Ejabberd) => vec![Block::plain(say("server-here"))],
    },
    ..Page::new("server", FIELDS)
};

/// Path of the choice.
pub const KIND: &str = "server.kind";

const FIELDS: &[Field] = &[
    Field::new(KIND, Kind::Choice(&["lync", "prosody", "ejabberd"], Code::AnswersType)).or(Default::Required),
    Field::new("request.key_by", Kind::Choice(&["edgewright", "lync"], Code::AnswersType))
        .or(Default::Text("edgewright"))
        .asked_if(|sheet| chosen(sheet) == Some(Server::Lync)),
    Field::new("server.install", Kind::Toggle)
        .or(Default::From(|sheet| Value::Flag(sheet.facts.servers_here.contains(&server(sheet)))))
        .asked_if(|sheet| chosen(sheet).is_some_and(|server| server != Server::Lync)),
    Field::new("server.config", Kind::File)
        .or(Default::From(|sheet| Value::Text(server(sheet).config_path().unwrap_or_default().to_owned())))
        .asked_if(|sheet| chosen(sheet).is_some_and(|server| server != Server::Lync)),
];

/// The server chosen, if one is. Nearly every page asks that more than once.
#[must_use]
pub fn chosen(sheet: &Sheet) -> Option<Server> {
    match sheet.answers.get(KIND)? {
        Value::Text(server) => Server::named(server),
        _ => None,
    }
}

/// The server chosen; Lync, the first offered, while none is.
pub fn server(sheet: &Sheet) -> Server {
    chosen(sheet).unwrap_or(Server::Lync)
}

/// Whether the edge runs Lync.
pub fn is_lync(sheet: &Sheet) -> bool {
    server(sheet) == Server::Lync
}
