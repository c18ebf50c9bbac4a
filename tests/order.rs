//! What leaves the home folder leaves it last: key, request, their folders and the journal are on the disk before a copy of
//! the request is anywhere else. Held by the calls of the real program, as strace sees them.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::have;
use common::place::{Disk, Place, answers};

/// What the calls say of files and folders: what was written, what was brought to the disk, and in which order.
#[derive(Default)]
struct Calls {
    /// Which path each open descriptor is of.
    open: BTreeMap<String, PathBuf>,
    /// Files and folders whose change is not on the disk yet.
    unsynced: BTreeSet<PathBuf>,
    /// What was not on the disk when the copy came to its place.
    late: Option<BTreeSet<PathBuf>>,
}

impl Calls {
    fn see(&mut self, line: &str, copy: &Path) {
        let Some((call, rest)) = line.split_once('(') else { return };
        let paths: Vec<PathBuf> = rest.split('"').skip(1).step_by(2).map(PathBuf::from).collect();
        let result = rest.rsplit_once("= ").map_or("", |(_, result)| result.split(' ').next().unwrap_or_default());
        if result.starts_with('-') {
            return;
        }
        let descriptor = || rest.split([',', ')']).next().unwrap_or_default().to_owned();
        match (call.rsplit(' ').next().unwrap_or_default(), &paths[..]) {
            ("openat", [path]) => {
                self.open.insert(result.to_owned(), path.clone());
                if rest.contains("O_CREAT") {
                    self.unsynced.insert(path.clone());
                    self.unsynced.extend(path.parent().map(Path::to_owned));
                }
            }
            ("write", _) => {
                let path = self.open.get(&descriptor()).cloned();
                self.unsynced.extend(path);
            }
            ("fsync" | "fdatasync", _) => {
                let path = self.open.get(&descriptor()).cloned();
                path.map(|path| self.unsynced.remove(&path));
            }
            ("mkdir", [path]) => {
                self.unsynced.insert(path.clone());
                self.unsynced.extend(path.parent().map(Path::to_owned));
            }
            ("rename" | "renameat" | "renameat2" | "link" | "linkat", [from, to]) => {
                if to == copy {
                    self.late.get_or_insert(self.unsynced.clone());
                }
                // What is renamed takes with it whether it is on the disk; the names in both folders are not.
                let moved: Vec<PathBuf> = self.unsynced.iter().filter(|path| path.starts_with(from)).cloned().collect();
                for path in moved {
                    self.unsynced.remove(&path);
                    self.unsynced.insert(to.join(path.strip_prefix(from).unwrap()));
                }
                self.unsynced.extend([from, to].into_iter().filter_map(|path| path.parent()).map(Path::to_owned));
            }
            ("unlink" | "unlinkat", [path]) => {
                self.unsynced.retain(|other| !other.starts_with(path));
            }
            _ => {}
        }
    }
}

/// What of the home folder is not on the disk when the copy of the request comes to `copy`.
fn late(place: &Place, copy: &Path, args: &[&str]) -> BTreeSet<PathBuf> {
    let trace = common::scratch();
    let trace = trace.path().join("trace");
    let program = place.command(args);
    let mut strace = Command::new("strace");
    let calls = "openat,write,fsync,fdatasync,mkdir,rename,renameat,renameat2,link,linkat,unlink,unlinkat";
    strace.args(["-f", "-qq", "-s", "4096", "-e", &format!("trace={calls}"), "-o"]).arg(&trace);
    strace.arg(program.get_program()).args(program.get_args()).current_dir(place.folder());
    for (name, value) in program.get_envs() {
        strace.env(name, value.unwrap());
    }
    let run = strace.output().unwrap();
    assert!(run.status.success(), "{run:?}");
    let mut calls = Calls::default();
    for line in std::fs::read_to_string(&trace).unwrap().lines() {
        calls.see(line, copy);
    }
    let late = calls.late.expect("the copy comes to its place");
    // The lock says who is at work, and its entry goes with the run.
    let of_home = |path: &PathBuf| path.starts_with(place.home()) && !path.ends_with("lock");
    late.into_iter().filter(of_home).collect()
}

#[test]
fn everything_in_the_home_folder_is_on_the_disk_before_the_copy_is_anywhere() {
    if !have("strace") {
        return;
    }
    for base in ["prosody", "ejabberd", "lync"] {
        let place = Place::with(&answers(base, ""));
        let copy = place.path("edge.req");
        assert_eq!(late(&place, &copy, &["apply", "--answers", "edge.toml"]), BTreeSet::new(), "{base}");
    }
    let internal = "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"";
    let place = Place::with(&answers("lync", internal));
    let copy = place.path("edge.req");
    assert_eq!(late(&place, &copy, &["apply", "--answers", "edge.toml"]), BTreeSet::new(), "internal");
}

#[test]
fn so_it_is_where_the_copy_is_on_another_disk() {
    if !have("strace") {
        return;
    }
    let place = Place::with(&answers("prosody", "request.file = \"other/edge.req\""));
    let Some(_disk) = Disk::mount(&place.path("other"), "size=1m") else { return };
    let copy = place.path("other/edge.req");
    assert_eq!(late(&place, &copy, &["apply", "--answers", "edge.toml"]), BTreeSet::new());
}
