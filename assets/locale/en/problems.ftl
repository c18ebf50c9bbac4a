# What is wrong. The value says what, `.why` gives the reason with its source and date, `.hint` says what to do next.

severity-error = error
severity-warning = warning
hint = Do this: { $hint }
place-line = line { $line }
place-path-line = { $path }, line { $line }

problem-answers-unreadable = The answers file { $file } cannot be read
    .why = { $error }
    .hint = Check the path and who may read the file; it has to be UTF-8 text of a size that a person writes.
problem-answers-syntax = The answers file is not TOML here
    .why = { $error }
    .hint = Mend the line; quotes, brackets and `=` are the usual suspects.
problem-answers-unknown-key = No page asks for this key
    .why = A key that nobody reads is a wish that silently does nothing.
    .hint = Did you mean `{ $nearest }`? Otherwise take the line out.
problem-answers-type = `{ $value }` does not fit here
    .why = Expected: { $expected }.
    .hint = Write { $expected }.
problem-answers-schema = The file does not say which schema it follows
    .why = This program reads schema { $known }.
    .hint = Put `schema = { $known }` in the first line, if the file was written for it.
problem-answers-missing = This has to be answered
    .why = It has no value that would be right for everybody.
    .hint = Give it a value.
problem-not-asked = This answer is not used
    .why = With the other answers as they are, no page asks for it.
    .hint = Take it out, or check the answer that decides about it, such as the server.

problem-name-ip = `{ $name }` is an IP address, and a name is needed
    .why = Partners compare the certificate with names (RFC 6120 13.7.2), and a public authority puts no private address into one (CA/B Baseline Requirements 7.1.2.7.12, May 2026).
    .hint = Give the DNS name that points to this address.
problem-name-underscore = `{ $name }` contains an underscore
    .why = Host names have letters, digits and hyphens (RFC 1123 2.1); public authorities refuse underscores since 1 May 2019 (CA/B ballot SC12).
    .hint = Use a hyphen, and rename the host where it is already called so.
problem-name-syntax = `{ $name }` is not a domain name
    .why = It has an empty label, a blank, a control character, or a character that no host name has (RFC 1123 2.1, UTS 46).
    .hint = Write it like `edge.example.com`, without `http://`, port, path or final dot.
problem-name-label-too-long = A part of `{ $name }` is longer than 63 octets
    .why = DNS cannot carry it (RFC 1035 2.3.4); a Unicode part counts in its `xn--` form.
    .hint = Choose a shorter name.
problem-name-too-long = `{ $name }` is longer than 253 octets
    .why = DNS cannot carry it (RFC 1035 2.3.4).
    .hint = Choose a shorter name.
problem-cn-too-long = The first name is { $length } characters long, and the common name takes { $max }
    .why = The subject's common name is the first name, and X.509 bounds it (RFC 5280 appendix A.1, ub-common-name).
    .hint = Let a shorter name come first, or shorten `{ $name }`.
problem-text-too-long = This text is { $length } characters long; at most { $max } fit
    .why = The certificate's attributes have upper bounds (RFC 5280 appendix A.1; CA/B Baseline Requirements 7.1.4.2, May 2026).
    .hint = Shorten it as the organization is registered.
problem-text-control = The text holds the control character { $character }
    .why = Line breaks and control characters have no place in one line, and can act where the text is shown.
    .hint = Delete it; it often comes along when text is pasted.
problem-name-wildcard = `{ $name }` is a wildcard
    .why = The Edge does not support wildcards (product topic «Wildcard certificate support»), no XMPP domain is called so, and `*.example.com` does not cover `example.com` (RFC 9525 6.3, November 2023).
    .hint = List each name by itself; leave the wildcard out where a name of its own does.
problem-name-single-label = `{ $name }` has no domain
    .why = Public authorities issue only for names in the public DNS (CA/B Baseline Requirements 7.1.2.7.12; internal names ended on 1 October 2016).
    .hint = Give the full name, or ask a private authority.
problem-name-internal = `{ $name }` is not in the public DNS
    .why = Its ending is reserved (RFC 6761) or not delegated, so a public authority cannot prove it (CA/B Baseline Requirements 7.1.2.7.12; internal names ended on 1 October 2016).
    .hint = Use a name below a domain you registered, or ask a private authority.
problem-ou-public = An organizational unit is given
    .why = Public TLS certificates carry none since 1 September 2022 (CA/B ballot SC47, Baseline Requirements 7.1.2.7.4).
    .hint = Leave it empty for a public authority; a private one may take it.
problem-eku-public = Client authentication is asked for
    .why = Most public authorities stopped issuing it in 2026 and must by 15 March 2027 (Chrome Root Program 1.8; Let's Encrypt's profile closed on 8 July 2026).
    .hint = Leave it off; allow dialback to partners whose server insists on it, such as ejabberd before 25.08.
problem-country-unknown = `{ $value }` is not a country code
    .why = The subject takes the two letters of ISO 3166-1 (RFC 5280 appendix A.1); the United Kingdom, for one, is GB.
    .hint = Type the country's name on the page, or give its two-letter code.
problem-key-unknown = `{ $value }` is not a kind of key that is offered
    .why = { $expected }. Shorter RSA keys are refused since 2014 (CA/B Baseline Requirements 6.1.5), and Ed25519 stops ejabberd from serving any certificate.
    .hint = `ecdsa-p256` suits Prosody and ejabberd, `rsa-2048` suits Lync.

problem-partner-invalid = The settings for { $partner } leave no way to connect
    .why = { $reasons }
    .hint = Choose a preset (F5 in the wizard); «balanced» is right for most partners.
problem-server-cannot = { $gets ->
        [nothing] { $partner } will not connect with { $server }
       *[more] { $server } lets { $partner } in with less proof than you ask for
    }
    .why = { $reasons }
    .hint = { $gets ->
        [nothing] Allow TLS for this partner. As it is, it is left out of the files.
       *[more] Choose a preset with dialback, such as «balanced» (F5 in the wizard), or remove the partner.
    }
problem-partner-duplicate = { $name } is named twice
    .why = { $other } has it already, and a domain can have one set of settings only.
    .hint = Take it out of one of the two.
problem-partner-syntax = This is not a partner's domain
    .why = { $fault }.
    .hint = Give the part behind the @ in the partner's addresses, such as `example.com`.
problem-clear-text-not-accepted = { $partner } may end up in clear text, and that was not accepted
    .why = { $reasons }
    .hint = Require TLS; or set `accept_clear_text` if everybody on the way may read and forge these messages.
problem-partner-warning = The settings for { $partner } need a second look
    .why = { $reasons }
    .hint = Choose a preset, or keep them if this is what you mean.
problem-partner-required-not-enforced = SASL is «required» for { $partner }, but Lync lets dialback in all the same
    .why = In the product's table the rows with SASL required, TLS not required and dialback on still list dialback (rows 3 and 5).
    .hint = Require TLS as well, or switch dialback off.

problem-file-exists = { $file } is there already and holds something else
    .why = Somebody may still need it, such as a request that waits for its certificate. A home folder that was copied or moved takes what it finds outside for another's. Nothing is overwritten without being asked.
    .hint = Name another file, or move this one away; on the screen you may have a request or a unit replaced.
problem-file-unwritable = { $file } cannot be written
    .why = { $reason }
    .hint = Choose another place, or mend this one and run again; nothing was half-written.
problem-exportable-lync = The key is made here but must not be exported
    .why = It reaches Windows as a PFX, and a PFX is an export.
    .hint = Mark it as exportable, or let Windows make key and request.
problem-xmpp-domain-missing = No XMPP domain is given
    .why = The certificate has to prove the domain in the addresses (RFC 6120 13.7.2, XEP-0178); without it partners cannot check who you are.
    .hint = Add the part behind the @ of your users' addresses, such as `example.com`.
problem-too-many-names = The certificate would hold { $count } names
    .why = Most public authorities take at most { $max } (Let's Encrypt, classic profile, 2026).
    .hint = Ask your authority, or leave out names that nobody connects to.
problem-av-name = `{ $name }` is the A/V edge
    .why = The A/V service reads neither subject nor alternative names (product topic «Certificate requirements for external user access»).
    .hint = Leave it out of the certificate; its DNS record stays.
problem-xmpp-not-sip = `{ $name }` is an XMPP domain but no SIP domain
    .why = Lync users have their SIP address as XMPP address too, so nobody would be in this domain.
    .hint = Add it to the SIP domains, or take it out if it is a typing mistake.
problem-immediate-unavailable = The immediate request cannot be chosen yet
    .why = This release has no connection to an online authority (RFC 8555).
    .hint = Choose the delayed request and send the file to the authority.
problem-address-private = { $address } cannot be reached from the Internet
    .why = It is a private, local or shared address (RFC 1918, RFC 4193, RFC 6598), and the records are for the public DNS.
    .hint = Give the address as the outside sees it; behind address translation that is the translator's.
problem-record-without-zone = `{ $name }` is in none of the zones
    .why = A record can only be published in a zone that holds its name.
    .hint = Add its zone, or leave the zones empty to have them worked out.
problem-home-unsafe = The folder { $home } can be changed by others
    .why = { $who }: whoever may write there can exchange keys and certificates.
    .hint = Give it to the user who runs this program and take write access from all others (`chmod go-w`), or choose another folder with `--home`.
problem-home-lent = The folder { $home } belongs to the user who called sudo
    .why = Root may look at it; what root would write there, that user could neither read nor replace.
    .hint = Run this without sudo, or name root's own folder with `--home`.
problem-key-open = The private key { $file } can be read by others
    .why = Whoever has read it can pose as this edge wherever a certificate for it is trusted.
    .hint = { $todo }
problem-home-locked = Another run is at work on this folder
    .why = It is held by { $by }.
    .hint = Let it finish, or end it; the lock goes away with it.

key-open-closed = The run takes their access away. If somebody may have read it already, move its folder away, and another key and request are made.
key-open-unused = No request was made with it, and none is. Delete it.

key-open-used = Take their access away (`chmod 600`). If somebody may have read it already, ask for a certificate with a new key (`edgewright renew`).

problem-home-unreadable = The folder { $home } cannot be looked into
    .why = { $reason } What is in it is unknown, so nothing can be said of it.
    .hint = Run this as the user who owns the folder.
problem-journal-damaged = { $count ->
        [one] Line { $lines } of the journal { $file } cannot be read
       *[other] { $count } lines of the journal { $file } cannot be read, among them { $lines }
    }
    .why = A later version wrote them, or the file was damaged. What they tell of is unknown, so no run can be taken back.
    .hint = Use the later version, or delete these lines.
problem-server-unknown = What runs on the edge is not known
    .why = Neither the request nor saved answers say it, and the rules for a certificate depend on it.
    .hint = Choose the server in the wizard (`edgewright`), or run `edgewright apply` with its answers.
problem-server-other = The certificate was requested for { $server }, and the answers are for { $other }
    .why = What stands beside the request counts: the certificate is judged and put in place for { $server }.
    .hint = If that is not what you want, undo it (`edgewright undo`) and request a certificate with the answers of today (`edgewright apply`).
problem-usage-unknown = Which interface request { $number } is for is not known
    .why = An older version wrote it, and its journal does not say.
    .hint = Say it: `edgewright complete --usage external` or `--usage internal`.
problem-usage-other = The certificate is not for this interface: { $usage }
    .why = Its names are { $names }. The internal interface is called by one name, and what is for that name is for no other interface.
    .hint = Leave `--usage` out, or take the certificate that belongs to that interface.
problem-request-purpose = `request.json` of request { $number } is about another request
    .why = Its names are not those of `request.pem` beside it.
    .hint = Put the folder back from a backup, or make a new request.
problem-key-shared = The private key { $file } is not this folder's alone
    .why = It has a second name (a hard link) or another owner, so others may read or change it.
    .hint = Make a new request with a new key, and revoke what was issued for this one.
problem-pair-chain = The chain of pair { $number }, which is in use, is not good
    .why = { $reason } Partners refuse it.
    .hint = Get the authority's present chain, and give it with the certificate: `edgewright complete --certificate FILE --chain FILE`.
problem-pair-issuer-ends-soon = The issuer { $issuer } of pair { $number } ends on { $date } UTC
    .why = From then on partners refuse the chain.
    .hint = Get the authority's present chain, and give it with the certificate: `edgewright complete --certificate FILE --chain FILE`.
problem-pair-due = The certificate in use for { $name } (pair { $number }) ends on { $date } UTC, in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    .why = Under a third of its lifetime is left, which is when a renewal is due (Let's Encrypt's integration guide, 2025).
    .hint = Ask for the next one now: `edgewright renew`.
problem-pair-expired = The certificate in use for { $name } (pair { $number }) ended on { $date } UTC
    .why = Partners refuse a certificate after its last second (RFC 5280 6.1.3, May 2008).
    .hint = Ask for the next one at once (`edgewright renew`), or check this machine's clock.
problem-pair-not-yet-valid = The certificate in use for { $name } (pair { $number }) is valid only from { $date } UTC
    .why = Partners refuse a certificate before its first second (RFC 5280 6.1.3, May 2008).
    .hint = Go back to the one before until then (`edgewright undo`), or check this machine's clock.
problem-pair-broken = The pair in use, { $folder }, is not whole
    .why = { $reason }
    .hint = Give the certificate once more (`edgewright complete`), or put the folder back from a backup.
problem-pair-none = No certificate is in use
    .why = A PFX holds a certificate with its key, and { $link } leads to none.
    .hint = Take the certificate home first: `edgewright complete`.
problem-pair-unused = Pair { $number } was written and never put to use
    .why = A run was cut off before it switched to the new certificate.
    .hint = Give the certificate once more: `edgewright complete` goes on where that run stopped.
problem-link-elsewhere = { $link } does not lead to a pair
    .why = { $found } Whoever loads the certificate through it gets something that was not proved here.
    .hint = Move it away, and give the certificate once more: `edgewright complete`.
problem-request-waits = Request { $number } has waited for its certificate for { $days } days
    .why = Few authorities take over two weeks; a request or an answer may have been lost on the way.
    .hint = Ask the authority. When the certificate is there, give it to `edgewright complete`.
problem-request-keyless = The request in { $folder } has no key that fits
    .why = Its key.pem is missing, cannot be read, or is another request's, so a certificate for it would be no use.
    .hint = Put the key back from a backup. Otherwise move the folder away and make another request: `edgewright apply`.
problem-request-missing = The request in { $folder } is gone
    .why = Its key.pem waits there for the certificate, which cannot be taken home without its request.pem.
    .hint = Put request.pem back from a backup, or from the copy that went to the authority, and run this again.
problem-key-not-exportable = The key may not leave this machine
    .why = The answers say so (`security.exportable = false`), and a PFX is an export.
    .hint = Ask for a certificate of its own for the other machine; or mark the key as exportable in the answers.
problem-password-unreadable = { $file } gives no password
    .why = { $reason }
    .hint = Write the password into the first line of a file that only you may read (`umask 077`).
problem-secret-open = { $file } holds a secret and is open to others
    .why = { $how }
    .hint = Take their access away (`chmod 600` for the file, `chmod go-w` for the folder), and use another secret if somebody may have read this one.
problem-password-not-ascii = The password has other characters than those of ASCII
    .why = Java cannot open a PFX with such a password, and programs differ in how they write one down (RFC 7292 appendix B.1, July 2014).
    .hint = Use letters, digits and signs of ASCII, unless only Windows and OpenSSL are to open it.

problem-file-unreadable = { $file } cannot be read
    .why = { $reason }
    .hint = Name a file that you may read.
problem-key-passphrase = The key of request { $number } cannot be opened
    .why = It is under a passphrase, and { $given ->
        [0] none was given
       *[other] the one given does not open it
    }.
    .hint = Give the passphrase it was made with by `--key-passphrase-file`.
problem-renew-without-answers = There is nothing to renew from
    .why = { $file } is not there, and a renewal asks for what was asked before.
    .hint = Make the first request with the wizard, or give the answers to `apply`.
problem-certificate-unreadable = No certificate can be read from this
    .why = { $found }
    .hint = Take the file the authority calls certificate, PEM, CRT, P7B or PFX, and save it again if it went through a mail program.
problem-certificate-too-large = This is too large to be a certificate
    .why = At most { $max } MiB and { $certificates } certificates are read; an authority sends a few kilobytes and rarely over five.
    .hint = Name the file with the certificate; a list of all known roots, for one, is not it.
problem-certificate-password = The PFX cannot be opened
    .why = { $what }
    .hint = Give the right password with `--password-file`; or ask the authority for the certificate alone, which needs none.
problem-certificate-none = There is no certificate in it
    .why = The file can be read, but it holds none (RFC 5652 5.1, June 2009: the set of certificates may be empty).
    .hint = Ask the authority for the issued certificate with its chain.
problem-certificate-other-key = The certificate is for another key
    .why = Its public key is not the one of a pending request ({ $requests }), so no private key here fits it and TLS would fail (RFC 8446 4.4.3, August 2018).
    .hint = Check that the authority got the newest request file, and have it issue the certificate from that one.
problem-certificate-name-missing = `{ $name }` is not in the certificate
    .why = Partners compare this name with the DNS names of the certificate alone; the common name counts for nothing (RFC 9525 6.3, November 2023; RFC 6120 13.7.2).
    .hint = Have the authority issue it again with every name of the request; some forms take only the first.
problem-certificate-wildcard = `{ $name }` is covered only by the wildcard `{ $wildcard }`
    .why = Prosody, ejabberd and their peers take a wildcard for one label (RFC 9525 6.3, November 2023); the Lync Edge does not support it (product topic «Wildcard certificate support»).
    .hint = Ask for a certificate that lists each name; for Lync there is no other way.
problem-certificate-name-extra = The certificate has names that were not asked for: { $names }
    .why = Whoever reads it learns them, and it can stand for them (RFC 9525 6.3, November 2023); some authorities add `www.` by themselves.
    .hint = Keep it if these names are yours; otherwise have it issued again from the request.
problem-certificate-expired = The certificate ended on { $date } UTC
    .why = Peers refuse a certificate after its last second (RFC 5280 6.1.3, May 2008).
    .hint = Make a new request, or check this machine's clock.
problem-certificate-not-yet-valid = The certificate is valid only from { $date } UTC
    .why = Peers refuse a certificate before its first second (RFC 5280 6.1.3, May 2008).
    .hint = Wait until then, or check this machine's clock.
problem-certificate-ends-soon = The certificate ends on { $date } UTC, in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    .why = Under a third of its lifetime is left, which is when a renewal is due (Let's Encrypt's integration guide, 2025).
    .hint = Ask for the next one now; check that this is the newest the authority issued.
problem-certificate-lifetime = The certificate lasts { $days } days, and { $max } are allowed
    .why = A public authority that issues since { $since } may give no more (CA/B Baseline Requirements 6.3.2, last changed by ballot SC-081v3 of April 2025).
    .hint = If the authority is your own, say so in the answers; otherwise ask it why, for clients may refuse it.
problem-certificate-client-only = The certificate may not be used by a server
    .why = Its extended key usage, an issuer's, or its Netscape type leaves out TLS server authentication (RFC 5280 4.2.1.12, May 2008), and «any usage» does not stand for it: OpenSSL, which Prosody and ejabberd use, refuses both.
    .hint = Ask for a server certificate; a template for users or clients was taken.
problem-certificate-key-usage = The key of the certificate may not sign
    .why = Its key usage leaves out digital signatures, which a server makes in TLS 1.3 and with forward secrecy (RFC 8446 4.4.2.2, August 2018). With an RSA key and key encipherment, OpenSSL takes it from a server alone and GnuTLS from nobody (measured in November 2026).
    .hint = Have it issued again with `digitalSignature` in its key usage, as the request asks.
problem-certificate-malformed = { $subject } is not made as it has to be: { $what }
    .why = OpenSSL, which Prosody and ejabberd use, refuses such a certificate, by itself or as soon as it is strict (RFC 5280 4, May 2008).
    .hint = Tell the authority, and have it issued again.
problem-certificate-strict = Strict peers refuse { $subject }: { $what }
    .why = Most take it all the same; Python since 3.13 and OpenSSL with `-x509_strict` do not (RFC 5280 4, May 2008).
    .hint = It can be used; have your authority mend it with the next one.
problem-certificate-extension = { $subject } has an extension that peers do not take, { $oid }
    .why = Whoever meets a critical extension and does not know it has to refuse the certificate (RFC 5280 4.2, May 2008); OpenSSL refuses those of proxies and networks, too (RFC 3820 and 3779).
    .hint = Have it issued without, or not critical. 1.3.6.1.4.1.11129.2.4.3 marks what the authority sent to the transparency logs beforehand: take the certificate itself.
problem-certificate-server-only = The certificate may not authenticate a client, which these partners may need: { $partners }
    .why = With them only { -sasl-external } is left, and ejabberd before 25.08 refuses a certificate without TLS client authentication there. Public authorities stop issuing it by 15 March 2027 (Chrome Root Program 1.8, February 2026).
    .hint = Allow dialback over TLS for these partners, or ask whether their server is newer.
problem-certificate-other-name = The certificate has an otherName among its alternative names
    .why = ejabberd 23.01 stops the stream at a certificate that has one, its own or a partner's (measured in November 2026); public authorities may not put it in (CA/B Baseline Requirements 7.1.2.7.12, May 2026).
    .hint = Have it issued with DNS names alone; in a template for Windows, take out the user principal name.
problem-certificate-ed25519 = The certificate has an Ed25519 key
    .why = ejabberd 23.01 then serves no certificate at all (measured in November 2026), and Lync knows RSA and NIST curves only (product topic «Certificate infrastructure requirements»).
    .hint = Make a request with `ecdsa-p256`, for Lync with `rsa-2048`.
problem-certificate-key-small = { $subject } has an RSA key of { $bits } bits
    .why = Under { $min } bits a key counts as broken: authorities refuse it since 2014 (CA/B Baseline Requirements 6.1.5), and so does OpenSSL at its usual security level.
    .hint = Make a request with a larger key; if the key is the authority's own, take another authority.
problem-certificate-sha1 = { $subject } is signed with SHA-1 or MD5
    .why = Such signatures can be forged; public authorities stopped on 1 January 2016 (CA/B Baseline Requirements 7.1.3.2), and OpenSSL refuses them at its usual security level.
    .hint = Have the authority sign with SHA-256.
problem-certificate-order = The certificates are not in the order of issue
    .why = A server sends its own first and then each issuer (RFC 5246 7.4.2, August 2008); Prosody would find that the key does not fit.
    .hint = Nothing is to be done; they are written in the right order.
problem-certificate-chain-incomplete = The certificate of the issuer { $issuer } is missing
    .why = A server has to send all issuers but the root (RFC 8446 4.4.2, August 2018); partners do not fetch them.
    .hint = Get it from the authority, often as «intermediate» or «chain», and give it with `--chain`, or put both into one file. If it is the root of an authority of your own, give that root.
problem-certificate-authority-key = { $subject } was issued with another key of { $issuer } than it says
    .why = Its authority key identifier is not that of the issuer that was sent, though the signature fits. OpenSSL takes no such issuer and reports that none is there (RFC 5280 4.2.1.1, May 2008).
    .hint = Ask the authority for the right certificate of the issuer; if there is none, have yours issued again.
problem-certificate-algorithm = { $subject } is signed with { $algorithm }, which cannot be checked here
    .why = The issuer of that name is there, but whether it signed cannot be told; many servers do not know such a signature either (RFC 5280 6.1.3, May 2008).
    .hint = Have the authority sign with ECDSA or RSA and SHA-256.
problem-certificate-chain-too-long = The chain has { $count } issuers, and peers follow { $max }
    .why = OpenSSL stops there and refuses the certificate (X509_VERIFY_PARAM_set_depth(3), OpenSSL 3.0).
    .hint = Ask the authority for a shorter chain; two issuers are usual.
problem-certificate-root-unknown = This system does not know the root { $root }
    .why = The issuers lead to a root that is not in the system's trust store (RFC 5280 6.1.1, May 2008), so partners who do not know it either refuse the certificate. Partners know every root of a public authority.
    .hint = If the authority is your own, say so in the answers (`request.authority = "private"`); partners have to install its root. Here it is known once it is among the roots of this system, or in the file that SSL_CERT_FILE names.
problem-certificate-issuer-expired = The issuer { $issuer } is not valid now
    .why = It is valid from { $from } to { $to } UTC, and every certificate of a chain has to be (RFC 5280 6.1.3, May 2008).
    .hint = Get the authority's present chain; there is often a newer certificate of the same name.
problem-certificate-issuer-ends-first = The issuer { $issuer } ends on { $date } UTC, before the certificate
    .why = Every certificate of a chain has to be valid (RFC 5280 6.1.3, May 2008), so from then on peers refuse yours as well.
    .hint = Have it issued again before that day, from an issuer that lasts.
problem-certificate-name-constraint = The issuer { $issuer } may not issue for { $name }
    .why = Its own certificate limits the names that it and those below it may give (RFC 5280 4.2.1.10, May 2008), and peers refuse what goes beyond.
    .hint = Ask the authority for an issuer that may, or take the name out of the request.
problem-certificate-path-length = Too many authorities stand below { $issuer }
    .why = Its own certificate allows { $max ->
        [0] none
        [one] one
       *[other] { $max }
    } between itself and a server's certificate (RFC 5280 4.2.1.9, May 2008), and peers refuse a longer chain.
    .hint = Tell the authority; a certificate of its own is made wrong.
problem-certificate-self-signed = The certificate is signed by itself
    .why = No authority vouches for it, so no partner can check it (RFC 6120 13.7.2, March 2011); at most dialback is left. OpenSSL takes one for such, too, that has one name for subject and issuer and names no other key.
    .hint = Send the request to an authority and give what it answers.
problem-certificate-is-ca = This is the certificate of an authority, not of a server
    .why = Its basic constraints mark an authority (RFC 5280 4.2.1.9, May 2008), and no other certificate was sent.
    .hint = Give the issued certificate too; this one belongs to its chain.
problem-certificate-no-crl = The certificate does not say where its revocation list is
    .why = Lync wants a CRL distribution point (product topic «Certificate infrastructure requirements»; RFC 5280 4.2.1.13).
    .hint = Ask the authority for a certificate with one, or expect Windows to report that it cannot check for revocation.
problem-certificate-others = Other certificates in the file were left aside: { $subjects }
    .why = One certificate fits the request, and a server sends no other but its issuers (RFC 8446 4.4.2, August 2018).
    .hint = Nothing is to be done if the right one was taken.

# What is wrong with how a certificate is made.
flaw-surplus = there is more in it than belongs there
flaw-extension = its extension { $oid } cannot be read, or comes twice
flaw-version = it has extensions, and a version that has none
flaw-time = its dates are not written as dates are
flaw-nameless = it is an authority's and has no subject
flaw-cert-sign = it may sign certificates and is no authority's
flaw-long-time = its dates before 2050 have four digits for the year
flaw-names-not-critical = it has no subject, and its alternative names are not critical
flaw-constraints-not-critical = its basic constraints are not critical
flaw-path-length = it limits authorities below it and is no authority's
flaw-no-key-usage = it is an authority's and has no key usage
flaw-no-own-key = it is an authority's and has no subject key identifier
flaw-no-authority-key = it has no identifier of its issuer's key

# What a value should be.
kind-choice = one of { $options }
kind-toggle = `true` or `false`
kind-number = a whole number from { $min } to { $max }
kind-address = an IPv4 or IPv6 address
kind-list = a list of texts
kind-rows = a list of tables, written `[[partners]]`
kind-text = text in quotes
kind-table = a table
kind-scope = `global`, `site:` with a site's name, or `user:` with a policy's name

# Why a file cannot be written.
reason-not-looked = Nobody looked into it yet.
reason-link = A symbolic link is in the way, and this program does not write through links.
reason-other = Something is there that is no ordinary file, or that may not be read.
reason-folder = A folder is in the way.
reason-taken = This place is needed for something else.
reason-key = It holds a private key, and a key is never overwritten.
reason-certificate = It holds a certificate, and a certificate is never overwritten.
reason-no-text = It holds something that is not text, which could not be put back.
reason-file = A file is where a folder is needed.
reason-steered = Others could lead what is written there elsewhere: { $who }.
reason-system = The system says: { $reason }.
reason-journal = It was done, but the journal could not be written. The system says: { $reason }.
reason-journal-first = It was not done, because the journal could not be written first. The system says: { $reason }.
reason-not-kept = What is there now cannot be kept at { $place }, so it is not replaced. The system says: { $reason }.
reason-no-request = The request it is a copy of was not made.
reason-too-large = It is larger than { $most } MiB, and no answers are.
reason-no-randomness = The system refuses random numbers ({ $reason }), and no key is made or used without. Let this program call `getrandom`.
reason-no-key-given = The key that came with the certificate is not at hand.
reason-passphrase = The key is under a passphrase that was not given.
reason-no-password = No password was given.
reason-no-pair = What lies there is no pair that fits, so nothing was switched.
secret-open-file = Others may read it, and whoever knows the secret can open what it protects.
secret-open-folder = Others may change the folder { $folder } and put another file in its place.
reason-password-empty = Its first line is empty.
reason-password-large = It is larger than { $most } octets, and no password is.
reason-password-encoding = Its first line is not UTF-8.
reason-password-pem = It is a PEM file, such as a key or a certificate; everybody knows how such a file begins.
reason-no-key = The key for it cannot be read. The system says: { $reason }.

# What is wrong with the pair in use.
pair-missing = The folder is missing.
pair-no-certificate = Its cert.pem is missing or is no certificate.
pair-other-key = Its key.pem is missing, is not the certificate's, or is not its owner's alone.
chain-foreign = { $issuer } stands in it, and did not issue { $subject }.
chain-missing = The certificate of { $issuer } is missing.
chain-not-valid = { $issuer } is valid from { $from } to { $to } UTC.
pair-other-chain = Its fullchain.pem is not cert.pem followed by chain.pem.
link-leads = It leads to { $to }.
link-none = It is no symbolic link.

# What was sent instead of a certificate, or does not open it.
offer-nothing = Nothing in it looks like a certificate.
offer-damaged = It is damaged: something in it begins like a certificate and cannot be read to its end.
offer-request = It is a certificate request, which is what the authority gets, not what it gives.
offer-key = It is a private key; keep it secret.
offer-revocation-list = It is a revocation list.
offer-page = It is a web page, perhaps the one that offers the certificate.
offer-encrypted = It is encrypted; open it in the mail program it was sent to, and save the certificate from there.
offer-outlook = It is a winmail.dat, which only Outlook opens; ask for the file without it, or save it from Outlook.
offer-unsupported = The PFX is protected in a way this program does not know: { $what }.
offer-password-missing = It is protected by a password, and none was given.
offer-password-wrong = The password does not fit.
certificate-no-requests = there is none
