"""TLS as connections use it: who is trusted, from which version on, and what is refused."""

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from linksms_cli.adapters.tls import tls_context
from linksms_cli.errors import ConfigurationError
from tests.loopback import Listener, server_context


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


class Greeter(Listener):
    def serve(self, connection: socket.socket) -> None:
        connection.sendall(b"hello")


def server(certificate: trustme.LeafCert, version: ssl.TLSVersion) -> Greeter:
    return Greeter(context=server_context(certificate, version=version))


def greet(context: ssl.SSLContext, port: int, name: str) -> tuple[bytes, str | None]:
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        return secured.recv(5), secured.version()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_bundle_is_trusted(
    authority: trustme.CA, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    with server(authority.issue_cert("gateway.example"), version) as greeter:
        greeting, spoken = greet(tls_context(str(bundle)), greeter.port, "gateway.example")
    assert greeting == b"hello"
    assert spoken == {771: "TLSv1.2", 772: "TLSv1.3"}[version]


def test_the_systems_store_is_trusted(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store.pem"
    authority.cert_pem.write_to_path(store)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))
    with server(authority.issue_cert("gateway.example"), ssl.TLSVersion.TLSv1_3) as greeter:
        assert greet(tls_context(None), greeter.port, "gateway.example") == (b"hello", "TLSv1.3")


def test_the_bundle_alone_is_trusted_where_there_is_one(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "store.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "store.pem"))
    with (
        server(authority.issue_cert("gateway.example"), ssl.TLSVersion.TLSv1_3) as greeter,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        greet(tls_context(str(tmp_path / "other.pem")), greeter.port, "gateway.example")


def test_another_hosts_certificate_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with (
        server(authority.issue_cert("other.example"), ssl.TLSVersion.TLSv1_3) as greeter,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        greet(tls_context(str(tmp_path / "ca.pem")), greeter.port, "gateway.example")


@pytest.mark.parametrize("bundle", [None, "ca.pem"])
def test_nothing_below_tls_1_2(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundle: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    authority.cert_pem.write_to_path("ca.pem")
    assert tls_context(bundle).minimum_version is ssl.TLSVersion.TLSv1_2
    assert tls_context(bundle).verify_mode is ssl.CERT_REQUIRED
    assert tls_context(bundle).check_hostname


def test_a_bundle_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        tls_context("/none/ca.pem")
    assert caught.value.message == (
        "the CA bundle /none/ca.pem cannot be read: No such file or directory"
    )
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(ConfigurationError) as caught:
        tls_context(str(tmp_path / "ca.pem"))
    assert caught.value.message == f"the CA bundle {tmp_path}/ca.pem contains no certificate"
