//! A world in which a plan is done to a disk in memory only, which lies over the machine's.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::{Layout, Owner};
use crate::pki::{KeyKind, PrivateKey};
use crate::system::{self, Access, Clock, Command, Disk, Files, Held, Look, Net, Programs, Ran, World};

use super::clock::now;
use super::keys::Keys;
use super::overlay::{Node, Overlay};
use super::platform;
use super::reader::{Reader, made_home_id};
use super::reading::LARGEST_TEXT;
use super::real::RealWorld;
use super::survey::is_absence;

/// Reads the machine and writes to memory, so that after each action it looks as after a real one. Keys are made, in
/// memory, so that a request is proved to be possible.
#[derive(Clone)]
pub struct DryWorld {
    reader: Reader<Overlay>,
    /// The folder that is being made whole, and its files.
    staged: Option<(PathBuf, Access, BTreeMap<PathBuf, Node>)>,
}

impl DryWorld {
    /// A dry copy of `real`.
    #[must_use]
    pub fn of(real: RealWorld) -> Self {
        DryWorld { reader: real.reader.of(Overlay::default()), staged: None }
    }

    /// Has `node` be at `path`, or where that is while its folder is being made.
    fn put(&mut self, path: &Path, node: Node) -> io::Result<()> {
        match &mut self.staged {
            Some((folder, _, files)) if path.starts_with(&*folder) => {
                files.insert(path.to_owned(), node);
                Ok(())
            }
            _ => self.reader.disk.put(path, node),
        }
    }

    fn refuse_what_is_there(&self, path: &Path) -> io::Result<()> {
        if self.reader.disk.about(path).is_ok() { Err(io::ErrorKind::AlreadyExists.into()) } else { Ok(()) }
    }
}

impl World for DryWorld {
    fn reader(&self) -> Box<dyn Look> {
        Box::new(self.reader.clone())
    }

    fn trial(&self) -> Option<Box<dyn World>> {
        Some(Box::new(self.clone()))
    }

    fn lock(&mut self) -> Result<(), Held> {
        Ok(())
    }

    fn owner(&mut self) -> io::Result<Owner> {
        let place = Layout::of(&self.reader.home).home_id();
        let id = match self.reader.home_id()? {
            Some(id) => id,
            None => made_home_id(self, &place)?,
        };
        Ok(self.reader.owner(&id))
    }
}

impl Files for DryWorld {
    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        let disk = &self.reader.disk;
        if disk.is_folder(path).unwrap_or_default() && !path.starts_with(&self.reader.home) {
            return Ok(());
        }
        let missing = path.ancestors().skip(1).take_while(|above| !disk.is_folder(above).unwrap_or_default());
        for above in missing.map(Path::to_owned).collect::<Vec<_>>() {
            self.put(&above, Node::Folder(platform::born_with(0o755)))?;
        }
        self.put(path, Node::Folder(platform::born_with(0o700)))
    }

    fn stage(&mut self, folder: &Path, access: Access) -> io::Result<()> {
        self.staged = Some((folder.to_owned(), access, BTreeMap::new()));
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        let (folder, access, files) = self.staged.take().ok_or(io::ErrorKind::NotFound)?;
        self.refuse_what_is_there(&folder)?;
        let mode = match access {
            Access::Exactly { mode, .. } => mode,
            Access::Private | Access::Shared => 0o700,
        };
        self.put(&folder, Node::Folder(platform::born_with(mode)))?;
        files.into_iter().try_for_each(|(path, node)| self.put(&path, node))
    }

    fn unstage(&mut self) {
        self.staged = None;
    }

    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        self.refuse_what_is_there(path)?;
        self.put(path, Node::file(content, access))
    }

    fn replace(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        self.put(path, Node::file(content, access))
    }

    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()> {
        match to {
            Some(to) => self.put(path, Node::Link(to.to_owned())),
            None => self.remove(path),
        }
    }

    fn freshen(&mut self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.reader.disk.take_away(path)
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        let disk = &self.reader.disk;
        let mut content = match disk.content(path, u64::MAX) {
            Err(error) if is_absence(&error) => Zeroizing::default(),
            content => content?,
        };
        // A line that was cut short spoils itself only.
        if content.last().is_some_and(|last| *last != b'\n') {
            content.push(b'\n');
        }
        content.extend_from_slice(format!("{line}\n").as_bytes());
        let about = disk.about(path).ok();
        let was = about.and_then(|about| Some(Access::Exactly { mode: about.mode?, owner: about.owner }));
        self.put(path, Node::file(&content, was.unwrap_or(Access::Private)))
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        let content = self.reader.disk.content(path, LARGEST_TEXT + 1)?;
        if content.len() as u64 > LARGEST_TEXT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        String::from_utf8(content.to_vec()).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let staged = self.staged.as_ref().and_then(|(.., files)| files.get(path));
        let (key, is_own) = match staged {
            Some(node) => node.key()?,
            None => return self.reader.own_key(path),
        };
        if is_own { Ok(key) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn close_key(&mut self, path: &Path) -> io::Result<()> {
        // From here on it can be read, as it could after the run.
        let (key, _) = self.reader.disk.key(path)?;
        self.put(path, Node::file(key.pem().as_bytes(), Access::Private))
    }
}

impl system::Keys for DryWorld {
    /// None: a dry run makes a key only to prove that the request is possible.
    fn make_key_ahead(&mut self, _: Option<KeyKind>) {}

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        Keys::default().make(kind, go_on)
    }
}

impl Programs for DryWorld {
    /// Nothing is run: what would be is in the plan.
    fn run(&self, command: &Command) -> io::Result<Ran> {
        Ok(Ran { code: Some(0), output: command.expects.clone().unwrap_or_default(), errors: String::new() })
    }
}

impl Net for DryWorld {}

impl Clock for DryWorld {
    fn now(&self) -> OffsetDateTime {
        now()
    }
}
