# What is ejabberd's alone.

modules=$(getent passwd "$user" | cut -d: -f6)/.ejabberd-modules
sources=$modules/sources/mod_edgewright
beam=$modules/mod_edgewright/ebin/mod_edgewright.beam
# What ejabberd takes for an installed module, whatever else of it is there.
installed=$modules/mod_edgewright/mod_edgewright.spec

check_own() { :; }

# A host that is listed twice is refused. What the server says of its hosts is to be what its files say.
make_settings() {
    if is_unfinished; then reload; fi
    ours=
    if has_include "$main"; then ours=$(grep '^hosts: \[' -- "$settings" 2>/dev/null || :); fi
    listed=$(ejabberdctl registered_vhosts </dev/null)
    theirs=0
    all=0
    for host in $asked; do
        all=$((all + 1))
        case $ours in *"\"$host\""*) continue ;; esac
        if say "$listed" | grep -qxF -- "$host"; then theirs=$((theirs + 1)); fi
    done
    case $theirs in
    0) cat -- "$here/edgewright.yml" ;;
    "$all") grep -v '^hosts: \[' -- "$here/edgewright.yml" ;;
    *) fail "$say_own_some $asked" ;;
    esac
}

has_include() { grep -qxF -- "$include" "$1"; }

without_include() { grep -vxF -- "$include" "$1" || :; }

include_last() {
    cat -- "$1"
    if has_include "$1"; then return; fi
    [ -z "$(tail -c 1 -- "$1")" ] || echo
    say "$include"
}

# What is in a file of the server's user, who may have put anything there: a pipe, or what has no end.
theirs() { as_user test -f "$1" && as_user head -c 1000000 -- "$1" 2>/dev/null; }

# Whether the server has taken in the source in a folder: what was made of it is younger than the server's copy.
has_taken_in() {
    [ -e "$beam" ] && theirs "$sources/src/mod_edgewright.erl" | cmp -s -- "$1/mod_edgewright.erl" - &&
        [ -n "$(find "$beam" -newer "$sources/src/mod_edgewright.erl")" ]
}

is_module_there() { has_taken_in "$here"; }

keep_module() {
    if [ ! -e "$beam" ]; then return; fi
    for file in mod_edgewright.spec src/mod_edgewright.erl; do
        theirs "$sources/$file" >"$1/${file#src/}" || fail "$sources/$file: $say_unreadable"
    done
}

# By its own user: root reads and writes nothing where somebody else may lead it elsewhere.
take_in() {
    as_user mkdir -p -- "$sources/src"
    for file in mod_edgewright.spec src/mod_edgewright.erl; do
        as_user rm -f -- "$sources/$file"
        as_user tee -- "$sources/$file" <"$1/${file#src/}" >/dev/null
    done
    verb=module_install
    if [ -e "$installed" ]; then verb=module_upgrade; fi
    run '' ejabberdctl "$verb" mod_edgewright
}

install_module() { has_taken_in "$here" || take_in "$here"; }

has_kept_module() { [ -e "$before/mod_edgewright.erl" ]; }

put_back_module() { has_taken_in "$before" || ! is_running || take_in "$before"; }

remove_module() {
    if [ -e "$installed" ] && [ -n "$running" ]; then put_away; fi
    as_user rm -rf -- "$sources" "$modules/mod_edgewright"
    for made in "$modules/sources" "$modules"; do
        [ ! -d "$made" ] || as_user rmdir --ignore-fail-on-non-empty -- "$made"
    done
}
