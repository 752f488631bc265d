"""How fast texts are counted: against the best Python peer, on one long text, and line by line.

Run it on a quiet machine, from the repository's folder, after `pip install smsutil`, which nothing
but this script needs; without it the peer is named as missing:

    python tests/benchmarks/segments.py [TEXTS]

The long text has 500 bytes for each of the short TEXTS. It prints ratios and rates with the goal
for each. Nothing here is a test: times vary.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

try:
    import smsutil
except ImportError:
    smsutil = None

from linksms_cli.sms.text.assess import assess
from linksms_cli.sms.text.segments import measure

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 5
LONG = COUNT * 500

LATIN = "Hej din beställning är klar att hämta på torget före klockan fem ta med kvitto"
CYRILLIC = "привет ваш заказ готов код подтверждения спасибо за покупку"


def mixed_texts(count: int) -> list[str]:
    """Short texts as they are sent: most GSM-7, some with €, quotes, emoji, another script."""
    chance = random.Random(7)
    texts = []
    for _ in range(count):
        kind = chance.random()
        words = CYRILLIC if kind > 0.95 else LATIN
        text = " ".join(chance.choices(words.split(), k=chance.randint(3, 30)))
        if 0.70 < kind <= 0.78:
            text += " [100 €]"
        elif 0.78 < kind <= 0.88:
            text = f"“{text}” – it’s ready…"
        elif 0.88 < kind <= 0.95:
            text += " 😀🎉"
        texts.append(text)
    return texts


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def against_the_peer(texts: list[str]) -> None:
    """Take turns, and keep the best of each: what disturbs one disturbs the other."""
    peer, ours, judged = [], [], []
    for _ in range(ROUNDS):
        if smsutil:
            peer.append(seconds(lambda: [smsutil.split(text) for text in texts]))
        ours.append(seconds(lambda: [measure(text) for text in texts]))
        judged.append(seconds(lambda: [assess(text) for text in texts]))
    print(f"{len(texts):,} mixed texts")
    if not peer:
        print("  smsutil  is not installed")
        print(f"  measure  {min(ours):7.3f} s")
        print(f"  assess   {min(judged):7.3f} s, with advice")
        return
    print(f"  smsutil  {min(peer):7.3f} s")
    print(f"  measure  {min(ours):7.3f} s   {min(peer) / min(ours):5.1f} x as fast (goal: 10)")
    print(f"  assess   {min(judged):7.3f} s   {min(peer) / min(judged):5.1f} x, with advice")


def on_a_long_text() -> None:
    """Double the length and see that the time doubles."""
    samples = {
        "basic": "a",
        "extension": "€",
        "mixed": "Hej på dig, det kostar 100 €. ",
        "few culprits": "a" * 10_000 + "’",
        "quotes": "Don’t forget – it’s “here”. ",
        "Cyrillic": "привет ваш заказ готов ",
        "ideographs": "".join(map(chr, range(0x4E00, 0x5600))),
        "marks apart": "Cafe\u0301 ",
        "emoji": "😀",
    }
    print(f"one text of {LONG / 1e6:g} MB (UTF-8), goal: linear")
    print(f"  {'':12} measure half, all   assess")
    for name, unit in samples.items():
        times = [long_text(unit, size, measure) for size in (LONG // 2, LONG)]
        judged = long_text(unit, LONG, assess)
        print(f"  {name:12} {times[0]:6.2f} s {times[1]:6.2f} s   {judged:6.2f} s")


def long_text(unit: str, size: int, count: Callable[[str], object]) -> float:
    text = unit * (size // len(unit.encode()))
    return seconds(lambda: count(text))


def run(words: list[str]) -> None:
    command = [sys.executable, "-m", "linksms_cli", *words]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def line_by_line(texts: list[str]) -> None:
    """Run the program on a file, from start to end."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.txt"
        file.write_text("\n".join(texts) + "\n")
        words = ["segments", "--lines", "--json", "-F", str(file)]
        best = min(seconds(lambda: run(words)) for _ in range(ROUNDS))
    print(f"segments --lines --json: {len(texts) / best:,.0f} lines a second (goal: 150,000)")


if __name__ == "__main__":
    texts = mixed_texts(COUNT)
    against_the_peer(texts)
    line_by_line(texts)
    on_a_long_text()
