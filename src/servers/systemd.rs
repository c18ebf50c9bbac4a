//! The units that let systemd look at the certificates every day.

use std::path::Path;

use crate::text::visible;

const SERVICE: &str = include_str!("../../assets/systemd/edgewright-status.service");
const TIMER: &str = include_str!("../../assets/systemd/edgewright-status.timer");

/// Where the service stands in for what is known only on the machine.
const PROGRAM: &str = "ExecStart=/usr/bin/edgewright --home /var/lib/edgewright ";
const HOME: &str = "AssertPathIsDirectory=/var/lib/edgewright\n";

/// The service and the timer that run `program` on the home folder `home`, by file name; both paths absolute.
#[must_use]
pub fn status_units(program: &Path, home: &Path) -> [(&'static str, String); 2] {
    let (program, home) = (program.to_string_lossy(), home.to_string_lossy());
    // Variables are expanded in every word but the first, where a second dollar sign would stand for itself.
    let argument = word(&home.replace('$', "$$"));
    let service = SERVICE
        .replace(PROGRAM, &format!("ExecStart={} --home {argument} ", word(&program)))
        .replace(HOME, &format!("AssertPathIsDirectory={}\n", without_specifiers(&home)));
    [("edgewright-status.service", service), ("edgewright-status.timer", TIMER.to_owned())]
}

/// One word of a command line (systemd.service(5), "Command lines").
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", without_specifiers(&escaped))
}

/// `%` begins a specifier (systemd.unit(5)). A line end would begin another setting; nobody has one in a path, and here it
/// leads to a path that does not exist.
fn without_specifiers(text: &str) -> String {
    visible(&text.replace('%', "%%")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_paths_are_put_in_and_nothing_else() {
        let [(_, service), (_, timer)] = status_units(Path::new("/opt/e w/edgewright"), Path::new("/srv/50%\n$x"));
        assert!(
            service.contains("\nExecStart=\"/opt/e w/edgewright\" --home \"/srv/50%%\\n$$x\" status\n"),
            "{service}"
        );
        assert!(service.contains("\nAssertPathIsDirectory=/srv/50%%\\n$x\n"), "{service}");
        assert_eq!(service.lines().count(), SERVICE.lines().count());
        assert_eq!(timer, TIMER);
        let [(_, same), _] = status_units(Path::new("/usr/bin/edgewright"), Path::new("/var/lib/edgewright"));
        assert_eq!(same, SERVICE);
    }
}
