//! What is written on the machine itself: atomically, with its mode from birth, and on the disk when it is settled.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::pki::PrivateKey;
use crate::system::{Access, Files, Look as _, PlannedFile};
use crate::world::atomic::{folder_of, unsynced, without_place, written};
use crate::world::platform;
use crate::world::reading::{open_file, read_own};
use crate::world::tidy::{clear_in, take_away};

use super::RealWorld;

impl RealWorld {
    /// A file that is on its way to the disk.
    fn begin(&self, file: &PlannedFile) -> io::Result<NamedTempFile> {
        // Folders still to be made will be on the same disk as the one they are made in.
        let folder = file.path.ancestors().skip(1).find(|folder| folder.is_dir());
        let folder = folder.filter(|folder| folder.starts_with(&self.reader.home)).ok_or(io::ErrorKind::NotFound)?;
        let begun = unsynced(folder, file.content.as_bytes(), file.access)?;
        platform::start_writing(begun.as_file());
        Ok(begun)
    }

    /// Has `persist` put a complete file in its place.
    fn put(
        &mut self,
        path: &Path,
        content: &[u8],
        access: Access,
        persist: impl Fn(NamedTempFile, &Path) -> io::Result<()>,
    ) -> io::Result<()> {
        self.prove(path)?;
        let place = self.at(path);
        let prepared = self.prepared.remove(path);
        let prepared =
            prepared.filter(|(_, planned)| planned.content.as_bytes() == content && planned.access == access);
        let is_there = prepared.is_some_and(|(file, _)| {
            self.unsettled.insert(folder_of(file.path()).to_owned());
            persist(file, &place).is_ok()
        });
        // What cannot be moved there after all is written there.
        if !is_there {
            persist(written(&place, content, access)?, &place)?;
        }
        // A folder that is made whole is brought to the disk when it is put in its place.
        if place == path {
            self.unsettled.insert(folder_of(path).to_owned());
        }
        Ok(())
    }

    fn open_to_append(&mut self, path: &Path) -> io::Result<File> {
        self.prove(path)?;
        let is_torn = !ends_line(path)?;
        let is_new = !path.exists();
        let open = || platform::private(OpenOptions::new().append(true).create(true)).open(path);
        let mut file = open()?;
        // A backup of hard links keeps what it has: the file becomes our own first.
        if !platform::has_one_name(&file.metadata()?) {
            self.replace(path, &fs::read(path)?, Access::Private)?;
            file = open()?;
        }
        self.unsettled.insert(path.to_owned());
        self.unsettled.extend(is_new.then(|| folder_of(path).to_owned()));
        // A line that a full disk or a dead machine cut short spoils itself only.
        if is_torn {
            file.write_all(b"\n")?;
        }
        Ok(file)
    }

    /// Where `path` is now: below a temporary name while its folder is being made.
    fn at(&self, path: &Path) -> PathBuf {
        let staged =
            self.staged.as_ref().and_then(|(folder, at)| Some(at.path().join(path.strip_prefix(folder).ok()?)));
        staged.unwrap_or_else(|| path.to_owned())
    }
}

impl Files for RealWorld {
    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        let is_there = path.is_dir();
        if !is_there {
            if let Some(parent) = path.parent() {
                platform::create_folders(parent)?;
            }
            platform::create_private_folder(path)?;
            self.unsettled.insert(folder_of(path).to_owned());
        }
        self.prove(path)?;
        // Above the home folder, what came there meanwhile is its owner's to close.
        if is_there && path.starts_with(&self.reader.home) { platform::make_private(path) } else { Ok(()) }
    }

    fn stage(&mut self, folder: &Path, access: Access) -> io::Result<()> {
        self.prove(folder)?;
        let at = platform::temporary_folder().tempdir_in(folder_of(folder)).map_err(without_place)?;
        if let Access::Exactly { mode, owner } = access {
            let folder = File::open(at.path())?;
            owner.map_or(Ok(()), |owner| platform::set_owner(&folder, owner))?;
            platform::set_mode(&folder, mode)?;
        }
        self.staged = Some((folder.to_owned(), at));
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        let Some((folder, at)) = &self.staged else { return Err(io::ErrorKind::NotFound.into()) };
        platform::sync(at.path())?;
        platform::rename_new(at.path(), folder)?;
        self.unsettled.insert(folder_of(folder).to_owned());
        // It is at its place now, and nothing is at the temporary one.
        self.staged.take().map(|(_, at)| at.keep());
        Ok(())
    }

    fn unstage(&mut self) {
        if let Some((_, at)) = self.staged.take() {
            let _ = take_away(&at.keep());
        }
    }

    fn prepare(&mut self, files: Vec<PlannedFile>) {
        // What was left over takes room.
        self.prepared.clear();
        if self.prove(&self.reader.home.clone()).is_err() {
            return;
        }
        let ours = files.into_iter().filter(|file| file.path.starts_with(&self.reader.home));
        let begun = ours.map(|file| Ok((file.path.clone(), (self.begin(&file)?, file))));
        let begun = begun.collect::<io::Result<BTreeMap<_, _>>>();
        // Each waits for the disk; what it writes for the first is mostly what the others wait for. Where not all can be
        // had none is kept: on a full disk the first files get the room, and the journal with them.
        let synced = begun.and_then(|begun| {
            begun.values().try_for_each(|(file, ..)| file.as_file().sync_all())?;
            Ok(begun)
        });
        self.prepared = synced.unwrap_or_default();
    }

    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        let new = |file: NamedTempFile, place: &Path| file.persist_noclobber(place).map(drop).map_err(|e| e.error);
        self.put(path, content, access, new)
    }

    fn replace(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        self.put(path, content, access, |file, place| file.persist(place).map(drop).map_err(|error| error.error))
    }

    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()> {
        self.prove(path)?;
        match to {
            Some(to) => {
                let mut builder = tempfile::Builder::new();
                let link =
                    builder.prefix(platform::TEMPORARY).make_in(folder_of(path), |place| platform::link(to, place));
                let link = link.map_err(without_place)?.into_temp_path();
                link.persist(path).map_err(|error| error.error)?;
            }
            None => fs::remove_file(path)?,
        }
        self.unsettled.insert(folder_of(path).to_owned());
        Ok(())
    }

    fn freshen(&mut self, folder: &Path, other: &Path) -> io::Result<()> {
        let files = |folder: &Path| -> io::Result<Vec<File>> {
            let names = platform::names_in(folder)?;
            let open =
                |name: &OsString| platform::not_through_links(OpenOptions::new().read(true)).open(folder.join(name));
            names.iter().map(open).collect()
        };
        let modified = |file: &File| file.metadata().and_then(|metadata| metadata.modified());
        let latest = match files(other) {
            Ok(others) => others.iter().filter_map(|file| modified(file).ok()).max(),
            Err(_) => None,
        };
        let now = std::time::SystemTime::now();
        let fresh = latest.map_or(now, |latest| now.max(latest + std::time::Duration::from_secs(1)));
        files(folder)?.iter().try_for_each(|file| file.set_modified(fresh))
    }

    fn clear(&mut self, folders: &BTreeSet<PathBuf>) {
        for folder in folders {
            clear_in(folder);
        }
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.prove(path)?;
        fs::remove_file(path)?;
        self.unsettled.insert(folder_of(path).to_owned());
        Ok(())
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        let mut file = match self.appended.take() {
            // Somebody may have put another file there.
            Some((appended, file)) if appended == path && platform::is_still_at(&file, path) => file,
            _ => self.open_to_append(path)?,
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        self.appended = Some((path.to_owned(), file));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.appended = None;
        while let Some(path) = self.unsettled.first() {
            platform::sync(path)?;
            self.unsettled.pop_first();
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        read_own(path)
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        self.reader.own_key(&self.at(path))
    }

    fn close_key(&mut self, path: &Path) -> io::Result<()> {
        // The file that was opened is the one that is looked at and changed, whatever comes to its place.
        let file = platform::not_through_links(OpenOptions::new().read(true)).open(path)?;
        if !platform::is_own(&file) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        platform::make_file_private(&file)?;
        file.sync_all()
    }
}

/// Whether the file at `path`, if any, is empty or ends with a whole line.
fn ends_line(path: &Path) -> io::Result<bool> {
    let mut file = match open_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::system::Disk as _;

    #[test]
    fn what_was_prepared_is_put_in_its_place_and_the_rest_is_thrown_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().to_owned();
        let mut world = RealWorld::new(home.clone(), home.clone());
        let file = |name: &str| home.join(name);
        let (same, other, below, unused) = (file("same"), file("other"), file("new/below"), file("unused"));
        let outside = folder.path().with_file_name("outside");
        let planned = |path: &PathBuf| {
            let content = Zeroizing::new("planned".to_owned());
            PlannedFile { path: path.clone(), content, access: Access::Shared }
        };
        world.prepare([&same, &other, &below, &unused, &outside].map(planned).to_vec());
        let is_temporary = |name: &OsString| name.to_string_lossy().starts_with(platform::TEMPORARY);
        let temporary =
            || platform::names_in(&home).expect("a folder").iter().filter(|name| is_temporary(name)).count();
        assert_eq!((temporary(), outside.exists()), (4, false), "only in the home folder");

        world.create(&same, b"planned", Access::Shared).expect("written");
        assert_eq!(temporary(), 3, "it was only renamed");
        world.create(&other, b"another", Access::Private).expect("written");
        world.make_folder(&file("new")).expect("made");
        world.create(&below, b"planned", Access::Shared).expect("written");
        let read = |path: &Path| fs::read_to_string(path).expect("a file");
        assert_eq!([&same, &other, &below].map(|path| read(path)), ["planned", "another", "planned"]);
        assert_eq!(world.reader.disk.about(&other).expect("a file").mode, Some(0o600), "as it was asked for");
        assert_eq!(
            world.create(&same, b"planned", Access::Shared).expect_err("it is there").kind(),
            io::ErrorKind::AlreadyExists
        );

        world.prepare(Vec::new());
        assert_eq!(temporary(), 0);
    }
}
