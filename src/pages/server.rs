//! Page: which server runs on the edge.

use crate::edge::{KeyMaker, Server};
use crate::form::{Ask, Block, Field, Kind, Page, Sheet, Word};
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

impl Word for Server {
    const ALL: &'static [Self] = &Server::ALL;
    const WORDS: &'static [&'static str] = &["lync", "prosody", "ejabberd"];
}

impl Word for KeyMaker {
    const ALL: &'static [Self] = &[KeyMaker::Edgewright, KeyMaker::Lync];
    const WORDS: &'static [&'static str] = &["edgewright", "lync"];
}

/// Decides which pages are asked.
pub const KIND: Ask<Server> = Ask::word("server.kind").required();
/// Who makes the key.
pub const KEY_BY: Ask<KeyMaker> =
    Ask::word("request.key_by").or_word("edgewright").asked_if(|sheet| chosen(sheet) == Some(Server::Lync));

const FIELDS: &[Field] = &[
    KIND.field(),
    KEY_BY.field(),
    // They are for the day when the settings go to the server on this machine.
    Field::new("server.install", Kind::Toggle).reserved(),
    Field::new("server.config", Kind::File).reserved(),
];

/// The server chosen, if one is.
#[must_use]
pub fn chosen(sheet: &Sheet) -> Option<Server> {
    sheet.try_get(KIND)
}

/// The server chosen; Lync, the first offered, while none is.
pub fn server(sheet: &Sheet) -> Server {
    sheet.get(KIND)
}

/// Whether the edge runs Lync.
pub fn is_lync(sheet: &Sheet) -> bool {
    server(sheet) == Server::Lync
}
