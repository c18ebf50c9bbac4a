"""How long `edgewright check` takes for a domain, against `dig` and `openssl s_client` for the same facts: medians of 20 in turns.
Then for 1,000 at once, also where 100 of them are silent, and how much memory 10,000 take; they are all on one server that says the same to everybody, the example
`peer` beside BINARY.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 speed.py BINARY FOLDER
"""

import json
import os
import socket
import statistics
import subprocess
import time
from pathlib import Path

from bench import BINARY, CA, FOLDER, end, listens, start, until
from look import EDGES, OTHERS, begin, check, give, issued

PEER, ADDRESS = Path(BINARY).parent / "examples/peer", "127.0.0.5"
SILENT, PATIENCE = "127.0.0.6", 4
MANY = [f"d{number}.many.example" for number in range(10_000)]
DEAD = [f"dead{number}.many.example" for number in range(100)]
OTHERS["many.example"] = f"peer A {ADDRESS}\nsilent A {SILENT}\n" + "".join(
    f"_xmpp-server._tcp.{domain}. SRV 0 5 5269 {target}\n" for target, domains in [("peer", MANY), ("silent", DEAD)] for domain in domains
)
# How many times as fast it is to be, and how many MiB it may take.
LEAST_RATIO, MOST_MEMORY = 50, 64


def timed(command):
    began = time.perf_counter()
    done = subprocess.run(command, shell=True, capture_output=True, stdin=subprocess.DEVNULL)
    check(f"{command}: {done}", done.returncode == 0)
    return time.perf_counter() - began


def asked(domain, host, address):
    """What tells the same facts of a domain."""
    return [
        f"dig +short SRV _xmpp-server._tcp.{domain}",
        f"dig +short A {host}",
        f"dig +short AAAA {host}",
        f"openssl s_client -starttls xmpp-server -xmpphost {domain} -connect {address}:5269 -CAfile {CA}/root.pem",
    ]


def looked_at(domains):
    """The seconds that a look at them takes, and the MiB."""
    found = FOLDER / "found.json"
    began = time.perf_counter()
    with open(found, "wb") as out:
        process = subprocess.Popen([BINARY, "check", *domains, "--json", "--ca-file", str(CA / "root.pem")], stdout=out)
        _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    check(f"{len(domains)} domains: {status}", status == 0)
    check("each is found good, in its turn", [(one["domain"], one["ok"]) for one in json.loads(found.read_text())["domains"]] == [(domain, True) for domain in domains])
    return took, used.ru_maxrss / 1024


def many():
    folder = issued("many.example", name="*.many.example")
    start("peer", [str(PEER), f"{ADDRESS}:5269", str(folder / "chain.pem"), str(folder / "key.pem")])
    until("the peer listens", lambda: listens(ADDRESS))
    # In turns, so that what else the machine does slows both.
    both = [(looked_at(MANY[:1000])[0], 50 * sum(sum(map(timed, asked(domain, "peer.many.example", ADDRESS))) for domain in MANY[:20])) for _ in range(5)]
    ours, theirs = (statistics.median(column) for column in zip(*both))
    few, _ = looked_at(MANY[:100])
    took, memory = looked_at(MANY)
    print(f"many: {few * 10:.1f} ms each of 100, {took / 10:.1f} ms each of 10,000", flush=True)
    print(f"many: check of 1,000 {ours:.2f} s, dig and openssl {theirs:.0f} s, {theirs / ours:.0f} times; of 10,000 {took:.1f} s, {memory:.0f} MiB", flush=True)
    check(f"{LEAST_RATIO} times as fast", theirs / ours >= LEAST_RATIO)
    check(f"in {MOST_MEMORY} MiB", memory < MOST_MEMORY)


def dead_ones():
    """Those that say nothing cost one deadline, however many they are."""
    server = socket.create_server((SILENT, 5269), backlog=len(DEAD))
    domains = [name for number in range(100) for name in [*MANY[9 * number : 9 * number + 9], DEAD[number]]]
    found = FOLDER / "dead.json"
    began = time.perf_counter()
    with open(found, "wb") as out:
        ended = subprocess.run([BINARY, "check", *domains, "--json", "--timeout", str(PATIENCE), "--ca-file", str(CA / "root.pem")], stdout=out).returncode
    took = time.perf_counter() - began
    server.close()
    check("who is silent is told", [one["ok"] for one in json.loads(found.read_text())["domains"]] == [name not in DEAD for name in domains])
    print(f"many: check of 1,000 of which 100 are silent {took:.2f} s, the deadline is {PATIENCE} s", flush=True)
    check(f"one deadline: {took}, {ended}", took < 2 * PATIENCE and ended == 3)


def main():
    begin()
    for server, (domain, address) in EDGES.items():
        give(server, issued(domain))
        time.sleep(1)
        theirs = asked(domain, f"xmpp.{domain}", address)
        ours = f"{BINARY} check {domain} --json --ca-file {CA}/root.pem"
        both = [(timed(ours), sum(map(timed, theirs))) for _ in range(20)]
        ours, theirs = (statistics.median(column) * 1000 for column in zip(*both))
        print(f"{server}: check {ours:.0f} ms, dig and openssl {theirs:.0f} ms, ratio {ours / theirs:.2f}", flush=True)
    many()
    dead_ones()
    end()


if __name__ == "__main__":
    main()
