"""`edgewright check` validates names from a root that a real Knot signs, behind a real Unbound that validates too, and counts
TLSA records only where they are validated.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 dnssec.py BINARY FOLDER
"""

import json
import socketserver
import ssl
import subprocess
import threading

from bench import BINARY, FOLDER, NAMES, end, fail, run, set_up_the_box, start, until

# The name servers of a tree that is signed, and of one that is not.
SIGNED, UNSIGNED = "192.0.2.54", "192.0.2.55"
PEER, PORT = "127.0.0.4", 6200
ANSWERS = """schema = 1
[server]
kind = "prosody"
[edge]
xmpp_domains = ["secure.test"]
host = "xmpp.secure.test"
"""
HEAD = "$TTL 60\n@ SOA ns.test. hostmaster.test. 1 60 60 60 60\n@ NS ns.test.\n"


def leads_to(target, domain=""):
    return f"_xmpps-server._tcp{domain} SRV 0 5 {PORT} {target}\n"


def host(name, key):
    return f"{name} A {PEER}\n_{PORT}._tcp.{name} TLSA 3 1 1 {key}\n"


def zones(key):
    other = "00" * 32
    return {
        "secure.test.": leads_to("xmpp") + host("xmpp", key)
        + leads_to("second", ".two") + host("second", other)
        + leads_to("xmpp.plain.test.", ".three")
        + '@ CAA 0 issue "letsencrypt.org"\n',
        "plain.test.": leads_to("xmpp") + host("xmpp", other),
        "bad.test.": leads_to("xmpp") + host("xmpp", key),
        "naked.test.": leads_to("xmpp") + host("xmpp", key),
        "test.": f"ns A {SIGNED}\n",
        ".": f"test. NS ns.test.\nns.test. A {SIGNED}\n",
    }


def check(what, holds):
    if not holds:
        fail(what)


class Knot:
    """Serves the zones; those that are named, signed."""

    def __init__(self, address, written, signed=()):
        self.folder = FOLDER / address
        self.folder.mkdir()
        self.config = self.folder / "knot.conf"
        self.config.write_text(
            f"server:\n  listen: {address}@53\n  rundir: {self.folder}\ndatabase:\n  storage: {self.folder}\n"
            "policy:\n  - id: nsec\n    manual: on\n    single-type-signing: on\n"
            "  - id: nsec3\n    manual: on\n    single-type-signing: on\n    nsec3: on\n"
            "template:\n  - id: default\n    zonefile-sync: -1\n    zonefile-load: difference\nzone:\n"
            + "".join(self.zone(name, name in signed) for name in written)
        )
        for name in signed:
            self.keymgr(name, "generate", "algorithm=ecdsap256sha256", "ksk=yes", "zsk=yes")
        for name, records in written.items():
            (self.folder / f"{name}zone").write_text(f"$ORIGIN {name}\n{HEAD}{records}{self.below(name, written, signed)}")
        start(f"knot-{address}", ["knotd", "-c", str(self.config)])

    def zone(self, name, is_signed):
        policy = f"    dnssec-signing: on\n    dnssec-policy: {'nsec3' if name == 'test.' else 'nsec'}\n" if is_signed else ""
        return f"  - domain: {name}\n    file: {self.folder}/{name}zone\n{policy}"

    def below(self, zone, written, signed):
        """The delegations of a zone. Of two children the DS record is wrong: of a key that is not theirs, and though there is none."""
        children = [name for name in written if name != zone and name.partition(".")[2] in [zone, zone.strip(".")]]
        records = "".join(f"{name} NS ns.test.\n" for name in children if name != "test.")
        for name in children:
            if name in signed:
                digest = self.keymgr(name, "ds").splitlines()[0].split(" DS ")[1]
                digest = digest[:-4] + ("0000" if name == "bad.test." else digest[-4:])
                records += f"{name} DS {digest}\n"
            if name == "naked.test." and signed:
                records += f"{name} DS 1 13 2 {'00' * 32}\n"
        return records

    def keymgr(self, zone, *arguments):
        return run(["keymgr", "-c", str(self.config), zone, *arguments])


def start_unbound(anchor):
    """Unbound validates, and finds the root at Knot."""
    folder = FOLDER / "unbound"
    folder.mkdir()
    (folder / "unbound.conf").write_text(f"""server:
  interface: {NAMES}
  access-control: 192.0.2.0/24 allow
  trust-anchor-file: "{anchor}"
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  local-zone: "test." nodefault
stub-zone:
  name: "."
  stub-addr: {SIGNED}
""")
    start("unbound", ["unbound", "-d", "-c", str(folder / "unbound.conf")])


def look(*domains, resolver=NAMES, anchor="root.key", more=()):
    """What is found of each, of the parts that are about names: by part and name."""
    anchored = ["--trust-anchor", str(FOLDER / anchor)] if anchor else []
    command = [BINARY, "--home", str(FOLDER / "home"), "check", *domains, "--json", "--timeout", "5", "--resolver", f"{resolver}:53", *anchored, *more]
    done = subprocess.run(command, capture_output=True, text=True)
    found = json.loads(done.stdout)["domains"]
    return [{(step["code"], step["target"], step["ok"]) for step in domain["steps"] if step["step"] in ["dnssec", "tlsa", "caa", "srv"]} for domain in found]


class Peer(socketserver.BaseRequestHandler):
    """Shows its certificate, and says nothing more."""

    def handle(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / "peer.pem", FOLDER / "peer.key")
        try:
            context.wrap_socket(self.request, server_side=True).recv(4096)
        except OSError:
            pass


def key_of_a_peer():
    """The digest of the key of a peer that has begun to listen."""
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout peer.key -out peer.pem -subj '/O=SwissSign AG/CN=Test' -days 9", cwd=FOLDER)
    server = socketserver.ThreadingTCPServer((PEER, PORT), Peer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return run("openssl x509 -in peer.pem -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum", cwd=FOLDER).split()[0]


def keys(name):
    return f"_{PORT}._tcp.{name}"


def refused(domain):
    """A name server that validates hands nothing on."""
    return [("lookup-refused", f"{service}._tcp.{domain}", False) for service in ["_xmpp-server", "_xmpps-server"]]


def main():
    set_up_the_box()
    for address in [SIGNED, UNSIGNED]:
        run(["ip", "address", "add", f"{address}/32", "dev", "lo"])
    written = zones(key_of_a_peer())
    knot = Knot(SIGNED, written, signed=["secure.test.", "bad.test.", "test.", "."])
    Knot(UNSIGNED, written)
    for name, zone in [("root.key", "."), ("other.key", "secure.test.")]:
        record = knot.keymgr(zone, "dnskey").split(" DNSKEY ")[1]
        (FOLDER / name).write_text(f". IN DNSKEY {record}")
    start_unbound(FOLDER / "root.key")
    until("Unbound answers", lambda: ("dnssec-secure", "secure.test", True) in look("secure.test")[0])

    # What is found, behind whom.
    cases = [
        ("secure.test", NAMES, [("dnssec-secure", "secure.test", True), ("tlsa-met", keys("xmpp.secure.test"), True)]),
        ("two.secure.test", NAMES, [("dnssec-secure", "two.secure.test", True), ("tlsa-other", keys("second.secure.test"), False)]),
        ("three.secure.test", NAMES, [
            ("dnssec-secure", "three.secure.test", True),
            ("dnssec-insecure", "xmpp.plain.test", None),
            ("tlsa-insecure", keys("xmpp.plain.test"), None),
        ]),
        ("plain.test", NAMES, [("dnssec-insecure", "plain.test", None), ("tlsa-insecure", keys("xmpp.plain.test"), None)]),
        # Who validates finds nothing; behind a name server that does not, it is found.
        ("bad.test", NAMES, [("dnssec-bogus", "bad.test", False), *refused("bad.test")]),
        ("bad.test", SIGNED, [("dnssec-bogus", "bad.test", False), ("tlsa-bogus", keys("xmpp.bad.test"), None)]),
        ("naked.test", NAMES, [("dnssec-bogus", "naked.test", False), *refused("naked.test")]),
        ("naked.test", SIGNED, [("dnssec-bogus", "naked.test", False), ("tlsa-bogus", keys("xmpp.naked.test"), None)]),
        ("nothing.secure.test", NAMES, [("dnssec-secure", "nothing.secure.test", True)]),
        ("nothing.test", NAMES, [("dnssec-secure", "nothing.test", True)]),
        ("secure.test", SIGNED, [("dnssec-secure", "secure.test", True), ("tlsa-met", keys("xmpp.secure.test"), True)]),
        ("plain.test", SIGNED, [("dnssec-insecure", "plain.test", None), ("tlsa-insecure", keys("xmpp.plain.test"), None)]),
    ]
    for resolver in [NAMES, SIGNED]:
        those = [(domain, expected) for domain, behind, expected in cases if behind == resolver]
        for (domain, expected), found in zip(those, look(*(domain for domain, _ in those), resolver=resolver)):
            # Of the service records what matters is whether they were refused.
            found = {one for one in found if not one[0].startswith("srv")}
            check(f"{domain} behind {resolver}: {found}", found == set(expected))
    print("validated", flush=True)

    for anchor in ["other.key", None]:
        found = look("secure.test", "bad.test", anchor=anchor)
        for domain, steps in zip(["secure.test", "bad.test"], found):
            check(f"{domain}, from {anchor}: {steps}", ("dnssec-other-root", domain, None) in steps)
        check(f"whether it counts: {found}", ("tlsa-met-unproven", keys("xmpp.secure.test"), True) in found[0])
    [found] = look("two.secure.test", resolver=UNSIGNED)
    check(f"without signatures: {found}", {("dnssec-stripped", "two.secure.test", None), ("tlsa-other-unproven", keys("second.secure.test"), None)} <= found)
    print("nothing to tell from", flush=True)

    (FOLDER / "answers.toml").write_text(ANSWERS)
    ours, theirs = look("secure.test", "plain.test", more=["--answers", str(FOLDER / "answers.toml")])
    who = {one for one in ours if "caa" in one[0]}
    check(f"who may issue: {who}", who == {("caa-some", "secure.test", True), ("caa-other", "secure.test", None)})
    check(f"strangers: {theirs}", not any("caa" in one[0] for one in theirs))
    end()
    print("authorities seen", flush=True)


if __name__ == "__main__":
    main()
