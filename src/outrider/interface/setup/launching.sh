# Sourced by bin/outrider and bin/outrider-mcp, with $root set: which interpreter, which environment.
# The same answers as app/environment/places.py and looking.py, without an interpreter.

# $data: the folder that the host gives the plugin; the host's variables count where they are about this plugin.
data=
case ${CLAUDE_PLUGIN_DATA:-} in
/*)
    if [ -z "${CLAUDE_PLUGIN_ROOT:-}" ] || [ "$(CDPATH= cd -- "$CLAUDE_PLUGIN_ROOT" 2>/dev/null && pwd -P)" = "$root" ]; then
        data=$CLAUDE_PLUGIN_DATA
    fi
    ;;
esac
if [ -z "$data" ]; then
    plugin=${root%/*} market=${root%/*/*} cache=${root%/*/*/*}
    case $cache in
    */plugins/cache)
        id=${plugin##*/}-${market##*/}
        case $id in *[!A-Za-z0-9_-]*) id=$(printf '%s' "$id" | LC_ALL=C tr -c 'A-Za-z0-9_-' '-') ;; esac
        data=${cache%/cache}/data/$id
        ;;
    *)
        case ${CLAUDE_CONFIG_DIR:-} in
        /*) plugins=$CLAUDE_CONFIG_DIR/plugins ;;
        *) plugins=${HOME:-}/.claude/plugins ;;
        esac
        data=$plugins/data
        if [ -d "$data/outrider-outrider" ] || grep -q '"outrider@outrider"' "$plugins/installed_plugins.json" 2>/dev/null; then
            data=$data/outrider-outrider
        else
            data=$data/outrider-inline
        fi
        ;;
    esac
fi

# Sets $python to an interpreter of 3.11 or newer, or to nothing; found once, as in bin/outrider-hook.
plain_interpreter() {
    python=
    if [ -n "${OUTRIDER_PYTHON:-}" ]; then
        python=$OUTRIDER_PYTHON
    elif [ -r "$data/interpreter" ]; then
        read -r python <"$data/interpreter"
    fi
    if [ ! -x "$python" ] || [ -d "$python" ]; then
        python=
        for name in python3 python3.14 python3.13 python3.12 python3.11; do
            python=$("$name" -I -S -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null)
            [ -n "$python" ] && break
        done
        if [ -n "$python" ] && [ -d "$data" ]; then
            { printf '%s\n' "$python" >"$data/interpreter.$$" && mv -f "$data/interpreter.$$" "$data/interpreter"; } 2>/dev/null
        fi
    fi
    [ -n "$python" ]
}

# Sets $python to that of an environment that is complete and current.
environment_interpreter() {
    for sentinel in "$data"/environment/*/complete; do
        python=${sentinel%/complete}/bin/python
        if [ -x "$python" ] && same "$sentinel" "$root/requirements-plugin.lock"; then
            return 0
        fi
    done
    python=
    return 1
}

same() {
    if command -v cmp >/dev/null 2>&1; then
        cmp -s "$1" "$2"
    else
        [ -r "$2" ] && [ "$(cat "$1")" = "$(cat "$2")" ]
    fi
}

# setup_program ARGUMENTS: runs the set-up program.
setup_program() {
    if ! plain_interpreter; then
        echo "error[no-interpreter]: Outrider needs Python 3.11 or newer, and none is on the PATH" >&2
        echo "  install one, or name it: OUTRIDER_PYTHON=/path/to/python3" >&2
        return 3
    fi
    "$python" -I -S "$root/src/outrider/interface/setup/entry.py" "$@"
}
