package draft

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// page is a part of a spec: lines with comments, which stand below one another.
type page []line

type line struct {
	indent        int
	text, comment string
}

// add adds a line.
func (p *page) add(text string, args ...any) *line {
	return p.in(0, text, args...)
}

// in adds a line below another.
func (p *page) in(indent int, text string, args ...any) *line {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	*p = append(*p, line{indent: indent, text: text})
	return &(*p)[len(*p)-1]
}

// note adds a comment to a line.
func (l *line) note(text string, args ...any) {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	l.comment = strings.Join(strings.Fields(text), " ")
}

// remark adds a line that is a comment only.
func (p *page) remark(indent int, text string, args ...any) {
	l := p.in(indent, "")
	l.note(text, args...)
}

const (
	commentColumn = 54  // where comments begin, if the line is not longer
	widest        = 120 // columns of a line
)

// text writes the lines, indented by that many spaces more.
func (p page) text(indent int) string {
	var b strings.Builder
	for _, l := range p {
		text := strings.Repeat(" ", indent+l.indent) + l.text
		switch {
		case l.comment == "":
		case l.text == "":
			text += "# " + l.comment
		case max(commentColumn, utf8.RuneCountInString(text)+2)+2+utf8.RuneCountInString(l.comment) > widest:
			text = strings.Repeat(" ", indent+l.indent) + "# " + l.comment + "\n" + text
		default:
			text += strings.Repeat(" ", max(2, commentColumn-utf8.RuneCountInString(text))) + "# " + l.comment
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}

var (
	plain    = regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./ -]*$`)
	reserved = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n|\.|\.inf|\.nan)$`)
)

// word writes a word as YAML, in quotes where it would be read as something else.
func word(text string) string {
	if plain.MatchString(text) && !reserved.MatchString(text) && text == strings.TrimSpace(text) {
		return text
	}
	return strconv.Quote(text)
}

// words writes several, separated by commas.
func words(list []string) string {
	quoted := make([]string, len(list))
	for i, w := range list {
		quoted[i] = word(w)
	}
	return strings.Join(quoted, ", ")
}
