//! The binary: parses the command line, runs it, ends with its exit code.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use edgewright::cli;
use edgewright::text::visible;
use edgewright::world;

fn main() -> ExitCode {
    world::prepare_process();
    let (args, text) = cli::parse();
    match cli::run(&args, &Arc::new(text)) {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "edgewright: {}", visible(&error.to_string()));
            cli::FAILED.into()
        }
    }
}
