package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/survey"
)

// target is what the net predicts.
type target struct {
	*survey.Column
	kind     string   // binary, category, labels or number
	positive []string // the words of a binary target that are predicted
	negative []string // and its other words
	log      bool     // it is learned on a logarithmic scale
}

// usualTargets are names that columns to predict often have.
var usualTargets = []string{"target", "class", "label", "y", "classes", "species", "outcome", "diagnosis", "category", "output", "price", "survived", "churn", "income", "quality", "sentiment"}

// name settles the name of the target.
func (d *drafting) nameTarget(t *table.Table, headless bool) error {
	if d.Target != "" {
		if t.Column(d.Target) != nil {
			return nil
		}
		if near := sameButCase(d.Target, t.Header); near != "" {
			return fmt.Errorf("no column %q (did you mean %s?)", d.Target, near)
		}
		text := record.NoColumn(t.Header, d.Target)
		if headless {
			text += "; the file has no header line, so columns have numbers"
		}
		return errors.New(text)
	}
	guess := t.Header[len(t.Header)-1]
	for _, usual := range usualTargets {
		if near := sameButCase(usual, t.Header); near != "" {
			guess = near
			break
		}
	}
	return fmt.Errorf("which column is to be predicted? Name it: --target %s (the columns are: %s)", shell(guess), phrase.List(t.Header))
}

func sameButCase(name string, names []string) string {
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
		return names[i]
	}
	return ""
}

// shell quotes a word for a command line.
func shell(text string) string {
	if word(text) == text && !strings.Contains(text, " ") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

const (
	mostClasses = 20 // different whole numbers that are taken for classes
	rowsOfClass = 10 // rows that each of them must have, on average
)

// newTarget finds out what is to be predicted.
func (d *drafting) newTarget(s *survey.Table) (*target, error) {
	c := s.Target
	t := &target{Column: c}
	filled := s.Rows - c.Gaps
	switch {
	case c.Words == 0:
		return nil, fmt.Errorf("the target %s is empty in all rows: there is nothing to learn", c.Name)
	case c.Words == 1 && c.Gaps > 0:
		return nil, fmt.Errorf("the target %s is %s in %s and a gap in %s: there is nothing to learn (empty fields and words such as NA are gaps; if they are a class, write another word)",
			c.Name, phrase.Quote(mostOf(c)), counted(filled), counted(c.Gaps))
	case c.Words == 1:
		return nil, fmt.Errorf("the target %s is the same in all rows (%s): there is nothing to learn", c.Name, phrase.Quote(mostOf(c)))
	case d.Horizon > 0 && c.Type == "number":
		t.kind = "number"
	case c.Type == "labels":
		t.kind = "labels"
	case c.Words == 2:
		t.kind, t.positive = "binary", []string{column.Positive(c.Counts)}
		t.negative = slices.DeleteFunc(byCount(c), func(w string) bool { return slices.Contains(t.positive, w) })
	case c.OddNumbers() != "":
		return nil, fmt.Errorf("the target %s holds %s", c.Name, c.OddNumbers())
	case c.Type == "number" && (!c.Numbers.Whole || c.Words > mostClasses || c.Words*rowsOfClass > filled):
		t.kind = "number"
		t.log = c.Numbers.Positive() && c.Numbers.Skew > logSkew
	case c.Type == "text" || c.Words*2 > filled:
		return nil, fmt.Errorf("the target %s has %s different words in %s: they are texts or names, not classes; --target names another column, docs/text.md shows nets that write texts",
			c.Name, phrase.Thousands(c.Words), counted(filled))
	default:
		t.kind = "category"
	}
	if t.kind == "binary" || t.kind == "category" {
		t.doubt(d)
	}
	if c.Gaps > 0 {
		d.see("%s without %s %s left out", counted(c.Gaps), c.Name, phrase.IsAre(c.Gaps))
	}
	return t, nil
}

// classed reports whether each row is of one class.
func (t *target) classed() bool { return t.kind == "binary" || t.kind == "category" }

// doubt warns of classes that differ only in case, and of those that may be gaps.
func (t *target) doubt(d *drafting) {
	if same := column.SameButCase(byCount(t.Column)); len(same) > 0 {
		d.warn("%s", column.CaseWarning(t.Name, same))
	}
	if gaps := slices.DeleteFunc(byCount(t.Column), func(w string) bool { return !numeral.KnownGap(w) }); len(gaps) > 0 && t.kind == "category" {
		d.warn("%s %s read as a class of %s; if it means that the class is not known, name it in missing_values", phrase.Few(gaps), phrase.IsAre(len(gaps)), t.Name)
	}
}

func mostOf(c *survey.Column) string {
	list := byCount(c)
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// byCount lists the words of a column, the most frequent first.
func byCount(c *survey.Column) []string {
	var list []string
	for w := range c.Counts {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b string) int {
		if d := c.Counts[b] - c.Counts[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return list
}

// counts lists the most frequent words of a column with their rows.
func counts(c *survey.Column, most int) string {
	list := byCount(c)
	var parts []string
	for _, w := range list[:min(most, len(list))] {
		parts = append(parts, fmt.Sprintf("%s × %s", phrase.Thousands(c.Counts[w]), clipped(w)))
	}
	if rest := len(list) - most; rest > 0 {
		parts = append(parts, fmt.Sprintf("%d more", rest))
	}
	return strings.Join(parts, ", ")
}

// clipped cuts a long word.
func clipped(w string) string {
	if r := []rune(w); len(r) > 24 {
		return string(r[:23]) + "…"
	}
	return w
}

// unseenLabels matches the labels of official splits that the training split lacks with those that differ in a final point only,
// as in the census data of UCI.
func (t *target) unseenLabels(others map[string]*table.Table) (unseen []string) {
	for _, other := range others {
		c := other.Column(t.Name)
		if c == nil {
			continue
		}
		for row := range int32(other.Rows) {
			w := c.Field(row)
			if w == "" || t.Counts[w] > 0 || slices.Contains(unseen, w) || slices.Contains(t.positive, w) {
				continue
			}
			if same := strings.TrimRight(w, ". "); t.kind == "binary" && t.Counts[same] > 0 {
				if slices.Contains(t.positive, same) {
					t.positive = append(t.positive, w)
				} else if !slices.Contains(t.negative, w) {
					t.negative = append(t.negative, w)
				}
				continue
			}
			unseen = append(unseen, w)
		}
	}
	return unseen
}

// setting is the target as the spec names it.
func (t *target) setting() (text, comment string) {
	name := word(t.Name)
	switch t.kind {
	case "binary":
		negative := ""
		if len(t.negative) > 1 {
			negative = ", negative: [" + words(t.negative) + "]"
		}
		return fmt.Sprintf("target: {column: %s, type: binary, positive: [%s]%s}", name, words(t.positive), negative), counts(t.Column, 2)
	case "category":
		comment = fmt.Sprintf("%d classes: %s", t.Words, counts(t.Column, 3))
		if t.Type == "number" {
			comment += "; if they are amounts, type: number"
		}
		return fmt.Sprintf("target: {column: %s, type: category}", name), comment
	}
	if t.kind == "labels" {
		return fmt.Sprintf("target: {column: %s, type: labels%s}", name, separatorOf(t.Column)), "any of several labels; " + counts(t.Column, 3)
	}
	normalize := "zscore"
	if t.log {
		normalize = "log_zscore"
	}
	return fmt.Sprintf("target: {column: %s, type: number, normalize: %s}", name, normalize), rangeOf(t.Column) + "; scores are in its unit"
}

// rangeOf tells the range of a column of numbers.
func rangeOf(c *survey.Column) string {
	text := fmt.Sprintf("%s to %s", phrase.Number(c.Numbers.Low), phrase.Number(c.Numbers.High))
	if c.Gaps > 0 {
		text += ", " + phrase.Count(c.Gaps, "gap")
	}
	return text
}
