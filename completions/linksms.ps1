# Completion of linksms for PowerShell, made from the command tree: do not edit.
# Put into $PROFILE:  linksms --show-completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName linksms -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # What can stand where: a list of "word TAB description", or the name of a list after a colon.
    $commands = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $commands[''] = @("send`tSend a text to one or more recipients", "segments`tCount the parts that a text needs, and show why", "code`tExplain result codes, delivery reports and answers", "listen`tReceive delivery reports, store them, and print them", "status`tFind messages, and show what became of them", "config`tKeep accounts in profiles, and check them", "store`tLook after the store of messages, keys and reports", "sandbox`tRun a test gateway that speaks LINK's protocol and sends no SMS")
    $commands['config'] = @("list`tList the profiles; the default is marked", "show`tShow an account's values, and where each comes from", "set`tCreate a profile, or change one", "use`tMake a profile the default", "remove`tRemove a profile", "path`tPrint the path of the profile file", "check`tCheck an account, and the connection to its gateway")
    $commands['store'] = @("info`tShow where the store is, its size, and how much it holds", "check`tLook for damage, and for what will become trouble", "copy`tCopy the whole store to another folder or database", "share`tShare the store with a group of users of this machine")
    $options = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $options[''] = @("-V`tShow the version", "--version`tShow the version", "--show-completion`tPrint the completion script for bash, zsh, fish or powershell", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['send'] = @("-t`tRecipient, like +46701740605. Repeatable", "--to`tRecipient, like +46701740605. Repeatable", "--country`tRead numbers without + as people in this country (SE, NO, ...) write them", "-f`tSender: a number, a short number, or a name of up to 11 GSM-7 septets", "--from`tSender: a number, a short number, or a name of up to 11 GSM-7 septets", "--async`tHave the gateway queue the message and answer at once", "--no-async`tHave the gateway queue the message and answer at once", "--replace`tReplace typographic characters (’ “ – …) with plain ones if that saves a part", "--truncate`tIf the text is too long, keep its head (or tail) and say how much is missing", "--strip-ansi`tRemove terminal colours and other escape sequences from the text", "--udh`tUser data header of a part you split off yourself", "--batch`tSend one message per row of a CSV, JSON Lines or number file (- is stdin); TEXT may hold {column}", "--column`tRead NAME (to, text, from, ...) from this column. Repeatable", "--delimiter`tDelimiter of a CSV file, if it is not recognised", "--rate`tSend no more than N messages a second", "--concurrency`tKeep up to N requests under way at once (8)", "--max-failures`tStop after N rejections in a row", "--rejected`tWrite the rows that were refused or rejected, with reasons, to this file", "--again`tSend a finished batch, or rows that were sent, once more", "--tariff`tCharge each recipient; SEK1000 is SEK 10.00", "--vat`tVAT on the charge, in percent", "--reference-id`tId of the incoming SMS that this charge answers", "--charge-only`tCharge the recipient without sending an SMS", "--confirm-charge`tExact total that this command may charge, for all recipients together", "--once`tSend only once under KEY, however often this runs", "--resend-unknown`tWith --once or --batch: send again even if it may have been sent", "--dry-run`tCheck everything and show the plan, but send nothing", "--max-parts`tRefuse texts that need more than N parts", "--allow-duplicates`tSend one message for every --to, even if a number is repeated", "--no-store`tDo not record this message", "--timeout`tTime limit for each attempt, in all", "--retry`tRetry up to N times, only if the first attempt provably had no effect (0; 5 in a batch)", "--wait`tWait up to this long (30s, 5m, 1h) for delivery reports; exit 0 only if delivered", "--sandbox`tSend to a built-in test gateway; no account needed, no SMS sent", "-p`tUse this profile, whatever the environment says", "--profile`tUse this profile, whatever the environment says", "--json`tPrint one JSON object per line", "-q`tPrint message ids only, and no hints or warnings; failures are still reported", "--quiet`tPrint message ids only, and no hints or warnings; failures are still reported", "-v`tShow each attempt on stderr", "--verbose`tShow each attempt on stderr", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['segments'] = @("-F`tRead the text from this file", "--file`tRead the text from this file", "--lines`tTreat each line as a text of its own", "--strip-ansi`tRemove terminal colours and other escape sequences from the text", "--max-parts`tRefuse texts that need more than N parts; with --lines, show only those", "--replace`tCount the text as if typographic characters (’ “ – …) were replaced with plain ones, if that saves a part", "--explain`tDraw the parts as the handset receives them", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['code'] = @("--search`tOnly codes starting with this number, or containing all these words", "--final`tOnly final codes, or only temporary ones", "--temporary`tOnly final codes, or only temporary ones", "--delivered`tFilter by delivery (`"no`" includes `"not yet`")", "--billed`tFilter by billing (`"no`" includes `"not yet`")", "--retry`tFilter by whether it is safe to send again", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['listen'] = @("--host`tThe address to listen on", "--port`tThe port to listen on; 0 picks a free one", "--path`tURL path for reports; choose one that cannot be guessed", "--reply-body`tResponse body, if LINK Support has configured one for you", "--tls-cert`tSpeak TLS with this certificate and its chain (PEM)", "--tls-key`tThe certificate's key (PEM). SIGHUP reads both files again", "--public-url`tThe URL to give LINK Support, if it is a proxy's or another name's", "--metrics`tServe GET /metrics for Prometheus, to those who may send reports", "--auth`tRequire Basic auth as USER; set the password in LINKSMS_LISTEN_PASSWORD", "--require-header`tRequire this request header; set its value in LINKSMS_LISTEN_HEADER", "--allow`tAccept reports only from LINK's addresses, or from this network. Repeatable", "--trusted-proxy`tBelieve X-Forwarded-For from this address or network. Repeatable", "--exec`tRun this shell command for each report, which it gets as JSON on stdin", "--forward-to`tPOST each stored report to this URL until it answers 2xx. Repeatable", "--forward-as`tForward the event of --json, or the request as LINK sent it", "-H`tAdd this header when forwarding; @FILE reads the value. Repeatable", "--header`tAdd this header when forwarding; @FILE reads the value. Repeatable", "--forward-for`tSet a report aside after failing for this long (24h, 90m)", "--forward-timeout`tTime that a target has for its answer; then the report is sent again", "--forward-ca-bundle`tTrust only these authorities when forwarding: a PEM file", "--exit-with-reader`tStop, with exit code 1, when nobody reads stdout any more", "--until-final`tStop once this message is final; exit 0 delivered, 5 failed, 7 unknown", "--exit-after`tStop after N new reports", "--timeout`tStop after this long (90s, 5m, 1h); exit 8 if still waiting for the above", "--replay`tPrint the stored reports and exit", "--raw`tPrint the stored request of this number byte for byte, and exit", "--since`tWith --replay: only reports since then (2h, yesterday, monday 09:00)", "--keep`tDelete messages and reports older than this (90d), bit by bit while it runs", "--forward-pending`tPrint what is still to be forwarded or was set aside, and exit", "--forward-again`tHave what was set aside forwarded again, and exit", "--target`tWith these two: only this target, by the name that they show", "-v`tAlso print each report that was forwarded", "--verbose`tAlso print each report that was forwarded", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['status'] = @("-t`tRecipient: a number, its beginning, or * and its last digits (*1234)", "--to`tRecipient: a number, its beginning, or * and its last digits (*1234)", "-f`tSent from this sender", "--from`tSent from this sender", "--since`tSent since then: 2h, yesterday, monday 09:00, 2026-11-26 09:00", "--until`tSent until then; a date includes that day", "--outcome`tdelivered, failed, pending, overdue, rejected, not_sent or unknown", "--code`tResult code that decided the outcome", "--operator`tThe operator in its latest report, like no.telenor", "-p`tSent with this profile", "--profile`tSent with this profile", "--batch`tSent by this batch", "--key`tSent with --once under this key", "--reference-id`tThe reference in its latest report", "--overdue-after`tTreat a message as overdue if it is pending for longer than this", "--limit`tList at most N messages; 0 lists all", "--count-by`tCount messages by outcome, code, operator, hour, day, profile or batch. Repeatable", "--follow`tKeep showing what changes, until Ctrl-C", "--wait`tWait up to this long (30s, 5m, 1h) until every part is final", "--ticket`tPrint a text to mail to LINK Support", "--forget-before`tDelete messages and reports older than this (90d, 12h); keep once-keys", "--dry-run`tWith --forget-before: only show how much it would delete", "-y`tWith --forget-before: do not ask", "--yes`tWith --forget-before: do not ask", "--csv`tPrint the list as CSV", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config'] = @("-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config list'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config show'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config set'] = @("--password-stdin`tRead the password from stdin (one line)", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config use'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config remove'] = @("-y`tDo not ask", "--yes`tDo not ask", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config path'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config check'] = @("--timeout`tTime limit for each step on the network", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['store'] = @("-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['store info'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['store check'] = @("--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['store copy'] = @("--to`tA folder, postgresql://USER@HOST/DATABASE or service=NAME, without a store yet", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['store share'] = @("--revoke`tLet only the owner use the store again", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['sandbox'] = @("--host`tThe address to listen on", "--port`tThe port to listen on; 0 picks a free one", "--credentials`tAccept only this account. Default: any", "--latency`tDelay before answers: 0.5, or 20..200 (ms)", "--rate`tMessages per second; beyond that, code 3", "--strict`tRefuse GET; the guide specifies POST", "--seed`tRepeat ids, times and delays in every run", "--dlr-url`tSend delivery reports to this URL", "--dlr-format`tFormat of the reports. [default: json]", "--dlr-delay`tDelay after the answer. [default: 0]", "--dlr-header`tAdd this header to each report. Repeatable", "--dlr-auth`tSend Basic auth with each report", "--admin-token`tRequire this token (better: LINKSMS_SANDBOX_TOKEN)", "--admin-host`tAccept this host name too. Repeatable", "--fire`tSend reports of every kind to this receiver, and grade its answers", "--format`tSend only this format. Repeatable", "--header`tAdd this header to each report. Repeatable", "--expect-body`tRequire exactly this body in the answer", "--skip`tSkip this case; --json shows the names. Repeatable", "--yes`tDo not ask before firing at another machine", "--json`tPrint one JSON object per line", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $values = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $values[':--show-completion'] = @("bash`t", "zsh`t", "fish`t", "powershell`t")
    $values['send:-t'] = @()
    $values['send:--to'] = @()
    $values['send:--country'] = @()
    $values['send:-f'] = @()
    $values['send:--from'] = @()
    $values['send:--truncate'] = @("head`t", "tail`t")
    $values['send:--udh'] = @()
    $values['send:--batch'] = ':files'
    $values['send:--column'] = @()
    $values['send:--delimiter'] = @()
    $values['send:--rate'] = @()
    $values['send:--concurrency'] = @()
    $values['send:--max-failures'] = @()
    $values['send:--rejected'] = ':files'
    $values['send:--tariff'] = @()
    $values['send:--vat'] = @()
    $values['send:--reference-id'] = @()
    $values['send:--confirm-charge'] = @()
    $values['send:--once'] = @()
    $values['send:--max-parts'] = @()
    $values['send:--timeout'] = @()
    $values['send:--retry'] = @()
    $values['send:--wait'] = @()
    $values['send:-p'] = ':profiles'
    $values['send:--profile'] = ':profiles'
    $values['segments:-F'] = ':files'
    $values['segments:--file'] = ':files'
    $values['segments:--max-parts'] = @()
    $values['code:--search'] = @()
    $values['code:--delivered'] = @("yes`t", "no`t", "unknown`t")
    $values['code:--billed'] = @("yes`t", "no`t", "unknown`t")
    $values['code:--retry'] = @("wait`t", "done`t", "safe`t", "pointless`t", "never`t")
    $values['listen:--host'] = @()
    $values['listen:--port'] = @()
    $values['listen:--path'] = @()
    $values['listen:--reply-body'] = @()
    $values['listen:--tls-cert'] = ':files'
    $values['listen:--tls-key'] = ':files'
    $values['listen:--public-url'] = @()
    $values['listen:--auth'] = @()
    $values['listen:--require-header'] = @()
    $values['listen:--allow'] = @()
    $values['listen:--trusted-proxy'] = @()
    $values['listen:--exec'] = @()
    $values['listen:--forward-to'] = @()
    $values['listen:--forward-as'] = @("event`t", "raw`t")
    $values['listen:-H'] = @()
    $values['listen:--header'] = @()
    $values['listen:--forward-for'] = @()
    $values['listen:--forward-timeout'] = @()
    $values['listen:--forward-ca-bundle'] = ':files'
    $values['listen:--until-final'] = ':messages'
    $values['listen:--exit-after'] = @()
    $values['listen:--timeout'] = @()
    $values['listen:--raw'] = @()
    $values['listen:--since'] = @()
    $values['listen:--keep'] = @()
    $values['listen:--target'] = @()
    $values['status:-t'] = @()
    $values['status:--to'] = @()
    $values['status:-f'] = @()
    $values['status:--from'] = @()
    $values['status:--since'] = @()
    $values['status:--until'] = @()
    $values['status:--outcome'] = @("delivered`t", "failed`t", "pending`t", "overdue`t", "rejected`t", "not_sent`t", "unknown`t")
    $values['status:--code'] = ':codes'
    $values['status:--operator'] = @()
    $values['status:-p'] = ':profiles'
    $values['status:--profile'] = ':profiles'
    $values['status:--batch'] = @()
    $values['status:--key'] = @()
    $values['status:--reference-id'] = @()
    $values['status:--overdue-after'] = @()
    $values['status:--limit'] = @()
    $values['status:--count-by'] = @("outcome`t", "code`t", "operator`t", "hour`t", "day`t", "profile`t", "batch`t")
    $values['status:--wait'] = @()
    $values['status:--forget-before'] = @()
    $values['config check:--timeout'] = @()
    $values['store copy:--to'] = ':files'
    $values['sandbox:--host'] = @()
    $values['sandbox:--port'] = @()
    $values['sandbox:--credentials'] = @()
    $values['sandbox:--latency'] = @()
    $values['sandbox:--rate'] = @()
    $values['sandbox:--seed'] = @()
    $values['sandbox:--dlr-url'] = @()
    $values['sandbox:--dlr-format'] = @("json`t", "xml`t", "form`t", "query`t")
    $values['sandbox:--dlr-delay'] = @()
    $values['sandbox:--dlr-header'] = @()
    $values['sandbox:--dlr-auth'] = @()
    $values['sandbox:--admin-token'] = @()
    $values['sandbox:--admin-host'] = @()
    $values['sandbox:--fire'] = @()
    $values['sandbox:--format'] = @("json`t", "xml`t", "form`t", "query`t")
    $values['sandbox:--header'] = @()
    $values['sandbox:--expect-body'] = @()
    $values['sandbox:--skip'] = @()
    $places = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $places['code:*'] = ':codes'
    $places['status:*'] = ':messages'
    $places['config show:0'] = ':profiles'
    $places['config set:0'] = ':profiles'
    $places['config set:*'] = ':settings'
    $places['config use:0'] = ':profiles'
    $places['config remove:0'] = ':profiles'
    $places['config check:0'] = ':profiles'
    $codes = @("0`tUnknown error", "1`tTemporary routing error", "2`tPermanent routing error", "3`tMaximum throttling exceeded", "4`tTimeout", "5`tOperator unknown error", "6`tOperator error", "100`tService not found", "101`tUser not found", "102`tAccount not found", "103`tInvalid password", "104`tConfiguration error", "105`tInternal error (internal Link Mobility error)", "106`tQuota Exceeded", "1000`tSent (to operator)", "1001`tBilled and delivered", "1002`tExpired", "1003`tDeleted", "1004`tMobile full", "1005`tQueued", "1006`tNot delivered", "1007`tDelivered, Billed delayed", "1008`tBilled OK (charged OK before sending message)", "1009`tBilled OK and NOT Delivered", "1010`tExpired, generated by LINK", "1011`tBilled OK and sent (to operator)", "1012`tDelayed (temporary billing error, system will try to resend)", "1013`tMessage sent to operator, Bill delayed", "2000`tInvalid source", "2001`tSource shortnumber not supported", "2002`tSource alpha not supported", "2003`tSource MSISDN not supported", "2100`tDestination shortnumber not supported", "2101`tDestination alpha not supported", "2102`tDestination MSIDN not supported", "2103`tOperation blocked", "2104`tUnknown subscriber", "2105`tDestination blocked (subscriber permanently barred)", "2106`tNumber error", "2107`tDestination temporarily blocked (subscriber temporarily barred)", "2108`tInvalid destination", "2200`tCharging error", "2201`tSubscriber has low balance", "2202`tSubscriber barred for overcharged (premium) messages", "2203`tSubscriber too young (for this particular content)", "2204`tPrepaid subscriber not allowed", "2205`tService rejected by subscriber", "2206`tSubscriber not registered in payment system", "2207`tSubscriber has reached max balance", "3000`tGSM encoding is not supported", "3001`tUCS2 encoding is not supported", "3002`tBinary encoding is not supported", "4000`tDelivery report is not supported", "4001`tInvalid message content", "4002`tInvalid tariff", "4003`tInvalid user data", "4004`tInvalid user data header", "4005`tInvalid data coding", "4006`tInvalid VAT", "4007`tUnsupported content for destination")
    $settings = @("base_url=`t", "service_id=`t", "username=`t", "password_command=`t", "keyring=`t", "source=`t", "allow_http=`t", "ca_bundle=`t", "allowed_destinations=`t", "country=`t", "async=`t")
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    $command = ''
    $option = ''
    $onlyWords = $false
    $place = 0
    foreach ($word in @($words | Select-Object -Skip 1)) {
        if ($option) { $option = '' }
        elseif (-not $onlyWords -and $word -ceq '--') { $onlyWords = $true }
        elseif (-not $onlyWords -and $word -match '^-.') {
            if ($values.Contains("${command}:$word")) { $option = $word }
        }
        elseif ($commands.Contains($command)) { $command = "$command $word".Trim() }
        else { $place++ }
    }

    $found = if ($option) { $values["${command}:$option"] }
        elseif (-not $onlyWords -and $wordToComplete -like '-*') { $options[$command] }
        elseif ($commands.Contains($command)) { $commands[$command] }
        elseif ($places.Contains("${command}:$place")) { $places["${command}:$place"] }
        else { $places["${command}:*"] }
    if ($found -is [string] -and $found.StartsWith(':')) {
        $kind = $found.Substring(1)
        $found = switch ($kind) {
            'codes' { $codes }
            'settings' { $settings }
            # No candidates: PowerShell completes file names by itself.
            'files' { return }
            default {
                # The program knows what changes: profiles, recent messages.
                $env:_LINKSMS_TAB = $kind
                try { & $words[0] 2>$null } catch { } finally { $env:_LINKSMS_TAB = $null }
            }
        }
    }
    foreach ($line in $found) {
        $word, $text = $line -split "`t", 2
        if ($word.StartsWith($wordToComplete, [StringComparison]::Ordinal)) {
            if (-not $text) { $text = $word }
            [System.Management.Automation.CompletionResult]::new(
                $word, $word, 'ParameterValue', $text)
        }
    }
}
