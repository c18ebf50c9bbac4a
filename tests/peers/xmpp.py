"""XMPP, as little as it takes: streams, and a user's client."""

import base64
import select
import socket
import ssl
import threading
import time
import xml.etree.ElementTree as xml

NS_TLS, NS_SASL = "urn:ietf:params:xml:ns:xmpp-tls", "urn:ietf:params:xml:ns:xmpp-sasl"
TLS, SASL = f"{{{NS_TLS}}}", f"{{{NS_SASL}}}"
DIALBACK, STREAMS = "{jabber:server:dialback}", "{http://etherx.jabber.org/streams}"


class Closed(Exception):
    """The other side ended the stream; says how."""


class Stream:
    """One thread may read while others write."""

    def __init__(self, connection, patience=8):
        self.connection, self.secure, self.patience = connection, False, patience
        self.lock = threading.Lock()
        self.restart()

    def restart(self):
        self.parser, self.depth, self.events = xml.XMLPullParser(["start", "end"]), 0, []

    def send(self, text):
        try:
            with self.lock:
                self.connection.settimeout(self.patience)
                self.connection.sendall(text.encode())
        except OSError as error:
            raise Closed(str(error)) from error

    def receive(self, patience):
        """What comes next. OpenSSL does not take two calls at once, so nobody waits inside of one."""
        limit = time.monotonic() + patience
        while (left := limit - time.monotonic()) > 0:
            if self.secure and self.connection.pending() or select.select([self.connection], [], [], left)[0]:
                with self.lock:
                    self.connection.settimeout(0)
                    try:
                        return self.connection.recv(65536)
                    except (BlockingIOError, ssl.SSLWantReadError):
                        pass
        raise TimeoutError("nothing came")

    def read(self, patience=None):
        """The next element; the first one is the stream's own."""
        while True:
            while self.events:
                kind, element = self.events.pop(0)
                self.depth += 1 if kind == "start" else -1
                if kind == "start" and self.depth == 1:
                    return element
                if kind == "end" and self.depth == 0:
                    raise Closed("closed")
                if kind == "end" and self.depth == 1:
                    if element.tag == STREAMS + "error":
                        raise Closed(" ".join(f"{child.tag.partition('}')[2]} {child.text or ''}" for child in element))
                    return element
            try:
                data = self.receive(patience or self.patience)
                if not data:
                    raise Closed("connection closed")
                self.parser.feed(data)
                self.events = list(self.parser.read_events())
            except (OSError, ValueError, xml.ParseError) as error:
                raise Closed(f"{type(error).__name__} {error}") from error

    def wrap(self, context, **more):
        self.connection.settimeout(8)
        try:
            self.connection = context.wrap_socket(self.connection, **more)
        except (OSError, ssl.SSLError) as error:
            raise Closed(f"TLS: {error}") from error
        self.secure = True
        self.restart()

    def close(self):
        try:
            self.connection.close()
        except OSError:
            pass


def context(side, certificate=None, key=None):
    made = ssl.SSLContext(side)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if certificate:
        made.load_cert_chain(certificate, key)
    return made


class Client:
    """The user u of a server, who is there."""

    def __init__(self, host, address):
        self.host, self.stanzas = host, []
        self.stream = Stream(socket.create_connection((address, 5222), 5))
        self.open()
        self.stream.send(f"<starttls xmlns='{NS_TLS}'/>")
        self.stream.read()
        self.stream.wrap(context(ssl.PROTOCOL_TLS_CLIENT), server_hostname=host)
        self.open()
        plain = base64.b64encode(b"\0u\0secret").decode()
        self.stream.send(f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>{plain}</auth>")
        if self.stream.read().tag != SASL + "success":
            raise Closed(f"the user of {host} cannot log in")
        self.stream.restart()
        self.open()
        self.stream.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        self.stream.read()
        self.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq><presence/>")
        threading.Thread(target=self.gather, daemon=True).start()

    def open(self):
        self.stream.send(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
            f"to='{self.host}' version='1.0'>"
        )
        return self.stream.read(), self.stream.read()

    def send(self, text):
        self.stream.send(text)

    def say(self, word, to):
        self.send(f"<message to='{to}' id='{word}' type='chat'><body>{word}</body></message>")

    def gather(self):
        try:
            while True:
                self.take(self.stream.read(600))
        except Closed:
            pass

    def take(self, stanza):
        self.stanzas.append(stanza)

    def heard(self, word):
        stanzas = [stanza for stanza in list(self.stanzas) if stanza.get("type") != "error"]
        return any(child.text == word for stanza in stanzas for child in stanza)

    def errors(self, word):
        return [
            child.tag.partition("}")[2]
            for stanza in list(self.stanzas)
            if stanza.get("type") == "error" and stanza.get("id") == word
            for error in stanza.iter("{jabber:client}error")
            for child in error
        ]
