# Pages and their fields, in page order. A page's value is its title, a field's value its label; `.help` says what it is for.

page-server = Server
    .step = Server
    .help = { -edgewright } prepares an XMPP federation edge: certificate, partners, DNS records, ports. It takes 10 to 20 minutes. Before a summary nothing is written but your answers; Ctrl-Q leaves at any time and keeps them.
field-server-kind = Server
    .help = The software that talks with other domains; it decides which pages follow.
    .lync = Lync Server 2013 / Skype for Business 2015
    .prosody = Prosody
    .ejabberd = ejabberd
field-request-key-by = Who makes the key
    .help = { -edgewright } makes key and request here; the certificate goes to Windows as a PFX. Windows: a script makes both on the { -edge-server }, and the key never leaves it.
    .edgewright = { -edgewright }
    .lync = Windows, by script
field-server-install = Install on this machine
    .help = Puts settings and certificate into service on the server of this machine, and proves that it uses them. You see every change before. Otherwise they are only written to the output folder.
field-server-config = Configuration file
    .help = The server's main configuration file, if it is not where the packages of Debian have it.
field-server-make-rooms = Make missing chat rooms
    .help = Components such as conference.example.org that Prosody does not have yet are made there as chat-room services. Without it they are an error.
field-server-drop-streams = Close open streams
    .help = Open streams that your settings do not allow are closed when the settings are put into service; others stay open. Without it, that is refused as long as there are such streams.
streams-with = { $count ->
        [one] Open streams with { $domains } do not fit your settings, which close them
       *[other] Open streams with { $count } domains do not fit your settings, which close them: { $domains }
    }
streams-untold = { $count ->
        [one] A stream is open, and { $server } does not tell whose it is; one of your hosts' is closed
       *[other] { $count } streams are open, and { $server } does not tell whose they are; those of your hosts are closed
    }
streams-all = { $count ->
        [one] The module of { -edgewright } is exchanged, which closes all streams of your hosts: those with { $domains }
       *[other] The module of { -edgewright } is exchanged, which closes all streams of your hosts: those with { $count } domains, { $domains }
    }
server-lync-support = Lync Server 2013 is out of support since 11 April 2023 and Skype for Business 2015 since 14 October 2025. Newer releases have no XMPP gateway. Plan its replacement.
server-elsewhere = { -edgewright } does not run on the { -edge-server }: you copy scripts, and later a PFX, to it.
server-here = Only files are written. On the server's own machine, as root, “Install on this machine” puts them into service as well; elsewhere, carry the output folder there.
server-installs = At the end, settings and certificate are put into service here. The configuration is { $file }; you see every change before, and it can be undone.
before = Before anything is switched over
before-move-users = Move all users to this release before you switch the gateway.
before-branch-users = Users homed on a Survivable Branch Appliance get neither XMPP presence nor messages; move them.
before-in-parallel = On a migration, do certificate, gateway and DNS in parallel.

page-edge = Names and domains
    .step = Names and domains
    .help = Names and domains of the edge, from which the names of the certificate follow. Unicode names are written as A-labels.
field-edge-access = { -access-edge } FQDN
    .help = External name of the { -access-edge } service, or of its load balancer: sip.contoso.com. It becomes the subject of the certificate.
field-edge-web-conferencing = Web Conferencing Edge FQDN
    .help = External name of the Web Conferencing Edge service: webcon.contoso.com.
field-edge-av = A/V Edge FQDN
    .help = External name of the A/V Edge service. It gets a DNS record, and is not in the certificate.
field-edge-internal = Internal Edge FQDN
    .help = Name of the internal interface or pool: lsedge.contoso.net. Subject of the internal certificate; not needed for the external one.
field-edge-pool = Pool members
    .help = FQDNs of the Edge Servers in the pool, if there are several. All get the same certificate and key.
field-edge-sip-domains = SIP domains
    .help = The domains your users sign in with.
field-edge-xmpp-domains = XMPP domains
    .help = The part behind the @ in your users' XMPP addresses. Partners compare the certificate with exactly these names, so list each one; a domain does not cover its subdomains.
field-edge-components = Components
    .help = Services that partners reach by a name of their own, such as conference.example.org for chat rooms.
page-delivery = Delayed or immediate requests
    .step = Delayed request
    .help = How the request reaches the CA, and whose rules apply.
field-request-delivery = Request
    .help = Delayed: you send a file to the CA; the certificate may come days later. Immediate: sent online at once.
    .delayed = Prepare the request now, but send it later
    .immediate = Send the request immediately to an online certification authority
field-request-usage = Certificate for
    .help = External: for partners and remote users. Internal: for your own servers; it has one name.
    .external = External Edge Certificate
    .internal = Edge Internal
field-request-authority = CA
    .help = Public: trusted by browsers, bound by the CA/Browser Forum's rules. Private: your organization's own.
    .public = Public
    .private = Private
delivery-delayed-leads = A request file is written. Nothing more is needed here until the certificate comes.
delivery-public-leads = Rules for public certificates apply: only names in the public DNS, no organizational unit, no client authentication. A certificate is valid for at most 200 days (100 from 15 March 2027).
delivery-private-leads = What only public CAs refuse is a warning, no error. Partners have to trust your CA.

page-request-file = Certificate request file
    .step = Request file
    .help = Where the copy of the request goes that you send to the CA. Key and original stay in { -edgewright }'s home folder.
field-request-file = File name
    .help = Path of the copy; one that is not absolute begins in the current folder. An existing file is replaced only if you say so. Tab completes.
request-file-key-here = The private key stays in the home folder. The file contains the request only and can be sent by mail.
request-file-key-windows = Windows makes the key. The script writes the request to this path of Windows, or beside itself if this is only a name.

page-template = Specify alternate certificate template
    .step = Template
    .help = Only for a Windows enterprise CA: the template's name, not its display name. Leave it empty for any other CA.
field-request-template = Certificate template name
    .help = For example WebServer. Empty: no template is requested.

page-security = Name and security settings
    .step = Name and security
    .help = The kind of key, and what may be done with it.
field-security-friendly-name = Friendly name
    .help = Shown for the certificate in Windows; not part of the certificate itself.
field-security-key = Key
    .help = RSA 2048 for Lync; ECDSA P-256 for Prosody and ejabberd.
    .rsa-2048 = RSA, 2048 bits
    .rsa-3072 = RSA, 3072 bits
    .rsa-4096 = RSA, 4096 bits
    .ecdsa-p256 = ECDSA, P-256
    .ecdsa-p384 = ECDSA, P-384
field-security-exportable = Mark the private key as exportable
    .help = If off, { -edgewright } never makes a PFX from this key. It does not protect the key file itself. Required for Lync.
field-request-client-eku = Ask for client authentication
    .help = Adds the usage clientAuth. Partners that require certificates (SASL required, dialback off) need it where their server is ejabberd before 25.08.
security-exportable-leads = A PFX can be made from this key, for Windows or other members of a pool.
security-kept-leads = No PFX is made from this key. Another machine needs a certificate of its own.
security-ecdsa-lync = Lync accepts ECDSA keys but was tested with RSA; some Windows cipher suites need RSA.

page-organization = Organization and geographical information
    .step = Organization
    .help = Optional. A public CA validates it or leaves it out; for a domain-validated certificate leave it empty.
organization-private = Optional. Your CA's policy says what it takes.
field-organization-name = Organization
    .help = The registered name, such as Contoso Ltd. At most 64 characters.
field-organization-unit = Organizational unit
    .help = For a private CA only; public certificates have none since 2022. At most 64 characters.

field-geography-country = Country/Region
    .help = Part of the country's name, or its two letters; Enter lets you choose where several fit.
field-geography-state = State/Province
    .help = In full, such as Washington. At most 128 characters.
field-geography-city = City/Locality
    .help = In full, such as Redmond. At most 128 characters.

page-names = Subject name and subject alternative names
    .step = Subject names
    .help = The names in the certificate. Change them on the page Names and domains; the next pages add others.
names-intro = The certificate will have these names. The first is also its common name.

page-sip-domains = SIP domain setting on subject alternative names
    .step = SIP domains
    .help = Each ticked SIP domain adds sip.<domain>, which clients and partners look for.
field-names-sip = SIP domains
    .help = Space ticks or unticks a domain.
    .option = { $name } adds sip.{ $name }

page-extra-names = Configure additional subject alternative names
    .step = Additional names
    .help = Names besides those above, one on each line. F8 removes one, F9 all.
field-names-extra = Additional names
    .help = Further DNS names for the certificate. A public CA validates each one in DNS.

page-request-summary = Request summary
    .step = Request summary
    .help = Problems, the request, what will be done, and your answers. Enter on a line goes to its page.
request-as-it-will-be = The request as it will be
request-by-windows = The request that Windows will make
request-subject = Subject: { $subject }
request-key = Key: { $key }. Usage: { $usage }.
request-usage-server = server authentication
request-usage-both = server and client authentication
request-issuers-asked = Name servers are being asked.
request-issuers-all = All { $count } names
page-request-executing = Executing commands
    .step = Make the request
    .help = Makes the key, then the request. Esc stops after the current action; what is done stays.

page-request-written = The request
    .step = Request written
    .help = The request. F3 shows it, F6 copies it to the clipboard of your terminal.
request-written-not-yet = The request does not exist yet; the page before makes it. A dry run makes none.
request-written-by-windows = Windows makes the request: copy { $script } to the { -edge-server } and run it in the Management Shell. The request is then at the path you gave, or beside the script.
request-written-where = The request is in { $file }.
request-written-digest = SHA-256: { $digest }
request-written-send = Send it to the CA
request-written-paste = Paste the whole text into the CA's form, with the BEGIN and END lines, or send the file. Ask for the intermediate certificates too.
request-written-tick = If the CA asks: server platform Microsoft, version IIS, usage Web Server, response format PKCS7.
request-written-another = { $file } holds another request. Do not send that one.
request-written-later = The certificate may come days later. Keep { $folder }: the key is in it.

page-certificate = The certificate
    .step = Certificate
    .help = Name or paste the certificate that the CA sent: PEM, DER, P7B or base64, best with its issuers. It is checked before anything is switched; what is in use stays in use until then.
field-certificate-file = Certificate file
    .help = Its file, or its text pasted here. Empty: go on without it and come back later. Tab completes.
field-certificate-chain-file = Issuers file
    .help = If they came separately: the CA's “intermediate” or “chain”. The root is not needed.
field-certificate-root-file = Trusted root file
    .help = Root of your own CA, PEM, trusted besides the system's roots and kept for renewals. Empty if the system knows it.
request-written-answered = The certificate for request { $number } has come.
certificate-looking = Looking into { $file } …
certificate-waits = Request { $number } waits for its certificate.
certificate-windows = Windows has the key. The certificate is checked here, and a script is written that installs it on the edge.
certificate-came = The certificate for these answers is in use.
certificate-no-request = No request waits for a certificate yet.
certificate-how = Name its file or paste its text, from BEGIN to END, with those of its issuers if you have them. If it has not come, go on.
certificate-pfx = A PFX with a password is installed with: edgewright complete --certificate FILE --password-file FILE
certificate-found = What was found
certificate-for = For { $name }, valid from { $from } to { $to }. It answers { $answers }.
certificate-names = Names: { $names }
certificate-issuer = Issued by { $issuer }
certificate-root = Root: { $root }, trusted
certificate-root-not-known = Root: { $root }, not trusted on this machine
certificate-issuer-missing = Issued by { $issuer }, which is missing
certificate-of-request = request { $number }
certificate-of-windows = a request of Windows
certificate-of-none = no request of this home folder
certificate-serves = It is in use already, as pair { $number }.
certificate-at-home = It is in pair { $number } already, not in use. edgewright complete --certificate FILE switches to it.
certificate-in-script = Its script was written already.
certificate-brings-key = The file contains a private key. Install it with: edgewright complete --certificate FILE
certificate-refused = It cannot be installed as it is.
certificate-next = It will be installed with key and chain as { $pair }, and the link { $link } switched to it in one step.
certificate-old-serves = Until then pair { $number } is in use; it is kept.
page-certificate-summary = Certificate summary
    .step = Certificate summary
    .help = Problems, the certificate, and what will be done. Enter on a line goes to its page.
page-certificate-executing = Executing commands
    .step = Install it
    .help = Key, certificate and issuers are written, checked once more and switched to. Esc stops after the current action; the old pair stays in use until the switch.

page-partners = XMPP federated partners
    .step = Partners
    .help = The domains your users may talk with.
field-partners = Partners
    .help = One row for each partner.
    .add = Add a partner
    .save = Save partner
    .menu = This partner
field-partners-domain = Primary domain
    .help = The part behind the @ in the partner's addresses.
field-partners-description = Description
    .help = For yourself.
field-partners-additional-domains = Additional domains
    .help = Further domains of this partner with the same settings. They are not in your certificate.
field-partners-type = Partner type
    .help = Federated: your own company or a close partner, whose users may add yours. Public unverified: any other; they reach your users only after being added.
    .federated = Federated
    .public-verified = Public verified (not recommended)
    .public-unverified = Public unverified
field-partners-tls = TLS negotiation
    .help = Required: nothing without encryption. Optional: used if offered; anyone on the way can switch it off.
    .required = Required
    .optional = Optional
    .not-supported = Not supported
field-partners-sasl = SASL negotiation
    .help = { -sasl-external }: the partner is authenticated by its certificate. Needs TLS.
    .required = Required
    .optional = Optional
    .not-supported = Not supported
field-partners-dialback = Dialback negotiation
    .help = Server dialback: the partner proves itself by DNS (XEP-0220). It works without a certificate, and is only as safe as DNS.
field-partners-keep-alive = Keep-alive
    .help = The partner sends periodic keep-alives. Off if its server does not.
field-partners-accept-clear-text = Accept clear text
    .help = Required if the settings allow dialback without TLS: messages can then be read and forged on the way.
field-federation-unlisted = Unlisted domains
    .help = Domains that are not a partner.
    .default = as the server is set
    .refuse = refuse

page-policy = External access policy
    .step = Policy
    .help = Users reach partners only if both policy and { -access-edge } configuration allow it.
field-policy-scope = Scope
    .help = global, site: with a site's name, or user: with a policy's name, such as site:Redmond.
field-policy-grant = Granted to
    .help = SIP addresses of the users that the policy is granted to, or all for everybody. Nobody else gets it.
field-policy-federation-access = Enable communications with federated users
    .help = In the policy; XMPP needs it too.
field-policy-xmpp-access = Enable communications with XMPP federated users
    .help = In the policy.
field-policy-allow-federated-users = { -access-edge }: enable communications with federated users
    .help = In the { -access-edge } configuration; for every kind of federation, not only XMPP.
policy-open = Users under this policy may talk with XMPP partners, from their next sign-in on.
policy-user-replaces = A user policy takes the place of whatever holds for these users now. In a new one all else is off, remote access (EnableOutsideAccess) too.
policy-closed = One of the three is off: users under this policy cannot reach XMPP partners.

page-addresses = Host and addresses
    .step = Addresses
    .help = Where partners find the edge; the DNS records follow from it.
field-edge-host = Host
    .help = The name that the SRV records point to. It needs A or AAAA records, not a CNAME (RFC 2782).
field-edge-addresses = Addresses
    .help = Public IPv4 and IPv6 addresses of the host.
field-edge-web-conferencing-addresses = Web Conferencing addresses
    .help = External addresses of the Web Conferencing Edge service.
field-edge-av-addresses = A/V addresses
    .help = External addresses of the A/V Edge service.

page-dns = DNS records
    .step = DNS records
    .help = The records to publish, in the formats that name servers take. F3 shows a file, F6 copies it.
field-dns-zones = Zones
    .help = The zones you publish in. Empty: worked out from the public suffix list.
field-dns-ttl = Time to live
    .help = How many seconds resolvers may keep a record.
field-dns-priority = SRV priority
    .help = Lower is tried first. Give each edge pool a number of its own.
field-dns-weight = SRV weight
    .help = Share among records of equal priority.
field-dns-tlsa = Publish the key as a TLSA record
    .help = Partners who validate (DANE, RFC 7673) then take this key and no other, whatever authority issued the certificate. The zone has to be signed (DNSSEC). A new key is published before its certificate is put in use: complete refuses it until the old record is forgotten. After the switch the next apply removes the old one.
dns-without-address = Names without an address: { $names }. Each needs an A or AAAA record: give the address on the page Addresses, or check that the zone has one.
dns-key-to-come = The TLSA record of the key comes with the first certificate.
dns-column-name = Name
dns-column-type = Type
dns-column-data = Data
dns-column-state = In DNS
dns-finding = { $name }: { $finding }. { $hint }

page-publish = Publish the records
    .step = Publishing
    .help = A name server that takes dynamic updates (RFC 2136) can be told the records when the run ends. Leave this empty to publish them yourself.
field-dns-publish-server = Name server for updates
    .help = IP address of the primary name server of your zones, with its port where that is not 53: 192.0.2.53 or [2001:db8::53]:5353.
field-dns-publish-tsig-key-file = TSIG key file
    .help = The key that signs the updates, as `tsig-keygen` or `keymgr -t` writes it (hmac-sha256, -sha384 or -sha512). Only you may be able to read it.
field-dns-publish-zone = Other zones
    .help = One row for each zone that has another name server or key.
    .add = Add a zone that has another
    .save = Save zone
    .menu = This zone
field-dns-publish-zone-name = Zone
    .help = One of the zones of the records.
field-dns-publish-zone-server = Name server
    .help = Empty: the same as above.
field-dns-publish-zone-tsig-key-file = TSIG key file
    .help = Empty: the same as above.
publish-nowhere = This program publishes nothing: carry the records from `out/dns` to your name server.
publish-unknown = { $zone }: its name server { $server } did not say what it holds: { $reason }
publish-there = { $zone }: the name server { $server } holds all records already.
publish-changes = { $zone }: the name server { $server } will be told
publish-column-ttl = TTL
publish-column-zone = Zone
publish-column-server = Name server
publish-column-key = TSIG key file
review-zone = Zone { $zone }
review-zone-server = { $server }

page-ports = Firewall ports
    .step = Ports
    .help = The ports to open, and commands that open them. F3 shows the file, F6 copies it.
ports-column-port = Port
ports-column-way = Direction
ports-column-use = Use
ports-external-in = from outside
ports-external-out = to outside
ports-internal-in = from inside
ports-internal-out = to inside

page-upkeep = Upkeep
    .step = Upkeep
    .help = An expired certificate is the usual reason why federation stops.
field-upkeep-timer = Check the certificates every day
    .help = Writes a systemd service and timer. The service runs edgewright status, which only reads, and fails when something needs attention, so that monitoring sees it.
field-upkeep-look = Look at server, DNS and partners every day
    .help = Writes a second service and timer, which may use the network. It runs edgewright status --look: the certificate that the server shows, the partners that it enforces, the DNS records, and whether each partner can be reached. It fails only where a second look, an hour later, finds the same.
upkeep-timer-leads = Written to /etc/systemd/system, which needs root: { $files }
upkeep-none-leads = Nothing checks by itself. Run edgewright status now and then: its exit code is 3 when a renewal is due or something else needs attention.

page-settings-summary = Settings summary
    .step = Settings summary
    .help = Problems, what will be done, and your answers. Enter on a line goes to its page.
settings-wait = { $server } gets its settings together with the certificate: once that has come, name it on the page Certificate and come back here. Until then they are only written to the output folder.
settings-to-server = Puts settings and certificate into service on the running server, and proves that it uses them. If something fails or Esc stops it, the server is put back as it was.
page-settings-executing = Executing commands
    .step = Write the settings
    .help = Writes the settings to the output folder. Esc stops after the current action; what is done stays.

page-done = Done
    .step = Done
    .help = What is left to do by hand, what was written, and how to come back.
done-written = Files
done-file = { $file }
done-file-not-there = { $file }; not written yet
done-file-as = { $file }: { $what }
done-file-as-not-there = { $file }: { $what }; not written yet
done-still-to-do = Still to do
done-unwritten = Not written yet. The page Settings summary lists it, and its button writes it.
done-come-back = To change something, start edgewright again; it continues with the answers in { $home }. Scripts and records are in its folder out; of what is there, only a PFX holds a secret, the key.

page-acme = Online CA
    .step = Online CA
    .help = Settings for an online CA. Not used by this release.
done-ticked = { $count ->
    [one] One step is done.
   *[other] { $count } steps are done.
  }
to-do = To do by hand
left-to-do = Still to do by hand; paths and commands begin in { $home }:
to-do-where = Paths are in the home folder; run the commands there.
to-do-file =
    # To do by hand for { $name }

    Written by { -edgewright }. Paths are in the home folder, the one above this file's; run the commands there.
    Steps are ticked off in { -edgewright }: edgewright --home .
to-do-open = [ ] { $step }
to-do-done = [x] { $step }
to-do-unreadable = { $file } cannot be read, so no step counts as ticked: { $reason }
to-do-lync-topology = In Topology Builder: on the Edge pool, select “Enable XMPP federation (port 5269)”; on the site, choose the Edge pool under “Site federation route assignment”, “XMPP federation”; publish.
to-do-lync-setup = Run out/lync/05-topology.ps1: with -Site on one Front End Server, then without on every other and on every { -edge-server }. It does what Setup or Remove Lync Server Components does (Deployment Wizard, step 2).
to-do-send = Send the request to the CA: { $file }
to-do-complete = When the certificate comes: edgewright --home . complete --certificate FILE
to-do-request-on-windows = On the { -edge-server }, run out/lync/10-request.ps1 and send the request it writes to the CA.
to-do-name-certificate = When the certificate comes, name its file here: edgewright --home .
to-do-pfx = Make the PFX: edgewright --home . export-pfx --legacy{ $usage ->
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
to-do-lync-partners = Copy out/lync/30-partners.ps1 and out/lync/40-policy.ps1 to a Front End Server and run them in its Management Shell.
to-do-lync-firewall = Copy out/lync/60-firewall.ps1 to every { -edge-server } and run it there with -Internal and the address of the internal interface.
to-do-lync-root = On every { -edge-server }, import your CA's root into Trusted Root Certification Authorities and its issuing CA into Intermediate Certification Authorities (computer account).
to-do-lync-verify = When all else is done, run out/lync/70-verify.ps1 on the { -edge-server }, and with -Pool and -Receiver on a Front End Server.
to-do-apply = Put settings and certificate into service, as root: edgewright --home . apply
to-do-install = Put settings and certificate into service, as root: sh out/install.sh current
to-do-prosody-firewall = Open the ports, as root: sh out/prosody/firewall.sh
to-do-ejabberd-firewall = Open the ports, as root: sh out/ejabberd/firewall.sh
to-do-publish-apply = `edgewright apply` publishes the DNS records.
to-do-publish = Publish the DNS records: out/dns/records.nsupdate or out/dns/records.ps1 does it, or add by hand what out/dns/*.records list.
to-do-tlsa = For each new key, before its certificate comes: have its TLSA record published (edgewright apply once more, or by hand) and wait for the TTL, { $ttl } seconds. After the switch take the old one out (edgewright apply, or by hand).
to-do-partners-root = Give your partners the root certificate of your CA: a server that does not know it refuses your certificate.
to-do-timer = Switch the daily look on, as root: systemctl daemon-reload && systemctl enable --now { $timers }

field-acme-directory = Directory
    .help = URL of the CA's ACME directory (RFC 8555).
field-acme-contact = Contact
    .help = Address for mail from the CA.
field-acme-root-file = Trusted root
    .help = CA certificate of a private directory.
field-acme-challenge = Challenge
    .help = How control of the names is validated.
    .http-01 = HTTP
    .dns-01 = DNS, by update
    .manual-dns = DNS, by hand
field-acme-http-listen = HTTP listener
    .help = Address and port that answers the challenge.
field-acme-webroot = Web root
    .help = Folder of a web server that answers the challenge.
field-acme-eab-kid = Account key identifier
    .help = For CAs that bind accounts (RFC 8555 7.3.4).
field-acme-eab-hmac-file = Account key file
    .help = Its secret.
