//! A file while it is written.

use crate::text::{Message, Text};

use super::product::OutFile;

/// A file while it is written, line by line. Human words enter as remarks only, and become comments.
pub(super) struct Draft<'a> {
    text: &'a Text,
    mark: &'static str,
    content: String,
}

impl<'a> Draft<'a> {
    /// An empty file whose comments start with `mark`.
    pub(super) fn new(text: &'a Text, mark: &'static str) -> Self {
        Draft { text, mark, content: String::new() }
    }

    /// A comment. However many lines the message has, and whatever its values hold, each line starts with the mark.
    pub(super) fn remark(&mut self, message: &Message) {
        self.content.push_str(&comment(self.mark, &self.text.say(message)));
    }

    /// A line of the file's own language.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        self.content.push_str(line.as_ref());
        self.content.push('\n');
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.line("");
    }

    /// The finished file.
    pub(super) fn file(self, path: &str) -> OutFile {
        OutFile { path: path.to_owned(), content: self.finish() }
    }

    /// Its text.
    pub(super) fn finish(self) -> String {
        self.content
    }
}

/// `said` as comment lines. Whatever some language takes for the end of a line ends it here.
fn comment(mark: &str, said: &str) -> String {
    let ends = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    let lines = said.split(ends).map(|line| format!("{mark} {line}"));
    lines.flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::say;

    #[test]
    fn no_value_leaves_its_comment_however_it_ends_lines() {
        for end in ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}"] {
            let lines = comment("--", &format!("said{end}{end}os.exit()"));
            assert!(lines.lines().all(|line| line.starts_with("--")), "{lines:?}");
            assert!(lines.ends_with("-- os.exit()\n"), "{lines:?}");
        }
        let text = Text::load("en");
        let mut draft = Draft::new(&text, "#");
        draft.remark(&say("file-made").with("name", "x\nreboot"));
        assert_eq!(draft.file("x").content, "# Written by Edgewright for x\\nreboot.\n");
    }
}
