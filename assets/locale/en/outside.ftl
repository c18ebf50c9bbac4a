# The screen of `check`: domains as other servers see them. What is seen itself is in check.ftl.

outside = As other servers see them
outside-only = Look at { $partner } alone
outside-all = { $count ->
    [one] Look at the one domain of the answers
   *[other] Look at all { $count } domains, yours and your partners'
  }
outside-not = Not now
outside-about = This machine asks name servers and connects to each domain as another server would: service records, addresses, TLS, certificate, features. Nothing is changed. What does not answer is given up after 10 seconds.
outside-named = Partners are shown your certificate in use, for { $name }, to see whether they believe it; that leaves a line in their log.
outside-stranger = No certificate of yours is in use, so partners are not told who asks, and it cannot be told whether they believe you.
outside-from = Seen from this machine: what others meet on their way in, such as a firewall or NAT before the edge, does not show.
outside-dry-run = A dry run uses no network. Start without --dry-run for this; or `edgewright check DOMAIN`, which writes nothing.
outside-nothing = The answers name no domain yet: neither one of yours nor a partner's.

outside-goes-on = { $done } of { $all } looked at{ outside-found }
outside-over = { $all ->
    [one] Looked at{ outside-found }
   *[other] All { $all } looked at{ outside-found }
  }
outside-all-fine = { $all ->
    [one] Looked at; nothing is wrong
   *[other] All { $all } looked at; nothing is wrong
  }
outside-stopped = Stopped: { $done } of { $all } looked at{ outside-found }
outside-found = { $wrong ->
    [0] {""}
    [one] ; { $wrong } needs a person
   *[other] ; { $wrong } need a person
  }{ $unclear ->
    [0] {""}
   *[other] ; { $unclear } cannot be told
  }
outside-failed = Nothing can be looked at: { $reason }

outside-waiting = waiting
outside-not-looked = not looked at
outside-breaks = breaks at { $step }: { $detail }
outside-wrong = wrong at { $step }: { $detail }
outside-against = against your settings: { $hint }
outside-unclear = cannot be told: { $detail }
outside-unclear-only = cannot be told
outside-fine = fine; out: { $to }, in: { $from }{ $notes }
outside-fine-alike = fine; out and in: { $to }{ $notes }
outside-fine-only = fine{ $notes }
outside-fine-unknown = fine as far as it can be told{ $notes }
outside-notes = { $count ->
    [0] {""}
    [one] {" "}(one note)
   *[other] {" "}({ $count } notes)
  }
outside-way = { $method ->
    [sasl-over-tls] certificate over TLS
    [tls-dialback] dialback over TLS
    [tcp-dialback] dialback in clear text
    [none] nothing gets through
   *[unknown] cannot be told
  }
outside-here = It breaks here:
outside-here-wrong = The first that is wrong:
outside-against-heading = Against your settings
outside-command = With options, as a command: edgewright check { $domain }

outside-plain-list = A number shows its path, r looks again; Enter goes on:
outside-plain-more = and { $count } more
outside-plain-partner = p opens the partner's settings; Enter goes back to the list:
