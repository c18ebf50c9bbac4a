"""What programs that keep zones make of the records written for them: prints a line `name. ttl type data` for each.

    read_records.py octodns FOLDER ZONE          its YAML as octoDNS reads it
    read_records.py powerdns FILE ZONE FOLDER    sent to a real PowerDNS, which keeps its database in FOLDER, and asked back
    read_records.py route53 FILE                 held against Amazon's own description of the call, and nothing more
"""

import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SCHEMA = "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"


def octodns(folder, zone):
    from octodns.provider.yaml import YamlProvider
    from octodns.zone import Zone

    read = Zone(f"{zone}.", [])
    YamlProvider("file", folder).populate(read)
    for record in read.records:
        for value in getattr(record, "values", None) or [record.value]:
            print(record.fqdn, record.ttl, record._type, value.to_rdata_text())


def route53(file):
    import botocore.session
    from botocore.validate import ParamValidator

    batch = json.loads(Path(file).read_text())
    model = botocore.session.get_session().get_service_model("route53").operation_model("ChangeResourceRecordSets")
    faults = ParamValidator().validate({"HostedZoneId": "Z1", "ChangeBatch": batch}, model.input_shape)
    if faults.has_errors():
        sys.exit(faults.generate_report())
    for change in batch["Changes"]:
        records = change["ResourceRecordSet"]
        for record in records["ResourceRecords"]:
            print(records["Name"], records["TTL"], records["Type"], record["Value"])


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def powerdns(file, zone, folder):
    folder = Path(folder)
    database = sqlite3.connect(folder / "zones.sqlite")
    database.executescript(Path(SCHEMA).read_text())
    database.close()
    web = free_port(socket.SOCK_STREAM)
    options = {
        "config-dir": folder,
        "socket-dir": folder,
        "launch": "gsqlite3",
        "gsqlite3-database": folder / "zones.sqlite",
        "local-address": "127.0.0.1",
        "local-port": free_port(socket.SOCK_DGRAM),
        "webserver": "yes",
        "webserver-port": web,
        "api": "yes",
        "api-key": "key",
        "setuid": "",
        "setgid": "",
    }
    server = subprocess.Popen(["pdns_server", "--daemon=no", "--guardian=no", *[f"--{name}={value}" for name, value in options.items()]], stdout=subprocess.DEVNULL, stderr=open(folder / "log", "w"))

    def asked(method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{web}/api/v1/servers/localhost{path}", body, {"X-API-Key": "key"}, method=method)
        try:
            return json.loads(urllib.request.urlopen(request, timeout=5).read() or b"null")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    try:
        limit = time.time() + 20
        while True:
            try:
                asked("GET", "")
                break
            except (OSError, urllib.error.URLError):
                if time.time() > limit or server.poll() is not None:
                    sys.exit((folder / "log").read_text())
                time.sleep(0.05)
        asked("POST", "/zones", json.dumps({"name": f"{zone}.", "kind": "Native", "nameservers": ["ns.invalid."]}).encode())
        # Twice: it replaces what it wrote.
        for _ in range(2):
            asked("PATCH", f"/zones/{zone}.", Path(file).read_bytes())
        for records in asked("GET", f"/zones/{zone}.")["rrsets"]:
            for record in records["records"] if records["type"] not in ["SOA", "NS"] else []:
                print(records["name"], records["ttl"], records["type"], record["content"])
    finally:
        server.terminate()
        server.wait(10)


{"octodns": octodns, "powerdns": powerdns, "route53": route53}[sys.argv[1]](*sys.argv[2:])
