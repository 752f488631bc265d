#compdef linksms
# Completion of linksms for zsh, made from the command tree: do not edit.
# Where the system does not find it by itself:  eval "$(linksms --show-completion zsh)"

# Ask the program for what changes: profiles, recent messages. It answers "word TAB description".
_linksms_ask() {
    local -a found
    local line
    for line in ${(f)"$(_LINKSMS_TAB=$1 ${~_linksms_program} 2>/dev/null </dev/null)"}; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    _describe -V -t $1 ${1%s} found
}

_linksms_profiles() { _linksms_ask profiles }

_linksms_messages() { _linksms_ask messages }

#GENERATED#

# Run the function of the command that was typed, with the words from there on.
_linksms_command() {
    local name="_linksms${1:+_$1}_${words[1]}"
    curcontext="${curcontext%:*:*}:${name//_/-}:"
    (( $+functions[$name] )) && $name
}

# As a function of fpath, the file is the function's body; read by eval, it registers itself.
if [[ ${funcstack[1]} == _linksms ]]; then
    _linksms_root "$@"
else
    _linksms() { _linksms_root "$@" }
    if (( $+functions[compdef] )); then
        compdef _linksms linksms
    else
        # compinit comes later in the start-up file, and defines it by the first prompt.
        _linksms_register() {
            add-zsh-hook -d precmd _linksms_register
            (( $+functions[compdef] )) && compdef _linksms linksms
        }
        autoload -Uz add-zsh-hook
        add-zsh-hook precmd _linksms_register
    fi
fi
