"""Prints what Python's cryptography reads in PKCS#10 files: a JSON list, one object a file."""

import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

SHORT = {
    NameOID.COUNTRY_NAME: "C",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.LOCALITY_NAME: "L",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COMMON_NAME: "CN",
}
TEMPLATE = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2")
USAGES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
]


def key_kind(key):
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size} e={key.public_numbers().e}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    return type(key).__name__


def template(extensions):
    """The value is a BMPString (X.680 41) of up to 127 octets."""
    for extension in extensions:
        if extension.oid == TEMPLATE:
            value = extension.value.value
            assert value[0] == 0x1E and value[1] == len(value) - 2 < 128, value.hex()
            return value[2:].decode("utf-16-be")
    return None


def read(path):
    with open(path, "rb") as file:
        request = x509.load_pem_x509_csr(file.read())
    found = request.extensions
    usage = found.get_extension_for_class(x509.KeyUsage).value
    return {
        "key": key_kind(request.public_key()),
        "hash": request.signature_hash_algorithm.name,
        "signature_valid": request.is_signature_valid,
        # One list for each relative distinguished name. The string's type has no public name in this library.
        "subject": [
            [[SHORT.get(part.oid, part.oid.dotted_string), part._type.name, part.value] for part in rdn]
            for rdn in request.subject.rdns
        ],
        "sans": [
            [type(name).__name__, str(name.value)]
            for name in found.get_extension_for_class(x509.SubjectAlternativeName).value
        ],
        "key_usage": [name for name in USAGES if getattr(usage, name)],
        "eku": [oid.dotted_string for oid in found.get_extension_for_class(x509.ExtendedKeyUsage).value],
        "template": template(found),
        "extensions": sorted([extension.oid.dotted_string, extension.critical] for extension in found),
        "attributes": [attribute.oid.dotted_string for attribute in request.attributes],
    }


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
