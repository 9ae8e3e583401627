package column

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
)

// Several labels in a field are one word to whoever does not know what stands between them. Fields that list labels differ in how many
// they list, and the labels occur in several fields; that tells them from names such as "Portland, OR".

// separators are those that are looked for.
const separators = "|;,"

// listShare is the share of rows, one in so many, whose fields must list several words.
const listShare = 20

// FindSeparator finds what stands between words where fields list several, and a field that does: "" of lists as JSON, Python and Postgres
// write them, whose brackets tell it. counts are the rows of each field.
func FindSeparator(counts map[string]int) (separator, example string, ok bool) {
	rows, lists := 0, map[string]int{}
	for field, n := range counts {
		rows += n
		if _, list := record.List(field); list {
			lists[field] = n
		}
	}
	if sum(lists)*2 > rows {
		return "", mostFrequent(lists), true
	}
	for _, s := range separators {
		separator = string(s)
		if example = listedBy(counts, separator); example != "" {
			return separator, example, true
		}
	}
	return "", "", false
}

// listedBy is the most frequent field that lists words with a separator between them; "" if fields hardly do: some list one, some
// several, and many of the words are in several fields. Texts and numbers have commas of their own, so words between these begin
// with letters and are fewer than the fields.
func listedBy(counts map[string]int, separator string) string {
	labels, joined, sizes, all := map[string]bool{}, map[string]int{}, map[int]bool{}, 0
	for field, n := range counts {
		size := 0
		for label := range strings.SplitSeq(field, separator) {
			label = strings.TrimSpace(label)
			if first, _ := utf8.DecodeRuneInString(label); label == "" || separator == "," && !unicode.IsLetter(first) {
				return ""
			}
			size, labels[label] = size+1, true
		}
		all += size
		if sizes[size] = true; size > 1 {
			joined[field] = n
		}
	}
	if len(joined) < 2 || len(sizes) < 2 || all*2 < 3*len(labels) || separator == "," && len(labels) >= len(counts) || sum(joined)*listShare < sum(counts) {
		return ""
	}
	return mostFrequent(joined)
}

// sum is how many rows there are in all.
func sum(counts map[string]int) (rows int) {
	for _, n := range counts {
		rows += n
	}
	return rows
}

// warnListed warns of a column of single words whose fields seem to list several. what is "target " or nothing.
func warnListed(f *Fitting, what, name string, counts map[string]int) bool {
	separator, example, ok := FindSeparator(counts)
	if !ok {
		return false
	}
	setting := ""
	if separator != "" && separator != "|" {
		setting = ", separator: " + phrase.Quote(separator)
	}
	f.Warn("%s%s: fields such as %s seem to list several labels, and each is read as one word; {column: %s, type: labels%s} reads the labels", what, name, phrase.Quote(example), name, setting)
	return true
}

// warnSeparator warns of a column of labels in whose fields another separator stands.
func warnSeparator(f *Fitting, what, name, own string, counts map[string]int) {
	if slices.ContainsFunc(keysOf(counts), func(field string) bool { return strings.Contains(field, own) }) {
		return
	}
	if separator, example, ok := FindSeparator(counts); ok && separator != "" {
		f.Warn("%s%s: no field has the separator %s, and fields such as %s seem to list several labels; set separator: %s", what, name, phrase.Quote(own), phrase.Quote(example), phrase.Quote(separator))
	}
}
