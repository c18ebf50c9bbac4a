//! Page: which server runs on the edge.

use std::path::PathBuf;

use crate::edge::{KeyMaker, Server, Traits};
use crate::form::{Answered, Ask, Content, Field, Page, Proposal, Value, Word};
use crate::home::{Found, Want};
use crate::servers::{Local, product};
use crate::text::say;

/// The page.
pub static PAGE: Page = Page {
    decides: true,
    show: |context| match chosen(context.answered) {
        None => Vec::new(),
        Some(server) => {
            let machine = match main_file(context.answered) {
                None => say("server-elsewhere"),
                Some(file) if context.answered.get(INSTALL) => {
                    say("server-installs").with("file", file.to_string_lossy().into_owned())
                }
                Some(_) => say("server-here"),
            };
            let before = product(server).prerequisites();
            let heading = (!before.is_empty()).then(|| Content::Heading(say("before")));
            let caution = product(server).caution().map(Content::warning);
            let caution = caution.into_iter().chain([Content::plain(machine)]);
            caution.chain(heading).chain(before.into_iter().map(Content::plain)).collect()
        }
    },
    wants: |context| {
        let usual =
            Server::ALL.into_iter().filter_map(|server| product(server).local()).map(|local| local.main().to_owned());
        usual.chain(main_file(context.answered)).map(Want::Place).collect()
    },
    ..Page::new("server", FIELDS)
};

impl Word for Server {
    const ALL: &'static [Self] = &Server::ALL;
    const WORDS: &'static [&'static str] = &Server::NAMES;
}

impl Word for KeyMaker {
    const ALL: &'static [Self] = &[KeyMaker::Edgewright, KeyMaker::Lync];
    const WORDS: &'static [&'static str] = &["edgewright", "lync"];
}

/// Decides which pages are asked.
pub const KIND: Ask<Server> = Ask::word("server.kind").required();
/// Who makes the key.
pub const KEY_BY: Ask<KeyMaker> = Ask::word("request.key_by")
    .or_word("edgewright")
    .asked_if(|answered| chosen(answered).is_some_and(|server| server.traits().is_on_windows));

/// Whether settings and certificate go to the server on this machine; then it is the agreement to all that is shown.
pub const INSTALL: Ask<bool> = Ask::toggle("server.install").or(false).kept().asked_if(is_local).proposed(|answered| {
    let file = main_file(answered).filter(|_| answered.facts.is_root())?;
    let is_here = matches!(answered.facts.path_state(&file).found, Found::File(_));
    let notice = say("notice-install").with("file", file.to_string_lossy().into_owned());
    is_here.then_some(Proposal { value: Value::Flag(true), notice })
});
/// Its main configuration file; where its packages have it, unless it is said.
pub const MAIN: Ask<String> =
    Ask::file("server.config").or("").kept().asked_if(|answered| is_local(answered) && answered.get(INSTALL));

/// Whether chat-room services that it does not have are made, which is the agreement to that.
pub const MAKE_ROOMS: Ask<bool> = Ask::toggle("server.make_rooms").or(false).kept().asked_if(|answered| {
    let local = chosen(answered).and_then(|server| product(server).local());
    answered.get(INSTALL) && local.is_some_and(Local::can_make_rooms)
});

/// Whether open streams may be closed that the settings do not allow; asked where there are streams.
pub const DROP_STREAMS: Ask<bool> = Ask::toggle("server.drop_streams").or(false).kept().asked_if(|answered| {
    let found = answered.facts.server.as_ref().and_then(|found| found.as_ref().ok());
    answered.get(INSTALL) && found.is_some_and(|found| found.other_streams > 0 || !found.streams.is_empty())
});

const FIELDS: &[Field] =
    &[KIND.field(), KEY_BY.field(), INSTALL.field(), MAIN.field(), MAKE_ROOMS.field(), DROP_STREAMS.field()];

/// Whether the server chosen can be set up on this machine.
fn is_local(answered: &Answered) -> bool {
    chosen(answered).is_some_and(|server| product(server).local().is_some())
}

/// Absolute path of the main configuration file of the server chosen, if that can be set up on this machine.
fn main_file(answered: &Answered) -> Option<PathBuf> {
    let local = product(chosen(answered)?).local()?;
    let said = answered.get(MAIN);
    Some(if said.is_empty() { local.main().to_owned() } else { answered.facts.absolute(&said) })
}

/// The same, where settings and certificate go to that server.
pub(super) fn installed_at(answered: &Answered) -> Option<PathBuf> {
    main_file(answered).filter(|_| answered.get(INSTALL))
}

/// The server chosen, if one is.
#[must_use]
pub fn chosen(answered: &Answered) -> Option<Server> {
    answered.try_get(KIND)
}

/// The server chosen; the first offered, while none is.
pub fn server(answered: &Answered) -> Server {
    answered.get(KIND)
}

/// What is known of that server.
pub fn traits(answered: &Answered) -> &'static Traits {
    server(answered).traits()
}

/// Whether the edge serves SIP as well.
pub fn has_sip(answered: &Answered) -> bool {
    traits(answered).has_sip
}
