"""`beiji serve --tls`: an authority of its own, and the short page from which tablets fetch it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from beiji.output import CommandError
from beiji.site import handing_out, tls

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NAMES = ["beiji.example", "192.0.2.7", ".ward.example"]


def certificate(papers: tls.Papers) -> x509.Certificate:
    return x509.load_pem_x509_certificate(papers.certificate.read_bytes())


def test_the_authority_stays_and_what_it_says_of_the_server_is_renewed(tmp_path):
    first = tls.papers(tmp_path / "tls", NAMES, NOW)
    said = certificate(first).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert said.get_values_for_type(x509.DNSName) == ["beiji.example", "*.ward.example"]
    assert [str(address) for address in said.get_values_for_type(x509.IPAddress)] == ["192.0.2.7"]
    certificate(first).verify_directly_issued_by(x509.load_pem_x509_certificate(first.authority.read_bytes()))
    number = certificate(first).serial_number
    assert certificate(tls.papers(tmp_path / "tls", NAMES, NOW)).serial_number == number, "a start makes nothing anew"
    later = tls.papers(tmp_path / "tls", NAMES, NOW + timedelta(days=370))
    renewed = certificate(later).serial_number
    other = tls.papers(tmp_path / "tls", ["other.example"], NOW + timedelta(days=370))
    assert len({number, renewed, certificate(other).serial_number}) == 3
    assert {first.fingerprint} == {later.fingerprint, other.fingerprint}, "tablets are told once"
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(other.certificate, other.key)


def test_browsers_take_the_certificate_and_nobody_else_reads_the_keys(tmp_path):
    made = certificate(tls.papers(tmp_path / "tls", NAMES, NOW))
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=398)
    assert {file.name for file in (tmp_path / "tls").iterdir() if file.stat().st_mode & 0o077} == set()
    assert (tmp_path / "tls").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "authority.crt").write_text("half")
    with pytest.raises(CommandError, match="tablets have to be told of it"):
        tls.papers(tmp_path / "tls", NAMES, NOW)


def test_the_page_for_tablets_names_both_addresses_and_the_fingerprint_in_three_languages():
    page = handing_out.page("192.0.2.7", 8443, "AA:BB")
    for words in ("http://192.0.2.7:8444/", "https://192.0.2.7:8443/", "指纹", "Fingerprint", "טביעת אצבע", "<svg"):
        assert words in page
    assert page.count("AA BB") == 3
    assert not handing_out.HOST.fullmatch('x"><script>')
