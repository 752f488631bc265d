# Completion of linksms for PowerShell, made from the command tree: do not edit.
# Put into $PROFILE:  linksms --show-completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName linksms -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # What can stand where: a list of "word TAB description", or the name of a list after a colon.
#GENERATED#
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
