#!/usr/bin/env python3
"""Whole processes beside what else is at hand, as ratios from one run; the machine's own speed cancels out.

    cargo build --release && tests/bench/process.py [path of the binary]

First frame: from spawn until the pty holds what was asked for. Programs that are not installed are left out.
"""

import contextlib
import fcntl
import os
import pty
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/release/edgewright")
SAMPLE = (ROOT / "tests/flow/contoso.toml").read_text()
KINDS = {
    "rsa-2048": (["rsa:2048"], ["--key-type=rsa", "--bits=2048"], 15),
    "rsa-4096": (["rsa:4096"], ["--key-type=rsa", "--bits=4096"], 7),
    "ecdsa-p256": (["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["--key-type=ecdsa", "--curve=secp256r1"], 25),
    "ecdsa-p384": (["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["--key-type=ecdsa", "--curve=secp384r1"], 25),
}


def seconds(*commands):
    started = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def median(measure, times):
    return medians([measure], times)[0]


def medians(measures, times):
    """In turns, so that all have the machine as slow as it is at the time."""
    for measure in measures:
        measure()
    taken = [[measure() for measure in measures] for _ in range(times)]
    return [statistics.median(each) for each in zip(*taken)]


def with_partners(count):
    before, after = SAMPLE.split("[[partners]]")
    rows = "".join(f'[[partners]]\ndomain = "partner{i}.example"\ndescription = "Number {i}"\n' for i in range(count))
    return before + rows + "[dns]" + after.split("[dns]")[1]


def apply(kind):
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "edge.toml")
        answers.write_text(SAMPLE.replace("rsa-2048", kind))
        return seconds([BINARY, "apply", "--answers", str(answers), "--home", f"{folder}/home"])


def openssl(options, then=()):
    """`then` is run with the names of both files and of their folder."""
    with tempfile.TemporaryDirectory() as folder:
        key, request = f"{folder}/key.pem", f"{folder}/request.pem"
        made = ["openssl", "req", "-new", "-newkey", *options, "-nodes", "-subj", "/CN=sip.contoso.com"]
        return seconds([*made, "-keyout", key, "-out", request], *([*after, key, request, folder] for after in then))


def certtool(options):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "template").write_text('cn = "sip.contoso.com"\n')
        key, request = f"{folder}/key.pem", f"{folder}/request.pem"
        made = ["certtool", "--generate-privkey", *options, "--outfile", key]
        asked = ["certtool", "--generate-request", "--load-privkey", key, "--template", f"{folder}/template"]
        return seconds(made, [*asked, "--outfile", request])


def with_authority(folder):
    """A root and two authorities below it, a request of ours with 100 names, and its answer."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *new, "-subj", "/CN=Root", "-days", "900", "-keyout", "root.key", "-out", "root.pem")
    above = "root"
    for name in ["policy", "issuing"]:
        openssl("req", *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        Path(folder, "ca.cnf").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
        by = ["-CA", f"{above}.pem", "-CAkey", f"{above}.key", "-days", "800", "-extfile", "ca.cnf"]
        openssl("x509", "-req", "-in", f"{name}.csr", *by, "-out", f"{name}.pem")
        above = name
    names = ["contoso.com", *(f"n{i}.contoso.com" for i in range(99))]
    extra = ", ".join(f'"{name}"' for name in names[1:])
    Path(folder, "edge.toml").write_text(
        'schema = 1\nserver.kind = "prosody"\nserver.install = false\nedge.host = "xmpp.contoso.com"\n'
        f'edge.xmpp_domains = ["contoso.com"]\nnames.extra = [{extra}]\n'
    )
    seconds([BINARY, "apply", "--answers", f"{folder}/edge.toml", "--home", f"{folder}/home"])
    alternatives = ",".join(f"DNS:{name}" for name in names)
    Path(folder, "leaf.cnf").write_text(f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n")
    by = ["-CA", "issuing.pem", "-CAkey", "issuing.key", "-days", "90", "-extfile", "leaf.cnf"]
    openssl("x509", "-req", "-in", "home/requests/1/request.pem", *by, "-out", "leaf.pem")
    for name, parts in {"chain": ["issuing", "policy"], "sent": ["leaf", "issuing", "policy"]}.items():
        Path(folder, f"{name}.pem").write_text("".join(Path(folder, f"{part}.pem").read_text() for part in parts))
    return names


def complete():
    """Proved, written and switched to, beside what openssl needs to look at chain and names alone."""
    with tempfile.TemporaryDirectory() as folder:
        names = with_authority(folder)
        os.environ["SSL_CERT_FILE"] = f"{folder}/root.pem"

        def ours():
            home = Path(tempfile.mkdtemp(dir=folder), "home")
            shutil.copytree(f"{folder}/home", home)
            took = seconds([BINARY, "complete", "--certificate", f"{folder}/sent.pem", "--home", str(home)])
            assert Path(home, "current/fullchain.pem").exists()
            return took

        trusted = ["-CAfile", f"{folder}/root.pem", "-untrusted", f"{folder}/chain.pem"]
        verify = ["openssl", "verify", *trusted, f"{folder}/leaf.pem"]
        host = ["openssl", "x509", "-in", f"{folder}/leaf.pem", "-noout", "-checkhost"]
        took = median(ours, 15)
        chain = median(lambda: seconds(verify), 15)
        every = median(lambda: seconds(verify, *([*host, name] for name in names)), 5)
        del os.environ["SSL_CERT_FILE"]
    print(f"\n{'complete, ms':<26}{'ours':>9}{'openssl':>9}{'':>9}{'ours/openssl':>14}")
    for what, theirs in {"chain of 3 alone": chain, "and 100 names": every}.items():
        print(f"{what:<26}{took * 1e3:>9.1f}{theirs * 1e3:>9.1f}{'':>9}{took / theirs:>14.2f}")


def first_frame(command, awaited):
    program = shutil.which(command[0])
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    # Opened by the leader of a new session, the terminal becomes its own; a fork would have this interpreter's memory
    # copied within the time that is taken.
    io = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(inside), os.O_RDWR, 0), *((os.POSIX_SPAWN_DUP2, 0, fd) for fd in (1, 2))]
    started = time.perf_counter()
    pid = os.posix_spawn(program, command, environment, file_actions=io, setsid=True)
    os.close(inside)
    seen = b""
    try:
        while awaited not in seen:
            seen += os.read(terminal, 65536)
    except OSError:
        sys.exit(f"{command[0]} ended without {awaited!r}: {seen[-300:]!r}")
    took = time.perf_counter() - started
    # At the peak so far: what the system counts as the process's own and mapped memory together.
    status = Path(f"/proc/{pid}/status").read_text()
    first_frame.peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    # Ended as a person would end it: a run that is cut off has more to say at the next start.
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    os.close(terminal)
    return took


@contextlib.contextmanager
def saved(partners):
    """Ours, with answers saved as the program itself saves them: the sample, or this many partners."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir(mode=0o700)
        answers = Path(folder, "edge.toml")
        answers.write_text(with_partners(partners) if partners else SAMPLE)
        kept = ["--plain", "--dry-run", "--answers", str(answers), "--answers-out", str(Path(folder, "kept.toml"))]
        subprocess.run([BINARY, *kept], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        Path(folder, "kept.toml").rename(home / "answers.toml")
        yield [BINARY, "--home", str(home)]


def frames():
    with saved(0) as few, saved(10_000) as many:
        echo, tail = ["sh", "-c", "echo Enter; sleep 9"], ["whiptail", "--msgbox", "Enter", "8", "40"]
        small = {"a shell that echoes": echo, "whiptail": tail, "ours, the sample saved": few}
        small = {what: command for what, command in small.items() if shutil.which(command[0])}
        large = {"ours, 10000 partners saved": many}
        taken = {}
        for commands, times in [(small, 100), (large, 9)]:
            measures = [lambda command=command: first_frame(command, b"Enter") for command in commands.values()]
            taken |= zip(commands, medians(measures, times))
        print(f"\n{'first frame, ms':<26}{'':>9}{'/ echo':>9}{'peak, MiB':>12}")
        for what, command in (small | large).items():
            first_frame(command, b"Enter")
            ratio = taken[what] / taken["a shell that echoes"]
            print(f"{what:<26}{taken[what] * 1e3:>9.1f}{ratio:>9.1f}{first_frame.peak:>12.1f}")


def main():
    # Ours is on the disk when it ends, with everything else that the plan writes; `sync` sees to that for OpenSSL.
    columns = f"{'ours':>9}{'openssl':>9}{'& sync':>9}{'certtool':>9}{'ours/openssl':>14}{'ours/& sync':>13}"
    print(f"{'apply, ms':<26}{columns}")
    for kind, (for_openssl, for_certtool, times) in KINDS.items():
        measures = [lambda: apply(kind), lambda: openssl(for_openssl), lambda: openssl(for_openssl, [["sync"]])]
        if shutil.which("certtool"):
            measures.append(lambda: certtool(for_certtool))
        ours, theirs, synced, *others = medians(measures, times)
        taken = "".join(f"{took * 1e3:>9.1f}" for took in [ours, theirs, synced, *(others or [float("nan")])])
        print(f"{kind:<26}{taken}{ours / theirs:>14.2f}{ours / synced:>13.2f}")
    complete()
    frames()


if __name__ == "__main__":
    main()
