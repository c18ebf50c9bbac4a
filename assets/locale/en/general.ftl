product = { -edgewright }
no-home = No home folder could be found for this user; name one with `--home DIR`.
home-older = The home folder is { $home }, as before. Root's place for it is now { $new }: move it there while nothing runs (`mv`), and it is used from then on.

# Why a name is in the certificate.
names-column-name = Name
names-column-reason = Why it is there
name-reason-access-edge = { -access-edge } service; also the common name
name-reason-web-conferencing = Web Conferencing Edge service
name-reason-sip-domain = clients and partners of a SIP domain look for it
name-reason-xmpp-domain = the domain in XMPP addresses; partners compare it with this name
name-reason-component = a component that partners reach by its own name
name-reason-extra = you asked for it
name-reason-internal-edge = internal interface; also the common name

# What a partner's settings lead to.
verdict-valid = Valid
verdict-warning = Warning
verdict-invalid = Invalid
method-sasl-over-tls = certificate ({ -sasl-external }) over TLS
method-tls-dialback = dialback over TLS
method-tcp-dialback = dialback in clear text
methods = { $first }, else { $rest }
connects-by = Connects by { $methods }.
reasons = { $first } { $rest }
reason-none = The settings do what they say.
reason-sasl-needs-tls = { -sasl-external } needs TLS, TLS is not supported here, and no dialback is left to use.
reason-no-method = Neither SASL nor dialback is allowed, so nobody can be authenticated.
reason-dialback-dead = SASL is required, so the dialback that is switched on is never used.
reason-sasl-not-enforced = Lync takes dialback all the same: «required» is not kept to.
reason-sasl-without-tls = TLS is not supported, so SASL never takes place.
reason-tls-strippable = TLS is optional: whoever sits on the line can switch it off, and with it the certificate.
reason-tls-hollow = TLS reads «optional», but no method works without it.
reason-clear-text = Messages may travel in clear text, read and forged by anybody on the way (RFC 7590 3.4).
partner-dialback-by-dns = Dialback proves the partner by DNS alone; it is only as safe as DNS.
partner-server-only = Your certificate will not authenticate a client, so a partner with ejabberd before 25.08 refuses it: ask which software it runs, or allow dialback over TLS.
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
  }{ $invalid ->
    [0] {""}
    [one] {" "}One leaves no way to connect.
   *[other] {" "}{ $invalid } leave no way to connect.
  }{ $warning ->
    [0] {""}
    [one] {" "}One has a warning.
   *[other] {" "}{ $warning } have a warning.
  }
unlisted-refuse = Domains that are no partner here are refused.
unlisted-prosody = Prosody by itself cannot refuse domains that are no partner: one that proves itself can still connect.
unlisted-default = For domains that are no partner here, the server's own settings stay.

# What is done.
action-create = create { $what }
action-change = change { $what }
action-keep = keep { $what }, it is as asked
action-remove = remove { $what }
action-close = close permissions of the private key
action-run = run { $what }
action-go-on = go on with the { $what }, that a run made which was cut off before the request
step-file = file
step-folder = folder
step-key = key
step-link = link
step-pfx = PFX
step-request = request
step-request-copy = copy of the request
action-folder = folder, its owner's alone
action-key = private key, { $kind }, readable by its owner alone
action-request = certificate request for { $names ->
    [one] one name
   *[other] { $names } names
  }
action-key-copy = copy of the private key, readable by its owner alone
action-key-given = private key that came with the certificate, readable by its owner alone
action-before = copy of what is replaced, so that it can be put back
action-link = link to the pair in use: { $to }
action-link-away = link to the pair in use
action-pfx = PFX with key and chain, readable by its owner alone
action-request-copy = copy of the request, to be sent to the authority
action-file = { $name }

# Where the certificates stand.
status-certificates = Certificates in use
status-pair = pair { $number }
status-until = until { $date } UTC
status-state-ok = good
status-state-due = due for renewal
status-state-expired = ended
status-state-none = none
status-pending = Requests that wait for their certificates
status-request = request { $number }
status-usage-unknown = interface unknown
status-made = made on { $date } UTC
status-attention = What needs a person

# Reports without a screen.
plan-names = Names of the certificate
plan-partners = Partners
plan-server-only = { $partners }: your certificate will not authenticate a client, so a partner with ejabberd before 25.08 refuses it. Ask which software they run, or allow dialback over TLS.
plan-records = DNS records
plan-actions = What a run does
report-done = Done
report-nothing = Nothing to do: everything is as asked.
run-cut-off = The last run ({ $by }) was cut off. This one goes on where it stopped.

# After the request.
complete-next-windows = Next: take { $folder } to the edge and run { $script } there. Windows has the key, so that it fits is proved only there.
complete-next-pfx = Next: make the PFX with `edgewright export-pfx --usage { $usage } --out { $pfx } --password-file FILE`, take { $folder } to the edge, and run { $script } there.
recover-finished = A run that was cut off had proved and written pair { $number } and left out only the switch to it, which is done first.
recover-left = Pair { $number } is not in use: no run here is known to have proved it, or it is not valid now. To use it, give its certificate again.
recover-undone = A run was cut off while it wrote pair { $number }. It is not in use; give its certificate again.
undo-nothing = There is no run to take back.
undo-key-stays = { $file } stays: keys are never taken away.
undo-request-stays = { $file } stays: it may have been sent, and its certificate may still come.
undo-pfx-stays = { $file } stays: it may have been imported already. It holds a key; delete it if it is not needed.
undo-pair-stays = Pair { $number } stays in its folder and is only not in use any more; complete takes it again.
undo-link-changed = { $file } was switched again since, and stays.
undo-pair-gone = The pair that was in use before, { $pair }, is not there or does not fit any more.
undo-file-gone = { $file } is not there any more.
undo-file-unreadable = { $file } cannot be read as a file, and stays.
undo-file-changed = { $file } was changed since, and stays.
undo-elsewhere = { $file } stays: this home folder was moved, copied or restored since, so the file may be another's.
undo-unknown = { $file } stays: a later version of { -edgewright } changed it, and knows how to take it back.
undo-barred = { $file } stays. { $reason }
undo-before-changed = What { $file } said before was kept, but was changed or damaged since, so it stays.
undo-owner-lost = { $file } is put back, but stays yours: only root may give it back to its owner, { $owner } (user and group).
undo-before-gone = What { $file } said before was not kept, so it stays.
