"""Numbered messages at a steady pace between two users, so that none is lost, doubled or late unseen."""

import re
import threading
import time
from statistics import median

from bench import fail, until
from xmpp import Client

RATE = 100


class Talker(Client):
    """Sends numbers to the other user, and notes which of his came, after how many seconds."""

    def __init__(self, edge, other):
        self.partner, self.sent, self.came, self.is_present = other.domain, 0, [], False
        super().__init__(edge.domain, edge.address)
        # What comes earlier may be kept for the next time that he logs in.
        until(f"the user of {edge.domain} is there", lambda: self.is_present)

    def talk(self, is_over):
        began = time.monotonic()
        while not is_over.is_set():
            # Short, since Debian's Prosody takes 10 kB a second from a client.
            self.send(f"<message to='u@{self.partner}' type='chat'><body>{self.sent} {time.monotonic():.4f}</body></message>")
            self.sent += 1
            time.sleep(max(0, began + self.sent / RATE - time.monotonic()))

    def take(self, stanza):
        self.is_present |= stanza.tag == "{jabber:client}presence"
        # There may be other messages too.
        said = re.fullmatch(r"(\d+) (\S+)", stanza.findtext("{jabber:client}body", ""))
        if said and stanza.get("type") != "error":
            self.came.append((int(said[1]), time.monotonic() - float(said[2])))


class Load:
    """Two users who talk for as long as the block takes."""

    def __init__(self, one, other):
        self.talkers = [Talker(one, other), Talker(other, one)]
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=talker.talk, args=[self.is_over]) for talker in self.talkers]

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def __exit__(self, failed, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        if failed:
            return
        took = time.monotonic() - self.began
        for sender, receiver in [self.talkers, self.talkers[::-1]]:
            numbers = lambda: [number for number, _ in receiver.came]
            until(f"the last of {sender.host} is there", lambda: sender.sent - 1 in numbers())
            # One that comes twice may come late.
            time.sleep(0.2)
            if numbers() != list(range(sender.sent)):
                lost = sorted(set(range(sender.sent)) - set(numbers()))
                fail(f"{sender.host} sent {sender.sent}, {len(numbers())} came, not in their order or without {lost}")
            if sender.sent < 0.9 * RATE * took:
                fail(f"{sender.host} sent {sender.sent} in {took:.1f} s")
            delays = [delay for _, delay in receiver.came]
            print(
                f"{sender.host}: {sender.sent} messages, {sender.sent / took:.0f} a second, none lost or doubled;",
                f"delay {median(delays) * 1000:.0f} ms, at worst {max(delays) * 1000:.0f} ms",
            )
