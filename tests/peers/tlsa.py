"""The key in use stands in the DNS as a TLSA record of a zone that a real Knot signs: the next one's record comes first, is waited
for, then switched to, then the old one goes; where the zone is not signed it is said, and nothing is published.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 tlsa.py BINARY FOLDER
"""

import re
import socket
import subprocess
import threading
from datetime import datetime, timedelta

from bench import BINARY, CA, FOLDER, NAMES, end, fail, found_authority, run, set_up_the_box, start, until

SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTAxMjM="
MIDDLE = "192.0.2.56"
SIGNED, UNSIGNED = "secure.test", "plain.test"
TTL = 300
ANSWERS = """schema = 1
[server]
kind = "{server}"
[edge]
xmpp_domains = ["{zone}"]
host = "{name}.{zone}"
addresses = ["198.51.100.7"]
[request]
authority = "private"
file = "edge.req"
[dns]
zones = ["{zone}"]
ttl = {ttl}
tlsa = true
"""
PUBLISH = f"""[dns.publish]
server = "{NAMES}"
tsig_key_file = "tsig.key"
"""


def check(what, holds):
    if not holds:
        fail(what)


def serve_names():
    """A root of its own, and below it a zone that is signed and one that is not; both take signed updates."""
    folder = FOLDER / "zones"
    folder.mkdir()
    config = folder / "knot.conf"
    zones = [".", "test", SIGNED, UNSIGNED]
    config.write_text(
        f"server:\n  listen: {NAMES}@53\n  rundir: {folder}\ndatabase:\n  storage: {folder}\n"
        f"key:\n  - id: upd\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
        f"  - id: narrow\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
        "acl:\n  - id: upd\n    key: upd\n    action: update\n"
        "  - id: narrow\n    key: narrow\n    action: update\n    update-type: [A, AAAA, SRV]\n"
        "policy:\n  - id: manual\n    manual: on\n    single-type-signing: on\n"
        "template:\n  - id: default\n    zonefile-sync: -1\n    zonefile-load: difference\n    acl: [upd, narrow]\nzone:\n"
        + "".join(f"  - domain: {zone}\n    file: {folder}/{zone}.zone\n" + ("" if zone == UNSIGNED else "    dnssec-signing: on\n    dnssec-policy: manual\n") for zone in zones)
    )
    keymgr = ["keymgr", "-c", str(config)]
    written = {zone: f"$TTL {TTL}\n@ SOA ns.test. hostmaster.test. 1 60 60 60 {TTL}\n@ NS ns.test.\n" for zone in zones}
    written["test"] += f"ns A {NAMES}\n{UNSIGNED}. NS ns.test.\n"
    for zone in zones[:-1]:
        run([*keymgr, zone, "generate", "algorithm=ecdsap256sha256", "ksk=yes", "zsk=yes"])
    for zone, above in [("test", "."), (SIGNED, "test")]:
        digest = run([*keymgr, zone, "ds"]).splitlines()[0].split(" DS ")[1]
        written[above] += f"{zone}. NS ns.test.\n{zone}. DS {digest}\n"
    for zone, records in written.items():
        (folder / f"{zone}.zone").write_text(f"$ORIGIN {zone.strip('.')}.\n{records}")
    (FOLDER / "root.key").write_text(run([*keymgr, ".", "dnskey"]))
    start("knot", ["knotd", "-c", str(config)])
    until("Knot answers", lambda: dig(SIGNED, "SOA"))


def dig(name, kind):
    command = ["dig", f"@{NAMES}", "+norecurse", "+noall", "+answer", "+tries=1", "+time=2", name, kind]
    said = subprocess.run(command, capture_output=True, text=True).stdout
    lines = [line.split() for line in said.splitlines() if not line.startswith(";")]
    return {" ".join(line[4:]).upper() for line in lines if line[3] == kind}


class Home:
    def __init__(self, server, zone, publish=PUBLISH, name="home"):
        self.host = f"{name}.{zone}"
        self.folder = FOLDER / f"{server}-{zone}-{name}"
        self.folder.mkdir(mode=0o700)
        key = self.folder / "tsig.key"
        key.touch(mode=0o600)
        key.write_text(f'key "upd" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n')
        self.answers = self.folder / "edge.toml"
        self.answers.write_text(ANSWERS.format(server=server, name=name, zone=zone, ttl=TTL) + publish)

    def edgewright(self, *arguments, ends=0, anchored=True):
        """What a command says; each problem with its code."""
        look = ["--resolver", f"{NAMES}:53", "--timeout", "5"]
        if anchored:
            look += ["--trust-anchor", str(FOLDER / "root.key")]
        looks = arguments[0] in ["apply", "plan", "undo"] or "--look" in arguments
        command = [BINARY, "--home", str(self.folder / "home"), *arguments, *(look if looks and "--list" not in arguments else [])]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode != ends:
            fail(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def apply(self, ends=0):
        return self.edgewright("apply", "--answers", str(self.answers), ends=ends)

    def issued(self, number):
        """The authority answers a request."""
        certificate = str(self.folder / f"{number}.crt")
        request = str(self.folder / f"home/requests/{number}/request.pem")
        run(["openssl", "x509", "-req", "-in", request, "-CA", "root.pem", "-CAkey", "root.key", "-days", "90", "-copy_extensions", "copyall", "-out", certificate], cwd=CA)
        return certificate

    def complete(self, certificate, ends=0):
        arguments = ["complete", "--certificate", certificate, "--ca-file", str(CA / "root.pem")]
        return self.edgewright(*arguments, ends=ends)

    def is_older(self, seconds):
        """Nobody waits for minutes: what was done, was done so much earlier."""
        journal = self.folder / "home/journal.jsonl"

        def earlier(time):
            # Python reads microseconds at most.
            moment = datetime.fromisoformat(time[1][:19]) - timedelta(seconds=seconds)
            return f'"time":"{moment.isoformat()}{time[1][19:]}"'

        journal.write_text(re.sub('"time":"([^"]*)"', earlier, journal.read_text()))

    def number_of(self, run):
        """The number of the run that stands and did that."""
        [line] = [line for line in self.edgewright("undo", "--list").splitlines() if run in line and "undone" not in line]
        return line.split()[0]

    def current(self):
        return (self.folder / "home/current").readlink().name

    def record(self, certificate):
        key = f"openssl x509 -in {certificate} -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum"
        digest = run(key).split()[0].upper()
        # As dig writes it.
        return f"3 1 1 {digest[:56]} {digest[56:]}"

    def published(self):
        return dig(f"_5269._tcp.{self.host}", "TLSA")


def in_their_time(server):
    home = Home(server, SIGNED)
    home.apply()
    check(f"before there is a pair: {home.published()}", home.published() == set())
    first = home.issued(1)
    home.complete(first)
    home.apply()
    check(f"the key in use: {home.published()}", home.published() == {home.record(first)})
    said = home.edgewright("plan", "--look")
    check(f"it is there: {said}", "TLSA" in said and "MISSING" not in said)
    check("nothing more to do", "tlsa" not in home.apply())

    home.edgewright("renew")
    second = home.issued(2)
    both = {home.record(first), home.record(second)}
    said = home.complete(second, ends=1)
    check(f"the next key is not there: {said}", "tlsa-unpublished" in said and home.current() == "1")
    check("and status says so", "tlsa-behind" in home.edgewright("status", ends=3))
    home.apply()
    check(f"both: {home.published()}", home.published() == both)
    said = home.complete(second, ends=1)
    check(f"it is to be waited for: {said}", "tlsa-early" in said and home.current() == "1")
    home.is_older(TTL + 20)
    home.complete(second, ends=1)
    home.is_older(50)
    home.complete(second)
    check(f"switched: {home.published()}", home.current() == "2" and home.published() == both)
    check("the old one is left", "tlsa-behind" in home.edgewright("status", ends=3))
    home.apply()
    check(f"the old one is gone: {home.published()}", home.published() == {home.record(second)})
    check("and all is well", "tlsa-behind" not in home.edgewright("status"))

    # Going back is refused where partners would refuse the key, and told where some may.
    switched = home.number_of("pair 2 in use")
    said = home.edgewright("undo", "--run", switched, "--yes", ends=1)
    check(f"the old key is gone: {said}", "tlsa-unpublished" in said and home.current() == "2")
    home.edgewright("undo", "--yes")
    check(f"both again: {home.published()}", home.published() == both)
    said = home.edgewright("undo", "--run", switched, "--yes", "--dry-run")
    check(f"some may not know it again yet: {said}", "warning[tlsa-early]" in said)
    home.edgewright("undo", "--run", switched, "--yes")
    check("back", home.current() == "1" and "tlsa-behind" not in home.edgewright("status"))
    home.apply()
    check(f"whoever was gone back from may come again: {home.published()}", home.published() == both)
    home.complete(second)
    home.apply()
    check(f"and on: {home.published()}", home.published() == {home.record(second)})

    # The same key goes on, so nothing is waited for.
    home.edgewright("renew", "--keep-key")
    home.complete(home.issued(3))
    check(f"the same key: {home.published()}", home.published() == {home.record(second)})
    # Back to the first pair, whose key nobody may take any more.
    home.complete(first, ends=1)
    # Who does not want them any more: what is there counts until it is gone.
    home.edgewright("renew")
    fourth = home.issued(4)
    home.answers.write_text(home.answers.read_text().replace("tlsa = true", "tlsa = false"))
    saved = home.folder / "home/answers.toml"
    saved.write_text(saved.read_text().replace("tlsa = true", "tlsa = false"))
    said = home.complete(fourth, ends=1)
    check(f"not wanted, and there: {said}", "tlsa-unpublished" in said)
    home.apply()
    check(f"none: {home.published()}", home.published() == set())
    home.complete(fourth)
    print(f"{server}: each key in its time", flush=True)


class Deaf:
    """Stands before Knot, and hands no answer to an update back."""

    def __init__(self):
        self.udp, self.tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.create_server((MIDDLE, 53))
        self.udp.bind((MIDDLE, 53))
        for ever in [self.questions, self.updates]:
            threading.Thread(target=ever, daemon=True).start()

    def questions(self):
        while True:
            wire, who = self.udp.recvfrom(65535)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
                there.sendto(wire, (NAMES, 53))
                self.udp.sendto(there.recv(65535), who)

    def updates(self):
        while True:
            here, _ = self.tcp.accept()
            with here, socket.create_connection((NAMES, 53)) as there:
                there.sendall(self.whole(here))
                there.recv(2)

    @staticmethod
    def whole(here):
        length = here.recv(2, socket.MSG_WAITALL)
        return length + here.recv(int.from_bytes(length), socket.MSG_WAITALL)


def answer_lost():
    """What may or may not be published does not count until it is looked at."""
    home = Home("prosody", SIGNED, name="lost")
    home.apply()
    home.complete(home.issued(1))
    home.apply()
    home.edgewright("renew")
    second = home.issued(2)
    Deaf()
    text = home.answers.read_text()
    home.answers.write_text(text.replace(f'server = "{NAMES}"', f'server = "{MIDDLE}"'))
    home.apply(ends=1)
    home.is_older(3600)
    check("nobody knows", "tlsa-unpublished" in home.complete(second, ends=1))
    check("though it is there", home.record(second) in home.published())
    home.answers.write_text(text)
    home.apply()
    check("now it counts, from now on", "tlsa-early" in home.complete(second, ends=1))
    home.is_older(3600)
    home.complete(second)
    home.apply()
    check(f"and all is well: {home.published()}", home.published() == {home.record(second)})
    print("answer lost: looked at again", flush=True)


def refused():
    """Whose key may not write keys is told, and is not held back for ever by what was never published."""
    home = Home("prosody", SIGNED, name="refused")
    key = home.folder / "tsig.key"
    key.write_text(key.read_text().replace("upd", "narrow"))
    home.apply()
    home.complete(home.issued(1))
    said = home.apply(ends=1)
    check(f"refused: {said}", "zone-failed" in said and home.published() == set())
    home.edgewright("renew")
    second = home.issued(2)
    check("it is wanted", "tlsa-unpublished" in home.complete(second, ends=1))
    home.answers.write_text(home.answers.read_text().replace("tlsa = true", "tlsa = false"))
    home.apply()
    home.complete(second)
    check("without", home.current() == "2")
    home.edgewright("undo", "--yes")
    check("and back", home.current() == "1")
    print("refused: said, and let go", flush=True)


def not_signed():
    home = Home("prosody", UNSIGNED)
    check("said before there is a key", "would count for nobody" in home.apply())
    home.complete(home.issued(1))
    said = home.apply()
    check(f"nobody would believe it: {said}", "tlsa-uncounted" in said and home.published() == set())
    said = home.edgewright("plan", "--look")
    check(f"so it is not missing: {said}", "MISSING" not in said)
    said = home.edgewright("status", "--look", "--confirm", "1")
    check(f"and nobody is woken for it: {said}", "record-absent" not in said)
    check("all else is published", dig(f"_xmpp-server._tcp.{UNSIGNED}", "SRV"))
    home.answers.write_text(home.answers.read_text().replace("198.51.100.7", "198.51.100.8"))
    home.apply()
    check("what else changes is published", dig(home.host, "A") == {"198.51.100.8"})
    home.edgewright("renew")
    home.complete(home.issued(2))
    # From the internet's root nothing can be told of this one.
    home = Home("prosody", SIGNED, name="unproven")
    home.apply()
    home.complete(home.issued(1))
    before = home.published()
    said = home.edgewright("apply", "--answers", str(home.answers), anchored=False)
    check(f"not known: {said}", "It is not known whether" in said and home.published() == before)
    print("not signed: said, and not published", flush=True)


def by_hand():
    home = Home("ejabberd", SIGNED, publish="", name="by-hand")
    home.apply()
    first = home.issued(1)
    home.complete(first)
    home.apply()
    fragment = home.folder / f"home/out/dns/{SIGNED}.records"
    check("it is written", home.record(first).replace(" ", "") in fragment.read_text().upper().replace(" ", ""))
    home.edgewright("renew")
    second = home.issued(2)
    said = home.complete(second)
    check(f"it is said: {said}", "tlsa-by-hand" in said and home.current() == "2")
    print("by hand: said", flush=True)


def main():
    set_up_the_box()
    run(["ip", "address", "add", f"{MIDDLE}/32", "dev", "lo"])
    found_authority()
    serve_names()
    for server in ["prosody", "ejabberd"]:
        in_their_time(server)
    answer_lost()
    refused()
    not_signed()
    by_hand()
    end()


if __name__ == "__main__":
    main()
