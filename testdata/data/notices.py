"""notices.csv: notices of a town, made of sentences with invented names, and the line that says what each is about.

The line takes its words from the notice: what, where, what happens and when. The other sentences only distract. Names of
streets are new in most notices, so that a net does best to copy them. Run it in this folder.
"""
import csv
import random

WHAT = ["library", "swimming pool", "market", "museum", "bakery", "school", "post office", "theatre", "bridge", "cinema"]
HAPPENS = ["closed", "open late", "free of charge", "under repair", "reserved for children", "moved to the town hall"]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
STARTS = ["br", "c", "d", "f", "gl", "h", "k", "l", "m", "n", "p", "r", "st", "t", "v", "w"]
MIDDLES = ["a", "e", "i", "o", "u", "ea", "oa"]
ENDS = ["ck", "dale", "ford", "ll", "m", "n", "rth", "sby", "ston", "wick"]
LEADS = ["Please note that the {what} in {street} street is {happens} on {day}.",
         "On {day} the {what} in {street} street is {happens}.",
         "The council says that on {day} the {what} in {street} street will be {happens}."]
OTHERS = ["Visitors may ask at the {what} for more.", "The way from {street} street takes five minutes.",
          "The mayor thanks all who helped.", "Last {day} was very busy.", "The {what} has its own car park.",
          "Buses go every ten minutes.", "Nothing changes for the {what} in {street} street.", "Bring a ticket and some time."]


def name(draw):
    return draw.choice(STARTS) + draw.choice(MIDDLES) + draw.choice(ENDS)


def notice(draw):
    of = {"what": draw.choice(WHAT), "street": name(draw), "happens": draw.choice(HAPPENS), "day": draw.choice(DAYS)}
    sentences = []
    for _ in range(draw.randint(1, 3)):
        other = {"what": draw.choice(WHAT), "street": name(draw), "day": draw.choice(DAYS)}
        sentences.append(draw.choice(OTHERS).format(**other))
    sentences.insert(draw.randint(0, len(sentences)), draw.choice(LEADS).format(**of))
    return " ".join(sentences), "{what} in {street} street {happens} on {day}".format(**of)


def main():
    draw = random.Random(1)
    with open("notices.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["notice", "line"])
        for _ in range(800):
            out.writerow(notice(draw))


if __name__ == "__main__":
    main()
