"""How long `edgewright check` takes for a domain, against `dig` and `openssl s_client` for the same facts: medians of 20 in turns.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 speed.py BINARY FOLDER
"""

import statistics
import subprocess
import time

from bench import BINARY, CA, end
from look import EDGES, begin, check, give, issued


def timed(command):
    began = time.perf_counter()
    done = subprocess.run(command, shell=True, capture_output=True, stdin=subprocess.DEVNULL)
    check(f"{command}: {done}", done.returncode == 0)
    return time.perf_counter() - began


def main():
    begin()
    for server, (domain, address) in EDGES.items():
        give(server, issued(domain))
        time.sleep(1)
        theirs = [
            f"dig +short SRV _xmpp-server._tcp.{domain}",
            f"dig +short A xmpp.{domain}",
            f"dig +short AAAA xmpp.{domain}",
            f"openssl s_client -starttls xmpp-server -xmpphost {domain} -connect {address}:5269 -CAfile {CA}/root.pem",
        ]
        ours = f"{BINARY} check {domain} --json --ca-file {CA}/root.pem"
        both = [(timed(ours), sum(map(timed, theirs))) for _ in range(20)]
        ours, theirs = (statistics.median(column) * 1000 for column in zip(*both))
        print(f"{server}: check {ours:.0f} ms, dig and openssl {theirs:.0f} ms, ratio {ours / theirs:.2f}", flush=True)
    end()


if __name__ == "__main__":
    main()
