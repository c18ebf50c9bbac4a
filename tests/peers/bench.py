"""What the tests with real servers share: a box of their own, an authority, homes, zones.

In namespaces of its own: Debian's own configuration of both servers is copied and mounted over, the servers listen on
loopback, Knot answers for the domains from Edgewright's fragments.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 federate.py BINARY FOLDER
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from elsewhere import entered

BINARY, FOLDER = sys.argv[1], Path(sys.argv[2])
CA = FOLDER / "ca"
PATIENCE = 30
NAMES = "192.0.2.53"
# Another Debian's folder that a server is to come from, for those that are not to be this system's.
TREES = {server: os.environ.get(f"EDGEWRIGHT_{server.upper()}_TREE") for server in ["prosody", "ejabberd"]}
running = []
# Whoever starts this in the background, or by nohup, has it and all that it starts not hear of these.
for number in [signal.SIGINT, signal.SIGHUP]:
    signal.signal(number, signal.SIG_DFL)


def run(command, cwd=None, ends=0, **more):
    """What a command says, which is to end so."""
    done = subprocess.run(command, shell=isinstance(command, str), cwd=cwd, capture_output=True, text=True, **more)
    if done.returncode != ends:
        fail(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def fail(why):
    print(f"FAILED: {why}")
    for log in ["/var/log/prosody/prosody.log", "/var/log/ejabberd/ejabberd.log"]:
        if Path(log).exists():
            print(f"--- {log}\n{Path(log).read_text(errors='replace')[-4000:]}")
    end()
    sys.exit(1)


def end():
    for process in reversed(running):
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def until(what, holds):
    limit = time.time() + PATIENCE
    while time.time() < limit:
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    return fail(f"still not so: {what}")


def root_of(server):
    return FOLDER / f"{server}-root" if TREES.get(server) else Path("/")


def inside(server, command):
    """A command where the server is."""
    return ["chroot", str(root_of(server)), *command] if TREES.get(server) else command


def mount_over(place, server=None, owner=None):
    """A copy of a folder, of the server's system if it is its, in its place, for this namespace alone."""
    there = root_of(server) / place.strip("/")
    copy = FOLDER / "over" / place.strip("/").replace("/", "-")
    copy.parent.mkdir(exist_ok=True)
    if there.exists():
        run(["cp", "-a", str(there), str(copy)])
    else:
        copy.mkdir()
    for mounted in {there, Path(place)}:
        mounted.mkdir(parents=True, exist_ok=True)
        run(["mount", "--bind", str(copy), str(mounted)])
    if owner:
        run(inside(server, ["chown", owner, place]))


def set_up_the_box():
    run(["mount", "--make-rprivate", "/"])
    run(["ip", "link", "set", "lo", "up"])
    for place in ["/etc/ssl/certs", "/usr/local/lib", "/usr/local/sbin", "/etc/systemd/system"]:
        mount_over(place)
    resolver = FOLDER / "resolv.conf"
    # libunbound asks nobody at 127.0.0.1.
    run(["ip", "address", "add", NAMES, "dev", "lo"])
    resolver.write_text(f"nameserver {NAMES}\n")
    # It may be a link to somewhere else.
    run(["mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf")])
    for server, control in [("prosody", "prosodyctl"), ("ejabberd", "ejabberdctl")]:
        if TREES[server]:
            root = root_of(server)
            entered(TREES[server], root, [FOLDER, Path(BINARY).parent])
            shutil.copy(resolver, root / "etc/resolv.conf")
            program = Path("/usr/local/sbin", control)
            program.write_text(f'#!/bin/sh\nexec chroot {root} {control} "$@"\n')
            program.chmod(0o755)
        for place in [f"/etc/{server}", f"/var/lib/{server}"]:
            mount_over(place, server)
        mount_over(f"/var/log/{server}", server, f"{server}:adm")
        mount_over(f"/run/{server}", server, f"{server}:")
        for log in Path(f"/var/log/{server}").iterdir():
            log.unlink()


def found_authority():
    CA.mkdir()
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 3650 "
        "-subj '/O=House/CN=House Root' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign",
        cwd=CA,
    )
    # Both servers believe the system's roots.
    root = (CA / "root.pem").read_text()
    link = run("openssl x509 -hash -noout -in root.pem", cwd=CA).strip()
    for certificates in {root_of(server) / "etc/ssl/certs" for server in TREES}:
        (certificates / f"{link}.0").write_text(root)
        with open(certificates / "ca-certificates.crt", "a") as bundle:
            bundle.write(root)


class Edge:
    def __init__(self, server, domain, address, partner, more=""):
        self.server, self.domain, self.address, self.home = server, domain, address, FOLDER / server
        self.partner = partner
        self.answers = FOLDER / f"{server}.toml"
        self.answers.write_text(f"""schema = 1
[server]
kind = "{server}"
install = true
[edge]
xmpp_domains = ["{domain}"]
host = "xmpp.{domain}"
addresses = ["{address}"]
[request]
authority = "private"
client_eku = true
file = "{FOLDER}/{server}.req"
[dns]
zones = ["{domain}"]
[federation]
unlisted = "refuse"
[[partners]]
domain = "{partner}"
type = "federated"
{more}""")

    def edgewright(self, *arguments, ends=0, binary=BINARY):
        return run(inside(self.server, [binary, "--home", str(self.home), *arguments]), ends=ends)

    def certificate(self, ends=0):
        """The authority answers the newest request, and its answer is installed."""
        request = sorted((self.home / "requests").iterdir(), key=lambda folder: int(folder.name))[-1] / "request.pem"
        run(
            f"openssl x509 -req -in {shlex.quote(str(request))} -CA root.pem -CAkey root.key -days 90 -copy_extensions copyall -out {self.server}.crt",
            cwd=CA,
        )
        return self.edgewright("complete", "--certificate", str(CA / f"{self.server}.crt"), "--ca-file", str(CA / "root.pem"), ends=ends)

    def serial(self):
        return run("openssl x509 -in current/cert.pem -noout -serial", cwd=self.home).strip().split("=")[1]


def served(domain, address):
    """The serial number of the certificate that is served to another server, if one is."""
    command = ["openssl", "s_client", "-starttls", "xmpp-server", "-xmpphost", domain, "-connect", f"{address}:5269"]
    shown = subprocess.run(command, input="", capture_output=True, text=True, timeout=20).stdout
    leaf = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=shown, capture_output=True, text=True).stdout
    return leaf.strip().rpartition("=")[2]


def listens(address):
    try:
        socket.create_connection((address, 5269), 1).close()
    except OSError:
        return False
    return True


def own_part():
    """What the servers' own administrators did: where the servers listen in this namespace, how much a client may say."""
    main = Path("/etc/prosody/prosody.cfg.lua")
    # Before the last line, which includes conf.d.
    replace(main, 'interfaces = { "127.0.0.2" }\n' + main.read_text())
    main = Path("/etc/ejabberd/ejabberd.yml")
    # Debian allows a client 3 kB a second.
    replace(main, main.read_text().replace('ip: "::"', 'ip: "127.0.0.3"').replace("rate: 3000", "rate: 30000"))


def replace(file, content):
    """Writes into a file, which keeps its owner and mode."""
    with open(file, "r+") as opened:
        opened.truncate()
        opened.write(content)


def start(name, command):
    log = open(FOLDER / f"{name}.out", "wb")
    running.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True))


def serve_zones(edges):
    zones = FOLDER / "zones"
    zones.mkdir()
    config = "server:\n  listen: {1}@53\n  rundir: {0}\ndatabase:\n  storage: {0}\nzone:\n".format(zones, NAMES)
    for edge in edges:
        fragment = zones / f"{edge.domain}.records"
        shutil.copy(edge.home / f"out/dns/{edge.domain}.records", fragment)
        zone = zones / f"{edge.domain}.zone"
        zone.write_text(
            f"$ORIGIN {edge.domain}.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {NAMES}\n$INCLUDE {fragment}\n"
        )
        config += f"  - domain: {edge.domain}\n    file: {zone}\n"
    (zones / "knot.conf").write_text(config)
    start("knot", ["knotd", "-c", str(zones / "knot.conf")])


def start_servers():
    # Debian starts both as soon as they are installed.
    user = ["setpriv", "--reuid=prosody", "--regid=prosody", "--init-groups"]
    start("prosody", inside("prosody", [*user, "prosody", "-F"]))
    start("ejabberd", ["ejabberdctl", "foreground"])
    until("Prosody listens", lambda: listens("127.0.0.2"))
    until("ejabberd listens", lambda: listens("127.0.0.3"))
