"""What Edgewright's module for ejabberd lets by and what it refuses, with a real ejabberd and servers played by this script.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 ejabberd.py MODULE FOLDER

MODULE is the folder with mod_edgewright.erl and .spec. In namespaces of its own, on Debian's own configuration. beta.example is the
host with the module, gamma.example another one of the same server without. With EDGEWRIGHT_LONG ejabberd is also started anew
with everything that can be broken about the module. Says what it sees; ends with 1 where something is not as it should be.
"""

import base64
import hashlib
import os
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

MODULE, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
LONG = "EDGEWRIGHT_LONG" in os.environ
PATIENCE = 30
NAMES, SERVER, PEERS = "192.0.2.53", "127.0.0.3", "127.0.1.1"
LOG = Path("/var/log/ejabberd/ejabberd.log")
SETTINGS = Path("/etc/ejabberd/edgewright.yml")
SOURCES = Path("/var/lib/ejabberd/.ejabberd-modules/sources/mod_edgewright")
STREAMS, DIALBACK = "{http://etherx.jabber.org/streams}", "{jabber:server:dialback}"
TLS, SASL = "{urn:ietf:params:xml:ns:xmpp-tls}", "{urn:ietf:params:xml:ns:xmpp-sasl}"
WAYS = ["external", "dialback_tls", "dialback_clear"]
running, wrong = [], []


def run(command, cwd=None, good=True, **more):
    done = subprocess.run(command, shell=isinstance(command, str), cwd=cwd, capture_output=True, text=True, **more)
    if good and done.returncode:
        fail(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def fail(why):
    print(f"FAILED: {why}")
    if LOG.exists():
        print(f"--- {LOG}\n{LOG.read_text(errors='replace')[-6000:]}")
    end()
    os._exit(1)


def expect(what, found, wanted):
    """One thing that is looked at; what is wrong is told at the end, with everything else that is."""
    if found != wanted:
        wrong.append(f"{what}: {found}, not {wanted}")
        print("WRONG", wrong[-1])


def end():
    for process in reversed(running):
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def until(what, holds, patience=PATIENCE):
    limit = time.time() + patience
    while time.time() < limit:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    return fail(f"still not so: {what}")


# The box.


def mount_over(place, owner=None):
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
    for place in ["/etc/ejabberd", "/etc/ssl/certs", "/var/lib/ejabberd"]:
        mount_over(place)
    for place, owner in [("/var/log/ejabberd", "ejabberd:adm"), ("/run/ejabberd", "ejabberd:")]:
        mount_over(place, owner)
    for log in Path("/var/log/ejabberd").iterdir():
        log.unlink()
    run(["ip", "address", "add", NAMES, "dev", "lo"])
    resolver = FOLDER / "resolv.conf"
    resolver.write_text(f"nameserver {NAMES}\n")
    run(["mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf")])


def certificates():
    ca = FOLDER / "ca"
    ca.mkdir()
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 3650 "
        "-subj '/O=House/CN=House Root' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign",
        cwd=ca,
    )
    for name, names in [("ours", "DNS:beta.example,DNS:gamma.example,DNS:conference.beta.example"), ("peers", "DNS:*.example")]:
        run(
            f"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.req -subj / "
            f"-addext subjectAltName=critical,{names} && openssl x509 -req -in {name}.req -CA root.pem -CAkey root.key -days 90 "
            f"-copy_extensions copyall -out {name}.crt && cat {name}.crt {name}.key > {name}.pem",
            cwd=ca,
        )
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self.key -out self.crt -days 90 -subj / "
        "-addext subjectAltName=critical,DNS:*.example && cat self.crt self.key > self.pem",
        cwd=ca,
    )
    root = (ca / "root.pem").read_text()
    link = run("openssl x509 -hash -noout -in root.pem", cwd=ca).strip()
    Path(f"/etc/ssl/certs/{link}.0").write_text(root)
    with open("/etc/ssl/certs/ca-certificates.crt", "a") as bundle:
        bundle.write(root)
    shutil.copy(ca / "ours.pem", "/etc/ejabberd/ours.pem")
    run("chown root:ejabberd /etc/ejabberd/ours.pem; chmod 640 /etc/ejabberd/ours.pem")


def start(name, command, **more):
    log = open(FOLDER / f"{name}.out", "wb")
    running.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **more))
    return running[-1]


def serve_names():
    zones = FOLDER / "zones"
    zones.mkdir()
    (zones / "example.zone").write_text(
        f"$ORIGIN example.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {NAMES}\n* A {PEERS}\n"
    )
    (zones / "knot.conf").write_text(
        f"server:\n  listen: {NAMES}@53\n  rundir: {zones}\ndatabase:\n  storage: {zones}\n"
        f"zone:\n  - domain: example\n    file: {zones}/example.zone\n"
    )
    start("knot", ["knotd", "-c", str(zones / "knot.conf")])


def own_part():
    """What the administrator has: two hosts, a certificate, and where the server listens in this namespace."""
    main = Path("/etc/ejabberd/ejabberd.yml")
    text = main.read_text().replace('ip: "::"', f'ip: "{SERVER}"')
    text = text.replace("  - localhost\n", "  - localhost\n  - beta.example\n  - gamma.example\n", 1)
    text = text.replace("certfiles:\n", "certfiles:\n  - /etc/ejabberd/ours.pem\n", 1)
    main.write_text(text)


def listens(port=5269):
    try:
        socket.create_connection((SERVER, port), 1).close()
    except OSError:
        return False
    return True


def ctl(*arguments, good=True):
    return run(["ejabberdctl", *arguments], good=good)


def node(expression):
    """Has something done in the running node, from Erlang."""
    parsed = "Parsed = fun(Text) -> {ok, Tokens, _} = erl_scan:string(Text), {ok, Parsed} = erl_parse:parse_exprs(Tokens), Parsed end"
    said = f"Node = ejabberd@localhost, pong = net_adm:ping(Node), {parsed}, {expression}, timer:sleep(100), halt()."
    return run(["runuser", "-u", "ejabberd", "--", "erl", "-sname", "test@localhost", "-noinput", "-eval", said], cwd="/var/lib/ejabberd")


def boot():
    process = start("ejabberd", ["ejabberdctl", "foreground"])
    # Asked before, the first one to ask would make the cookie, and the server end for not being able to.
    has_cookie = Path("/var/lib/ejabberd/.erlang.cookie").exists
    runs = lambda: has_cookie() and subprocess.run(["ejabberdctl", "status"], capture_output=True).returncode == 0
    until("ejabberd runs or has ended", lambda: process.poll() is not None or runs())
    return process


def halt(process):
    ctl("stop", good=False)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    running.remove(process)


def log_since(mark):
    # It is written when there is time.
    time.sleep(1)
    return LOG.read_text(errors="replace")[mark:]


def log_size():
    return len(LOG.read_text(errors="replace"))


# The module, as Edgewright installs it.


def put_module(change=lambda source: source):
    (SOURCES / "src").mkdir(parents=True, exist_ok=True)
    shutil.copy(MODULE / "mod_edgewright.spec", SOURCES)
    (SOURCES / "src/mod_edgewright.erl").write_text(change((MODULE / "mod_edgewright.erl").read_text()))
    run(["chown", "-R", "ejabberd:ejabberd", "/var/lib/ejabberd/.ejabberd-modules"])


def settings(partners, refuse=True, interface=1, module=True):
    """The file that is included, as the wizard writes it."""
    entries = "".join(
        f'          "{domain}": {{type: {kind}, tls: {tls}, sasl: {sasl}, dialback: {str(dialback).lower()}}}\n'
        for domain, (kind, tls, sasl, dialback) in partners.items()
    )
    known = [form for domain in partners for form in sorted({domain, domain.encode().decode("idna")})]
    access = f"""acl: {{edgewright_partners: {{server: [{", ".join(f'"{form}"' for form in known)}]}}}}
access_rules: {{edgewright_partners: [{{allow: edgewright_partners}}, {{deny: all}}]}}
"""
    SETTINGS.write_text(
        (access if refuse else "")
        + 'host_config:\n  "beta.example":\n    s2s_use_starttls: required\n'
        + ("    s2s_access: edgewright_partners\n" if refuse else "")
        + (
            f'append_host_config:\n  "beta.example":\n    modules:\n      mod_edgewright:\n        interface: {interface}\n'
            f"        refuse_unlisted: {str(refuse).lower()}\n        partners:\n{entries}"
            if module
            else ""
        )
    )
    run(f"chown root:ejabberd {SETTINGS}; chmod 640 {SETTINGS}")
    main = Path("/etc/ejabberd/ejabberd.yml")
    line = f"include_config_file: {SETTINGS}\n"
    if line not in main.read_text():
        main.write_text(main.read_text() + "\n" + line)


def state():
    return dict(line.partition(" ")[::2] for line in ctl("edgewright_state", "beta.example").splitlines())


def digest(partners, refuse=True):
    text = f"refuse-unlisted {str(refuse).lower()}\n" + "".join(
        f"{domain} {kind} {tls} {sasl} {str(dialback).lower()}\n" for domain, (kind, tls, sasl, dialback) in sorted(partners.items())
    )
    return hashlib.sha256(text.encode()).hexdigest()


# XMPP, as little as it takes.


class Over(Exception):
    """The other side said no, or nothing."""


class Wire:
    def __init__(self, connection, patience=8):
        self.connection, self.patience, self.encrypted = connection, patience, False
        self.closed, self.lock = False, threading.Lock()
        connection.settimeout(patience)
        self.fresh()

    def fresh(self):
        self.parser = ElementTree.XMLPullParser(["start", "end"])
        self.depth, self.pending = 0, []

    def send(self, text):
        try:
            with self.lock:
                self.connection.settimeout(self.patience)
                self.connection.sendall(text.encode())
        except (OSError, ValueError) as error:
            raise Over(str(error)) from error

    def receive(self):
        """One thread may read while others write: TLS is no two things at once."""
        limit = time.time() + self.patience
        while time.time() < limit:
            if self.connection.fileno() < 0:
                raise Over("closed")
            waiting = getattr(self.connection, "pending", lambda: 0)()
            if waiting or select.select([self.connection], [], [], 0.5)[0]:
                with self.lock:
                    self.connection.settimeout(0.2)
                    try:
                        return self.connection.recv(65536)
                    except TimeoutError:
                        pass
        raise Over("nothing came")

    def next(self):
        """The attributes of a stream's head, or an element below it."""
        while True:
            for event, element in self.pending or self.parser.read_events():
                self.depth += 1 if event == "start" else -1
                if event == "start" and self.depth == 1:
                    return element
                if event == "end" and self.depth == 1:
                    if element.tag == STREAMS + "error":
                        raise Over("stream error " + element[0].tag.rpartition("}")[2])
                    return element
                if event == "end" and self.depth == 0:
                    raise Over("stream ended")
            try:
                data = self.receive()
            except (OSError, ValueError) as error:
                raise Over(str(error)) from error
            if not data:
                raise Over("closed")
            self.parser.feed(data)

    def wrap(self, context, **more):
        self.connection.settimeout(self.patience)
        try:
            self.connection = context.wrap_socket(self.connection, **more)
        except OSError as error:
            raise Over(str(error)) from error
        self.encrypted = True
        self.fresh()

    def close(self):
        self.closed = True
        try:
            self.connection.close()
        except OSError:
            pass


def head(kind="server", **attributes):
    said = " ".join(f"{name}='{value}'" for name, value in attributes.items())
    dialback = " xmlns:db='jabber:server:dialback'" if kind == "server" else ""
    return f"<?xml version='1.0'?><stream:stream xmlns='jabber:{kind}' xmlns:stream='http://etherx.jabber.org/streams'{dialback} version='1.0' {said}>"


def context(server, name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    if not server:
        made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.load_cert_chain(FOLDER / f"ca/{name}.pem")
    return made


def way_of(domain):
    """What a played server can do is in its name: r07-dialback-tls.example."""
    return next((way for way in WAYS if way.replace("_", "-") in domain), "external")


def chain_of(domain):
    return "self" if "self-signed" in domain else "peers"


class Peers:
    """The servers of all played domains."""

    def __init__(self):
        self.seen, self.lock = [], threading.Lock()
        self.listener = socket.create_server((PEERS, 5269), backlog=256)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(Wire(connection, 60),), daemon=True).start()

    def note(self, domain, way, element):
        with self.lock:
            self.seen.append((domain, way, element))

    def got(self, domain, holds):
        with self.lock:
            return next(((way, element) for name, way, element in self.seen if name == domain and holds(element)), None)

    def serve(self, wire):
        try:
            self.speak(wire)
        except (Over, ElementTree.ParseError):
            wire.close()

    def speak(self, wire):
        domain, by = None, None
        while True:
            element = wire.next()
            if element.tag == STREAMS + "stream":
                domain = element.get("to")
                way = way_of(domain)
                answer = head(**{"from": domain, "to": element.get("from", ""), "id": os.urandom(8).hex()})
                if domain.startswith("old-"):
                    wire.send(answer.replace(" version='1.0'  ", " ").replace(" version='1.0' from", " from"))
                    continue
                wire.send(answer)
                offers = ""
                if not wire.encrypted and way != "dialback_clear":
                    offers = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                elif way == "external" and not by:
                    offers = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
                if "bidi" in domain:
                    offers += "<bidi xmlns='urn:xmpp:features:bidi'/>"
                wire.send(f"<stream:features>{offers}</stream:features>")
                if "forges" in domain:
                    # Nobody has asked for that.
                    wire.send(f"<db:result from='{domain}' to='beta.example' type='valid'/>")
                if "injects" in domain and wire.encrypted:
                    wire.send(f"<message from='x@{domain}' to='u@beta.example' type='chat'><body>injected by {domain}</body></message>")
            elif element.tag == TLS + "starttls":
                wire.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
                wire.wrap(context(True, chain_of(domain)), server_side=True)
            elif element.tag == SASL + "auth":
                by = "external"
                wire.send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
                wire.fresh()
            elif element.tag == DIALBACK + "result":
                # A server that takes whatever it is given.
                by = "dialback_tls" if wire.encrypted else "dialback_clear"
                wire.send(f"<db:result from='{element.get('to')}' to='{element.get('from')}' type='valid'/>")
            elif element.tag == DIALBACK + "verify":
                answer = f"from='{element.get('to')}' to='{element.get('from')}' id='{element.get('id')}'"
                wire.send(f"<db:verify {answer} type='valid'/>")
            else:
                self.note(domain, by, element)


def dial(domain, way, to="beta.example", name=None):
    """A stream of a played server, authenticated that way."""
    wire = Wire(socket.create_connection((SERVER, 5269), 5))

    def opened():
        wire.send(head(**{"from": name or domain, "to": to}))
        wire.next()
        return wire.next()

    try:
        features = opened()
        if way != "dialback_clear":
            if features.find(TLS + "starttls") is None:
                raise Over("no STARTTLS offered")
            wire.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            if wire.next().tag != TLS + "proceed":
                raise Over("no STARTTLS")
            wire.wrap(context(False, chain_of(domain)))
            features = opened()
        if way == "external":
            offered = [mechanism.text for mechanism in features.iter(SASL + "mechanism")]
            if "EXTERNAL" not in offered:
                raise Over("no EXTERNAL offered")
            wire.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>{base64.b64encode(domain.encode()).decode()}</auth>")
            if wire.next().tag != SASL + "success":
                raise Over("EXTERNAL refused")
            wire.fresh()
            opened()
        else:
            wire.send(f"<db:result from='{domain}' to='{to}'>key</db:result>")
            answer = wire.next()
            if answer.get("type") != "valid":
                raise Over("dialback refused")
    except (Over, OSError) as error:
        wire.close()
        raise error if isinstance(error, Over) else Over(str(error))
    return wire


class User:
    """A user of ours, who is there."""

    def __init__(self, name="u", host="beta.example"):
        self.seen, self.lock, self.host = [], threading.Lock(), host
        wire = self.wire = Wire(socket.create_connection((SERVER, 5222), 5), 3600)

        def opened():
            wire.send(head("client", to=host))
            wire.next()
            return wire.next()

        opened()
        wire.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        wire.next()
        anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
        wire.wrap(anyone)
        opened()
        secret = base64.b64encode(f"\0{name}\0secret".encode()).decode()
        wire.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>")
        if wire.next().tag != SASL + "success":
            fail("the user cannot log in")
        wire.fresh()
        opened()
        wire.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>home</resource></bind></iq>")
        wire.next()
        wire.send("<iq type='get' id='list'><query xmlns='jabber:iq:roster'/></iq><presence><status>busy until five</status></presence>")
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while True:
                element = self.wire.next()
                with self.lock:
                    self.seen.append(element)
        except Over as error:
            if not self.wire.closed:
                print("the user's stream is over:", error)

    def got(self, holds):
        with self.lock:
            return next((element for element in self.seen if holds(element)), None)

    def send(self, text):
        self.wire.send(text)


def bodied(text):
    return lambda element: element.tag.endswith("}message") and element.get("type") != "error" and any((child.text or "") == text for child in element)


def soon(look, patience=1.5):
    limit = time.time() + patience
    while time.time() < limit:
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    return None


def arrives_in(user, domain, way, **more):
    """Whether a message comes in that way; and if not, why."""
    word = f"in {domain} {way} {os.urandom(4).hex()}"
    try:
        wire = dial(domain, way, to=user.host, **more)
        wire.send(f"<message from='x@{domain}' to='u@{user.host}' type='chat'><body>{word}</body></message>")
    except Over as error:
        return str(error)
    came = soon(lambda: user.got(bodied(word)))
    wire.close()
    return True if came is not None else "no message"


def arrives_out(user, peers, domain):
    """The way a message goes out to a played server; or what its sender is answered."""
    word = f"out {domain} {os.urandom(4).hex()}"
    user.send(f"<message to='x@{domain}' id='{word.replace(' ', '-')}' type='chat'><body>{word}</body></message>")

    def look():
        came = peers.got(domain, bodied(word))
        refused = user.got(lambda element: element.get("id") == word.replace(" ", "-") and element.get("type") == "error")
        return came or refused

    found = soon(look, 12)
    if isinstance(found, tuple):
        return found[0]
    return "no answer" if found is None else "refused"


# What is looked at.

USES = ["required", "optional", "not-supported"]
ROWS = [(tls, sasl, dialback) for tls in USES for sasl in USES for dialback in [True, False]]


def ways(tls, sasl, dialback):
    found = []
    if tls != "not-supported" and sasl != "not-supported":
        found.append("external")
    if dialback and tls != "not-supported" and sasl != "required":
        found.append("dialback_tls")
    if dialback and tls != "required" and sasl != "required":
        found.append("dialback_clear")
    return found


def row_domain(row, way):
    return f"r{row:02}-{way.replace('_', '-')}.example"


def row_partners():
    return {row_domain(row, way): ("federated", *settings) for row, settings in enumerate(ROWS) for way in WAYS}


TYPES = {
    f"{kind}-{way.replace('_', '-')}.example": (kind, "required", "optional", True)
    for kind in ["federated", "public-verified", "public-unverified"]
    for way in ["external", "dialback_tls"]
}
MORE = {
    "only-external.example": ("federated", "required", "required", False),
    "only-external-self-signed.example": ("federated", "required", "required", False),
    "only-external-forges.example": ("federated", "required", "required", False),
    "only-external-forges-self-signed.example": ("federated", "required", "required", False),
    "only-external-bidi-injects-self-signed.example": ("federated", "required", "required", False),
    "dialback-tls-self-signed.example": ("federated", "required", "optional", True),
    "old-dialback-clear.example": ("federated", "optional", "not-supported", True),
    "clear-too-external.example": ("federated", "optional", "optional", True),
}


def look_at_rows(user, peers):
    partners = row_partners()
    with ThreadPoolExecutor(24) as pool:
        came = dict(zip(partners, pool.map(lambda domain: arrives_in(user, domain, way_of(domain)), partners)))
        went = dict(zip(partners, pool.map(lambda domain: arrives_out(user, peers, domain), partners)))
    for row, row_settings in enumerate(ROWS):
        allowed = ways(*row_settings)
        shown = []
        for way in WAYS:
            domain = row_domain(row, way)
            expect(f"row {row_settings} in by {way}", came[domain] is True, way in allowed)
            # A played server that has TLS and no EXTERNAL offers both kinds of dialback; which one is taken is in the answer.
            expect(f"row {row_settings} out by {way}", went[domain] in WAYS, any(way == each for each in allowed) or went_otherwise(way, allowed))
            if went[domain] in WAYS:
                expect(f"row {row_settings} out by {way} is allowed", went[domain] in allowed, True)
            shown.append(f"{way}: in {'yes' if came[domain] is True else came[domain]}, out {went[domain]}")
        print("row", *row_settings, "|", " | ".join(shown))


def went_otherwise(way, allowed):
    """Servers that offer TLS can be dialled without, and all played ones take dialback."""
    if way == "external":
        return "dialback_clear" in allowed or "dialback_tls" in allowed
    if way == "dialback_tls":
        return "dialback_clear" in allowed
    return False


def look_at_more(user, peers):
    expect("a certificate nobody vouches for, in", arrives_in(user, "only-external-self-signed.example", "external") is True, False)
    expect("a certificate nobody vouches for, out", arrives_out(user, peers, "only-external-self-signed.example"), "refused")
    expect("the same where dialback is allowed, out", arrives_out(user, peers, "dialback-tls-self-signed.example"), "dialback_tls")
    expect("a forged answer of dialback, certificate good", arrives_out(user, peers, "only-external-forges.example") in ["refused", "external"], True)
    expect("a forged answer of dialback", arrives_out(user, peers, "only-external-forges-self-signed.example"), "refused")
    expect("a server from before features, out", arrives_out(user, peers, "old-dialback-clear.example"), "dialback_clear")
    expect("both ways on one stream", arrives_out(user, peers, "only-external-bidi-injects-self-signed.example"), "refused")
    expect("a stanza in a stream dialled, not verified", user.got(bodied("injected by only-external-bidi-injects-self-signed.example")), None)
    # Another name on a stream that was lent.
    expect("clear text on a stream lent to another", arrives_in(user, "only-external.example", "dialback_clear", name="clear-too-external.example") is True, False)
    expect("dialback on a stream lent to another", arrives_in(user, "only-external.example", "dialback_tls", name="clear-too-external.example") is True, False)
    # In by another host of the same server, whose rules are others.
    word = "by the other door"
    wire = dial("only-external.example", "dialback_tls", to="gamma.example")
    wire.send(f"<message from='x@only-external.example' to='u@beta.example' type='chat'><body>{word}</body></message>")
    expect("a stream of the other host", soon(lambda: user.got(bodied(word))), None)
    wire.close()


def look_at_other_host(gamma, told):
    """The host without the module is as strict as it was, and as open."""
    for way, wanted in [("external", True), ("dialback_tls", True), ("dialback_clear", False)]:
        expect(f"gamma.example by {way}, {told}", arrives_in(gamma, f"r07-{way.replace('_', '-')}.example", way) is True, wanted)
    expect(f"gamma.example in clear, for one who may at the other host, {told}", arrives_in(gamma, "clear-too-external.example", "dialback_clear") is True, False)


def look_at_types(user, peers):
    for domain, (kind, *_) in TYPES.items():
        open_door = kind != "public-unverified"
        wire = dial(domain, way_of(domain))

        def stanza(text):
            wire.send(text)

        def answered(identity):
            return peers.got(domain, lambda element: element.get("id") == identity)

        for to in ["u@beta.example", "u@beta.example/home"]:
            word = f"stranger {domain} {to}"
            stanza(f"<message id='{word}' from='x@{domain}/r' to='{to}' type='chat'><body>{word}</body></message>")
            came = soon(lambda: user.got(bodied(word)) if open_door else answered(word))
            expect(f"a stranger's message from {domain} to {to}", (user.got(bodied(word)) is not None, came is not None), (open_door, True))
            asked = f"asked {domain} {to}"
            stanza(f"<iq id='{asked}' from='x@{domain}/r' to='{to}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
            came = soon(lambda: answered(asked) or (user.got(lambda element: element.get("id") == asked)), 3)
            refused = isinstance(came, tuple) and came[1].get("type") == "error"
            expect(f"a stranger's question from {domain} to {to}", refused, not open_door)
        stanza(f"<presence from='x@{domain}/r' to='u@beta.example'/>")
        stanza(f"<presence from='x@{domain}' to='u@beta.example' type='subscribe'/>")
        wanted = "subscribed" if open_door else "unsubscribed"
        said = soon(lambda: peers.got(domain, lambda element: element.get("type") in ["subscribed", "unsubscribed"]), 3)
        expect(f"a stranger's request from {domain}", said and said[1].get("type"), wanted)
        asked = user.got(lambda element: element.get("type") == "subscribe" and element.get("from") == f"x@{domain}")
        expect(f"the user is asked about {domain}", asked is not None, False)
        shown = user.got(lambda element: element.tag.endswith("}presence") and element.get("from") == f"x@{domain}/r")
        expect(f"a stranger's presence from {domain}", shown is not None, open_door)
        if open_door:
            presence = soon(lambda: peers.got(domain, lambda element: element.tag.endswith("}presence") and element.get("type") is None), 3)
            expect(f"presence for {domain}", presence is not None, True)
            expect(f"the note for {domain}", presence is not None and presence[1].find("{jabber:server}status") is not None, kind == "federated")
        else:
            user.send(f"<iq type='set' id='add-{domain}'><query xmlns='jabber:iq:roster'><item jid='x@{domain}'/></query></iq>")
            soon(lambda: user.got(lambda element: element.get("id") == f"add-{domain}"))
            word = f"contact {domain}"
            stanza(f"<message from='x@{domain}/r' to='u@beta.example' type='chat'><body>{word}</body></message>")
            expect(f"a contact's message from {domain}", soon(lambda: user.got(bodied(word))) is not None, True)
            stanza(f"<presence from='x@{domain}' to='u@beta.example' type='subscribe'/>")
            asked = soon(lambda: user.got(lambda element: element.get("type") == "subscribe" and element.get("from") == f"x@{domain}"))
            expect(f"the user is asked about the contact at {domain}", asked is not None, True)
        user.send(f"<presence to='x@{domain}/r'><show>dnd</show><status>a note for one</status></presence>")
        directed = soon(lambda: peers.got(domain, lambda element: element.findtext("{jabber:server}show") == "dnd"), 3)
        expect(f"presence sent to {domain}", directed is not None, True)
        expect(f"the note sent to {domain}", directed is not None and directed[1].find("{jabber:server}status") is not None, kind == "federated")
        wire.close()


def look_at_rooms(user, peers):
    """What a room of ours sends, under a name that is not the host's, follows the type as well."""
    into = "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
    user.send(f"<presence to='room@conference.beta.example/u'><status>a note for the room</status>{into}")
    for kind in ["federated", "public-verified"]:
        domain = f"{kind}-external.example"
        wire = dial(domain, "external", to="conference.beta.example")
        wire.send(f"<presence from='x@{domain}/r' to='room@conference.beta.example/{kind}'>{into}")
        shown = soon(lambda: peers.got(domain, lambda element: element.get("from") == "room@conference.beta.example/u"), 5)
        expect(f"presence in a room for {domain}", shown is not None, True)
        expect(f"the note in a room for {domain}", shown is not None and shown[1].find("{jabber:server}status") is not None, kind == "federated")
        wire.close()


def look_at_unlisted(user, peers, refuse):
    stock = not refuse
    for way, wanted in [("external", stock), ("dialback_tls", stock), ("dialback_clear", False)]:
        domain = f"unlisted-{str(refuse).lower()}-{way.replace('_', '-')}.example"
        expect(f"unlisted, refused: {refuse}, in by {way}", arrives_in(user, domain, way) is True, wanted)
        expect(f"unlisted, refused: {refuse}, out by {way}", arrives_out(user, peers, domain) in WAYS, wanted)
    row = ROWS.index(("required", "not-supported", False))
    expect(f"a partner without a way, the unlisted refused: {refuse}", arrives_in(user, row_domain(row, "external"), "external") is True, False)


def reload(broken=False):
    return ctl("reload_config", good=not broken)


def all_partners():
    return {**row_partners(), **TYPES, **MORE}


def nothing_passes(user, peers, told):
    """Closed: neither what the settings allow nor anything else."""
    for way in WAYS:
        domain = row_domain(ROWS.index(("optional", "optional", True)), way)
        expect(f"{told}: in by {way}", arrives_in(user, domain, way) is True, False)
    domain = f"r99-{os.urandom(3).hex()}-external.example"
    expect(f"{told}: out", arrives_out(user, peers, "only-external.example"), "refused")
    expect(f"{told}: out, unlisted", arrives_out(user, peers, domain), "refused")


def local_talk(user, gamma, told):
    word = f"within the house, {told}"
    user.send(f"<message to='u@gamma.example' type='chat'><body>{word}</body></message>")
    expect(f"users of the server talk, {told}", soon(lambda: gamma.got(bodied(word))) is not None, True)


def failing(hook):
    """The module with an error in one of its hooks."""
    return lambda source: source.replace("    try Decide()\n", f"    try (case Hook of {hook} -> error(injected); _ -> Decide() end)\n", 1)


def is_let_subscribe(peers, name):
    domain = "federated-external.example"
    try:
        wire = dial(domain, "external")
        wire.send(f"<presence from='{name}@{domain}' to='u@beta.example' type='subscribe'/>")
    except Over:
        return False
    said = soon(lambda: peers.got(domain, lambda element: element.get("to") == f"{name}@{domain}" and element.get("type") == "subscribed"))
    wire.close()
    return said is not None


def upgrade(change=lambda source: source):
    put_module(change)
    said = ctl("module_upgrade", "mod_edgewright", good=False)
    return said


def look_at_failing_hooks(user, gamma, peers):
    """With an error in each hook, what that hook decides on is refused, and nothing else is let in for it."""
    external, clear = row_domain(0, "external"), row_domain(ROWS.index(("optional", "not-supported", True)), "dialback_clear")
    dialback = row_domain(ROWS.index(("required", "not-supported", True)), "dialback_tls")
    # Which of them goes on: in by certificate, by dialback, in clear; out by certificate, by dialback, with a certificate nobody
    # vouches for, to a server from before features; a request without consent.
    everything = "edc.edso.a"
    wanted = {
        "allow_host": "---.----.-",
        "in_packet": "e--.edso.a",
        "in_auth": "---.edso.-",
        "receive_packet": "---.edso.-",
        "out_init": "e--.----.-",
        "out_verify": "edc.ed-o.a",
        "out_downgraded": "edc.eds-.a",
        "out_auth": "edc.----.-",
        "send_packet": "edc.----.-",
        "user_packet": "---.edso.-",
        "subscription": "edc.edso.-",
    }
    for hook, goes_on in wanted.items():
        upgrade(failing(hook))
        mark = log_size()
        looks = {
            "e": lambda: arrives_in(user, external, "external") is True,
            "d": lambda: arrives_in(user, dialback, "dialback_tls") is True,
            "c": lambda: arrives_in(user, clear, "dialback_clear") is True,
            ".e": lambda: arrives_out(user, peers, external) == "external",
            ".d": lambda: arrives_out(user, peers, dialback) == "dialback_tls",
            ".s": lambda: arrives_out(user, peers, "dialback-tls-self-signed.example") == "dialback_tls",
            ".o": lambda: arrives_out(user, peers, "old-dialback-clear.example") == "dialback_clear",
            "a": lambda: is_let_subscribe(peers, f"a{os.urandom(4).hex()}"),
        }
        passes = {letter: look() for letter, look in looks.items()}
        found = "".join(letter[-1] if passes[letter] else "-" for letter in looks)
        found = f"{found[:3]}.{found[3:7]}.{found[7]}"
        print(f"error in {hook}: {found}")
        expect(f"error in {hook}", found, goes_on)
        if goes_on != everything:
            expect(f"error in {hook} is logged once", log_since(mark).count(f"Edgewright: {hook} failed"), 1)
            expect(f"error in {hook} is told", f"failed" in state(), True)
        if LONG:
            local_talk(user, gamma, f"error in {hook}")
            look_at_other_host(gamma, f"error in {hook}")


def is_over(wire, patience=3):
    """Whether the server has closed a stream that was held open."""
    limit = time.time() + patience
    wire.patience = 0.5
    while time.time() < limit:
        try:
            wire.next()
        except Over as error:
            if str(error) != "nothing came":
                return True
    return False


def look_at_streams(user, gamma, peers, partners):
    """Streams from before a change end with it, those of the other host do not."""
    names = ["only-external.example", "r02-external.example"]
    gone, stays = [dial(domain, "external") for domain in names]
    other = dial(names[0], "external", to="gamma.example")
    abroad = dial("шлюз.example", "external", to="gamma.example")
    expect("out to one who is soon no partner", arrives_out(user, peers, names[0]), "external")
    told = ctl("edgewright_streams").splitlines()
    for wanted in [f"beta.example in {names[0]} external", f"beta.example in {names[1]} external", f"beta.example out {names[0]} external"]:
        expect(f"it is told: {wanted}", wanted in told, True)
    for wanted in ["gamma.example in %d1%88%d0%bb%d1%8e%d0%b7.example unknown", f"gamma.example in {names[0]} unknown"]:
        expect(f"of another host nobody noted how: {wanted}", wanted in told, True)
    settings({domain: row for domain, row in partners.items() if domain != names[0]})
    reload()
    expect("the stream of one who is no partner any more ends", is_over(gone), True)
    expect("the stream of one who still is goes on", is_over(stays, 1), False)
    expect("nothing goes out to him", arrives_out(user, peers, names[0]), "refused")
    told = ctl("edgewright_streams").splitlines()
    expect("no stream with him is told of", [line for line in told if line.startswith("beta") and f" {names[0]} " in line], [])
    told = ctl("edgewright_drop_all", "beta.example").splitlines()
    expect("all streams of the host are told", f"in {names[1]} external" in told, True)
    expect("all streams of the host end", is_over(stays), True)
    expect("none of the other host", is_over(other, 1) or is_over(abroad, 1), False)
    settings(partners)
    reload()
    expect("a partner again", arrives_out(user, peers, names[0]), "external")


def look_at_labels(user, partners):
    """A partner is known in whichever way he writes his name."""

    def gets_in(domain, way):
        # A new name is looked up first, which may take a busy machine its time.
        return any(arrives_in(user, domain, way) is True for _ in range(4))

    for refuse in [True, False]:
        settings({**partners, "xn--mnchen-3ya.example": ("federated", "required", "required", False)}, refuse=refuse)
        reload()
        for domain in ["münchen.example", "xn--mnchen-3ya.example"]:
            expect(f"{domain} by certificate, unlisted refused: {refuse}", gets_in(domain, "external"), True)
            expect(f"{domain} by dialback, unlisted refused: {refuse}", arrives_in(user, domain, "dialback_tls") is True, False)
        expect(f"one who is unlisted, refused: {refuse}", gets_in("bücher.example", "dialback_tls"), not refuse)
    settings(partners)
    reload()


def look_at_upgrade(user, gamma, partners):
    """Another module in the place of this one: between the two, nothing comes in that the settings forbid."""
    said = ctl("module_install", "mod_edgewright", good=False)
    expect("a second module_install is refused", "conflict" in said, True)
    held, other = dial("only-external.example", "external"), dial("only-external.example", "external", to="gamma.example")
    over, came = threading.Event(), []

    def knock(way):
        while not over.is_set():
            came.append((way, arrives_in(user, "only-external.example", way) is True))

    knocking = [threading.Thread(target=knock, args=(way,)) for way in WAYS[1:] for _ in range(2)]
    for thread in knocking:
        thread.start()
    # Whoever needs the module has it loaded, also between two steps of its exchange.
    node('spawn(Node, erl_eval, exprs, [Parsed("Load = fun Again() -> code:ensure_loaded(mod_edgewright), Again() end, '
         'register(loads, self()), Load()."), []])')
    began = time.time()
    upgrade(lambda source: source.replace('"federation open"', '"federation open anew"'))
    print(f"upgraded in {time.time() - began:.1f} s, {len(came)} attempts in between")
    node("exit(rpc:call(Node, erlang, whereis, [loads]), kill)")
    over.set()
    for thread in knocking:
        thread.join()
    expect("the other module runs", state().get("federation"), "open anew")
    expect("nothing forbidden in between", [each for each in came if each[1]], [])
    expect("what is in force after the upgrade", state().get("policy"), digest(partners))
    expect("no stream outlives the module it came in by", is_over(held), True)
    expect("the other host's do", is_over(other, 1), False)
    upgrade()
    expect("in after the upgrade", arrives_in(user, "only-external.example", "external"), True)


def look_at_closed(user, gamma, peers, partners):
    """An interface that is not the module's, settings it does not understand."""
    for told, change in [
        ("another interface", lambda: settings(partners, interface=2)),
        ("a setting unheard of", lambda: settings({**partners, "more.example": ("federated", "sometimes", "required", True)})),
    ]:
        change()
        mark = log_size()
        reload()
        expect(f"{told}: closed", state().get("federation"), "closed")
        expect(f"{told}: said once", log_since(mark).count("is closed both ways"), 1)
        nothing_passes(user, peers, told)
        look_at_other_host(gamma, told)
        local_talk(user, gamma, told)
    settings(partners)
    reload()
    expect("open again", state().get("federation"), "open")
    expect("open again, in", arrives_in(user, "only-external.example", "external"), True)


def base_alone(user, peers, told):
    """Without the module: what the strict configuration beneath lets by, and no more."""
    found = {}
    for domain in ["only-external.example", "clear-too-external.example", "r99-external.example"]:
        for way in WAYS:
            found[domain, way] = arrives_in(user, domain, way) is True
    print(f"{told}:", ", ".join(f"{domain} {way}" for (domain, way), passes in found.items() if passes) or "nothing", "passes")
    expect(f"{told}: in clear", [domain for (domain, way), passes in found.items() if passes and way == "dialback_clear"], [])
    expect(f"{told}: unlisted", [domain for (domain, way), passes in found.items() if passes and domain.startswith("r99")], [])
    return found


def beams():
    return list(Path("/var/lib/ejabberd/.ejabberd-modules/mod_edgewright/ebin").glob("*.beam"))


OTHER_LIBRARY = """
main([Beam, Out, How]) ->
    {ok, {_, [{abstract_code, {_, Forms}}]}} = beam_lib:chunks(Beam, [abstract_code]),
    {ok, _, Code} = compile:forms([change(Form, How) || Form <- Forms], []),
    ok = file:write_file(Out, Code).
change({function, L, serr_policy_violation, 2, _}, "function") ->
    {function, L, serr_policy_violation, 2, [{clause, L, [{var, L, '_'}, {var, L, '_'}], [], [{atom, L, changed}]}]};
change({attribute, L, record, {presence, Fields}}, "record") ->
    {attribute, L, record, {presence, [{record_field, L, {atom, L, new_one}} | Fields]}};
change({attribute, L, record, {{presence, Fields}, Types}}, "record") ->
    {attribute, L, record, {{presence, [{record_field, L, {atom, L, new_one}} | Fields]}, Types}};
change(Form, _) -> Form.
"""


def other_library(how, modules):
    """Parts of the XMPP library as another version might have them, on the code path before its own."""
    place = Path("/var/lib/ejabberd/other")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    if not modules:
        return
    script = FOLDER / "other.escript"
    script.write_text("#!/usr/bin/env escript\n" + OTHER_LIBRARY)
    ebin = next(Path("/usr/lib/erlang/lib").glob("p1_xmpp-*")) / "ebin"
    for module in modules:
        run(["escript", str(script), str(ebin / f"{module}.beam"), str(place / f"{module}.beam"), how])
    run(["chown", "-R", "ejabberd:ejabberd", str(place)])


def look_at_boots(process, partners):
    """What becomes of the server when it starts, or reloads, with something broken about the module."""

    def again():
        nonlocal process
        halt(process)
        process = boot()
        return process.poll() is None

    def users():
        return User(), User(host="gamma.example")

    # The module is gone from the disk.
    (beam,) = beams()
    kept = beam.read_bytes()
    beam.unlink()
    print("beam missing, reload while it runs:", reload(broken=True).strip() or "not a word")
    expect("beam missing, reload: it goes on", state().get("federation"), "open")
    user, gamma = users()
    peers_in = arrives_in(user, "only-external.example", "dialback_tls")
    expect("beam missing, reload: it goes on refusing", peers_in is True, False)
    expect("beam missing at boot: the server starts", again(), False)
    print("beam missing at boot: ejabberd does not start at all:", FOLDER.joinpath("ejabberd.out").read_text()[-200:].strip().splitlines()[-1:])
    running.remove(process)
    beam.write_bytes(kept)
    run(["chown", "ejabberd:ejabberd", str(beam)])
    process = boot()
    expect("the beam is back", state().get("federation"), "open")

    # The module cannot be started.
    settings(partners, module=False)
    reload()
    put_module(lambda source: source.replace("    register(),\n    take(Host, Opts).", "    error({injected, Host, Opts})."))
    ctl("module_uninstall", "mod_edgewright")
    ctl("module_install", "mod_edgewright")
    settings(partners)
    mark = log_size()
    said = ctl("reload_config", good=False)
    print("start/2 fails at a reload:", said.strip() or "rc 0, no word")
    expect("start/2 fails at a reload: it is in the log", "injected" in log_since(mark), True)
    user, gamma = users()
    base_alone(user, None, "start/2 fails at a reload")
    look_at_other_host(gamma, "start/2 fails at a reload")
    expect("start/2 fails at boot: the server starts", again(), False)
    print("start/2 fails at boot: ejabberd ends by itself")
    running.remove(process)
    settings(partners, module=False)
    process = boot()
    ctl("module_uninstall", "mod_edgewright")
    put_module()
    ctl("module_install", "mod_edgewright")
    settings(partners)
    reload()
    expect("a good module again", state().get("federation"), "open")

    # Another library beneath it.
    control = Path("/etc/ejabberd/ejabberdctl.cfg")
    control.write_text(control.read_text() + '\nERL_OPTIONS="-pa /var/lib/ejabberd/other"\n')
    other_library("function", ["xmpp"])
    mark = log_size()
    expect("a function of the library changed: the server starts", again(), True)
    print("a function of the library changed:", state())
    expect("a function of the library changed: closed", state().get("federation"), "closed")
    expect("a function of the library changed: said once", log_since(mark).count("is closed both ways"), 1)
    user, gamma = users()
    nothing_passes(user, PLAYED[0], "a function of the library changed")
    look_at_other_host(gamma, "a function of the library changed")
    local_talk(user, gamma, "a function of the library changed")
    other_library("record", ["xmpp", "rfc6120", "xmpp_codec"])
    started = again()
    print("a record of the library changed, ejabberd not built for it: server", "starts" if started else "does not start", state() if started else "")
    if started:
        try:
            user, gamma = users()
            base_alone(user, None, "a record of the library changed")
        except Exception as error:
            print("users:", error)
    other_library("", [])
    expect("the library as it was: the server starts", again(), True)
    expect("the library as it was", state().get("federation"), "open")
    return process


def look_at_removal(process, partners):
    settings(partners, module=False)
    reload()
    print("removed:", ctl("module_uninstall", "mod_edgewright", good=False).strip() or "without a word")
    expect("no beam is left", beams(), [])
    user, gamma = User(), User(host="gamma.example")
    base_alone(user, None, "removed")
    halt(process)
    process = boot()
    expect("the server starts without it", process.poll(), None)
    return process


PLAYED = []


def main():
    began = time.time()
    set_up_the_box()
    certificates()
    own_part()
    serve_names()
    process = boot()
    for host in ["beta.example", "gamma.example"]:
        ctl("register", "u", host, "secret")
    put_module()
    said = ctl("module_install", "mod_edgewright")
    print("installed:", said.strip().splitlines()[-1] if said.strip() else "without a word")
    partners = all_partners()
    settings(partners)
    reload()
    now = state()
    print("state:", now)
    expect("what is in force", now, {"interface": "1", "federation": "open", "partners": str(len(partners)), "refuse-unlisted": "true", "policy": digest(partners), "dialback": "true"})
    peers, user, gamma = Peers(), User(), User(host="gamma.example")
    PLAYED.append(peers)

    def passed(what):
        print(f"{what} after {time.time() - began:.1f} s", flush=True)

    passed("ready")
    look_at_rows(user, peers)
    passed("rows")
    look_at_more(user, peers)
    look_at_other_host(gamma, "while open")
    look_at_types(user, peers)
    look_at_rooms(user, peers)
    passed("types")
    look_at_unlisted(user, peers, True)
    settings(partners, refuse=False)
    reload()
    expect("what is in force then", state()["policy"], digest(partners, False))
    look_at_unlisted(user, peers, False)
    settings(partners)
    reload()
    passed("unlisted")
    look_at_streams(user, gamma, peers, partners)
    look_at_labels(user, partners)
    passed("streams")
    look_at_upgrade(user, gamma, partners)
    passed("upgrade")
    look_at_closed(user, gamma, peers, partners)
    passed("closed")
    if LONG:
        look_at_failing_hooks(user, gamma, peers)
        upgrade()
        expect("after all the errors", state()["federation"], "open")
        passed("failing hooks")
        process = look_at_boots(process, partners)
        passed("boots")
        process = look_at_removal(process, partners)
        passed("removal")
    halt(process)
    end()
    print(f"{len(wrong)} wrong, {time.time() - began:.1f} s")
    os._exit(1 if wrong else 0)


main()
