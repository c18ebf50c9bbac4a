//! Who may write to a folder: by its mode, its group, its POSIX access lists.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const WRITE: u32 = 0o2;
const ANY: u32 = 0o7;

/// Who besides `owners` and root may write to `folder`, as `ls` or `getfacl` show it.
pub fn writer(folder: &Path, metadata: &Metadata, owners: &[u32]) -> Option<String> {
    let mode = metadata.mode();
    let by_mode = || format!("mode {:04o}", mode & 0o7777);
    let is_private = |group| is_private(group, owners);
    match list(folder, "system.posix_acl_access") {
        List::Absent if mode & WRITE != 0 => Some(by_mode()),
        List::Absent => (mode & (WRITE << 3) != 0 && !is_private(metadata.gid())).then(by_mode),
        List::Unreadable => Some("acl".to_owned()),
        List::Of(entries) => {
            let mask = mask(&entries);
            entries.iter().find_map(|entry| match entry.tag {
                Tag::User if entry.permissions & mask & WRITE != 0 && !is_one_of(owners, entry.id) => {
                    Some(format!("acl user:{}", entry.id))
                }
                Tag::Group if entry.permissions & mask & WRITE != 0 && !is_private(entry.id) => {
                    Some(format!("acl group:{}", entry.id))
                }
                Tag::OwningGroup if entry.permissions & mask & WRITE != 0 && !is_private(metadata.gid()) => {
                    Some(by_mode())
                }
                Tag::Other if entry.permissions & WRITE != 0 => Some(by_mode()),
                _ => None,
            })
        }
    }
}

/// Who besides `owners` and root would have rights on what is made in `folder`, by the list that it hands on: any that is
/// named there, and all whom it lets write.
pub fn heir(folder: &Path, owners: &[u32]) -> Option<String> {
    match list(folder, "system.posix_acl_default") {
        List::Absent => None,
        List::Unreadable => Some("acl default".to_owned()),
        List::Of(entries) => entries.iter().find_map(|entry| match entry.tag {
            Tag::User if entry.permissions & ANY != 0 && !is_one_of(owners, entry.id) => {
                Some(format!("acl default:user:{}", entry.id))
            }
            Tag::Group if entry.permissions & ANY != 0 && !is_private(entry.id, owners) => {
                Some(format!("acl default:group:{}", entry.id))
            }
            Tag::OwningGroup if entry.permissions & WRITE != 0 => Some("acl default:group:".to_owned()),
            Tag::Other if entry.permissions & WRITE != 0 => Some("acl default:other:".to_owned()),
            _ => None,
        }),
    }
}

fn is_one_of(owners: &[u32], user: u32) -> bool {
    user == 0 || owners.contains(&user)
}

/// Whether a group is one of `owners` alone, as far as this machine's own files know; what they do not know may be anybody.
fn is_private(group: u32, owners: &[u32]) -> bool {
    let read = |file| fs::read_to_string(file).unwrap_or_default();
    owners.iter().any(|user| is_own_group(group, *user, &read("/etc/passwd"), &read("/etc/group")))
}

/// Whether `group` is the first group of `user`, and nobody else's (`passwd(5)`, `group(5)`). Root's never is: where users
/// come and go by number alone, as in containers, they all are in it.
fn is_own_group(group: u32, user: u32, passwd: &str, groups: &str) -> bool {
    let fields = |line: &str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let number = |field: Option<&String>| field.and_then(|field| field.parse::<u32>().ok());
    let users: Vec<Vec<String>> = passwd.lines().map(fields).collect();
    let (ours, others): (Vec<_>, Vec<_>) = users.iter().partition(|line| number(line.get(2)) == Some(user));
    let is_first = |line: &&Vec<String>| number(line.get(3)) == Some(group);
    let mut lines = groups.lines().map(fields).filter(|line| number(line.get(2)) == Some(group)).peekable();
    let is_known = lines.peek().is_some();
    let is_us = |member: &str| member.is_empty() || ours.iter().any(|line| line[0] == member);
    let is_ours_alone = lines.all(|line| line.get(3).is_none_or(|members| members.split(',').all(is_us)));
    group != 0 && ours.iter().any(is_first) && !others.iter().any(is_first) && is_known && is_ours_alone
}

/// An access list.
#[cfg_attr(not(any(target_os = "linux", target_os = "android")), allow(dead_code))]
enum List {
    /// None, or the file system has no such thing.
    Absent,
    /// There is one that could not be read.
    Unreadable,
    Of(Vec<Entry>),
}

/// An entry of an access list.
struct Entry {
    tag: Tag,
    permissions: u32,
    /// Of a user or a group that is named.
    id: u32,
}

/// Whom an entry is for.
#[cfg_attr(not(any(target_os = "linux", target_os = "android")), allow(dead_code))]
#[derive(PartialEq)]
enum Tag {
    Owner,
    User,
    OwningGroup,
    Group,
    Mask,
    Other,
}

/// What groups and named users can have at most.
fn mask(entries: &[Entry]) -> u32 {
    entries.iter().find(|entry| entry.tag == Tag::Mask).map_or(ANY, |mask| mask.permissions)
}

/// Reads an access list as Linux gives it: a version, then tag, permissions and number of each entry
/// (`linux/posix_acl_xattr.h`).
#[cfg(any(target_os = "linux", target_os = "android"))]
fn list(folder: &Path, name: &str) -> List {
    use rustix::io::Errno;
    // Room for 127 entries.
    let mut octets = [0_u8; 1024];
    match rustix::fs::getxattr(folder, name, &mut octets) {
        Ok(size) => read_list(&octets[..size]).map_or(List::Unreadable, List::Of),
        Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS | Errno::NOENT) => List::Absent,
        Err(_) => List::Unreadable,
    }
}

/// Elsewhere lists are of another kind, which nobody reads here yet.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn list(_: &Path, _: &str) -> List {
    List::Absent
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn read_list(octets: &[u8]) -> Option<Vec<Entry>> {
    const VERSION: [u8; 4] = 2_u32.to_le_bytes();
    let entry = |octets: &[u8]| {
        // As `linux/posix_acl.h` numbers them.
        let tag = match u16::from_le_bytes(octets[..2].try_into().ok()?) {
            0x01 => Tag::Owner,
            0x02 => Tag::User,
            0x04 => Tag::OwningGroup,
            0x08 => Tag::Group,
            0x10 => Tag::Mask,
            0x20 => Tag::Other,
            _ => return None,
        };
        let permissions = u16::from_le_bytes(octets[2..4].try_into().ok()?).into();
        Some(Entry { tag, permissions, id: u32::from_le_bytes(octets[4..8].try_into().ok()?) })
    };
    let entries = octets.strip_prefix(&VERSION)?.chunks_exact(8);
    if entries.remainder().is_empty() { entries.map(entry).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_ones_own_only_where_nobody_else_can_be_in_it() {
        let passwd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:100::/:/bin/sh\n";
        let own = |user, group, passwd: &str, groups: &str| is_own_group(group, user, passwd, groups);
        assert!(own(1000, 1000, passwd, "root:x:0:\nada:x:1000:\n"));
        assert!(own(1000, 1000, passwd, "ada:x:1000:ada\n"));
        assert!(!own(1000, 1000, passwd, "ada:x:1000:ada,bob\n"), "bob is a member");
        assert!(!own(1000, 1000, passwd, "ada:x:1000:\nstaff:x:1000:bob\n"), "also under another name");
        assert!(!own(1000, 1000, &passwd.replace(":100::", ":1000::"), "ada:x:1000:\n"), "it is bob's first");
        assert!(!own(1000, 1000, passwd, "root:x:0:\n"), "the group is known elsewhere");
        assert!(!own(1000, 1000, "", "ada:x:1000:\n"), "the user is known elsewhere");
        assert!(!own(1000, 100, passwd, "users:x:100:\n"), "it is not ada's first");
        assert!(!own(0, 0, passwd, "root:x:0:\n"), "root's group");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_list_is_read_whole_or_not_at_all() {
        let list = [2, 0, 0, 0, 2, 0, 6, 0, 0x39, 0x30, 0, 0, 0x10, 0, 4, 0, 255, 255, 255, 255];
        let entries = read_list(&list).unwrap();
        assert_eq!((entries[0].id, entries[0].permissions, mask(&entries)), (12345, 6, 4));
        for cut in [0, 3, 5, 11, 19] {
            assert!(read_list(&list[..cut]).is_none(), "{cut}");
        }
        assert!(read_list(&list[..4]).unwrap().is_empty());
    }
}
