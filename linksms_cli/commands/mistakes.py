"""Command lines with a text that say something else than was meant: recognised, and put right."""

import re
from collections.abc import Sequence
from typing import Any

from linksms_cli.commands import layout
from linksms_cli.errors import UsageError
from linksms_cli.sms.text.decoding import visible

# What other tools call the options of this one; the text has none.
_TEXT = {"--text", "--message", "--msg", "--body", "--content", "-m"}
_OTHER_NAMES = {
    "--to": ("--recipient", "--recipients", "--number", "--phone", "--msisdn", "--destination"),
    "--from": ("--source", "--sender", "--originator"),
}
_LIKE_A_NUMBER = r"\+?[0-9][0-9 ().-]{5,}"


class TextCommand(layout.Command):
    """A command whose one argument is a TEXT: it says what people meant who typed another thing."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what was read as an option's value, or as the text, and is something else."""
        words = _before_two_hyphens(args)
        rest = super().parse_args(ctx, args)
        text = ctx.params[self._text]
        if text is None:
            self._refuse_swallowed(words)
        elif self._lacks_recipients(ctx):
            self._refuse_numbers([text])
        return rest

    def meant(self, ctx: Any, words: Sequence[str], failure: Any) -> UsageError | None:
        """Return what is wrong with words that could not be read, if it can be told."""
        message = failure.format_message()
        if message.startswith("No such option"):
            return self._no_such_option(_before_two_hyphens(words), failure.option_name)
        if not message.startswith("Got unexpected extra argument"):
            return None
        found, more, _ = self.make_parser(ctx).parse_args(list(words))
        texts = [found[self._text], *more]
        if self._short_options().get("-t"):
            self._refuse_numbers(texts)
        quoted = _quoted(" ".join(texts))
        hint = f"Put it in quotes: {quoted}." if len(quoted) <= 80 else "Put it in quotes."
        return UsageError(f"the text must be one argument, and these are {len(texts)}", hint)

    @property
    def _text(self) -> str:
        (argument,) = (one for one in self.params if one.param_type_name == "argument")
        return str(argument.name)

    def _lacks_recipients(self, ctx: Any) -> bool:
        """Return whether this command needs recipients, and no option names any."""
        given = {
            spelling: ctx.params[str(one.name)] for one in self.params for spelling in one.opts
        }
        return "--to" in given and not (given["--to"] or given["--batch"])

    def _no_such_option(self, words: Sequence[str], option: str) -> UsageError | None:
        for word in filter(re.compile(r"-.*\s|-[^a-zA-Z-]|---").match, words):
            # Of `-5 degrees` Typer names the letter that is not an option: -5.
            if word.startswith(option) or (word[1] != "-" and option[1:] in word):
                message = f"{_quoted(word)} begins with a hyphen, so it was read as an option"
                return UsageError(message, _as_text(word))
        if option in _TEXT:
            hint = "The text needs no option: put it last, in quotes."
            return UsageError(f"No such option: {option}", hint)
        known = {spelling for one in self.params for spelling in one.opts}
        for ours, others in _OTHER_NAMES.items():
            if option in others and ours in known:
                return UsageError(f"No such option: {option}", f"Did you mean {ours}?")
        return None

    def _refuse_numbers(self, texts: Sequence[str]) -> None:
        """Refuse recipients that stand where the text does."""
        numbers = [text for text in texts if re.fullmatch(_LIKE_A_NUMBER, text)]
        if numbers:
            options = " ".join(f"-t {_quoted(number)}" for number in numbers[:3])
            message = f"{_quoted(numbers[0])} was read as the text, and looks like a recipient"
            raise UsageError(message, f"Give each recipient with -t: {options}.")

    def _refuse_swallowed(self, words: Sequence[str]) -> None:
        """Refuse a sentence that begins with an option's letter: -f would take "-fine today".

        Nobody writes an option so: with its letter and several words in one pair of quotes.
        """
        options = self._short_options()
        for word in words:
            letter, value = word[:2], word[2:]
            if options.get(letter) and re.search(r"[a-zA-Z].*\s|\s.*[a-zA-Z]", value):
                message = f"{_quoted(word)} was read as {letter} with the value {_quoted(value)}"
                raise UsageError(message, f"{_as_text(word)} If not: {letter} {_quoted(value)}.")

    def _short_options(self) -> dict[str, bool]:
        """Return the options of one letter, each with whether it takes a value of words."""
        options: list[Any] = [one for one in self.params if one.param_type_name == "option"]
        return {
            # A path may well have blanks in it.
            spelling: not option.is_flag and option.metavar != "PATH"
            for option in options
            for spelling in option.opts
            if len(spelling) == 2
        }


def _before_two_hyphens(words: Sequence[str]) -> list[str]:
    return list(words[: words.index("--")] if "--" in words else words)


def _as_text(word: str) -> str:
    return f"If it is the text, put it last, after two hyphens (-- {_quoted(word)}), or pipe it in."


def _quoted(text: str) -> str:
    import shlex  # only what is wrong is quoted

    shown = visible(text)
    return shlex.quote(shown if len(shown) <= 60 else f"{shown[:59]}…")
