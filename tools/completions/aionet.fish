# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion of aionet. What there is to complete only the tool knows: `aionet __complete`.

function __aionet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :done
            case :files :commands
                # A value may be part of a word: --key=FILE.
                set -l option (string match -r -- '^--[a-z-]+=' $current)
                test -n "$option"; or set option ''
                set -l value (string replace -r -- '^--[a-z-]+=' '' $current)
                if test $line = :files
                    printf '%s\n' $option(__fish_complete_path $value)
                else
                    printf '%s\n' $option(complete -C $value)
                end
            case ':command *'
                set -l at (math (string replace -- ':command ' '' $line) + 1)
                complete -C (string join -- ' ' (string escape -- $words[$at..-1]) $current)
            case '*'
                echo $line
        end
    end
end

complete -c aionet -f -a '(__aionet_complete)'
