# The command line.
cli-edgewright = Puts an XMPP federation edge into service and keeps it there: certificate request, partners, DNS records, ports. Without a command, asks step by step.
cli-plan = Say what a run would do; write nothing
cli-apply = Do what plan says, without asking
cli-home = Folder for keys, answers and results (default: the platform's data folder, on Linux ~/.local/share/edgewright)
cli-lang = Language of everything that is said (default: LC_ALL, LC_MESSAGES, LANG)
cli-color = When to use colours
cli-log = File that gets a line for everything done
cli-plain = Ask line by line: no colour, no cursor motion, no boxes
cli-dry-run = Write nothing; end in the plan
cli-answers = Answers to start from, a TOML file
cli-answers-out = Keep the answers of a dry run in this file
cli-json = Print JSON
cli-after-command = --plain is for the wizard alone; --dry-run, --answers and --answers-out belong behind the command
cli-help = Print help
cli-version = Print version
