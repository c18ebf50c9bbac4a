//! Programs of the machine: run without a shell, with an end to their time and to what is kept of what they say.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command as Process, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::system::{Command, Ran};

use super::platform;

/// Octets that are kept of what a program says; the rest is read and dropped, so that it never waits.
const MOST_SAID: u64 = 1 << 20;
/// How often is looked whether it is through.
const PAUSE: Duration = Duration::from_millis(10);
/// Where programs are looked for, whatever the person's own `PATH` says.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs `command` to its end, or to the end of its time; then it is ended, with all that it started.
pub fn run(command: &Command) -> io::Result<Ran> {
    let mut process = Process::new(&command.program);
    process.args(&command.arguments).env_clear().env("PATH", PATH).env("LC_ALL", "C.UTF-8").current_dir("/");
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    platform::start_alone(&mut process);
    if let Some(user) = command.user {
        platform::run_as(&mut process, user);
    }
    let mut child = process.spawn()?;
    let input = command.input.clone();
    let stdin = child.stdin.take();
    // Whoever does not read to the end is through with it.
    let told = thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
    let output = child.stdout.take().map(heard);
    let errors = child.stderr.take().map(heard);
    let code = wait(&mut child, command.patience)?;
    drop(told);
    let said =
        |heard: Option<thread::JoinHandle<String>>| heard.and_then(|heard| heard.join().ok()).unwrap_or_default();
    Ok(Ran { code, output: said(output), errors: said(errors) })
}

/// What a program says, as far as it is kept.
fn heard(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut said = Vec::new();
        let _ = from.by_ref().take(MOST_SAID).read_to_end(&mut said);
        let _ = io::copy(&mut from, &mut io::sink());
        String::from_utf8_lossy(&said).into_owned()
    })
}

fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<i32>> {
    let end = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if Instant::now() >= end {
            platform::end(child);
            child.wait()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_heard_and_no_shell_reads_what_it_is_told() {
        let ran = run(&Command::new("printf", &["%s", "$HOME;`id`"])).expect("it runs");
        assert_eq!((ran.code, ran.output.as_str()), (Some(0), "$HOME;`id`"));
        let ran = run(&Command::new("cat", &[]).reading("told")).expect("it runs");
        assert_eq!(ran.output, "told");
        let ran = run(&Command::new("ls", &["/nowhere"])).expect("it runs");
        assert!(ran.code != Some(0) && ran.last_words().contains("/nowhere"), "{ran:?}");
        assert_eq!(run(&Command::new("no-such-program", &[])).expect_err("none").kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn one_that_hangs_is_ended_with_what_it_started() {
        let hangs =
            Command { patience: Duration::from_millis(200), ..Command::new("sh", &["-c", "sleep 4711 & wait"]) };
        let begun = Instant::now();
        assert_eq!(run(&hangs).expect_err("ended").kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() < Duration::from_secs(60));
        let left = run(&Command::new("pgrep", &["-f", "sleep 4711"])).expect("it runs");
        assert!(!left.output.lines().any(|line| !line.is_empty()), "{}", left.output);
    }
}
