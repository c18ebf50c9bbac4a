"""A Prosody and an ejabberd federate with what Edgewright puts into service, and nothing else.

What their administrators did is in `own_part`. Says what it sees; ends with 1 where something is not as it should be. With
`EDGEWRIGHT_LONG` the certificates are switched twenty times.
"""

import json
import os
import re
import subprocess
import time
from pathlib import Path

from bench import Edge, end, fail, found_authority, own_part, run, serve_zones, served, set_up_the_box, start_servers, until
from load import Load

SWITCHES = 20 if "EDGEWRIGHT_LONG" in os.environ else 1


def ejabberd_log():
    return Path("/var/log/ejabberd/ejabberd.log").read_text(errors="replace")


def message(word):
    """A message from ejabberd's user to Prosody's."""
    run(["ejabberdctl", "send_message", "chat", "u@beta.example", "u@alpha.example", "", word])
    inbox = Path("/var/lib/prosody/alpha%2eexample/offline/u.list")
    until(f"the message {word} is there", lambda: inbox.exists() and word in inbox.read_text())


def ping():
    """What Prosody's question and ejabberd's answer come to, if they come to anything."""
    done = subprocess.run(["prosodyctl", "shell", "xmpp", "ping", "alpha.example", "beta.example"], capture_output=True, text=True, timeout=30)
    return done.stdout if "pong" in done.stdout.lower() or "OK" in done.stdout else ""


def talk(word):
    """Both ways."""
    message(word)
    print("answered:", until("alpha.example asks beta.example", ping).strip().splitlines()[-1])


def accepted():
    """How each stream was authenticated, as ejabberd logged it."""
    return re.findall(r"Accepted (inbound|outbound) s2s (\S+) authentication", ejabberd_log())


def prosody_streams(*what):
    """What our module tells of the streams of Prosody's host."""
    said = run(["prosodyctl", "shell", "> prosody.hosts['alpha.example'].modules.edgewright_1.module.streams()"])
    streams = json.loads(re.search(r"\[.*\]", said).group())
    return sorted({tuple(stream[part] for part in what) for stream in streams})


def switched(edges):
    """Certificates come and go while people talk, and no stream notices."""
    streams, authenticated = prosody_streams("id"), len(accepted())
    serials = {edge: [edge.serial()] for edge in edges}
    took = []
    with Load(*edges):
        for _ in range(SWITCHES):
            for edge in edges:
                edge.edgewright("renew")
                began = time.monotonic()
                edge.certificate()
                took.append(time.monotonic() - began)
                assert served(edge.domain, edge.address) == edge.serial() not in serials[edge]
                serials[edge].append(edge.serial())
        print(f"renewed {SWITCHES} times, each in {min(took):.1f} to {max(took):.1f} s")
        for edge in edges:
            status = edge.edgewright("status", "--look", "--json")
            assert '"enforced": true' in status and '"attention": []' in status, status
        # Prosody's partner looked at it, and showed its certificate.
        authenticated += 1
        for _ in range(SWITCHES):
            for edge in edges:
                edge.edgewright("undo", "--yes")
                serials[edge].pop()
                assert served(edge.domain, edge.address) == edge.serial() == serials[edge][-1]
                # The run that made the request.
                edge.edgewright("undo", "--yes")
        print(f"undone {SWITCHES} times")
    if prosody_streams("id") != streams or len(accepted()) != authenticated:
        fail(f"other streams than before: {streams} {prosody_streams('id')} {accepted()}")
    print("streams that stayed up:", len(streams))


def main():
    set_up_the_box()
    found_authority()
    own_part()
    strict = 'sasl = "required"\ndialback = false\n'
    a = Edge("prosody", "alpha.example", "127.0.0.2", "beta.example", strict)
    b = Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example", strict)
    for edge in [a, b]:
        waits = edge.edgewright("apply", "--answers", str(edge.answers))
        assert "server-waits" in waits, waits
        edge.certificate()
    serve_zones([a, b])
    start_servers()
    for edge in [a, b]:
        edge.edgewright("apply")
        assert served(edge.domain, edge.address) == edge.serial()
        again = edge.edgewright("apply")
        assert "Nothing to do." in again, again
    run(["ejabberdctl", "register", "u", "beta.example", "secret"])
    run(["prosodyctl", "register", "u", "alpha.example", "secret"])
    talk("first-light")
    both = [("inbound", "EXTERNAL"), ("outbound", "EXTERNAL")]
    until(f"by certificate both ways, and in no other: {accepted()}", lambda: sorted(accepted()) == both)
    print("ejabberd:", sorted(accepted()))
    print("Prosody:", prosody_streams("direction", "way"))

    switched([a, b])
    end()


if __name__ == "__main__":
    main()
