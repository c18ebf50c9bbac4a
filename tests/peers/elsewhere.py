"""Another system's tree, such as `debootstrap` makes, as one to run things in; what is changed there goes away with FOLDER.

    unshare --mount --net --pid --fork --kill-child --mount-proc python3 elsewhere.py TREE SCRIPT WHAT FOLDER

plays one of these scripts in it.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def entered(tree, root, places):
    """A system at `root` with the tree's files, where these places are as they are here."""

    def mount(*arguments):
        subprocess.run(["mount", *map(str, arguments)], check=True)

    upper, work = Path(f"{root}-upper"), Path(f"{root}-work")
    for folder in [root, upper, work]:
        folder.mkdir()
        folder.chmod(0o755)
    mount("-t", "overlay", "-o", f"lowerdir={tree},upperdir={upper},workdir={work}", "none", root)
    mount("-t", "proc", "proc", root / "proc")
    mount("--rbind", "/dev", root / "dev")
    for place in places:
        inside = root / str(place).lstrip("/")
        inside.mkdir(parents=True, exist_ok=True)
        mount("--bind", place, inside)


def main():
    tree, script, what, folder = sys.argv[1:]
    root = Path(folder) / "root"
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    entered(tree, root, [folder, HERE, Path(what).parent])
    os.chroot(root)
    os.chdir("/")
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    os.execve("/usr/bin/python3", ["python3", script, what, folder], os.environ | {"PATH": path})


if __name__ == "__main__":
    main()
