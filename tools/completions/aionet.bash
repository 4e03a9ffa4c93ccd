# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion of aionet. What there is to complete only the tool knows: `aionet __complete`.
# shellcheck shell=bash

# Adds to the candidates what the shell knows. $1: the action of compgen; $2: the word so far.
_aionet_compgen () {
    local candidate
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(compgen -A "$1" -- "$2")
}

# The rest of the line is a command line of its own, from word $1 of COMP_WORDS on.
_aionet_command () {
    if declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif [ "$1" -eq "$COMP_CWORD" ]; then
        _aionet_compgen command "$2"
    else
        compopt -o filenames
        _aionet_compgen file "$2"
    fi
}

_aionet () {
    local rest=${COMP_LINE:0:COMP_POINT} words=() starts=() word line mark i
    COMPREPLY=()

    # bash splits words at = and : as well, the tool does not: what no blank separates is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ ${#words[@]} -eq 0 || $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            words+=('')
            starts+=("$i")
        fi
        # The last one ends at the cursor.
        [[ $i -lt $COMP_CWORD ]] || word=${rest:0:${#word}}
        words[-1]+=$word
        rest=${rest#"$word"}
    done

    local current=${words[-1]} cut=''
    for mark in = :; do
        if [[ $COMP_WORDBREAKS == *"$mark"* && $current == *"$mark"* ]]; then
            word=${current%"${current##*"$mark"}"}
            [[ ${#word} -le ${#cut} ]] || cut=$word
        fi
    done

    while IFS= read -r line; do
        case $line in
            :done) ;;
            :files)
                compopt -o filenames
                _aionet_compgen file "${current#*=}"
                ;;
            :commands) _aionet_compgen command "${current#*=}" ;;
            ':command '*) _aionet_command "${starts[${line#:command }]}" "$current" ;;
            *)
                word=${line%%$'\t'*}
                COMPREPLY+=("${word#"$cut"}")
                ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete "${words[@]:1}" 2>/dev/null)

    # "--nat=" and "tcp:" are not the end of a word.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]]; then
        compopt -o nospace
    fi
}

complete -F _aionet aionet
