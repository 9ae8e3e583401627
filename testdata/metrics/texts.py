"""Reference values for the metrics of texts, from sacrebleu, rouge-score and jiwer.

    pip install sacrebleu rouge-score jiwer
    python texts.py           # writes texts.json next to itself

Each case is a list of predictions, each with one or several references, and the values of the metrics by the settings a spec
would hold. jiwer takes one reference, so cases with several have no error rates. "signatures" are what sacrebleu prints.
"""

import importlib.metadata
import json
import pathlib
import random

import jiwer
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

cases = []


def columns(references):
    """sacrebleu takes first references, second references, and so on, None where a row has no more."""
    most = max(len(r) for r in references)
    return [[r[i] if i < len(r) else None for r in references] for i in range(most)]


def add(name, predictions, references):
    references = [[r] if isinstance(r, str) else r for r in references]
    expect, signatures = {}, {}
    for tokenize in "13a", "char", "none":
        for lowercase in False, True:
            bleu = BLEU(tokenize=tokenize, lowercase=lowercase)
            metric = f"{{type: bleu, tokenize: {tokenize}, lowercase: {str(lowercase).lower()}}}"
            expect[metric] = bleu.corpus_score(predictions, columns(references)).score
            signatures[metric] = str(bleu.get_signature())
    for lowercase in False, True:
        chrf = CHRF(lowercase=lowercase)
        metric = f"{{type: chrf, lowercase: {str(lowercase).lower()}}}"
        expect[metric] = chrf.corpus_score(predictions, columns(references)).score
        signatures[metric] = str(chrf.get_signature())
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])
    scores = [scorer.score_multi(r, p) for p, r in zip(predictions, references)]
    for variant, key in ("1", "rouge1"), ("2", "rouge2"), ("l", "rougeL"):
        expect[f"{{type: rouge, variant: {variant}}}"] = sum(s[key].fmeasure for s in scores) / len(scores)
    if all(len(r) == 1 for r in references):
        meant = [r[0] for r in references]
        expect["word_error_rate"] = expect["phoneme_error_rate"] = jiwer.wer(meant, predictions)
        expect["character_error_rate"] = jiwer.cer(meant, predictions)
    cases.append({"name": name, "predictions": predictions, "references": references, "expect": expect,
                  "signatures": signatures})


def damaged(text, seed, apart=" "):
    """A text with some words left out, repeated, exchanged or in capitals."""
    r = random.Random(seed)
    words = text.split(apart) if apart else list(text)
    out = []
    for w in words:
        x = r.random()
        if x < 0.08:
            continue
        if x < 0.14:
            w = w.upper()
        elif x < 0.2:
            w = r.choice(words)
        out += [w, w] if x > 0.96 else [w]
    if r.random() < 0.5 and len(out) > 2:
        i = r.randrange(len(out) - 1)
        out[i], out[i + 1] = out[i + 1], out[i]
    return apart.join(out)


english = [
    "Two young, white males are outside near many bushes.",
    "Several men in hard hats are operating a giant pulley system.",
    "A little girl climbing into a wooden playhouse.",
    "A man in a blue shirt is standing on a ladder cleaning a window.",
    "\"Don't stop!\" she said; it's 3.5 km (2.2 miles) to go - at 10-15 km/h, i.e. 1,000 m in 5 minutes.",
    "The U.S. economy grew by 2.4%, to $1,234,567.89, in Q3-2019.",
]
german = [
    "Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche.",
    "Mehrere Männer mit Schutzhelmen bedienen ein Antriebsradsystem.",
    "Ein kleines Mädchen klettert in ein Spielhaus aus Holz.",
    "Größe und Straße: 1.234,56 € kostet's, sagte Frau Müller-Lüdenscheidt.",
]
spanish = [
    "¿Dónde está la niña? ¡Aquí, en el jardín!",
    "El señor Núñez compró 3,5 kg de jamón por 40,20 €.",
    "En el principio creó Dios los cielos y la tierra.",
]
chinese = ["两个年轻的白人男子在许多灌木丛附近。", "一个小女孩爬进木制玩具屋。", "他说:“今天是2024年3月5日。”"]

for name, texts, apart in ("English", english, " "), ("German", german, " "), ("Spanish", spanish, " "), ("Chinese", chinese, ""):
    add(name, [damaged(t, i, apart) for i, t in enumerate(texts)], texts)
    add(name + ", perfect", texts, texts)
    add(name + ", one text", [damaged(texts[0], 9, apart)], texts[:1])
everything = english + german + spanish + chinese
add("all languages", [damaged(t, 100 + i) for i, t in enumerate(everything)], everything)
add("two references", [damaged(t, 200 + i) for i, t in enumerate(english)],
    [[t, damaged(t, 300 + i)] for i, t in enumerate(english)])
add("one to three references", [damaged(t, 400 + i) for i, t in enumerate(english)],
    [[t, damaged(t, 500 + i), damaged(t, 600 + i)][: 1 + i % 3] for i, t in enumerate(english)])
add("as long and shorter", ["a b c d e"], [["a b c d e f", "a b c d", "x y z"]])
add("nothing right", ["one two three four five"], ["six seven eight nine ten"])
add("one word", ["yes"], ["yes"])
add("short texts", ["a b", "c d", "e f g"], ["a b", "c x", "e f g"])
add("no run of four", ["a b c x d e f", "g h i y"], ["a b c d e f g", "g h i j"])
add("too short", ["the cat"], ["the cat sat on the mat and slept all day long"])
add("too long", ["the cat sat on the mat and slept all day long, again and again"], ["the cat sat on the mat"])
add("repeated words", ["the the the the the the the"], ["the cat is on the mat"])
add("empty prediction", ["", "the cat sat on the mat"], ["a dog ran through the wood", "the cat sat on the mat"])
add("empty reference", ["a dog ran", "the cat sat on the mat"], ["", "the cat sat on the mat"])
add("only empty predictions", ["", ""], ["a b", "c d e f"])
add("only empty references", ["a b", "c d e f"], ["", ""])
add("all empty", ["", ""], ["", ""])
add("white space", ["  a\tb  c\n\nd \n e\u00a0f\u2003g\x1ch\x85i \n", "a\nb", "x-\ny z-\n", "\n"],
    ["a b c d e f g h i", "a b", "xy z", "z"])
add("entities and markup", ["&quot;A&amp;B&quot; &lt;b&gt; <skipped> &amp;lt; &amp;quot;c"], ['"A&B" <b> &lt; &quot;c'])
add("punctuation", ["a,b.c;d:e!f?g(h)i[j]k{l}m<n>o=p+q*r/s\\t|u~v^w`x_y@z #1 $2 %3 &4", "...", "1.5, 1,5 .5 5. a.5 5.a 1-2 a-2 -3 3-",
                    "e.g. Mr. O'Neil's \u2019quoted\u2019 \u201etext\u201c \u2026 \u2013 \u2014"],
    ["a , b . c ; d : e ! f ? g ( h ) i [ j ] k { l } m < n > o = p + q * r / s \\ t | u ~ v ^ w ` x _ y @ z # 1 $ 2 % 3 & 4", "..",
     "1.5 1,5 0.5 5.0 a.5 5.a 1 - 2 a - 2 -3 3-", "e.g. Mr. O'Neil's 'quoted' \"text\" ... - -"])
add("case", ["THE CAT SAT ON THE MAT", "İSTANBUL'DA ΟΔΥΣΣΕΎΣ ΣΑΣ GROẞ ǅ \u212A"],
    ["the cat sat on the mat", "i̇stanbul'da οδυσσεύς σας groß ǆ k"])
add("combining and astral characters", ["Cafe\u0301 \U0001F600 naïve \U0001D518\U0001D52B", "👩\u200d🔬 x"], ["Café 😀 naive Un", "👩 x"])
add("phonemes", ["HH AH0 L OW1", "W ER1 L D Z"], ["HH AH0 L OW1", "W ER1 L D"])
add("numbers", ["1 2 3 4 5 6 7 8", "1,000 10.5"], ["1 2 3 5 4 6 7 8", "1.000 10,5"])

with open(pathlib.Path(__file__).with_name("texts.json"), "w") as f:
    head = {p: importlib.metadata.version(p) for p in ("sacrebleu", "rouge-score", "jiwer")}
    lines = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases)
    f.write('{"made_with":%s,"cases":[\n%s\n]}\n' % (json.dumps(head), lines))
