"""How fast texts are counted: many short ones, and long ones."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.turns import (
    ENVIRONMENT,
    LINKSMS,
    PATIENCE,
    Run,
    compared,
    seconds,
    take_turns,
)

RIVALS = ("smsutil", "smpplib", "sms-segments-calculator")
ROUNDS = 5

_TEXTS = 200_000
# The command reads them so often, since its start has a part of its own and is to count for little.
_OFTEN = 5
# Of which Node's calculator gets one in so many: it is a hundred times slower.
_SLOWER = 20
# A process that reads the texts, counts a few, then all of them, and prints how long that took.
_PYTHON = """
import json, sys, time
{load}
texts = json.load(open(sys.argv[1], encoding="utf-8"))
for text in texts[:100]:
    {count}
began = time.perf_counter()
for text in texts:
    {count}
print(time.perf_counter() - began)
"""
_NODE = """
const { SegmentedMessage } = require("sms-segments-calculator");
const texts = JSON.parse(require("fs").readFileSync(process.argv[2], "utf-8"));
let parts = 0;
for (const text of texts.slice(0, 100)) parts += new SegmentedMessage(text).segmentsCount;
const began = process.hrtime.bigint();
for (const text of texts) parts += new SegmentedMessage(text).segmentsCount;
console.log(Number(process.hrtime.bigint() - began) / 1e9);
"""
_OURS = {
    "measure": ("from linksms_cli.sms.text.segments import measure", "measure(text)"),
    "assess, with advice": ("from linksms_cli.sms.text.assess import assess", "assess(text)"),
}
_PEERS = {
    "smsutil": ("import smsutil", "smsutil.split(text)"),
    "smpplib": ("from smpplib.gsm import make_parts", "make_parts(text)"),
}
_LATIN = "Hej din beställning är klar att hämta på torget före klockan fem ta med kvitto"
_CYRILLIC = "привет ваш заказ готов код подтверждения спасибо за покупку"
_LONG = {
    "basic": "a",
    "extension": "€",
    "mixed": "Hej på dig, det kostar 100 €. ",
    "quotes": "Don’t forget – it’s “here”. ",
    "Cyrillic": "привет ваш заказ готов ",
    "marks apart": "Cafe\u0301 ",
    "emoji": "😀",
}


def mixed_texts(count: int) -> list[str]:
    """Return short texts as they are sent: most GSM-7, some with €, quotes, emoji, Cyrillic."""
    chance = random.Random(7)
    texts = []
    for _ in range(count):
        kind = chance.random()
        words = _CYRILLIC if kind > 0.95 else _LATIN
        text = " ".join(chance.choices(words.split(), k=chance.randint(3, 30)))
        if 0.70 < kind <= 0.78:
            text += " [100 €]"
        elif 0.78 < kind <= 0.88:
            text = f"“{text}” – it’s ready…"
        elif 0.88 < kind <= 0.95:
            text += " 😀🎉"
        texts.append(text)
    return texts


def measure(run: Run) -> Result:
    """Have the same texts counted by all, in turns, each in a process of its own."""
    texts = mixed_texts(run.scaled(_TEXTS))
    taken = take_turns(_contenders(run, texts), run.rounds)
    figures = [
        Figure(
            name=name,
            samples=[len(texts) / sample for sample in samples],
            unit="/s",
            least=150_000 if name.startswith("segments --lines") else None,
        )
        for name, samples in taken.items()
    ]
    # Time stands to time as the other's rate to ours.
    peers = [name for name in ("smsutil", "smpplib", "sms-segments-calculator") if name in taken]
    goals = [
        Figure(
            name=f"measure / {peer}",
            samples=compared(taken, peer, "measure").samples,
            least=20 if peer == "smsutil" else None,
        )
        for peer in peers
    ]
    return Result(
        title=f"segments: {len(texts):,} texts, {run.rounds} turns each",
        figures=[*figures, *goals, *_long_texts(run)],
        missing=run.rivals.told(*RIVALS),
    )


def _contenders(run: Run, texts: list[str]) -> dict[str, Callable[[], float]]:
    lines, array = run.folder / "texts.txt", run.folder / "texts.json"
    lines.write_text(("\n".join(texts) + "\n") * _OFTEN, encoding="utf-8")
    array.write_text(json.dumps(texts), encoding="utf-8")
    shell = [*LINKSMS, "segments", "--lines", "--json", "-F", str(lines)]
    contenders: dict[str, Callable[[], float]] = {
        "segments --lines --json": lambda: seconds(shell) / _OFTEN
    }
    for interpreter, programs in ((sys.executable, _OURS), (run.rivals.python, _PEERS)):
        for name, (load, count) in programs.items():
            if run.rivals.has(name):
                code = _PYTHON.format(load=load, count=count)
                command = [interpreter, "-c", code, str(array)]
                contenders[name] = partial(_printed, command)
    if run.rivals.has("sms-segments-calculator"):
        script = run.folder / "count.cjs"
        script.write_text(_NODE)
        node = {"NODE_PATH": str(run.rivals.modules)}
        few = run.folder / "few.json"
        few.write_text(json.dumps(texts[::_SLOWER]), encoding="utf-8")
        share = len(texts) / len(texts[::_SLOWER])
        contenders["sms-segments-calculator"] = lambda: (
            share * _printed(["node", str(script), str(few)], node)
        )
    return contenders


def _printed(command: list[str], more: dict[str, str] | None = None) -> float:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT | (more or {}),
        cwd=Path(__file__).parents[3],
        timeout=PATIENCE,
    )
    return float(done.stdout)


def _long_texts(run: Run) -> list[Figure]:
    """Return how much longer twice the text takes: twice as long, if nothing is quadratic."""
    from linksms_cli.sms.text.assess import assess

    def timed(text: str) -> Callable[[], float]:
        def work() -> float:
            import time

            began = time.perf_counter()
            assess(text)
            return time.perf_counter() - began

        return work

    octets = run.scaled(20_000_000)
    figures = []
    for name, unit in _LONG.items():
        half = unit * (octets // 2 // len(unit.encode()) or 1)
        taken = take_turns({"half": timed(half), "all": timed(half * 2)}, max(run.rounds // 2, 1))
        figures.append(
            Figure(
                name=f"{octets / 1e6:g} MB of {name} / half of it",
                samples=compared(taken, "all", "half").samples,
                most=2.6,
            )
        )
    return figures
