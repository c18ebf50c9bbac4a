"""Edgewright's module in a real Prosody, against peers that offer exactly one way each.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 policy.py ASSETS FOLDER

ASSETS is the folder with mod_edgewright_1.lua and ask.lua. In namespaces of its own: the configuration of Debian's
Prosody is copied and mounted over, its main file gets one line as its last one, Knot answers for every domain below
`example`.
Every claim is proved by stanzas that
arrive or do not. Ends with 1 where something is not as it should be.
"""

import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import uuid
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from xmpp import DIALBACK, NS_SASL, NS_TLS, SASL, TLS, Client, Closed, Stream, context

ASSETS, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
CA = FOLDER / "ca"
NAMES, SERVER, EJABBERD, PEER = "192.0.2.53", "127.0.0.2", "127.0.0.3", "127.0.0.20"
PATIENCE = 20
S, D, P = "sasl-over-tls", "tls-dialback", "tcp-dialback"
running = []
failures = []

IDN, IDN_PARTNER, IDN_UNICODE = "xn--mnchen-3ya.example", "xn--bcher-kva.example", "bücher.example"
REQUIREMENTS = ["required", "optional", "not-supported"]
# In the order of the 18 rows: SASL, then TLS, then dialback.
ROWS = {
    f"r{number:02}.example": {"type": "federated", "tls": tls, "sasl": sasl, "dialback": dialback}
    for number, (sasl, tls, dialback) in enumerate(product(REQUIREMENTS, REQUIREMENTS, [True, False]), 1)
}
STRICT = {"tls": "required", "sasl": "required", "dialback": False}
TYPES = {
    "fed.example": {"type": "federated", **STRICT},
    "pubv.example": {"type": "public-verified", **STRICT},
    "pubu.example": {"type": "public-unverified", **STRICT},
    IDN_PARTNER: {"type": "federated", **STRICT},
    "beta.example": {"type": "federated", **STRICT},
}
PARTNERS = ROWS | TYPES


def allowed(entry):
    tls, sasl, dialback = entry["tls"], entry["sasl"], entry["dialback"]
    ways = set()
    if tls != "not-supported" and sasl != "not-supported":
        ways.add(S)
    if dialback and tls != "not-supported" and sasl != "required":
        ways.add(D)
    if dialback and tls != "required" and sasl != "required":
        ways.add(P)
    return ways


# The box -------------------------------------------------------------------------------------------------------------


def run(command, cwd=None, **more):
    done = subprocess.run(command, shell=isinstance(command, str), cwd=cwd, capture_output=True, text=True, **more)
    if done.returncode:
        give_up(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def log_text():
    log = Path("/var/log/prosody/prosody.log")
    return log.read_text(errors="replace") if log.exists() else ""


def give_up(why):
    print(f"FAILED: {why}\n--- the end of prosody.log\n{log_text()[-6000:]}")
    end()
    sys.exit(1)


def check(what, holds, seen=""):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what} {seen}")


def end():
    for process in reversed(running):
        stop(process)


def stop(process, how=signal.SIGTERM):
    process.send_signal(how)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(what, holds, patience=PATIENCE):
    limit = time.time() + patience
    while time.time() < limit:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    return give_up(f"still not so: {what}")


def mount_over(place, owner=None):
    copy = FOLDER / "over" / place.strip("/").replace("/", "-")
    copy.parent.mkdir(exist_ok=True)
    if Path(place).exists():
        run(["cp", "-a", place, str(copy)])
    else:
        copy.mkdir()
        Path(place).mkdir(parents=True)
    run(["mount", "--bind", str(copy), place])
    if owner:
        run(["chown", owner, place])


def set_up_the_box():
    run(["mount", "--make-rprivate", "/"])
    run(["ip", "link", "set", "lo", "up"])
    for place in ["/etc/prosody", "/etc/ejabberd", "/etc/ssl/certs", "/var/lib/prosody", "/var/lib/ejabberd"]:
        mount_over(place)
    for place in ["/var/log/prosody", "/run/prosody", "/var/log/ejabberd", "/run/ejabberd"]:
        mount_over(place, f"{Path(place).name}:")
    mount_over("/usr/local/lib/prosody", "root:")
    for log in [*Path("/var/log/prosody").iterdir(), *Path("/var/log/ejabberd").iterdir()]:
        log.unlink()
    run(["ip", "address", "add", NAMES, "dev", "lo"])
    resolver = FOLDER / "resolv.conf"
    resolver.write_text(f"nameserver {NAMES}\n")
    run(["mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf")])


NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"


def found_authority():
    CA.mkdir()
    for name in ["root", "other-root"]:
        run(
            f"openssl req -x509 {NEW_KEY} -keyout {name}.key -out {name}.pem -days 3650 -subj '/CN={name}' "
            "-addext basicConstraints=critical,CA:TRUE",
            cwd=CA,
        )
    root = (CA / "root.pem").read_text()
    link = run("openssl x509 -hash -noout -in root.pem", cwd=CA).strip()
    Path(f"/etc/ssl/certs/{link}.0").write_text(root)
    with open("/etc/ssl/certs/ca-certificates.crt", "a") as bundle:
        bundle.write(root)
    issue("good", "root", list(PARTNERS) + ["stranger.example"])
    issue("bad", "other-root", list(PARTNERS) + ["stranger.example"])
    issue("own", "root", ["alpha.example", "conference.alpha.example", IDN])
    issue("other", "root", ["other.example"])


def issue(name, issuer, domains):
    names = ",".join(f"DNS:{domain}" for domain in domains)
    (CA / f"{name}.ext").write_text(f"subjectAltName={names}\n")
    run(
        f"openssl req {NEW_KEY} -keyout {name}.key -out {name}.req -subj '/CN={name}' "
        f"&& openssl x509 -req -in {name}.req -CA {issuer}.pem -CAkey {issuer}.key -days 90 -extfile {name}.ext "
        f"-out {name}.crt",
        cwd=CA,
    )


def install_pair(name, folder, certificate, key):
    folder.mkdir(parents=True, exist_ok=True)
    for source, target in [(f"{name}.crt", certificate), (f"{name}.key", key)]:
        (folder / target).write_text((CA / source).read_text())
    run(f"chown -R --reference={MAIN} {folder} && chmod 640 {folder / key}")


def start(name, command):
    log = open(FOLDER / f"{name}.out", "ab")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    running.append(process)
    return process


def serve_names():
    """Every domain is the peer's, but the server's own."""
    zones = FOLDER / "zones"
    zones.mkdir()
    (zones / "example.zone").write_text(
        f"$ORIGIN example.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {NAMES}\n* A {PEER}\n"
        f"alpha A {SERVER}\nconference.alpha A {SERVER}\nbeta A {EJABBERD}\n"
    )
    (zones / "knot.conf").write_text(
        f"server:\n  listen: {NAMES}@53\n  rundir: {zones}\ndatabase:\n  storage: {zones}\n"
        f"zone:\n  - domain: example\n    file: {zones}/example.zone\n"
    )
    start("knot", ["knotd", "-c", str(zones / "knot.conf")])


# Prosody -------------------------------------------------------------------------------------------------------------

MODULE = Path("/usr/local/lib/prosody/modules/mod_edgewright_1.lua")
SETTINGS = Path("/etc/prosody/edgewright.cfg.lua")
MAIN = Path("/etc/prosody/prosody.cfg.lua")
STRICT_LINE = "\ns2s_secure_auth = true\n"
LAX = "\ns2s_require_encryption = false\ns2s_secure_auth = false\n"
PERSON = """VirtualHost "alpha.example"
    modules_enabled = { "lastactivity" }
    modules_disabled = { "uptime" }
Component "conference.alpha.example" "muc"
    modules_enabled = { "muc_mam" }
    restrict_room_creation = false
Component "upload.other.example" "http_file_share"
VirtualHost "%s"
VirtualHost "other.example"
""" % IDN


def settings(partners, refuse_unlisted=True, interface=1):
    entries = "".join(
        f'    ["{domain}"] = {{ type = "{e["type"]}", tls = "{e["tls"]}", sasl = "{e["sasl"]}", '
        f'dialback = {str(e["dialback"]).lower()} }};\n'
        for domain, e in partners.items()
    )
    text = f"local partners = {{\n{entries}}};\n"
    for section, modules in [
        ('VirtualHost "alpha.example"', '"lastactivity", "edgewright_1"'),
        ('Component "conference.alpha.example" "muc"', '"muc_mam", "edgewright_1"'),
        (f'VirtualHost "{IDN}"', '"edgewright_1"'),
    ]:
        disabled = '"uptime", "s2s"' if "alpha" in section and "muc" not in section else '"s2s"'
        text += f"""{section}
    modules_enabled = {{ {modules} }}
    modules_disabled = {{ {disabled} }}
    s2s_require_encryption = true
    s2s_secure_auth = true
    edgewright_api = {interface}
    edgewright_refuse_unlisted = {str(refuse_unlisted).lower()}
    edgewright_partners = partners
    ssl = {{
        certificate = "/etc/prosody/edgewright/current/fullchain.pem";
        key = "/etc/prosody/edgewright/current/privkey.pem";
    }}
"""
    return text


def write_for_prosody(path, text):
    Path(path).write_text(text)
    run(["chown", "root:prosody", str(path)])
    run(["chmod", "640", str(path)])


def install():
    # Prosody's own administrator said where it listens; the last line is ours.
    MAIN.write_text(f'interfaces = {{ "{SERVER}" }}\n{MAIN.read_text()}\nInclude "{SETTINGS}"\n')
    write_for_prosody("/etc/prosody/conf.d/own.cfg.lua", PERSON)
    write_for_prosody(SETTINGS, settings(PARTNERS))
    MODULE.parent.mkdir(exist_ok=True)
    MODULE.write_text((ASSETS / "mod_edgewright_1.lua").read_text())
    install_pair("own", Path("/etc/prosody/edgewright/current"), "fullchain.pem", "privkey.pem")
    for name, host in [("other", "other.example"), ("own", "alpha.example")]:
        install_pair(name, Path("/etc/prosody/certs"), f"{host}.crt", f"{host}.key")


def start_ejabberd():
    main = Path("/etc/ejabberd/ejabberd.yml")
    pem = main.with_name("beta.pem")
    pem.write_text((CA / "good.crt").read_text() + (CA / "good.key").read_text())
    run(["chown", "root:ejabberd", str(pem)])
    text = main.read_text().replace('ip: "::"', f'ip: "{EJABBERD}"')
    text = text.replace("  - localhost\n", "  - localhost\n  - beta.example\n", 1)
    text = text.replace("s2s_use_starttls: required", "s2s_use_starttls: optional")
    text = text.replace("certfiles:\n", f'certfiles:\n  - "{pem}"\n', 1)
    main.write_text(f'{text}\nca_file: "{CA}/root.pem"\n')
    start("ejabberd", ["ejabberdctl", "foreground"])


class Prosody:
    process = None

    def start(self):
        user = ["setpriv", "--reuid=prosody", "--regid=prosody", "--init-groups"]
        self.process = start("prosody", [*user, "prosody", "-F"])
        until("Prosody answers", lambda: listens(5269) and "OK" in shell("host:list()", dare=True))

    def stop(self):
        # It would wait for its streams to be closed by the other side.
        stop(self.process, signal.SIGKILL)
        running.remove(self.process)

    def restart(self):
        self.stop()
        self.start()


def shell(line, dare=False):
    done = subprocess.run(["prosodyctl", "shell", line], capture_output=True, text=True, timeout=30)
    if done.returncode and not dare:
        give_up(f"{line}: {done.returncode} {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def ask(function, host="alpha.example"):
    said = shell(f"> prosody.hosts['{host}'].modules.edgewright_1.module.{function}()", dare=True)
    found = [line.split("Result: ", 1)[1] for line in said.splitlines() if "Result: " in line]
    return json.loads(found[0]) if found else None


def reload():
    run(["prosodyctl", "reload"])


def change_settings(*arguments, **more):
    write_for_prosody(SETTINGS, settings(*arguments, **more))
    reload()
    time.sleep(0.3)


def close_streams():
    for host in ["alpha.example", "conference.alpha.example", IDN, "other.example"]:
        shell(f"s2s:closeall('{host}')", dare=True)


def listens(port):
    try:
        socket.create_connection((SERVER, port), 1).close()
    except OSError:
        return False
    return True


# XML streams ---------------------------------------------------------------------------------------------------------


def context_of(side, name):
    return context(side, CA / f"{name}.crt", CA / f"{name}.key")


def server_header(from_, to, id="", version="1.0"):
    return (
        "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
        f"xmlns:db='jabber:server:dialback' from='{from_}' to='{to}'{id and f' id={id!r}'}"
        f"{version and f' version={version!r}'}>"
    )


# The peer that is dialled --------------------------------------------------------------------------------------------


class Listener:
    """All partners in one. What it offers is its `way`; `stanzas` is what came, by domain."""

    def __init__(self):
        self.way, self.stanzas, self.keys = S, [], []
        self.version, self.certificate, self.takes_external = "1.0", None, True
        self.socket = socket.create_server((PEER, 5269))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=[Stream(connection), self.way], daemon=True).start()

    def serve(self, stream, way):
        try:
            ended_up = None
            to, from_ = self.greet(stream, way, ended_up)
            while True:
                element = stream.read(120)
                if element.tag == TLS + "starttls":
                    if way == P:
                        stream.send(f"<failure xmlns='{NS_TLS}'/></stream:stream>")
                        return stream.close()
                    stream.send(f"<proceed xmlns='{NS_TLS}'/>")
                    certificate = self.certificate or ("good" if way == S else "bad")
                    stream.wrap(context_of(ssl.PROTOCOL_TLS_SERVER, certificate), server_side=True)
                    self.greet(stream, way, ended_up)
                elif element.tag == SASL + "auth" and not self.takes_external:
                    stream.send(f"<failure xmlns='{NS_SASL}'><not-authorized/></failure>")
                elif element.tag == SASL + "auth":
                    stream.send(f"<success xmlns='{NS_SASL}'/>")
                    ended_up = S
                    stream.restart()
                    self.greet(stream, way, ended_up)
                elif element.tag == DIALBACK + "result":
                    self.keys.append(to)
                    here_way = D if stream.secure else P
                    valid = "valid" if way == here_way or not self.takes_external and stream.secure else "invalid"
                    ended_up = ended_up or here_way
                    stream.send(f"<db:result from='{to}' to='{from_}' type='{valid}'/>")
                elif element.tag == DIALBACK + "verify":
                    self.stanzas.append((to, D if stream.secure else P, element))
                    stream.send(f"<db:verify from='{to}' to='{from_}' id='{element.get('id')}' type='valid'/>")
                else:
                    self.stanzas.append((to, ended_up, element))
        except Closed:
            stream.close()

    def greet(self, stream, way, ended_up):
        header = stream.read()
        stream.send(server_header(header.get("to"), header.get("from"), uuid.uuid4().hex, self.version))
        features = ""
        if not stream.secure and way != P:
            features = f"<starttls xmlns='{NS_TLS}'><required/></starttls>"
        elif way == S and not ended_up:
            features = f"<mechanisms xmlns='{NS_SASL}'><mechanism>EXTERNAL</mechanism></mechanisms>"
        elif way != S:
            features = "<dialback xmlns='urn:xmpp:features:dialback'/>"
        if self.version:
            stream.send(f"<stream:features>{features}</stream:features>")
        return header.get("to"), header.get("from")

    def came(self, holds):
        return [(domain, way, stanza) for domain, way, stanza in list(self.stanzas) if holds(domain, stanza)]

    def words(self, word):
        found = self.came(lambda _, stanza: word in xml.tostring(stanza, "unicode"))
        return {(domain, way) for domain, way, _ in found}


# The peer that dials -------------------------------------------------------------------------------------------------


class Dialler:
    """A stream to the server as `domain`. It tries its way even where that is not offered."""

    def __init__(self, domain, host, way, certificate=None, version="1.0", patience=8):
        self.domain, self.host, self.version = domain, host, version
        self.stream = Stream(socket.create_connection((SERVER, 5269), 5), patience)
        self.authenticated, self.why = False, ""
        try:
            self.negotiate(way, certificate or ("good" if way == S else "bad"))
        except Closed as closed:
            self.why = str(closed)

    def open(self):
        self.stream.send(server_header(self.domain, self.host, version=self.version))
        header = self.stream.read()
        self.features = self.stream.read() if header.get("version") and self.version else None
        return self.features

    def negotiate(self, way, certificate):
        self.open()
        if way != P:
            self.stream.send(f"<starttls xmlns='{NS_TLS}'/>")
            if self.stream.read().tag != TLS + "proceed":
                raise Closed("no TLS")
            self.stream.wrap(context_of(ssl.PROTOCOL_TLS_CLIENT, certificate), server_hostname=self.host)
            self.open()
        self.authenticate(way)

    def authenticate(self, way):
        if way == S:
            self.stream.send(f"<auth xmlns='{NS_SASL}' mechanism='EXTERNAL'>=</auth>")
            self.authenticated = self.stream.read().tag == SASL + "success"
            if self.authenticated:
                self.stream.restart()
                self.open()
        else:
            self.authenticated = self.dialback(self.host) == "valid"

    def second_dialback(self, host):
        try:
            return self.dialback(host)
        except Closed as closed:
            return str(closed)

    def dialback(self, host):
        self.stream.send(f"<db:result from='{self.domain}' to='{host}'>key</db:result>")
        while True:
            element = self.stream.read()
            if element.tag == DIALBACK + "result":
                return element.get("type")

    def send(self, text):
        try:
            self.stream.send(text)
        except Closed as closed:
            self.why = self.why or str(closed)

    def say(self, word, to="u@alpha.example", user="a"):
        self.send(f"<message from='{user}@{self.domain}' to='{to}' type='chat'><body>{word}</body></message>")

    def is_open(self):
        """After what was sent last was handled."""
        try:
            self.stream.send(f"<db:verify from='{self.domain}' to='other.example' id='x'>no</db:verify>")
            while True:
                if self.stream.read(2).tag == DIALBACK + "verify":
                    return True
        except Closed as closed:
            self.why = str(closed)
            return False


# What is shown -------------------------------------------------------------------------------------------------------


def token():
    return uuid.uuid4().hex[:12]


def matrix(client, listener, title):
    """Each row, each way, in both directions: what arrives is what the row allows."""
    right = 0
    for way in [S, D, P]:
        close_streams()
        listener.way = way
        words = {domain: (token(), token()) for domain in ROWS}
        for domain, (_, outward) in words.items():
            client.say(outward, f"x@{domain}")
        with ThreadPoolExecutor(6) as pool:
            dialled = dict(zip(ROWS, pool.map(lambda domain: Dialler(domain, "alpha.example", way), ROWS)))
        for domain, (inward, _) in words.items():
            dialled[domain].say(inward)
        outcome = lambda outward: listener.words(outward) or client.errors(outward)
        until("each stanza has an outcome", lambda: all(outcome(outward) for _, outward in words.values()))
        expected = [domain for domain, entry in ROWS.items() if way in allowed(entry)]
        settled = lambda: all(client.heard(words[domain][0]) for domain in expected)
        limit = time.time() + 5
        while not settled() and time.time() < limit:
            time.sleep(0.05)
        time.sleep(0.5)
        for domain, (inward, outward) in words.items():
            may = domain in expected
            right_in = client.heard(inward) == may
            right_out = listener.words(outward) == ({(domain, way)} if may else set())
            check(f"{title}: {domain} {way} inbound {may}", right_in, f"{ROWS[domain]} {dialled[domain].why}")
            check(f"{title}: {domain} {way} outbound {may}", right_out, f"{client.errors(outward)}")
            right += right_in + right_out
            dialled[domain].stream.close()
    print(f"matrix, {title}: {right} of {18 * 3 * 2}")


def row(tls, sasl, dialback):
    wanted = {"type": "federated", "tls": tls, "sasl": sasl, "dialback": dialback}
    return next(domain for domain, entry in ROWS.items() if entry == wanted)


def what_is_asked(settings_in_force, refuse_unlisted):
    """`state` tells the policy that is in force, by the text that is documented."""
    fields = lambda e: f"{e['type']} {e['tls']} {e['sasl']} {str(e['dialback']).lower()}"
    lines = sorted(f"{domain} {fields(entry)}\n" for domain, entry in settings_in_force.items())
    text = f"refuse-unlisted {str(refuse_unlisted).lower()}\n" + "".join(lines)
    state = ask("state")
    wanted = {
        "interface": 1,
        "partners": len(settings_in_force),
        "refuse_unlisted": refuse_unlisted,
        "policy": hashlib.sha256(text.encode()).hexdigest(),
        "s2s": True,
        "problem": None,
    }
    check("the state is what the settings say", state == wanted, f"{state} {wanted}")


def types(client, listener):
    """Who may write, subscribe and see the note; and rooms."""
    close_streams()
    listener.way = S
    note, results = token(), {}
    client.send(f"<presence><status>{note}</status></presence>")
    streams = {}
    for domain in ["fed.example", "pubv.example", "pubu.example", "stranger.example"]:
        dialler = streams[domain] = Dialler(domain, "alpha.example", S)
        word = token()
        dialler.say(word)
        dialler.send(f"<presence from='a@{domain}' to='u@alpha.example' type='subscribe'/>")
        results[domain] = word
        check(f"{domain} is let in", dialler.authenticated == (domain != "stranger.example"), dialler.why)
    answered = lambda domain: {
        stanza.get("type") or "available"
        for _, _, stanza in listener.came(lambda d, stanza: d == domain and stanza.tag.endswith("}presence"))
    }
    until("a subscription is answered", lambda: all(answered(domain) for domain in list(results)[:3]))
    time.sleep(0.5)
    heard = {domain: client.heard(word) for domain, word in results.items()}
    noted = {domain for domain, _ in listener.words(note)}
    check("strangers of verified partners are heard", heard == {
        "fed.example": True, "pubv.example": True, "pubu.example": False, "stranger.example": False}, heard)
    check("no consent is needed of verified ones", [answered(d) for d in list(results)[:3]] == [
        {"subscribed", "available"}, {"subscribed", "available"}, {"unsubscribed"}], [answered(d) for d in results])
    check("the note is for federated partners alone", noted == {"fed.example"}, noted)

    def answer(domain, to):
        identity = token()
        streams[domain].send(f"<iq type='get' id='{identity}' from='a@{domain}/x' to='{to}'><ping xmlns='urn:xmpp:ping'/></iq>")
        came = lambda: listener.came(lambda d, stanza: d == domain and stanza.get("id") == identity)
        return until(f"{domain} is answered for {to}", came)[0][2].get("type")

    asked = {domain: [answer(domain, to) for to in ["u@alpha.example", "alpha.example"]] for domain in list(results)[:3]}
    check("strangers of verified partners may ask about a user, all may ask the host", asked == {
        "fed.example": ["result", "result"], "pubv.example": ["result", "result"], "pubu.example": ["error", "result"]}, asked)
    word = token()
    streams["pubu.example"].send(f"<message type='result' from='a@pubu.example/x' to='u@alpha.example'><body>{word}</body></message>")
    check("a message is no answer, whatever it is called", answer("pubu.example", "alpha.example") and not client.heard(word))

    client.send("<iq type='set' id='add'><query xmlns='jabber:iq:roster'><item jid='a@pubu.example'/></query></iq>")
    time.sleep(0.2)
    word, other = token(), token()
    streams["pubu.example"].say(word)
    streams["pubu.example"].say(other, user="b")
    until("a contact of an unverified partner is heard", lambda: client.heard(word))
    check("and may ask", answer("pubu.example", "u@alpha.example") == "result")
    check("nobody else of it is", not client.heard(other))

    word = token()
    client.say(word, "x@stranger.example")
    until("a message to an unlisted domain fails", lambda: client.errors(word))
    check("as not allowed", "not-allowed" in client.errors(word), client.errors(word))
    print("types: as in the table")


def rooms(client, listener):
    """A partner's user in a room here: by EXTERNAL for the component's own domain, both ways."""
    listener.way = S
    room, join = "r@conference.alpha.example", "<x xmlns='http://jabber.org/protocol/muc'/>"
    client.send(f"<presence to='{room}/own'>{join}</presence>")
    # A new room is locked until its owner has said how it shall be.
    owner = "http://jabber.org/protocol/muc#owner"
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    client.send(f"<iq type='set' id='o' to='{room}'><query xmlns='{owner}'>{form}</query></iq>")
    time.sleep(0.3)
    dialler = Dialler("pubu.example", "conference.alpha.example", S)
    dialler.send(f"<presence from='a@pubu.example/x' to='{room}/guest'>{join}</presence>")
    inside_now = lambda: listener.came(
        lambda d, stanza: (d, stanza.get("from"), stanza.get("type")) == ("pubu.example", f"{room}/guest", None)
    )
    until("the guest is in the room", inside_now)
    word, answer = token(), token()
    dialler.send(f"<message from='a@pubu.example/x' to='{room}' type='groupchat'><body>{word}</body></message>")
    until("the guest is heard in the room", lambda: client.heard(word))
    client.send(f"<message to='{room}' type='groupchat'><body>{answer}</body></message>")
    until("and hears", lambda: ("pubu.example", S) in listener.words(answer))
    wrong = Dialler("pubu.example", "conference.alpha.example", S, certificate="bad")
    check("not without a valid certificate", not wrong.authenticated)
    print("rooms: in and out by", S, [s["way"] for s in ask("streams", "conference.alpha.example")])


def real_ejabberd(client):
    """A real server of another make, in each of the three ways."""
    until("ejabberd runs", lambda: "beta.example" in subprocess.run(
        ["ejabberdctl", "registered_vhosts"], capture_output=True, text=True).stdout)
    ended_up = {}
    for way, entry in [
        (P, {"tls": "not-supported", "sasl": "not-supported", "dialback": True}),
        (D, {"tls": "required", "sasl": "not-supported", "dialback": True}),
        (S, STRICT),
    ]:
        change_settings(PARTNERS | {"beta.example": {"type": "federated", **entry}})
        ask("close_outdated")
        inward, outward = token(), token()
        run(["ejabberdctl", "send_message", "chat", "u@beta.example", "u@alpha.example", "", inward])
        client.send(f"<iq type='get' id='{outward}' to='beta.example'><ping xmlns='urn:xmpp:ping'/></iq>")
        until(f"ejabberd's user is heard by {way}", lambda: client.heard(inward))
        until(f"ejabberd answers by {way}", lambda: any(
            (stanza.get("id"), stanza.get("type")) == (outward, "result") for stanza in list(client.stanzas)))
        ended_up[way] = sorted((s["direction"], s["way"]) for s in ask("streams") if s["domain"] == "beta.example")
        check(f"ejabberd: {way} alone", ended_up[way] == [("incoming", way), ("outgoing", way)], ended_up[way])
    room = "r@conference.alpha.example"
    join = f"<presence from='u@beta.example/x' to='{room}/beta'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
    run(["ejabberdctl", "send_stanza", "u@beta.example/x", f"{room}/beta", join])
    senders = lambda: [stanza.get("from") for stanza in list(client.stanzas)]
    until("ejabberd's user is in the room", lambda: f"{room}/beta" in senders())
    ways = {s["way"] for s in ask("streams", "conference.alpha.example") if s["domain"] == "beta.example"}
    check("by certificate", ways == {S}, ways)
    print("ejabberd:", ended_up)


def names(listener):
    """Names beyond ASCII: a host of ours in A-labels, a partner in either spelling."""
    listener.way = S
    user = Client(IDN, SERVER)
    for spelling in [IDN_PARTNER, IDN_UNICODE]:
        word = token()
        dialler = Dialler(spelling, IDN, S)
        dialler.say(word, to=f"u@{IDN}")
        until(f"{spelling} is heard by {IDN} ({dialler.why})", lambda: user.heard(word))
        answer = token()
        user.say(answer, f"a@{spelling}")
        until(f"{spelling} hears", lambda: (spelling, S) in listener.words(answer))
    print("names: in both spellings")


def other_host(lax):
    """Somebody else's host of this server: what it takes is as before."""
    passed = {S: Dialler("fed.example", "other.example", S).authenticated}
    for way in [D, P]:
        # What is refused may be left without an answer.
        passed[way] = Dialler("unknown.example", "other.example", way, patience=8 if lax else 1).authenticated
    return passed == {S: True, D: lax, P: lax}, passed


def around_the_corner(client, listener):
    """Over a stream that another host of this server took under laxer rules."""
    close_streams()
    listener.way = P
    domain = row("required", "required", False)
    other = Client("other.example", SERVER)
    dialler = Dialler(domain, "other.example", P)
    check("the other host takes it", dialler.authenticated, dialler.why)
    hidden, open_ = token(), token()
    dialler.say(hidden)
    dialler.say(open_, to="u@other.example")
    until("the other host's user is heard", lambda: other.heard(open_))
    check("not for our host", not client.heard(hidden))
    said = dialler.second_dialback("alpha.example")
    check("nor by a second dialback", said == "error", said)
    check("and the stream stays the other host's", dialler.is_open(), dialler.why)
    # The stream is opened to our host, and dialback asked of the other one.
    tricky = Dialler(domain, "alpha.example", P)
    check("clear text to our host is refused", not tricky.authenticated)
    stream = Dialler(row("optional", "not-supported", True), "alpha.example", P)
    stream.domain = domain
    said = stream.second_dialback("other.example")
    hidden = token()
    stream.say(hidden)
    time.sleep(0.3)
    check("nor is a domain that another host took on a stream of ours", not client.heard(hidden), said)
    print("around the corner: nothing")


def legacy(client, listener):
    """A peer of before XMPP 1.0 has dialback in clear text alone."""
    close_streams()
    listener.way, listener.version = P, ""
    results = {}
    for domain, may in [(row("optional", "optional", True), True), (row("required", "required", False), False)]:
        word, answer = token(), token()
        client.say(answer, f"x@{domain}")
        dialler = Dialler(domain, "alpha.example", P, version="")
        dialler.say(word)
        until("the stanza has an outcome", lambda: listener.words(answer) or client.errors(answer))
        time.sleep(0.5)
        results[domain] = (client.heard(word), bool(listener.words(answer)))
        check(f"legacy: {domain} {may}", results[domain] == (may, may), f"{results} {dialler.why}")
    listener.version = "1.0"
    print("legacy: as the row says", list(results.values()))


def second_best(client, listener, title):
    """A partner whose certificate is not valid, and one that takes ours for not valid."""
    listener.way = S
    both, strict = row("required", "optional", True), row("required", "required", False)
    for certificate, takes_external, domain, arrives in [
        ("bad", True, strict, set()),
        ("bad", True, both, set()),
        ("good", False, strict, set()),
        ("good", False, both, {(both, D)}),
    ]:
        close_streams()
        listener.certificate, listener.takes_external = certificate, takes_external
        word = token()
        client.say(word, f"x@{domain}")
        until("the stanza has an outcome", lambda: listener.words(word) or client.errors(word))
        seen = listener.words(word)
        check(f"{title}: {domain}, certificate {certificate}, takes ours {takes_external}", seen == arrives, seen)
    listener.certificate, listener.takes_external = None, True
    print("second best: dialback where it is allowed")


def change(client, listener):
    """A stream of an older policy carries nothing more, is listed, and can be closed."""
    close_streams()
    listener.way = D
    domain = row("optional", "optional", True)
    dialler, word = Dialler(domain, "alpha.example", D), token()
    dialler.say(word)
    until(f"dialback is fine at first ({dialler.why})", lambda: client.heard(word))
    answer = token()
    client.say(answer, f"x@{domain}")
    until("both ways", lambda: listener.words(answer))
    check("nothing is outdated", ask("outdated") == [], ask("outdated"))

    change_settings(PARTNERS | {domain: {"type": "federated", **STRICT}})
    outdated = ask("outdated")
    seen = sorted((s["direction"], s["domain"], s["way"], s["allowed"]) for s in outdated)
    check("both are listed", seen == [("incoming", domain, D, False), ("outgoing", domain, D, False)], outdated)
    late = token()
    client.say(late, f"x@{domain}")
    until("a stanza over it fails", lambda: client.errors(late))
    inbound = token()
    dialler.say(inbound)
    time.sleep(0.3)
    check("and none comes in over it", not client.heard(inbound))

    change_settings(PARTNERS)
    dialler = Dialler(domain, "alpha.example", D)
    change_settings(PARTNERS | {domain: {"type": "federated", **STRICT}})
    closed = ask("close_outdated")
    check("what is listed is closed", len(closed) >= 1 and ask("outdated") == [], closed)
    check("the peer sees it", not dialler.is_open())

    write_for_prosody(SETTINGS, settings(PARTNERS).replace('"federated"', '"friend"', 1))
    reload()
    time.sleep(0.3)
    state = ask("state")
    check("a word it does not know leaves the old settings in force", "friend" in (state["problem"] or ""), state)
    change_settings(PARTNERS, refuse_unlisted=False)
    what_is_asked(PARTNERS, False)
    listener.way = S
    results = [Dialler("stranger.example", "alpha.example", way).authenticated for way in [S, D, P]]
    check("strict stock Prosody takes an unlisted domain by certificate", results == [True, False, False], results)
    change_settings(PARTNERS)
    print("change: outdated streams are dead, listed, closed")


def nothing_passes(client, listener, state):
    for way, domain in [
        (S, "fed.example"),
        (D, row("required", "not-supported", True)),
        (P, row("not-supported", "not-supported", True)),
    ]:
        listener.way = way
        word, answer = token(), token()
        if client:
            client.say(answer, f"x@{domain}")
        dialler = Dialler(domain, "alpha.example", way, patience=1)
        dialler.say(word)
        check(f"{state}: nothing comes in by {way}", not dialler.authenticated)
        time.sleep(0.1)
        check(f"{state}: nothing goes out by {way}", not listener.words(answer))
        check(f"{state}: nothing is heard by {way}", not (client and client.heard(word)))
        dialler.stream.close()
    listener.way = S
    fine, seen = other_host(False)
    check(f"{state}: the other host is as before", fine, seen)


def closed(listener, prosody):
    """Whatever is wrong with the module, its host has no federation, and the other host has."""
    good = MODULE.read_text()
    failing = lambda function: good.replace(function, f'{function}error("broken")\n')
    broken = {
        "absent": lambda: MODULE.unlink(),
        "empty": lambda: MODULE.write_text(""),
        "truncated": lambda: MODULE.write_text(good[: len(good) // 2]),
        "unreadable": lambda: MODULE.chmod(0o600),
        "another interface": lambda: write_for_prosody(SETTINGS, settings(PARTNERS, interface=2)),
        "unknown word": lambda: write_for_prosody(SETTINGS, settings(PARTNERS).replace('"federated"', '"friend"', 1)),
        "an error while loading": lambda: MODULE.write_text(good + 'error("broken")\n'),
        "an error at its end": lambda: MODULE.write_text(failing("function module.load()\n")),
        "an error in every hook": lambda: MODULE.write_text(failing("local function partner(domain)\n")),
    }
    for state, break_it in broken.items():
        prosody.stop()
        break_it()
        prosody.start()
        nothing_passes(Client("alpha.example", SERVER), listener, state)
        MODULE.write_text(good)
        MODULE.chmod(0o644)
        write_for_prosody(SETTINGS, settings(PARTNERS))
    prosody.restart()
    print("closed:", ", ".join(broken))


def without_certificate(listener, prosody):
    """Stock Prosody goes on in clear text where it cannot use its certificate."""
    key = Path("/etc/prosody/edgewright/current/privkey.pem")
    prosody.stop()
    key.chmod(0o600)
    run(["chown", "root:root", str(key)])
    prosody.start()
    listener.keys.clear()
    for version in ["1.0", ""]:
        listener.way, listener.version = P, version
        for domain in [row("required", "optional", True), row("not-supported", "not-supported", True)]:
            shell(f"xmpp:ping('alpha.example', '{domain}', 2)", dare=True)
        close_streams()
    wanted = [row("not-supported", "not-supported", True)] * 2
    check("without a certificate, no key in clear text but where it may be", listener.keys == wanted, listener.keys)
    listener.version = "1.0"
    refused = Dialler("fed.example", "alpha.example", S, patience=2)
    check("nor does a stream come in", not refused.authenticated)
    run(f"chown --reference={key.with_name('fullchain.pem')} {key} && chmod 640 {key}")
    prosody.restart()
    print("without a certificate: no key in clear text")


def while_it_runs(listener):
    """Unloaded, reloaded, undone: the port stays open for others all the while."""
    good = MODULE.read_text()
    client = Client("alpha.example", SERVER)
    works = lambda: Dialler("fed.example", "alpha.example", S).authenticated
    listener.way = S
    check("it works at first", works())
    shell("module:reload('edgewright_1', 'alpha.example')")
    check("it works after a reload", works() and ask("state")["s2s"])

    MODULE.write_text("this is not Lua")
    shell("module:reload('edgewright_1', 'alpha.example')", dare=True)
    check("what cannot be read is not taken", works())
    # Prosody leaves hooks in place that a module made before it failed.
    MODULE.write_text('error("broken")\n' + good)
    shell("module:reload('edgewright_1', 'alpha.example')", dare=True)
    nothing_passes(client, listener, "reloaded with an error")
    MODULE.write_text(good)
    shell("module:load('edgewright_1', 'alpha.example')")
    check("a load opens it again", works() and ask("state")["s2s"])
    shell("module:unload('edgewright_1', 'alpha.example')")
    nothing_passes(client, listener, "unloaded")
    shell("module:load('edgewright_1', 'alpha.example')")

    main = MAIN.read_text()
    held = Dialler("fed.example", "other.example", S)
    MAIN.write_text(main.replace(f'Include "{SETTINGS}"\n', ""))
    reload()
    time.sleep(0.3)
    check("the old settings are in force until it is unloaded", ask("state")["problem"])
    for host in ["alpha.example", "conference.alpha.example", IDN]:
        shell(f"module:unload('edgewright_1', '{host}')")
        shell(f"module:reload('tls', '{host}')")
    stranger = Dialler("stranger.example", "alpha.example", S)
    check("after an undo the host is stock Prosody's", stranger.authenticated, stranger.why)
    check("which has s2s", "true" in shell("> tostring(prosody.hosts['alpha.example'].modules.s2s ~= nil)"))
    check("the other host's stream never closed", held.is_open(), held.why)

    MAIN.write_text(main)
    reload()
    for host in ["alpha.example", "conference.alpha.example", IDN]:
        shell(f"module:load('edgewright_1', '{host}')")
        shell(f"module:reload('tls', '{host}')")
    check("an apply on a running server takes no restart", works() and ask("state")["s2s"])
    check("the other host's stream never closed", held.is_open(), held.why)
    what_is_asked(PARTNERS, True)
    new = settings(PARTNERS).replace(f'VirtualHost "{IDN}"', 'VirtualHost "new.example"')
    write_for_prosody(SETTINGS, new)
    reload()
    time.sleep(0.3)
    shell("host:activate('new.example')")
    check("nor does a host that is new", (ask("state", "new.example") or {}).get("s2s") is True)
    shell("host:deactivate('new.example')")
    check("which goes as it came", ask("state", "new.example") is None and held.is_open())
    change_settings(PARTNERS)
    print("while it runs: closed and open as it should")


def what_the_person_says():
    """ask.lua leaves out our line and tells what the person wrote."""
    script = (ASSETS / "ask.lua").read_text()
    command = ["lua5.4", "-", str(MAIN), str(SETTINGS), "/usr/lib/prosody"]
    said = lambda: subprocess.run(command, input=script, capture_output=True, text=True, timeout=20)
    first = said()
    check("the configuration is understood", first.returncode == 0, first.stderr)
    answer = json.loads(first.stdout)
    nothing = {"component": None, "modules_enabled": None, "modules_disabled": None, "ssl": None, "enabled": None}
    wanted = {
        "localhost": nothing,
        "alpha.example": nothing | {"modules_enabled": ["lastactivity"], "modules_disabled": ["uptime"]},
        "conference.alpha.example": nothing | {"component": "muc", "modules_enabled": ["muc_mam"]},
        "upload.other.example": nothing | {"component": "http_file_share"},
        "other.example": nothing,
        IDN: nothing,
    }
    check("the hosts are the person's", answer["hosts"] == wanted, answer["hosts"])
    place = lambda: tuple(answer[name] for name in ["is_included", "is_last", "is_elsewhere"])
    check("our line is the last one", place() == (True, True, False), place())
    check("the globals are the person's", answer["global"]["s2s_secure_auth"] is True, answer["global"])
    write_globals(lax=True)
    lax = json.loads(said().stdout)["global"]
    check("lax as they are", lax["s2s_secure_auth"] is False and lax["s2s_require_encryption"] is False, lax)
    write_globals(lax=False)
    check("with every module", "admin_shell" in answer["global"]["modules_enabled"])
    main, own = MAIN.read_text(), Path("/etc/prosody/conf.d/own.cfg.lua").read_text()
    MAIN.write_text(main + "\n-- a comment\nadmins = {}\n")
    answer = json.loads(said().stdout)
    check("our line is not the last one", place() == (True, False, False), place())
    MAIN.write_text(main.replace(f'Include "{SETTINGS}"', f"Include '{SETTINGS}'"))
    answer = json.loads(said().stdout)
    check("another spelling is left out too", place() == (False, False, True) and answer["hosts"] == wanted, answer)
    MAIN.write_text(main)
    write_for_prosody("/etc/prosody/conf.d/own.cfg.lua", own + "VirtualHost {\n")
    failed = said()
    line = own.count("\n") + 2
    check("an error is told", failed.returncode == 1 and f"own.cfg.lua:{line}:" in failed.stderr, failed)
    write_for_prosody("/etc/prosody/conf.d/own.cfg.lua", own)
    print("ask.lua:", failed.stderr.strip())


def show(prosody, listener, lax):
    title = "lax globals" if lax else "strict globals"
    write_globals(lax)
    prosody.restart()
    client = Client("alpha.example", SERVER)
    what_is_asked(PARTNERS, True)
    matrix(client, listener, title)
    listener.way = P
    fine, seen = other_host(lax)
    check(f"{title}: the other host is as before", fine, seen)
    second_best(client, listener, title)
    if lax:
        around_the_corner(client, listener)
        legacy(client, listener)
        return
    types(client, listener)
    rooms(client, listener)
    real_ejabberd(client)
    names(listener)
    legacy(client, listener)
    change(client, listener)


def write_globals(lax):
    """What the main file of Debian says, or what an administrator made of it."""
    text = MAIN.read_text().replace(LAX, STRICT_LINE)
    MAIN.write_text(text.replace(STRICT_LINE, LAX) if lax else text)


def main():
    began = time.time()
    set_up_the_box()
    found_authority()
    install()
    serve_names()
    listener = Listener()
    prosody = Prosody()
    prosody.start()
    start_ejabberd()
    for host in ["alpha.example", "other.example", IDN]:
        run(["prosodyctl", "register", "u", host, "secret"])
    print(run(["prosodyctl", "about"]).splitlines()[0])
    show(prosody, listener, lax=True)
    show(prosody, listener, lax=False)
    closed(listener, prosody)
    without_certificate(listener, prosody)
    while_it_runs(listener)
    what_the_person_says()
    print(f"{time.time() - began:.1f} s, {len(failures)} failures")
    end()
    sys.exit(1 if failures else 0)


main()
