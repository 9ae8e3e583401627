"""Reference for the pieces that byte_bpe cuts a text into before it joins bytes: GPT-2's pattern, run by the package regex.

    pip install regex
    python pretokens.py       # writes pretokens.json next to itself
"""

import json
import pathlib
import random

import regex

PATTERN = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")

texts = [
    "", " ", "  ", "a", " a", "  a", "a ", "a  ", "\n", "\n\n", "a\n\nb", "a \n b", "a\t\tb", " \n", "\n ", "\u00a0a", " \u00a0a", "a\u2003\u2003b",
    "Don't you're I've I'm we'll he'd it's", "'s 'S 'RE ''s '' ' s", "'tis 'twas rock'n'roll o'clock 'll", "x's's",
    "3.14 1,000 ½ Ⅷ ² ٣ 12ab 7th", " 3 a3 3a _3 $3", "Hello, world! (really?) [yes] -- no... \"quoted\"",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.", "¿Dónde está la niña? ¡Aquí!",
    "两个年轻的白人男子在许多灌木丛附近。2024年", "नमस्ते दुनिया", "Cafe\u0301 e\u0301\u0301 \u0301x", "👩\u200d🔬 😀😀 a😀b",
    "İ ǅ ß ﬁ ʰ ª º", "def f(x):\n    return x + 1\n\n\nclass A:\n\tpass\n", "tab\there \r\n windows\r\n\r\n", "\x85a\x0b\x0cb\u2028c\u2029d\u3000e\u1680f\u180eg\u200bh\ufeffi",
    "Ġ Ċ", "a\x00b\x01 \x7f", "trailing   ", "   leading", "a   b    c", "  .  ,  ", "....  ....", "\U0001d518\U0001d52b x\U0001f1e9\U0001f1ea",
]
r = random.Random(1)
alphabet = ["a", "B", "é", "ß", "中", "3", "½", "'", "s", "t", "ll", "re", " ", " ", "  ", "\n", "\t", "\u00a0", ".", ",", "-", "😀", "\u0301"]
texts += ["".join(r.choice(alphabet) for _ in range(r.randrange(1, 25))) for _ in range(120)]
cases = [{"text": t, "pieces": PATTERN.findall(t)} for t in texts]
assert all("".join(c["pieces"]) == c["text"] for c in cases)
with open(pathlib.Path(__file__).with_name("pretokens.json"), "w") as f:
    lines = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases)
    f.write('{"made_with":%s,"cases":[\n%s\n]}\n' % (json.dumps({"regex": regex.__version__}), lines))
