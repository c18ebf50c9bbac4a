# What is wrong. The value is the headline: the fact, short, as a sentence without a full stop, so that it stands alone on
# the screen and behind `error[code]: ` on the command line. `.hint` says what to do, as an imperative. `.why` is the rule
# behind it with its source and date, told only to whoever asks (F1, `--explain`); what has no rule behind it has none.

severity-error = error
severity-warning = warning
hint = hint: { $hint }
why = why: { $why }
place-line = line { $line }
place-path-line = { $path } (line { $line })

problem-answers-unreadable = The answers file `{ $file }` cannot be read: { $error }
    .hint = Check the path, who may read the file, and that it is UTF-8 text
problem-answers-syntax = Not valid TOML: { $error }
    .hint = Fix the line; look for a missing quote, bracket or `=`
problem-answers-unknown-key = Unknown key
    .why = A key that nobody reads is a wish that silently does nothing.
    .hint = Did you mean `{ $nearest }`? Otherwise remove the line
problem-answers-type = `{ $value }` is not { $expected }
    .hint = Write { $expected }
problem-answers-schema = The file does not name a schema this version reads
    .why = This version reads schema { $known }.
    .hint = Put `schema = { $known }` in the first line, if the file was written for it
problem-answers-missing = An answer is required
    .why = It has no value that would be right for everybody.
    .hint = Give it a value
problem-not-asked = This answer is not used
    .why = With the other answers as they are, no page asks for it.
    .hint = Remove it, or check the answer that decides about it, such as the server

problem-name-ip = `{ $name }` is an IP address or ends in a number, so it is no name
    .why = Partners compare the certificate with names (RFC 6120 13.7.2), and a public CA puts no private address into one (CA/B Baseline Requirements 7.1.2.7.12, May 2026).
    .hint = Give the DNS name that points to this address
problem-name-underscore = `{ $name }` contains an underscore
    .why = Host names have letters, digits and hyphens (RFC 1123 2.1); public CAs refuse underscores since 1 May 2019 (CA/B ballot SC12).
    .hint = Use a hyphen, and rename the host where it is already called so
problem-name-syntax = `{ $name }` is not a domain name
    .why = It has an empty label, a blank, a control character, or a character that no host name has (RFC 1123 2.1, UTS 46).
    .hint = Write it like `edge.example.com`, without `http://`, port, path or final dot
problem-name-label-too-long = A part of `{ $name }` is longer than 63 octets
    .why = DNS cannot carry it (RFC 1035 2.3.4); a Unicode part counts in its `xn--` form.
    .hint = Choose a shorter name
problem-name-too-long = `{ $name }` is longer than 253 octets
    .why = DNS cannot carry it (RFC 1035 2.3.4).
    .hint = Choose a shorter name
problem-cn-too-long = `{ $name }` is { $length } characters long; a common name has at most { $max }
    .why = The subject's common name is the first name, and X.509 bounds it (RFC 5280 appendix A.1, ub-common-name).
    .hint = Let a shorter name come first, or shorten this one
problem-text-too-long = { $length } characters are too many; at most { $max } fit
    .why = The certificate's attributes have upper bounds (RFC 5280 appendix A.1; CA/B Baseline Requirements 7.1.4.2, May 2026).
    .hint = Shorten it
problem-text-control = The text contains the control character { $character }
    .why = Line breaks and control characters have no place in one line, and can act where the text is shown.
    .hint = Delete it; it often comes along when text is pasted
problem-name-wildcard = `{ $name }` is a wildcard
    .why = The Edge does not support wildcards (product topic “Wildcard certificate support”), no XMPP domain is called so, and `*.example.com` does not cover `example.com` (RFC 9525 6.3, November 2023).
    .hint = List each name by itself
problem-name-single-label = `{ $name }` has no domain
    .why = Public CAs issue only for names in the public DNS (CA/B Baseline Requirements 7.1.2.7.12; internal names ended on 1 October 2016).
    .hint = Give the full name; if your CA is private, say so on the page Delayed request (`request.authority = "private"`)
problem-name-internal = `{ $name }` is not in the public DNS
    .why = Its ending is reserved (RFC 6761) or not delegated, so a public CA cannot validate it (CA/B Baseline Requirements 7.1.2.7.12; internal names ended on 1 October 2016).
    .hint = Use a name below a domain you registered; if your CA is private, say so on the page Delayed request (`request.authority = "private"`)
problem-ou-public = A public CA issues no organizational unit
    .why = Public TLS certificates carry none since 1 September 2022 (CA/B ballot SC47, Baseline Requirements 7.1.2.7.4).
    .hint = Leave it empty, or use a private CA
problem-eku-public = Public CAs stop issuing client authentication
    .why = Most stopped in 2026 and all must by 15 March 2027 (Chrome Root Program 1.8; Let's Encrypt's profile closed on 8 July 2026).
    .hint = Leave it off; allow dialback to partners whose server insists on it, such as ejabberd before 25.08
problem-country-unknown = `{ $value }` is not a country code
    .why = The subject takes the two letters of ISO 3166-1 (RFC 5280 appendix A.1); the United Kingdom, for one, is GB.
    .hint = Type the country's name on the page, or give its two-letter code
problem-key-unknown = `{ $value }` is not { $expected }
    .why = Shorter RSA keys are refused since 2014 (CA/B Baseline Requirements 6.1.5), and Ed25519 stops ejabberd from serving any certificate.
    .hint = Use `ecdsa-p256` for Prosody and ejabberd, `rsa-2048` for Lync

problem-partner-invalid = `{ $partner }` cannot connect: { $reasons }
    .hint = Choose a preset (F5 in the wizard); “balanced” is right for most partners
problem-server-cannot = `{ $partner }` will not connect with { $server }: { $reasons }
    .why = These settings leave the partner dialback alone.
    .hint = Allow dialback in the server's configuration, or a certificate for this partner
problem-partner-duplicate = `{ $name }` is also a domain of `{ $other }`
    .why = A domain can have one set of settings only.
    .hint = Remove it from one of the two
problem-partner-syntax = { $fault }
    .hint = Give the part behind the @ in the partner's addresses, such as `example.com`
problem-clear-text-not-accepted = `{ $partner }` may connect in clear text, which was not accepted
    .why = Anyone on the way can read and forge messages in clear text (RFC 7590 3.4, June 2015).
    .hint = Require TLS; or set `accept_clear_text` if everybody on the way may read and forge these messages
problem-partner-warning = `{ $partner }`: { $reasons }
    .hint = Choose a preset, or keep the settings if this is what you mean
problem-partner-required-not-enforced = SASL is required for `{ $partner }`, but Lync accepts dialback all the same
    .why = In the product's table the rows with SASL required, TLS not required and dialback on still list dialback (rows 3 and 5).
    .hint = Require TLS as well, or switch dialback off

problem-server-missing = { $server } cannot be set up on this machine: { $reason }
    .hint = Mend that. If it runs elsewhere or in a container, run { -edgewright } there, or switch “Install on this machine” off and carry `out/` there
problem-server-stopped = { $server } does not run
    .why = What is put into service is proved by asking the running server, and a running one keeps what it has where something fails.
    .hint = Start { $server }, then run again; nothing was changed
problem-check-nothing = There is no domain to look at
    .hint = Name one: `edgewright check example.org`; or name an answers file with --answers
problem-check-identity = No certificate with its key is in use here that is for `{ $name }`
    .hint = Name a domain of the pair in `current`, or leave --as away
problem-check-trust-anchor = `{ $file }` holds no key of the root zone
    .hint = It takes DNSKEY records as they stand in a zone (`. IN DNSKEY 257 3 8 …`); leave --trust-anchor away for the internet's own root
problem-record-absent = { $state ->
        [different] Other data stands in place of `{ $name } { $type } { $data }`
        [disagree] The name servers of the zone disagree on `{ $name } { $type } { $data }`
       *[missing] `{ $name } { $type } { $data }` is missing in the DNS
    }
    .hint = See what each name server answers: edgewright plan --look
problem-partner-stopped = No federation with `{ $domain }`: { $reason }
    .hint = See where it breaks: edgewright check { $domain }
problem-server-busy = Another run of { -edgewright } or `install.sh` is changing { $server }
    .hint = Run again when it is through; nothing was changed
problem-server-failed = { $what }: { $reason }
    .hint = See the log of the server; then run again
problem-server-component = `{ $name }` is no component of { $server } yet
    .why = What kind of component it is, only you know.
    .hint = Add `Component "{ $name }" "muc"` to `{ $file }` (for a chat-room service), reload { $server }, and run again
problem-server-option = `{ $option }` stands in `{ $file }` already (line { $line })
    .why = { -edgewright } gives it as well, and { $server } refuses an option that is given twice.
    .hint = Take it out there, and the lines above it that are empty then; the settings of { -edgewright } require TLS and let in the partners of your answers
problem-server-streams = { $streams }
    .why = A stream stays as it was authenticated once, whatever is set later. New ones are made, as your settings say, when there is something to send.
    .hint = { $agreed ->
        [1] You agreed to that (`server.drop_streams`)
       *[other] To agree, set `server.drop_streams = true` (“Close open streams” on the page Server), and take it out again afterwards
    }
problem-server-host-new = { $server } has no host `{ $name }` of its own; it gets one
    .hint = If that is a slip of the pen, correct the name
problem-server-host-disabled = `{ $name }` is switched off in the configuration of { $server }
    .why = With `enabled = false` it is gone after the next restart.
    .hint = Take `enabled = false` away from the host there, or take the host out of the answers
problem-server-host-waits = `{ $name }` gets its settings with a certificate that names it
    .why = The certificate in use does not, so partners would refuse the host.
    .hint = `edgewright renew` makes a request with all names; `edgewright complete` and `edgewright apply` follow
problem-server-rights = Only root can give files to { $server }
    .why = Certificate and key have to be readable by the server's group, and the server's configuration is root's.
    .hint = As root, `sh out/install.sh current` in the home folder does it; or use { -edgewright } as root from the beginning
problem-server-waits = { $server } gets its settings with the first certificate
    .why = The settings require TLS with a valid certificate; without one no partner could connect.
    .hint = When the certificate has come: `edgewright complete --certificate FILE`, then `edgewright apply`
problem-server-changed = `{ $file }` is not as it was put into service
    .why = The server may do something else than your answers say.
    .hint = Run `edgewright apply`: it shows the difference and puts it into service again
problem-server-pending = Your answers are not in service on { $server }
    .why = They were changed, a run was undone, or you changed what the server's own configuration says of a host of yours.
    .hint = `edgewright plan` shows the difference, `edgewright apply` puts it into service
problem-server-behind = `{ $file }` does not lead to pair { $number }, which is in use here
    .hint = Run `edgewright apply`
problem-server-serves-other = It cannot be seen that { $server } serves { $domain } the certificate in use: { $reason }
    .hint = Reload { $server }; if that does not help, run `edgewright apply`
problem-server-policy = { $server } does not enforce the partners of your answers: { $reason }
    .hint = Run `edgewright apply`
problem-file-exists = `{ $file }` exists with other content
    .why = Somebody may still need it, such as a request that waits for its certificate. A home folder that was copied or moved takes what it finds outside for another's. Nothing is overwritten without being asked.
    .hint = Name another file, or move this one away; in the wizard a request or a unit can be replaced
problem-file-unwritable = `{ $file }` cannot be written: { $reason }
    .hint = Choose another place, or fix this one and run again; nothing was half-written
problem-exportable-lync = A key that is not exportable cannot reach Windows
    .why = A key that is made here reaches Windows as a PFX, and a PFX is an export.
    .hint = Mark it as exportable, or let Windows make key and request
problem-xmpp-domain-missing = No XMPP domain is given
    .why = The certificate has to prove the domain in the addresses (RFC 6120 13.7.2, XEP-0178); without it partners cannot check who you are.
    .hint = Add the part behind the @ of your users' addresses, such as `example.com`
problem-too-many-names = { $count } names are too many for most public CAs
    .why = Most take at most { $max } (Let's Encrypt, classic profile, 2026).
    .hint = Ask your CA, or leave out names that nobody connects to
problem-av-name = `{ $name }` is the A/V Edge, which needs no name in the certificate
    .why = The A/V service reads neither subject nor alternative names (product topic “Certificate requirements for external user access”).
    .hint = Leave it out of the certificate; its DNS record stays
problem-xmpp-not-sip = `{ $name }` is an XMPP domain but not a SIP domain
    .why = Lync users have their SIP address as XMPP address too, so nobody would be in this domain.
    .hint = Add it to the SIP domains, or remove it if it is a typing mistake
problem-immediate-unavailable = An immediate request is not supported yet
    .why = This release has no connection to an online CA (RFC 8555).
    .hint = Choose the delayed request and send the file to the CA
problem-address-private = `{ $address }` cannot be reached from the Internet
    .why = It is a private, local or shared address (RFC 1918, RFC 4193, RFC 6598), and the records are for the public DNS.
    .hint = Give the public address; behind NAT, the translator's
problem-record-without-zone = `{ $name }` is in none of the zones
    .why = A record can only be published in a zone that holds its name.
    .hint = Add its zone, or leave the zones empty to have them worked out
problem-home-unsafe = Others may change the home folder `{ $home }`: { $who }
    .why = Whoever may write there can replace keys and certificates.
    .hint = Give it to the user who runs this program and remove write access for all others (`chmod go-w`), or choose another folder with `--home`
problem-home-lent = The home folder `{ $home }` belongs to the user who called sudo
    .why = Root may look at it; what root would write there, that user could neither read nor replace.
    .hint = Run this without sudo, or name root's own folder with `--home`
problem-key-open = Others may read the private key `{ $file }`
    .why = Whoever has read it can pose as this edge wherever a certificate for it is trusted.
    .hint = { $todo }
problem-home-locked = The home folder is in use by { $by }
    .why = One run at a time writes to a home folder; the lock ends with its holder.
    .hint = Let it finish, or end it; `status`, `plan` and every `--dry-run` work meanwhile

key-open-closed = Continue, and this run closes it; if somebody may have read it, move its folder away, and another key and request are made
key-open-unused = Delete it; no request was made with it, and none is
key-open-used = Remove their access (`chmod 600`); if somebody may have read it, request a certificate with a new key (`edgewright renew`)

problem-home-unreadable = The home folder `{ $home }` cannot be read: { $reason }
    .hint = Run this as the user who owns the folder
problem-home-missing = There is no home folder of { -edgewright } at `{ $home }`
    .why = Nothing was set up here yet, or the folder is not the one that was meant.
    .hint = Start with the wizard (`edgewright`), or name the folder with `--home DIR`
problem-journal-damaged = { $count ->
        [one] Line { $lines } of the journal `{ $file }` cannot be read
       *[other] { $count } lines of the journal `{ $file }` cannot be read, among them { $lines }
    }
    .why = A later version wrote them, or the file was damaged. What they record is unknown, so no run can be undone.
    .hint = Use the later version, or delete these lines
problem-server-unknown = The server of this edge is not known
    .why = Neither the request nor saved answers name it, and the rules for a certificate depend on it.
    .hint = Choose the server in the wizard (`edgewright`), or run `edgewright apply` with its answers
problem-server-other = The certificate was requested for { $server }, but the answers are for { $other }
    .why = The request decides: the certificate is checked and installed for { $server }.
    .hint = If that is not what you want, undo it (`edgewright undo`) and make a new request (`edgewright apply`)
problem-usage-unknown = The interface of request { $number } is not known
    .why = An older version wrote it, and its journal does not say.
    .hint = Name it: `edgewright complete --usage external` or `--usage internal`
problem-usage-other = The certificate is not for this interface ({ $usage }): its names are { $names }
    .why = The internal interface is called by one name, and what is for that name is for no other interface.
    .hint = Leave `--usage` out, or give the certificate of that interface
problem-request-purpose = `request.json` of request { $number } is about another request
    .why = Its names are not those of `request.pem` beside it.
    .hint = Restore the folder from a backup, or make a new request
problem-key-shared = The private key `{ $file }` has a second name or another owner
    .why = Through a hard link or as its owner, others may read or change it.
    .hint = Make a new request with a new key, and revoke what was issued for this one
problem-pair-chain = The chain of pair { $number }, in use, is broken: { $reason }
    .why = Partners refuse such a chain.
    .hint = Get the CA's current chain, and install it with the certificate: `edgewright complete --certificate FILE --chain FILE`
problem-pair-issuer-ends-soon = The issuer `{ $issuer }` of pair { $number } expires on { $date } UTC
    .why = From then on partners refuse the chain.
    .hint = Get the CA's current chain, and install it with the certificate: `edgewright complete --certificate FILE --chain FILE`
problem-pair-due = The certificate in use for `{ $name }` (pair { $number }) expires on { $date } UTC, in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    .why = Under a third of its lifetime is left, which is when a renewal is due (Let's Encrypt's integration guide, 2025).
    .hint = Renew it now: `edgewright renew`
problem-pair-expired = The certificate in use for `{ $name }` (pair { $number }) expired on { $date } UTC
    .why = Partners refuse a certificate after its last second (RFC 5280 6.1.3, May 2008).
    .hint = Renew it at once (`edgewright renew`), or check this machine's clock
problem-pair-not-yet-valid = The certificate in use for `{ $name }` (pair { $number }) is valid only from { $date } UTC
    .why = Partners refuse a certificate before its first second (RFC 5280 6.1.3, May 2008).
    .hint = Go back to the one before until then (`edgewright undo`), or check this machine's clock
problem-pair-broken = Pair { $number } is broken: { $reason }
    .why = It is in use, and servers load its key.pem and its fullchain.pem, which is cert.pem followed by chain.pem.
    .hint = Install the certificate again (`edgewright complete`), or restore `{ $folder }` from a backup
problem-pair-none = No certificate is in use
    .why = `{ $link }` leads to none.
    .hint = Install the issued certificate: `edgewright complete --certificate FILE`
problem-pair-unused = Pair { $number } was written but is not in use
    .why = A run was cut off before it switched to the new certificate.
    .hint = Install the certificate again; `edgewright complete` goes on where that run stopped
problem-link-elsewhere = `{ $link }` does not lead to a pair: { $found }
    .why = Whoever loads the certificate through it gets something that was not checked here.
    .hint = Move it away, and install the certificate again: `edgewright complete`
problem-request-waits = Request { $number } has waited for its certificate for { $days } days
    .why = Few CAs take over two weeks; a request or an answer may have been lost on the way.
    .hint = Ask the CA; when the certificate is there, install it with `edgewright complete`
problem-request-keyless = The request in `{ $folder }` has no key that fits
    .why = Its key.pem is missing, cannot be read, or is another request's, so a certificate for it would be no use.
    .hint = Restore the key from a backup, or move the folder away and make another request: `edgewright apply`
problem-request-missing = The request in `{ $folder }` is gone, but its key is there
    .why = The certificate for that key cannot be installed without its request.pem.
    .hint = Restore request.pem from a backup, or from the copy that went to the CA, and run this again
problem-key-not-exportable = The key must not be exported (`security.exportable = false`)
    .why = A PFX is an export.
    .hint = Request a certificate of its own for the other machine, or mark the key as exportable in the answers
problem-password-unreadable = No password can be read from `{ $file }`: { $reason }
    .hint = Write the password into the first line of a file that only you may read (`umask 077`)
problem-secret-open = `{ $file }` holds a secret, and { $how }
    .why = Whoever knows the secret can open what it protects.
    .hint = Remove their access (`chmod 600` for the file, `chmod go-w` for the folder), and use another secret if somebody may have read this one
problem-password-not-ascii = The password has characters outside ASCII
    .why = Java cannot open a PFX with such a password, and programs differ in how they encode one (RFC 7292 appendix B.1, July 2014).
    .hint = Use letters, digits and signs of ASCII, unless only Windows and OpenSSL are to open it

problem-tsig-key = `{ $file }` gives no TSIG key: { $reason }
    .hint = Make one with `tsig-keygen NAME` (BIND) or `keymgr -t NAME hmac-sha256` (Knot), and give the name server the same one
problem-zone-without-records = No record goes to the zone { $zone }
    .hint = Name a zone of the records, or take it away
problem-zone-unasked = What the name server { $server } holds of { $zone } is not known yet
    .why = The wizard asks while you read; `plan` asks only where it is told to.
    .hint = `edgewright plan --look` and `edgewright apply --dry-run` show what changes there
problem-zone-unanswered = The name server { $server } does not say what it holds of { $zone }: { $reason }
    .why = Records are changed only where what was seen is still there.
    .hint = All else can be done meanwhile; run `edgewright apply` again when it answers. Where it says REFUSED, it does not hold the zone (see `dns.zones` and `dns.publish.server`), or answers only questions that are signed
problem-zone-alias = { $name } in { $zone } is an alias of { $target }, and nothing can be beside an alias
    .why = RFC 1034 3.6.2.
    .hint = Take the CNAME record away, or name another host
problem-zone-replaces = In { $zone } these records go away: { $records }
    .why = All records of one name and type are published together; what is not among the answers is not among them.
    .hint = If they are still needed, put them into the answers, or publish this zone yourself. `edgewright undo` brings them back
problem-zone-waits = The records are published with the first certificate
    .why = Partners who follow the records are to find a server with a valid certificate.
    .hint = When the certificate has come: `edgewright complete --certificate FILE`, then `edgewright apply`
problem-zone-failed = { $what }: { $reason }
    .hint = All else of this run is done. Give the same command again, `edgewright apply` or `edgewright undo`
problem-tlsa-uncounted =
    { $state ->
        [unproven] It is not known whether partners would believe a TLSA record at `{ $name }`: { $reason }
       *[unsigned] A TLSA record at `{ $name }` would count for nobody: { $reason }
    }
    .hint =
        { $state ->
            [unproven] Until then none is published where there is none yet
           *[unsigned] None is published where there is none yet. Have the zone signed (DNSSEC), and its DS record put into the zone above
        }
problem-tlsa-unpublished = The key of this certificate is not among the TLSA records that were published at `{ $name }`: partners who look there would refuse it
    .hint =
        { $key ->
            [given] This key came with its certificate, so it could not be published before. Turn dns.tlsa off, run `edgewright apply`, wait for the TTL of the records, then give the certificate again
            [back] Take the run back first that took its record out (`edgewright undo --list`), or turn dns.tlsa off and run `edgewright apply`; then wait for the TTL of the records
           *[asked] Run `edgewright apply`, which publishes it beside the old one, wait for the TTL of the records, then give the certificate again. To switch at once, turn dns.tlsa off and run `edgewright apply`: partners who look there refuse until their name servers forget the old record
        }
problem-tlsa-early = Until { $date } UTC partners may still know the TLSA records at `{ $name }` without the key of this certificate, and refuse it
    .hint =
        { $key ->
            [back] Wait until then, unless the pair in use is worse
           *[other] Give the certificate again then. To switch at once, turn dns.tlsa off and run `edgewright apply`: partners who know the records may refuse until then
        }
problem-tlsa-by-hand = The TLSA record of this key has to be in the DNS, at `{ $name }`, for at least the TTL of the records before it is switched to
    .hint = `edgewright apply` writes it to out/dns. Publish it beside the old one, and take the old one out after the switch
problem-tlsa-behind =
    { $state ->
        [excluded] The key in use is not among the TLSA records that were published at `{ $name }`: partners who look there refuse it
        [to-come] The key that waits for its certificate is not yet among the TLSA records at `{ $name }`
       *[gone] The TLSA records at `{ $name }` hold a key that is no longer in use
    }
    .hint =
        { $state ->
            [excluded] `edgewright apply` publishes it; until the TTL of the records has passed they go on refusing
            [to-come] `edgewright apply` publishes it; its certificate can be put in use when the TTL of the records has passed
           *[gone] `edgewright apply` takes it out
        }
problem-zone-behind = { $what }: { $reason }
    .hint = The records are published. `edgewright plan --look` shows which name servers answer with them; `edgewright undo` takes them back
problem-file-unreadable = `{ $file }` cannot be read: { $reason }
    .hint = Name a file that you may read
problem-key-passphrase = The key of request { $number } { $given ->
        [0] needs a passphrase
       *[other] does not open with this passphrase
    }
    .hint = Give the passphrase it was made with by `--key-passphrase-file FILE`
problem-renew-without-answers = There is nothing to renew: `{ $file }` does not exist
    .why = A renewal requests again what was requested before.
    .hint = Make the first request with the wizard (`edgewright`), or with `edgewright apply --answers FILE`
problem-run-unknown = There is no run { $number }
    .hint = { $count ->
        [0] No run was made from this home yet
        [one] There was one run; `edgewright undo --list` names it
       *[other] Runs 1 to { $count } were made; `edgewright undo --list` lists them
    }
problem-run-overlaid = Run { $number } cannot be undone before run { $later }, which changed `{ $file }` after it
    .hint = Undo the later run first: `edgewright undo --run { $later }`
problem-renew-without-certificate = { $waits ->
        [0] There is nothing to renew: no certificate is in use
       *[other] There is nothing to renew yet: request { $request } waits for its certificate
    }
    .why = A renewal is the next request while a certificate serves.
    .hint = { $waits ->
        [0] Make the first request: `edgewright apply`
       *[other] Install the certificate when it comes: `edgewright complete --certificate FILE`
    }
problem-certificate-unreadable = No certificate can be read from it: { $found }
    .hint = Give the file that the CA calls certificate, PEM, CRT, P7B or PFX, and save it again if it went through a mail program
problem-certificate-too-large = It is too large to be a certificate
    .why = At most { $max } MiB and { $certificates } certificates are read; a CA sends a few kilobytes and rarely over five.
    .hint = Name the file with the certificate; a list of all known roots, for one, is not it
problem-certificate-password = The PFX cannot be opened: { $what }
    .hint = Give the right password with `--password-file FILE`, or ask the CA for the certificate alone, which needs none
problem-certificate-none = The file holds no certificate
    .why = It can be read, but its set of certificates is empty (RFC 5652 5.1, June 2009).
    .hint = Ask the CA for the issued certificate with its chain
problem-certificate-other-key = { $count ->
        [0] The certificate is for another key: no request waits for a certificate
       *[other] The certificate is for another key than the requests that wait for one ({ $requests })
    }
    .why = No private key here fits its public key, and TLS would fail (RFC 8446 4.4.3, August 2018).
    .hint = Check that the CA got the newest request file, and have it issue the certificate from that one
problem-certificate-name-missing = `{ $name }` is not in the certificate
    .why = Partners compare this name with the DNS names of the certificate alone; the common name counts for nothing (RFC 9525 6.3, November 2023; RFC 6120 13.7.2).
    .hint = Have the CA issue it again with every name of the request; some forms take only the first
problem-certificate-wildcard = `{ $name }` is covered only by the wildcard `{ $wildcard }`
    .why = Prosody, ejabberd and their peers take a wildcard for one label (RFC 9525 6.3, November 2023); the Lync Edge does not support it (product topic “Wildcard certificate support”).
    .hint = Ask for a certificate that lists each name; for Lync there is no other way
problem-certificate-name-extra = The certificate has names that were not requested: { $names }
    .why = Whoever reads it learns them, and it can stand for them (RFC 9525 6.3, November 2023); some CAs add `www.` by themselves.
    .hint = Keep it if these names are yours; otherwise have it issued again from the request
problem-certificate-expired = The certificate expired on { $date } UTC
    .why = Peers refuse a certificate after its last second (RFC 5280 6.1.3, May 2008).
    .hint = Make a new request, or check this machine's clock
problem-certificate-not-yet-valid = The certificate is valid only from { $date } UTC
    .why = Peers refuse a certificate before its first second (RFC 5280 6.1.3, May 2008).
    .hint = Wait until then, or check this machine's clock
problem-certificate-ends-soon = The certificate expires on { $date } UTC, in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    .why = Under a third of its lifetime is left, which is when a renewal is due (Let's Encrypt's integration guide, 2025).
    .hint = Renew it now; check that this is the newest the CA issued
problem-certificate-lifetime = The certificate lasts { $days } days; a public CA may give { $max }
    .why = The bound for what is issued since { $since } (CA/B Baseline Requirements 6.3.2, last changed by ballot SC-081v3 of April 2025).
    .hint = If the CA is your own, say so in the answers; otherwise ask it why, for clients may refuse it
problem-certificate-client-only = The certificate is not for a server
    .why = Its extended key usage, an issuer's, or its Netscape type leaves out TLS server authentication (RFC 5280 4.2.1.12, May 2008), and “any usage” does not stand for it: OpenSSL, which Prosody and ejabberd use, refuses both.
    .hint = Ask for a server certificate; a template for users or clients was taken
problem-certificate-key-usage = The key usage of the certificate leaves out digital signatures
    .why = A server makes them in TLS 1.3 and with forward secrecy (RFC 8446 4.4.2.2, August 2018). With an RSA key and key encipherment, OpenSSL takes it from a server alone and GnuTLS from nobody (measured in November 2026).
    .hint = Have it issued again with `digitalSignature` in its key usage, as the request asks
problem-certificate-malformed = `{ $subject }` is malformed: { $what }
    .why = OpenSSL, which Prosody and ejabberd use, refuses such a certificate, by itself or as soon as it is strict (RFC 5280 4, May 2008).
    .hint = Tell the CA, and have it issued again
problem-certificate-strict = Strict peers refuse `{ $subject }`: { $what }
    .why = Most take it all the same; Python since 3.13 and OpenSSL with `-x509_strict` do not (RFC 5280 4, May 2008).
    .hint = Use it, and have your CA fix it with the next one
problem-certificate-extension = `{ $subject }` has a critical extension that peers do not know: { $oid }
    .why = Whoever does not know a critical extension has to refuse the certificate (RFC 5280 4.2, May 2008); OpenSSL refuses those of proxies and networks, too (RFC 3820 and 3779). 1.3.6.1.4.1.11129.2.4.3 marks what the CA sent to the transparency logs beforehand.
    .hint = Have it issued without, or not critical; of a precertificate, take the certificate itself
problem-certificate-server-only = The certificate cannot authenticate a client, which these partners may need: { $partners }
    .why = With them only { -sasl-external } is left, and ejabberd before 25.08, except Debian 13's, refuses a certificate without TLS client authentication there. Public CAs stop issuing it by 15 March 2027 (Chrome Root Program 1.8, February 2026).
    .hint = Allow dialback over TLS for these partners, or ask whether their server is newer
problem-certificate-other-name = The certificate has an otherName among its alternative names
    .why = ejabberd 23.01 stops the stream at a certificate that has one, its own or a partner's (measured in November 2026); public CAs may not put it in (CA/B Baseline Requirements 7.1.2.7.12, May 2026).
    .hint = Have it issued with DNS names alone; in a template for Windows, remove the user principal name
problem-certificate-ed25519 = The certificate has an Ed25519 key
    .why = ejabberd 23.01 then serves no certificate at all (measured in November 2026), and Lync knows RSA and NIST curves only (product topic “Certificate infrastructure requirements”).
    .hint = Make a request with `ecdsa-p256`, for Lync with `rsa-2048`
problem-certificate-key-small = `{ $subject }` has an RSA key of { $bits } bits, under { $min }
    .why = Such a key counts as broken: CAs refuse it since 2014 (CA/B Baseline Requirements 6.1.5), and so does OpenSSL at its usual security level.
    .hint = Make a request with a larger key; if the key is the CA's own, use another CA
problem-certificate-sha1 = `{ $subject }` is signed with SHA-1 or MD5
    .why = Such signatures can be forged; public CAs stopped on 1 January 2016 (CA/B Baseline Requirements 7.1.3.2), and OpenSSL refuses them at its usual security level.
    .hint = Have the CA sign with SHA-256
problem-certificate-order = The certificates were not in the order of issue
    .why = A server sends its own first and then each issuer (RFC 5246 7.4.2, August 2008); Prosody would find that the key does not fit.
    .hint = Do nothing; they are written in the right order
problem-certificate-chain-incomplete = The certificate of the issuer `{ $issuer }` is missing
    .why = A server has to send all issuers but the root (RFC 8446 4.4.2, August 2018); partners do not fetch them.
    .hint = { $authority ->
        [private] If it is your CA's root, name it as “Trusted root file” (`--ca-file FILE`); else get it from the CA and name it as “Issuers file” (`--chain FILE`)
       *[public] Get it from the CA, often as “intermediate” or “chain”, and name it as “Issuers file” (`--chain FILE`); if it is the root of your own CA (`request.authority = "private"`), name it as “Trusted root file” (`--ca-file FILE`)
    }
problem-certificate-authority-key = `{ $subject }` names another key of its issuer `{ $issuer }` than signed it
    .why = Its authority key identifier is not that of the issuer that was sent, though the signature fits. OpenSSL takes no such issuer and reports that none is there (RFC 5280 4.2.1.1, May 2008).
    .hint = Ask the CA for the right certificate of the issuer; if there is none, have yours issued again
problem-certificate-algorithm = `{ $subject }` is signed with { $algorithm }, which cannot be verified here
    .why = The issuer of that name is there, but whether it signed cannot be told; many servers do not know such a signature either (RFC 5280 6.1.3, May 2008).
    .hint = Have the CA sign with ECDSA or RSA and SHA-256
problem-certificate-chain-too-long = The chain has { $count } issuers; peers follow { $max }
    .why = OpenSSL stops there and refuses the certificate (X509_VERIFY_PARAM_set_depth(3), OpenSSL 3.0).
    .hint = Ask the CA for a shorter chain; two issuers are usual
problem-certificate-root-unknown = Its root `{ $root }` is not trusted on this machine
    .why = The issuers lead to it, and it is neither in the system's trust store nor in a file that was named (RFC 5280 6.1.1, May 2008). Partners trust every root of a public CA; that of your own they have to install.
    .hint = If the CA is your own, name its root as “Trusted root file” (`--ca-file FILE`) and choose your own CA (page Delayed request, `request.authority = "private"`); partners have to install it too
problem-certificate-issuer-expired = The issuer `{ $issuer }` is not valid now, but from { $from } to { $to } UTC
    .why = Every certificate of a chain has to be valid (RFC 5280 6.1.3, May 2008).
    .hint = Get the CA's current chain; there is often a newer certificate of the same name
problem-certificate-issuer-ends-first = The issuer `{ $issuer }` expires on { $date } UTC, before the certificate
    .why = Every certificate of a chain has to be valid (RFC 5280 6.1.3, May 2008), so from then on peers refuse yours as well.
    .hint = Have it issued again before that day, from an issuer that lasts
problem-certificate-name-constraint = The issuer `{ $issuer }` may not issue for `{ $name }`
    .why = Its own certificate limits the names that it and those below it may give (RFC 5280 4.2.1.10, May 2008), and peers refuse what goes beyond.
    .hint = Ask the CA for an issuer that may, or leave the name out of the request
problem-certificate-path-length = Too many CAs are below `{ $issuer }`, which allows { $max ->
        [0] none
        [one] one
       *[other] { $max }
    }
    .why = Its basic constraints limit the CAs between itself and a server's certificate (RFC 5280 4.2.1.9, May 2008), and peers refuse a longer chain.
    .hint = Tell the CA; a certificate of its own is malformed
problem-certificate-self-signed = The certificate is self-signed
    .why = No CA vouches for it, so no partner can check it (RFC 6120 13.7.2, March 2011); at most dialback is left. OpenSSL takes one for such, too, that has one name for subject and issuer and names no other key.
    .hint = Send the request to a CA, and install what it answers
problem-certificate-is-ca = This is the certificate of a CA, not of a server
    .why = Its basic constraints mark a CA (RFC 5280 4.2.1.9, May 2008), and no other certificate was sent.
    .hint = Give the issued certificate too; this one belongs to its chain
problem-root-not-ca = `{ $subject }` is not a CA, so it is no root to trust
    .why = No chain can end in it (RFC 5280 4.2.1.3 and 4.2.1.9, May 2008).
    .hint = Name a file with the root certificate of your CA alone
problem-certificate-in-use = This certificate is in use already, as pair { $number }
    .hint = If the CA sent a newer one, give that
problem-certificate-ends-earlier = The certificate expires on { $date } UTC, before the one in use (pair { $number }, { $until } UTC)
    .hint = Check that it is the newest that the CA issued; `edgewright undo` switches back
problem-certificate-no-crl = The certificate does not say where its revocation list is
    .why = Lync wants a CRL distribution point (product topic “Certificate infrastructure requirements”; RFC 5280 4.2.1.13).
    .hint = Ask the CA for a certificate with one, or expect Windows to report that it cannot check for revocation
problem-certificate-others = Other certificates in the file were left out: { $subjects }
    .why = One certificate fits the request, and a server sends no other but its issuers (RFC 8446 4.4.2, August 2018).
    .hint = Do nothing if the right one was taken

# What is wrong with how a certificate is made.
flaw-surplus = it contains more than belongs there
flaw-extension = its extension { $oid } cannot be read, or comes twice
flaw-version = it has extensions, and a version that has none
flaw-time = its dates are not written as dates are
flaw-nameless = it is a CA's and has no subject
flaw-cert-sign = it may sign certificates and is not a CA's
flaw-long-time = its dates before 2050 have four digits for the year
flaw-names-not-critical = it has no subject, and its alternative names are not critical
flaw-constraints-not-critical = its basic constraints are not critical
flaw-path-length = it limits CAs below it and is not a CA's
flaw-no-key-usage = it is a CA's and has no key usage
flaw-no-own-key = it is a CA's and has no subject key identifier
flaw-no-authority-key = it has no identifier of its issuer's key

# What a value should be.
kind-choice = one of { $options }
kind-toggle = `true` or `false`
kind-number = a whole number from { $min } to { $max }
kind-address = an IP address
kind-name-server = the IP address of a name server, with its port where that is not 53 (192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353)
kind-list = a list of texts
kind-rows = a list of tables, written `[[partners]]`
kind-text = text in quotes
kind-table = a table
kind-user = a user's SIP address, such as `anna@contoso.com`, or `all`
kind-scope = `global`, `site:` with a site's name, or `user:` with a policy's name

# Why a file cannot be written or read: what stands behind a colon.
reason-not-looked = nobody looked into it yet
reason-at-rest = it does not run
reason-no-answers = no answers are saved yet; answer in the wizard (`edgewright`), or name a file with `--answers FILE`
reason-windows-name = Windows has no files of that name, or a script has it
reason-windows-path = it is a path of Windows, and the request is written on this machine; name a place here
reason-link = a symbolic link is in the way, and this program does not write through links
reason-other = something is there that is no regular file, or that may not be read
reason-folder = a folder is in the way
reason-other-policy = it enforces other settings
reason-nothing = there is no such file
reason-taken = this place is needed for something else
reason-key = it holds a private key, and a key is never overwritten
reason-certificate = it holds a certificate, and a certificate is never overwritten
reason-no-text = it holds something that is not text, which could not be put back
reason-file = a file is where a folder is needed
reason-steered = others could redirect what is written there: { $who }
reason-system = { $reason }
reason-journal = it was done, but the journal could not be written: { $reason }
reason-journal-first = it was not done, because the journal could not be written first: { $reason }
reason-not-kept = what is there now cannot be kept at { $place }, so it is not replaced: { $reason }
reason-no-request = the request it is a copy of was not made
reason-too-large = it is larger than { $most } MiB
reason-no-randomness = the system refuses random numbers ({ $reason }), without which no key is made or used; let this program call `getrandom`
reason-no-key-given = the key that came with the certificate is not at hand
reason-passphrase = the key is under a passphrase that was not given
reason-no-password = no password was given
reason-tsig = the key in `{ $file }` cannot be used: { $reason }
reason-zone-unasked = what it holds is not known yet
reason-zone-alias = { $name } is an alias of { $target }, beside which nothing can be
reason-zone-behind = { $servers } still answers otherwise; see there whether zone transfer from the primary works
update-unanswered = no answer came, so the change may or may not have been made: { $reason }
update-secret = the name server knows the key by name, but with another secret (BADSIG); give both the same key
update-key = the name server knows no key of this name, knows it with another algorithm, or does not let it change this zone (BADKEY)
update-clock = the clocks of this machine and of the name server are more than five minutes apart (BADTIME)
update-unsigned = the name server refuses the key, or does not let it change this zone; it does not say which
update-zone = the name server is not in charge of this zone (NOTAUTH); check the zone's name, and that this is its primary
update-changed = somebody changed these records since they were looked at; nothing was changed; run again
update-wildcard = a wildcard of the zone answers for these names, so that what was seen is not there; nothing was changed; take the wildcard away while this is published, or add the records by hand
update-unreached = the name server cannot be reached, and nothing was sent: { $reason }
update-refused = the name server says { $reason }; see its log, and what its policy allows the key
update-forged = the answer is not signed with the key, so somebody may stand between, and the change may or may not have been made
update-message = the change cannot be said in one message: there is too much of it, or one of the records that are there now has a name that nobody can write
tsig-large = it is too large
tsig-syntax = it is not one key as `tsig-keygen` or `keymgr -t` writes it
tsig-algorithm = the algorithm { $name } is not taken; hmac-sha256, hmac-sha384 and hmac-sha512 are
tsig-secret = its secret is not base64
reason-no-pair = what is there is no pair that fits, so nothing was switched
secret-open-file = others may read it
secret-open-folder = others may change its folder `{ $folder }` and put another file in its place
reason-password-empty = its first line is empty
reason-password-large = it is larger than { $most } octets
reason-password-encoding = its first line is not UTF-8
reason-password-pem = it is a PEM file, such as a key or a certificate; everybody knows how such a file begins
reason-no-key = the key for it cannot be read: { $reason }
reason-changed-meanwhile = somebody else changed it meanwhile, so it was left alone; run again
reason-command = `{ $command }` failed: { $reason }
reason-stream-open = a stream with { $domain } is open that they do not allow
reason-other-served = { $domain } is served another certificate, with the serial number { $serial }
reason-not-served = nobody could see which certificate is served for { $domain }: { $reason }
ask-settings-gone = its configuration reads { $file }, which is gone. `edgewright undo` takes that line out
ask-no-program = there is no program `{ $program }` here
ask-no-user = there is no user `{ $user }` here
ask-processone = this is the ejabberd of ProcessOne's packages, in /opt/ejabberd, which { -edgewright } does not set up yet
ask-unclear = `{ $command }` says something that this version does not understand
ask-no-plugin-path = its configuration names no folder for modules; add `plugin_paths = {"{"} "/usr/local/lib/prosody/modules" {"}"}` to the main file
reason-damaged = It holds nothing that this version can read.

# What is wrong with the pair in use.
pair-missing = its folder is missing
pair-no-certificate = its cert.pem is missing or is no certificate
pair-other-key = its key.pem is missing, is not the certificate's, or others may read it
chain-foreign = `{ $issuer }` is in it, and did not issue `{ $subject }`
chain-missing = the certificate of `{ $issuer }` is missing
chain-not-valid = `{ $issuer }` is valid from { $from } to { $to } UTC
pair-other-chain = its fullchain.pem does not match
link-leads = it leads to `{ $to }`
link-none = it is not a symbolic link

# What was sent instead of a certificate, or does not open it.
offer-nothing = nothing in it looks like a certificate
offer-damaged = it is damaged; something in it begins like a certificate and cannot be read to its end
offer-request = it is a certificate request, which is what the CA gets, not what it gives
offer-key = it is a private key; keep it secret
offer-revocation-list = it is a revocation list
offer-page = it is a web page, perhaps the one that offers the certificate
offer-encrypted = it is encrypted; open it in the mail program it was sent to, and save the certificate from there
offer-outlook = it is a winmail.dat, which only Outlook opens; ask for the file without it, or save it from Outlook
offer-unsupported = the PFX is protected in a way this program does not know: { $what }
offer-password-missing = it is protected by a password, and none was given
offer-password-wrong = the password does not fit
