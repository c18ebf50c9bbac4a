# What is Prosody's alone.

# Our settings replace lists of modules, so the person's own have to be said again, which only `edgewright apply` can.
check_own() {
    about=$(prosodyctl about)
    lua=lua$(printf '%s\n' "$about" | sed -n 's/^Lua version:[[:space:]]*Lua //p')
    source=$(printf '%s\n' "$about" | sed -n 's/^Source directory:[[:space:]]*//p')
    # shellcheck disable=SC2086 # each is a word, and names have no blanks
    own=$(setpriv --reuid="$user" --regid="$user" --clear-groups "$lua" - "$main" "$settings" "$source" $wanted <"$here/ask.lua") ||
        fail "$main: $say_no_server"
    [ -z "$own" ] || fail "$say_own $own"
}

make_settings() { cat -- "$here/edgewright.cfg.lua"; }

include_last() {
    grep -vxF -- "$include" "$main" || :
    printf '%s\n' "$include"
}

is_module_there() { is_same "$here/mod_edgewright_1.lua" "$module" 644 root:root; }

install_module() {
    folder "$(dirname -- "$module")" 755 root:root
    put "$here/mod_edgewright_1.lua" "$module" 644 root:root
}
