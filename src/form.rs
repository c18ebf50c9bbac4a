//! What is asked is data: pages hold fields, fields hold a kind, and everything that asks, checks, saves or lists them
//! walks [`Sheet::questions`].

mod answers;
mod ask;
mod block;
pub mod check;
mod field;
pub mod file;
mod page;
mod sheet;
mod wishes;

pub use answers::{Answers, Row, Value};
pub use ask::{Answer, Ask, Word};
pub use block::{Block, Tone};
pub use check::{check, code_of};
pub use field::{Default, Field, Kind, NameUse};
pub use page::{Body, Page, Presets, RowReader, Scene};
pub use sheet::{Form, Question, Sheet, key};
pub use wishes::{NONE as NO_WISHES, Wishes};
