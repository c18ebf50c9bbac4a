# What this script was made with stands above. From here on it is the same for everybody.

here=$(dirname -- "$0")/$server
pairs=$(dirname -- "$main")/edgewright
before=$pairs/before
work=
begun=

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Runs a command that is to say something; where it does not, all is taken back.
run() {
    expected=$1
    shift
    said=$("$@" 2>&1) || fail "$1: $said"
    case $said in
    *"$expected"*) ;;
    *) fail "$1: $said" ;;
    esac
}

end() {
    status=$?
    trap - EXIT
    set +e
    if [ "$status" -ne 0 ] && [ -n "$begun" ]; then
        take_back
        printf '%s\n' "$say_taken_back" >&2
    fi
    [ -z "$work" ] || rm -rf -- "$work"
    exit "$status"
}

# Whether a file is as it is to be.
is_same() {
    cmp -s -- "$1" "$2" && [ "$(stat -c '%a %U:%G' -- "$2")" = "$3 $4" ]
}

# Puts a file in its place: for whom it is from its birth on, whole or not at all, and through no link.
put() {
    is_same "$@" && return
    folder=$(dirname -- "$2")
    if [ -L "$2" ] || [ -L "$folder" ]; then fail "$2: $say_link"; fi
    new=$(mktemp "$folder/.edgewright-XXXXXX")
    chown -- "$4" "$new"
    chmod -- "$3" "$new"
    cat -- "$1" >"$new"
    sync -- "$new"
    mv -f -- "$new" "$2"
}

# A folder that is not there yet, for whom it is to be.
folder() {
    [ -d "$1" ] || { mkdir -p -- "$1" && chown -- "$3" "$1" && chmod -- "$2" "$1"; }
}

# Turns a link in one step. The files behind it look newer than those before: ejabberd reads no others.
turn() {
    now=$(readlink -- "$pairs/current" || :)
    if [ -n "$now" ] && [ "$now" != "$1" ]; then
        touch -d "@$(($(date +%s) + 1))" -- "$pairs/$1"/*.pem
    fi
    ln -s -- "$1" "$pairs/.edgewright-link-$$"
    mv -Tf -- "$pairs/.edgewright-link-$$" "$pairs/current"
}

check_all() {
    [ "$(id -u)" = 0 ] || fail "$say_root"
    for file in cert.pem chain.pem fullchain.pem key.pem; do
        [ -r "$pair/$file" ] || fail "$pair/$file: $say_no_pair"
    done
    if grep -q ENCRYPTED -- "$pair/key.pem"; then fail "$pair/key.pem: $say_encrypted"; fi
    (cd -- "$here" && printf '%s\n' "$digests" | sha256sum --check --status) || fail "$here: $say_changed"
    command -v "$control" >/dev/null || fail "$control: $say_no_server"
    "$control" status >/dev/null 2>&1 || fail "$say_stopped"
    [ -f "$main" ] || fail "$main: $say_no_server"
    for file in "$main" "$settings" "$module" "$pairs"; do
        if [ -L "$file" ]; then fail "$file: $say_link"; fi
    done
    check_own
}

# What is put there, as it is to be.
prepare() {
    work=$(mktemp -d)
    name=$(sha256sum <"$pair/fullchain.pem" | cut -c 1-16)
    owner=$(stat -c '%U:%G' -- "$main")
    mode=$(stat -c '%a' -- "$main")
    make_settings >"$work/settings"
    include_last >"$work/main"
}

is_done() {
    [ -e "$before/done" ] && [ "$(readlink -- "$pairs/current")" = "$name" ] &&
        is_same "$work/settings" "$settings" 640 "root:$user" && cmp -s -- "$work/main" "$main" && is_module_there
}

# Keeps what is replaced. What a run that was cut off kept is older, and stays.
keep() {
    folder "$pairs" 750 "root:$user"
    if [ -d "$before" ] && [ ! -e "$before/done" ]; then return; fi
    rm -rf -- "$before.new"
    mkdir -- "$before.new"
    cp -p -- "$main" "$before.new/main"
    if [ -e "$settings" ]; then cp -p -- "$settings" "$before.new/settings"; fi
    if [ -n "$module" ] && [ -e "$module" ]; then cp -p -- "$module" "$before.new/module"; fi
    if [ -L "$pairs/current" ]; then readlink -- "$pairs/current" >"$before.new/link"; fi
    sync
    rm -rf -- "$before"
    mv -T -- "$before.new" "$before"
}

copy_pair() {
    [ ! -d "$pairs/$name" ] || return 0
    new=$(mktemp -d "$pairs/.edgewright-XXXXXX")
    for file in fullchain.pem privkey.pem; do
        : >"$new/$file"
        chown -- "root:$user" "$new/$file"
        chmod 640 "$new/$file"
    done
    cat -- "$pair/fullchain.pem" >"$new/fullchain.pem"
    cat -- "$pair/key.pem" >"$new/privkey.pem"
    chown -- "root:$user" "$new"
    chmod 750 "$new"
    sync
    mv -T -- "$new" "$pairs/$name"
}

read_back() {
    if ! command -v openssl >/dev/null; then
        printf '%s\n' "$say_not_read"
        return
    fi
    wanted=$(openssl x509 -noout -serial -in "$pair/cert.pem")
    printf '%s\n' "$hosts" | while read -r host; do
        tries=0
        until [ "$(served "$host")" = "$wanted" ]; do
            tries=$((tries + 1))
            [ "$tries" -lt 20 ] || fail "$host: $say_not_served"
            sleep 0.5
        done
    done
}

served() {
    for address in $addresses; do
        openssl s_client -starttls xmpp-server -xmpphost "$1" -servername "$1" -connect "$address:5269" </dev/null 2>/dev/null |
            openssl x509 -noout -serial 2>/dev/null && return
    done
    echo none
}

install_all() {
    pair=$1
    check_all
    prepare
    if is_done; then
        printf '%s\n' "$say_nothing"
        return
    fi
    keep
    begun=yes
    rm -f -- "$pairs"/.edgewright-link-*
    copy_pair
    setpriv --reuid="$user" --regid="$user" --clear-groups test -r "$pairs/$name/privkey.pem" ||
        fail "$pairs/$name/privkey.pem: $say_unreadable"
    [ "$(readlink -- "$pairs/current" || :)" = "$name" ] || turn "$name"
    install_module
    put "$work/settings" "$settings" 640 "root:$user"
    put "$work/main" "$main" "$mode" "$owner"
    reload
    enforce
    verify
    read_back
    : >"$before/done"
    begun=
    printf '%s\n' "$say_done"
}

# Puts back what was kept, or takes away what was not there.
put_back() {
    if [ -e "$before/$1" ]; then
        put "$before/$1" "$2" "$(stat -c '%a' -- "$before/$1")" "$(stat -c '%U:%G' -- "$before/$1")"
    else
        rm -f -- "$2"
    fi
}

take_back() {
    put_back main "$main"
    put_back settings "$settings"
    if [ -n "$module" ]; then put_back module "$module"; fi
    if [ -e "$before/link" ]; then turn "$(cat -- "$before/link")"; else rm -f -- "$pairs/current"; fi
    reload
    release
    rm -rf -- "$before"
}

trap end EXIT
case ${1-} in
--undo)
    [ "$(id -u)" = 0 ] || fail "$say_root"
    [ -d "$before" ] || fail "$say_no_undo"
    take_back
    printf '%s\n' "$say_undone"
    ;;
'' | -*) fail "$say_usage" ;;
*) install_all "$1" ;;
esac
