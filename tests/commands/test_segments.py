"""`linksms segments` as it is met: by a person, by a program, by a gate in CI."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Linksms
from tests.loading import heavy, loaded
from tests.terminal import PROGRAM, Terminal

QUOTES = "Don’t forget – your parcel “123” is waiting for you at the shop until Friday, 17:00. Bye"
PLAIN = 'Don\'t forget - your parcel "123" is waiting for you at the shop until Friday, 17:00. Bye'
FIGURES = ("encoding", "units", "limit", "parts", "left_in_last_part", "over_limit")


def test_a_program_gets_every_field(linksms: Linksms) -> None:
    done = linksms("segments", "--json", stdin="Grüße – €\n".encode())
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == (
        '{"line": null, "encoding": "UCS-2", "units": 9, "limit": 567, "parts": 1, '
        '"left_in_last_part": 61, "over_limit": false, "over_reasons": [], "parts_if_67": null, '
        '"non_gsm": [{"char": "–", "code_point": "U+2013", "name": "EN DASH", "count": 1, '
        '"first_index": 6, "replacement": "-"}], "replaced": null, "warnings": []}\n'
    )


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("", ("GSM-7", 0, 1377, 1, 160, False)),
        ("a" * 160, ("GSM-7", 160, 1377, 1, 0, False)),
        ("a" * 161, ("GSM-7", 161, 1377, 2, 145, False)),
        ("a" * 152 + "€" + "a" * 8, ("GSM-7", 162, 1377, 2, 143, False)),
        ("😀" * 36, ("UCS-2", 72, 567, 2, 53, False)),
    ],
)
def test_figures(call: Linksms, text: str, figures: tuple[object, ...]) -> None:
    record = call("segments", "--json", text).record
    assert tuple(record[name] for name in FIGURES) == figures


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["a" * 1377], 0),
        (["a" * 1378], 10),
        (["ж" * 567], 0),
        (["ж" * 568], 10),
        (["a" * 153 + "€" * 612], 0),  # ten parts, though the units fit: a warning
        (["a" * 161, "--max-parts", "2"], 0),
        (["a" * 161, "--max-parts", "1"], 10),
        ([QUOTES, "--max-parts", "1"], 10),
        ([QUOTES, "--max-parts", "1", "--replace"], 0),
        (["ж" * 567 + "\u200b", "--replace"], 0),
    ],
)
def test_a_text_that_is_too_long_is_refused(call: Linksms, words: list[str], code: int) -> None:
    done = call("segments", *words, "--json")
    assert (done.code, len(done.records)) == (code, 1)


def test_why_it_is_too_long(call: Linksms) -> None:
    assert call("segments", "a" * 1378, "--json").record["over_reasons"] == ["units", "parts"]
    record = call("segments", "a" * 153 + "€" * 612, "--json").record
    assert (record["over_limit"], record["over_reasons"]) == (False, ["parts"])
    assert record["warnings"][0].startswith("10 parts, though the units fit")


def test_the_parts_of_the_text(call: Linksms) -> None:
    text = "a" * 152 + "€" + "b" * 8
    record = call("segments", "--json", "--explain", text).record
    assert record["part_texts"] == ["a" * 152, "€" + "b" * 8]


def test_lines_are_judged_each(linksms: Linksms, tmp_path: Path) -> None:
    file = tmp_path / "templates.txt"
    file.write_bytes(f"\ufeffHej\r\n\n{QUOTES}\n{'a' * 161}\r\nslut".encode())
    done = linksms("segments", "--lines", "-F", str(file), "--json")
    assert (done.code, done.stderr) == (0, "")
    assert [(each["line"], each["units"], each["parts"]) for each in done.records] == [
        (1, 3, 1),
        (2, 0, 1),
        (3, 88, 2),
        (4, 161, 2),
        (5, 4, 1),
    ]


def test_a_gate_names_every_line_that_fails_and_no_other(call: Linksms, tmp_path: Path) -> None:
    file = tmp_path / "templates.txt"
    file.write_text(f"Hej\n{QUOTES}\n{'a' * 161}\n{'ж' * 568}\n")
    done = call("segments", "--lines", "-F", str(file), "--max-parts", "1")
    assert (done.code, done.stderr) == (10, "3 of 4 lines refused.\n")
    assert done.stdout == (
        "line 2       2 parts   UCS-2  88 of 567 units     ’ – “ ”  --replace: 1 part\n"
        "line 3       2 parts   GSM-7  161 of 1377 units\n"
        "line 4       10 parts  UCS-2  568 of 567 units    over the limit ж\n"
    )
    file.write_text("Hej\n")
    done = call("segments", "--lines", "-F", str(file), "--max-parts", "1")
    assert (done.code, done.stdout, done.stderr) == (0, "", "0 of 1 lines refused.\n")


def test_lines_without_a_gate_are_all_shown(call: Linksms) -> None:
    done = call("segments", "--lines", f"Hej\nabcdж漢字😀é’\n{'ж' * 568}")
    assert (done.code, done.stderr) == (10, "1 of 3 lines refused.\n")
    assert done.stdout == (
        "line 1       1 part    GSM-7  3 of 1377 units\n"
        "line 2       1 part    UCS-2  11 of 567 units     ж 漢 字 😀 and 1 more\n"
        "line 3       10 parts  UCS-2  568 of 567 units    over the limit ж\n"
    )


def test_what_stands_before_a_line_that_is_no_utf8_is_judged(linksms: Linksms) -> None:
    done = linksms("segments", "--lines", "--json", stdin=b"one\ntwo\nk\xe4se\nfour\n")
    assert (done.code, [each["line"] for each in done.records]) == (2, [1, 2])
    error = json.loads(done.stderr)["error"]
    assert error["message"] == "stdin is not UTF-8: byte 0xe4 at offset 9 (line 3)"


@pytest.mark.parametrize(
    "words",
    [
        ["text", "-F", "x"],
        ["-F", "missing.txt"],
        ["--max-parts", "0", "text"],
        ["one", "two"],
        [b"k\xe4se"],
    ],
)
def test_wrong_usage(linksms: Linksms, words: list[str | bytes]) -> None:
    done = linksms("segments", *words, "--json")
    assert (done.code, done.stdout) == (2, "")
    assert json.loads(done.stderr)["error"]["kind"] == "usage"


def test_an_argument_leaves_stdin_alone(environment: dict[str, str]) -> None:
    """Whoever calls this in a loop over stdin would lose the rest of it."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "linksms_cli", "segments", "text"]
    with subprocess.Popen(
        command, stdin=reading, stdout=subprocess.PIPE, env=environment
    ) as process:
        # Nothing is written, and the pipe stays open: a read would never end.
        assert process.wait(timeout=60) == 0
    os.write(writing, b"still here")
    assert os.read(reading, 100) == b"still here"
    os.close(reading)
    os.close(writing)


def test_a_person_reads_what_costs_and_what_would_help(call: Linksms) -> None:
    done = call("segments", QUOTES)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == (
        "2 parts UCS-2, 88 of 567 units, 38 left in the last part\n"
        "\n"
        "Not in GSM-7, so the whole text is sent as UCS-2 (positions count from 0):\n"
        "  U+2019   RIGHT SINGLE QUOTATION MARK                 at 3      ’ → '\n"
        "  U+2013   EN DASH                                     at 13     – → -\n"
        '  U+201C   LEFT DOUBLE QUOTATION MARK                  at 27     “ → "\n'
        '  U+201D   RIGHT DOUBLE QUOTATION MARK                 at 31     ” → "\n'
        "\n"
        "With --replace: 1 part GSM-7, 88 of 1377 units\n"
    )


def test_a_person_reads_the_replaced_text(call: Linksms) -> None:
    done = call("segments", "--replace", QUOTES)
    assert done.stdout == (
        "1 part GSM-7, 88 of 1377 units, 72 left in this part\n"
        "\n"
        "Without --replace: 2 parts UCS-2, 88 of 567 units. Replaced: ’ → ', – → -,\n"
        '“ → ", ” → "\n'
        "\n"
        f"{PLAIN}\n"
    )


def test_a_person_reads_what_rewriting_would_save(call: Linksms) -> None:
    shown = call("segments", "Zażółć gęślą jaźń. " * 4).stdout
    assert "ż → z lossy\n" in shown
    assert shown.endswith(
        "\n\nWith all of these replaced by hand: 1 part GSM-7, 76 of 1377 units\n"
    )


def test_a_person_reads_the_limits(call: Linksms) -> None:
    shown = call("segments", "ж" * 568, "--max-parts", "2").stdout
    assert shown.startswith(
        "10 parts UCS-2, 568 of 567 units\n"
        "Over the limit: the gateway takes 567 units of UCS-2.\n"
        "Over the limit: --max-parts allows 2 parts.\n"
        "With 67 characters per part, as in 3GPP, instead of the guide's 63: 9 parts.\n"
    )
    assert call("segments", "100€ [x]").stdout == (
        "1 part GSM-7, 11 of 1377 units, 149 left in this part\nTwo units each: [ ] €\n"
    )


def test_many_characters_are_listed_in_part(call: Linksms) -> None:
    shown = call("segments", "".join(map(chr, range(0x410, 0x450)))).stdout
    assert shown.endswith("  and 44 more, all of them with --json\n")


def test_warnings_are_told_to_a_person_on_stderr(call: Linksms) -> None:
    done = call("segments", "Hej\u00a0du " * 12)
    assert done.stderr == (
        "warning: 1 part more because of invisible characters: NO-BREAK SPACE (U+00A0)\n"
    )
    assert " 12x  at 3        → a space\n" in done.stdout


def test_a_warning_breaks_between_words_on_a_terminal_alone(
    call: Linksms, environment: dict[str, str]
) -> None:
    warning = (
        "warning: GRINNING FACE (U+1F600) may not survive: the guide of a sibling\n"
        "interface says that characters above U+FFFF are not supported\n"
    )
    with Terminal(*PROGRAM, "segments", "😀", env=environment) as terminal:
        assert terminal.end() == 0
        assert terminal.seen.endswith(warning)
    assert call("segments", "😀").stderr == warning.replace("sibling\n", "sibling ")


def test_what_comes_from_outside_never_reaches_the_terminal_raw(call: Linksms) -> None:
    text = "\x1b[31mred\x1b[0m\u202etxt\x07\x9b31m’" + "a" * 80
    for words in ([text], ["--explain", text], ["--lines", text], ["--replace", text]):
        shown = call("segments", *words)
        assert not {"\x1b", "\u202e", "\x07", "\x9b"} & set(shown.stdout + shown.stderr)


def test_lines_explained(call: Linksms) -> None:
    shown = call("segments", "--lines", "--explain", "Hej\nHej då").stdout
    bar = "░" * 36
    assert shown == (
        "Line 1: 1 part GSM-7, 3 of 1377 units, 157 left in this part\n\n"
        f"Part 1 of 1   {bar}  3 of 160, 157 left\n  │Hej│\n\n"
        "Line 2: 1 part GSM-7, 6 of 1377 units, 154 left in this part\n\n"
        f"Part 1 of 1   █{bar[1:]}  6 of 160, 154 left\n  │Hej då│\n\n"
    )


def peak(environment: dict[str, str], file: Path) -> int:
    """Judge a file's lines, and tell the most memory that took, in KiB."""
    command = [
        sys.executable,
        "-m",
        "linksms_cli",
        "segments",
        "--lines",
        "--json",
        "-F",
        str(file),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 10
    return used.ru_maxrss


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux alone")
def test_a_file_of_any_length_takes_the_same_memory(
    environment: dict[str, str], tmp_path: Path
) -> None:
    short, long = tmp_path / "short.txt", tmp_path / "long.txt"
    line = "Hej på dig " * 200 + "\n"
    short.write_text(line * 500)
    long.write_text(line * 10_000)
    assert peak(environment, long) - peak(environment, short) < 4_000


def pour(pipe: int) -> None:
    """Write without end, until nobody reads."""
    with suppress(BrokenPipeError):
        while True:
            os.write(pipe, b"Hej\n" * 1000)


def test_a_reader_that_leaves_ends_it_quietly(environment: dict[str, str]) -> None:
    """`yes | linksms segments --lines | head -1` must come to an end."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "linksms_cli", "segments", "--lines", "--json"]
    with subprocess.Popen(
        command, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(reading)
        writer = threading.Thread(target=pour, args=(writing,))
        writer.start()
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        # What was not judged has not passed.
        assert process.wait(timeout=60) == 1
        assert process.stderr.read() == b""
        writer.join(timeout=60)
    os.close(writing)


def test_results_come_while_input_is_open(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "linksms_cli", "segments", "--lines", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        for line in (1, 2):
            process.stdin.write(b"Hej\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["line"] == line
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_it_loads_nothing_heavy(environment: dict[str, str]) -> None:
    modules = loaded(environment, "segments", QUOTES)
    assert "linksms_cli.commands.segments" in modules
    assert heavy(modules) == set()


def test_the_colours_of_a_terminal_go_if_asked(linksms: Linksms) -> None:
    coloured = b"\x1b[31mdown\x1b[0m: db-1\n\x1b]0;title\x07ok\n"
    kept = linksms("segments", "--json", stdin=coloured)
    assert (kept.record["encoding"], len(kept.record["warnings"])) == ("UCS-2", 1)
    assert linksms("segments", "--strip-ansi", stdin=coloured).stderr == ""
    stripped = linksms("segments", "--lines", "--strip-ansi", "--json", stdin=coloured)
    assert [(one["encoding"], one["units"]) for one in stripped.records] == [
        ("GSM-7", 10),
        ("GSM-7", 2),
    ]
