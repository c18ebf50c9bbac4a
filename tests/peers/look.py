"""`edgewright check` finds the right fault of a real Prosody and a real ejabberd, over names that a real Knot serves.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 look.py BINARY FOLDER
"""

import itertools
import json
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from bench import BINARY, CA, FOLDER, NAMES, end, fail, found_authority, listens, own_part, replace, run, set_up_the_box, start, start_servers, until

ZONE = """$TTL 60
@ SOA ns hostmaster 1 60 60 60 60
@ NS ns
ns A {names}
_xmpp-server._tcp SRV 0 5 5269 xmpp
xmpp A {address}
"""
EDGES = {"prosody": ("alpha.example", "127.0.0.2"), "ejabberd": ("beta.example", "127.0.0.3")}
OTHERS = {
    "gone.example": "_xmpp-server._tcp SRV 0 0 0 .\n",
    "alias.example": "_xmpp-server._tcp SRV 0 5 5269 other\nother CNAME xmpp\nxmpp A 127.0.0.2\n",
    "empty.example": "_xmpp-server._tcp SRV 0 5 5269 nowhere\nnowhere TXT x\n",
    "nowhere.example": "_xmpp-server._tcp SRV 0 5 5269 nowhere\n",
    "bare.example": "@ A 127.0.0.2\n",
    "six.example": "_xmpp-server._tcp SRV 0 5 5271 xmpp\nxmpp AAAA ::1\n",
    "closed.example": "_xmpp-server._tcp SRV 0 5 5271 xmpp\nxmpp A 127.0.0.2\n",
    "number.example": "_xmpp-server._tcp SRV 0 5 5269 127.0.0.2.\n",
    "gamma.example": "_xmpp-server._tcp 3600 SRV 0 0 5269 xmpp\nxmpp A 127.0.0.2\n",
}
# Where each listens besides.
SIX = {"prosody": "::1", "ejabberd": "fd00::3"}
# How a server speaks below a name of its own, and what is found of it where its certificate is good.
WAYS = {
    "clear": (3, {"starttls-missing": False}),
    "before13": (0, {"tls-agreed": True, "certificate-good": True}),
    "direct": (0, {"srv-direct-only": None, "tls-agreed": True, "certificate-good": True}),
    "nodialback": (0, {"tls-agreed": True, "certificate-good": True}),
    "six": (0, {"tls-agreed": True, "certificate-good": True}),
    "foreign": (3, {"stream-error": False}),
}


def ways_of(six):
    service = "".join(f"_xmpp-server._tcp.{way} SRV 0 5 5269 xmpp\n" for way in WAYS if way not in ["direct", "six"])
    return f"{service}_xmpps-server._tcp.direct SRV 0 5 5270 xmpp\n_xmpp-server._tcp.six SRV 0 5 5269 six\nsix AAAA {six}\n"


def configure_prosody():
    """Our pair, which each host is given, and every way of speaking."""
    files = 'key = "/etc/prosody/pair/key.pem"; certificate = "/etc/prosody/pair/chain.pem"'
    direct = f"s2s_direct_tls_ports = {{ 5270 }}\ns2s_direct_tls_ssl = {{ {files} }}"
    main = Path("/etc/prosody/prosody.cfg.lua")
    replace(main, main.read_text().replace('{ "127.0.0.2" }', f'{{ "127.0.0.2", "::1" }}\n{direct}'))
    more = {"clear": 's2s_require_encryption = false\n    modules_disabled = { "tls" }', "nodialback": 'modules_disabled = { "dialback" }'}
    hosts = ""
    for way in ["", *(f"{way}." for way in WAYS if way != "foreign")]:
        limit = '; protocol = "tlsv1_2"' if way == "before13." else ""
        hosts += f'VirtualHost "{way}alpha.example"\n    ssl = {{ {files}{limit} }}\n    {more.get(way[:-1], "")}\n'
    Path("/etc/prosody/conf.d/alpha.cfg.lua").write_text(hosts)


def configure_ejabberd():
    yml = Path("/etc/ejabberd/ejabberd.yml")
    said = yml.read_text()
    hosts = "".join(f"  - {way}beta.example\n" for way in ["", *(f"{way}." for way in WAYS if way != "foreign")])
    listen = "".join(
        f'  -\n    port: {port}\n    ip: "{address}"\n    module: ejabberd_s2s_in\n    tls: {tls}\n'
        for port, address, tls in [(5269, SIX["ejabberd"], "false"), (5270, "127.0.0.3", "true")]
    )
    for before, after in [
        ("  - localhost\n", f"  - localhost\n{hosts}"),
        ("certfiles:\n", "certfiles:\n  - /etc/ejabberd/pair/*.pem\n"),
        ("listen:\n", f"listen:\n{listen}"),
    ]:
        said = said.replace(before, after, 1)
    replace(yml, said)


@contextmanager
def speaking(server, way):
    """What Prosody says of each host, ejabberd says of all."""
    changes = {
        "clear": ("s2s_use_starttls: required", "s2s_use_starttls: false"),
        "before13": ("s2s_protocol_options: 'TLS_OPTIONS'", "s2s_protocol_options: [no_sslv3, no_tlsv1, no_tlsv1_1, no_tlsv1_3]"),
        "nodialback": ("  mod_s2s_dialback: {}\n", ""),
    }
    if server == "prosody" or way not in changes:
        yield
        return
    yml = Path("/etc/ejabberd/ejabberd.yml")
    before = yml.read_text()
    for text in [before.replace(*changes[way]), before]:
        replace(yml, text)
        run(["ejabberdctl", "reload_config"])
        if text != before:
            yield


def check(what, holds):
    if not holds:
        fail(what)


def serve_names():
    zones = FOLDER / "zones"
    zones.mkdir()
    config = f"server:\n  listen: {NAMES}@53\n  rundir: {zones}\ndatabase:\n  storage: {zones}\nzone:\n"
    written = {domain: ZONE.format(names=NAMES, address=address) + ways_of(SIX[server]) for server, (domain, address) in EDGES.items()}
    for domain, records in OTHERS.items():
        written[domain] = ZONE.format(names=NAMES, address="").split("_xmpp")[0] + records
    hostile = "".join(f"_xmpp-server._tcp.h{number} SRV 0 5 {6000 + number} peer\n" for number in range(len(HOSTILE)))
    old = "".join(f"_xmpps-server._tcp.o{number} SRV 0 5 {6100 + number} peer\n" for number in range(len(OLD)))
    hostile += old
    written["hostile.example"] = ZONE.format(names=NAMES, address="").split("_xmpp")[0] + hostile + "peer A 127.0.0.4\n"
    for domain, zone in written.items():
        (zones / f"{domain}.zone").write_text(f"$ORIGIN {domain}.\n{zone}")
        config += f"  - domain: {domain}\n    file: {zones}/{domain}.zone\n"
    (zones / "knot.conf").write_text(config)
    start("knot", ["knotd", "-c", str(zones / "knot.conf")])


def issued(domain, *, name=None, days=90, usages="serverAuth,clientAuth", ends=None, by="root", key="ec -pkeyopt ec_paramgen_curve:P-256", more="", sends_issuer=False):
    """A key and what the authority says to it: key.pem and chain.pem in a folder."""
    folder = FOLDER / "issued"
    folder.mkdir(exist_ok=True)
    (folder / "ext").write_text(f"subjectAltName=DNS:{name or domain}\nextendedKeyUsage={usages}\nbasicConstraints=CA:FALSE\n{more}")
    run(f"openssl req -new -newkey {key} -nodes -keyout key.pem -subj /CN=x -out request.pem", cwd=folder)
    if by == "itself":
        run(f"openssl x509 -req -in request.pem -signkey key.pem -days {days} -extfile ext -out chain.pem", cwd=folder)
    elif ends:
        (folder / "ca.cnf").write_text("[ca]\ndefault_ca=o\n[o]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
        (folder / "index").write_text("")
        (folder / "serial").write_text("1001\n")
        ca = f"-cert {CA}/{by}.pem -keyfile {CA}/{by}.key"
        run(f"openssl ca -batch -notext -config ca.cnf {ca} -in request.pem -extfile ext -startdate 20200101000000Z -enddate {ends} -out chain.pem", cwd=folder)
    else:
        run(f"openssl x509 -req -in request.pem -CA {CA}/{by}.pem -CAkey {CA}/{by}.key -days {days} -extfile ext -out chain.pem", cwd=folder)
    if sends_issuer:
        (folder / "chain.pem").write_text((folder / "chain.pem").read_text() + (CA / f"{by}.pem").read_text())
    return folder


def put(server, folder):
    """Key and chain, where the server reads them."""
    place = Path(f"/etc/{server}/pair")
    place.mkdir(exist_ok=True)
    for name in ["key.pem", "chain.pem"]:
        (place / name).write_text((folder / name).read_text())
        run(["chown", server, str(place / name)])
    # Younger than whatever was read before.
    run(["sh", "-c", f"touch -d '+{give.age} seconds' {place}/*"])
    give.age += 5


def give(server, folder):
    """The server takes key and chain."""
    put(server, folder)
    run(["prosodyctl", "reload"] if server == "prosody" else ["ejabberdctl", "reload_config"])


give.age = 5


def look(*domains, ends=0, more=()):
    command = [BINARY, "--home", str(FOLDER / "home"), "check", *domains, "--json", "--ca-file", str(CA / "root.pem"), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != ends:
        fail(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)["domains"]


def codes(domain, ends, more=()):
    steps = look(domain, ends=ends, more=more)[0]["steps"]
    return {step["code"]: step["ok"] for step in steps}


# What a server shows, and what is found of it.
CASES = [
    ("good", {}, 0, {"certificate-good": True, "tls-agreed": True}),
    ("another name", {"name": "other.example"}, 3, {"certificate-other-name": False}),
    ("expired", {"ends": "20200201000000Z"}, 3, {"certificate-expired": False}),
    ("self-signed", {"by": "itself"}, 3, {"certificate-self-signed": False}),
    ("without its intermediate", {"by": "middle"}, 3, {"certificate-incomplete": False}),
    ("with its intermediate", {"by": "middle", "sends_issuer": True}, 0, {"certificate-good": True}),
    ("an intermediate for clients only", {"by": "clients", "sends_issuer": True}, 3, {"certificate-no-server": False}),
    ("a key that may not sign", {"more": "keyUsage=critical,cRLSign\n"}, 3, {"certificate-no-signature": False}),
    ("for servers only", {"usages": "serverAuth"}, 0, {"certificate-good": True, "certificate-server-only": None}),
    ("for clients only", {"usages": "clientAuth"}, 3, {"certificate-no-server": False}),
]


OPENED = b"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
STARTTLS = OPENED + b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
PROCEED = b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def slowly(octets, pause):
    for octet in octets:
        yield bytes([octet])
        time.sleep(pause)


# What a peer says, in answer to a stream and to STARTTLS; what is found of it.
HOSTILE = {
    "silent": ([], "late"),
    "a byte a second": ([slowly(OPENED * 9, 1)], "late"),
    "HTTP": ([[b"HTTP/1.1 400 Bad Request\r\n\r\n"]], "not-xmpp"),
    "elements without end": ([itertools.chain([OPENED], itertools.repeat(b"<a/>" * 1000))], "unexpected"),
    "a text without end": ([itertools.chain([OPENED + b"<a>"], itertools.repeat(b"x" * 4000))], "not-xmpp"),
    "a million attributes": ([itertools.chain([OPENED + b"<a "], (b" a%d='1'" % number for number in range(1_000_000)))], "not-xmpp"),
    "deep": ([[OPENED + b"<a>" * 100_000]], "not-xmpp"),
    "an entity bomb": ([[b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>]>" + OPENED]], "not-xmpp"),
    "an unknown entity": ([[OPENED + b"<a>&x;</a>"]], "not-xmpp"),
    "no UTF-8": ([[OPENED + b"<a>\xff\xfe</a>"]], "not-xmpp"),
    "before 1.0": ([[OPENED.replace(b" version='1.0'>", b">")]], "old-xmpp"),
    "another element": ([[OPENED + b"<iq/>"]], "unexpected"),
    "an error": ([[OPENED + b"<stream:error><host-gone xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>\xc2\x9b31m</text></stream:error>"]], "stream-error"),
    "no STARTTLS": ([[OPENED + b"<stream:features/>"]], "starttls-missing"),
    "clear text behind it": ([[STARTTLS], [PROCEED + b"<message/>"]], "clear-text"),
    "no TLS": ([[STARTTLS], [PROCEED], [b"\0garbage" * 99]], "tls-failed"),
    "XML for TLS": ([[STARTTLS], [PROCEED], [b"<stream:features/>"]], "tls-xml"),
    "TLS that is silent": ([[STARTTLS], [PROCEED]], "late"),
    "an alert": ([[STARTTLS], [PROCEED], [bytes([21, 3, 1, 0, 2, 2, 40])]], "tls-alert"),
}


def published():
    """TLSA records are set against what is shown; whether they count cannot be told where nothing is signed."""
    give("prosody", issued("alpha.example"))
    own = "openssl x509 -in /etc/prosody/pair/chain.pem"
    key = run(f"{own} -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum").split()[0]
    whole = run(f"{own} -outform DER | sha512sum").split()[0]
    zone = FOLDER / "zones/alpha.example.zone"
    before = zone.read_text()
    for serial, (record, code, ok) in enumerate([
        (f"3 1 1 {key}", "tlsa-met-unproven", True),
        (f"1 0 2 {whole}", "tlsa-met-unproven", True),
        (f"3 0 1 {key}", "tlsa-other-unproven", None),
        (f"0 1 1 {'00' * 32}", "tlsa-root", None),
    ], 2):
        zone.write_text(before.replace("hostmaster 1 ", f"hostmaster {serial} ") + f"_5269._tcp.xmpp TLSA {record}\n")
        run(["knotc", "-b", "-c", str(FOLDER / "zones/knot.conf"), "zone-reload", "alpha.example"])
        found = codes("alpha.example", 0)
        check(f"TLSA {record}: {found}", found.get(code, "nothing") is ok)
    zone.write_text(before.replace("hostmaster 1 ", "hostmaster 9 "))
    run(["knotc", "-b", "-c", str(FOLDER / "zones/knot.conf"), "zone-reload", "alpha.example"])
    print("TLSA seen", flush=True)


# How an OpenSSL is told to speak that few understand, and what is found of it.
OLD = [
    ("-tls1 -cipher ALL:@SECLEVEL=0", "ec", "tls-old"),
    ("-tls1_1 -cipher ALL:@SECLEVEL=0", "ec", "tls-old"),
    ("-tls1_2 -cipher AES128-SHA:@SECLEVEL=0", "rsa:2048", "tls-suites"),
    ("-tls1_3 -groups P-521", "ec", "tls-groups"),
    ("-tls1_2 -cipher ALL:@SECLEVEL=0", "rsa:1024", "certificate-small-key"),
]


def old_tls():
    """Peers that speak what nobody should take any more are told apart."""
    for number, (how, key, code) in enumerate(OLD):
        pair = FOLDER / f"old-{number}.pem"
        kind = "-newkey ec -pkeyopt ec_paramgen_curve:P-256" if key == "ec" else f"-newkey {key}"
        run(f"openssl req -x509 {kind} -nodes -keyout {pair} -out {pair}.crt -subj /CN=x -days 9")
        start(f"old-{number}", ["openssl", "s_server", "-accept", f"127.0.0.4:{6100 + number}", "-cert", f"{pair}.crt", "-key", str(pair), "-www", *how.split()])
        until("OpenSSL listens", lambda: f":{6100 + number} " in run("ss -ltn"))
        found = codes(f"o{number}.hostile.example", 3, ["--timeout", "4"])
        check(f"{how}: {found}", found.get(code) is False)
    print("old TLS seen", flush=True)


def hostile_peer(server, answers):
    connection, _ = server.accept()
    try:
        for pieces in answers:
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
        time.sleep(60)
    except OSError:
        pass


def hostile():
    """Whatever a peer says, it is told in its own words, at once or at the deadline, and holds nobody up."""
    for number, (what, (answers, code)) in enumerate(HOSTILE.items()):
        server = socket.create_server(("127.0.0.4", 6000 + number))
        threading.Thread(target=hostile_peer, args=(server, answers), daemon=True).start()
    begin = time.time()
    seen = look(*(f"h{number}.hostile.example" for number in range(len(HOSTILE))), ends=3, more=["--timeout", "4"])
    took = time.time() - begin
    check(f"hostile peers cost one deadline: {took}", took < 12)
    for (what, (_, code)), domain in zip(HOSTILE.items(), seen):
        said = str(domain)
        check(f"{what}: {said}", f"'code': '{code}'" in said and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in said))
    print("hostile peers seen", flush=True)


def begin():
    """Both servers with a pair of ours each, and the names."""
    set_up_the_box()
    found_authority()
    for name, more in [("middle", ""), ("clients", "extendedKeyUsage=clientAuth\\n")]:
        run(
            f"openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -subj /CN={name} -out {name}.req && "
            f"printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign\\n{more}' >{name}.ext && "
            f"openssl x509 -req -in {name}.req -CA root.pem -CAkey root.key -days 90 -extfile {name}.ext -out {name}.pem",
            cwd=CA,
        )
    own_part()
    run(["ip", "address", "add", f"{SIX['ejabberd']}/128", "dev", "lo", "nodad"])
    configure_prosody()
    configure_ejabberd()
    for server, (domain, _) in EDGES.items():
        put(server, issued(domain))
    serve_names()
    start_servers()
    until("ejabberd answers", lambda: subprocess.run(["ejabberdctl", "status"], capture_output=True).returncode == 0)
    asked = [BINARY, "check", "alpha.example", "--json", "--timeout", "1"]
    until("Knot answers", lambda: b"srv-found" in subprocess.run(asked, capture_output=True).stdout)


def main():
    begin()
    for server, (domain, _) in EDGES.items():
        for what, how, ends, expected in CASES:
            give(server, issued(domain, **how))
            found = codes(domain, ends)
            # ejabberd has none to show for a host that none of its certificates names, and says so since 24.
            if (server, what) == ("ejabberd", "another name"):
                expected = {next(code for code in ["tls-alert", "tls-closed"] if code in found): False}
            check(f"{server}, {what}: {found}", expected.items() <= found.items())
            check(f"{server}, {what}, nothing else: {found}", what != "good" or False not in found.values())
        print(server, "seen", flush=True)
    for domain, ends, expected in [
        ("gone.example", 3, {"srv-refused": False}),
        ("alias.example", 3, {"address-alias": False}),
        ("empty.example", 3, {"address-none": False}),
        ("nowhere.example", 3, {"lookup-no-name": False}),
        ("number.example", 3, {"srv-address": False}),
        ("bare.example", 3, {"srv-none": None, "stream-error": False}),
        ("closed.example", 3, {"srv-port": None, "broken": False}),
    ]:
        found = codes(domain, ends)
        check(f"{domain}: {found}", expected.items() <= found.items())
    [step] = [step for step in look("six.example", ends=3)[0]["steps"] if step["step"] == "tcp"]
    check(f"IPv6: {step}", step["target"] == "[::1]:5271" and step["ok"] is False)
    print("names seen", flush=True)
    published()
    hostile()
    old_tls()
    believed()
    ways()
    watched()
    end()


# Certificates alone of one, dialback alone of the other.
PARTNERS = """
[[partners]]
domain = "alpha.example"
tls = "required"
sasl = "required"
dialback = false
[[partners]]
domain = "beta.example"
tls = "required"
sasl = "not-supported"
dialback = true
"""


def believed():
    """With a certificate of ours, SASL EXTERNAL is tried for real, and what is seen is set against the settings."""
    home = FOLDER / "home"
    answers = FOLDER / "answers.toml"
    answers.write_text('schema = 1\n[server]\nkind = "prosody"\n[edge]\nxmpp_domains = ["gamma.example"]\nhost = "xmpp.gamma.example"\n[request]\nauthority = "private"\nclient_eku = true\n' + PARTNERS)
    run([BINARY, "--home", str(home), "apply", "--answers", str(answers)])
    request = next((home / "requests").iterdir()) / "request.pem"
    run(f"openssl x509 -req -in '{request}' -CA root.pem -CAkey root.key -days 90 -copy_extensions copyall -out gamma.crt", cwd=CA)
    run([BINARY, "--home", str(home), "complete", "--certificate", str(CA / "gamma.crt"), "--ca-file", str(CA / "root.pem")])
    for server, (domain, _) in EDGES.items():
        give(server, issued(domain))
        seen = look(domain, more=["--as", "gamma.example"])[0]
        found = {step["code"]: step["ok"] for step in seen["steps"]}
        check(f"{server} believes us: {found}", found.get("external-believed") is True)
        way = {"prosody": "sasl-over-tls", "ejabberd": "tls-dialback"}[server]
        check(f"{server}: {seen['methods']}", seen["methods"] == {"to_partner": way, "from_partner": way})
        # Partners are told who looks without being asked to.
        again = look(domain)[0]
        check(f"{server}, a partner: {again}", again["methods"] == seen["methods"] and again["contradictions"] == [])
        check(f"{server}, wanted: {again}", again["wanted"]["methods"] == [way])
        # A certificate for servers only is good where Prosody is the one that looks at it.
        give(server, issued(domain, usages="serverAuth"))
        again = look(domain)[0]
        check(f"{server}, for servers only: {again}", again["methods"] == seen["methods"] and again["contradictions"] == [])
        give(server, issued(domain, ends="20200201000000Z"))
        again = look(domain, ends=3)[0]
        sides = [(one["side"], one["setting"]) for one in again["contradictions"]]
        strict = server == "prosody"
        check(f"{server}, an expired partner: {again}", sides == ([("theirs", "certificate")] * 2 if strict else []))
        way = "none" if strict else way
        check(f"{server}, by what: {again}", again["methods"] == {"to_partner": way, "from_partner": way})
        give(server, issued(domain))
    # In the order of the question, by whichever it is answered first; our own root is known, and we do not tell ourselves who we are.
    order = ["beta.example", "gone.example", "alpha.example"]
    check("in order", [one["domain"] for one in look(*order, ends=3)] == order)
    text = subprocess.run([BINARY, "--home", str(home), "check", *order], capture_output=True, text=True).stdout
    check(f"in order: {text}", [text.index(f"{domain}\n") for domain in order] == sorted(text.index(f"{domain}\n") for domain in order))
    said = subprocess.run([BINARY, "--home", str(home), "check", "alpha.example", "--as", "delta.example"], capture_output=True, text=True)
    check(f"not ours: {said}", said.returncode == 1 and "check-identity" in said.stderr)
    print("believed", flush=True)


def ways():
    """How each speaks with whoever shows a certificate, over IPv6 too; without one Debian's Prosody says nothing more."""
    for server, (domain, _) in EDGES.items():
        give(server, issued(domain, name=f"*.{domain}"))
        for way, (ends, expected) in WAYS.items():
            with speaking(server, way):
                seen = look(f"{way}.{domain}", ends=ends, more=["--as", "gamma.example"])[0]
            found = {step["code"]: step["ok"] for step in seen["steps"]}
            check(f"{server}, {way}: {found}", expected.items() <= found.items())
            offers = "dialback-offered" in found
            check(f"{server}, {way}, dialback: {found}", way in ["foreign", "clear"] or offers == (way != "nodialback"))
            spoken = {step["detail"].split(",")[0] for step in seen["steps"] if step["code"] == "tls-agreed"}
            check(f"{server}, {way}: {spoken}", spoken <= {"TLS 1.2" if way == "before13" else "TLS 1.3"})
    print("ways of speaking seen", flush=True)


def watched():
    """What `status --look` finds is reported where a second look finds the same."""
    for server, (domain, _) in EDGES.items():
        give(server, issued(domain))
    command = [BINARY, "--home", str(FOLDER / "home"), "status", "--look", "--ca-file", str(CA / "root.pem")]

    def found(*more, ends=0):
        return json.loads(run([*command, "--json", *more], ends=ends))

    seen = found("--confirm", "3600")
    check(f"all well, so no second look: {seen}", seen["attention"] == [] and all(one["ok"] for one in seen["partners"]))
    check(f"as wanted: {seen}", [one["state"] for one in seen["records"]] == ["present"])
    text = run(command)
    check(f"as text: {text}", "records as wanted: 1 of 1\n" in text and "partners that can be reached: 2 of 2\n" in text)
    # Gone for a moment, and gone for good; one after the other is neither.
    zone, config = FOLDER / "zones/gamma.example.zone", FOLDER / "zones/knot.conf"
    before = zone.read_text()

    def publish(serial, text):
        zone.write_text(text.replace("hostmaster 1 ", f"hostmaster {serial} "))
        run(["knotc", "-b", "-c", str(config), "zone-reload", "gamma.example"])

    publish(2, before.replace("0 0 5269", "0 0 5270"))
    give("prosody", issued("alpha.example", ends="20200201000000Z"))
    both = {"record-absent", "partner-stopped"}
    seen = found(ends=3)
    check(f"a record and a partner: {seen}", {one["code"] for one in seen["attention"]} == both)
    check(f"the partner: {seen}", [one["ok"] for one in seen["partners"]] == [False, True])
    looks = subprocess.Popen([*command, "--json", "--confirm", "9"], stdout=subprocess.PIPE, text=True)
    time.sleep(5)
    publish(3, before)
    give("ejabberd", issued("beta.example", name="other.example"))
    seen = json.loads(looks.communicate()[0])
    said = [(one["code"], one["message"]) for one in seen["attention"]]
    check(f"what both looks found: {said}", len(said) == 1 and said[0][0] == "partner-stopped" and "alpha.example" in said[0][1])
    check(f"ends with what needs a person: {looks.returncode}", looks.returncode == 3)
    give("prosody", issued("alpha.example"))
    give("ejabberd", issued("beta.example"))
    seen = found()
    check(f"all well again: {seen}", seen["attention"] == [])
    # A name server that says nothing is no reason to wake anybody, and no good news.
    said = run([*command, "--resolver", "127.0.0.9:53", "--timeout", "2"], ends=1)
    check(f"nothing can be told: {said}", "Nothing could be told" in said)
    print("watched", flush=True)


if __name__ == "__main__":
    main()
