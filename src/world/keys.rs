//! Keys, made while other work goes on.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::pki::request::generate_key;
use crate::pki::{KeyKind, PrivateKey};

use super::platform;

/// How often somebody who waits for a key is asked whether to go on.
const BETWEEN_ASKING: Duration = Duration::from_millis(50);

/// Makes keys; one may be under way or wait.
#[derive(Default)]
pub struct Keys(Option<KeyAhead>);

/// A key that a thread of its own makes. Whoever drops this gets the key cleared from memory, made or still to be made.
struct KeyAhead {
    kind: KeyKind,
    made: Receiver<Result<PrivateKey, String>>,
}

impl KeyAhead {
    fn of(kind: KeyKind) -> Self {
        let (sender, made) = mpsc::channel();
        // Where no thread can be had, or it dies, nobody sends anything, which is noticed where the key is wanted.
        let _ = thread::Builder::new().spawn(move || sender.send(made_key(kind)).is_ok());
        KeyAhead { kind, made }
    }
}

impl Keys {
    /// Begins to make a key of this kind, and returns at once; one under way or waiting is kept if it is of this kind, else
    /// thrown away.
    pub fn begin(&mut self, kind: Option<KeyKind>) {
        if kind != self.0.as_ref().map(|ahead| ahead.kind) {
            self.0 = kind.map(KeyAhead::of);
        }
    }

    /// The key of this kind that was begun, or a new one. While it is being made `go_on` is asked now and then whether to go
    /// on waiting; none where the answer is no, and then the key waits for the next time.
    ///
    /// # Errors
    /// The backend's words.
    pub fn make(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        // A key on a curve is made sooner than a thread to make it.
        if self.0.is_none() && !kind.is_rsa() {
            return if go_on() { made_key(kind).map(Some) } else { Ok(None) };
        }
        self.begin(Some(kind));
        while let Some(ahead) = &self.0 {
            if !go_on() {
                return Ok(None);
            }
            match ahead.made.recv_timeout(BETWEEN_ASKING) {
                Ok(made) => {
                    self.0 = None;
                    return made.map(Some);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => self.0 = None,
            }
        }
        made_key(kind).map(Some)
    }
}

/// A new key, where the system gives what one is made of.
fn made_key(kind: KeyKind) -> Result<PrivateKey, String> {
    platform::has_randomness().map_err(|error| error.to_string())?;
    generate_key(kind)
}
