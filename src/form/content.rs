//! What stands on a page, without saying how it is drawn.

use std::path::PathBuf;

use crate::text::Message;

/// A piece of a page, top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A heading.
    Heading(Message),
    /// A paragraph.
    Paragraph(Tone, Message),
    /// Steps in order, numbered.
    Steps(Vec<Message>),
    /// Rows of cells; the first row heads the columns.
    Table(Vec<Vec<String>>),
    /// Text that is viewed and copied as it is, as it will lie on the disk.
    Document {
        /// What it is called on the page.
        name: String,
        /// The file it is or will be in.
        file: PathBuf,
        /// Its content.
        content: String,
    },
}

/// How weighty a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Said.
    Plain,
    /// Good news.
    Good,
    /// Worth a thought.
    Warning,
    /// Stops the run.
    Error,
}

impl Content {
    /// A plain paragraph.
    #[must_use]
    pub fn plain(message: Message) -> Self {
        Content::Paragraph(Tone::Plain, message)
    }

    /// A warning paragraph.
    #[must_use]
    pub fn warning(message: Message) -> Self {
        Content::Paragraph(Tone::Warning, message)
    }
}
