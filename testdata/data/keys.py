"""keys.csv: the words of words.csv as a camera might see them typed, one key for each frame.

A key is held for two to four frames, between keys there are up to two frames without one ("."), at least one between
equal keys, and one frame of sixteen shows a key that lies next to the right one. Run it in this folder.
"""
import csv
import random

ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
NEXT = {}
for r, row in enumerate(ROWS):
    for i, key in enumerate(row):
        NEXT[key] = [ROWS[y][x] for y in (r - 1, r, r + 1) for x in (i - 1, i, i + 1)
                     if 0 <= y < len(ROWS) and 0 <= x < len(ROWS[y]) and ROWS[y][x] != key]


def frames(draw, word):
    text = "." * draw.randint(0, 2)
    for i, key in enumerate(word):
        pause = draw.randint(0, 2)
        if i > 0 and word[i - 1] == key:
            pause = max(1, pause)
        text += "." * pause * (i > 0)
        for _ in range(draw.randint(2, 4)):
            text += draw.choice(NEXT[key]) if draw.random() < 1 / 16 else key
    return text + "." * draw.randint(0, 2)


def main():
    draw = random.Random(1)
    with open("words.csv", encoding="utf-8") as f:
        words = sorted({row["word"] for row in csv.DictReader(f)})
    words = [w for w in words if all(c in NEXT for c in w)]
    draw.shuffle(words)
    with open("keys.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["keys", "word"])
        for word in words:
            out.writerow([frames(draw, word), word])


if __name__ == "__main__":
    main()
