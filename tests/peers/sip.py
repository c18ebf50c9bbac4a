"""`edgewright check` looks at what the SIP records of our own domains lead to, which a real Knot serves and real OpenSSL listens at.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 sip.py BINARY FOLDER
"""

import json
import shutil
import subprocess

from bench import BINARY, CA, FOLDER, NAMES, end, fail, found_authority, run, set_up_the_box, start, until
from look import issued

RECORDS = "_sipfederationtls._tcp SRV 0 0 5061 sip\n_sip._tls SRV 0 0 443 sip\nsip A {address}\n"
GOOD = {("srv-found", True), ("address-found", True), ("address-private", None), ("tcp-connected", True), ("certificate-good", True)}
AGREED = GOOD | {("tls-agreed", True)}
# What each of our domains publishes, what its certificate is like, how OpenSSL is told to listen at its address, and what is
# found; none listens where there is no certificate.
CASES = {
    "good": (RECORDS, {}, "", AGREED),
    "name": (RECORDS, {"name": "name.example"}, "", (AGREED - {("certificate-good", True)}) | {("certificate-other-name", False)}),
    "old": (RECORDS, {"ends": "20200201000000Z"}, "", (AGREED - {("certificate-good", True)}) | {("certificate-expired", False)}),
    "itself": (RECORDS, {"by": "itself"}, "", (AGREED - {("certificate-good", True)}) | {("certificate-self-signed", False)}),
    "servers": (RECORDS, {"usages": "serverAuth"}, "", AGREED),
    "mutual": (RECORDS, {}, "-tls1_2 -Verify 1", GOOD | {("tls-mutual", True)}),
    "mutual3": (RECORDS, {}, "-tls1_3 -Verify 1", AGREED),
    "weak": (RECORDS, {}, "-tls1_1 -cipher ALL:@SECLEVEL=0", {("srv-found", True), ("address-found", True), ("address-private", None), ("tcp-connected", True), ("tls-old", False)}),
    "away": (RECORDS.replace("SRV 0 0 5061 sip", "SRV 0 0 5061 sip.good.example."), {}, "", AGREED | {("sip-elsewhere", False)}),
    "nobody": (RECORDS, None, "", {("srv-found", True), ("address-found", True), ("address-private", None), ("broken", False)}),
    "none": ("", None, "", {("sip-federation-none", False), ("sip-clients-none", False)}),
    "half": (RECORDS.replace("_sip._tls", "_other._tls"), {}, "", AGREED | {("sip-clients-none", False)}),
    "port": (RECORDS.replace("5061", "5061 sip\n_sipfederationtls._tcp SRV 0 0 5062"), {}, "", AGREED | {("sip-port", None), ("broken", False)}),
    "alias": (RECORDS.replace("sip A", "sip CNAME edge\nedge A"), {}, "", AGREED | {("address-alias", False)}),
}
ANSWERS = """schema = 1
[server]
kind = "lync"
[edge]
access = "sip.good.example"
sip_domains = [{domains}]
xmpp_domains = [{xmpp}]
"""


def check(what, holds):
    if not holds:
        fail(what)


def address_of(name):
    return f"127.0.1.{list(CASES).index(name) + 1}"


def serve_names():
    zones = FOLDER / "zones"
    zones.mkdir()
    config = f"server:\n  listen: {NAMES}@53\n  rundir: {zones}\ndatabase:\n  storage: {zones}\nzone:\n"
    for name, (records, *_) in CASES.items():
        zone = f"$ORIGIN {name}.example.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {NAMES}\n"
        (zones / f"{name}.zone").write_text(zone + records.format(address=address_of(name)))
        config += f"  - domain: {name}.example\n    file: {zones}/{name}.zone\n"
    (zones / "knot.conf").write_text(config)
    start("knot", ["knotd", "-c", str(zones / "knot.conf")])


def listen():
    for name, (_, certificate, how, _) in CASES.items():
        if certificate is None:
            continue
        domain = f"{name}.example"
        folder = FOLDER / "pairs" / name
        shutil.copytree(issued(domain, **{"name": f"sip.{domain}", **certificate}), folder)
        pair = ["-cert", str(folder / "chain.pem"), "-key", str(folder / "key.pem")]
        for port in [5061, 443]:
            start(f"{name}-{port}", ["openssl", "s_server", "-accept", f"{address_of(name)}:{port}", *pair, "-www", *how.split()])
            until(f"{name} listens", lambda: f"{address_of(name)}:{port} " in run("ss -ltn"))


def look(*what, ends=3):
    command = [BINARY, "--home", str(FOLDER / "home"), "check", *what, "--json", "--ca-file", str(CA / "root.pem"), "--timeout", "5"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != ends:
        fail(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return {domain["domain"]: domain for domain in json.loads(done.stdout)["domains"]}


def of_sip(domain):
    return [step for step in domain["steps"] if step["step"] == "sip"]


def codes(steps):
    return {(step["code"], step["ok"]) for step in steps}


def own(answers):
    """Domains of our own: what is wrong is, and nothing is asked but SIP, and who may issue."""
    all_of_them = look("--answers", answers)
    check(f"all: {list(all_of_them)}", list(all_of_them) == [f"{name}.example" for name in CASES])
    for name, (*_, expected) in CASES.items():
        domain = all_of_them[f"{name}.example"]
        check(f"{name}: {domain}", codes(of_sip(domain)) == expected)
        check(f"{name}, nothing else: {domain}", {step["step"] for step in domain["steps"]} <= {"sip", "caa"})
        is_right = all(ok is not False for _, ok in expected)
        check(f"{name} as a whole: {domain}", domain["ok"] is is_right)
        check(f"{name}, by XMPP: {domain}", domain["methods"] == {"to_partner": "unknown", "from_partner": "unknown"})
    targets = {step["target"] for step in of_sip(all_of_them["good.example"])}
    address = address_of("good")
    expected = {"_sipfederationtls._tcp.good.example", "_sip._tls.good.example", "sip.good.example", f"{address}:5061", f"{address}:443"}
    check(f"both services: {targets}", targets == expected)
    look("good.example", "--answers", answers, ends=0)
    text = subprocess.run([BINARY, "check", "old.example", "--answers", answers], capture_output=True, text=True).stdout
    check(f"as text: {text}", "WRONG  SIP certificate" in text and "expired on 2020-02-01" in text and "To old.example" not in text)


def own_by_both(answers):
    """Where XMPP is meant to be as well, SIP alone is not enough."""
    domain = look("good.example", "--answers", answers)["good.example"]
    check(f"without XMPP: {domain}", ("sip-only", None) in codes(of_sip(domain)) and domain["ok"] is False)


def others():
    """Domains of others that are named: it is said, and never wrong."""
    found = look("good.example", "old.example", "none.example")
    for name, expected in [("good", AGREED), ("old", CASES["old"][3])]:
        seen = codes(of_sip(found[f"{name}.example"]))
        said = {(code, ok or None) for code, ok in expected} | {("sip-only", None)}
        check(f"another's {name}: {found}", seen == said)
    check(f"another's none: {found}", of_sip(found["none.example"]) == [])


def main():
    set_up_the_box()
    found_authority()
    serve_names()
    listen()
    named = ", ".join(f'"{name}.example"' for name in CASES)
    for file, xmpp in [("sip.toml", ""), ("both.toml", '"good.example"')]:
        (FOLDER / file).write_text(ANSWERS.format(domains=named, xmpp=xmpp))
    until("Knot answers", lambda: of_sip(look("--answers", str(FOLDER / "sip.toml"))["half.example"]))
    own(str(FOLDER / "sip.toml"))
    print("own seen", flush=True)
    own_by_both(str(FOLDER / "both.toml"))
    print("both seen", flush=True)
    others()
    print("others seen", flush=True)
    end()


if __name__ == "__main__":
    main()
