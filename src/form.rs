//! What is asked is data: pages hold fields, fields hold a kind, and everything that asks, checks, saves or lists them
//! walks [`Page::questions`].

mod answered;
mod answers;
mod ask;
pub mod check;
mod content;
mod field;
pub mod file;
mod index;
mod page;
mod question;
mod wishes;

pub use answered::Answered;
pub use answers::{Answers, Row, Value};
pub use ask::{Answer, Ask, Word};
pub use check::{check, code_of};
pub use content::{Content, Tone};
pub use field::{DefaultValue, Field, Kind, NameUse, Proposal};
pub use index::Form;
pub use page::{Body, Page, PageContext, Presets, RowReader};
pub use question::{Question, message_key};
pub use wishes::{NONE as NO_WISHES, Wishes};
