"""Makes words.csv from the vocabularies of the Snowball stemmers.

    python words.py snowball_english.tsv snowball_spanish.tsv    # writes words.csv beside itself

The files have the columns word and stem, by tabs: voc.txt and output.txt of each language side by side, from
https://github.com/snowballstem/snowball-data. A thousand words of each language are drawn whose stem is what they begin
with (accents apart), and that the other language does not have. The column parts has a letter for each of the word: s for
the stem, e for the ending.
"""

import pathlib
import random
import sys
import unicodedata


def bare(word):
    """The word without its accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def read(path):
    words = {}
    for line in pathlib.Path(path).read_text("utf-8").splitlines()[1:]:
        word, stem = line.split("\t")
        word = unicodedata.normalize("NFC", word)
        if word.isalpha() and 4 <= len(word) <= 16 and bare(word).startswith(bare(stem)):
            words[word] = "s" * len(stem) + "e" * (len(word) - len(stem))
    return words


languages = {"english": read(sys.argv[1]), "spanish": read(sys.argv[2])}
rng = random.Random(1)
rows = []
for name, words in languages.items():
    others = set().union(*(w for n, w in languages.items() if n != name))
    rows += [(w, name, words[w]) for w in rng.sample(sorted(set(words) - others), 1000)]
rows.sort()
lines = ["word,language,parts"] + [",".join(r) for r in rows]
pathlib.Path(__file__).with_name("words.csv").write_text("\n".join(lines) + "\n", "utf-8")
