"""`edgewright plan --look` says of every record what the name servers of its zone hold: two of Knot, behind a real Unbound.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 records.py BINARY FOLDER
"""

import json
import subprocess

from bench import BINARY, FOLDER, NAMES, end, fail, run, running, set_up_the_box, start, until

# A name server that asks others, and the second one of the zone.
RECURSOR, SECOND = "192.0.2.54", "192.0.2.55"
ANSWERS = """schema = 1
[server]
kind = "prosody"
[edge]
xmpp_domains = ["gamma.example.org"]
host = "xmpp.gamma.example.org"
addresses = ["198.51.100.7", "2001:db8::7"]
[request]
authority = "public"
"""
ZONE = f"""$ORIGIN gamma.example.org.
$TTL 3600
@ SOA ns hostmaster {{serial}} 60 60 60 60
@ NS ns
@ NS second
ns A {NAMES}
second A {SECOND}
"""
ABOVE = f"""$ORIGIN org.
$TTL 60
@ SOA ns.gamma.example hostmaster 1 60 60 60 60
@ NS ns.gamma.example
gamma.example NS ns.gamma.example
ns.gamma.example A {NAMES}
"""
SERVICE = "_xmpp-server._tcp SRV 0 0 5269 xmpp\n"
HOST = "xmpp A 198.51.100.7\nxmpp AAAA 2001:db8::7\n"
# What the zone holds, what its second name server holds where that is something else, and what is said of the SRV record.
CASES = [
    ("nothing", "", None, "missing", ["record-missing"]),
    ("all", SERVICE + HOST, None, "present", []),
    ("another target", SERVICE.replace("xmpp\n", "other\n") + HOST, None, "different", ["record-instead"]),
    ("a second target", SERVICE + SERVICE.replace("xmpp\n", "other\n") + HOST, None, "extra", ["record-others"]),
    ("a second server that lags", SERVICE + HOST, HOST, "disagree", ["record-servers-without"]),
    ("refused", "_xmpp-server._tcp SRV 0 0 0 .\n" + HOST, None, "different", ["record-refused"]),
    ("an alias", "_xmpp-server._tcp CNAME other\n" + HOST, None, "different", ["record-alias"]),
    ("another TTL", SERVICE.replace("SRV", "60 SRV") + HOST, None, "present", ["record-ttl"]),
    ("an old service", SERVICE + "_jabber._tcp SRV 0 0 5269 xmpp\n" + HOST, None, "present", ["record-jabber"]),
]


def check(what, holds):
    if not holds:
        fail(what)


class Knot:
    def __init__(self, address):
        self.folder, self.serial = FOLDER / address, 0
        self.folder.mkdir()
        self.config = self.folder / "knot.conf"
        self.config.write_text(
            f"server:\n  listen: {address}@53\n  rundir: {self.folder}\ndatabase:\n  storage: {self.folder}\n"
            f"zone:\n  - domain: org\n    file: {self.folder}/org\n  - domain: gamma.example.org\n    file: {self.folder}/zone\n    zonefile-load: whole\n"
        )
        (self.folder / "org").write_text(ABOVE)
        self.hold("")
        start(f"knot-{address}", ["knotd", "-c", str(self.config)])
        self.process = running[-1]
        until("Knot answers", lambda: subprocess.run(["knotc", "-c", str(self.config), "status"], capture_output=True).returncode == 0)

    def hold(self, records):
        self.serial += 1
        (self.folder / "zone").write_text(ZONE.format(serial=self.serial) + records)
        if self.serial > 1:
            run(["knotc", "-b", "-c", str(self.config), "zone-reload", "gamma.example.org"])


def start_recursor():
    """Unbound, which finds what is below `org` at Knot, and answers nobody who does not want it to ask others."""
    folder = FOLDER / "unbound"
    folder.mkdir()
    (folder / "unbound.conf").write_text(f"""server:
  interface: {RECURSOR}
  access-control: 192.0.2.0/24 allow
  do-not-query-localhost: no
  module-config: "iterator"
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
stub-zone:
  name: "org"
  stub-addr: {NAMES}
""")
    start("unbound", ["unbound", "-d", "-c", str(folder / "unbound.conf")])


def look(resolver=NAMES, more=()):
    """The records, by name and type."""
    command = [BINARY, "--home", str(FOLDER / "home"), "plan", "--answers", str(FOLDER / "answers.toml"), "--look", "--resolver", f"{resolver}:53", *more]
    said = json.loads(run([*command, "--json"]))["records"]
    return {(record["name"].split(".")[0], record["type"]): record for record in said}


def caa():
    """What is said of who may issue."""
    command = [BINARY, "--home", str(FOLDER / "home"), "plan", "--answers", str(FOLDER / "answers.toml"), "--look", "--resolver", f"{NAMES}:53"]
    [name] = json.loads(run([*command, "--json"]))["caa"]
    shown = run(command)
    check(f"shown: {name} {shown}", name["message"] in shown and name["hint"] in shown)
    return name["code"], name["issuers"]


def codes(record):
    return [finding["code"] for finding in record["findings"]]


def main():
    set_up_the_box()
    for address in [RECURSOR, SECOND]:
        run(["ip", "address", "add", f"{address}/32", "dev", "lo"])
    (FOLDER / "answers.toml").write_text(ANSWERS)
    first, second = Knot(NAMES), Knot(SECOND)
    for what, held, lagging, state, findings in CASES:
        first.hold(held)
        second.hold(held if lagging is None else lagging)
        records = look()
        service, host = records["_xmpp-server", "SRV"], records["xmpp", "A"]
        check(f"{what}: {service}", service["state"] == state and codes(service) == findings)
        check(f"{what}: {host}", host["state"] == ("present" if held else "missing"))
        check(f"{what}, IPv6: {records}", records["xmpp", "AAAA"]["state"] == host["state"])
    servers = [seen["server"] for seen in look()["_xmpp-server", "SRV"]["seen"]]
    check(f"each server is named: {servers}", servers == ["ns.gamma.example.org", "second.gamma.example.org"])
    # In words it is the same.
    shown = run([BINARY, "--home", str(FOLDER / "home"), "plan", "--answers", str(FOLDER / "answers.toml"), "--look", "--resolver", f"{NAMES}:53"])
    for finding in service["findings"]:
        check(f"shown: {finding} {shown}", finding["message"] in shown and finding["hint"] in shown)
    print("records seen", flush=True)
    for records, code, issuers in [
        ("", "caa-anybody", None),
        ('@ CAA 0 issue "ca.example; accounturi=x"\n@ CAA 0 issuewild ";"\n', "caa-some", ["ca.example"]),
        ('@ CAA 0 issue ";"\n', "caa-nobody", []),
        ('@ CAA 128 tbs "x"\n', "caa-critical", []),
    ]:
        first.hold(SERVICE + HOST + records)
        check(f"{records}: {caa()}", caa() == (code, issuers))
    first.hold(SERVICE + HOST)
    print("authorities seen", flush=True)
    start_recursor()
    until("Unbound answers", lambda: look(RECURSOR)["_xmpp-server", "SRV"]["state"] == "present")
    for server in [first, second]:
        server.hold(HOST)
    service = look(RECURSOR)["_xmpp-server", "SRV"]
    found = {finding["code"]: finding["message"] for finding in service["findings"]}
    check(f"what Unbound remembers: {service}", service["state"] == "missing" and list(found) == ["record-missing", "record-remembered"])
    check(f"what it is: {found}", found["record-remembered"].endswith("0 0 5269 xmpp.gamma.example.org."))
    second.process.kill()
    second.process.wait()
    running.remove(second.process)
    service = look(RECURSOR, ["--timeout", "2"])["_xmpp-server", "SRV"]
    check(f"a server that is gone: {service}", service["state"] == "missing" and "record-server-silent" in codes(service))
    print("name servers seen", flush=True)
    nobody = look("192.0.2.99", ["--timeout", "1"])
    check(f"nobody to ask: {nobody}", all(record["state"] == "unknown" and "record-no-servers" in codes(record) for record in nobody.values()))
    check("nothing is written", not (FOLDER / "home").exists())
    end()
    print("nobody asked", flush=True)


if __name__ == "__main__":
    main()
