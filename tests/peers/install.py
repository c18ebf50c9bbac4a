"""`out/install.sh` puts into service what `apply` would, and takes it back, on both servers at once.

Says what it sees; ends with 1 where something is not as it should be. With `EDGEWRIGHT_LONG` it kills more often.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from apply import LONG, check, differing, modules, wrapped
from bench import FOLDER, Edge, end, found_authority, listens, own_part, replace, run, served, set_up_the_box, start_servers, until

OTHER = """
VirtualHost "other.example"
    modules_enabled = { "announce" }
"""
# ejabberd's own program takes its time.
TIMES = {"prosody": 20 if LONG else 10, "ejabberd": 10 if LONG else 2}


def script(edge, argument, ends=0, cwd=None):
    return run(["sh", str(edge.home / "out/install.sh"), argument], ends=ends, cwd=cwd)


def begun(edge, argument):
    """The script in a group of its own, on its way."""
    command = ["sh", str(edge.home / "out/install.sh"), argument]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def listing(edge, times=False):
    """Every file and folder of the server with content, mode and owner; but the copies of pairs, which stay."""
    found = {}
    tops = {"prosody": ["/etc/prosody", "/usr/local/lib/prosody"], "ejabberd": ["/etc/ejabberd", "/var/lib/ejabberd/.ejabberd-modules"]}
    for top in tops[edge.server]:
        for path in sorted([Path(top), *Path(top).rglob("*")]):
            is_folder = path.is_dir() and not path.is_symlink()
            is_pair = path.parts[3:4] == ("edgewright",) and (len(path.parts) == 4 or len(path.parts[4]) == 16)
            if not path.is_symlink() and not path.exists() or is_pair and not times:
                continue
            about = path.lstat()
            content = os.readlink(path) if path.is_symlink() else None if is_folder else path.read_bytes()
            found[str(path)] = (about.st_mode, about.st_uid, about.st_gid, content, times and not is_folder and about.st_mtime_ns)
    return found


def enforces(edge):
    if edge.server == "prosody":
        return '"interface":1' in run(["prosodyctl", "shell", f"> prosody.hosts['{edge.domain}'].modules.edgewright_1.module.state()"])
    return "federation open" in run(["ejabberdctl", "edgewright_state", edge.domain])


def in_force(edge):
    return served(edge.domain, edge.address) == edge.serial() and enforces(edge)


def others(edge):
    """What there is of other hosts."""
    if edge.server == "prosody":
        return modules("other.example")
    return run(["ejabberdctl", "registered_vhosts"]).replace(f"{edge.domain}\n", "")


RACE = '''
import os, sys
place, victim = sys.argv[1:]
while True:
    for name in os.listdir(place):
        if name.startswith(".edgewright-"):
            try:
                os.rename(f"{place}/{name}", f"{place}/away")
                os.symlink(victim, f"{place}/{name}")
            except OSError:
                pass
'''


CA_CONFIG = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def issued_otherwise(pair, name, end):
    """In place of a pair another one, for this name and until then."""
    for file, content in [("ca.cnf", CA_CONFIG), ("index.txt", ""), ("serial", "01"), ("names", f"subjectAltName=DNS:{name}")]:
        (pair / file).write_text(content)
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem"
    run(f"openssl req -new {key} -subj /CN=x -out request.pem", cwd=pair)
    when = f"-startdate 20200101000000Z -enddate {end}"
    run(f"openssl ca -batch -notext -config ca.cnf -selfsign -keyfile key.pem -in request.pem -extfile names {when} -out fullchain.pem", cwd=pair)


class Story:
    def __init__(self, edge):
        self.edge, self.pair = edge, str(edge.home / "current")
        self.before, self.others = listing(edge), others(edge)
        self.main = Path("/etc/prosody/prosody.cfg.lua" if edge.server == "prosody" else "/etc/ejabberd/ejabberd.yml")
        self.settings = next(edge.home.glob("out/*/edgewright.*"))
        self.control = "prosodyctl" if edge.server == "prosody" else "ejabberdctl"
        self.is_short = edge.server == "ejabberd" and not LONG

    def is_as_before(self, what):
        check(f"{self.edge.server}, {what}: {differing(self.before, listing(self.edge))}", listing(self.edge) == self.before)
        check(f"{self.edge.server}, {what}: other hosts", others(self.edge) == self.others)

    def is_in_force(self, what):
        check(f"{self.edge.server}, {what}: in force", in_force(self.edge))
        check(f"{self.edge.server}, {what}: other hosts", others(self.edge) == self.others)

    def refused(self, what, says, argument=None):
        was = listing(self.edge, times=True)
        said = script(self.edge, argument or self.pair, ends=1)
        check(f"{self.edge.server}, {what} is refused: {said}", says in said)
        check(f"{self.edge.server}, {what}: {differing(was, listing(self.edge, times=True))}", listing(self.edge, times=True) == was)

    def instead(self, word, does):
        """The server's program does something else where it is told something with this word."""
        real = shutil.which(self.control)
        return wrapped(self.control, f'case "$*" in *{word}*) {does} ;; esac\nexec {real} "$@"')

    def refusals(self):
        edge = self.edge
        text = self.settings.read_text()
        self.settings.write_text(text + "\n")
        self.refused("a changed file", "not what was written")
        self.settings.write_text(text)
        link = self.main.with_name(self.settings.name)
        link.symlink_to("/etc/passwd")
        self.refused("a link", "symbolic link")
        link.unlink()
        self.refused("no pair", "it is missing", str(FOLDER))
        wrong = FOLDER / f"wrong pair of {edge.server}"
        shutil.copytree(self.pair, wrong)
        run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(wrong / "key.pem")])
        self.refused("another key", "not the one that the certificate was issued for", str(wrong))
        run(["openssl", "pkey", "-in", f"{self.pair}/key.pem", "-aes256", "-passout", "pass:secret", "-out", str(wrong / "key.pem")])
        self.refused("a key under a passphrase", "under a passphrase", str(wrong))
        for name, end, says in [("other.example", "20990101000000Z", "does not name this host:"), (edge.domain, "20200201000000Z", "has expired")]:
            issued_otherwise(wrong, name, end)
            self.refused(f"a certificate that {says}", says, str(wrong))
        with open(edge.home / "out/install.sh") as text:
            said = run(["setpriv", "--reuid=65534", "--clear-groups", "sh", "-s", "--", self.pair], ends=1, stdin=text)
        check(f"not root: {said}", "Only root" in said)
        program = self.instead("status", "exit 1")
        self.refused("a server that does not run", "does not run")
        program.unlink()
        said = run(["setpriv", "--reuid=65534", "--clear-groups", "sh", "-c", (edge.home / "out/install.sh").read_text(), "sh", "--help"])
        check(f"help: {said}", "Usage" in said and "private key" in said)
        if edge.server == "prosody":
            own = Path("/etc/prosody/conf.d/lists.cfg.lua")
            own.write_text("modules_enabled = {\n")
            self.refused("a mistake in the configuration", f"{own}:2: unexpected symbol")
            own.write_text(f'VirtualHost "{edge.domain}"\n    modules_enabled = {{ "announce" }}\n')
            self.refused("lists of the person's", f"- {edge.domain}: its configuration has modules_enabled")
            own.write_text(f'Component "rooms.{edge.domain}" "proxy65"\nComponent "{edge.domain}" "muc"\n')
            self.refused("another kind", f"- {edge.domain}: it is there as a component")
            own.unlink()
        self.led_elsewhere(self.pair)
        self.is_as_before("refused")

    def led_elsewhere(self, argument):
        """Folders that are not root's alone are refused, however fast the server's user puts links into them."""
        edge = self.edge
        secret = FOLDER / f"{edge.server} root's"
        places = [self.main.parent, *([Path("/usr/local/lib"), Path("/usr/local/lib/prosody/modules")] if edge.server == "prosody" else [])]
        for place in places:
            made = [folder for folder in [place, *place.parents] if not folder.exists()]
            place.mkdir(parents=True, exist_ok=True)
            about = place.stat()
            secret.write_text("secret")
            secret.chmod(0o600)
            shutil.chown(place, edge.server)
            race = subprocess.Popen(["setpriv", f"--reuid={edge.server}", "--clear-groups", "python3", "-c", RACE, str(place), str(secret)])
            said = script(edge, argument, ends=1)
            race.kill()
            race.wait()
            check(f"{place}, {argument}: {said}", f"{place}: others than root" in said)
            check(f"{place}: {secret.read_text()}", (secret.read_text(), secret.stat().st_mode & 0o777, secret.stat().st_uid) == ("secret", 0o600, 0))
            os.chown(place, about.st_uid, about.st_gid)
            if place != self.main.parent:
                place.chmod(0o2775)
                self.refused("a group's folder", f"{place}: others than root", argument)
            place.chmod(about.st_mode & 0o7777)
            for folder in made:
                folder.rmdir()
        if edge.server == "prosody" and argument == "--undo":
            modules, real = Path("/usr/local/lib/prosody"), Path("/usr/local/lib/somebody's")
            (real / "prosody").mkdir(parents=True)
            shutil.chown(real, edge.server)
            away = modules.rename(modules.with_name("away"))
            modules.symlink_to(real / "prosody")
            self.refused("a link into somebody's folder", f"{real}: others than root", argument)
            modules.unlink()
            away.rename(modules)
            shutil.rmtree(real)

    def endless(self):
        """What the server's user put in the place of his files is read neither without end nor in vain."""
        source = Path("/var/lib/ejabberd/.ejabberd-modules/sources/mod_edgewright/src/mod_edgewright.erl")
        text = source.read_bytes()
        for put in [lambda: source.symlink_to("/dev/zero"), lambda: os.mkfifo(source, 0o666)]:
            source.unlink()
            put()
            begin = time.time()
            said = script(self.edge, self.pair, ends=1)
            check(f"no source: {said}", f"{source}: the server cannot read it" in said and time.time() - begin < 20)
        source.unlink()
        source.write_bytes(text)
        shutil.chown(source, "ejabberd", "ejabberd")

    def installed(self):
        edge = self.edge
        begin = time.time()
        # From inside the folder of pairs, where names look like patterns.
        Path(self.pair).parent.joinpath("1").mkdir(exist_ok=True)
        said = script(edge, "current", cwd=edge.home)
        self.took = time.time() - begin
        self.is_in_force(f"installed: {said}")
        check(f"{said}: read back", "Done: " in said and "nobody looked" not in said)
        check(f"{said}: what it does", f"- {edge.domain}\n" in said and f"{self.main}\n" in said and edge.serial() in said)
        after = listing(edge, times=True)
        said = script(edge, self.pair)
        check(f"twice: {said} {differing(after, listing(edge, times=True))}", "Nothing to do." in said and listing(edge, times=True) == after)
        self.led_elsewhere("--undo")
        if edge.server == "ejabberd":
            self.endless()
        begin = time.time()
        script(edge, "--undo")
        self.undo_took = time.time() - begin
        self.is_as_before("undone")
        check("nothing more to undo", "nothing to undo" in script(edge, "--undo", ends=1))

    def meanwhile(self):
        """What somebody writes into the main file after it stays; so does what a server that is down needs to start."""
        script(self.edge, self.pair)
        text = self.main.read_text()
        mark = "--" if self.edge.server == "prosody" else "#"
        replace(self.main, f"{mark} theirs\n{text}")
        said = script(self.edge, "--undo")
        was = self.before[str(self.main)][3].decode()
        check(f"theirs stays: {said}", self.main.read_text() == f"{mark} theirs\n{was}" and "was changed since" in said)
        replace(self.main, was)
        self.is_as_before("theirs aside")
        # Prosody says as much in a tenth of the time.
        if self.is_short:
            return
        script(self.edge, self.pair)
        program = self.instead("status", "exit 1")
        said = script(self.edge, "--undo")
        program.unlink()
        check(f"files alone: {said}", "does not run" in said and listing(self.edge) == self.before)
        # It runs in truth.
        run([self.control, "reload" if self.edge.server == "prosody" else "reload_config"])
        script(self.edge, self.pair)
        self.is_in_force("again")
        script(self.edge, "--undo")
        self.is_as_before("again")

    def failing(self, what, is_as):
        """Each of these is taken back."""
        for word, does in [("state", "exit 0"), ("reload", "exit 1")][: 1 if self.is_short else 2]:
            flag = FOLDER / f"{self.edge.server}-failed"
            # Once: what takes it back works.
            program = self.instead(word, f"[ -e {flag} ] || {{ : >{flag}; {does}; }}")
            said = script(self.edge, self.pair, ends=1)
            program.unlink()
            flag.unlink()
            check(f"{word}: {said}", "is taken back" in said and "could not" not in said)
            is_as(f"{what}, {word} failed")

    def interrupted(self):
        for number in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP][: 1 if self.is_short else 3]:
            # While the server does something that takes its time.
            flag = FOLDER / f"{self.edge.server}-told"
            word, does = ("reload", "sleep 5") if self.edge.server == "prosody" else ("module_install", ":")
            program = self.instead(word, f"[ -e {flag} ] || {{ : >{flag}; {does}; }}")
            process = begun(self.edge, self.pair)
            until("it is on its way", flag.exists)
            os.killpg(process.pid, number)
            code = process.wait()
            program.unlink()
            flag.unlink()
            check(f"{number} is a failure: {code}", code == 1)
            self.is_as_before(f"interrupted by {number}")

    def full_disk(self):
        """Where even the taking back has no room, nothing half-written is put anywhere, and it can be done later."""
        place = self.main.parent
        run(["mount", "-t", "tmpfs", "-o", "size=512k", "none", "/mnt"])
        run(["cp", "-a", f"{place}/.", "/mnt"])
        run(["chmod", f"--reference={place}", "/mnt"])
        run(["chown", f"--reference={place}", "/mnt"])
        run(["mount", "--move", "/mnt", str(place)])
        fill = place / "fill"
        program = self.instead("reload", f"cat /dev/zero >{fill}; exit 1")
        said = script(self.edge, self.pair, ends=1)
        text = self.main.read_text()
        check(f"full disk, the main file is whole: {text}", text.startswith(self.before[str(self.main)][3].decode().rstrip()))
        check(f"full disk: {said}", "No space left" in said and "could not be taken back" in said)
        program.unlink()
        fill.unlink()
        script(self.edge, "--undo")
        self.is_as_before("full disk")
        run(["umount", str(place)])
        self.is_as_before("full disk")

    def killed(self):
        """At moments spread evenly; then it is run again, or taken back at once."""
        times = TIMES[self.edge.server]
        for argument, took in [(self.pair, self.took), ("--undo", self.undo_took)]:
            for nth in range(times if argument == self.pair else (times + 1) // 2):
                if argument == "--undo":
                    script(self.edge, self.pair)
                process = begun(self.edge, argument)
                time.sleep(took * (nth + 0.5) / times * (1 if argument == self.pair else 2))
                # With all it runs, or without.
                os.killpg(process.pid, signal.SIGKILL) if nth % 2 else process.send_signal(signal.SIGKILL)
                process.wait()
                check(f"killed at {nth}: the server is there", listens(self.edge.address))
                if nth % 3 < 2:
                    script(self.edge, self.pair)
                    self.is_in_force(f"{argument} killed at {nth}")
                done = subprocess.run(["sh", str(self.edge.home / "out/install.sh"), "--undo"], capture_output=True, text=True)
                check(f"undone: {done.stdout}{done.stderr}", done.returncode == 0 or "nothing to undo" in done.stderr)
                self.is_as_before(f"{argument} killed at {nth}, undone")

    def renewed(self):
        """The next pair comes and goes; what was there before stays in force, the module with it."""
        edge = self.edge
        script(edge, self.pair)
        old, old_pair = listing(edge), edge.serial()
        edge.edgewright("renew")
        edge.certificate()

        def is_old(what):
            check(f"{edge.server}, {what}: {differing(old, listing(edge))}", listing(edge).items() - old.items() <= set())
            check(f"{edge.server}, {what}: served", served(edge.domain, edge.address) == old_pair and enforces(edge))

        self.failing("the next pair", is_old)
        script(edge, self.pair)
        self.is_in_force("renewed")
        check("another pair", edge.serial() != old_pair)
        script(edge, "--undo")
        is_old("back to the one before")
        check("and back again", "The server is as before" in script(edge, "--undo"))
        self.is_as_before("both undone")
        script(edge, str(edge.home / "pairs/1"))
        # Somebody else has taken all of it back meanwhile, as `edgewright undo` does.
        script(edge, self.pair)
        line = next(line for line in self.main.read_text().splitlines() if self.settings.name in line)
        replace(self.main, self.main.read_text().replace(f"{line}\n", ""))
        self.main.with_name(self.settings.name).unlink()
        if edge.server == "prosody":
            modules = Path("/usr/local/lib/prosody/modules")
            shutil.rmtree(modules if str(modules.parent) in self.before else modules.parent)
        check("an earlier one", "An earlier run" in script(edge, "--undo"))
        script(edge, "--undo")
        self.is_as_before("taken back by somebody else, and undone")


def story(edge):
    told = Story(edge)
    run(["shellcheck", "--severity=style", str(edge.home / "out/install.sh")])
    told.refusals()
    told.installed()
    told.meanwhile()
    told.failing("at first", told.is_as_before)
    told.interrupted()
    if edge.server == "prosody":
        told.full_disk()
    told.killed()
    told.renewed()
    print(f"{edge.server}: installed, twice, undone, killed {TIMES[edge.server]} times", flush=True)


def main():
    set_up_the_box()
    found_authority()
    own_part()
    Path("/etc/prosody/conf.d/other.cfg.lua").write_text(OTHER)
    edges = [Edge("prosody", "alpha.example", "127.0.0.2", "beta.example"), Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example")]
    for edge in edges:
        edge.home = FOLDER / f"the 'home' of \"{edge.server}\" $(touch x)"
        said = edge.answers.read_text().replace("install = true", "install = false")
        # As behind NAT: other servers are told of an address that nobody has here.
        edge.answers.write_text(said.replace(f'["{edge.address}"]', '["192.0.2.1"]'))
        edge.edgewright("apply", "--answers", str(edge.answers))
        edge.certificate()
    start_servers()
    until("ejabberd answers", lambda: subprocess.run(["ejabberdctl", "status"], capture_output=True).returncode == 0)
    # Each in a process of its own.
    children = []
    for edge in edges:
        child = os.fork()
        if not child:
            story(edge)
            os._exit(0)
        children.append(child)
    codes = [os.waitpid(child, 0)[1] for child in children]
    end()
    sys.exit(any(codes))


if __name__ == "__main__":
    main()
