# Pages and their fields, in page order. A page's value is its title, a field's value its label; `.help` says what it is for.

page-server = Server
    .step = Server
    .help = Choose what runs on the edge. It decides which pages follow: Lync Server 2013 and Skype for Business 2015 are prepared here and finished by script on Windows; Prosody and ejabberd run on this machine.
field-server-kind = Server
    .help = The software that talks with other domains.
    .lync = Lync Server 2013 / Skype for Business 2015
    .prosody = Prosody
    .ejabberd = ejabberd
field-request-key-by = Who makes the key
    .help = { -edgewright }: key and request are made here, and the certificate travels to Windows as a PFX. Windows: a script asks the { -edge-server } for both, and the key never leaves it.
    .edgewright = { -edgewright }
    .lync = Windows, by script
field-server-install = For the server on this machine
    .help = Whether the settings are meant for the server on this machine. This release only writes them to the output folder, in either case.
field-server-config = Configuration file
    .help = The server's main configuration file.
server-lync-support = Lync Server 2013 is out of support since 11 April 2023 and Skype for Business 2015 since 14 October 2025. Newer releases have no XMPP gateway. Plan its replacement.
before = Before anything is switched over
before-move-users = Move all users to this release before you switch the gateway.
before-branch-users = Users homed on a Survivable Branch Appliance get neither XMPP presence nor messages; move them.
before-in-parallel = On a migration, do certificate, gateway and DNS in parallel.
server-elsewhere = { -edgewright } runs on another machine than the { -edge-server } for now: scripts and, later, a PFX are carried over.
server-here = { -edgewright } runs on the machine of the server, or prepares its files for it.

page-edge = Edge
    .step = Edge
    .help = Names and domains of the edge. The names of the certificate are worked out from them. Unicode names are welcome and written as A-labels.
field-edge-access = { -access-edge } FQDN
    .help = External name of the { -access-edge } service, or of its load balancer: sip.contoso.com. It becomes the subject of the certificate.
field-edge-web-conferencing = Web Conferencing Edge FQDN
    .help = External name of the Web Conferencing Edge service: webcon.contoso.com.
field-edge-av = A/V Edge FQDN
    .help = External name of the A/V Edge service. It gets a DNS record and never a place in the certificate.
field-edge-internal = Internal Edge FQDN
    .help = Name of the internal interface or pool: lsedge.contoso.net. Subject of the internal certificate; leave it empty if you ask for the external one.
field-edge-pool = Pool members
    .help = FQDNs of the Edge Servers of the pool, if there are several. All of them get the same certificate with the same key.
field-edge-sip-domains = SIP domains
    .help = The domains your users sign in with.
field-edge-xmpp-domains = XMPP domains
    .help = The part behind the @ in your users' XMPP addresses. Partners compare the certificate with exactly these names, so list every one; a root domain does not cover its subdomains.
field-edge-components = Components
    .help = Services that partners reach by a name of their own, such as conference.example.org for chat rooms.
page-delivery = Delayed or Immediate Requests
    .step = Delayed request
    .help = How the request reaches the certification authority, for which interface the certificate is, and whose rules it is judged by.
field-request-delivery = Request
    .help = Delayed: a file is written that you send to the authority; the answer may come days later. Immediate: sent online at once.
    .delayed = Prepare the request now, but send it later
    .immediate = Send the request immediately to an online certification authority
field-request-usage = Certificate for
    .help = The external certificate faces partners and users outside; the internal one faces your own servers and holds one name.
    .external = External Edge Certificate
    .internal = Edge Internal
field-request-authority = Authority
    .help = Public: one that browsers trust; the CA/Browser Forum's rules apply. Private: your organization's own.
    .public = Public
    .private = Private
delivery-delayed-leads = A request file is written. Nothing else is needed from this machine until the certificate comes back.
delivery-public-leads = The request is judged by the rules for publicly trusted certificates: only names in the public DNS, no organizational unit, no client authentication. A certificate issued today lives at most 200 days (100 from 15 March 2027).
delivery-private-leads = The request is judged leniently: what a public authority would refuse is a warning. Partners must trust your authority to accept the certificate.

page-request-file = Certificate Request File
    .step = Request file
    .help = Where a copy of the request is put for you to send. The key and the original stay in { -edgewright }'s home folder. Tab completes a folder's name.
field-request-file = File name
    .help = Path of the copy. Relative paths start in the folder you are in. A file that is there already is replaced only if you say so.
request-file-key-here = The private key is made here and does not leave the home folder. The file holds only the request and may be sent by mail.
request-file-key-windows = Windows makes the key. The script writes its request under this file's name, beside itself.

page-template = Specify Alternate Certificate Template
    .step = Template
    .help = Only for a Windows enterprise authority: the template's name (not its display name). Leave it empty for every other authority.
field-request-template = Certificate template name
    .help = For example WebServer. Empty: the request names no template.

page-security = Name and Security Settings
    .step = Name and security
    .help = What the certificate is called, what kind of key it has, and what may be done with the key.
field-security-friendly-name = Friendly name
    .help = Shown beside the certificate in Windows and in a PFX. It is no part of the certificate.
field-security-key = Key
    .help = RSA 2048 is what Lync supports best; ECDSA P-256 is small, fast and fine for Prosody and ejabberd.
    .rsa-2048 = RSA, 2048 bits
    .rsa-3072 = RSA, 3072 bits
    .rsa-4096 = RSA, 4096 bits
    .ecdsa-p256 = ECDSA, P-256
    .ecdsa-p384 = ECDSA, P-384
field-security-exportable = Mark the private key as exportable
    .help = A promise this program keeps, not a protection: if off, it never makes a PFX from this key. Whoever can read the key file can still copy it. Lync needs it on.
field-request-client-eku = Ask for client authentication
    .help = Adds the usage clientAuth. Public authorities stopped issuing it in 2026; for servers, dialback or a partner's newer software makes up for it.
security-exportable-leads = A PFX may be made from this key later, for other members of the pool or for Windows.
security-kept-leads = No PFX is ever made from this key. A pool member or a new machine will need a certificate of its own.
security-ecdsa-lync = Lync knows ECDSA keys, but was tested with RSA; some Windows cipher suites need RSA.

page-organization = Organization and Geographical Information
    .step = Organization
    .help = Who asks, and where. All of it is optional: a public authority checks it or leaves it out; for a certificate that only proves a domain, leave it empty.
field-organization-name = Organization
    .help = The registered name, such as Contoso Ltd. At most 64 characters.
field-organization-unit = Organizational unit
    .help = For a private authority only; public certificates carry none since 2022. At most 64 characters.

field-geography-country = Country/Region
    .help = Type a part of the country's name or its two letters. Enter takes it, or lets you choose where several fit.
field-geography-state = State/Province
    .help = In full, such as Washington. At most 128 characters.
field-geography-city = City/Locality
    .help = In full, such as Redmond. At most 128 characters.

page-names = Subject Name and Subject Alternative Names
    .step = Subject names
    .help = The names that the certificate will hold, worked out from your answers. To change them, go back to the page Edge; further names follow on the next pages.
names-intro = The certificate will hold these names. The first is also its common name.

page-sip-domains = SIP Domain Setting on Subject Alternative Names
    .step = SIP domains
    .help = Each ticked SIP domain adds sip.<domain>, which clients and partners look for.
field-names-sip = SIP domains
    .help = Space ticks or unticks a domain.

page-extra-names = Configure Additional Subject Alternative Names
    .step = Additional names
    .help = Names beyond the computed ones, one a line. F8 removes a line, F9 clears all.
field-names-extra = Additional names
    .help = Further DNS names for the certificate. Each has to be reachable in DNS for a public authority.

page-request-summary = Request Summary
    .step = Summary
    .help = Everything that was answered, every problem, and what will be done. Enter on a line goes to its page.
request-as-it-will-be = The request as it will be
request-by-windows = What Windows is told to ask for
request-subject = Subject: { $subject }
request-key = Key: { $key }. Usage: { $usage }.
request-usage-server = server authentication
request-usage-both = server and client authentication
page-request-executing = Executing Commands
    .step = Make the request
    .help = The key is made and put on the disk, then the request. Esc stops between two actions; what is done stays.

page-request-written = Certificate Request File
    .step = Request written
    .help = The request as it lies on the disk. F3 shows it, F6 sends it to your terminal's clipboard.
request-written-not-yet = The request is not written yet. It is made on the page before this one; a dry run makes none.
request-written-by-windows = Windows makes the request: carry { $script } to the { -edge-server } and run it in the Management Shell. The request then lies beside the script.
request-written-where = The request lies in { $file }.
request-written-digest = SHA-256: { $digest }
request-written-send = Send it to the authority
request-written-paste = Paste the whole text, with both BEGIN and END lines, into the authority's form, or send the file. Ask for the chain (intermediate certificates) with the certificate.
request-written-tick = If the authority asks: server platform Microsoft, version IIS, usage Web Server, response format PKCS7.
request-written-later = The certificate may come days later. The key waits here; keep this folder.

page-certificate = The Certificate
    .step = Certificate
    .help = When the authority has sent the certificate, name its file here or paste it: PEM, DER, P7B or base64, best with its issuers in one file. It is proved before anything is switched, and what serves now goes on serving until then.
field-certificate-file = Certificate file
    .help = The certificate has come: name its file, or paste its text here. Leave it empty to go on without; you can come back at any time. Tab completes a name.
request-written-answered = The certificate for request { $number } has come.
certificate-waits = Request { $number } waits for its certificate.
certificate-windows = Windows has the key. The certificate is looked at here, and a script is written that puts it into use on the edge.
certificate-came = The certificate for these answers has come and is in use.
certificate-no-request = No request waits for a certificate yet.
certificate-how = Has it come? Name its file above, or paste its text there: from BEGIN to END, with those of its issuers if you have them. Otherwise go on.
certificate-pfx = A PFX has a password and is taken home with: edgewright complete --certificate FILE --password-file FILE
certificate-found = What was found
certificate-for = For { $name }, valid from { $from } to { $to }. It answers { $answers }.
certificate-names = Names: { $names }
certificate-issuer = Issued by { $issuer }
certificate-root = Root: { $root }, which this system knows
certificate-root-not-known = Root: { $root }, which this system does not know
certificate-issuer-missing = Issued by { $issuer }, which is missing
certificate-of-request = request { $number }
certificate-of-windows = a request of Windows
certificate-of-none = no request of this home folder
certificate-serves = It is in use already, as pair { $number }.
certificate-at-home = It lies in pair { $number } already and is not in use. Nothing is changed here; edgewright complete --certificate FILE switches to it.
certificate-in-script = Its script was written already.
certificate-brings-key = The file brings a private key of its own. Take it home with: edgewright complete --certificate FILE
certificate-refused = It cannot be taken home as it is.
certificate-next = Taken home it becomes, with key and chain, the pair in { $pair }, and the link { $link } is switched to it in one step.
certificate-old-serves = Until then pair { $number } goes on serving, and it stays.
page-certificate-summary = Certificate Summary
    .step = Summary
    .help = The certificate that came, what is wrong with it, and what will be done. Enter on a line goes to its page.
page-certificate-executing = Executing Commands
    .step = Take it home
    .help = Key, certificate and issuers become a pair, which is proved once more and then switched to. Esc stops between two actions; what served before goes on serving until the switch.

page-partners = XMPP Federated Partners
    .step = Partners
    .help = The domains your users may talk with. Enter edits, Space opens a menu, F7 adds, F8 removes, F9 removes all, Ctrl-Up and Ctrl-Down move, / filters.
field-partners = Partners
    .help = One row for each partner.
field-partners-domain = Primary domain
    .help = The part behind the @ in the partner's addresses.
field-partners-description = Description
    .help = For yourself.
field-partners-additional-domains = Additional domains
    .help = Further domains of the same partner with the same settings. They add no names to your certificate.
field-partners-type = Partner type
    .help = What the partner's users may do with yours.
    .federated = Federated
    .public-verified = Public verified
    .public-unverified = Public unverified
field-partners-tls = TLS negotiation
    .help = Required: no stream without encryption. Optional: used if the partner offers it, and whoever is on the line can switch it off.
    .required = Required
    .optional = Optional
    .not-supported = Not supported
field-partners-sasl = SASL negotiation
    .help = { -sasl-external }: the partner proves itself by its certificate. It needs TLS.
    .required = Required
    .optional = Optional
    .not-supported = Not supported
field-partners-dialback = Dialback negotiation
    .help = Server dialback: the partner proves itself by DNS (XEP-0220). Weaker than a certificate, but works without one.
field-partners-keep-alive = Keep-alive
    .help = The partner sends periodic keep-alives. Off for servers that do not know them.
field-partners-accept-clear-text = Accept clear text
    .help = Has to be on where the settings allow dialback without TLS: messages can then be read and forged on the way.
field-federation-unlisted = Unlisted domains
    .help = What happens to domains that are no partner: refused, or left to the server's own settings.
    .default = the server's own settings stay
    .refuse = refuse

page-policy = External Access Policy
    .step = Policy
    .help = Lync lets users talk with partners only where policy and { -access-edge } configuration both allow it.
field-policy-scope = Scope
    .help = global, site: with a site's name, or user: with a policy's name, such as site:Redmond.
field-policy-federation-access = Enable communications with federated users
    .help = The policy's first switch; XMPP needs it too.
field-policy-xmpp-access = Enable communications with XMPP federated users
    .help = The policy's second switch.
field-policy-allow-federated-users = { -access-edge }: enable communications with federated users
    .help = The switch of the { -access-edge } configuration. It opens federation of every kind, not only XMPP.
policy-open = Users under this policy may talk with XMPP partners. They get it when they sign in next.
policy-closed = One of the three switches is off: users under this policy will not reach XMPP partners.

page-addresses = Host and Addresses
    .step = Addresses
    .help = Where partners find the edge. The DNS records are made from it.
field-edge-host = Host
    .help = The name of the edge that the SRV records point to. It needs addresses of its own, not an alias (RFC 2782).
field-edge-addresses = Addresses
    .help = IPv4 and IPv6 addresses of the host as the Internet sees them.
field-edge-web-conferencing-addresses = Web Conferencing addresses
    .help = External addresses of the Web Conferencing Edge service.
field-edge-av-addresses = A/V addresses
    .help = External addresses of the A/V Edge service.

page-dns = DNS Records
    .step = DNS records
    .help = The records that have to be published, in the forms that name servers take. F3 shows a file, F6 copies it.
field-dns-zones = Zones
    .help = The zones that you publish in. Worked out from the public suffix list if you say nothing.
field-dns-ttl = Time to live
    .help = How many seconds resolvers may keep a record.
field-dns-priority = SRV priority
    .help = Lower is tried first. Give each edge pool a number of its own.
field-dns-weight = SRV weight
    .help = Share among records of equal priority.
field-dns-publish-server = Name server for updates
    .help = Address and port that takes dynamic updates (RFC 2136). Not used by this release.
field-dns-publish-tsig-key-file = TSIG key file
    .help = The key for dynamic updates. Not used by this release.
dns-without-address = Names without an address: { $names }. Each needs an A or AAAA record all the same: give the address on the page Edge, or see that the zone has one.
dns-column-name = Name
dns-column-type = Type
dns-column-data = Data

page-ports = Firewall Ports
    .step = Ports
    .help = The ports that have to be open, and commands that open them. F3 shows the file, F6 copies it.
ports-column-port = Port
ports-column-way = Way
ports-column-use = Use
ports-external-in = from outside
ports-external-out = to outside
ports-internal-in = from inside
ports-internal-out = to inside

page-upkeep = Upkeep
    .step = Upkeep
    .help = What looks after the certificates from now on. A certificate that ends is the usual reason why federation stops.
field-upkeep-timer = Look every day, by systemd
    .help = Writes a service and a timer for systemd. The service runs edgewright status, which only reads, and fails when something needs a person; monitoring sees that.
upkeep-timer-leads = edgewright-status.service and edgewright-status.timer are written to /etc/systemd/system, which takes root's rights.
upkeep-none-leads = Nobody looks by itself. Run edgewright status now and then: it says when a renewal is due and what else needs a person, and its exit code is then 3.

page-settings-summary = Settings Summary
    .step = Settings summary
    .help = Partners, policy, records and ports as they will be written. Nothing of them is written before you go on. Enter on a line goes to its page.
page-settings-executing = Executing Commands
    .step = Write the settings
    .help = The settings are written to the output folder. Esc stops between two actions; what is done stays.

page-done = Done
    .step = Done
    .help = What a person still has to do, what was written, and how to come back.
done-written = What lies on the disk
done-file = { $file }
done-file-not-there = { $file }; not written yet
done-file-as = { $file }: { $what }
done-file-as-not-there = { $file }: { $what }; not written yet
done-still-to-do = Still to do
done-ticked = { $count ->
    [one] One step is done.
   *[other] { $count } steps are done.
  }
done-come-back = Start edgewright again to change something: it goes on with the answers in { $home }. Scripts and records are in its folder out; they hold no secrets.

# out/to-do.md: what a person has to do. What a step names is found by its words: no bracket or quote touches a path.
to-do = To do by hand
to-do-where = Paths are in the home folder; run the commands there.
to-do-file =
    # To do by hand for { $name }

    Written by { -edgewright }. Paths are in the home folder, the one above this file's; run the commands there.
    Steps are ticked off in { -edgewright }: edgewright --home .
to-do-open = [ ] { $step }
to-do-done = [x] { $step }
to-do-unreadable = { $file } cannot be read, so no step counts as ticked: { $reason }
to-do-send = Send request { $number } to the CA: { $file }
to-do-complete = When the certificate for request { $number } comes: edgewright --home . complete --certificate FILE
to-do-request-on-windows = On the { -edge-server }, run out/lync/10-request.ps1 and send the request it writes to the CA.
to-do-name-certificate = When the certificate comes, name its file here: edgewright --home .
to-do-pfx = Make the PFX: edgewright --home . export-pfx{ $usage ->
    [internal] {" "}--usage internal
   *[external] {""}
  } --password-file FILE --out out/lync/{ $name }.pfx
to-do-import-pfx = Copy out/lync/{ $name }.pfx and out/lync/{ $name }.ps1 into one folder on { $count ->
    [0] the { -edge-server }
   *[other] every member of the pool ({ $members })
  } and run the script. It imports and assigns the certificate and restarts the services.
to-do-import-certificate = Copy out/lync/{ $name }.cer and out/lync/{ $name }.ps1 into one folder on the { -edge-server } and run the script. It imports and assigns the certificate and restarts the services.
to-do-import-on-pool = Import the same certificate with the same key on { $count ->
    [one] the member
   *[other] every member
  } of the pool: { $members }
to-do-lync-partners = In the Management Shell of a Front End Server, run out/lync/30-partners.ps1 and out/lync/40-policy.ps1
to-do-lync-firewall = On every { -edge-server }, run out/lync/50-firewall.ps1
to-do-prosody-certificate = Copy current/fullchain.pem to /etc/prosody/certs/{ $name }.crt and current/key.pem to /etc/prosody/certs/{ $name }.key ; let only the group prosody read the key.
to-do-prosody-settings = Copy out/prosody/50-edge.cfg.lua to /etc/prosody/conf.d, then: prosodyctl check config && prosodyctl reload
to-do-prosody-firewall = Open the ports, as root: sh out/prosody/firewall.sh
to-do-ejabberd-certificate = List current/fullchain.pem and current/key.pem under certfiles in ejabberd.yml; let only the group ejabberd read the key.
to-do-ejabberd-settings = Name out/ejabberd/edge.yml under include_config_file in ejabberd.yml, then: ejabberdctl reload_config
to-do-ejabberd-firewall = Open the ports, as root: sh out/ejabberd/firewall.sh
to-do-publish = Publish the DNS records: out/dns/records.nsupdate or out/dns/records.ps1 does it, or add by hand what out/dns/*.records list.
to-do-timer = Switch the daily look at the certificates on, as root: systemctl daemon-reload && systemctl enable --now edgewright-status.timer

page-acme = Online authority
    .step = Online authority
    .help = Keys of an online authority. Not used by this release.
field-acme-directory = Directory
    .help = Address of the authority's ACME directory (RFC 8555).
field-acme-contact = Contact
    .help = Where the authority writes to.
field-acme-root-file = Trusted root
    .help = Certificate of a private directory's authority.
field-acme-challenge = Challenge
    .help = How control of the names is proved.
    .http-01 = HTTP
    .dns-01 = DNS, by update
    .manual-dns = DNS, by hand
field-acme-http-listen = HTTP listener
    .help = Address and port that answers the challenge.
field-acme-webroot = Web root
    .help = Folder of a web server that answers the challenge.
field-acme-eab-kid = Account key identifier
    .help = For authorities that bind accounts (RFC 8555 7.3.4).
field-acme-eab-hmac-file = Account key file
    .help = Its secret.
