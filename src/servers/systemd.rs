//! The units that let systemd look every day.

use std::path::Path;

use crate::text::visible;

/// What is looked at every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Daily {
    /// The certificates, from the home folder alone.
    Status,
    /// The server on this machine, the records and the partners too.
    Look,
}

impl Daily {
    /// Both.
    pub const ALL: [Daily; 2] = [Daily::Status, Daily::Look];

    /// The file names of its service and of its timer.
    #[must_use]
    pub fn files(self) -> [&'static str; 2] {
        match self {
            Daily::Status => ["edgewright-status.service", "edgewright-status.timer"],
            Daily::Look => ["edgewright-look.service", "edgewright-look.timer"],
        }
    }

    /// The service and the timer as they are packaged.
    fn packaged(self) -> [&'static str; 2] {
        match self {
            Daily::Status => [
                include_str!("../../assets/systemd/edgewright-status.service"),
                include_str!("../../assets/systemd/edgewright-status.timer"),
            ],
            Daily::Look => [
                include_str!("../../assets/systemd/edgewright-look.service"),
                include_str!("../../assets/systemd/edgewright-look.timer"),
            ],
        }
    }

    /// The service and the timer that run `program` on the home folder `home`, by file name; both paths absolute.
    #[must_use]
    pub fn units(self, program: &Path, home: &Path) -> [(&'static str, String); 2] {
        let (program, home) = (program.to_string_lossy(), home.to_string_lossy());
        // Variables are expanded in every word but the first, where a second dollar sign would stand for itself.
        let argument = word(&home.replace('$', "$$"));
        let ([service, timer], [service_file, timer_file]) = (self.packaged(), self.files());
        let service = service
            .replace(PROGRAM, &format!("ExecStart={} --home {argument} ", word(&program)))
            .replace(HOME, &format!("AssertPathIsDirectory={}\n", without_specifiers(&home)));
        [(service_file, service), (timer_file, timer.to_owned())]
    }
}

/// Where the service stands in for what is known only on the machine.
const PROGRAM: &str = "ExecStart=/usr/bin/edgewright --home /var/lib/edgewright ";
const HOME: &str = "AssertPathIsDirectory=/var/lib/edgewright\n";

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
        for (daily, does) in [(Daily::Status, "status"), (Daily::Look, "status --look --confirm 3600")] {
            let [packaged, packaged_timer] = daily.packaged();
            let paths = (Path::new("/opt/e w/edgewright"), Path::new("/srv/50%\n$x"));
            let [(_, service), (_, timer)] = daily.units(paths.0, paths.1);
            let runs = format!("\nExecStart=\"/opt/e w/edgewright\" --home \"/srv/50%%\\n$$x\" {does}\n");
            assert!(service.contains(&runs), "{service}");
            assert!(service.contains("\nAssertPathIsDirectory=/srv/50%%\\n$x\n"), "{service}");
            assert_eq!(service.lines().count(), packaged.lines().count());
            assert_eq!(timer, packaged_timer);
            let [(_, same), _] = daily.units(Path::new("/usr/bin/edgewright"), Path::new("/var/lib/edgewright"));
            assert_eq!(same, packaged);
        }
    }
}
