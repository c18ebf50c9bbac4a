//! A certificate request, signed by the key beside it.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::edge::Usage;
use crate::home::layout::KEY;
use crate::home::{Stay, Undo};
use crate::pki::request::{RequestSpec, sign};
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Makes a request. It may be sent as soon as it is there, and stays.
#[derive(Debug, PartialEq)]
pub struct Request(pub RequestSpec, pub Usage);

impl Step for Request {
    fn name(&self) -> &'static str {
        "request"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-request").with("names", self.0.names.len())
    }

    fn key_used(&self, target: &Path) -> Option<PathBuf> {
        Some(target.with_file_name(KEY))
    }

    fn prepare(
        &self,
        executor: &mut Executor<'_>,
        _: &mut dyn World,
    ) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        executor.request = executor.key.as_ref().and_then(|new| sign(&self.0, &new.key).ok());
        Ok(executor.request.clone().map(|request| (request.into(), Access::Private)))
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let beside = action.target.with_file_name(KEY);
        let left = || world.read_key(&beside).map_err(|e| say("reason-no-key").with("reason", e.to_string()));
        // It has done its work with the request.
        let new = executor.key.take();
        let made = || {
            let key = new.map_or_else(left, |new| Ok(new.key))?;
            sign(&self.0, &key).map_err(Undone::because)
        };
        let pem = executor.request.take().map_or_else(made, Ok)?;
        world.create(&action.target, pem.as_bytes(), Access::Private)?;
        executor.request = Some(pem.clone());
        Ok(Done::Wrote(pem))
    }

    fn usage(&self) -> Option<Usage> {
        Some(self.1)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Request }
    }
}
