# `check`: a domain as other servers find it. Steps are `check-step-…`, what came of them `check-…`.

check-step-srv = service record
check-step-address = address
check-step-tcp = connection
check-step-stream = XMPP stream
check-step-starttls = TLS
check-step-certificate = certificate
check-step-features = features
check-step-external = SASL EXTERNAL
check-step-dialback = server dialback
check-step-tlsa = TLSA record
check-step-dnssec = DNSSEC
check-step-caa = CAA record
check-sip-step = SIP { $step }

check-sign-good = ok
check-sign-bad = WRONG
check-sign-note = note
check-side =
    { $side ->
        [ours] your settings
       *[theirs] the partner
    }
check-milliseconds = { $count } ms

check-late = no answer in the time there was
check-lookup-no-server = no name server is known here; name one with --resolver
check-lookup-failed = the name server cannot be reached from here: { $reason }
check-lookup-name = this name cannot be asked for
check-lookup-no-name = there is no such name; is it spelt as it should be?
check-lookup-late = the name server did not answer in time
check-lookup-refused = the name server says { $reason }
check-lookup-lame = the name server is said to be in charge of the name, and is not
check-lookup-no-address = the name server has no address
check-lookup-no-zone = no zone holds this name
check-lookup-malformed = the name server's answer makes no sense

check-srv-found = leads to { $targets }
check-srv-none = there is none (it should be there), so servers try the domain itself on port 5269
check-srv-direct-only = there is none: only servers that begin with TLS get there (XEP-0368)
check-srv-refused = its target is ".": the domain says that it does not federate
check-srv-port = port { $port }; firewalls of others may let out 5269 alone
check-srv-address = its target `{ $target }` is an address; it has to be a host name (RFC 2782)

check-sip-only = has no XMPP record, but SIP ones: it is found by SIP, not by XMPP
check-sip-federation-none = there is none: no partner finds this domain by SIP who is not told its edge
check-sip-clients-none = there is none: clients outside do not find their server
check-sip-refused = its target is ".": the domain says that there is no SIP here
check-sip-port = port { $port }; firewalls of others may let out { $usual } alone
check-sip-elsewhere = its target `{ $target }` is not in { $domain }: partners refuse it, and clients ask whether to trust it. Have it lead to sip.{ $domain }

check-left-out = { $count } hosts or addresses more were not looked at
check-address-found = { $addresses }
check-address-none = has no address: it needs an A or AAAA record
check-address-alias = is an alias (CNAME), which the target of a service record must not be (RFC 2782)
check-address-private = { $address } can be reached from inside a network only

check-nobody = nobody listens for other servers on this machine
check-tcp-connected = connected
check-no-way = this machine has no way there, so it cannot be told from here: { $reason }
check-broken = { $reason }
check-closed = the server closed the connection
check-not-xmpp = what the server sends is no XMPP stream: { $reason }
check-old-xmpp = the server speaks XMPP before version 1.0: no TLS, dialback only
check-stream-error = the server ended the stream: { $condition } { $text }
check-unexpected = the server answered with <{ $name }>
check-clear-text = { $count } octets came in clear text where TLS was due; somebody on the way may have put them there (RFC 6120 5.4.3.3)
check-stream-opened = opened

check-starttls-offered = STARTTLS is offered, not required
check-starttls-required = STARTTLS is required
check-starttls-missing = no STARTTLS: whatever is sent can be read on the way
check-tls-agreed = TLS { $version }, { $suite }, { $group }
check-tls-old = the server speaks TLS { $version } at most, which nobody should take any more
check-tls-suites = the server speaks TLS 1.2 at most, with cipher suites only that nobody should take any more
check-tls-groups = the server speaks TLS 1.3 only, with a key exchange group or cipher suite that few have
check-tls-alert = the server refuses the handshake (alert { $alert }): { $reason }
check-tls-xml = the server goes on with XML where TLS was due
check-tls-mutual = the server goes on only with whoever shows a certificate, as servers do that federate by SIP
check-tls-closed = the server closed the connection in the handshake; it may have no certificate for this domain
check-tls-failed = the handshake failed: { $reason }

check-certificate-good = good until { $until }, issued by { $issuer }
check-certificate-other-name = not for { $name }, but for { $names }; the server has to show one that names it
check-certificate-other-kind = not for { $name } by any DNS name; it has names of other kinds (xmppAddr, SRVName), which many servers do not read
check-certificate-nameless = not for { $name }: it has no DNS name at all
check-certificate-expired = expired on { $date }; the server has to show a new one
check-certificate-not-yet = valid from { $date } only
check-certificate-ends-soon = ends on { $until }
check-certificate-no-server = not for servers: it, or an issuer of it, lacks the extended key usage serverAuth
check-certificate-no-signature = its key may not be used for TLS (key usage)
check-certificate-extension = it, or an issuer of it, has a critical extension that peers do not know ({ $oid })
check-certificate-unreadable = what is shown as the certificate cannot be read
check-certificate-not-by = what is sent as its issuer { $issuer } may not issue it, or did not sign it as far as can be told
check-certificate-server-only = for servers only: where this server connects, ejabberd before 25.08 does not believe it, for it or an issuer of it lacks the extended key usage clientAuth
check-certificate-small-key = the RSA key of { $subject } has { $bits } bits only
check-certificate-weak = { $subject } is signed with { $algorithm }, which counts as broken
check-certificate-flawed = { $flaw }
check-certificate-self-signed = self-signed: nobody believes it who does not know it
check-certificate-incomplete = its issuer is not sent and not known here: { $issuer }. An intermediate has to be sent by the server, with its certificate; a root of your own is named with --ca-file
check-certificate-unknown-root = its root is not known here: { $root }. A root of your own is named with --ca-file
check-certificate-issuer-over = its issuer { $issuer } is not valid (until { $date })
check-certificate-not-allowed = its issuer may not issue it
check-certificate-order = the certificates are not sent in order, the server's own first and each followed by its issuer

check-features-read = read
check-external-believed = our certificate is believed
check-external-refused = our certificate is refused: { $condition } { $text }
check-external-offered = offered
check-external-hidden = not offered without a certificate of our own; show one with --as and a domain of yours
check-external-hidden-own = not offered without the certificate of a partner
check-certificate-demanded = the server goes on only with whoever shows a certificate that it believes; show one with --as and a domain of yours ({ $condition } { $text })
check-certificate-demanded-own = the server goes on only with whoever shows the certificate of a partner ({ $condition } { $text })
check-external-missing = not offered, and no certificate is asked for
check-external-withheld = not offered, though our certificate was asked for and shown: it may not be believed there
check-external-temporary = cannot be told now: temporary-auth-failure { $text }
check-dialback-offered = offered
check-dialback-missing = not offered

check-tlsa-met = goes with what { $address } shows
check-tlsa-met-unproven = goes with what { $address } shows; whether it counts cannot be told from here (see DNSSEC)
check-tlsa-root = goes with nothing that { $address } shows; it may be about a root, which is not sent
check-tlsa-other = goes with nothing that { $address } shows: servers that look at it refuse (DANE, RFC 7673)
check-tlsa-other-unproven = goes with nothing that { $address } shows; whether it counts cannot be told from here (see DNSSEC)
check-tlsa-insecure = counts for nobody: the way to it, from the service record on, is not signed throughout (DNSSEC, RFC 7673)
check-tlsa-bogus = counts for nobody: signatures on the way to it do not hold (see DNSSEC)

check-dnssec-secure = signed, and validated from the root down
check-dnssec-insecure = not signed, which is no fault; TLSA records count for nobody there
check-dnssec-bogus = { $records }: the signatures do not hold, so servers whose name server validates find nothing here. Sign the zone anew, or mend the DS record above it. Where this name server has a zone of its own for the inside, ask another with --resolver
check-dnssec-stripped = cannot be told: the name server passes no signatures on; ask another with --resolver
check-dnssec-other-root = cannot be told: the root zone's keys, as this name server has them, are not those known here. Is the clock right? Ask another with --resolver, or name your root's with --trust-anchor
check-dnssec-unanswered = cannot be told: { $reason }

check-caa-other = the certificate that is served comes from { $authority }, which is not among these: it will not renew it. Add { $name } to the CAA records, or go to another authority

check-methods =
    To { $domain }: { $to ->
        [sasl-over-tls] by certificate over TLS
        [tls-dialback] by dialback over TLS
        [tcp-dialback] by dialback in clear text
        [none] nothing gets through (see above)
       *[unknown] cannot be told from here, or not without showing a certificate
    }
    From { $domain }: { $from ->
        [sasl-over-tls] by certificate over TLS
        [tls-dialback] by dialback over TLS
        [tcp-dialback] by dialback in clear text
        [none] nothing gets through (see above)
       *[unknown] cannot be told from here
    }

# What was seen of a partner, against the settings for it.
check-wanted = Your settings allow: { $methods }
check-way =
    { $method ->
        [sasl-over-tls] certificate over TLS
        [tls-dialback] dialback over TLS
        [tcp-dialback] dialback in clear text
       *[none] nothing at all
    }
check-to-sasl = nothing goes out: your settings take dialback alone, which the partner does not offer. It believes your certificate, so allow SASL.
check-to-certificate = nothing goes out: the partner refuses your certificate (see above), and no dialback is left. It has to believe your certificate's root; or your settings and its own allow dialback.
check-to-usage = nothing goes out: the partner refuses your certificate, which is for servers only. ejabberd before 25.08 asks for the extended key usage clientAuth: get a certificate with it (request.client_eku = true), or have the partner update.
check-to-no-external = nothing goes out: the partner offers no SASL EXTERNAL, and no dialback is left that both sides allow. Allow dialback, or have the partner allow certificates.
check-to-their-certificate = nothing goes out: the partner's certificate does not prove it (see above), and no dialback is left. It has to mend its certificate; or your settings and its own allow dialback.
check-to-clear = nothing goes out or comes in: your settings rule out TLS, which the partner requires. Make TLS optional or required.
check-to-tls = nothing goes out: your settings require TLS, which the partner does not offer. It has to offer STARTTLS.
check-from-sasl = nothing comes in: your settings take dialback alone, which the partner does not offer. Its certificate proves it, so allow SASL.
check-from-certificate = nothing comes in: the partner's certificate does not prove it here (see above), and no dialback is left. It has to mend its certificate; or your settings and its own allow dialback.
check-from-dialback = nothing comes in: your settings take dialback alone, which the partner does not offer. It has to allow dialback; or mend its certificate (see above), and you allow SASL.

# `plan --look`: a wanted record against what name servers answer.
record-state-present = there
record-state-missing = MISSING
record-state-different = DIFFERENT
record-state-extra = OTHERS TOO
record-state-disagree = DISAGREE
record-state-unknown = unknown

record-missing = it is not there
    .hint = Add it to the zone: `edgewright apply` does where it publishes; else `out/dns` has it in the form that your name server takes.
record-no-servers = the name servers of its zone could not be found: { $reason }
    .hint = Does the zone exist yet, and can this machine ask name servers?
record-server-silent = { $server } does not answer for it: { $reason }
    .hint = Who is sent to this name server finds nothing. Mend it, or take it out of the zone's NS records.
record-servers-without = it is not at { $servers }
    .hint = These may fetch the zone later; if they do not, look at the transfer (NOTIFY, serial).
record-alias = the name is an alias (CNAME), beside which no other record may stand
    .hint = Remove the alias, then add the record.
record-refused = the target "." says that the service is not offered at all (RFC 2782)
    .hint = Replace that record.
record-instead = in its place there is: { $others } (at { $servers })
    .hint = Replace it; `edgewright apply` does where it publishes.
record-others = besides it there is: { $others } (at { $servers })
    .hint = Servers go there too. Remove it, unless it belongs to another server of yours.
record-ttl = its TTL is { $ttl } s, wanted are { $wanted } s
    .hint = For so long a change is not seen everywhere. Where that is as you like it, set `dns.ttl` in the answers.
record-remembered = the name server of this machine answers otherwise: { $others }
    .hint = It may remember an old answer (for { $seconds } s at most), or have its own for the inside (split DNS).
record-local = this address can be reached from inside a network only
    .hint = Name the address that others reach, which may be that of the NAT in front.
record-jabber = { $name } is there, which servers asked for before 2004
    .hint = Remove it: old software that still asks goes where it leads.

# `plan --look`: who may issue a certificate for a name (CAA, RFC 8659).
caa-anybody = any authority may issue
    .hint = Where nothing is said, any may. CAA records with your authority's name would keep the others from it.
caa-some = only { $issuers } may issue (CAA at { $at })
    .hint = An authority that is not named refuses: see which name yours goes by in its documents, and add it there.
caa-nobody = nobody may issue (CAA at { $at })
    .hint = Every authority refuses while the CAA record says so: add one with your authority's name.
caa-critical = nobody may issue: the CAA at { $at } has the critical property { $tag }, which no authority knows
    .hint = Remove that property, or its critical flag.
caa-unanswered = cannot be told: { $reason }
    .hint = While the question is not answered, authorities must not issue. Mend the name servers of the zone.
