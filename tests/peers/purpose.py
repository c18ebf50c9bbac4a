"""Certificates for servers only, as public CAs issue them: what each side's plan says, and what then takes place. Open streams
that new settings do not allow are closed where somebody agreed to that.

Debian 12's ejabberd refuses such a certificate where another server shows it; Debian 13's does not, nor does a Prosody.
"""

import json
from pathlib import Path

from bench import TREES, Edge, end, fail, found_authority, own_part, replace, run, serve_zones, set_up_the_box, start_servers, until
from federate import ejabberd_log, message, ping, prosody_streams, talk

IS_REFUSED = not TREES["ejabberd"]
PARTNER = 'sasl = "optional"\ndialback = true\n'


def planned(edge):
    """By what the partner connects, as the plan says, and whether it says that he may refuse the certificate."""
    said = json.loads(edge.edgewright("plan", "--json").partition("\n}\n")[0] + "}")
    return said["partners"][0]["methods"], "ejabberd before 25.08 refuses it" in edge.edgewright("plan")


def check(what, found, expected):
    if found != expected:
        fail(f"{what}: {found}, not {expected}")
    print(f"{what}: {found}")


def main():
    set_up_the_box()
    found_authority()
    own_part()
    edges = [
        Edge("prosody", "alpha.example", "127.0.0.2", "beta.example", PARTNER),
        Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example", PARTNER),
    ]
    for edge in edges:
        edge.answers.write_text(edge.answers.read_text().replace("client_eku = true", "client_eku = false"))
        edge.edgewright("apply", "--answers", str(edge.answers))
        edge.certificate()
    serve_zones(edges)
    start_servers()
    for edge in edges:
        check(f"{edge.domain}, dialback allowed, planned", planned(edge), (["sasl-over-tls", "tls-dialback"], False))
        edge.edgewright("apply")
    run(["ejabberdctl", "register", "u", "beta.example", "secret"])
    run(["prosodyctl", "register", "u", "alpha.example", "secret"])
    talk("by-dialback")
    way = "tls-dialback" if IS_REFUSED else "sasl-over-tls"
    check("dialback allowed, seen", prosody_streams("direction", "way"), [("incoming", "sasl-over-tls"), ("outgoing", way)])
    purpose = "unsupported certificate purpose"
    until(f"ejabberd says why, or has no reason to: {purpose}", lambda: (purpose in ejabberd_log()) == IS_REFUSED)

    def answer(edge, was, said):
        saved = edge.home / "answers.toml"
        saved.write_text(saved.read_text().replace(was, said))

    for edge in edges:
        answer(edge, "dialback = true", "dialback = false")
        if IS_REFUSED:
            said = edge.edgewright("apply", ends=1)
            check(f"{edge.domain}, an open stream by dialback", "server-streams" in said and f"with {edge.partner}" in said, True)
    check("it stays open", prosody_streams("direction", "way"), [("incoming", "sasl-over-tls"), ("outgoing", way)])
    for edge in edges:
        answer(edge, "install = true", "install = true\ndrop_streams = true")
        check(f"{edge.domain}, dialback off, planned", planned(edge), (["sasl-over-tls"], True))
        edge.edgewright("apply")
    check("no stream by dialback", [way for way in prosody_streams("way") if way != ("sasl-over-tls",)], [])
    message("by-certificate")
    check("dialback off, from Prosody to ejabberd", bool(ping()), not IS_REFUSED)
    ways = {way for _, way in prosody_streams("direction", "way")}
    check("dialback off, seen", ways, {"sasl-over-tls"})

    if IS_REFUSED:
        for edge in edges:
            answer(edge, "dialback = false", "dialback = true")
            edge.edgewright("apply")
        check("dialback allowed again, from Prosody to ejabberd", bool(ping()), True)
        for edge in edges:
            edge.edgewright("undo", "--yes")
        check("undone, no stream by dialback", [way for way in prosody_streams("way") if way != ("sasl-over-tls",)], [])
        message("after-undo")

    # With another module come other streams, whatever these were allowed.
    answer(edges[1], "drop_streams = true", "drop_streams = false")
    source = Path("/var/lib/ejabberd/.ejabberd-modules/sources/mod_edgewright/src/mod_edgewright.erl")
    replace(source, source.read_text() + "%% an older one\n")
    said = edges[1].edgewright("apply", ends=1)
    check("an exchanged module", "server-streams" in said and "is exchanged" in said and f"with {edges[1].partner}" in said, True)
    end()


main()
