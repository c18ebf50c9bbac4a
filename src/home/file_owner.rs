//! Whose a file is, and who we are, by number: names differ from machine to machine.

use std::fmt;

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOwner {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

impl FileOwner {
    /// Reads `0:101`, as [`fmt::Display`] writes it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (uid, gid) = text.split_once(':')?;
        Some(FileOwner { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    }
}

impl fmt::Display for FileOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
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
        let owner = |text: &str| FileOwner::read(text).expect("an owner");
        let root = User { uid: 0, groups: vec![0] };
        let ada = User { uid: 1000, groups: vec![1000, 33] };
        for (user, to, may) in
            [(&root, "12345:12345", true), (&ada, "1000:33", true), (&ada, "1000:34", false), (&ada, "0:33", false)]
        {
            assert_eq!(user.may_give_to(owner(to)), may, "{to}");
        }
        for none in ["", "1", "root:prosody", "-1:0", "1:2:3"] {
            assert_eq!(FileOwner::read(none), None, "{none}");
        }
    }
}
