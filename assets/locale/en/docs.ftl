# What `generate` prints besides the words of pages, fields and problems.

docs-takes-text = a text of at most { $max } characters
docs-takes-name = a domain name
docs-takes-country = the two letters of ISO 3166-1
docs-takes-file = path of a file, relative to the answers file
docs-takes-list = a list, each item { $item }
docs-takes-ticks = a list of some of the words that other answers give
docs-default-required = has to be answered
docs-default-required-if = has to be answered with { $conditions }
docs-default-value = `{ $value }`
docs-default-from = worked out, with the sample answers { $values }
docs-default-empty = nothing
docs-asked-always = always
docs-asked-for = { $servers }
docs-asked-sometimes = where other answers, or what was found, call for it

docs-exit-done = done, all well, warnings only, nothing to do, or left before the end with the answers kept
docs-exit-failed = refused or failed; with --json the JSON is still on standard output
docs-exit-usage = wrong command line
docs-exit-attention = `status` or `check` found something that needs a person
docs-exit-signal = ended by signal n

docs-schema-title = { -edgewright } answers
docs-schema-description = The answers file of { -edgewright }. The program refuses what this schema refuses, and looks closer: names, addresses, what does not go together.
docs-schema-number = The schema that the file follows.

docs-sample-intro = Sample answers for { $server }. What has to be answered is filled in; everything else is its default behind a #. Check it with: edgewright plan --answers FILE
docs-google-talk = The example of the Lync topics, federation with Google Talk, which ended in 2022: a partner that took dialback over unencrypted TCP alone. Two things that the example forgets are added: the acceptance of clear text, and "Enable communications with XMPP federated users" in the policy that it grants to everybody (true by default here).
docs-sample-about = Takes: { $takes }. Default: { $default }. Asked: { $asked }.

docs-reference-title = { -edgewright }: pages, fields, problems
docs-reference-intro = Every page in the order in which it is asked, every field with the path of its answer in the answers file. A * stands for the number of a row.
docs-reference-problems = Problems
docs-reference-problems-intro = Every problem that can be told. Words in braces are filled in when it is.
docs-reference-exit = Exit codes
docs-item-takes = Takes
docs-item-default = Default
docs-item-asked = Asked
docs-column-code = Code
docs-column-what = What is wrong
docs-column-why = Why
docs-column-hint = What to do
docs-column-meaning = Meaning

docs-man-commands = Commands
docs-man-environment = Environment
docs-man-files = Files
docs-man-exit = Exit status
docs-man-variable-home = The home folder, where --home does not name another.
docs-man-variable-language = The language, in this order, where --lang does not name another.
docs-man-variable-colour = Set and not empty: no colours, unless --color=always.
docs-man-files-where = In the home folder, on Linux ~/.local/share/edgewright, for root /var/lib/edgewright:
docs-man-file-answers = The answers as last accepted.
docs-man-file-journal = What was done, one action a line, no secrets.
docs-man-file-key = The private key of request N, for its owner alone.
docs-man-file-request = Request N (PKCS#10).
docs-man-file-out = Scripts, server settings and DNS records that a person carries elsewhere.
