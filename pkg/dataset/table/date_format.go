package table

import (
	"fmt"
	"strings"

	"dnn/internal/phrase"
)

// dateCodes are the codes of a date format, as in C's strftime and pandas, with the words of a layout that they stand for.
var dateCodes = []struct{ code, word string }{
	{"%Y", "2006"}, {"%B", "January"}, {"%b", "Jan"}, {"%A", "Monday"}, {"%a", "Mon"}, {"%m", "01"}, {"%d", "02"}, {"%y", "06"},
	{"%H", "15"}, {"%I", "03"}, {"%M", "04"}, {"%S", "05"}, {"%p", "PM"}, {"%z", "Z07:00"},
}

// otherWords are words of layouts beyond those of the codes.
var otherWords = []string{"pm", "%p", "-07:00", "%z", "-0700", "%z", "-07", "%z", "1", "%m", "2", "%d", "3", "%I"}

// DateLayouts turns a date format such as "%d/%m/%Y" into the layouts that it stands for.
func DateLayouts(format string) (layouts []string, err error) {
	text := strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(format)
	text = strings.NewReplacer("%S.%f", "%S", "%S,%f", "%S").Replace(text) // decimals of seconds are always read
	pad := !strings.Contains(text, "%-")
	text = strings.ReplaceAll(text, "%-", "%")
	if !strings.Contains(text, "%Y") && !strings.Contains(text, "%y") {
		return nil, fmt.Errorf(`expected codes such as "%%d/%%m/%%Y" or "%%Y-%%m-%%d %%H:%%M", with a year, got %q`, format)
	}
	var b strings.Builder
next:
	for rest := text; rest != ""; {
		if rest[0] != '%' {
			if rest[0] >= '0' && rest[0] <= '9' || rest[0] == '_' {
				return nil, fmt.Errorf("%q cannot stand for itself in a date format", rest[:1])
			}
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		for _, c := range dateCodes {
			if strings.HasPrefix(rest, c.code) {
				b.WriteString(c.word)
				rest = rest[2:]
				continue next
			}
		}
		return nil, fmt.Errorf("unknown code %s in %q; the codes are %%Y %%y %%m %%b %%B %%d %%a %%A %%H %%I %%M %%S %%f %%p %%z", phrase.Quote(rest[:min(2, len(rest))]), format)
	}
	layouts = []string{b.String(), unpadded(b.String())}
	if !pad {
		layouts[0], layouts[1] = layouts[1], layouts[0]
	}
	return alternatives(alternatives(layouts, "PM", "pm"), "Z07:00", "-07:00", "-0700", "-07"), nil
}

// alternatives adds the layouts that have other words in place of one.
func alternatives(layouts []string, word string, others ...string) (list []string) {
	for _, layout := range layouts {
		list = append(list, layout)
		for _, other := range others {
			if strings.Contains(layout, word) {
				list = append(list, strings.Replace(layout, word, other, 1))
			}
		}
	}
	return list
}

// dateFormat is the date format of a layout.
func dateFormat(layout string) string { return toCodes.Replace(layout) }

var toCodes = func() *strings.Replacer {
	var pairs []string
	for _, c := range dateCodes {
		pairs = append(pairs, c.word, c.code)
	}
	return strings.NewReplacer(append(pairs, otherWords...)...)
}()

// TimestampError says why a column holds no timestamps.
type TimestampError struct {
	Row    int32    // the first that is neither a number nor a date like the others
	Forms  []string // or two date formats by which all rows are dates, but different ones
	format string   // the date format that was asked for
}

func (e *TimestampError) Error() string {
	switch {
	case e.Forms != nil:
		return fmt.Sprintf("the dates can be read with the day or the month first; choose with date_format: %q or date_format: %q", e.Forms[0], e.Forms[1])
	case e.format != "":
		return fmt.Sprintf("does not match date_format: %q", e.format)
	}
	return "is neither a number nor a date like the others (date_format says how dates are written)"
}

// in says what is wrong with a column of a table.
func (e *TimestampError) in(t *Table, c *Column) string {
	if e.Forms != nil {
		return fmt.Sprintf("column %q: %s at %s: %v", c.Name, phrase.Quote(c.Field(e.Row)), t.Place(e.Row), e)
	}
	return fmt.Sprintf("%s: column %q: %s %v", t.Place(e.Row), c.Name, phrase.Quote(c.Field(e.Row)), e)
}
