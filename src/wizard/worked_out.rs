//! What was worked out for the page being shown, so that it is worked out once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::form::{Content, Row};
use crate::plan::Plan;

use super::line::Line;

/// What was worked out for the page being shown; it holds until answers or facts change.
#[derive(Default)]
pub(super) struct WorkedOut {
    pub(super) review: Kept<&'static str, [Line]>,
    pub(super) is_request_made: Kept<(), bool>,
    /// The pages whose answers are said, or whose work is done.
    pub(super) done: Kept<(), BTreeSet<&'static str>>,
    pub(super) stage_plan: Kept<&'static str, Plan>,
    pub(super) blocks: Kept<(&'static str, Option<usize>), [Content]>,
    pub(super) shown: Kept<(&'static str, String), [usize]>,
    /// What a filter looks at in each row: its answers in lower case.
    pub(super) searched: Kept<&'static str, [String]>,
    /// How wide each row's cells are, row after row.
    pub(super) cell_widths: Kept<&'static str, [usize]>,
}

/// What was worked out last, and from what.
pub(super) struct Kept<From, To: ?Sized>(RefCell<Option<(From, Rc<To>)>>);

impl<From, To: ?Sized> Default for Kept<From, To> {
    fn default() -> Self {
        Kept(RefCell::new(None))
    }
}

impl<From: PartialEq, To: ?Sized> Kept<From, To> {
    pub(super) fn get(&self, from: From, work_out: impl FnOnce() -> Rc<To>) -> Rc<To> {
        if let Some((kept, found)) = &*self.0.borrow()
            && *kept == from
        {
            return Rc::clone(found);
        }
        let found = work_out();
        *self.0.borrow_mut() = Some((from, Rc::clone(&found)));
        found
    }
}

/// What a filter looks at in a row; no filter holds a line break.
pub(super) fn searched(row: &Row) -> String {
    let mut said = String::new();
    for value in row.values() {
        said.push_str(&value.shown());
        said.push('\n');
    }
    said.to_lowercase()
}
