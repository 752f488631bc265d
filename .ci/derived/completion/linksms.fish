# Completion of linksms for fish, made from the command tree: do not edit.
# Where the system does not find it by itself:  linksms --show-completion fish | source

# Return whether the line so far is in COMMAND and, if PLACE is given, at that argument of it.
function __linksms_at --argument-names command place
    set -l at ''
    set -l count 0
    set -l option ''
    set -l only_words ''
    for word in (commandline -opc)[2..]
        if test -n "$option"
            set option ''
        else if test -z "$only_words"; and test "$word" = --
            set only_words yes
        else if test -z "$only_words"; and string match -qr -- '^-.' $word
            contains -- "$at:$word" $__linksms_values; and set option $word
        else if contains -- "$at" $__linksms_groups
            set at (string trim -- "$at $word")
        else
            set count (math $count + 1)
        end
    end
    # Never two conditions in one test: a word like -t is an operator there.
    test "$at" = "$command"; and begin
        test -z "$place"; or test "$place" = "$count"
    end
end

# Ask the program for what changes: profiles, recent messages. It answers "word TAB description".
function __linksms_ask
    set -l program (commandline -opc)[1]
    env _LINKSMS_TAB=$argv[1] (string replace -r '^~' $HOME -- $program) 2>/dev/null </dev/null
end

#GENERATED#
