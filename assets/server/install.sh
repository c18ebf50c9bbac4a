# What this script was made with stands above. From here on it is the same for everybody.

here=$(dirname -- "$0")/$server
folder=$(dirname -- "$main")
pairs=$folder/edgewright
work=
begun=

say() { printf '%s\n' "$*"; }

fail() {
    say "$*" >&2
    exit 1
}

# Runs a command that is to say something. To its end, and heard to its end, whatever interrupts this script: ejabberd, cut off
# while it installs a module or unable to say that it did, would stay in the folder of its source, which goes, and install none
# any more.
run() {
    expected=$1
    shift
    # shellcheck disable=SC2016 # It is the inner shell that reads them.
    said=$(setsid flock "$work/told" sh -c 'said=$(timeout "$@" 2>&1 </dev/null); ended=$?; printf %s "$said"; exit $ended' \
        sh "$patience" "$@") || fail "$1: $said"
    case $said in
    *"$expected"*) ;;
    *) fail "$1: $said" ;;
    esac
}

# Whoever that user is cannot keep it waiting.
as_user() { timeout "$patience" setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@"; }

is_running() { timeout "$patience" "$control" status </dev/null >/dev/null 2>&1; }

# Whether a file is as it is to be.
is_same() {
    [ ! -L "$2" ] && cmp -s -- "$1" "$2" && [ "$(stat -c '%a %u:%g' -- "$2")" = "$3 $4" ]
}

# Puts a file in its place: whole or not at all, for whom it is from the moment it is there, and through no link. It is made
# where only root comes.
put() {
    if is_same "$@"; then return; fi
    into=$(dirname -- "$2")
    refuse_link "$2"
    refuse_link "$into"
    closed=$(mktemp -d "$into/.edgewright-XXXXXX")
    cat -- "$1" >"$closed/new"
    chown -h -- "$4" "$closed/new"
    chmod -- "$3" "$closed/new"
    sync -- "$closed/new"
    mv -Tf -- "$closed/new" "$2"
    rmdir -- "$closed"
    sync -- "$into"
}

refuse_link() {
    if [ -L "$1" ]; then fail "$1: $say_link"; fi
}

# Nobody but root may lead elsewhere what is written into a folder: neither there nor above it, nor where links lead. A sticky
# one, such as /tmp, leaves what is in it to its owner. With access lists, the group's part is the most that anybody has.
refuse_others() {
    if [ "$1" != / ]; then refuse_others "$(dirname -- "$1")"; fi
    if [ ! -e "$1" ]; then return; fi
    case $(readlink -- "$1" || :) in
    '') ;;
    /*) refuse_others "$(readlink -- "$1")" ;;
    *) refuse_others "$(dirname -- "$1")/$(readlink -- "$1")" ;;
    esac
    case $(stat -c '%u %A' -- "$1") in
    '0 l'* | '0 d'????-??-? | '0 d'????????[tT]) ;;
    *) fail "$1: $say_others" ;;
    esac
}

# A folder, and what is missing above it. One of ours may be from a run that was cut off before it was anybody's to read.
make_folder() {
    if [ ! -d "$1" ]; then
        make_folder "$(dirname -- "$1")" 755 0:0
        mkdir -- "$1"
    elif [ "$1" != "$pairs" ] && ! grep -qxFs -- "$1" "$before/folders"; then
        return
    fi
    chown -h -- "$3" "$1"
    chmod -- "$2" "$1"
}

# The folders that are missing, from the innermost.
missing_folders() {
    if [ -d "$1" ]; then return; fi
    say "$1"
    missing_folders "$(dirname -- "$1")"
}

# Turns the link in one step. The files behind it look newer than all others: ejabberd reads no older ones.
turn() {
    if [ "$(readlink -- "$pairs/current" || :)" = "$1" ]; then return; fi
    newest=$(stat -c %Y -- "$pairs"/*/*.pem | sort -n | tail -n 1)
    now=$(date +%s)
    [ "$newest" -lt "$now" ] || now=$((newest + 1))
    touch -d "@$now" -- "$pairs/$1"/*.pem
    ln -s -- "$1" "$pairs/.edgewright-link"
    mv -Tf -- "$pairs/.edgewright-link" "$pairs/current"
    sync -- "$pairs"
}

# Takes away what runs that were cut off have left half-written; it may hold a part of a key.
tidy() {
    for place in "$folder" "$pairs" "${module:+$(dirname -- "$module")}"; do
        [ -z "$place" ] || rm -rf -- "$place"/.edgewright-*
    done
}

# Finds what the last run has replaced: in a folder of its own, made whole; with `done` in it once that run is through.
find_before() {
    count=$(find "$pairs" -maxdepth 1 -name 'before-*' 2>/dev/null | sed 's/.*before-//' | sort -n | tail -n 1)
    before=$pairs/before-${count:=0}
}

# What either way needs.
begin() {
    command -v "$control" >/dev/null || fail "$control: $say_no_server"
    [ -f "$main" ] || fail "$main: $say_no_server"
    uid=$(id -u -- "$user" 2>/dev/null) || fail "$user: $say_no_server"
    gid=$(id -g -- "$user" 2>/dev/null) || fail "$user: $say_no_server"
    for file in "$folder" "$main" "$settings" "$pairs"; do refuse_link "$file"; done
    for place in "$folder" "$pairs" "$pairs"/*/ "$(dirname -- "${module:-$main}")"; do refuse_others "$place"; done
    # What a run that was cut off still has going on is waited for.
    exec 9>"/run/edgewright-$server.lock"
    flock -w "$patience" 9 || fail "$say_busy"
    tidy
    find_before
    work=$(mktemp -d "$folder/.edgewright-XXXXXX")
}

check_pair() {
    for file in fullchain.pem key.pem; do
        if [ ! -f "$pair/$file" ] || [ ! -r "$pair/$file" ]; then fail "$pair/$file: $say_no_pair"; fi
    done
    if grep -q ENCRYPTED -- "$pair/key.pem"; then fail "$pair/key.pem: $say_encrypted"; fi
    if ! command -v openssl >/dev/null; then return; fi
    of_key=$(openssl pkey -in "$pair/key.pem" -pubout 2>/dev/null </dev/null || :)
    of_chain=$(openssl x509 -in "$pair/fullchain.pem" -noout -pubkey 2>/dev/null || :)
    if [ -z "$of_key" ] || [ "$of_key" != "$of_chain" ]; then fail "$pair: $say_no_match"; fi
    openssl x509 -in "$pair/fullchain.pem" -noout -checkend 0 >/dev/null || fail "$pair/fullchain.pem: $say_expired"
    for host in $hosts; do
        case $(openssl x509 -in "$pair/fullchain.pem" -noout -checkhost "$host") in
        *'does match'*) ;;
        *) fail "$pair/fullchain.pem: $say_other_name $host" ;;
        esac
    done
}

check_all() {
    check_pair
    (cd -- "$here" && say "$digests" | sha256sum --check --status) || fail "$here: $say_changed"
    check_own
    is_running || fail "$say_stopped"
    if [ -n "$module" ]; then
        refuse_link "$module"
        refuse_link "$(dirname -- "$module")"
    fi
    if [ -e "$pairs/current" ] && [ ! -L "$pairs/current" ]; then fail "$pairs/current: $say_in_the_way"; fi
}

# What is about to be done.
announce() {
    say "$say_begins"
    say "$hosts" | sed 's/^/- /'
    say "$pair -> $pairs/$name"
    if command -v openssl >/dev/null; then
        openssl x509 -noout -subject -serial -enddate -in "$pair/fullchain.pem" | sed 's/^/  /'
    fi
    for file in "$module" "$settings" "$main"; do [ -z "$file" ] || say "$file"; done
}

# What is put there, as it is to be.
prepare() {
    name=$(sha256sum <"$pair/fullchain.pem" | cut -c 1-16)
    owner=$(stat -c '%u:%g' -- "$main")
    mode=$(stat -c '%a' -- "$main")
    cat -- "$main" >"$work/was"
    include_last "$work/was" >"$work/main"
    make_settings >"$work/settings"
}

is_done() {
    [ -e "$before/done" ] && [ "$(readlink -- "$pairs/current")" = "$name" ] &&
        is_same "$pair/fullchain.pem" "$pairs/$name/fullchain.pem" 640 "0:$gid" &&
        is_same "$pair/key.pem" "$pairs/$name/privkey.pem" 640 "0:$gid" &&
        is_same "$work/settings" "$settings" 640 "0:$gid" && cmp -s -- "$work/main" "$main" && is_module_there
}

# Whether an earlier run was cut off.
is_unfinished() { [ -d "$before" ] && [ ! -e "$before/done" ]; }

# Keeps what is replaced. What a run that was cut off kept is older, and stays.
keep() {
    make_folder "$pairs" 750 "0:$gid"
    if is_unfinished; then return; fi
    mkdir -- "$pairs/.edgewright-before"
    cp -p -- "$main" "$pairs/.edgewright-before/main"
    if [ -e "$settings" ]; then cp -p -- "$settings" "$pairs/.edgewright-before/settings"; fi
    if [ -L "$pairs/current" ]; then readlink -- "$pairs/current" >"$pairs/.edgewright-before/link"; fi
    keep_module "$pairs/.edgewright-before"
    sync
    before=$pairs/before-$((count + 1))
    mv -T -- "$pairs/.edgewright-before" "$before"
    sync -- "$pairs"
}

copy_pair() {
    if [ -d "$pairs/$name" ]; then
        put "$pair/fullchain.pem" "$pairs/$name/fullchain.pem" 640 "0:$gid"
        put "$pair/key.pem" "$pairs/$name/privkey.pem" 640 "0:$gid"
        return
    fi
    copy=$(mktemp -d "$pairs/.edgewright-XXXXXX")
    put "$pair/fullchain.pem" "$copy/fullchain.pem" 640 "0:$gid"
    put "$pair/key.pem" "$copy/privkey.pem" 640 "0:$gid"
    chown -h -- "0:$gid" "$copy"
    chmod -- 750 "$copy"
    mv -T -- "$copy" "$pairs/$name"
    sync -- "$pairs"
}

put_main() {
    cmp -s -- "$work/was" "$main" || fail "$main: $say_meanwhile"
    put "$work/main" "$main" "$mode" "$owner"
}

# Looks at what is served now, as another server sees it.
read_back() {
    if ! command -v openssl >/dev/null; then
        say "$say_not_read"
        return
    fi
    wanted=$(openssl x509 -noout -fingerprint -sha256 -in "$pair/fullchain.pem")
    say "$hosts" | while read -r host; do
        tries=0
        until is_served "$host"; do
            tries=$((tries + 1))
            [ "$tries" -lt 20 ] || fail "$host: $say_not_served $(listening | tr '\n' ' ')"
            sleep 0.5
        done
    done
}

# Where the server may be reached from here: as the answers say it, and where somebody listens.
listening() {
    say "$addresses"
    ss -Hltn 'sport = :5269' 2>/dev/null | awk '{ sub(/:5269$/, "", $4); if ($4 != "*") print $4 }'
}

is_served() {
    listening | while read -r address; do
        shown=$(timeout 10 openssl s_client -starttls xmpp-server -xmpphost "$1" -servername "$1" \
            -connect "$address:5269" 2>/dev/null </dev/null | openssl x509 -noout -fingerprint -sha256 2>/dev/null || :)
        [ "$shown" != "$wanted" ] || say yes
    done | grep -q yes
}

install_all() {
    pair=$1
    begin
    check_all
    prepare
    if is_done; then
        say "$say_nothing"
        return
    fi
    announce
    begun=yes
    keep
    put "$work/main" "$before/installed" 600 0:0
    copy_pair
    as_user test -r "$pairs/$name/privkey.pem" || fail "$pairs/$name/privkey.pem: $say_unreadable"
    turn "$name"
    install_module
    put "$work/settings" "$settings" 640 "0:$gid"
    put_main
    reload
    enforce
    verify
    read_back
    : >"$before/done"
    begun=
    say "$say_done"
}

# Puts back what was kept, or takes away what was not there.
put_back() {
    if [ -e "$before/$1" ]; then
        put "$before/$1" "$2" "$(stat -c '%a' -- "$before/$1")" "$(stat -c '%u:%g' -- "$before/$1")"
    else
        rm -f -- "$2"
    fi
}

# What somebody else wrote there meanwhile stays: then our line alone goes, where it was not there before.
put_back_main() {
    if cmp -s -- "$main" "$before/installed"; then
        put_back main "$main"
    elif ! cmp -s -- "$main" "$before/main"; then
        say "$main: $say_main_stays"
        if ! has_include "$before/main"; then
            without_include "$main" >"$work/without"
            put "$work/without" "$main" "$(stat -c '%a' -- "$main")" "$(stat -c '%u:%g' -- "$main")"
        fi
    fi
}

# What the settings name is there as long as they name it: an earlier module comes back before them, a new one goes after.
# Where somebody took our line out of the main file meanwhile, nothing comes back that only it has read.
take_back() {
    flock -w "$patience" "$work/told" true
    rm -f -- "$before/done"
    if has_include "$before/main" && ! has_include "$main"; then
        (cd -- "$before" && rm -f -- link module mod_edgewright.erl mod_edgewright.spec settings)
    fi
    if has_kept_module; then put_back_module; fi
    put_back_main
    put_back settings "$settings"
    if [ -e "$before/link" ]; then turn "$(cat -- "$before/link")"; else rm -f -- "$pairs/current"; fi
    running=
    if is_running; then
        running=yes
        reload
        release
    else
        say "$say_not_running"
    fi
    if ! has_kept_module; then remove_module; fi
    # In one step: whoever runs this again finds all there is to do, or nothing.
    mv -T -- "$before" "$pairs/.edgewright-gone"
}

undo_all() {
    begin
    [ -d "$before" ] || fail "$say_no_undo"
    take_back
    find_before
    if [ -d "$before" ]; then say "$say_earlier"; else say "$say_undone"; fi
}

end() {
    status=$?
    trap '' HUP INT PIPE TERM
    trap - EXIT
    set +e
    if [ "$status" -ne 0 ] && [ -n "$begun" ] && is_unfinished; then
        # In a shell of its own, which ends where something fails: nothing half-written is put anywhere.
        (
            set -e
            take_back
        )
        taken=$?
        if [ "$taken" -eq 0 ]; then say "$say_taken_back" >&2; else say "$say_not_taken_back" >&2; fi
    fi
    [ -z "$work" ] || tidy
    [ "$status" -eq 0 ] || exit 1
}

trap end EXIT
trap 'exit 1' HUP INT PIPE TERM
[ $# -eq 1 ] || fail "$say_usage"
case $1 in
-h | --help)
    say "$say_usage"
    exit
    ;;
esac
[ "$(id -u)" = 0 ] || fail "$say_root"
case $1 in
--undo) undo_all ;;
'' | -*) fail "$say_usage" ;;
*) install_all "$1" ;;
esac
