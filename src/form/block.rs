//! What stands on a page, without saying how it is drawn.

use crate::text::Message;

/// A piece of a page, top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(Message),
    /// A paragraph.
    Paragraph(Tone, Message),
    /// Rows of cells; the first row heads the columns.
    Table(Vec<Vec<String>>),
    /// Text that is viewed and copied as it is, under the name of its file.
    Document {
        /// Name of the file it is or will be.
        name: String,
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

impl Block {
    /// A plain paragraph.
    #[must_use]
    pub fn plain(message: Message) -> Self {
        Block::Paragraph(Tone::Plain, message)
    }

    /// A warning paragraph.
    #[must_use]
    pub fn warning(message: Message) -> Self {
        Block::Paragraph(Tone::Warning, message)
    }
}
