"""`out/install.sh` puts into service what `apply` would, and takes it back, on both servers.

Says what it sees; ends with 1 where something is not as it should be.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

from apply import check, differing, listing
from bench import Edge, end, found_authority, own_part, run, served, set_up_the_box, start_servers


def script(edge, argument, ends=0):
    return run(["sh", str(edge.home / "out/install.sh"), argument], ends=ends)


def enforces(edge):
    if edge.server == "prosody":
        return '"interface":1' in run(["prosodyctl", "shell", f"> prosody.hosts['{edge.domain}'].modules.edgewright_1.module.state()"])
    return "federation open" in run(["ejabberdctl", "edgewright_state", edge.domain])


def installed_and_undone(edge):
    before = listing()
    pair = str(edge.home / "current")
    run(["shellcheck", str(edge.home / "out/install.sh")])
    begun = time.time()
    said = script(edge, pair)
    took = time.time() - begun
    check(f"installed: {said}", served(edge.domain, edge.address) == edge.serial() and enforces(edge))
    after = listing()
    said = script(edge, pair)
    check(f"twice changes nothing: {said} {differing(after, listing())}", "Nothing to do." in said and listing() == after)
    script(edge, "--undo")
    check(f"undone: {differing(before, listing())}", listing() == before)
    check("nothing more to undo", "nothing to undo" in script(edge, "--undo", ends=1))

    settings = next(edge.home.glob("out/*/edgewright.*"))
    text = settings.read_text()
    settings.write_text(text + "\n")
    check("a changed file is refused", "not what was written" in script(edge, pair, ends=1))
    settings.write_text(text)
    link = Path(f"/etc/{edge.server}", settings.name)
    link.symlink_to("/etc/passwd")
    said = script(edge, pair, ends=1)
    check(f"nothing goes through a link: {said}", "symbolic link" in said and link.is_symlink())
    link.unlink()
    check(f"taken back: {differing(before, listing())}", listing() == before)

    times = 5
    for nth in range(times):
        process = subprocess.Popen(["sh", str(edge.home / "out/install.sh"), pair], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(took * nth / times)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # What it told a server goes on there.
        time.sleep(2)
        script(edge, pair)
        check(f"killed at {nth}", served(edge.domain, edge.address) == edge.serial() and enforces(edge))
        script(edge, "--undo")
        check(f"killed at {nth}, undone: {differing(before, listing())}", listing() == before)
    print(f"{edge.server}: installed, twice, undone, killed {times} times")


def main():
    set_up_the_box()
    found_authority()
    own_part()
    edges = [Edge("prosody", "alpha.example", "127.0.0.2", "beta.example"), Edge("ejabberd", "beta.example", "127.0.0.3", "alpha.example")]
    for edge in edges:
        edge.answers.write_text(edge.answers.read_text().replace("install = true", "install = false"))
        edge.edgewright("apply", "--answers", str(edge.answers))
        edge.certificate()
    start_servers()
    for edge in edges:
        installed_and_undone(edge)
    end()


main()
