//! Page: which server runs on the edge.

use crate::edge::{Server, Traits};
use crate::form::{Block, Default, Field, Kind, Page, Sheet, Value};
use crate::problem::Code;
use crate::servers::product;
use crate::text::say;

/// The page.
pub static PAGE: Page = Page {
    show: |scene| match chosen(scene.sheet) {
        None => Vec::new(),
        Some(server) => {
            let machine = if server.is_remote() { say("server-elsewhere") } else { say("server-here") };
            product(server).caution().map(Block::warning).into_iter().chain([Block::plain(machine)]).collect()
        }
    },
    ..Page::new("server", FIELDS)
};

/// Path of the choice.
pub const KIND: &str = "server.kind";

const FIELDS: &[Field] = &[
    Field::new(KIND, Kind::Choice(&Server::NAMES, Code::AnswersType)).or(Default::Required),
    Field::new("request.key_by", Kind::Choice(&["edgewright", "lync"], Code::AnswersType))
        .or(Default::Text("edgewright"))
        .asked_if(|sheet| chosen(sheet).is_some_and(|server| server.traits().is_on_windows)),
    Field::new("server.install", Kind::Toggle)
        .or(Default::From(|sheet| Value::Flag(sheet.facts.servers_here.contains(&server(sheet)))))
        .asked_if(|sheet| chosen(sheet).is_some_and(|server| !server.is_remote())),
    Field::new("server.config", Kind::File)
        .or(Default::From(|sheet| Value::Text(server(sheet).config_path().unwrap_or_default().to_owned())))
        .asked_if(|sheet| chosen(sheet).is_some_and(|server| !server.is_remote())),
];

/// The server chosen, if one is. Nearly every page asks that more than once.
#[must_use]
pub fn chosen(sheet: &Sheet) -> Option<Server> {
    match sheet.answers.get(KIND)? {
        Value::Text(server) => Server::named(server),
        _ => None,
    }
}

/// The server chosen; the first offered, while none is.
pub fn server(sheet: &Sheet) -> Server {
    chosen(sheet).unwrap_or(Server::ALL[0])
}

/// What is known of that server.
pub fn traits(sheet: &Sheet) -> &'static Traits {
    server(sheet).traits()
}

/// Whether the edge serves SIP as well.
pub fn has_sip(sheet: &Sheet) -> bool {
    traits(sheet).has_sip
}
