//! Whose a file is, and who we are.

use std::collections::BTreeMap;

/// Whose a file is, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOwner {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

/// What users and groups are called on this machine (`passwd(5)`, `group(5)`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    users: BTreeMap<u32, String>,
    groups: BTreeMap<u32, String>,
}

impl Names {
    /// Reads what `/etc/passwd` and `/etc/group` say. Of two names for one number the first counts.
    #[must_use]
    pub fn read(passwd: &str, group: &str) -> Self {
        let named = |text: &str| {
            let mut names = BTreeMap::new();
            for line in text.lines() {
                let mut fields = line.split(':');
                if let (Some(name), Some(number)) =
                    (fields.next(), fields.nth(1).and_then(|number| number.parse().ok()))
                {
                    names.entry(number).or_insert_with(|| name.to_owned());
                }
            }
            names
        };
        Names { users: named(passwd), groups: named(group) }
    }

    /// An owner as `chown` takes it, `root:prosody`; a number where there is no name.
    #[must_use]
    pub fn shown(&self, owner: FileOwner) -> String {
        let name = |names: &BTreeMap<u32, String>, number: u32| {
            names.get(&number).cloned().unwrap_or_else(|| number.to_string())
        };
        format!("{}:{}", name(&self.users, owner.uid), name(&self.groups, owner.gid))
    }

    /// The owner that [`Names::shown`] shows; none where nobody is called so here.
    #[must_use]
    pub fn owner(&self, shown: &str) -> Option<FileOwner> {
        let number = |names: &BTreeMap<u32, String>, name: &str| {
            let named = names.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
            named.or_else(|| name.parse().ok())
        };
        let (user, group) = shown.split_once(':')?;
        Some(FileOwner { uid: number(&self.users, user)?, gid: number(&self.groups, group)? })
    }
}

/// Who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub uid: u32,
    /// Every group that we are in.
    pub groups: Vec<u32>,
}

impl User {
    /// Whether we may make a file of ours `owner`'s: root may give it to anybody, others to a group of theirs (chown(2)).
    #[must_use]
    pub fn may_give_to(&self, owner: FileOwner) -> bool {
        self.uid == 0 || self.uid == owner.uid && self.groups.contains(&owner.gid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_gives_a_file_to_somebody_else() {
        let owner = |text: &str| Names::default().owner(text).expect("an owner");
        let root = User { uid: 0, groups: vec![0] };
        let ada = User { uid: 1000, groups: vec![1000, 33] };
        for (user, to, may) in
            [(&root, "12345:12345", true), (&ada, "1000:33", true), (&ada, "1000:34", false), (&ada, "0:33", false)]
        {
            assert_eq!(user.may_give_to(owner(to)), may, "{to}");
        }
    }

    #[test]
    fn an_owner_has_a_name_where_the_machine_has_one() {
        let names =
            Names::read("root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\nbroken\n", "root:x:0:\nprosody:x:113:\n");
        for (shown, uid, gid) in [("root:prosody", 0, 113), ("root:7", 0, 7), ("1000:root", 1000, 0)] {
            assert_eq!(names.shown(FileOwner { uid, gid }), shown);
            assert_eq!(names.owner(shown), Some(FileOwner { uid, gid }));
        }
        assert_eq!(names.owner("0:113"), Some(FileOwner { uid: 0, gid: 113 }));
        for none in ["", "1", "ada:prosody", "-1:0", "1:2:3"] {
            assert_eq!(names.owner(none), None, "{none}");
        }
    }
}
