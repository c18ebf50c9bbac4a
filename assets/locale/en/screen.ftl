# The full screen: headings, buttons, keys, questions, notices.

screen-edge = edge of { $name }
screen-new = a new edge
screen-dry-run = DRY RUN
screen-leads-to = What this leads to
screen-too-small = The window is too small. { -edgewright } needs 60 columns and 16 lines; make it larger. Keys do nothing meanwhile, but Ctrl-Q leaves and keeps the answers. In a window that stays small, use edgewright --plain.
screen-add = add one here
screen-add-row = Add a partner
screen-filter = Filter
screen-view = View { $name }
screen-preset = Preset
screen-here = { $stage }: { $step }, { $number } of { $all }
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
partners-column-verdict = Verdict

next = Next
next-more = Read on
back = Back
back-row = Cancel
next-request-summary = Make key and request
next-certificate-summary = Take the certificate home
next-settings-summary = Write the settings
next-done = Finish
next-back-to-summary = Back to the summary
next-row = Save partner
log = Log

keys-text = Enter next   Up/Down move   Esc back   F1 help   Ctrl-Q leave
keys-choice = Left/Right choose   Enter next   Up/Down move   Esc back   F1 help
keys-toggle = Space switches   Enter next   Up/Down move   Esc back   F1 help
keys-item = Enter next line   F8 remove   F9 clear all   Esc back   F1 help
keys-row = Enter edit   Space menu   F5 preset   F7 add   F8 remove   Esc back
keys-document = Enter view   F6 copy   Up/Down move   Esc back   F1 help
keys-jump = Enter goes there   Up/Down move   Esc back   F1 help
keys-next = Enter goes on   Up/Down move   PgUp/PgDn scroll   Esc back   F1 help
keys-add = Enter adds one   F7 adds from anywhere here   Up/Down move   Esc back   F1 help
keys-preset = Enter or F5 shows the presets   Up/Down move   Esc back   F1 help
keys-next-document = Enter goes on   F3 view   F6 copy   Up/Down move   Esc back   F1 help
keys-running = Esc stops after the action under way
keys-overlay = Up/Down scroll   Esc close
keys-view = Up/Down scroll   F6 copy   Esc close
keys-menu = Up/Down choose   Enter takes it   Esc close
keys-overview = Up/Down choose   Enter takes it   Esc leaves
keys-confirm = Left/Right choose   Enter takes it   Esc no

menu-row = This partner
menu-edit = Edit
menu-preset = Set to a preset
menu-preset-line = { $preset }: { $help }
menu-up = Move up
menu-down = Move down
menu-remove = Remove
menu-country = Which country?

confirm-clear = Take all of them away?
confirm-remove = Remove { $name }?
confirm-clear-text = Messages with this partner will travel in clear text: everybody on the way can read and change them, and can write in the partner's name. Go on?
confirm-clear-text-again = Are you sure? «Accept clear text» is then ticked for this partner, and a warning stays.
confirm-replace = { $count ->
    [one] { $file } is there already and holds something else. Somebody may still need it, such as a request that waits for its certificate. Replace it?
   *[other] { $file } are there already and hold something else. Somebody may still need them. Replace them?
}
confirm-quit = Leave now? Your answers are kept.

notice-saved = Saved.
notice-dry-run = A dry run saves nothing; --answers-out FILE keeps its answers.
notice-not-saved = The answers could not be saved: { $reason }
notice-not-ticked = The tick could not be saved: { $reason }
notice-received = The pasted certificate was saved.
notice-not-received = The pasted certificate could not be saved: { $reason }
paste-dry-run = A dry run saves nothing; name the certificate's file instead.
paste-key = This holds a private key too, so it was not saved. Take it home with: edgewright complete --certificate FILE
paste-refused = Nothing was saved: { $what }
notice-press = Read what is listed; the button below carries it out.
notice-errors = { $count ->
    [one] One error has to be mended first; it stands above.
   *[other] { $count } errors have to be mended first; they stand above.
  }
notice-page-errors = Not right yet. Next once more leaves it for later; the summary lists it.
notice-running = It is still running.
notice-looking = Looking at the path; the page goes on by itself. Escape stays here.
notice-not-run = It did not finish. Go back to the summary and start it again from there.
notice-slow-save = The answers are being saved; the disk is slow.
notice-slow-look = The files are being looked at; the disk is slow.
notice-slow-receive = The certificate is being saved; the disk is slow.
notice-leaving = What is being written is finished first; the disk is slow. Ctrl-Q leaves without waiting.
notice-stopping = Stopping after the action under way.
notice-copied = { $name } was sent to the clipboard, if your terminal takes it. It lies in { $folder }
notice-copied-planned = { $name } was sent to the clipboard, if your terminal takes it. It will lie in { $folder }

execute-complete = Done.
execute-dry = A dry run: nothing was written. This is what a run would have done.
execute-cancelled = Stopped. What was done stays; start again from the summary.
execute-failed = It stopped: { $reason }

review-problems = Problems
review-plan = What will be done
review-partner = Partner { $domain }

come-back = Your answers are kept in { $home }. Go on with: { $command }
answers-refused = The wizard cannot start from { $file }. Mend it, or move it away to begin anew:
locked = Another run is at work on { $home }: { $by }. Let it finish, or end it.
not-a-terminal = The wizard needs a terminal that can place its cursor. Without one, use `edgewright --plain`, which asks line by line, or `edgewright plan` and `edgewright apply` with an answers file.
keys-file = Tab completes   Enter next   Up/Down move   Esc back   F1 help
help-keys = Up, Down, Space, Enter, Tab and Esc are enough. F1 helps, F2 shows what the answers lead to, F4 goes to any page, Ctrl-N goes to the next page, Ctrl-S saves, Ctrl-L draws anew, Ctrl-T changes the colours and signs, Ctrl-P switches the mouse on or off (off, the terminal selects text), Ctrl-Q leaves and keeps the answers.
keys-option = Enter chooses and goes on   Space chooses   Up/Down move   Esc back   F1 help

# Started again: where things stand.
hub = Where things stand
hub-home = Home folder: { $home }
hub-attention = Look after this: { $what }
hub-attention-more = { $count ->
        [one] One more thing needs a person
       *[other] { $count } more things need a person
    }: edgewright status
hub-no-request = No request was made yet.
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
hub-certificate-due = In use: pair { $number } for { $name }, valid to { $date }. It is time to renew it: { $days ->
    [one] one day is left
   *[other] { $days } days are left
  }.
hub-certificate-ended = In use: pair { $number } for { $name }. It ENDED on { $date }: partners refuse it. Renew it now.
hub-partner-count = { $count ->
    [0] No partner.
    [one] One partner.
   *[other] { $count } partners.
  }{ $doubtful ->
    [0] {""}
    [one] {" "}One needs a second look.
   *[other] {" "}{ $doubtful } need a second look.
  }
hub-record-count = { $count ->
    [0] No DNS record.
    [one] One DNS record.
   *[other] { $count } DNS records.
  }
hub-counts = { $partners } { $records } { $written }
hub-counting = Looking at what is still to be written …
hub-written = Everything is written as answered.
hub-unwritten = { $count ->
    [one] One thing is still to be written or changed.
   *[other] { $count } things are still to be written or changed.
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
hub-undo = Take the last run back
hub-partners = See or change the partners
hub-records = See the DNS records
hub-leave = Leave
menu-pages = Which page?

# Renewing, and taking back.
renew-request = A new request is made from the answers there are, and sent to the authority as the first one was.
renew-serves = The certificate in use goes on serving until the new one has come and was proved.
renew-asks = You are asked only what today's rules refuse.
renew-new-key = Renew with a new key
renew-keep-key = Renew and keep the key
renew-not = Not now
undo-deed = { $deed }: { $file }
undo-no-deed = There is nothing of it that can be taken back.
undo-ends = The answers are put back too, so the wizard ends then; start it again.
undo-do = Take it back
undo-not = Leave all as it is
undo-done = The last run was taken back, as far as that can be.
