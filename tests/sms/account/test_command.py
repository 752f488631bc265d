"""A password_command's words: split as a shell would, and refused where one would be needed."""

import pytest

from linksms_cli.sms.account import command
from linksms_cli.sms.value import InvalidValueError

HOME = {"HOME": "/home/ada"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pass show linksms", ["pass", "show", "linksms"]),
        ("~/bin/secret ~ a~b", ["/home/ada/bin/secret", "/home/ada", "a~b"]),
        ("sh -c 'pass show x | head -n1'", ["sh", "-c", "pass show x | head -n1"]),
        ('/bin/bash -c "echo $SECRET"', ["/bin/bash", "-c", "echo $SECRET"]),
        ("awk '{print $1}' file", ["awk", "{print $1}", "file"]),
        (r"echo a\|b \$x", ["echo", "a|b", "$x"]),
        ("echo # ''", ["echo", "#", ""]),
        ("curl https://h/x?a=1&b=2", ["curl", "https://h/x?a=1&b=2"]),
        ("echo 5$ a;b", ["echo", "5$", "a;b"]),
        ('echo "two words"', ["echo", "two words"]),
        (r'echo "a\" | b"', ["echo", 'a" | b']),
    ],
)
def test_a_command_is_split(text: str, words: list[str]) -> None:
    assert command.split(text, HOME) == words


@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "ksh", "zsh", "fish"])
def test_a_shell_that_is_run_replaces_variables_itself(shell: str) -> None:
    assert command.split(f'/bin/{shell} -c "echo $X"', HOME) == [f"/bin/{shell}", "-c", "echo $X"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("pass show hidden | head -n1", "|"),
        ("cat hidden|head", "|"),
        ("echo 'a' | head 'hidden'", "|"),
        ("cat hidden | grep 'a'", "|"),
        ('echo "a" | tee "hidden"', "|"),
        ('cat hidden | grep "a"', "|"),
        ("echo $HIDDEN", "$"),
        ("echo ${HIDDEN}", "$"),
        ("echo $(cat hidden)", "$"),
        ('echo "$HIDDEN"', "$"),
        (r'echo "\$HIDDEN"', "$"),  # a shell would drop the backslash, and shlex does not
        ("echo `cat hidden`", "`"),
        ("cat < hidden", "<"),
        ("cat hidden 2>/dev/null", ">"),
        ("cat hidden >x", ">"),
        ("true && cat hidden", "&"),
        ("true; cat hidden", ";"),
        ("cat hidden &", "&"),
    ],
)
def test_what_only_a_shell_understands_is_refused(text: str, sign: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        command.split(text, HOME)
    assert caught.value.problem == f"contains '{sign}', which only a shell understands"
    assert caught.value.hint == "It runs without a shell. If it needs one, write: sh -c '...'."


def test_a_quote_that_is_not_closed_is_told() -> None:
    with pytest.raises(InvalidValueError) as caught:
        command.split("echo 'hidden", HOME)
    assert caught.value.problem == "cannot be read: No closing quotation"
    assert caught.value.hint == command.WITH_A_SHELL
