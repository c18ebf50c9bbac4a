# What is Prosody's alone.

# Our settings replace lists of modules, so the person's own have to be said again, which only `edgewright apply` can.
check_own() {
    about=$(timeout "$patience" prosodyctl about </dev/null 2>&1) || fail "$main: $say_unclear
$about"
    lua=lua$(say "$about" | sed -n 's/^Lua version:[[:space:]]*Lua //p')
    source=$(say "$about" | sed -n 's/^Source directory:[[:space:]]*//p')
    # shellcheck disable=SC2086 # each is a word, and names have no blanks
    own=$(as_user "$lua" - "$main" "$settings" "$source" $asked <"$here/ask.lua") || fail "$main: $say_unclear"
    [ -z "$own" ] || fail "$say_own
$(say "$own" | why)"
}

why() {
    while read -r host reason; do
        case "$reason $asked " in
        component*" $host=muc "*) say "- $host: $say_own_component Component \"$host\" \"muc\"" ;;
        component*) say "- $host: $say_own_domain" ;;
        *) say "- $host: $say_own_lists" ;;
        esac
    done
}

make_settings() { cat -- "$here/edgewright.cfg.lua"; }

has_include() { sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -- "$1" | grep -qxF -- "$include"; }

without_include() {
    ours=$include awk '{
        said = $0
        gsub(/^[ \t\r]+|[ \t\r]+$/, "", said)
        if (said != ENVIRON["ours"]) print
    }' "$1"
}

include_last() {
    last=$(sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -- "$1" | grep -v -e '^$' -e '^--' | tail -n 1)
    if [ "$last" = "$include" ]; then
        cat -- "$1"
    else
        without_include "$1"
        say "$include"
    fi
}

is_module_there() { is_same "$here/mod_edgewright_1.lua" "$module" 644 0:0; }

keep_module() {
    if [ -e "$module" ]; then cp -p -- "$module" "$1/module"; fi
    missing_folders "$(dirname -- "$module")" >"$1/folders"
}

install_module() {
    make_folder "$(dirname -- "$module")" 755 0:0
    put "$here/mod_edgewright_1.lua" "$module" 644 0:0
}

has_kept_module() { [ -e "$before/module" ]; }

put_back_module() { put_back module "$module"; }

remove_module() {
    rm -f -- "$module" "$(dirname -- "$module")"/.edgewright-*
    while read -r made; do
        [ ! -d "$made" ] || rmdir --ignore-fail-on-non-empty -- "$made"
    done <"$before/folders"
}
