"""A Prosody and an ejabberd federate with what Edgewright wrote, installed by the commands of its to-do list.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 federate.py BINARY FOLDER

In namespaces of its own: Debian's own configuration of both servers is copied and mounted over, the servers listen on
loopback, Knot answers for the two domains from Edgewright's fragments. What a person has to know besides stands in
`own_part`. Says what it sees; ends with 1 where something is not as it should be.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

BINARY, FOLDER = sys.argv[1], Path(sys.argv[2])
CA = FOLDER / "ca"
PATIENCE = 30
NAMES = "192.0.2.53"
running = []


def run(command, cwd=None, **more):
    shell = isinstance(command, str)
    done = subprocess.run(command, shell=shell, cwd=cwd, capture_output=True, text=True, **more)
    if done.returncode:
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


def mount_over(place, owner=None):
    """A copy of a folder of the system in its place, for this namespace alone."""
    copy = FOLDER / "over" / place.strip("/").replace("/", "-")
    copy.parent.mkdir(exist_ok=True)
    if Path(place).exists():
        run(["cp", "-a", place, str(copy)])
    else:
        copy.mkdir()
        Path(place).mkdir(parents=True)
    if owner:
        run(["chown", owner, str(copy)])
    run(["mount", "--bind", str(copy), place])


def set_up_the_box():
    run(["mount", "--make-rprivate", "/"])
    run(["ip", "link", "set", "lo", "up"])
    for place in ["/etc/prosody", "/etc/ejabberd", "/etc/ssl/certs", "/usr/local/lib", "/var/lib/prosody", "/var/lib/ejabberd"]:
        mount_over(place)
    for place, owner in [("/var/log/prosody", "prosody:adm"), ("/var/log/ejabberd", "ejabberd:adm"), ("/run/prosody", "prosody:")]:
        mount_over(place, owner)
    for log in [*Path("/var/log/prosody").iterdir(), *Path("/var/log/ejabberd").iterdir()]:
        log.unlink()
    resolver = FOLDER / "resolv.conf"
    # libunbound asks nobody at 127.0.0.1.
    run(["ip", "address", "add", NAMES, "dev", "lo"])
    resolver.write_text(f"nameserver {NAMES}\n")
    # It may be a link to somewhere else.
    run(["mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf")])


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
    Path(f"/etc/ssl/certs/{link}.0").write_text(root)
    with open("/etc/ssl/certs/ca-certificates.crt", "a") as bundle:
        bundle.write(root)


class Edge:
    def __init__(self, server, domain, address, partner):
        self.server, self.domain, self.home = server, domain, FOLDER / server
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
""")

    def edgewright(self, *arguments):
        return run([BINARY, "--home", str(self.home), *arguments])

    def certificate(self):
        """The authority answers the newest request, and its answer is installed."""
        request = sorted((self.home / "requests").iterdir(), key=lambda folder: int(folder.name))[-1] / "request.pem"
        run(
            f"openssl x509 -req -in {request} -CA root.pem -CAkey root.key -days 90 -copy_extensions copyall -out {self.server}.crt",
            cwd=CA,
        )
        return self.edgewright("complete", "--certificate", str(CA / f"{self.server}.crt"), "--ca-file", str(CA / "root.pem"))

    def serial(self):
        return run(f"openssl x509 -in current/cert.pem -noout -serial", cwd=self.home).strip().split("=")[1]


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
    """What the servers' own administrators did: a host each, and where the servers listen in this namespace."""
    with open("/etc/prosody/prosody.cfg.lua") as main:
        said = main.read()
    # Before the last line, which includes conf.d.
    Path("/etc/prosody/prosody.cfg.lua").write_text(f'interfaces = {{ "127.0.0.2" }}\n{said}')
    main = Path("/etc/ejabberd/ejabberd.yml")
    text = main.read_text().replace('ip: "::"', 'ip: "127.0.0.3"')
    main.write_text(text)


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


def ejabberd_log():
    return Path("/var/log/ejabberd/ejabberd.log").read_text(errors="replace")


def talk(word):
    """A message from ejabberd's user to Prosody's, and a question with its answer the other way."""
    run(["ejabberdctl", "send_message", "chat", "u@beta.example", "u@alpha.example", "", word])
    inbox = Path("/var/lib/prosody/alpha%2eexample/offline/u.list")
    until(f"the message {word} is there", lambda: inbox.exists() and word in inbox.read_text())
    answer = until("alpha.example asks beta.example", lambda: ping())
    print("answered:", answer.strip().splitlines()[-1])


def ping():
    done = subprocess.run(["prosodyctl", "shell", "xmpp", "ping", "alpha.example", "beta.example"], capture_output=True, text=True, timeout=30)
    return done.stdout if "pong" in done.stdout.lower() or "OK" in done.stdout else ""


def methods():
    """How the streams were authenticated, as ejabberd logged it."""
    found = re.findall(r"Accepted (inbound|outbound) s2s (\S+) authentication", ejabberd_log())
    return sorted(set(found))


def main():
    set_up_the_box()
    found_authority()
    own_part()
    a = Edge("prosody", "alpha.example", "127.0.0.2", "beta.example")
    b = Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example")
    for edge in [a, b]:
        edge.edgewright("apply", "--answers", str(edge.answers))
        edge.certificate()
    serve_zones([a, b])
    # Debian starts both as soon as they are installed.
    user = ["setpriv", "--reuid=prosody", "--regid=prosody", "--init-groups"]
    start("prosody", [*user, "prosody", "-F"])
    start("ejabberd", ["ejabberdctl", "foreground"])
    until("Prosody listens", lambda: listens("127.0.0.2"))
    until("ejabberd listens", lambda: listens("127.0.0.3"))
    for edge, address in [(a, "127.0.0.2"), (b, "127.0.0.3")]:
        print(edge.edgewright("apply"))
        until(f"{edge.domain} serves the new certificate", lambda: served(edge.domain, address) == edge.serial())
    run(["ejabberdctl", "register", "u", "beta.example", "secret"])
    run(["prosodyctl", "register", "u", "alpha.example", "secret"])
    talk("first-light")
    both = [("inbound", "EXTERNAL"), ("outbound", "EXTERNAL")]
    until(f"by certificate both ways, and in no other: {methods()}", lambda: methods() == both)
    print("methods:", methods())

    for edge in [a, b]:
        edge.edgewright("renew")
        print(edge.certificate())
    for edge, address in [(a, "127.0.0.2"), (b, "127.0.0.3")]:
        until(f"{edge.domain} serves the renewed certificate", lambda: served(edge.domain, address) == edge.serial())
    talk("after-renewal")
    print("renewed:", a.serial() != b.serial())
    end()


main()
