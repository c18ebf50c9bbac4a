//! Where keys come from.

use std::io;

use crate::pki::{KeyKind, PrivateKey};

/// The key generator.
pub trait Keys {
    /// Whether there are random numbers for keys and signatures: where the system refuses them, the backend ends the process.
    ///
    /// # Errors
    /// The system's.
    fn has_randomness(&self) -> io::Result<()> {
        Ok(())
    }

    /// Begins to make a key of this kind beside all other work, in memory only, and returns at once; one under way or
    /// waiting is kept if it is of this kind, else thrown away.
    fn make_key_ahead(&mut self, kind: Option<KeyKind>);

    /// The key of this kind that was made ahead, or a new one, in memory only. While it is being made `go_on` is asked now
    /// and then whether to go on waiting; none where the answer is no, and then the key waits for the next time.
    ///
    /// # Errors
    /// The backend's words.
    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String>;
}
