//! What a request or a pair is for, which stands beside it.

use std::path::Path;

use zeroize::Zeroizing;

use crate::edge;
use crate::home::{Facts, Undo};
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::system::{Access, World};
use crate::text::Message;

use super::target::{appearance, named};

/// Writes down what a request or a pair is for. It stays with it.
#[derive(Debug, PartialEq)]
pub struct Purpose(edge::Purpose);

impl Action {
    /// What a request or a pair in `folder` is for, as the file `name` in it.
    #[must_use]
    pub fn purpose(facts: &Facts, folder: &Path, name: &str, purpose: edge::Purpose) -> Self {
        let target = folder.join(name);
        Action::new(appearance(facts, &target), target, Purpose(purpose))
    }
}

impl Step for Purpose {
    fn name(&self) -> &'static str {
        "file"
    }

    fn what(&self, target: &Path) -> Message {
        named(target)
    }

    fn prepare(&self, _: &mut Executor<'_>, _: &mut dyn World) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        Ok(Some((self.0.json().into(), Access::Private)))
    }

    fn perform(&self, action: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let json = self.0.json();
        action.write(world, &json, Access::Private)?;
        Ok(Done::Wrote(json))
    }

    // It stays with the request or the pair it belongs to.
    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}
