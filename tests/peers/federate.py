"""A Prosody and an ejabberd federate with what Edgewright puts into service, and nothing else.

What their administrators did is in `own_part`. Says what it sees; ends with 1 where something is not as it should be.
"""

import json
import re
import subprocess
from pathlib import Path

from bench import Edge, end, found_authority, own_part, run, serve_zones, served, set_up_the_box, start_servers, until


def ejabberd_log():
    return Path("/var/log/ejabberd/ejabberd.log").read_text(errors="replace")


def talk(word):
    """A message from ejabberd's user to Prosody's, and a question with its answer the other way."""
    run(["ejabberdctl", "send_message", "chat", "u@beta.example", "u@alpha.example", "", word])
    inbox = Path("/var/lib/prosody/alpha%2eexample/offline/u.list")
    until(f"the message {word} is there", lambda: inbox.exists() and word in inbox.read_text())
    answer = until("alpha.example asks beta.example", lambda: ping())
    print("answered:", answer.strip().splitlines()[-1])


def ping():
    done = subprocess.run(["prosodyctl", "shell", "xmpp", "ping", "alpha.example", "beta.example"], capture_output=True, text=True, timeout=30)
    return done.stdout if "pong" in done.stdout.lower() or "OK" in done.stdout else ""


def methods():
    """How the streams were authenticated, as ejabberd logged it."""
    found = re.findall(r"Accepted (inbound|outbound) s2s (\S+) authentication", ejabberd_log())
    return sorted(set(found))


def prosody_streams(host):
    """How the streams of a host of Prosody were authenticated, as our module tells."""
    said = run(["prosodyctl", "shell", f"> prosody.hosts['{host}'].modules.edgewright_1.module.streams()"])
    streams = json.loads(re.search(r"\[.*\]", said).group())
    return sorted({(stream["direction"], stream["way"]) for stream in streams})


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
    until(f"by certificate both ways, and in no other: {methods()}", lambda: methods() == both)
    print("ejabberd:", methods())
    print("Prosody:", prosody_streams("alpha.example"))

    for edge in [a, b]:
        before = edge.serial()
        edge.edgewright("renew")
        edge.certificate()
        assert served(edge.domain, edge.address) == edge.serial() != before
        status = edge.edgewright("status", "--look", "--json")
        assert '"enforced": true' in status and '"attention": []' in status, status
    talk("after-renewal")
    print("renewed")

    for edge in [a, b]:
        edge.edgewright("undo", "--yes")
        until(f"{edge.domain} serves the earlier certificate", lambda: served(edge.domain, edge.address) == edge.serial())
    talk("after-undo")
    print("undone")
    end()


main()
