"""The certificates of `beiji serve --tls`: an authority of this installation, and what it says of the server's names.

They lie in `tls` of the data folder, readable by its owner only. Whoever has `authority.key` can pretend to be any site to the
tablets that trust the authority; it leaves the machine in no backup.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from beiji.output import CommandError

#: Browsers take no certificate of a server that is good for more than 398 days.
SERVER_DAYS = 397
AUTHORITY_DAYS = 3650
#: A certificate is made anew at a start so long before its end.
RENEW_DAYS = 30
#: Clocks of tablets go wrong; a certificate is good from a day before it was made.
EARLIER = timedelta(days=1)


@dataclass(frozen=True)
class Papers:
    """Where key, certificate and authority lie, and the authority's SHA-256, in pairs as systems show it."""

    key: Path
    certificate: Path
    authority: Path
    fingerprint: str


def papers(folder: Path, names: Sequence[str], now: datetime) -> Papers:
    """Key and certificate for some names or addresses, made where there are none, other ones or old ones.

    Raises CommandError where the folder holds something that cannot be read.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    made = Papers(folder / "server.key", folder / "server.crt", folder / "authority.crt", "")
    try:
        if not made.authority.exists():
            _make_authority(folder, now)
        authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
        if not _is_good(made.certificate, authority, names, now):
            _make_server(folder, authority, names, now)
    except (OSError, ValueError) as error:
        raise CommandError(
            f"{folder}: the certificates cannot be read or written ({error}); move the folder away and start again: "
            "a new authority is made, and tablets have to be told of it."
        ) from None
    digest = authority.fingerprint(hashes.SHA256()).hex(":").upper()
    return Papers(made.key, made.certificate, made.authority, digest)


def _is_good(file: Path, authority: x509.Certificate, names: Sequence[str], now: datetime) -> bool:
    if not file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_young = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - timedelta(days=RENEW_DAYS)
    return is_young and list(said) == _said(names) and certificate.issuer == authority.subject


def _said(names: Sequence[str]) -> list[x509.GeneralName]:
    """Names as a certificate says them; ".example" of the settings is every name below it."""
    said: list[x509.GeneralName] = []
    for name in dict.fromkeys(names):
        try:
            said.append(x509.IPAddress(ipaddress.ip_address(name.strip("[]"))))
        except ValueError:
            if name != "*":
                said.append(x509.DNSName(f"*{name}" if name.startswith(".") else name))
    return said


def _make_authority(folder: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Beiji {secrets.token_hex(4)}")])
    until = now + timedelta(days=AUTHORITY_DAYS)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        _begun(name, name, key, now - EARLIER, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "authority.key", _words_of(key))
    _write(folder / "authority.crt", certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(folder: Path, authority: x509.Certificate, names: Sequence[str], now: datetime) -> None:
    signing = serialization.load_pem_private_key((folder / "authority.key").read_bytes(), password=None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise ValueError("authority.key is of another kind")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Beiji")])
    until = min(now + timedelta(days=SERVER_DAYS), authority.not_valid_after_utc)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    certificate = (
        _begun(name, authority.subject, key, now - EARLIER, until)
        .add_extension(x509.SubjectAlternativeName(_said(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(signing, hashes.SHA256())
    )
    _write(folder / "server.key", _words_of(key))
    _write(folder / "server.crt", certificate.public_bytes(serialization.Encoding.PEM))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _words_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner only."""
    part = file.with_suffix(file.suffix + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    part.replace(file)
