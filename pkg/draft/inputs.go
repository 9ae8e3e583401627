package draft

import (
	"fmt"
	"path/filepath"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/survey"
)

const (
	logSkew    = 2.0 // skewness from which a column is taken on a logarithmic scale
	fewNumbers = 31  // different whole numbers that may be words: hours, months, grades
	oftenEach  = 50  // rows that each of them has, on average
	oneByOne   = 40  // columns that are listed one by one
)

// isCategory reports whether a column is read as words: numbers too, if they are few and each occurs often.
func isCategory(c *survey.Column, rows int) bool {
	if c.Type != "number" {
		return true
	}
	if c.Numbers.Low >= 1900 && c.Numbers.High <= 2100 { // years: new ones are to come
		return false
	}
	return c.Numbers.Whole && c.Words > 2 && c.Words <= fewNumbers && c.Words*oftenEach <= rows-c.Gaps
}

// kindOf is the type of an input and its settings.
func kindOf(c *survey.Column, rows int) string {
	switch n := c.Numbers; {
	case c.Type == "binary":
		return "type: binary"
	case c.Type == "labels":
		return "type: labels" + separatorOf(c)
	case isCategory(c, rows):
		return "type: category"
	case n.Skew > logSkew && n.Positive():
		return "type: number, normalize: log_zscore"
	default:
		return "type: number"
	}
}

// separatorOf is the setting for what stands between the labels of a column; "" where that is as usual.
func separatorOf(c *survey.Column) string {
	if c.Separator == "" || c.Separator == "|" {
		return ""
	}
	return fmt.Sprintf(", separator: %q", c.Separator)
}

// remarkOf tells what a column holds.
func remarkOf(c *survey.Column, rows int) string {
	if c.Type == "number" && !isCategory(c, rows) {
		return rangeOf(c)
	}
	text := counts(c, 3)
	if c.Gaps > 0 {
		text += ", " + phrase.Count(c.Gaps, "gap")
	}
	return text
}

// flatInputs lists columns of numbers and words: one by one if they are few, or those of a type together.
func (d *tabular) flatInputs(list []*survey.Column) {
	s := d.seen
	if len(list) <= oneByOne {
		for _, c := range list {
			d.dataset.in(2, "- {column: %s, %s}", word(c.Name), kindOf(c, s.Rows)).note("%s", remarkOf(c, s.Rows))
		}
		return
	}
	var kinds []string
	byKind := map[string][]*survey.Column{}
	for _, c := range list {
		kind := kindOf(c, s.Rows)
		if byKind[kind] == nil {
			kinds = append(kinds, kind)
		}
		byKind[kind] = append(byKind[kind], c)
	}
	for i, kind := range kinds {
		columns := byKind[kind]
		name := fmt.Sprintf("columns_%d", i+1)
		if pattern := globOf(columns, s); pattern != "" {
			d.dataset.in(2, "- {name: %s, columns: %q, %s}", name, pattern, kind).note("%s", phrase.Count(len(columns), "column"))
			continue
		}
		d.dataset.in(2, "- name: %s", name).note("%s", phrase.Count(len(columns), "column"))
		d.dataset.wrapped(4, "columns", columns)
		for _, setting := range strings.Split(kind, ", ") {
			d.dataset.in(4, "%s", setting)
		}
	}
}

// patternOf is the pattern that a name alone matches.
func patternOf(name string) string {
	if rest, ok := strings.CutPrefix(name, "!"); ok {
		return "[!]" + literal.Replace(rest)
	}
	return literal.Replace(name)
}

var literal = strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]", `\`, `[\\]`)

// wrapped lists columns in lines that are not too wide.
func (p *page) wrapped(indent int, key string, columns []*survey.Column) {
	text := key + ": ["
	for i, c := range columns {
		one := word(patternOf(c.Name))
		if i < len(columns)-1 {
			one += ","
		}
		if len(text)+len(one)+indent+4 > widest {
			p.in(indent, "%s", strings.TrimRight(text, " "))
			text = strings.Repeat(" ", len(key)+3)
		}
		text += one + " "
	}
	p.in(indent, "%s]", strings.TrimRight(text, " "))
}

// globOf is a glob that matches these columns and no other but the target; "" if their names have no beginning in common.
func globOf(columns []*survey.Column, s *survey.Table) string {
	pattern := columns[0].Name
	for _, c := range columns {
		for !strings.HasPrefix(c.Name, pattern) {
			pattern = pattern[:len(pattern)-1]
		}
	}
	pattern = strings.TrimRight(pattern, "0123456789")
	if pattern == "" || strings.ContainsAny(pattern, `*?[\!`) {
		return ""
	}
	pattern += "*"
	matched := 0
	for _, c := range s.Seen {
		if ok, _ := filepath.Match(pattern, c.Name); ok && c != s.Target {
			matched++
		}
	}
	if matched != len(columns) {
		return ""
	}
	return pattern
}
