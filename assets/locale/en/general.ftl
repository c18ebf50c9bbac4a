product = { -edgewright }
no-home = No home folder could be found for this user; name one with `--home DIR`.
home-older = The home folder is { $home }, as before. Root's place for it is now { $new }: move it there while nothing runs (`mv`), and it is used from then on.

# Why a name is in the certificate.
names-column-name = Name
names-column-reason = Why it is there
name-reason-access-edge = { -access-edge } service; also the common name
name-reason-web-conferencing = Web Conferencing Edge service
name-reason-sip-domain = SIP domain; clients and partners look for it
name-reason-xmpp-domain = XMPP domain; partners compare the certificate with it
name-reason-component = component that partners reach by this name
name-reason-extra = you asked for it
name-reason-internal-edge = internal interface; also the common name

# What a partner's settings lead to.
connects = { $methods ->
    [sasl-over-tls] Connects by certificate only
    [sasl-over-tls-tls-dialback] Connects by certificate, else by dialback over TLS
    [sasl-over-tls-tls-dialback-tcp-dialback] Connects by certificate, else by dialback over TLS, else in clear text
    [tls-dialback] Connects by dialback over TLS only
    [tls-dialback-tcp-dialback] Connects by dialback over TLS, else in clear text
    [tcp-dialback] Connects in clear text only
   *[none] Will not connect with { $server }
  }
connects-by-marked = ! { $way }
connects-by = { $methods ->
    [sasl-over-tls] certificate only
    [sasl-over-tls-tls-dialback] certificate, else dialback
    [sasl-over-tls-tls-dialback-tcp-dialback] clear text possible
    [tls-dialback] dialback only
    [tls-dialback-tcp-dialback] clear text possible
    [tcp-dialback] clear text only
   *[none] does not connect
  }
reasons = { $first }; { $rest }
reason-none = The settings do what they say
reason-sasl-needs-tls = { -sasl-external } needs TLS, which is not supported here, and dialback is off
reason-no-method = SASL and dialback are both off, so nobody can be authenticated
reason-dialback-dead = SASL is required, so dialback is never used
reason-sasl-without-tls = TLS is not supported, so SASL is never used
reason-tls-strippable = TLS is optional, so anyone on the way can switch it off, and the certificate with it
reason-tls-hollow = TLS is optional, but no method works without it
reason-clear-text = XMPP without TLS can be read and forged by anyone on the way
partner-server-only = Your certificate is for servers only, and ejabberd before 25.08 refuses it (not Debian 13's). Ask which software the partner runs; else allow dialback over TLS, or ask your CA for client authentication too (page Name and security).
partner-type-federated = Their users may add yours and write to them without asking; they see status notes.
partner-type-public-verified = Their users may add yours and write to them without asking; they never see status notes.
partner-type-public-unverified = Their users reach yours only after your user added them; they never see status notes.
preset-strict = strict
    .help = certificate only
preset-balanced = balanced
    .help = certificate, else dialback over TLS
preset-encrypted-dialback = encrypted dialback
    .help = dialback over TLS, for partners without a usable certificate
preset-legacy-clear-text = legacy clear text
    .help = dialback without encryption
preset-none = settings of its own
partners-count = { $count ->
    [0] No partner yet.
    [one] One partner.
   *[other] { $count } partners.
  }{ $away ->
    [0] {""}
    [one] {" "}One will not connect.
   *[other] {" "}{ $away } will not connect.
  }{ $doubtful ->
    [0] {""}
    [one] {" "}One needs attention.
   *[other] {" "}{ $doubtful } need attention.
  }
unlisted-refuse = Domains that are not a partner are refused.
unlisted-default = For domains that are not a partner, the server's settings apply.
unlisted-allowed-prosody = Domains that are not a partner can connect too, as the server is set.
unlisted-allowed-ejabberd = Domains that are not a partner can connect too, as the server is set, but only with TLS.

# What is done.
changes-follow = follows the other files
action-create = create { $what }
action-change = change { $what }
action-keep = keep { $what }, unchanged
action-remove = remove { $what }
action-close = close permissions of the private key
action-run = run { $what }
action-go-on = go on with the { $what }, of a run that was cut off before the request
action-folder = folder, owner only
action-folder-server = folder that the server may read
action-key = private key, { $kind }, owner only
step-file = file
step-folder = folder
step-key = key
step-link = link
step-pfx = PFX
step-request = request
step-request-copy = copy of the request
action-request = certificate request for { $names ->
    [one] one name
   *[other] { $names } names
  }
action-key-copy = copy of the private key, owner only
action-key-given = private key that came with the certificate, owner only
action-before = copy of what is replaced, for undo
action-link = link to the pair in use: { $to }
action-link-away = link to the pair in use
action-pfx = PFX with key and chain, owner only
action-request-copy = copy of the request, for the CA
action-file = { $name }
action-server-pair = copy of certificate and key, for the server's group
action-server-link = link that the server reads its pair through: { $to }
action-server-link-away = link that the server reads its pair through
action-service-read-key = check that { $server } can read the key
action-service-install-module = installation of our module by { $server }
action-service-reload = reload of { $server }
action-service-enforce = our module in { $server }, for these hosts
action-service-verify = check that { $server } enforces these partners
action-service-release = { $server } with the settings of before
action-service-remove-module = removal of our module by { $server }
action-served = check that the new certificate is served for { $domains }
step-server-pair = certificate and key
step-server-link = link of the server
step-dns-update = records
action-dns-update = the records of { $zone }, at its name server
action-dns-served = check that every name server of { $zone } answers with the records as they then are
zone-servers-unknown = The records of { $zone } are published, but its name servers cannot be found from here ({ $reason }), so nobody could check that they all answer with them.
zone-servers-silent = The records of { $zone } are published, but { $servers } did not answer, so nobody could check there.

# Where the certificates stand.
status-certificates = Certificates in use
status-pair = pair { $number }
status-until = until { $date } UTC
status-state-ok = good
status-state-due = due for renewal
status-state-expired = expired
status-state-none = none
status-pending = Requests waiting for their certificates
status-request = request { $number }
status-usage-unknown = interface unknown
status-made = made on { $date } UTC
status-server = Server on this machine
status-not-looked = No server was looked at: by the answers, none on this machine is set up from here (server.install).
status-serves-pair = serves pair { $number }
status-enforces = enforces the partners of your answers
status-stream-from = stream from { $domain }, { $method }
status-stream-to = stream to { $domain }, { $method }
status-method = { $method ->
    [sasl-over-tls] by certificate
    [tls-dialback] by dialback over TLS
    [tcp-dialback] by dialback in clear text
   *[unknown] authenticated before anybody noted how
}
status-serial = serves the certificate with the serial number { $serial }
status-blind = Nothing could be told of the records and the partners: no name server could be asked, or nobody answered.
status-network = Records and partners, as seen from here
status-records = records as wanted: { $good } of { $count }{ $unknown ->
        [0] { "" }
       *[other] , cannot be told: { $unknown }
    }
status-partners = partners that can be reached: { $good } of { $count }{ $unknown ->
        [0] { "" }
       *[other] , cannot be told: { $unknown }
    }
status-attention = Needs attention

# Reports without a screen.
plan-names = Names of the certificate
plan-partners = Partners
plan-limit = { $partners }: { $limit }
plan-server-only = { $partners }: your certificate is for servers only, and ejabberd before 25.08 refuses it (not Debian 13's). Ask which software they run, or allow dialback over TLS.
plan-records = DNS records
plan-caa = Who may issue the certificate
plan-record-finding = { $name }: { $finding }
plan-actions = What will be done
report-done = Done
report-nothing = Nothing to do.
report-awaited = Request { $number } waits for its certificate; nothing else to do. When it comes: `edgewright complete --certificate FILE`
run-cut-off = The last run ({ $by }) was cut off. What it left is dealt with first.

# After the request.
complete-next-windows = Next: take { $folder } to the edge and run { $script } there. Windows has the key, so that it fits is proved only there.
complete-next-install = Next, in { $home }: { $step }
complete-next-tlsa = Next, once the server shows this certificate: `edgewright apply` brings the TLSA records to this key alone.
complete-next-pfx = Next: make the PFX with `edgewright export-pfx --legacy --usage { $usage } --out { $pfx } --password-file FILE`, take { $folder } to the edge, and run { $script } there.
recover-finished = A run that was cut off had checked and written pair { $number }, and not switched to it; that is done first.
recover-left = Pair { $number } is not in use: no run here checked it, or it is not valid now. To use it, install its certificate again.
recover-stage = Run { $number } did not get to its end while it changed the server. What it had changed is taken back.
recover-undone = A run was cut off while it wrote pair { $number }. It is not in use; install its certificate again.
undo-nothing = There is no run to undo.
undo-already = Run { $number } is undone already.
undo-run = Undo of run { $number }, of { $date } UTC{ $by ->
        [timer] , started by the timer
       *[other] {""}
    }
run-date = { $date } UTC{ $by ->
        [timer] , timer
       *[other] {""}
    }
run-request = request { $number }
run-pair = pair { $number } in use
run-server = server
run-published = records published
run-files = files
run-undone = undone
undo-sure = Undo this run?
undo-streams = Open streams of your hosts may be closed; new ones are made when there is something to send.
undo-answers-stay = Your answers stay as they are: `edgewright apply` would put them into service again.
undo-left = Nothing was changed.
undo-key-stays = { $file } stays: keys are never removed.
undo-request-stays = { $file } stays: it may have been sent, and its certificate may still come.
undo-pfx-stays = { $file } stays: it may have been imported already. It holds a key; delete it if it is not needed.
undo-pair-stays = Pair { $number } stays in its folder, no longer in use; `edgewright complete --certificate` with its fullchain.pem installs it again.
undo-link-changed = { $file } was switched again since, and stays.
stage-taken-back = The server is as before: what was begun is taken back. The new pair, if there is one, is kept.
stage-untold = The files of the server are as before, but it could not be told: { $reason }. The next run tries again.
stage-stays = What was begun on the server could not be taken back: { $reason }. The next run tries again.
undo-server = The files are as before, but { $server } was not told: { $reason }. Reload it by hand.
undo-enough = No other run is undone. To undo the one before, too, run `edgewright undo` again.
undo-script = If out/install.sh was run here or elsewhere, what it put into service stays. To take that back, run it with --undo first.
undo-at-rest = { $server } does not run: it reads the files when it starts.
undo-pair-over = The pair that was in use before, { $pair }, has expired. Instead of going back to it, run `edgewright renew`.
undo-pair-exposed = The key of the pair that was in use before, { $pair }, could be read by others. Instead of going back to it, run `edgewright renew`.
undo-pair-gone = The pair that was in use before, { $pair }, is not there or does not fit any more.
undo-file-gone = { $file } is not there any more.
undo-file-unreadable = { $file } cannot be read as a file, and stays.
undo-file-changed = { $file } was changed since, and stays.
undo-elsewhere = { $file } stays: this home folder was moved, copied or restored since, so the file may be another's.
undo-records-changed = The { $type } records of { $name } were changed since, and stay.
undo-unknown = { $file } stays: a later version of { -edgewright } changed it, and knows how to undo that.
undo-barred = { $file } stays: { $reason }.
undo-before-changed = What { $file } said before was kept, but was changed or damaged since, so it stays.
undo-owner-lost = { $file } is put back, but stays yours: only root may give it back to its owner, { $owner } (user and group).
undo-before-gone = What { $file } said before was not kept, so it stays.
