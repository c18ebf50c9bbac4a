# What is ejabberd's alone.

modules=$(getent passwd "$user" | cut -d: -f6)/.ejabberd-modules
sources=$modules/sources/mod_edgewright

as_user() { setpriv --reuid="$user" --regid="$user" --clear-groups "$@"; }

check_own() { :; }

# A host that is listed twice is refused.
make_settings() {
    ours=$(grep '^hosts: \[' -- "$settings" 2>/dev/null || :)
    listed=$(ejabberdctl registered_vhosts)
    theirs=0
    all=0
    for host in $wanted; do
        all=$((all + 1))
        case $ours in *"\"$host\""*) continue ;; esac
        if printf '%s\n' "$listed" | grep -qxF -- "$host"; then theirs=$((theirs + 1)); fi
    done
    case $theirs in
    0) cat -- "$here/edgewright.yml" ;;
    "$all") grep -v '^hosts: \[' -- "$here/edgewright.yml" ;;
    *) fail "$say_own $wanted" ;;
    esac
}

include_last() {
    cat -- "$main"
    [ -z "$(tail -c 1 -- "$main")" ] || echo
    grep -qxF -- "$include" "$main" || printf '%s\n' "$include"
}

is_module_there() {
    [ -e "$modules/mod_edgewright/ebin/mod_edgewright.beam" ] &&
        cmp -s -- "$here/mod_edgewright.erl" "$sources/src/mod_edgewright.erl"
}

# By its own user: root writes nothing where somebody else may lead it elsewhere.
install_module() {
    is_module_there && return
    verb=module_install
    if [ -e "$modules/mod_edgewright/ebin/mod_edgewright.beam" ]; then verb=module_upgrade; fi
    as_user mkdir -p -- "$sources/src"
    as_user tee -- "$sources/mod_edgewright.spec" <"$here/mod_edgewright.spec" >/dev/null
    as_user tee -- "$sources/src/mod_edgewright.erl" <"$here/mod_edgewright.erl" >/dev/null
    run '' ejabberdctl "$verb" mod_edgewright
}
