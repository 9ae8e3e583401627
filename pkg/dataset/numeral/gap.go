package numeral

import "strings"

// knownGaps are the well-known ones, in small letters.
var knownGaps = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(`? ?? . .. ... - -- --- – — \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref!
		1.#ind -1.#ind 1.#qnan -1.#qnan null none nil undefined missing unknown inf -inf +inf infinity -infinity +infinity`) {
		known[w] = true
	}
	return known
}()

// KnownGap reports whether a word is a well-known one for a missing number.
func KnownGap(word string) bool { return knownGaps[word] || knownGaps[strings.ToLower(word)] }

// knownWordGaps are those of them that hardly mean anything else among words, as none, unknown and - may.
var knownWordGaps = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(`? ?? \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref! null
		1.#ind -1.#ind 1.#qnan -1.#qnan`) {
		known[w] = true
	}
	return known
}()

// longestWordGap is the length of the longest of knownWordGaps.
const longestWordGap = len("-1.#qnan")

// KnownWordGap reports whether a word among words is a well-known one for a missing value.
func KnownWordGap(word string) bool {
	return len(word) <= longestWordGap && (knownWordGaps[word] || knownWordGaps[strings.ToLower(word)])
}
