//! `undo`: the last run is taken back.

use std::io;
use std::path::Path;

use crate::lifecycle::{undo as worked_out, undo_barred, undo_touches};
use crate::problem::any_error;
use crate::text::{Text, say};
use crate::world::Secrets;

use super::exit::OK;
use super::run::{Ended, Run};

/// Takes the last run back.
pub fn undo(home: &Path, dry_run: bool, text: &Text) -> io::Result<Ended> {
    let mut run = match Run::begin(home, dry_run, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let touched = undo_touches(&run.facts);
    run.look(&touched);
    let barred = undo_barred(&run.facts);
    if !barred.is_empty() {
        return run.refuse(&barred);
    }
    let Some(undo) = worked_out(&run.facts) else {
        run.say(&say("undo-nothing"))?;
        return Ok((OK, Vec::new()));
    };
    let problems = undo.plan.problems(&run.facts);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    for stays in &undo.stays {
        run.say(stays)?;
    }
    run.perform(&undo.plan, Secrets::default())
}
