"""`apply` and `undo` on the hosts that people have: what is theirs stays, what fails is taken back, what is killed is ended.

Says what it sees; ends with 1 where something is not as it should be. With `EDGEWRIGHT_LONG` it kills more often.
"""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

from bench import BINARY, FOLDER, Edge, end, fail, found_authority, listens, own_part, replace, run, served, set_up_the_box, start_servers, until

LONG = "EDGEWRIGHT_LONG" in os.environ
# How `status --look` ends where all is well and nobody answers for the DNS.
BLIND = 1
OWN = """
print("a configuration may print")
VirtualHost "alpha.example"
    ssl = { protocol = "tlsv1_3" }
    modules_enabled = { "announce"; "vcard4" }
    modules_disabled = { "register" }
Component "conference.alpha.example" "muc"
    modules_enabled = { "muc_mam" }
    restrict_room_creation = true
Component "upload.alpha.example" "http_file_share"
VirtualHost "other.example"
    modules_enabled = { "announce" }
VirtualHost "münchen.example"
"""


def listing():
    """Every file of both servers with its content, mode and owner; but the copies of pairs, which stay."""
    found = {}
    for top in ["/etc/prosody", "/etc/ejabberd", "/usr/local/lib/prosody", "/var/lib/ejabberd/.ejabberd-modules"]:
        for path in sorted(Path(top).rglob("*")):
            about = path.lstat()
            if path.parts[3:4] == ("edgewright",) or path.is_dir() and not path.is_symlink():
                continue
            content = os.readlink(path) if path.is_symlink() else path.read_bytes()
            found[str(path)] = (about.st_mode, about.st_uid, about.st_gid, content)
    return found


def differing(one, other):
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def modules(host):
    said = run(["prosodyctl", "shell", "module", "list", host])
    return sorted(line.strip() for line in said.splitlines() if line.startswith("    "))


def check(what, holds):
    if not holds:
        fail(what)


def own_lists_stay(edge):
    before, own = listing(), {host: modules(host) for host in ["alpha.example", "conference.alpha.example", "other.example"]}
    nothing_to_do(edge)
    for host in ["alpha.example", "conference.alpha.example"]:
        check(f"{host} has its own modules and ours", modules(host) == sorted([*own[host], "edgewright_1"]))
    check("another's host is as it was", modules("other.example") == own["other.example"])
    check("served", served("conference.alpha.example", edge.address) == edge.serial())
    run(f"openssl s_client -starttls xmpp-server -xmpphost alpha.example -connect {edge.address}:5269 -tls1_2 </dev/null", ends=1)
    edge.edgewright("undo", "--yes")
    check(f"files as before: {differing(before, listing())}", listing() == before)
    for host, was in own.items():
        check(f"{host} as before: {modules(host)} {was}", modules(host) == was)
    print("own lists, rooms and another host stay")


def what_was_edited_since_stays(edge, main, comment):
    """The person edits the main file after a run: undone, their edit is there, our line is not, and the server starts."""
    before = main.read_text()
    edge.edgewright("apply")
    replace(main, main.read_text() + f"{comment} theirs\n")
    said = edge.edgewright("undo", "--yes")
    check(f"what would put it back is said: {said}", "Your answers stay as they are" in said)
    check(f"{main} without our line", main.read_text() == before + f"{comment} theirs\n")
    check("nothing is left that the server would miss", not list(main.parent.glob("edgewright.*")))
    edge.edgewright("apply")
    edge.edgewright("undo", "--yes")
    replace(main, before)
    print("edited since:", edge.server)


def refused(edge, what, code, prepare, mend, says=""):
    """Something is in the way: nothing changes, and it is said."""
    prepare()
    before = listing()
    said = edge.edgewright("apply", ends=1)
    check(f"{what}: {said}", code in said and says in said)
    check(f"{what}, nothing changed: {differing(before, listing())}", listing() == before)
    mend()
    print("refused or taken back:", what)


def wrapped(program, script):
    """A program of the same name comes before the real one."""
    path = Path("/usr/local/sbin", program)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def failing_at_first(edge):
    """What fails before anything was ever put into service is taken back as well."""
    was = modules(edge.domain)
    silent = wrapped("prosodyctl", 'case "$*" in reload) exit 0;; esac; exec /usr/bin/prosodyctl "$@"')
    refused(edge, "a reload that does nothing", "server-failed", lambda: None, silent.unlink, "is taken back")
    check("modules as before", modules(edge.domain) == was)


def faults(edge, other):
    dropped = Path("/etc/prosody/conf.d/broken.cfg.lua")
    refused(edge, "a broken file of the person's", "server-missing", lambda: dropped.write_text("VirtualHost \"x\n"), dropped.unlink, "broken.cfg.lua:1")
    component = Path("/etc/prosody/conf.d/own.cfg.lua")
    text = component.read_text()
    without = text.replace('Component "conference.alpha.example" "muc"', 'Component "rooms.alpha.example" "muc"')
    refused(edge, "a component that is not there", "server-component", lambda: component.write_text(without), lambda: component.write_text(text), "conference.alpha.example")

    saved = edge.home / "answers.toml"
    said = saved.read_text()
    replace(saved, said.replace("install = true", "install = true\nmake_rooms = true"))
    component.write_text(without)
    edge.edgewright("apply")
    check("the chat rooms are made", "edgewright_1" in modules("conference.alpha.example"))
    edge.edgewright("undo", "--yes")
    replace(saved, said)
    component.write_text(text)
    off = text.replace('ssl = {', 'enabled = false; ssl = {')
    refused(edge, "a host that is switched off", "server-host-disabled", lambda: component.write_text(off), lambda: component.write_text(text))

    only = text.replace('modules_disabled = { "register" }', 'modules_disabled = { "dialback" }')
    said = edge.answers.read_text()
    component.write_text(only)
    edge.answers.write_text(said + 'sasl = "not-supported"\n')
    plan = edge.edgewright("plan", "--answers", str(edge.answers))
    check(f"dialback that is disabled: {plan}", "server-cannot" in plan)
    component.write_text(text)
    edge.answers.write_text(said)

    pairs = Path("/etc/prosody/edgewright")
    for link in pairs.glob("current"):
        fail(f"{link} is still there")
    refused(edge, "a key that the server cannot read", "server-failed", lambda: pairs.chmod(0o700), lambda: pairs.chmod(0o750), "test -r")

    yml = Path("/etc/ejabberd/ejabberd.yml")
    text = yml.read_text()
    given = text + "host_config:\n  beta.example:\n    s2s_access: all\n"
    line = len(given.splitlines())
    refused(other, "an option that is there already", "server-option", lambda: replace(yml, given), lambda: replace(yml, text), f"line {line}")

    before = listing()
    # The file is the server's own user's, who runs this too.
    edit = wrapped("mkdir", f"echo '# theirs' >> {yml}; exec /bin/mkdir \"$@\"")
    said = other.edgewright("apply", ends=1)
    check(f"somebody edits meanwhile: {said}", "somebody else changed it meanwhile" in said)
    check("their edit is there", yml.read_text() == text + "# theirs\n")
    edit.unlink()
    replace(yml, text)
    check(f"nothing else changed: {differing(before, listing())}", listing() == before)
    print("refused or taken back: somebody edits meanwhile")

    if LONG:
        hangs = wrapped("prosodyctl", 'case "$*" in reload) sleep 100;; esac; exec /usr/bin/prosodyctl "$@"')
        said = edge.edgewright("apply", ends=1)
        check(f"a command that hangs: {said}", "timed out" in said and "could not be told" in said)
        hangs.unlink()
        said = edge.edgewright("apply")
        check(f"the next run takes it back: {said}", "taken back" in said)
        edge.edgewright("undo", "--yes")
        print("refused or taken back: a command that hangs")

    # What keeps it from reading ours keeps it from reading theirs as before, so the next run takes the rest back.
    replace(yml, text + "no_such_option: 1\n")
    said = other.edgewright("apply", ends=1)
    check(f"a reload that ejabberd refuses: {said}", "server-failed" in said and "could not be told" in said)
    check("their file is as it was", yml.read_text() == text + "no_such_option: 1\n")
    replace(yml, text)
    # Whatever it is for.
    said = other.edgewright("undo", "--run", "999", ends=1)
    check(f"the next run takes it back: {said}", "taken back" in said)
    check(f"as before: {differing(before, listing())}", listing() == before)
    print("refused or taken back: a reload that ejabberd refuses")


def asked(edge, other):
    """What keeps a server's programs from answering is said, and nothing is guessed instead."""
    questions = [(edge, "about"), (edge, "status"), (other, "status"), (other, "registered_vhosts")]
    for server, word in questions if LONG else questions[-1:]:
        control = {"prosody": "prosodyctl", "ejabberd": "ejabberdctl"}[server.server]
        real = shutil.which(control)
        for does, reason in [("exit 1", ""), ("sleep 100", "timed out")] if LONG else [("exit 1", "")]:
            # One that says no to this does not run.
            if does == "exit 1" and word == "status":
                continue
            program = wrapped(control, f'case "$*" in {word}) {does};; esac; exec {real} "$@"')
            said = server.edgewright("plan", ends=1)
            check(f"{control} {word}, {does}: {said}", f"`{control} {word}` failed: {reason}" in said)
            program.unlink()
    print("asked")


class Screen:
    """The wizard at a terminal of its own."""

    def __init__(self, edge):
        self.screen, self.terminal = pty.openpty()
        self.rows, self.shown = 24, b""
        self.resize()
        environment = {**os.environ, "TERM": "xterm-256color"}
        terminal = self.terminal
        self.wizard = subprocess.Popen([BINARY, "--home", str(edge.home)], stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True, env=environment)
        os.set_blocking(self.screen, False)

    def resize(self):
        """It draws everything anew then, so that words stand together in what it sends."""
        self.rows, self.drawn = 49 - self.rows, time.time()
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, 80, 0, 0))
        if self.shown:
            self.wizard.send_signal(signal.SIGWINCH)

    def read(self):
        try:
            self.shown += os.read(self.screen, 1 << 16)
        except BlockingIOError:
            pass
        return self.shown.decode(errors="replace")

    def shows(self, words):
        if time.time() - self.drawn > 1:
            self.resize()
        # Frames and breaks of lines aside.
        plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", " ", self.read())
        return words in " ".join(re.findall(r"[\w.:/-]+", plain))

    def leave(self):
        os.write(self.screen, b"\x11")
        until("the wizard ends", lambda: [self.read(), self.wizard.poll() is not None][1])
        for file in [self.screen, self.terminal]:
            os.close(file)
        return self.wizard.returncode


def left(edge):
    """A person who leaves waits for no program that hangs."""
    flag = FOLDER / "hangs"
    program = wrapped("prosodyctl", f": >{flag}; sleep 100")
    screen = Screen(edge)
    until("it asks Prosody", lambda: [screen.read(), flag.exists()][1])
    begun = time.time()
    code = screen.leave()
    check(f"left at once: {code} after {time.time() - begun}", code == 0 and time.time() - begun < 10)
    program.unlink()
    print("left")


def nothing_to_do(edge):
    """Where nothing is to be done, all say so: the commands, and the screen, whose looks carry no rows of the answers."""
    edge.edgewright("apply")
    again = edge.edgewright("apply")
    check(f"a second apply: {again}", "Nothing to do." in again)
    screen = Screen(edge)
    until("the screen says so", lambda: screen.shows("All settings are written"))
    screen.leave()
    print("nothing to do:", edge.server)


def looked_at(edge):
    """What is not as it should be is said by `status`, with `--look` also of the running server."""
    saved = edge.home / "answers.toml"
    text = saved.read_text()
    replace(saved, text + '[[partners]]\ndomain = "new.example"\n')
    said = edge.edgewright("status", "--look", ends=3)
    check(f"partners that are not in force yet: {said}", "server-pending" in said)
    without = text.replace("install = true", "install = false")
    replace(saved, without)
    edge.edgewright("renew")
    edge.certificate()
    said = edge.edgewright("status", ends=3)
    check(f"a pair that the server does not read: {said}", "server-behind" in said)
    said = edge.edgewright("status", "--look", ends=3)
    check(f"another certificate: {said}", "server-serves-other" in said)
    replace(saved, saved.read_text().replace("install = false", "install = true"))
    edge.edgewright("apply")
    said = edge.edgewright("status", "--look", ends=BLIND)
    check(f"all well: {said}", "serves pair 2" in said and "enforces the partners" in said)
    run(["prosodyctl", "shell", "module", "unload", "edgewright_1", edge.domain])
    said = edge.edgewright("status", "--look", ends=3)
    check(f"a module that somebody unloaded: {said}", "server-policy" in said)
    edge.edgewright("apply")
    edge.edgewright("status", "--look", ends=BLIND)
    said = saved.read_text()
    # Other names are another request.
    replace(saved, re.sub(r"components = \[[^]]*\]", "components = []", said).replace("prosody.req", "second.req"))
    edge.edgewright("apply")
    check("a host that left the answers is let go", "edgewright_1" not in modules("conference.alpha.example"))
    replace(saved, said)
    edge.edgewright("apply")
    print("looked at")


def another_home(edge):
    """A second home folder, for a host that the server has in U-labels: it takes nothing away from the first."""
    own = edge.answers.read_text()
    other = Edge("prosody", "münchen.example", edge.address, "beta.example")
    other.home, other.answers = FOLDER / "other", edge.answers.rename(FOLDER / "other.toml")
    edge.answers.write_text(own)
    replace(other.answers, other.answers.read_text().replace("prosody.req", "other.req"))
    edge.edgewright("apply")
    other.edgewright("apply", "--answers", str(other.answers))
    other.certificate()
    said = other.edgewright("apply", ends=1)
    check(f"what another home folder wrote: {said}", "file-exists" in said and "edgewright.cfg.lua" in said)
    edge.edgewright("undo", "--yes")
    other.edgewright("apply")
    check("the host that is there is ours", "edgewright_1" in modules("münchen.example"))
    check("there is no second one", "xn--" not in run(["prosodyctl", "shell", "host", "list"]))
    other.edgewright("status", "--look", ends=BLIND)
    other.edgewright("undo", "--yes")
    print("another home")


def looked_at_daily(edge):
    """The service of the timer, as a run writes it, comes to all that it has to read."""
    saved, main = edge.home / "answers.toml", Path(f"/etc/{edge.server}", {"prosody": "prosody.cfg.lua", "ejabberd": "ejabberd.yml"}[edge.server])
    answers, text = saved.read_text(), main.read_text()
    replace(saved, answers + "[upkeep]\ntimer = true\nlook = true\n")
    edge.edgewright("apply")
    units = [f"/etc/systemd/system/edgewright-{daily}.{kind}" for daily in ["status", "look"] for kind in ["service", "timer"]]
    check("systemd takes the units", not run(["systemd-analyze", "verify", "--man=no", *units]))
    status, look = (["sh", str(Path(__file__).with_name("restricted.sh")), units[place]] for place in [0, 2])
    run(status)
    said = run(look, ends=BLIND)
    check(f"it asks the server, and sees what that serves: {said}", "serves pair" in said and "enforces the partners" in said)
    replace(main, text.replace("edgewright", "x"))
    for restricted in [status, look]:
        said = run(restricted, ends=3)
        check(f"our line is gone: {said}", "server-changed" in said)
    replace(main, text)
    edge.edgewright("undo", "--yes")
    replace(saved, answers)
    print(edge.server, "looked at daily")


def full_disk(edge):
    run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=750", "none", "/etc/prosody/edgewright"])
    run(["chgrp", "prosody", "/etc/prosody/edgewright"])
    subprocess.run(["dd", "if=/dev/zero", "of=/etc/prosody/edgewright/fill", "bs=4k"], capture_output=True)
    refused(edge, "a full disk", "file-unwritable", lambda: None, lambda: run(["umount", "/etc/prosody/edgewright"]))


def enforcing(edge):
    """What our module says that it does, if it is there."""
    if edge.server == "prosody":
        return run(["prosodyctl", "shell", f"> prosody.hosts['{edge.domain}'].modules.edgewright_1.module.state()"])
    return run(["ejabberdctl", "edgewright_state", edge.domain])


def exchanged(edge, says, said):
    """An older Edgewright, here one whose module says something else, put its module into service. Then ours does; its run is
    undone, then that of the older one."""
    before, older = listing(), FOLDER / f"edgewright-{edge.server}"
    older.write_bytes(Path(BINARY).read_bytes().replace(says.encode(), said.encode()))
    older.chmod(0o755)
    edge.edgewright("apply", binary=str(older))
    was = listing()
    check(f"the older one: {enforcing(edge)}", said.split()[0] in enforcing(edge))
    edge.edgewright("apply")
    check(f"the newer one: {enforcing(edge)}", says.split()[0] in enforcing(edge))
    edge.edgewright("undo", "--yes")
    check(f"the older one again: {enforcing(edge)}", said.split()[0] in enforcing(edge))
    check(f"as the older one left it: {differing(was, listing())}", listing() == was)
    check("it serves on", served(edge.domain, edge.address) == edge.serial())
    edge.edgewright("undo", "--yes")
    check(f"as before: {differing(before, listing())}", listing() == before)
    older.unlink()
    print(edge.server, "exchanged and back")


def by_hand(edge):
    """Whatever somebody did to our files meanwhile, undo leaves what the server can read."""
    main = Path("/etc/prosody/prosody.cfg.lua" if edge.server == "prosody" else "/etc/ejabberd/ejabberd.yml")
    ours = main.with_name("edgewright.cfg.lua" if edge.server == "prosody" else "edgewright.yml")
    reload = ["prosodyctl", "reload"] if edge.server == "prosody" else ["ejabberdctl", "reload_config"]
    out_of_service(edge)
    before = listing()
    edge.edgewright("apply")
    ours.unlink()
    if edge.server == "ejabberd":
        edge.edgewright("apply")
        check("put back", served(edge.domain, edge.address) == edge.serial())
        ours.unlink()
    else:
        said = edge.edgewright("apply", ends=1)
        check(f"what to do: {said}", "edgewright undo" in said)
    serial = edge.serial()
    out_of_service(edge)
    check(f"undone: {differing(before, listing())}", listing() == before)
    check("out of service", served(edge.domain, edge.address) != serial)
    run(reload)
    edge.edgewright("apply")
    kept = main.rename(main.with_name("kept"))
    main.symlink_to(kept)
    said = edge.edgewright("undo", "--yes", ends=1)
    check(f"a link: {said}", "file-unwritable" in said and main.is_symlink() and ours.exists())
    check("it serves on", served(edge.domain, edge.address) == edge.serial())
    run(reload)
    main.unlink()
    kept.rename(main)
    edge.edgewright("apply")
    with open(f"/run/edgewright-{edge.server}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = edge.edgewright("undo", "--yes", ends=1)
    check(f"held: {said}", "server-busy" in said)
    out_of_service(edge)
    check(f"undone at last: {differing(before, listing())}", listing() == before)
    print(f"{edge.server} changed by hand, undone all the same", flush=True)


def out_of_service(edge):
    """Undoes what put something into service."""
    while any("server" in line and "undone" not in line for line in edge.edgewright("undo", "--list").splitlines()):
        edge.edgewright("undo", "--yes")


def stopped(edge):
    """While a server does not run nothing is put into service, and what is taken back it reads when it starts."""
    control = {"prosody": "prosodyctl", "ejabberd": "ejabberdctl"}[edge.server]
    real = shutil.which(control)
    out_of_service(edge)
    before = listing()
    edge.edgewright("apply")
    program = wrapped(control, f'case "$*" in status) exit 1;; esac; exec {real} "$@"')
    said = edge.edgewright("undo", "--yes")
    check(f"undo: {said}", "does not run" in said)
    check(f"taken back: {differing(before, listing())}", listing() == before)
    program.unlink()
    down = FOLDER / f"{edge.server}-down"
    dies = f'case "$*" in *reload*) : >{down};; esac; [ "$*" = about ] || [ ! -e {down} ] || exit 1; exec {real} "$@"'
    program = wrapped(control, dies)
    said = edge.edgewright("apply", ends=1)
    check(f"it stops meanwhile: {said}", "is taken back" in said and "could not" not in said)
    check(f"as before: {differing(before, listing())}", listing() == before)
    program.unlink()
    said = edge.edgewright("apply")
    check(f"nothing is left of it: {said}", "did not get to its end" not in said)
    before = listing()
    program = wrapped(control, f'case "$*" in status) exit 1;; esac; exec {real} "$@"')
    edge.edgewright("renew")
    said = edge.certificate(ends=1)
    check(f"complete: {said}", "server-stopped" in said)
    check(f"nothing changed: {differing(before, listing())}", listing() == before)
    program.unlink()
    edge.edgewright("status", "--look", ends=BLIND)
    print(f"{edge.server} stopped, undone all the same", flush=True)


def made_anew(edge):
    """An updated ejabberd does not get along with our module as it was compiled: here it loads, but has no commands."""
    edge.edgewright("apply")
    source = Path("/var/lib/ejabberd/.ejabberd-modules/sources/mod_edgewright/src/mod_edgewright.erl")
    ours = source.read_text()
    replace(source, ours.replace("register_commands(commands())", "register_commands([])"))
    run(["ejabberdctl", "module_upgrade", "mod_edgewright"])
    replace(source, ours)
    said = edge.edgewright("status", "--look", ends=3)
    check(f"it does not answer: {said}", "server-policy" in said)
    edge.edgewright("apply")
    edge.edgewright("status", "--look", ends=BLIND)
    for _ in range(2):
        edge.edgewright("undo", "--yes")
    print("made anew")


# What changes a disk, makes a change lasting, or begins another program or hears it.
CALLS = [
    *["openat", "mkdir", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"],
    *["fsync", "fdatasync", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "clone", "clone3", "vfork"],
]


def traced(edge, command, *options):
    """The command under strace, which follows the thread that does all the work, and no program that it runs."""
    names = options or ["-e", f"trace={','.join(CALLS)}", "-o", str(FOLDER / "trace")]
    return subprocess.run(["strace", "-qq", *names, BINARY, "--home", str(edge.home), *command], capture_output=True, text=True)


def moments(edge, command):
    """Every call of the command that changes something, with how manieth of its name it is."""
    done = traced(edge, command)
    check(f"{command}: {done}", done.returncode == 0)
    seen, found, begins = {}, [], False
    for line in (FOLDER / "trace").read_text().splitlines():
        call = line.partition("(")[0]
        if call not in CALLS:
            continue
        seen[call] = seen.get(call, 0) + 1
        # Of the threads that hear a program the first comes while it is at work.
        is_thread = "CLONE_THREAD" in line
        if not is_thread or begins:
            found += [(call, seen[call])] if call != "openat" or "O_CREAT" in line else []
        begins = call in ["clone", "clone3", "vfork"] and not is_thread
    return found


def runs(edge):
    """How many runs there were that took nothing back."""
    entries = [json.loads(line) for line in (edge.home / "journal.jsonl").read_text().splitlines()]
    return len({entry["run"] for entry in entries if "undoes" not in entry})


def is_cut_off(edge):
    """Whether the last run changed something on the server and did not come to its end."""
    entries = [json.loads(line) for line in (edge.home / "journal.jsonl").read_text().splitlines()]
    last = [entry for entry in entries if "undoes" not in entry][-1]["run"]
    of_server = [entry for entry in entries if "stage" in entry and last in [entry["run"], entry.get("undoes")]]
    return bool(of_server) and not any(entry["what"] in ["stage", "undo"] for entry in of_server)


def forget(edge):
    """What stays after an undo goes, so that the next run does everything that a first one does."""
    shutil.rmtree(f"/etc/{edge.server}/edgewright")
    for kept in (edge.home / "before").iterdir():
        kept.unlink()


def strays(edge):
    return [str(path) for top in ["/etc/prosody", "/etc/ejabberd", "/usr/local/lib/prosody", edge.home] for path in Path(top).rglob(".edgewright-*")]


def killed(edge, times, command):
    """The command is killed at calls spread evenly, or at every one; the next run ends what it began, and says which."""
    is_undo = command != ["apply"]
    back = ["undo", "--yes"]
    if not is_undo:
        forget(edge)
    begun = listing()
    calls = moments(edge, command)
    ended = listing()
    edge.edgewright(*(["apply"] if is_undo else back))
    check(f"as before: {differing(begun, listing())}", listing() == begun)
    said = []
    chosen = [calls[nth * len(calls) // times] for nth in range(times)] if times else calls
    for nth, (call, count) in enumerate(chosen):
        # A run may look at a file less than the one before, and come to its end before its last call is counted.
        for fewer in range(4):
            told = f"{edge.server} {command[0]} killed at {call} {count - fewer}"
            if not is_undo:
                forget(edge)
            number = runs(edge)
            done = traced(edge, command, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={count - fewer}")
            if done.returncode != 0:
                break
            edge.edgewright(*(["apply"] if is_undo else back))
        check(f"{told}: {done}", done.returncode == -signal.SIGKILL)
        # Whatever the moment was, logrotate might have had it read its configuration just then.
        run(["prosodyctl", "reload"] if edge.server == "prosody" else ["ejabberdctl", "reload_config"])
        check(f"{told}: it serves on", listens(edge.address))
        was_cut_off = not is_undo and is_cut_off(edge)
        # What it was about to have a server do may still be going on.
        time.sleep(0.05)
        if is_undo and nth % 2:
            after = edge.edgewright(*back, "--run", str(number))
            said.append("ended")
            check(f"{told}, undone: {after} {differing(ended, listing())}", listing() == ended)
            edge.edgewright("apply")
        else:
            after = edge.edgewright("apply")
            said.append("taken back" if "taken back" in after else "kept" if "Nothing to do." in after else "begun anew")
            check(f"{told}: {after}", was_cut_off == ("taken back" in after))
        check(f"{told}: {after} {served(edge.domain, edge.address)} {edge.serial()}", served(edge.domain, edge.address) == edge.serial())
        if LONG or nth % 4 == 0:
            status = edge.edgewright("status", "--look", "--json", ends=BLIND)
            check(f"{told}: {status}", '"attention": []' in status)
        if not is_undo:
            edge.edgewright(*back)
        check(f"{told}: {differing(begun, listing())}", listing() == begun)
        check(f"{told}: {strays(edge)}", not strays(edge))
        if is_undo and said[-1] == "begun anew":
            # What was undone already `apply` put there in a run of its own.
            for _ in range(2):
                edge.edgewright(*back)
            check(f"{told}, both undone: {differing(ended, listing())}", listing() == ended)
            edge.edgewright("apply")
    outcomes = {what: said.count(what) for what in sorted(set(said))}
    print(f"{edge.server} {command[0]}, killed at {len(chosen)} of {len(calls)} calls:", outcomes)


def main():
    set_up_the_box()
    found_authority()
    own_part()
    Path("/etc/prosody/conf.d/own.cfg.lua").write_text(OWN)
    yml = Path("/etc/ejabberd/ejabberd.yml")
    replace(yml, yml.read_text().replace("  - localhost\n", "  - localhost\n  - beta.example\n", 1))
    a = Edge("prosody", "alpha.example", "127.0.0.2", "beta.example")
    b = Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example")
    a.answers.write_text(a.answers.read_text().replace("[edge]\n", '[edge]\ncomponents = ["conference.alpha.example"]\n'))
    # As behind NAT: other servers are told of an address that nobody has here.
    a.answers.write_text(a.answers.read_text().replace(f'["{a.address}"]', '["192.0.2.1"]'))
    for edge in [a, b]:
        edge.edgewright("apply", "--answers", str(edge.answers))
        edge.certificate()
        said = edge.edgewright("apply", ends=1)
        check(f"a server that does not run: {said}", "server-stopped" in said)
    start_servers()
    failing_at_first(a)
    own_lists_stay(a)
    another_home(a)
    what_was_edited_since_stays(a, Path("/etc/prosody/prosody.cfg.lua"), "--")
    nothing_to_do(b)
    b.edgewright("undo", "--yes")
    what_was_edited_since_stays(b, yml, "#")
    asked(a, b)
    left(a)
    faults(a, b)
    full_disk(a)
    a.edgewright("apply")
    Path("/etc/prosody/edgewright.cfg.lua").chmod(0o644)
    said = a.edgewright("status", ends=3)
    check(f"a mode that changed: {said}", "server-changed" in said)
    a.edgewright("apply")
    a.edgewright("status")
    looked_at(a)
    while Path("/etc/prosody/edgewright.cfg.lua").exists():
        a.edgewright("undo", "--yes")
    exchanged(a, "s2s = modulemanager", "S2S = modulemanager")
    exchanged(b, "federation open", "FEDERATION open")
    made_anew(b)
    killed(a, None if LONG else 12, ["apply"])
    killed(b, 40 if LONG else 2, ["apply"])
    for edge, times in [(a, None if LONG else 5), (b, 20 if LONG else 1)]:
        edge.edgewright("apply")
        looked_at_daily(edge)
        killed(edge, times, ["undo", "--yes"])
    for edge in [a, b] if LONG else [b]:
        by_hand(edge)
    for edge in [a, b] if LONG else [a]:
        stopped(edge)
    end()


if __name__ == "__main__":
    main()
