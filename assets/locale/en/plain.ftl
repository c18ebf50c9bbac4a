# The wizard line by line.

plain-step = Step { $step } of { $all }: { $title }
plain-paste-on = More certificates may follow, such as the issuers. Enter alone when that was all:
plain-number = Number
plain-item = { $number }. [{ $value }] Type it again, - removes it, Enter keeps it:
plain-list = Type one to add it, -1 removes the first; Enter goes on:
plain-ticks = A number switches; Enter goes on:
plain-rows = A number edits, + adds, -1 removes the first, ^2 moves the second up, /text filters, @ shows them as other servers see them; Enter goes on:
plain-more = and { $count } more; /text filters
plain-preset = Preset: { $preset }. Type p for another; Enter goes on:
plain-go = { $label }: press Enter, or < to go back:
plain-go-or-number = { $label }: press Enter, or type a number from above, or < to go back:
plain-close = Enter goes on:
plain-not-understood = That was not understood. ? helps.
plain-keys = Enter alone keeps what is in brackets. < goes back, ? helps, ! reviews. - alone empties a text; \ before a text takes it as it is. End the input (Ctrl-D) to leave; your answers are kept.
# Whole answers that mean yes or no, in lower case, with blanks between them.
plain-yes-words = y yes
plain-no-words = n no
