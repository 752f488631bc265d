# Completion of linksms for bash (3.2 and later), made from the command tree: do not edit.
# Where the system does not find it by itself:  eval "$(linksms --show-completion bash)"

# Options of a command that take a value, those that take none, and what stands in each place.
#GENERATED#

# Keep the candidates on stdin, "word TAB description" each, that begin as the word typed does.
# Descriptions are for lists on the screen only; what is put into the line is the bare word.
_linksms_offer() {
    local word text width=0 i
    local -a words=() texts=()
    while IFS=$'\t' read -r word text; do
        if [[ -n $word && $word == "$cur"* ]]; then
            words+=("$word")
            texts+=("$text")
            ((${#word} > width)) && width=${#word}
        fi
    done
    COMPREPLY=(${words[@]+"${words[@]}"})
    # COMP_TYPE: 63 lists after a second TAB, 33 and 64 list at once.
    case ${COMP_TYPE-} in 63 | 33 | 64) ;; *) return ;; esac
    ((${#words[@]} > 1)) || return
    for i in "${!words[@]}"; do
        if [[ -n ${texts[i]} ]]; then
            printf -v "COMPREPLY[i]" '%-*s  (%.*s)' "$width" "${words[i]}" \
                $((${COLUMNS:-80} - width - 6)) "${texts[i]}"
        fi
    done
}

# Ask the program for what changes: profiles, recent messages.
_linksms_ask() {
    local program=${COMP_WORDS[0]}
    _LINKSMS_TAB=$1 "${program/#\~\//$HOME/}" 2>/dev/null </dev/null
}

_linksms_candidates() {
    local file
    case $1 in
        profiles | messages) _linksms_offer < <(_linksms_ask "$1") ;;
        codes) _linksms_offer < <(_linksms_codes) ;;
        settings)
            _linksms_offer < <(_linksms_settings)
            compopt -o nospace 2>/dev/null
            ;;
        files)
            compopt -o filenames 2>/dev/null
            while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
            ;;
        commands) _linksms_offer < <(_linksms_commands "$command") ;;
        choices:*) _linksms_offer < <(printf '%s\n' ${1#choices:}) ;;
    esac
}

_linksms() {
    local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' only_words='' word
    local -i i place=0
    local IFS=$' \t\n' # the shell's own may be anything
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == '=' ]]; then # bash makes three words of --option=value
            continue
        elif [[ -n $option ]]; then
            option=''
        elif [[ -z $only_words && $word == -- ]]; then
            only_words=yes
        elif [[ -z $only_words && $word == -?* ]]; then
            [[ $(_linksms_values "$command:$word") ]] && option=$word
        elif [[ -n $(_linksms_commands "$command") ]]; then
            command+="${command:+ }$word"
        else
            place+=1
        fi
    done
    [[ $cur == '=' ]] && cur=''
    if [[ -n $option ]]; then
        _linksms_candidates "$(_linksms_values "$command:$option")"
    elif [[ -z $only_words && $cur == -* ]]; then
        _linksms_offer < <(_linksms_options "$command")
    elif [[ -n $(_linksms_commands "$command") ]]; then
        _linksms_candidates commands
    else
        _linksms_candidates "$(_linksms_place "$command" "$place")"
    fi
}

# Recent messages come latest first; bash before 4.4 sorts them.
complete -o nosort -F _linksms linksms 2>/dev/null || complete -F _linksms linksms
