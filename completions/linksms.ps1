# Completion of linksms for PowerShell, made from the command tree: do not edit.
# Put into $PROFILE:  linksms --show-completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName linksms -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # What can stand where: a list of "word TAB description", or the name of a list after a colon.
    $commands = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $commands[''] = @("send`tSend a text to one or more recipients", "segments`tCount the parts a text takes, and say why", "code`tExplain result codes", "listen`tReceive delivery reports, store them, and print them", "status`tTell what became of a message, as far as the store knows", "config`tKeep accounts in profiles, and check them", "sandbox`tRun a gateway that speaks the guide's protocol and sends no SMS")
    $commands['config'] = @("list`tList the profiles, the default marked", "show`tShow an account's values and their places", "set`tMake a profile, or change one", "use`tMake a profile the default", "remove`tRemove a profile", "path`tPrint the path of the profile file", "check`tCheck an account and the way to its gateway")
    $options = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $options[''] = @("-V`tShow the version", "--version`tShow the version", "--show-completion`tPrint completion for bash, zsh, fish or powershell", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['send'] = @("-t`tRecipient; repeatable", "--to`tRecipient; repeatable", "-f`tSender: a number, a short number or a name of up to 11 characters", "--from`tSender: a number, a short number or a name of up to 11 characters", "--async`tLet the gateway answer before it has sent", "--no-async`tLet the gateway answer before it has sent", "--replace`tPut plain signs for typographic ones (’ “ – …), where that saves a part", "--udh`tUser data header of a part that you split yourself", "--tariff`tCharge the recipient; in hundredths", "--vat`tVAT on the charge, percent", "--reference-id`tId of the incoming SMS that a charge answers", "--charge-only`tCharge without an SMS", "--confirm-charge`tWhat the whole command may charge: SEK3000 for SEK1000 to three", "--once`tSend this only once under KEY, however often it is run", "--resend-unknown`tWith --once: send again what may have been sent", "--dry-run`tCheck everything, send nothing", "--max-parts`tRefuse a text of more parts", "--allow-duplicates`tSend as often as a recipient is given", "--no-store`tRemember nothing of this send", "--timeout`tHow long each attempt may take in all", "--retry`tTry again where the first try provably had no effect", "--wait`tWait up to this long; exit code 0 then means delivered", "--sandbox`tSend to a gateway of our own that ends with the command", "-p`tThe profile to use, whatever the environment says", "--profile`tThe profile to use, whatever the environment says", "--json`tOne JSON object a line on stdout", "-q`tMessage ids only", "--quiet`tMessage ids only", "-v`tEach attempt, on stderr", "--verbose`tEach attempt, on stderr", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['segments'] = @("-F`tRead the text there", "--file`tRead the text there", "--lines`tEach line is a text", "--max-parts`tRefuse a text of more parts; with --lines, show only what is refused", "--replace`tJudge the text with plain signs for typographic ones (’ “ – …), where that saves a part", "--explain`tShow the parts as a handset gets them", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['code'] = @("--search`tA number that codes begin with, or words that all stand in their texts", "--final`tCodes that end a message's way, or those that will change", "--temporary`tCodes that end a message's way, or those that will change", "--delivered`tWhat the code says of delivery; no includes not yet", "--billed`tWhat the code says of billing; no includes not yet", "--retry`tWhether to send again", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['listen'] = @("--host`tThe address to listen on", "--port`t0 for any free one", "--path`tWhere reports go; a secret one is good", "--reply-body`tWhat to answer, if LINK Support has set one", "--auth`tAsk for Basic auth; the password is in LINKSMS_LISTEN_PASSWORD", "--require-header`tAsk for a header; its value is in LINKSMS_LISTEN_HEADER", "--allow`tOnly from LINK's addresses or a network. Repeatable", "--until-final`tUntil it is final: 0 delivered, 5 failed, 7 unknown", "--exit-after`tAfter N new reports", "--timeout`tAfter 90s, 5m, 1h: 8 where it waited for something", "--replay`tPrint the stored reports and end", "--since`tWith --replay: from this long ago, or from a time", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['status'] = @("--limit`tHow many of the latest to list", "--wait`tWait up to this long until every part is final", "--forget-before`tDelete messages and reports that are older; once-keys stay", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config'] = @("-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config list'] = @("--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config show'] = @("--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config set'] = @("--password-stdin`tRead the password from standard input: one line", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config use'] = @("--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config remove'] = @("--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config path'] = @("--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['config check'] = @("--timeout`tHow long each step on the network may take", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $options['sandbox'] = @("--host`tThe address to listen on", "--port`tThe port; 0 is any free one", "--credentials`tThe one account to know. Without it any is taken", "--latency`tHow long each answer takes", "--rate`tMessages a second; those above are answered 3", "--strict`tRefuse GET: the guide has POST", "--dlr-url`tWhere reports go", "--dlr-format`tHow they are written. [default: json]", "--dlr-delay`tHow long after the answer they come. [default: 0]", "--json`tOne JSON object a line on stdout", "-h`tShow this message and exit", "--help`tShow this message and exit")
    $values = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
    $values[':--show-completion'] = @("bash`t", "zsh`t", "fish`t", "powershell`t")
    $values['send:-t'] = @()
    $values['send:--to'] = @()
    $values['send:-f'] = @()
    $values['send:--from'] = @()
    $values['send:--udh'] = @()
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
    $values['listen:--auth'] = @()
    $values['listen:--require-header'] = @()
    $values['listen:--allow'] = @()
    $values['listen:--until-final'] = ':messages'
    $values['listen:--exit-after'] = @()
    $values['listen:--timeout'] = @()
    $values['listen:--since'] = @()
    $values['status:--limit'] = @()
    $values['status:--wait'] = @()
    $values['status:--forget-before'] = @()
    $values['config check:--timeout'] = @()
    $values['sandbox:--host'] = @()
    $values['sandbox:--port'] = @()
    $values['sandbox:--credentials'] = @()
    $values['sandbox:--latency'] = @()
    $values['sandbox:--rate'] = @()
    $values['sandbox:--dlr-url'] = @()
    $values['sandbox:--dlr-format'] = @("json`t", "xml`t", "form`t", "query`t")
    $values['sandbox:--dlr-delay'] = @()
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
    $settings = @("base_url=`t", "service_id=`t", "username=`t", "password_command=`t", "keyring=`t", "source=`t", "allow_http=`t", "ca_bundle=`t", "allowed_destinations=`t", "async=`t")
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
