#!/bin/sh
# No guard, no tool call: ends with 0 where Outrider's guard works in this session, else with 1 and one line that
# says what is broken. Whatever else becomes of it (no sh, a signal, a time limit) counts as broken too, since the
# hook says `onFailure: block` (docs/strict.md).
entry=/src/outrider/interface/hook/entry.py

broken() {
    echo "outrider-strict: no tool runs, as the guard does not work: $1. Mend it (outrider doctor in a terminal), or do without: /plugin, disable outrider-strict (in a terminal: claude plugin disable outrider-strict)." >&2
    exit 1
}

# The folder of the main plugin's files, found as it finds it itself (interface/hook/places.py).
home=${OUTRIDER_HOME:-}
case $home in
'~/'*) home=${HOME:-}/${home#??} ;;
'')
    case ${HOME:-} in /*) ;; *) broken "HOME is not set" ;; esac
    if [ "$(uname -s)" = Darwin ]; then
        home="$HOME/Library/Application Support/outrider"
    else
        case ${XDG_DATA_HOME:-} in
        /*) home=$XDG_DATA_HOME/outrider ;;
        *) home=$HOME/.local/share/outrider ;;
        esac
    fi
    ;;
esac

# What ran at the last start of a session: the program, and its interpreter.
program= python=
[ ! -r "$home/guard/program" ] || { read -r program && read -r python; } <"$home/guard/program"
case $program in
/*"$entry") ;;
*) broken "the plugin outrider has not run yet (is it installed and enabled?)" ;;
esac
root=${program%"$entry"}
[ -f "$program" ] && [ -r "$program" ] || broken "its program is gone since this session began"
[ -x "$root/bin/outrider-hook" ] || broken "its hook is gone since this session began"
python=${OUTRIDER_PYTHON:-$python}
case $python in /*) ;; *) broken "OUTRIDER_PYTHON names no interpreter" ;; esac
[ -x "$python" ] && [ ! -d "$python" ] || broken "its Python interpreter is gone"

# The group is for what sh itself says of a program that was killed.
works=
{ why=$("$python" -I -S "$program" --strict) && works=1; } 2>/dev/null
[ -n "$works" ] || broken "${why:-its program ends with an error}"
exit 0
