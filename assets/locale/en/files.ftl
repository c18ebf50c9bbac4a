### Words inside the files that a person carries elsewhere: comments, rule names, what a script prints.
### A message of several lines becomes as many comment lines; keep each under 110 columns.

## Every file

file-made = Written by { -edgewright } for { $name }.

## lync/10-request.ps1

file-request-where =
    Asks Windows for a key and a certificate request. Run it in the { -management-shell } on the edge itself,
    as a local administrator: the private key stays in that machine's store. In a pool run it on one edge only.
file-request-exists = The request file exists: a request is waiting for its certificate. To make another, move the file away.
file-request-names =
    The topology gives the access edge and the web conferencing edge their names; the others are asked for here.
    Compare the finished request with the names it must hold:
file-request-name = - { $name }
file-request-key-size =
    The answers ask for { $wanted }. The cmdlet makes RSA keys of 1024, 2048 and 4096 bits only, so the next larger
    size is asked for: { $size } bits.
file-request-exportable =
    An edge of a pool needs the same key as the others, so a key that cannot be exported fits a single edge only.

## lync/00-read-me-first.txt, 05-topology.ps1, 70-verify.ps1

guide-title = XMPP federation for { $name }: the order of work
guide-how = Every script takes -WhatIf, which shows what it would do, and may be run again. Copy to each server only the files that its step names: a PFX holds the key.
guide-step = { $number }. { $file }: { $what }
guide-topology = Topology Builder first (its remarks say what), then on a Front End Server with -Site, and on each { -edge-server }.
guide-request = On one { -edge-server }. Send the request to the CA.
guide-certificate = On every { -edge-server }, once the certificate has come and this script is here, with the PFX or certificate of the same name beside it. Before, import your own CA's root and issuing CA there.
guide-partners = On a Front End Server, once.
guide-policy = On a Front End Server, once.
guide-dns = On a DNS server, or add the records by hand.
guide-firewall = On every { -edge-server }, with -Internal and the address of its internal interface; without it TCP 23456 stays closed.
guide-verify = On every { -edge-server }; then on a Front End Server with -Pool and -Receiver.
file-topology-where =
    The topology. Run it in the { -management-shell }, as a local administrator: with -Site, the site's name, on one
    Front End Server; then without it on every other Front End Server and on every { -edge-server }.
file-topology-builder =
    Before, in Topology Builder: on the Edge pool, select "Enable XMPP federation (port 5269)"; publish the topology.
    The route below is what "Site federation route assignment", "XMPP federation", sets there.
file-topology-route = The site's XMPP federation goes through this Edge pool. Older topics call the parameter -XmppExternalFederationRoute.
file-topology-enable = Activates the roles that the topology gives this computer, as running Setup again does.
file-verify-where =
    Shows whether it works; changes nothing. Run it on every { -edge-server }, and with -Pool, the fully qualified
    name of the Front End pool, and -Receiver, an address at a partner, on a Front End Server.
file-verify-inside = A message from a test user to the partner.
file-verify-edge = Both ports have to be listened on; the certificate has to be the new one; the record has to lead here.

## lync/30-partners.ps1

file-certificate-where =
    Puts the certificate into the store of Windows and assigns it. Run it in the { -management-shell } on the edge
    itself, on every one of a pool. Issuers that Windows does not know have to be imported before.
file-certificate-pfx =
    { $file } has to lie beside this script: `edgewright export-pfx` makes it of the pair in use. It holds the key.
file-certificate-password = Password of the PFX
file-certificate-assigned = The certificate is assigned already; nothing was changed.

file-partners-where =
    XMPP federated partners. Run it once, in the { -management-shell } on a machine inside the network,
    as a member of RTCUniversalServerAdmins or CsAdministrator. Running it again changes nothing that is right.
file-partners-none = The answers name no XMPP federated partner.
file-partners-clear-text =
    { $domain }: these settings allow { -server-dialback } in clear text, which everybody on the way can read. The answers
    accept that for this partner.
file-partners-unlisted =
    Domains that are not in the answers are refused: each partner on the server that is not in this list is offered
    for removal, and you agree to each one.
file-partners-kept = Partners on the server that are not in the answers stay as they are.

## lync/40-policy.ps1

file-policy-where =
    External access. Run it once, in the { -management-shell } on a machine inside the network, as a member of
    RTCUniversalServerAdmins or CsAdministrator. Clients learn of a changed policy when they sign in again.
file-policy-edge =
    The access edge configuration holds for every kind of federation, not for XMPP alone. There is one, for the
    whole organization.
file-policy-global = The global policy holds for everybody without a site or user policy.
file-policy-site = The site policy wins over the global one for the users of that site. A policy that exists is changed.
file-policy-user =
    A user policy holds for those it is granted to, in place of any other. In a new one all else is off, remote access
    too (EnableOutsideAccess). A policy that exists is changed.
file-policy-grant-none = The answers grant it to nobody (policy.grant).
file-policy-grant-how = Grant-CsExternalAccessPolicy -Identity <user> -PolicyName { $policy }

## lync/60-firewall.ps1

file-firewall-where =
    Rules for the Windows firewall of the edge. Run it on every edge, as a local administrator. The firewalls in
    front of and behind the edge need the same rows. A rule that exists stays as it is.
file-firewall-external =
    External interface. The rules name no local address: behind network address translation the address on the
    interface is not the published one, and a rule for the wrong address lets nothing in.
file-firewall-internal =
    -Internal: the address of the internal interface, such as 172.25.33.10. Without it the rules for that interface are
    not made, so that none of them opens the external one.
file-firewall-internal-skipped = The rules for the internal interface were not made: name its address with -Internal.
file-firewall-legacy = -Legacy: also for audio and video with partners that still run Office Communications Server 2007.
file-firewall-netsh = Windows Server 2008 R2 has no cmdlets for its firewall.
file-firewall-in = { -edgewright }: { $use }, in ({ $protocol } { $ports })
file-firewall-out = { -edgewright }: { $use }, out ({ $protocol } { $ports })
file-firewall-internal-in = { -edgewright }: { $use }, internal, in ({ $protocol } { $ports })
file-firewall-internal-out = { -edgewright }: { $use }, internal, out ({ $protocol } { $ports })

## prosody/firewall.sh, ejabberd/firewall.sh

file-shell-where =
    Opens the ports that partners connect to, in ufw if it is active, else in firewalld if it runs, else in the
    nftables chain `inet filter input`. Run it as root. Running it again changes nothing.
file-shell-not-lasting = The rule holds until the next restart. To keep it, add to the chain input in /etc/nftables.conf: { $rule }
file-shell-unknown = No firewall was found that this script knows. If there is one, let in: { $ports }

## dns/

file-dns-fragment =
    A fragment for the zone { $zone }, to be included with $INCLUDE; it is no zone by itself (no SOA, no NS).
    Include it as the last line of the zone: its $TTL also holds for what follows it.
file-dns-powershell =
    For a Windows DNS server: run it there as a member of DnsAdmins. A record that exists already is reported as an
    error and stays as it is; the other lines still run.
file-dns-ttl = The planned time to live is { $ttl } seconds; these lines leave it to the zone's default.
file-dns-nsupdate =
    Dynamic update (RFC 2136): nsupdate -k <TSIG key file> records.nsupdate
    Records that exist already stay. Nothing is removed.
file-dns-octodns = The records for octoDNS (YamlProvider) in the zone { $zone }: add them to the file of that zone.
file-dns-route53 = { -edgewright }: records of { $zone }
file-dns-without-zone = None of the zones holds these records. Add them where they belong:
file-dns-record = - { $record }

## prosody/edgewright.cfg.lua

file-prosody-where =
    Read after all other files, by the last line of the main configuration file. It holds for these hosts only.
    Federation is off for each of them but for the module, which opens it: without the module there is none.

## ejabberd/edgewright.yml

file-ejabberd-where =
    For include_config_file in ejabberd.yml. Lists are added to those of the main file; an option that is set both
    there and here is refused.

## What a server does not do as a partner's settings ask, also on the screen and in problems:
## of one line where a partner is meant, without the partner's name.

limit-dialback-disabled = its configuration has no dialback for { $host }
limit-sasl-not-enforced = SASL is required, but Lync accepts dialback all the same.

## Uses of ports, also on the screen

port-xmpp = XMPP federation
port-xmpp-gateway = XMPP gateway
port-sip = SIP federation
port-sip-client = remote users and web conferencing
port-sip-internal = SIP with the servers inside
port-stun = audio and video
port-stun-out = audio and video over TCP
port-media = audio and video with federated partners
port-media-legacy = audio and video with Office Communications Server 2007
port-conferencing = web conferencing
port-av-authentication = A/V authentication
port-replication = replication of the configuration
port-logging = logging service
port-crl = certificate revocation lists
port-dns = DNS

## install.sh
file-script-where =
    Puts settings and certificate into service on this machine, as root: sh out/install.sh current
    The argument is the folder of the pair, with its key; no key lies here. What is replaced is kept: sh out/install.sh --undo
script-usage =
    Usage, as root: sh install.sh FOLDER, or sh install.sh --undo
    FOLDER holds the pair to be served, fullchain.pem and key.pem: `current` in the home folder leads to it. Elsewhere than there it has to come along with `out`; it has the private key, so let nobody else read it.
    --undo takes back what the last run did.
script-begins = This goes into service, for these hosts; what is there now is kept, for --undo:
script-root = Only root can do this.
script-busy = Another run is going on.
script-no-pair = it is missing. Name the folder of a pair, with fullchain.pem and key.pem: `current` in the home folder leads to it. It has to come along with `out`; it has the private key, so let nobody else read it
script-encrypted = the key is under a passphrase, which the server does not know
script-no-match = the key is not the one that the certificate was issued for
script-expired = the certificate has expired
script-other-name = the certificate does not name this host:
script-changed = what lies here is not what was written with this script; copy the whole folder again
script-no-server = the server is not here, or not where its packages put it
script-stopped = The server does not run. Start it first; nothing was changed.
script-unclear = the server's own programs cannot read it
script-own = Nothing was changed:
script-own-lists = its configuration has modules_enabled or modules_disabled of its own, which this script would replace; `edgewright apply` on this machine keeps them
script-own-component = it is not there, or of another kind, which `edgewright apply` on this machine can tell. If it is not there, add this line to the configuration and reload the server:
script-own-domain = it is there as a component, and is to be a domain with users
script-own-some = Nothing was changed: some of these hosts are listed, others are not. `edgewright apply` on this machine can tell:
script-link = a symbolic link is in the way, and nothing is written through links
script-others = others than root may write there, and could lead elsewhere what this script writes. Make it root's alone (chown root, chmod go-w), then run again
script-in-the-way = this is in the way
script-meanwhile = somebody else changed it meanwhile
script-unreadable = the server cannot read it
script-not-served = the server does not serve the new certificate, or cannot be reached where it was looked for on port 5269:
script-not-read = openssl is not here, so nobody looked at what is served.
script-not-running = The server does not run. Its files are as before; it reads them when it starts.
script-taken-back = What was begun is taken back.
script-not-taken-back = What was begun could not be taken back as a whole. Once the reason above is gone, run this with --undo.
script-nothing = Nothing to do.
script-done = Done: all of this is in service. To go back, run this with --undo.
script-no-undo = There is nothing to undo.
script-main-stays = it was changed since, and stays but for the line that reads our settings
script-earlier = The server is as it was before the last run. An earlier run is still in service; to take that back too, run this with --undo again.
script-undone = The server is as before. The copies of pairs stay, in case they are still needed.
