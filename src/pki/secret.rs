//! What must not be told: a password or passphrase, in memory.

use std::fmt::{self, Debug, Formatter};

use zeroize::Zeroizing;

/// Most octets of a password.
pub const MOST: usize = 1024;

/// A password. It is cleared when it goes, and no debug text shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Adds a character; `false` where it can be in no password: it finds no room, or nobody could type it. No copy stays
    /// behind, as no memory is moved to make more.
    pub fn push(&mut self, c: char) -> bool {
        let is_taken = !c.is_control() && self.0.len() + c.len_utf8() <= MOST;
        if is_taken {
            self.0.push(c);
        }
        is_taken
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Number of characters.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.chars().count()
    }

    /// What it is.
    #[must_use]
    pub fn reveal(&self) -> &Zeroizing<String> {
        &self.0
    }
}

impl Default for Secret {
    fn default() -> Self {
        Secret(Zeroizing::new(String::with_capacity(MOST)))
    }
}

impl Debug for Secret {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_and_never_moved() {
        let mut secret = Secret::default();
        let place = secret.reveal().as_ptr();
        assert!((0..MOST / 2).all(|_| secret.push('ä')) && !secret.push('a'));
        assert_eq!((secret.count(), secret.reveal().as_ptr()), (MOST / 2, place));
        secret.pop();
        assert!(!secret.push('\u{7}'));
        assert_eq!((secret.count(), format!("{secret:?}").as_str()), (MOST / 2 - 1, "Secret"));
    }
}
