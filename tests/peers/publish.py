"""`apply` publishes the records by signed updates, and `undo` takes them back: a real primary, Knot as its secondary, and between
them and us somebody who loses, forges and overtakes.

    EDGEWRIGHT_NAME_SERVER=Knot unshare --mount --net --pid --fork --kill-child --mount-proc python3 publish.py BINARY FOLDER
"""

import json
import os
import socket
import sqlite3
import struct
import subprocess
import threading
import time
from pathlib import Path

from bench import BINARY, FOLDER, NAMES, end, fail, run, running, set_up_the_box, start, until

SECOND, MIDDLE, SIX = "192.0.2.55", "192.0.2.56", "2001:db8::53"
ZONE, OTHER = "gamma.example.org", "delta.example.org"
SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTAxMjM="
# What a run says that has nothing to do; the request waits all the time.
NOTHING = "nothing else to do"
HOST = ["xmpp A 198.51.100.7", "xmpp AAAA 2001:db8::7"]
SERVICE = "_xmpp-server._tcp SRV 0 0 5269 xmpp"
KEYS = {
    "upd": (SECRET, "hmac-sha256"),
    # One that may not change the zone.
    "other": ("AAAAc2VjcmV0LXNlY3JldC1zZWNyZXQtMDEyMw==", "hmac-sha256"),
    "long": ("bG9uZ2xvbmdsb25nbG9uZ2xvbmdsb25nbG9uZ2xvbmdsb25nbG9uZ2xvbmdsb25nbG9uZw==", "hmac-sha512"),
}


def check(what, holds):
    if not holds:
        fail(what)


def zone(records, serial):
    lines = [f"$ORIGIN {ZONE}.", "$TTL 3600", f"@ SOA ns hostmaster {serial} 2 2 600 5", "@ NS ns", "@ NS second"]
    return "\n".join([*lines, f"ns A {NAMES}", f"second A {SECOND}", *records]) + "\n"


class Knot:
    name, says_why = "Knot", True

    def serve(self, folder, records):
        keys = "".join(f"  - id: {key}\n    algorithm: {kind}\n    secret: {secret}\n" for key, (secret, kind) in KEYS.items())
        config = folder / "knot.conf"
        config.write_text(
            f"server:\n  listen: [{NAMES}@53, {SIX}@53]\n  rundir: {folder}\ndatabase:\n  storage: {folder}\nkey:\n{keys}"
            f"acl:\n  - id: upd\n    key: [upd, long]\n    action: update\n  - id: xfr\n    address: {SECOND}\n    action: transfer\n"
            f"zone:\n  - domain: {ZONE}\n    file: {folder}/zone\n    acl: [upd, xfr]\n    zonefile-sync: -1\n    journal-content: none\n"
            f"  - domain: {OTHER}\n    file: {folder}/other\n    acl: [upd]\n    zonefile-sync: -1\n"
        )
        (folder / "zone").write_text(zone(records, int(time.time())))
        (folder / "other").write_text(zone([], 1).replace(ZONE, OTHER))
        return ["knotd", "-c", str(config)]


class Bind:
    name, says_why = "BIND", True

    def serve(self, folder, records):
        keys = "".join(f'key "{key}" {{ algorithm {kind}; secret "{secret}"; }};\n' for key, (secret, kind) in KEYS.items())
        grants = "".join(f"grant {key} subdomain {ZONE}. SRV A AAAA CNAME; " for key in ["upd", "long"])
        config = folder / "named.conf"
        config.write_text(
            f'{keys}options {{ directory "{folder}"; pid-file none; session-keyfile none; managed-keys-directory "{folder}"; '
            f"listen-on {{ {NAMES}; }}; listen-on-v6 {{ {SIX}; }}; recursion no; dnssec-validation no; notify no; "
            f"empty-zones-enable no; allow-transfer {{ {SECOND}; }}; }};\ncontrols {{ }};\n"
            f'zone "{ZONE}" {{ type primary; file "{folder}/zone"; update-policy {{ {grants}}}; }};\n'
            f'zone "{OTHER}" {{ type primary; file "{folder}/other"; allow-update {{ key upd; }}; }};\n'
        )
        (folder / "zone").write_text(zone(records, int(time.time())))
        (folder / "other").write_text(zone([], 1).replace(ZONE, OTHER))
        return ["named", "-g", "-c", str(config)]


class PowerDns:
    # It tells nobody why it refuses a key.
    name, says_why = "PowerDNS", False

    def serve(self, folder, records):
        config = folder / "pdns.conf"
        database = folder / "pdns.db"
        config.write_text(
            f"launch=gsqlite3\ngsqlite3-database={database}\nlocal-address={NAMES} {SIX}\ndnsupdate=yes\n"
            f"allow-dnsupdate-from=0.0.0.0/0 ::/0\nallow-axfr-ips={SECOND}\nsocket-dir={folder}\ndisable-syslog=yes\nprimary=no\n"
            # What was looked at is what is there.
            "cache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\nzone-cache-refresh-interval=0\n"
        )
        sqlite3.connect(database).executescript(Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql").read_text())
        tool = ["pdnsutil", f"--config-dir={folder}"]
        for name, held in [(ZONE, records), (OTHER, [])]:
            (folder / name).write_text(zone(held, int(time.time())).replace(ZONE, name))
            run([*tool, "load-zone", name, str(folder / name)])
        for key, (secret, kind) in KEYS.items():
            run([*tool, "import-tsig-key", key, kind, secret])
        run([*tool, "set-meta", ZONE, "TSIG-ALLOW-DNSUPDATE", "upd", "long"])
        run([*tool, "set-meta", OTHER, "TSIG-ALLOW-DNSUPDATE", "upd"])
        return ["pdns_server", f"--config-dir={folder}"]


class Lab:
    """A primary with its zone, and a secondary that asks it every two seconds."""

    count = 0

    def __init__(self, product, records, follows=True, clock=()):
        self.product, self.started = product, []
        Lab.count += 1
        for name, command in [
            (f"primary{Lab.count}", [*clock, *product.serve(self.folder(f"primary{Lab.count}"), records)]),
            (f"second{Lab.count}", self.second(self.folder(f"second{Lab.count}"), follows)),
        ]:
            start(name, command)
            self.started.append(running[-1])
        until(f"{product.name} answers", lambda: dig(NAMES, ZONE, "SOA"))
        if follows:
            until("the secondary answers", lambda: dig(SECOND, ZONE, "SOA"))

    def folder(self, name):
        folder = FOLDER / name
        folder.mkdir()
        folder.chmod(0o777)
        return folder

    def second(self, folder, follows):
        config = folder / "knot.conf"
        # One that does not follow serves what it was given.
        remote = f"remote:\n  - id: primary\n    address: {NAMES}\n    via: {SECOND}\n" if follows else ""
        master = "    master: primary\n" if follows else ""
        config.write_text(
            f"server:\n  listen: {SECOND}@53\n  rundir: {folder}\ndatabase:\n  storage: {folder}\n{remote}"
            f"zone:\n  - domain: {ZONE}\n    file: {folder}/zone\n    zonefile-sync: -1\n{master}"
        )
        if not follows:
            (folder / "zone").write_text(zone([], 1))
        return ["knotd", "-c", str(config)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.started:
            process.terminate()
            process.wait(10)
            running.remove(process)

    def holds(self, server=NAMES):
        return {line for name, kind in [("_xmpp-server._tcp", "SRV"), ("xmpp", "A"), ("xmpp", "AAAA")] for line in dig(server, f"{name}.{ZONE}", kind)}


def dig(server, name, kind):
    said = subprocess.run(
        ["dig", f"@{server}", "+norecurse", "+noall", "+answer", "+tries=1", "+time=2", name, kind], capture_output=True, text=True
    )
    return {" ".join(line.split()) for line in said.stdout.splitlines() if line and not line.startswith(";")}


def in_zone(records, ttl=3600):
    """Records of the zone as `dig` shows them."""
    def full(record):
        name, kind, *data = record.split()
        data = [f"{data[-1]}.{ZONE}." if kind == "SRV" and last and not word.endswith(".") else word for word, last in zip(data, [False] * (len(data) - 1) + [True])]
        return f"{name}.{ZONE}. {ttl} IN {kind} {' '.join(data)}"
    return {full(record) for record in records}


[FAKETIME] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
AHEAD = ["env", f"LD_PRELOAD={FAKETIME}", "FAKETIME=+2h", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
WANTED = in_zone([SERVICE, *HOST])


class Home:
    """Answers that publish, and a home folder."""

    count = 0

    def __init__(self, server=f"{NAMES}:53", key="upd", secret=None, kind=None, more="", zones="", knots_own=False):
        Home.count += 1
        self.folder = FOLDER / f"home{Home.count}"
        self.folder.mkdir()
        self.folder.chmod(0o700)
        own_secret, own_kind = KEYS.get(key, (SECRET, "hmac-sha256"))
        secret, kind = secret or own_secret, kind or own_kind
        self.key = self.folder / "tsig.key"
        bind = f'key "{key}" {{\n\talgorithm {kind};\n\tsecret "{secret}";\n}};\n'
        knot = f"# {kind}:{key}:{secret}\nkey:\n  - id: {key}\n    algorithm: {kind}\n    secret: {secret}\n"
        self.key.write_text(knot if knots_own else bind)
        self.key.chmod(0o600)
        self.answers = self.folder / "edge.toml"
        self.answers.write_text(f"""schema = 1
[server]
kind = "prosody"
[edge]
xmpp_domains = ["{ZONE}"]
host = "xmpp.{ZONE}"
addresses = ["198.51.100.7", "2001:db8::7"]
[request]
authority = "private"
[dns]
zones = ["{zones or ZONE}"]
[dns.publish]
server = "{server}"
tsig_key_file = "tsig.key"
{more}""")

    def command(self, verb, *more):
        return [BINARY, "--home", str(self.folder / "home"), verb, *more, "--resolver", f"{NAMES}:53", "--timeout", "3"]

    def apply(self, *more, ends=0):
        return run(self.command("apply", "--answers", str(self.answers), *more), ends=ends)

    def problems(self, *more, ends=0):
        said = subprocess.run(self.command("apply", "--answers", str(self.answers), "--json", *more), capture_output=True, text=True)
        if said.returncode != ends:
            fail(f"{said.returncode}: {said.stdout}{said.stderr}")
        return {problem["code"]: problem["message"] for problem in json.loads(said.stdout)["problems"]}

    def undo(self, *more, ends=0):
        return run(self.command("undo", "--yes", *more), ends=ends)

    def is_silent(self):
        """No file of the home folder, and nothing that is shown, holds the secret."""
        for file in (self.folder / "home").rglob("*"):
            check(f"{file} holds the secret", not file.is_file() or SECRET.encode() not in file.read_bytes())


def there_and_back(product):
    with Lab(product, []) as lab:
        home = Home()
        dry = home.apply("--dry-run")
        for record in WANTED:
            check(f"the dry run shows {record}: {dry}", f"+{record}" in dry)
        check(f"{product.name}, dry: {lab.holds()}", lab.holds() == set() and not (home.folder / "home").exists())
        done = home.apply()
        check(f"{product.name}: {lab.holds()}", lab.holds() == WANTED)
        # What is proved is so when the run ends.
        check(f"{product.name}, secondary: {lab.holds(SECOND)}", lab.holds(SECOND) == WANTED)
        check(f"nothing is held back: {done}", SECRET not in done)
        home.is_silent()
        serial = dig(NAMES, ZONE, "SOA")
        again = home.apply()
        check(f"{product.name}, again: {again}", NOTHING in again and dig(NAMES, ZONE, "SOA") == serial)
        # What nobody wants any more goes, and comes back.
        answers = home.answers.read_text()
        home.answers.write_text(answers.replace(', "2001:db8::7"', ""))
        home.apply()
        check(f"{product.name}, fewer: {lab.holds()}", lab.holds() == in_zone([SERVICE, HOST[0]]))
        home.undo()
        check(f"{product.name}, all again: {lab.holds()}", lab.holds() == WANTED)
        home.undo()
        check(f"{product.name}, back: {lab.holds()}", lab.holds() == set() and lab.holds(SECOND) == set())
        # Another key of another kind, over IPv6, in the file that Knot writes.
        home = Home(server=f"[{SIX}]:53", key="long", knots_own=True)
        home.apply()
        check(f"{product.name}, over IPv6: {lab.holds()}", lab.holds() == WANTED)
        home.undo()
    print(f"{product.name}: there and back", flush=True)


def over_others(product):
    others = ["_xmpp-server._tcp SRV 5 5 5269 old", "_xmpp-server._tcp SRV 0 0 5269 xmpp", "xmpp 60 A 198.51.100.8", "old A 198.51.100.9"]
    was = in_zone(others[:2]) | in_zone(["xmpp A 198.51.100.8"], 60)
    with Lab(product, others) as lab:
        home = Home()
        problems = home.problems("--dry-run")
        check(f"what goes is named: {problems}", "198.51.100.8" in problems["zone-replaces"] and "old." in problems["zone-replaces"])
        home.apply()
        check(f"{product.name}, over others: {lab.holds()}", lab.holds() == WANTED)
        home.undo()
        check(f"{product.name}, others back: {lab.holds()}", lab.holds() == was)
        home.apply()
        # Somebody changes one set; the others go back.
        nsupdate(f"update delete xmpp.{ZONE}. A", f"update add xmpp.{ZONE}. 60 A 198.51.100.99")
        said = home.undo()
        check(f"{product.name}, changed since: {said}", "A records of xmpp" in said and "stay" in said)
        check(f"{product.name}, changed since: {lab.holds()}", lab.holds() == in_zone(others[:2]) | in_zone(["xmpp A 198.51.100.99"], 60))
    with Lab(product, ["* A 198.51.100.66"]) as lab:
        said = Home().problems(ends=1)
        check(f"{product.name}, wildcard: {said}", "a wildcard of the zone answers" in said["zone-failed"])
    with Lab(product, ["xmpp CNAME old", "old A 198.51.100.9"]) as lab:
        home = Home()
        check(f"{product.name}, alias: {home.problems(ends=1)}", "zone-alias" in home.problems(ends=1))
        check(f"nothing is done: {lab.holds()}", not any("SRV" in line for line in lab.holds()))
    print(f"{product.name}: over others", flush=True)


def nsupdate(*lines):
    key = f"hmac-sha256:upd:{SECRET}"
    text = "\n".join([f"server {NAMES}", f"zone {ZONE}.", *lines, "send\n"])
    run(["nsupdate", "-y", key], input=text)


def refused(product):
    """Each refusal is told by what it says; nothing changes."""
    with Lab(product, []) as lab:
        both = "refuses the key"
        for what, home, word in [
            ("wrong secret", Home(secret=KEYS["other"][0]), "BADSIG" if product.says_why else both),
            ("unknown key", Home(key="nobody"), "BADKEY" if product.says_why else both),
            ("no right", Home(key="other"), "BADKEY" if product.name == "Knot" else "REFUSED"),
        ]:
            is_refused(product, lab, what, home, word)
        # A zone that it does not hold: the names of the records end in it.
        home = Home(zones="example.org")
        said = home.problems(ends=1)
        check(f"{product.name}, foreign zone: {said}", "NOTAUTH" in said.get("zone-failed", ""))
        check(f"{product.name}, foreign zone: {lab.holds()}", lab.holds() == set())
    # A clock that is two hours ahead; BIND does not start with it (libfaketime, jemalloc).
    if product.name != "BIND":
        with Lab(product, [], follows=False, clock=AHEAD) as lab:
            is_refused(product, lab, "another clock", Home(), "BADTIME" if product.says_why else both)
    print(f"{product.name}: refusals told apart", flush=True)


def is_refused(product, lab, what, home, word):
    said = home.problems(ends=1)
    check(f"{product.name}, {what}: {said}", word in said.get("zone-failed", ""))
    check(f"{product.name}, {what}: {lab.holds()}", lab.holds() == set())
    home.is_silent()
    # What was not done needs nothing to take it back, and does not come back.
    home.undo()
    check(f"{product.name}, {what}, undone: {lab.holds()}", lab.holds() == set())


class Middle:
    """Stands between: passes questions on, and does with an update what it is told."""

    def __init__(self):
        self.update = lambda wire: self.ask(wire)
        self.seen = 0
        self.silent = False
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((MIDDLE, 53))
        tcp = socket.create_server((MIDDLE, 53))
        threading.Thread(target=self.pass_questions, args=(udp,), daemon=True).start()
        threading.Thread(target=self.pass_updates, args=(tcp,), daemon=True).start()

    def pass_questions(self, udp):
        while True:
            wire, who = udp.recvfrom(65535)
            if self.silent:
                continue
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
                there.settimeout(3)
                there.sendto(wire, (NAMES, 53))
                try:
                    udp.sendto(there.recv(65535), who)
                except TimeoutError:
                    pass

    def pass_updates(self, tcp):
        while True:
            here, _ = tcp.accept()
            with here:
                length = here.recv(2, socket.MSG_WAITALL)
                if len(length) < 2:
                    continue
                wire = here.recv(struct.unpack("!H", length)[0], socket.MSG_WAITALL)
                self.seen += 1
                answer = self.update(wire)
                if answer:
                    try:
                        here.sendall(struct.pack("!H", len(answer)) + answer)
                    except OSError:
                        pass

    def ask(self, wire):
        with socket.create_connection((NAMES, 53)) as there:
            there.sendall(struct.pack("!H", len(wire)) + wire)
            length = struct.unpack("!H", there.recv(2, socket.MSG_WAITALL))[0]
            return there.recv(length, socket.MSG_WAITALL)


def between(product, middle):
    """Overtaken, lost, forged, cut off."""
    with Lab(product, []) as lab:
        home = Home(server=MIDDLE)

        def overtaken(wire):
            nsupdate(f"update add xmpp.{ZONE}. 60 A 198.51.100.99")
            return middle.ask(wire)

        middle.update = overtaken
        said = home.problems(ends=1)
        check(f"{product.name}, overtaken: {said}", "somebody changed" in said["zone-failed"])
        check(f"{product.name}, overtaken: {lab.holds()}", lab.holds() == in_zone(["xmpp A 198.51.100.99"], 60))
        nsupdate(f"update delete xmpp.{ZONE}. A")

        middle.update = lambda wire: bytes([wire[0], wire[1], 0xA8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        said = home.problems(ends=1)
        check(f"{product.name}, forged: {said}", "not signed" in said["zone-failed"])
        check(f"{product.name}, forged: {lab.holds()}", lab.holds() == set())

        def altered(wire):
            answer = bytearray(middle.ask(wire))
            answer[-20] ^= 1
            return bytes(answer)

        middle.update = altered
        said = home.problems(ends=1)
        check(f"{product.name}, another signature: {said}", "not signed" in said["zone-failed"])
        # It was done all the same: the next run finds that, and the run that did it can be taken back.
        check(f"{product.name}, done: {lab.holds()}", lab.holds() == WANTED)
        middle.update = middle.ask
        check("there already", NOTHING in home.apply())
        home.undo()
        check(f"{product.name}, back: {lab.holds()}", lab.holds() == set())

        def lost(wire):
            middle.ask(wire)
            middle.silent = True

        home = Home(server=MIDDLE)
        middle.update = lost
        said = home.problems(ends=1)
        check(f"{product.name}, lost: {said}", "may or may not" in said["zone-failed"])
        middle.silent, middle.update = False, middle.ask
        check(f"{product.name}, lost and done: {lab.holds()}", lab.holds() == WANTED)
        home.apply()
        home.undo()
        check(f"{product.name}, lost and back: {lab.holds()}", lab.holds() == set())

        for what, does_reach in [("before it arrives", False), ("after it was done", True)]:
            home = Home(server=MIDDLE)
            process = None

            def cut(wire, does_reach=does_reach):
                if does_reach:
                    middle.ask(wire)
                process.kill()

            middle.update = cut
            process = subprocess.Popen(home.command("apply", "--answers", str(home.answers)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            check(f"killed: {process.wait(30)}", process.returncode == -9)
            middle.update = middle.ask
            # Either way is open: on, and back.
            for on in [True, False]:
                if on:
                    home.apply()
                    check(f"{product.name}, killed {what}, on: {lab.holds()}", lab.holds() == WANTED)
                while "There is no run" not in (said := home.undo()):
                    pass
                check(f"{product.name}, killed {what}, back: {lab.holds()}", lab.holds() == set())
        middle.silent = True
        home = Home(server=MIDDLE)
        said = home.problems(ends=1)
        check(f"{product.name}, silent: {said}", "did not answer in time" in said["zone-unanswered"])
        check("all else is done", (home.folder / "home/out/dns").exists())
        middle.silent = False
        home.apply()
        check(f"{product.name}, no longer: {lab.holds()}", lab.holds() == WANTED)
    print(f"{product.name}: overtaken, forged, lost, cut off", flush=True)


def lagging():
    with Lab(Knot(), [], follows=False) as lab:
        home = Home()
        said = home.problems(ends=1)
        check(f"who lags is named: {said}", f"second.{ZONE}" in said["zone-behind"])
        check(f"published: {lab.holds()}", lab.holds() == WANTED)
        lab.started[1].terminate()
        lab.started[1].wait(10)
        said = home.apply()
        check(f"one that is silent is named: {said}", f"second.{ZONE} did not answer" in said or NOTHING in said)
    print("who lags is named", flush=True)


def zones():
    """Each zone its own server and key."""
    with Lab(Bind(), []) as lab:
        more = f'[[dns.publish.zone]]\nname = "{OTHER}"\nserver = "{MIDDLE}"\n'
        home = Home(more=more, zones=f'{ZONE}", "{OTHER}')
        home.answers.write_text(home.answers.read_text().replace(f'xmpp_domains = ["{ZONE}"]', f'xmpp_domains = ["{ZONE}", "{OTHER}"]'))
        home.apply()
        check(f"own zone: {lab.holds()}", lab.holds() == WANTED)
        there = dig(NAMES, f"_xmpp-server._tcp.{OTHER}", "SRV")
        check(f"other zone: {there}", there == {f"_xmpp-server._tcp.{OTHER}. 3600 IN SRV 0 0 5269 xmpp.{ZONE}."})
        home.undo()
        check("both back", lab.holds() == set() and dig(NAMES, f"_xmpp-server._tcp.{OTHER}", "SRV") == set())
        home.key.chmod(0o644)
        check("a key that others may read", "secret-open" in home.problems(ends=1))
        home.key.chmod(0o600)
        home.key.write_text(home.key.read_text().replace("sha256", "md5"))
        check("a key of an old kind", "hmac-md5" in home.problems(ends=1)["tsig-key"])
    print("zones and keys told apart", flush=True)


def main():
    set_up_the_box()
    for address in [SECOND, MIDDLE]:
        run(["ip", "address", "add", f"{address}/32", "dev", "lo"])
    run(["ip", "address", "add", f"{SIX}/128", "dev", "lo", "nodad"])
    middle = Middle()
    [product] = [product for product in [Knot(), Bind(), PowerDns()] if product.name == os.environ["EDGEWRIGHT_NAME_SERVER"]]
    there_and_back(product)
    over_others(product)
    refused(product)
    between(product, middle)
    if product.name == "BIND":
        zones()
    if product.name == "Knot":
        lagging()
    end()
    print("published", flush=True)


if __name__ == "__main__":
    main()
