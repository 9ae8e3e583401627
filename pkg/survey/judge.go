package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/numeral"
)

// fewRows is how many rows a column needs before its words are judged by their frequency.
const fewRows = 20

// oftenEach is how many rows share an id, on average, from which on it is a category rather than a group: a shop, not a patient.
const oftenEach = 50

// judge finds what speaks against a column as an input.
func (c *Column) judge(rows int) {
	filled := rows - c.Gaps
	switch {
	case filled == 0:
		c.fault(Empty, "all fields are empty")
	case rows >= fewRows && c.Gaps*100 > rows*95:
		c.fault(Empty, "%s of %d rows have a field", phrase.Thousands(filled), rows)
	case c.Words == 1 && c.Gaps == 0:
		c.fault(Constant, "%s in each row", phrase.Quote(c.Field(0)))
	case c.Type == "number" && c.Numbers.Whole && filled >= fewRows && c.Words == filled && (namesRows(c.Name) || c.Numbers.High-c.Numbers.Low == float64(filled-1)):
		c.fault(RowNumber, "a different whole number in each row")
	case c.OddNumbers() != "":
		c.fault(Form, "%s", c.OddNumbers())
	case c.Type == "category" && c.all(dates.DateOrTime):
		c.fault(Date, "dates or times such as %s", phrase.Quote(c.first()))
	case c.Type == "category" && filled >= fewRows && c.Words*2 > filled:
		c.fault(Identifier, "%s different words in %s rows: names or ids", phrase.Thousands(c.Words), phrase.Thousands(filled))
	}
}

// OddNumbers says that a column holds numbers in a form that is not read; "" if it does not.
func (c *Column) OddNumbers() string {
	if c.Type != "category" || !c.all(oddNumber) {
		return ""
	}
	return fmt.Sprintf("numbers in a form that is not read, such as %s; decimal: \".\" or decimal: \",\" in dataset may say how, or write them with a point and without signs", phrase.Quote(c.first()))
}

func (c *Column) fault(fault Fault, why string, args ...any) {
	c.Fault, c.Why = fault, fmt.Sprintf(why, args...)
}

// oddNumber is a number with a decimal comma, commas between thousands, a percent sign or a currency.
var oddNumber = regexp.MustCompile(`^[$€£]?[-+]?[0-9][0-9.,' ]*[0-9]?( ?[%€$£])?$`)

// all reports whether nine of ten fields match a pattern and are no plain numbers.
func (c *Column) all(pattern *regexp.Regexp) bool {
	alike, odd, all := 0, 0, 0
	for word, n := range c.Counts {
		all += n
		if _, plain := numeral.Parse(word); plain && pattern == oddNumber {
			alike += n
		} else if pattern.MatchString(word) && (pattern != oddNumber || !dates.DateOrTime.MatchString(word)) {
			alike, odd = alike+n, odd+n
		}
	}
	return odd > 0 && alike*10 >= all*9
}

// first is the first field that is no gap.
func (c *Column) first() string {
	for row := range int32(c.Len()) {
		if field := c.Field(row); field != "" {
			return field
		}
	}
	return ""
}

// namesRows reports whether the name of a column is that of a number of the row.
func namesRows(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains([]string{"id", "index", "instant", "rownames", "row", "no", "nr", "c0", "unnamed: 0"}, name) || namesIDs(name)
}

// namesIDs reports whether the name of a column is that of an id.
func namesIDs(name string) bool {
	low := strings.ToLower(name)
	return low == "id" || strings.HasSuffix(low, "_id") || strings.HasSuffix(low, " id") || len(name) > 3 && strings.HasSuffix(name, "ID") || len(name) > 3 && strings.HasSuffix(name, "Id")
}

// findGroups finds the column of ids that several rows share each.
func (s *Table) findGroups() {
	for _, c := range s.Seen {
		if c != s.Target && c.IsText() && namesIDs(c.Name) && c.Gaps == 0 && c.Words >= 10 && c.Words*3 <= s.Rows*2 && s.Rows <= c.Words*oftenEach {
			s.Groups = c
			c.fault(Identifier, "an id that several rows share")
			return
		}
	}
}
