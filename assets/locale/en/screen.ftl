# The full screen: headings, buttons, keys, questions, notices.

screen-edge = edge of { $name }
screen-new = a new edge
screen-dry-run = DRY RUN
screen-leads-to = What this leads to
screen-too-small = The window is too small: { -edgewright } needs 60 columns and 16 lines. Make it larger; until then only Ctrl-Q works, which leaves and keeps the answers. For small windows there is edgewright --plain.
screen-add = add one here
screen-filter = Filter
screen-view = View { $name }
screen-preset = Preset
screen-here = { $stage }: { $step }, { $number } of { $all }
screen-here-step = { $step }, { $number } of { $all }
screen-here-short = { $number } of { $all }
screen-more = more
screen-more-above = more above
screen-more-below = more below
screen-more-both = more above and below
screen-more-beside = more: F2

screen-waits = waiting for the CA

stage-edge = Edge
stage-certificate = Certificate
stage-federation = Federation

screen-mouse = Mouse on
screen-progress = { $done } of { $all } done

yes = Yes
no = No
nothing = (none)
country = { $name } ({ $code })

partners-column-domain = Partner
partners-column-type = Type
partners-column-connects = Connects by
partners-column-description = Description
row-problems-heading = Problems
row-problems = { $errors ->
    [0] { $warnings ->
        [one] { $warnings } warning
       *[other] { $warnings } warnings
      }
    [one] { $errors } error
   *[other] { $errors } errors
  }

next = Next
next-more = Read on
back = Back
back-row = Cancel
next-request-summary = Make key and request
next-certificate-summary = Install the certificate
next-settings-summary = Write the settings
next-settings-to-server = Put into service
next-done = Finish
next-back-to-summary = Back to the summary
log = Log

keys-text = Enter next   Esc back   F1 help   F2 leads to   F4 pages   Ctrl-N next page
keys-choice = Left/Right choose   Enter next   Esc back   F1 help   F2 leads to   F5 preset
keys-toggle = Space switches   Enter next   Esc back   F1 help   F2 leads to   F4 pages
keys-item = Enter goes on   F8 remove   F9 clear all   Esc back   F1 help
keys-row-plain = Enter edit   Space menu   F7 add   F8 remove   Esc back
keys-add-plain = Enter or F7 adds   Up/Down move   Esc back   F1 help   Ctrl-N next page
keys-row = Enter edit   Space menu   F3 look   F5 preset   F7 add   F8 remove   Esc back
keys-document = Enter view   F6 copy   Up/Down move   Esc back   F1 help
keys-jump = Enter goes there   Up/Down move   Esc back   F1 help
keys-next = Enter goes on   Up/Down move   Esc back   F1 help   F2 leads to   F4 pages
keys-next-reading = Enter goes on   PgUp/PgDn scroll   Esc back   F1 help   F2 leads to   F4 pages
keys-add = Enter or F7 adds   F3 look   Up/Down move   Esc back   F1 help   Ctrl-N next page
keys-preset = Space or F5 chooses   Enter next   Esc back   F1 help   F2 leads to
keys-next-document = Enter goes on   F3 view   F6 copy   Up/Down move   Esc back   F1 help
keys-outside = Up/Down move   Enter its path   F5 look again   Esc close
keys-outside-goes-on = Up/Down move   Enter its path   Esc stops
keys-path = Up/Down scroll   Enter the partner's settings   Esc back to the list
keys-path-own = Up/Down scroll   Esc back to the list
keys-running = Esc stops after the current action
keys-overlay = Up/Down scroll   Esc close
keys-view = Up/Down scroll   F6 copy   Esc close
keys-menu = Up/Down or a letter choose   Enter takes it   Esc close
keys-overview = Up/Down or a letter choose   Enter takes it   Esc leaves
keys-confirm = Left/Right choose   Enter takes it   Esc no
keys-password = Enter goes on   Up/Down move   Ctrl-U clear   Esc not now
pfx-make = Make the PFX
pfx-make-here = Make it here
pfx-is-made = It is made already
pfx-about = The script for the { -edge-server } reads key and certificate from { $file }. It is written so that Windows Server 2016 and older can read it.
pfx-password = Choose a password. The script asks for it; it is kept nowhere.
pfx-first = Password
pfx-again = Once more
pfx-empty = A password is needed.
pfx-differ = The two are not the same. Type both again.
pfx-short = It is short. Whoever gets the file can try many passwords a second; Enter takes it all the same.
pfx-too-long = This cannot be in a password. Type it again.
pfx-not-pasted = What was pasted has a line break or another control character in it, or is too long. Paste it again.
pfx-made = The PFX is made.
pfx-refused = No PFX can be made: { $what }
pfx-plain = What is typed here would be seen, so the PFX is made with a command: see its step in out/to-do.md.

menu-edit = Edit
menu-preset = Set to a preset
menu-preset-line = { $preset }: { $help }
menu-outside = See it as other servers do
menu-up = Move up
menu-down = Move down
menu-remove = Remove
menu-country = Which country?

confirm-clear = Remove all { $count }?
confirm-lost = { $count ->
    [one] One of your answers is not for that server and will be removed. Change the server?
   *[other] { $count } of your answers are not for that server and will be removed. Change the server?
  }
confirm-remove = Remove { $name }?
confirm-clear-text = Messages with this partner will be in clear text: anyone on the way can read and change them, and write in the partner's name. Continue?
confirm-clear-text-again = Are you sure? “Accept clear text” is set for this partner, and a warning stays.
confirm-replace = { $count ->
    [one] { $file } exists with other content; somebody may still need it, such as a request that waits for its certificate. Replace it?
   *[other] { $file } exist with other content; somebody may still need them. Replace them?
}
leads-nowhere = The answers of this page lead to nothing that can be shown.
confirm-cancel-row = Discard what was changed here?
confirm-quit = Leave now? Your answers are kept.

notice-saved = Saved.
notice-dry-run = A dry run saves nothing; --answers-out FILE keeps its answers.
notice-not-saved = The answers could not be saved: { $reason }
notice-not-ticked = The tick could not be saved: { $reason }
notice-received = The pasted certificate was saved.
notice-not-received = The pasted certificate could not be saved: { $reason }
paste-dry-run = A dry run saves nothing; name the certificate's file instead.
paste-key = It contains a private key, so it was not saved. Install it with: edgewright complete --certificate FILE
paste-refused = Nothing was saved: { $what }
notice-sip-domains = Taken from the SIP domains; remove those without XMPP.
notice-hosts = Taken from the configuration of { $server }; remove those that are not to federate.
notice-components = Taken from the configuration of { $server }; remove those that partners are not to reach.
notice-install = Proposed, because { $file } is here. Space changes it.
notice-first-line = Only the first line was taken.
notice-held = To carry this out, let go of the key and press it again.
notice-kept = Somebody else changed answers.toml meanwhile. Yours count; theirs are kept, the newest file in before.
notice-unsaved = Your last answers could not be saved: the disk may be full. Make room and press Ctrl-S; Ctrl-Q leaves without them.
notice-repeated = That is in the list already.
notice-press = Ctrl-N stops here. The button carries it out.
notice-errors = { $count ->
    [one] One error has to be fixed first; it is listed above.
   *[other] { $count } errors have to be fixed first; they are listed above.
  }
notice-page-errors = This is not right yet. Press Next again to leave it for later.
notice-running = It is still running.
notice-looking = Being looked at; goes on by itself. Esc stays here.
notice-not-run = It did not finish. Start it again from the summary.
notice-slow-save = The answers are being saved; the disk is slow.
notice-slow-look = Files are being checked; the disk is slow.
notice-slow-server = { $server } and the files are being looked at.
notice-slow-names = Name servers are being asked for the records.
notice-issuers = The authority may refuse this request: see above, who may issue the certificate.
notice-slow-receive = The certificate is being saved; the disk is slow.
notice-leaving = Finishing what is being written; the disk is slow. Ctrl-Q leaves without waiting.
notice-stopping = Stopping after the current action.
notice-copied = { $name } was sent to the clipboard, if your terminal takes it. It is in { $folder }
notice-copied-planned = { $name } was sent to the clipboard, if your terminal takes it. It will be in { $folder }

execute-complete = Done.
proved-served = Pair { $number } is served for { $domains }.
proved-enforced = { $server } enforces the settings of { $count ->
    [0] no partner
    [one] one partner
   *[other] { $count } partners
  }.
execute-dry = Dry run: nothing was written.
execute-cancelled = Stopped. What is done stays; start again from the summary.
execute-stopped = Stopped; start again from the summary.
execute-failed = It stopped: { $reason }

review-problems = Problems
review-plan = What will be done
review-partner = Partner { $domain }

answers-lost = The last answers could not be saved in { $home }: the disk may be full or read-only.
come-back = Your answers are kept in { $home }. Go on with: { $command }
answers-refused = The wizard cannot start from { $file }. Fix it, or move it away to begin anew:
not-a-terminal = The wizard needs a terminal that can place its cursor. Without one, use `edgewright --plain`, which asks line by line, or `edgewright plan` and `edgewright apply` with an answers file.
keys-file = Tab completes   Enter next   Esc back   F1 help   F4 pages   Ctrl-N next page
help-keys = Up, Down, Space, Enter, Tab and Esc are enough. F1 or ?: help. F2: what the answers lead to. F4: go to any page. Ctrl-N: next page. Ctrl-S: save. Ctrl-L: redraw. Ctrl-T: other colours and signs. Ctrl-P: mouse on or off (off, the terminal selects text). Ctrl-Q: leave; your answers are kept. In a table: F7 adds, F8 removes, F9 removes all, F3 looks at the partners as other servers see them, Ctrl-Up and Ctrl-Down move a row, / filters.
keys-option = Up/Down move   Space chooses   Enter chooses and goes on   Esc back   F1 help

# Started again: where things stand.
hub = Where things stand
hub-home = Home folder: { $home }
hub-attention = Needs attention: { $what }
hub-attention-more = { $count ->
        [one] One more needs attention
       *[other] { $count } more need attention
    }: edgewright status
hub-no-request = No request was made yet.
hub-unused = The certificate for request { $number } came, and is not in use: `edgewright complete --certificate FILE` installs it again.
hub-not-these = No request was made for these answers.
hub-pending = Request { $number } waits for its certificate since { $date }: { hub-request-for }.
hub-other-requests = { $count ->
    [one] Request { $number } waits for its certificate since { $date }, but not for these answers: { hub-request-for }.
   *[other] { $count } requests wait for their certificates, none for these answers. The last since { $date }: { hub-request-for }.
  }
hub-request-for = { $name }{ $names ->
    [one] {""}
   *[other] {" "}({ $names } names)
  }{ $usage ->
    [external] , external interface
    [internal] , internal interface
   *[only] {""}
  }
hub-answered = The certificate for these answers has come.
hub-certificate-serves = In use: pair { $number } for { $name }, valid to { $date } ({ $days ->
    [one] one day
   *[other] { $days } days
  } left).
hub-certificate-due = In use: pair { $number } for { $name }, valid to { $date }. Renew it: { $days ->
    [one] one day is left
   *[other] { $days } days are left
  }.
hub-certificate-ended = In use: pair { $number } for { $name }. It EXPIRED on { $date }: partners refuse it. Renew it now.
hub-record-count = { $count ->
    [0] No DNS record.
    [one] One DNS record.
   *[other] { $count } DNS records.
  }
hub-counts = { $partners } { $records } { $written }
hub-counting = Looking at what is still to be written …
hub-errors = { $count ->
    [one] One error has to be fixed; the summary lists it.
   *[other] { $count } errors have to be fixed; the summary lists them.
  }
hub-written = All settings are written.
hub-unwritten = { $count ->
    [one] Still to be written or changed: { $file }.
   *[other] { $count } things still to be written or changed.
  }
hub-elsewhere = Another home folder of yours holds requests: { $home }
hub-go-on = Go on: { $page }
hub-to-do = { $count ->
    [0] See what was done by hand: nothing is left
    [one] Tick off what is left to do by hand: one step
   *[other] Tick off what is left to do by hand: { $count } steps
  }
hub-from-start = Go through the answers from the start
hub-request = See the request and how to send it
hub-certificate = The certificate has come
hub-renew = Renew the certificate
hub-new-request = New request: other names, or another interface
hub-undo = Undo the last run
hub-partners = See or change the partners
hub-outside = See your domains and partners as other servers do
hub-records = See the DNS records
hub-leave = Leave
menu-pages = Which page?

# Renewing, and taking back.
renew-request = A new request is made from your answers; you send it to the CA as before.
renew-serves = The certificate in use stays in use until the new one is checked and installed.
renew-asks = You are asked again only where today's rules no longer allow an answer.
renew-new-key = Renew with a new key
renew-keep-key = Renew and keep the key
renew-not = Not now
undo-deed = { $deed }: { $file }
undo-no-deed = Nothing of it can be undone.
undo-ends = The answers are restored too, so the wizard ends; start it again.
undo-do = Undo it
undo-not = Change nothing
undo-done = The last run was undone, as far as possible.
