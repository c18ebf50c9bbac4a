//! Programs of the machine: run without a shell, with an end to their time and to how much they may say.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::process::{Child, Command as Process};
use std::thread;
use std::time::{Duration, Instant};

use crate::system::{Command, Ran};

use super::platform;

/// Octets that a program may say before it is ended.
const MOST_SAID: u64 = 64 << 20;
/// How often is looked whether it is through.
const PAUSE: Duration = Duration::from_millis(10);
/// Where programs are looked for, whatever the person's own `PATH` says.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs `command` to its end, or to the end of its time; then it is ended, with all that it started.
///
/// It reads and writes files that have no name, for a pipe breaks where we are killed: ejabberd 24.12, whose client cannot say any
/// more that a module is installed, stays in the folder of its source (`ext_mod:install/5`), and once that is gone installs none.
pub fn run(command: &Command) -> io::Result<Ran> {
    let mut process = Process::new(&command.program);
    process.args(&command.arguments).env_clear().env("PATH", PATH).env("LC_ALL", "C.UTF-8").current_dir("/");
    let mut input = platform::nameless_file()?;
    input.write_all(command.input.as_bytes())?;
    input.rewind()?;
    let said = [platform::nameless_file()?, platform::nameless_file()?];
    process.stdin(input).stdout(said[0].try_clone()?).stderr(said[1].try_clone()?);
    platform::start_alone(&mut process);
    if let Some(user) = command.user {
        platform::run_as(&mut process, user);
    }
    let code = wait(&mut process.spawn()?, command.patience, &said)?;
    let [output, errors] = said.map(heard);
    Ok(Ran { code, output: output?, errors: errors? })
}

/// What a program has said.
fn heard(mut said: File) -> io::Result<String> {
    let mut octets = Vec::new();
    said.rewind()?;
    said.read_to_end(&mut octets)?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

fn wait(child: &mut Child, patience: Duration, said: &[File]) -> io::Result<Option<i32>> {
    let end = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        let is_endless = said.iter().any(|file| file.metadata().is_ok_and(|said| said.len() > MOST_SAID));
        if is_endless || Instant::now() >= end {
            platform::end(child);
            child.wait()?;
            let kind = if is_endless { io::ErrorKind::FileTooLarge } else { io::ErrorKind::TimedOut };
            return Err(kind.into());
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

    #[cfg(target_os = "linux")]
    #[test]
    fn who_is_killed_breaks_no_pipe() {
        let ran = run(&Command::new("stat", &["-Lc", "%F", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"]));
        let kinds = ran.expect("it runs").output;
        assert!(kinds.lines().count() == 3 && kinds.lines().all(|kind| kind.starts_with("regular")), "{kinds}");
    }

    #[test]
    fn one_that_talks_without_end_is_ended() {
        let talks = run(&Command::new("yes", &[]));
        assert_eq!(talks.expect_err("ended").kind(), io::ErrorKind::FileTooLarge);
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
