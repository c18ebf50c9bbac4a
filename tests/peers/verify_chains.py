"""Judges chains as Python's cryptography does: for each folder, whether leaf.pem is good for contoso.com over chain.pem
and the roots of trust.pem. Prints a JSON list of lists: "" where it is good, else why not."""

import json
import pathlib
import sys

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store


def judge(folder):
    read = lambda name: (folder / name).read_bytes()
    try:
        store = Store(x509.load_pem_x509_certificates(read("trust.pem")))
        leaf = x509.load_pem_x509_certificate(read("leaf.pem"))
        chain = x509.load_pem_x509_certificates(read("chain.pem")) if read("chain.pem") else []
        verifier = PolicyBuilder().store(store).max_chain_depth(8).build_server_verifier(x509.DNSName("contoso.com"))
        verifier.verify(leaf, chain)
    except Exception as error:  # what refuses a certificate has many classes, some of them ValueError
        return f"{type(error).__name__}: {error}"
    return ""


json.dump([judge(pathlib.Path(folder)) for folder in sys.argv[1:]], sys.stdout)
