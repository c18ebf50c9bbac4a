//! Files that a person names for writing: new, or ours of that kind. Never what the home folder keeps, nothing through a
//! link, no device but a terminal or standard error.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::home::Layout;
use crate::home::layout::is_in_another;
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use super::atomic::folder_of;
use super::platform;

/// A place that a person named for a file.
#[derive(Debug)]
pub struct Named {
    /// Where it is, without links.
    pub path: PathBuf,
    /// Whether a file is there.
    pub is_there: bool,
}

impl Named {
    /// Looks at the place `file`, beside the home folder `home`.
    ///
    /// # Errors
    /// Why no file can be there.
    pub fn look(file: &Path, home: &Path) -> Result<Self, Box<Problem>> {
        let file_of = |path: &Path| Some(platform::real(path.parent()?).join(path.file_name()?));
        let path = file_of(&absolute(file)).ok_or_else(|| unwritable(file, say("reason-folder")))?;
        if Layout::of(&platform::resolve(home).path).is_taken(&path) {
            return Err(unwritable(file, say("reason-taken")).into());
        }
        if is_in_another(&path, &platform::resolve(home).path, |file| fs::symlink_metadata(file).is_ok()) {
            return Err(unwritable(file, say("reason-taken")).into());
        }
        let is_there = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(unwritable(file, system(&error)).into()),
            Ok(metadata) if metadata.is_symlink() => return Err(unwritable(file, say("reason-link")).into()),
            Ok(metadata) if metadata.is_dir() => return Err(unwritable(file, say("reason-folder")).into()),
            Ok(metadata) if !metadata.is_file() => return Err(unwritable(file, say("reason-other")).into()),
            Ok(_) => true,
        };
        if let Some(who) = platform::steered_by(folder_of(&absolute(file))) {
            return Err(unwritable(file, say("reason-steered").with("who", who)).into());
        }
        if !is_there {
            platform::may_write(folder_of(&path)).map_err(|error| unwritable(file, system(&error)))?;
        }
        Ok(Named { path, is_there })
    }
}

/// The log: one line for everything done and everything refused, `<RFC 3339 time> edgewright: <what>`.
pub struct Log(Sink);

enum Sink {
    Nowhere,
    StandardError,
    Terminal(File),
    File(File),
}

/// What stands between a line's time and what it says; by both a log of ours is known.
const OURS: &str = " edgewright: ";
/// Octets that hold a line's time and whose it is.
const LONGEST_HEAD: u64 = 64;

impl Log {
    /// A log that nobody asked for.
    #[must_use]
    pub fn none() -> Self {
        Log(Sink::Nowhere)
    }

    /// Opens the log `file`, new or to be gone on with, beside the home folder `home`.
    ///
    /// # Errors
    /// Why it cannot be written, or is none of ours.
    pub fn open(file: &Path, home: &Path) -> Result<Self, Box<Problem>> {
        if platform::is_standard_error(file) {
            return Ok(Log(Sink::StandardError));
        }
        if let Some(terminal) = platform::terminal(file) {
            return Ok(Log(Sink::Terminal(terminal)));
        }
        let Named { path, is_there } = Named::look(file, home)?;
        let mut options = OpenOptions::new();
        let opened = platform::to_append(options.read(true).create_new(!is_there)).open(&path);
        let settled = || if is_there { Ok(()) } else { platform::sync(folder_of(&path)) };
        let opened = opened.and_then(|file| settled().and(file.metadata()).map(|metadata| (file, metadata)));
        let (mut log, metadata) = opened.map_err(|error| unwritable(file, system(&error)))?;
        match is_ours(&mut log, &metadata) {
            Ok(true) => Ok(Log(Sink::File(log))),
            Ok(false) => Err(exists(file).into()),
            Err(error) => Err(unwritable(file, system(&error)).into()),
        }
    }

    /// Adds lines, on the disk when it returns.
    ///
    /// # Errors
    /// The system's.
    pub fn add(&self, lines: &[String]) -> io::Result<()> {
        let now = OffsetDateTime::now_utc().truncate_to_second().format(&Rfc3339).unwrap_or_default();
        let mut text = String::new();
        for line in lines.iter().flat_map(|line| line.lines()) {
            text += &format!("{now}{OURS}{line}\n");
        }
        match &self.0 {
            Sink::Nowhere => Ok(()),
            Sink::StandardError => io::stderr().write_all(text.as_bytes()),
            Sink::Terminal(terminal) => (&mut &*terminal).write_all(text.as_bytes()),
            Sink::File(file) => {
                (&mut &*file).write_all(text.as_bytes())?;
                file.sync_all()
            }
        }
    }
}

/// Whether an opened file is a log of ours, under one name: empty, or each line one of ours. A last line that was cut short
/// is ended.
fn is_ours(log: &mut File, metadata: &Metadata) -> io::Result<bool> {
    if !metadata.is_file() || !platform::has_one_name(metadata) {
        return Ok(false);
    }
    let is_cut_short = !ends_line(log)?;
    log.rewind()?;
    let mut reader = BufReader::new(&*log);
    for number in 0_u64.. {
        // Of a line the beginning counts, however long it is.
        let mut head = Vec::new();
        reader.by_ref().take(LONGEST_HEAD).read_until(b'\n', &mut head)?;
        if head.is_empty() {
            break;
        }
        if !head.ends_with(b"\n") {
            reader.skip_until(b'\n')?;
        }
        // What is cut short may be cut anywhere; those before it say whose it is.
        let is_our_last = is_cut_short && number > 0 && reader.fill_buf()?.is_empty();
        if !is_line_of_ours(&head) && !is_our_last {
            return Ok(false);
        }
    }
    if is_cut_short {
        log.write_all(b"\n")?;
    }
    Ok(true)
}

/// Whether a file is empty or ends with a whole line.
fn ends_line(file: &mut File) -> io::Result<bool> {
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last == *b"\n")
}

fn is_line_of_ours(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    line.split_once(OURS).is_some_and(|(time, _)| OffsetDateTime::parse(time, &Rfc3339).is_ok())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn system(error: &io::Error) -> Message {
    say("reason-system").with("reason", error.to_string())
}

fn unwritable(file: &Path, reason: Message) -> Problem {
    let file = file.to_string_lossy().into_owned();
    Problem::error(Code::FileUnwritable, "").with("file", file).with("reason", reason)
}

/// Says that something else is at the place that was named.
#[must_use]
pub fn exists(file: &Path) -> Problem {
    Problem::error(Code::FileExists, "").with("file", file.to_string_lossy().into_owned())
}
