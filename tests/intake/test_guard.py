"""Which machines are asked, and which never."""

from __future__ import annotations

import dataclasses
import http.server
import ssl
import subprocess
import threading

import pytest

from kg_videorag.errors import AddressRefusedError, FetchError
from kg_videorag.intake.guard import refusal

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
OWN = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "::1", "fc00::1", "fd12:3456::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "ff02::1",
    "255.255.255.255", "240.0.0.1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::127.0.0.1", "64:ff9b:1::7f00:1", "::ffff:0.0.0.0",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_machines_of_the_internet_are_asked(address):
    assert not refusal(address, private=False)
    assert not refusal(address, private=True)


@pytest.mark.parametrize("address", OWN)
def test_ones_own_network_is_asked_only_where_that_is_allowed(address):
    assert refusal(address, private=False) == "it is inside your own network"
    assert not refusal(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_secrets_of_clouds_tunnels_and_no_machines_are_never_asked(address):
    assert refusal(address, private=False)
    assert refusal(address, private=True)


@pytest.fixture
def strict(fetcher):
    return dataclasses.replace(fetcher, terms=dataclasses.replace(fetcher.terms, private=False))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "user@127.0.0.1", "example.org@127.0.0.1",
     "example.org:80@127.0.0.1"],
)  # fmt: skip
def test_this_machine_is_not_asked_however_it_is_spelt(strict, web, host):
    web.pages["/a.mp4"] = web.page(b"secret")
    with pytest.raises(AddressRefusedError) as caught:
        strict.fetch(web.url("/a.mp4", host))
    assert "is not asked" in caught.value.message
    assert "user@" not in caught.value.message
    assert web.asked == []


@pytest.mark.parametrize("host", ["0177.0.0.1", "127.0.0.1#.example.org", "127.0.0.1\\@8.8.8.8"])
def test_what_other_readers_would_take_for_the_host_does_not_matter(strict, web, host):
    web.pages["/a.mp4"] = web.page(b"secret")
    with pytest.raises(FetchError):
        strict.fetch(f"http://{host}:{web.port}/a.mp4")
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/a.mp4", "gopher://x/1", "FILE:///a", "rtmp://x/y"],
)
def test_only_the_web_is_fetched(fetcher, url):
    with pytest.raises(FetchError, match="only http and https"):
        fetcher.fetch(url)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:b:c/", "http:///a.mp4"])
def test_what_is_no_address_is_told(fetcher, url):
    with pytest.raises(FetchError, match="no address"):
        fetcher.fetch(url)


def test_a_redirect_to_the_clouds_secrets_is_refused(fetcher, web, names):
    names("metadata.example", "169.254.169.254")
    target = "http://metadata.example/latest/meta-data/"
    web.pages["/a.mp4"] = web.page(status=302, headers={"Location": target})
    with pytest.raises(AddressRefusedError, match=r"metadata\.example \(169\.254\.169\.254\)"):
        fetcher.fetch(web.url("/a.mp4"))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/a.mp4", "//[", "http://169.254.169.254/"]
)
def test_a_redirect_away_from_the_web_is_refused(fetcher, web, target):
    web.pages["/a.mp4"] = web.page(status=302, headers={"Location": target})
    with pytest.raises(FetchError):
        fetcher.fetch(web.url("/a.mp4"))
    assert web.asked[0] == ("/a.mp4", "")
    assert not any(path.startswith("/etc") for path, _ in web.asked)


def test_a_name_is_looked_up_once_so_that_a_changed_answer_changes_nothing(
    fetcher, web, names, sample
):
    """A name that is harmless at the look, and the cloud's secrets at the connection."""
    looked = names("rebind.example", "127.0.0.1", "169.254.169.254")
    web.pages["/a.mp4"] = web.page(sample)
    fetched = fetcher.fetch(web.url("/a.mp4", "rebind.example"))
    assert fetched.path.read_bytes() == sample
    assert looked == ["rebind.example"]
    web.pages["/b.mp4"] = web.page(sample)
    with pytest.raises(AddressRefusedError):  # the next connection is looked at anew
        fetcher.fetch(web.url("/b.mp4", "rebind.example"))
    assert "/b.mp4" not in [path for path, _ in web.asked]


def test_a_redirect_loop_ends(fetcher, web):
    web.pages["/a.mp4"] = web.page(status=302, headers={"Location": "/a.mp4"})
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher.fetch(web.url("/a.mp4"))
    assert len(web.asked) == 6


def test_a_few_redirects_are_followed_and_their_content_is_not_read(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(b"x" * 9, status=302, headers={"Location": "/b"}, drip_s=30)
    web.pages["/b"] = web.page(status=307, headers={"Location": "/c.mp4"})
    web.pages["/c.mp4"] = web.page(sample)
    assert fetcher.fetch(web.url("/a.mp4")).path.name == "a.mp4"


def test_logins_are_sent_where_they_belong_and_shown_nowhere(fetcher, web, names, sample):
    names("other.example", "127.0.0.1")
    elsewhere = web.url("/b.mp4", "other.example")
    web.pages["/a.mp4"] = web.page(status=302, headers={"Location": elsewhere})
    web.pages["/b.mp4"] = web.page(sample)
    fetched = fetcher.fetch(web.url("/a.mp4", "me:secret@127.0.0.1"))
    assert web.seen[0]["Authorization"].startswith("Basic ")
    assert "Authorization" not in web.seen[1]
    assert fetched.url == web.url("/a.mp4")
    assert "secret" not in (fetched.path.parent / "download.json").read_text()


def test_proxies_of_the_environment_are_not_used(fetcher, web, sample, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.pages["/a.mp4"] = web.page(sample)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample


@pytest.fixture
def encrypted(tmp_path, monkeypatch):
    """A server with a certificate for secure.example, which the client is told to trust."""
    pem = tmp_path / "secure.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302 if self.path == "/down.mp4" else 200)
            self.send_header("Location", "http://secure.example/a.mp4")
            self.send_header("Content-Type", "video/mp4")
            self.end_headers()
            self.wfile.write(b"film")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_is_compared_with_the_name(fetcher, encrypted, names):
    names("secure.example", "127.0.0.1")
    names("other.example", "127.0.0.1")
    got = fetcher.fetch(f"https://secure.example:{encrypted}/a.mp4")
    assert got.path.read_bytes() == b"film"
    with pytest.raises(FetchError, match=r"other\.example.*certificate"):
        fetcher.fetch(f"https://other.example:{encrypted}/a.mp4")
    with pytest.raises(FetchError, match="without encryption"):
        fetcher.fetch(f"https://secure.example:{encrypted}/down.mp4")
