# Completion of linksms for bash (3.2 and later), made from the command tree: do not edit.
# Where the system does not find it by itself:  eval "$(linksms --show-completion bash)"

# Options of a command that take a value, those that take none, and what stands in each place.
_linksms_commands() {
    case "$1" in
        '') printf '%s\n' $'send\tSend a text to one or more recipients' $'segments\tCount the parts that a text needs, and show why' $'code\tExplain result codes, delivery reports and answers' $'listen\tReceive delivery reports, store them, and print them' $'status\tFind messages, and show what became of them' $'config\tKeep accounts in profiles, and check them' $'store\tLook after the store of messages, keys and reports' $'sandbox\tRun a test gateway that speaks LINK\'s protocol and sends no SMS' ;;
        'config') printf '%s\n' $'list\tList the profiles; the default is marked' $'show\tShow an account\'s values, and where each comes from' $'set\tCreate a profile, or change one' $'use\tMake a profile the default' $'remove\tRemove a profile' $'path\tPrint the path of the profile file' $'check\tCheck an account, and the connection to its gateway' ;;
        'store') printf '%s\n' $'info\tShow where the store is, its size, and how much it holds' $'check\tLook for damage, and for what will become trouble' $'copy\tCopy the whole store to another folder or database' $'share\tShare the store with a group of users of this machine' ;;
    esac
}

_linksms_options() {
    case "$1" in
        '') printf '%s\n' -V --version --show-completion -h --help ;;
        'send') printf '%s\n' -t --to --country -f --from --async --no-async --replace --truncate --strip-ansi --udh --batch --column --delimiter --rate --concurrency --max-failures --rejected --again --tariff --vat --reference-id --charge-only --confirm-charge --once --resend-unknown --dry-run --max-parts --allow-duplicates --no-store --timeout --retry --wait --sandbox -p --profile --json -q --quiet -v --verbose -h --help ;;
        'segments') printf '%s\n' -F --file --lines --strip-ansi --max-parts --replace --explain --json -h --help ;;
        'code') printf '%s\n' --search --final --temporary --delivered --billed --retry --json -h --help ;;
        'listen') printf '%s\n' --host --port --path --reply-body --tls-cert --tls-key --public-url --metrics --auth --require-header --allow --trusted-proxy --exec --forward-to --forward-as -H --header --forward-for --forward-timeout --forward-ca-bundle --exit-with-reader --until-final --exit-after --timeout --replay --raw --since --keep --forward-pending --forward-again --target -v --verbose --json -h --help ;;
        'status') printf '%s\n' -t --to -f --from --since --until --outcome --code --operator -p --profile --batch --key --reference-id --overdue-after --limit --count-by --follow --wait --ticket --forget-before --dry-run -y --yes --csv --json -h --help ;;
        'config') printf '%s\n' -h --help ;;
        'config list') printf '%s\n' --json -h --help ;;
        'config show') printf '%s\n' --json -h --help ;;
        'config set') printf '%s\n' --password-stdin --json -h --help ;;
        'config use') printf '%s\n' --json -h --help ;;
        'config remove') printf '%s\n' -y --yes --json -h --help ;;
        'config path') printf '%s\n' --json -h --help ;;
        'config check') printf '%s\n' --timeout --json -h --help ;;
        'store') printf '%s\n' -h --help ;;
        'store info') printf '%s\n' --json -h --help ;;
        'store check') printf '%s\n' --json -h --help ;;
        'store copy') printf '%s\n' --to --json -h --help ;;
        'store share') printf '%s\n' --revoke --json -h --help ;;
        'sandbox') printf '%s\n' --host --port --credentials --latency --rate --strict --seed --dlr-url --dlr-format --dlr-delay --dlr-header --dlr-auth --admin-token --admin-host --fire --format --header --expect-body --skip --yes --json -h --help ;;
    esac
}

_linksms_values() {
    case "$1" in
        ':--show-completion') echo 'choices:bash zsh fish powershell' ;;
        'send:-t' | 'send:--to') echo 'free' ;;
        'send:--country') echo 'free' ;;
        'send:-f' | 'send:--from') echo 'free' ;;
        'send:--truncate') echo 'choices:head tail' ;;
        'send:--udh') echo 'free' ;;
        'send:--batch') echo 'files' ;;
        'send:--column') echo 'free' ;;
        'send:--delimiter') echo 'free' ;;
        'send:--rate') echo 'free' ;;
        'send:--concurrency') echo 'free' ;;
        'send:--max-failures') echo 'free' ;;
        'send:--rejected') echo 'files' ;;
        'send:--tariff') echo 'free' ;;
        'send:--vat') echo 'free' ;;
        'send:--reference-id') echo 'free' ;;
        'send:--confirm-charge') echo 'free' ;;
        'send:--once') echo 'free' ;;
        'send:--max-parts') echo 'free' ;;
        'send:--timeout') echo 'free' ;;
        'send:--retry') echo 'free' ;;
        'send:--wait') echo 'free' ;;
        'send:-p' | 'send:--profile') echo 'profiles' ;;
        'segments:-F' | 'segments:--file') echo 'files' ;;
        'segments:--max-parts') echo 'free' ;;
        'code:--search') echo 'free' ;;
        'code:--delivered') echo 'choices:yes no unknown' ;;
        'code:--billed') echo 'choices:yes no unknown' ;;
        'code:--retry') echo 'choices:wait done safe pointless never' ;;
        'listen:--host') echo 'free' ;;
        'listen:--port') echo 'free' ;;
        'listen:--path') echo 'free' ;;
        'listen:--reply-body') echo 'free' ;;
        'listen:--tls-cert') echo 'files' ;;
        'listen:--tls-key') echo 'files' ;;
        'listen:--public-url') echo 'free' ;;
        'listen:--auth') echo 'free' ;;
        'listen:--require-header') echo 'free' ;;
        'listen:--allow') echo 'free' ;;
        'listen:--trusted-proxy') echo 'free' ;;
        'listen:--exec') echo 'free' ;;
        'listen:--forward-to') echo 'free' ;;
        'listen:--forward-as') echo 'choices:event raw' ;;
        'listen:-H' | 'listen:--header') echo 'free' ;;
        'listen:--forward-for') echo 'free' ;;
        'listen:--forward-timeout') echo 'free' ;;
        'listen:--forward-ca-bundle') echo 'files' ;;
        'listen:--until-final') echo 'messages' ;;
        'listen:--exit-after') echo 'free' ;;
        'listen:--timeout') echo 'free' ;;
        'listen:--raw') echo 'free' ;;
        'listen:--since') echo 'free' ;;
        'listen:--keep') echo 'free' ;;
        'listen:--target') echo 'free' ;;
        'status:-t' | 'status:--to') echo 'free' ;;
        'status:-f' | 'status:--from') echo 'free' ;;
        'status:--since') echo 'free' ;;
        'status:--until') echo 'free' ;;
        'status:--outcome') echo 'choices:delivered failed pending overdue rejected not_sent unknown' ;;
        'status:--code') echo 'codes' ;;
        'status:--operator') echo 'free' ;;
        'status:-p' | 'status:--profile') echo 'profiles' ;;
        'status:--batch') echo 'free' ;;
        'status:--key') echo 'free' ;;
        'status:--reference-id') echo 'free' ;;
        'status:--overdue-after') echo 'free' ;;
        'status:--limit') echo 'free' ;;
        'status:--count-by') echo 'choices:outcome code operator hour day profile batch' ;;
        'status:--wait') echo 'free' ;;
        'status:--forget-before') echo 'free' ;;
        'config check:--timeout') echo 'free' ;;
        'store copy:--to') echo 'files' ;;
        'sandbox:--host') echo 'free' ;;
        'sandbox:--port') echo 'free' ;;
        'sandbox:--credentials') echo 'free' ;;
        'sandbox:--latency') echo 'free' ;;
        'sandbox:--rate') echo 'free' ;;
        'sandbox:--seed') echo 'free' ;;
        'sandbox:--dlr-url') echo 'free' ;;
        'sandbox:--dlr-format') echo 'choices:json xml form query' ;;
        'sandbox:--dlr-delay') echo 'free' ;;
        'sandbox:--dlr-header') echo 'free' ;;
        'sandbox:--dlr-auth') echo 'free' ;;
        'sandbox:--admin-token') echo 'free' ;;
        'sandbox:--admin-host') echo 'free' ;;
        'sandbox:--fire') echo 'free' ;;
        'sandbox:--format') echo 'choices:json xml form query' ;;
        'sandbox:--header') echo 'free' ;;
        'sandbox:--expect-body') echo 'free' ;;
        'sandbox:--skip') echo 'free' ;;
    esac
}

_linksms_place() {
    case "$1:$2" in
        'code':*) echo 'codes' ;;
        'status':*) echo 'messages' ;;
        'config show':0) echo 'profiles' ;;
        'config set':0) echo 'profiles' ;;
        'config set':*) echo 'settings' ;;
        'config use':0) echo 'profiles' ;;
        'config remove':0) echo 'profiles' ;;
        'config check':0) echo 'profiles' ;;
    esac
}

_linksms_codes() {
    printf '%s\n' \
        $'0\tUnknown error' \
        $'1\tTemporary routing error' \
        $'2\tPermanent routing error' \
        $'3\tMaximum throttling exceeded' \
        $'4\tTimeout' \
        $'5\tOperator unknown error' \
        $'6\tOperator error' \
        $'100\tService not found' \
        $'101\tUser not found' \
        $'102\tAccount not found' \
        $'103\tInvalid password' \
        $'104\tConfiguration error' \
        $'105\tInternal error (internal Link Mobility error)' \
        $'106\tQuota Exceeded' \
        $'1000\tSent (to operator)' \
        $'1001\tBilled and delivered' \
        $'1002\tExpired' \
        $'1003\tDeleted' \
        $'1004\tMobile full' \
        $'1005\tQueued' \
        $'1006\tNot delivered' \
        $'1007\tDelivered, Billed delayed' \
        $'1008\tBilled OK (charged OK before sending message)' \
        $'1009\tBilled OK and NOT Delivered' \
        $'1010\tExpired, generated by LINK' \
        $'1011\tBilled OK and sent (to operator)' \
        $'1012\tDelayed (temporary billing error, system will try to resend)' \
        $'1013\tMessage sent to operator, Bill delayed' \
        $'2000\tInvalid source' \
        $'2001\tSource shortnumber not supported' \
        $'2002\tSource alpha not supported' \
        $'2003\tSource MSISDN not supported' \
        $'2100\tDestination shortnumber not supported' \
        $'2101\tDestination alpha not supported' \
        $'2102\tDestination MSIDN not supported' \
        $'2103\tOperation blocked' \
        $'2104\tUnknown subscriber' \
        $'2105\tDestination blocked (subscriber permanently barred)' \
        $'2106\tNumber error' \
        $'2107\tDestination temporarily blocked (subscriber temporarily barred)' \
        $'2108\tInvalid destination' \
        $'2200\tCharging error' \
        $'2201\tSubscriber has low balance' \
        $'2202\tSubscriber barred for overcharged (premium) messages' \
        $'2203\tSubscriber too young (for this particular content)' \
        $'2204\tPrepaid subscriber not allowed' \
        $'2205\tService rejected by subscriber' \
        $'2206\tSubscriber not registered in payment system' \
        $'2207\tSubscriber has reached max balance' \
        $'3000\tGSM encoding is not supported' \
        $'3001\tUCS2 encoding is not supported' \
        $'3002\tBinary encoding is not supported' \
        $'4000\tDelivery report is not supported' \
        $'4001\tInvalid message content' \
        $'4002\tInvalid tariff' \
        $'4003\tInvalid user data' \
        $'4004\tInvalid user data header' \
        $'4005\tInvalid data coding' \
        $'4006\tInvalid VAT' \
        $'4007\tUnsupported content for destination'
}

_linksms_settings() {
    printf '%s\n' \
        $'base_url=\t' \
        $'service_id=\t' \
        $'username=\t' \
        $'password_command=\t' \
        $'keyring=\t' \
        $'source=\t' \
        $'allow_http=\t' \
        $'ca_bundle=\t' \
        $'allowed_destinations=\t' \
        $'country=\t' \
        $'async=\t'
}

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
