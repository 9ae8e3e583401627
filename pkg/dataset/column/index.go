package column

import (
	"fmt"
	"maps"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
)

// index finds the place of a word in a list: as written, by value if all are numbers, or ignoring case if they are true and false.
type index struct {
	words    map[string]uint32
	numbers  map[float64]uint32 // nil if not all are
	booleans map[string]uint32  // in small letters; nil if the words are others
}

func newIndex(words []string) index {
	x := index{words: make(map[string]uint32, len(words)), numbers: map[float64]uint32{}}
	for i, w := range words {
		x.words[w] = uint32(i)
		if x.numbers == nil {
			continue
		}
		number, ok := numeral.Parse(w)
		if !ok {
			x.numbers = nil
		} else if _, twice := x.numbers[number]; !twice {
			x.numbers[number] = uint32(i)
		}
	}
	if Booleans(words) {
		x.booleans = map[string]uint32{}
		for i, w := range words {
			x.booleans[strings.ToLower(w)] = uint32(i)
		}
	}
	return x
}

// Booleans reports whether words are true and false, in whichever letters: pandas writes True into CSV, and Parquet has true.
func Booleans(words []string) bool {
	return len(words) == 2 && (sameBoolean(words[0], "true") && sameBoolean(words[1], "false") || sameBoolean(words[0], "false") && sameBoolean(words[1], "true"))
}

// sameBoolean reports whether two words are both true, or both false.
func sameBoolean(a, b string) bool {
	return strings.EqualFold(a, b) && (strings.EqualFold(a, "true") || strings.EqualFold(a, "false"))
}

// FoldBooleans makes one word of the spellings of true, and one of those of false, if all words are either: True and TRUE. The word is
// the listed one or the most frequent.
func FoldBooleans(counts map[string]int, listed ...string) {
	kept := map[string]string{} // by small letters
	for w, n := range counts {
		if !sameBoolean(w, w) {
			return
		}
		low := strings.ToLower(w)
		if best, ok := kept[low]; !ok || n > counts[best] || n == counts[best] && w < best {
			kept[low] = w
		}
	}
	for _, w := range listed {
		if low := strings.ToLower(w); kept[low] != "" {
			kept[low] = w
		}
	}
	for w, n := range maps.Clone(counts) {
		if to := kept[strings.ToLower(w)]; to != w {
			counts[to] += n
			delete(counts, w)
		}
	}
}

// of returns the place of a word.
func (x *index) of(word string) (at uint32, ok bool) {
	if at, ok = x.words[word]; ok {
		return at, true
	}
	if x.booleans != nil && len(word) <= len("false") {
		at, ok = x.booleans[strings.ToLower(word)]
		return at, ok
	}
	if len(x.numbers) == 0 {
		return 0, false
	}
	number, ok := numeral.Parse(word)
	if !ok {
		return 0, false
	}
	at, ok = x.numbers[number]
	return at, ok
}

// mergeNumbers makes one word of those that write the same number, if all are numbers.
func mergeNumbers(counts map[string]int) {
	for w := range counts {
		if _, ok := numeral.Parse(w); !ok {
			return
		}
	}
	kept := map[string]bool{}
	for _, w := range different(counts) {
		kept[w] = true
	}
	maps.DeleteFunc(counts, func(w string, _ int) bool { return !kept[w] })
}

// SameButCase lists words that differ only in case, those of a kind joined: "Yes" and "yes".
func SameButCase(words []string) (list []string) {
	byFold := map[string][]string{}
	for _, w := range sortWords(words) {
		low := strings.ToLower(w)
		byFold[low] = append(byFold[low], phrase.Quote(w))
	}
	for _, low := range sortWords(keysOf(byFold)) {
		if same := byFold[low]; len(same) > 1 {
			list = append(list, strings.Join(same, " and "))
		}
	}
	return list
}

// warnCase warns of the classes of a target that differ only in case.
func warnCase(f *Fitting, name string, classes []string) {
	if same := SameButCase(classes); len(same) > 0 {
		f.Warn("%s", CaseWarning(name, same))
	}
}

// CaseWarning says that words differ only in case.
func CaseWarning(name string, same []string) string {
	return fmt.Sprintf("%s has classes that differ only in case: %s; write each in one way if they are the same", name, strings.Join(same, "; "))
}
