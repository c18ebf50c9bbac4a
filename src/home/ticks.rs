//! `todo.json`: which steps of `out/to-do.md` a person ticked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The schema of the file.
const SCHEMA: u32 = 1;

/// The ticked steps. A tick holds as long as what the step says, and the files that it names, stay as they were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticks(BTreeMap<String, String>);

/// The file: each step by its name, with the SHA-256 of its content when it was ticked.
#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    ticked: BTreeMap<String, String>,
}

impl Ticks {
    /// Reads the file; none where it is not one of this schema.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        let file: File = serde_json::from_str(json).ok()?;
        (file.schema == SCHEMA).then_some(Ticks(file.ticked))
    }

    /// The file's content.
    #[must_use]
    pub fn json(&self) -> String {
        let file = File { schema: SCHEMA, ticked: self.0.clone() };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Whether `step` is ticked with this content.
    #[must_use]
    pub fn has(&self, step: &str, digest: &str) -> bool {
        self.0.get(step).is_some_and(|ticked| ticked == digest)
    }

    /// Ticks `step` with this content, or opens it again.
    pub fn flip(&mut self, step: &str, digest: &str) {
        if self.has(step, digest) {
            self.0.remove(step);
        } else {
            self.0.insert(step.to_owned(), digest.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_holds_for_the_content_that_was_ticked_and_survives_the_file() {
        let mut ticks = Ticks::default();
        ticks.flip("publish", "a");
        let read = Ticks::read(&ticks.json()).unwrap();
        assert!(read.has("publish", "a") && !read.has("publish", "b") && !read.has("send", "a"));
        ticks.flip("publish", "b");
        assert!(ticks.has("publish", "b"), "what changed is ticked anew, not opened");
        ticks.flip("publish", "b");
        assert_eq!(ticks, Ticks::default());
    }

    #[test]
    fn what_is_no_such_file_is_none() {
        for json in ["", "{", "[]", r#"{"schema":2,"ticked":{}}"#, r#"{"schema":1,"ticked":{"a":1}}"#] {
            assert_eq!(Ticks::read(json), None, "{json}");
        }
    }
}
