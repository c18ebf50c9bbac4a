//! An import only points down. The floors are the ones that `src/lib.rs` shows to a reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What only the world, the faces and the entrance may touch.
const OUTSIDE: [&str; 7] =
    ["std::fs", "std::net::Tcp", "std::net::Udp", "std::process", "SystemTime", "println!", "print!"];
const NEAR_OUTSIDE: [&str; 4] = ["world", "faces", "main", "cli"];
/// Pairs that never meet although one floor is below the other.
const STRANGERS: [(&str, &str); 2] = [("faces", "world"), ("wizard", "world")];

/// A file of `src` without its comments and its tests.
struct Source {
    path: PathBuf,
    room: String,
    code: String,
}

/// The rooms with their floors, from the table in `lib.rs`.
fn floors() -> BTreeMap<String, u32> {
    let lib = fs::read_to_string(src().join("lib.rs")).unwrap();
    let table = lib.split("```text").nth(1).and_then(|rest| rest.split("```").next()).expect("a table in lib.rs");
    let mut floors = BTreeMap::new();
    let mut floor = None;
    for line in table.lines().filter_map(|line| line.strip_prefix("//!")).map(str::trim).filter(|line| !line.is_empty())
    {
        let (number, rest) = line.split_at(line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len()));
        floor = number.parse().ok().or(floor);
        let rooms = rest.trim_start().split("  ").next().unwrap_or_default();
        for room in rooms.split(',') {
            floors.insert(room.trim().trim_end_matches('/').to_owned(), floor.expect("the first line has a number"));
        }
    }
    floors
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let mut waiting = vec![src()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("lib.rs") {
            found.push(source(path));
        }
    }
    found
}

fn source(path: PathBuf) -> Source {
    let inside = path.strip_prefix(src()).unwrap();
    let room = Path::new(inside.components().next().unwrap().as_os_str()).file_stem().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    Source { room: room.to_str().unwrap().to_owned(), code, path }
}

/// The rooms that `code` names after `crate::`, also in a group.
fn named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for start in ["crate::", "edgewright::"] {
        for rest in code.split(start).skip(1) {
            match rest.strip_prefix('{') {
                Some(group) => rooms.extend(first_words(group)),
                None => rooms.push(word(rest)),
            }
        }
    }
    rooms
}

/// The words a group of imports begins its items with: of `{a::{b, c}, d}` these are `a` and `d`.
fn first_words(group: &str) -> Vec<String> {
    let (mut depth, mut words, mut begins) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && !c.is_whitespace() => {
                words.push(word(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    words
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn groups_of_imports_are_understood() {
    assert_eq!(
        named("use crate::{form::{A, b}, model::C,\n  text};\ncrate::plan::x()"),
        ["form", "model", "text", "plan"]
    );
    assert_eq!(named("use edgewright::cli;"), ["cli"]);
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let floors = floors();
    for source in sources() {
        assert!(floors.contains_key(&source.room), "{} has no floor in lib.rs", source.room);
    }
    for room in floors.keys() {
        let is_there = src().join(room).with_extension("rs").exists() || src().join(room).is_dir();
        assert!(is_there, "{room} is in lib.rs only");
    }
    assert!(floors.len() > 10, "{floors:?}");
}

#[test]
fn imports_only_point_down() {
    let floors = floors();
    let mut wrong = Vec::new();
    for Source { path, room, code } in sources() {
        for other in named(&code).into_iter().filter(|other| *other != room) {
            let Some(floor) = floors.get(&other) else {
                wrong.push(format!("{} names {other}, which is no room", path.display()));
                continue;
            };
            let are_strangers = STRANGERS.contains(&(room.as_str(), other.as_str()));
            if *floor >= floors[&room] || are_strangers {
                wrong.push(format!("{} ({room}) imports {other}", path.display()));
            }
        }
        // From the room's own file, `super` is the whole house.
        let is_door = path.parent() == Some(&src());
        let climbs = |line: &str| line.starts_with("use super::") || line.starts_with("pub use super::");
        if is_door && code.lines().any(climbs) {
            wrong.push(format!("{} climbs by `super`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_world_and_the_faces_touch_the_outside() {
    let mut wrong = Vec::new();
    for Source { path, room, code } in sources() {
        if NEAR_OUTSIDE.contains(&room.as_str()) {
            continue;
        }
        // `use std::{fs, io}` names it too.
        let code = code.replace("std::{fs", "std::fs").replace("eprint", "print");
        for outside in OUTSIDE.iter().filter(|outside| code.contains(*outside)) {
            wrong.push(format!("{} has {outside}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_path_of_an_answer_stands_where_its_field_is_defined_and_nowhere_else() {
    let sources = sources();
    for path in edgewright::pages::form().paths().filter(|path| path.contains('.') && !path.contains('*')) {
        let said = format!("\"{path}\"");
        let times: usize = sources.iter().map(|source| source.code.matches(&said).count()).sum();
        assert_eq!(times, 1, "{path}");
    }
}

/// Whoever decides something asks what a server is and can do (`edge::Traits`): a new one then fits in without a search.
#[test]
fn only_the_products_themselves_are_named() {
    let is_variant = |name: &str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let mut wrong = Vec::new();
    for Source { path, room, code } in sources() {
        if room == "servers" || path == src().join("edge/server.rs") {
            continue;
        }
        let named =
            code.split("Server::").skip(1).filter(|rest| rest.starts_with(['{', '*']) || is_variant(&word(rest)));
        for rest in named {
            wrong.push(format!("{} names Server::{}", path.display(), rest.lines().next().unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_files_of_a_room_import_each_other_in_no_circle() {
    let sources = sources();
    let modules: Modules = sources.iter().map(|source| (module(&source.path), imports(source))).collect();
    let mut imported: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, imports) in &modules {
        let files = imports.iter().filter_map(|import| {
            let file = defined_in(&import.path, &modules)?;
            // A file that hands on what its own folder holds imports nothing.
            let hands_on = import.is_public && file.starts_with(&format!("{module}::"));
            (file != *module && room(&file) == room(module) && !hands_on).then_some(file)
        });
        imported.insert(module.clone(), files.collect());
    }
    // What imports nothing but files that are done is done; what is left goes round in circles or leads into one.
    while let Some(done) = imported.iter().find(|(_, files)| files.is_empty()).map(|(module, _)| module.clone()) {
        imported.remove(&done);
        for files in imported.values_mut() {
            files.remove(&done);
        }
    }
    assert!(imported.is_empty(), "{imported:#?}");
}

/// What each file imports, by the file's own path, such as `pki::pfx::read`.
type Modules = BTreeMap<String, Vec<Import>>;

/// The whole path of something imported from the house, such as `edge::Usage`.
struct Import {
    path: String,
    is_public: bool,
}

fn module(path: &Path) -> String {
    let inside = path.strip_prefix(src()).unwrap().with_extension("");
    inside.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::")
}

fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn imports(source: &Source) -> Vec<Import> {
    let own = module(&source.path);
    let mut imports = Vec::new();
    let mut rest = String::new();
    for statement in source.code.split_inclusive(';') {
        let found = statement.rfind("use ").filter(|at| {
            let line = &statement[statement[..*at].rfind('\n').map_or(0, |end| end + 1)..*at];
            line.trim().is_empty() || line.trim_start().starts_with("pub")
        });
        let Some(at) = found else {
            rest += statement;
            continue;
        };
        let is_public = statement[..at].trim_end().ends_with(['b', ')']);
        rest += &statement[..at];
        let paths = leaves(statement[at + 4..].trim_end_matches(';').trim());
        imports.extend(paths.iter().filter_map(|path| whole(path, &own)).map(|path| Import { path, is_public }));
    }
    let children = fs::read_dir(source.path.with_extension("")).into_iter().flatten();
    let children = children.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned() + "::"));
    for start in children.chain(["crate::".to_owned(), "super::".to_owned()]) {
        for (at, _) in rest.match_indices(&start) {
            let path: String =
                rest[at..].chars().take_while(|c| c.is_alphanumeric() || ['_', ':'].contains(c)).collect();
            if !rest[..at].ends_with(|c: char| c.is_alphanumeric() || ['_', ':'].contains(&c)) {
                imports.extend(whole(&path, &own).map(|path| Import { path, is_public: false }));
            }
        }
    }
    imports
}

/// The single paths of a tree of imports: of `a::{b::C, d}` these are `a::b::C` and `a::d`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((head, group)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let group = group.trim_end().trim_end_matches('}');
    let mut depth = 0;
    let items = group.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let items = items.map(str::trim).filter(|item| !item.is_empty());
    items.flat_map(leaves).map(|leaf| format!("{}{leaf}", head.trim())).collect()
}

/// A path from the house's root on; none where it leads out of the house.
fn whole(path: &str, own: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    let (mut base, mut rest) = (own, path);
    while let Some(above) = rest.strip_prefix("super::") {
        base = base.rsplit_once("::").map_or("", |(base, _)| base);
        rest = above;
    }
    let is_child = src().join(base.replace("::", "/")).join(word(rest)).with_extension("rs").exists();
    (rest.len() < path.len() || is_child).then(|| format!("{base}::{rest}").trim_start_matches(':').to_owned())
}

/// The file that defines what `path` names, also where another hands it on.
fn defined_in(path: &str, modules: &Modules) -> Option<String> {
    let mut file = path;
    while !modules.contains_key(file) {
        file = file.rsplit_once("::")?.0;
    }
    let name = path[file.len()..].trim_start_matches(':');
    let handed_on = |import: &&Import| {
        import.is_public && import.path != path && import.path.rsplit("::").next() == Some(word(name).as_str())
    };
    match modules[file].iter().find(handed_on) {
        Some(import) if !name.is_empty() => defined_in(&import.path, modules),
        _ => Some(file.to_owned()),
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let is_long = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().count() > 500;
    let long: Vec<PathBuf> = sources().into_iter().map(|source| source.path).filter(is_long).collect();
    assert!(long.is_empty(), "{long:?}");
}
