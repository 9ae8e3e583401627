package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
)

// Of longer texts and series the strongest steps are told.
const (
	allSteps  = 40 // that are told one by one
	mostSaid  = 20 // when there are more
	barLength = 10
)

// tell writes texts and series for people, below the columns: each token and each step with its share, in their order.
// Bars have one scale for all.
func (ex *explanation) tell(on *term.Terminal) {
	full := ex.largest()
	for _, t := range ex.texts {
		fmt.Fprintf(on.Out, "\ntext %s\n", t.Column)
		if len(t.Tokens) == 0 {
			fmt.Fprintln(on.Out, "no tokens: the net sees nothing of it")
			continue
		}
		if on.Colored() {
			fmt.Fprintf(on.Out, "%s\n\n", colouredText(t.Tokens, full))
		}
		var rows []said
		for _, s := range t.Tokens {
			name := s.Token
			if strings.TrimSpace(name) == "" {
				name = "(blank)"
			}
			if s.Unknown {
				name += " (unknown)"
			}
			rows = append(rows, said{[]string{fmt.Sprint(s.Step), name}, s.Attribution})
		}
		tellStrongest(on, []string{"step", "token"}, rows, full, "token")
	}
	for _, c := range ex.series {
		if len(c.Steps) == 0 {
			continue
		}
		fmt.Fprintf(on.Out, "\nseries %s\n", c.Channel)
		var rows []said
		for _, s := range c.Steps {
			rows = append(rows, said{[]string{s.Name, output.Figure(s.Value)}, s.Attribution})
		}
		tellStrongest(on, []string{"step", "value"}, rows, full, "step")
	}
}

// said is a line of a table with its share.
type said struct {
	cells []string
	share float64
}

// tellStrongest writes lines with bars, the longest for a share of full, of many lines those with the largest shares.
func tellStrongest(on *term.Terminal, head []string, rows []said, full float64, noun string) {
	n := len(rows)
	if n > allSteps {
		rows = strongestOf(rows)
	}
	t := output.Table{Head: append(head, "attribution", ""), Left: len(head)}
	for _, r := range rows {
		t.Add(append(r.cells, output.Signed(r.share), shareBar(r.share, full))...)
	}
	t.Write(on.Out, on.Bold)
	if left := n - len(rows); left > 0 {
		fmt.Fprintf(on.Out, "%s with smaller contributions (all: --csv FILE, or --json)\n", output.Plural(left, noun))
	}
}

// strongestOf leaves the lines with the largest shares, in their order.
func strongestOf(rows []said) []said {
	places := make([]int, len(rows))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, k int) int { return -cmp.Compare(math.Abs(rows[i].share), math.Abs(rows[k].share)) })
	places = places[:mostSaid]
	slices.Sort(places)
	var list []said
	for _, at := range places {
		list = append(list, rows[at])
	}
	return list
}

// shareBar draws a share as plus or minus signs.
func shareBar(share, full float64) string {
	n := 0
	if full > 0 {
		n = int(math.Round(barLength * math.Abs(share) / full))
	}
	sign := "+"
	if share < 0 {
		sign = "-"
	}
	return strings.Repeat(sign, n) + strings.Repeat(" ", barLength-n)
}

// largest is the largest share of a token or a step.
func (ex *explanation) largest() (full float64) {
	for _, t := range ex.texts {
		for _, s := range t.Tokens {
			full = max(full, math.Abs(s.Attribution))
		}
	}
	for _, c := range ex.series {
		for _, s := range c.Steps {
			full = max(full, math.Abs(s.Attribution))
		}
	}
	return full
}

// Grounds of the terminal's 256 colours, from pale to deep.
var (
	redGrounds  = []int{224, 217, 210, 203, 196}
	blueGrounds = []int{189, 153, 117, 75, 33}
)

// colouredText is a text with its tokens on red where they speak for the answer and on blue where against it, the deeper
// the more.
func colouredText(tokens []tokenShare, full float64) string {
	var b strings.Builder
	for _, s := range tokens {
		if s.blank {
			b.WriteByte(' ')
		}
		grounds := redGrounds
		if s.Attribution < 0 {
			grounds = blueGrounds
		}
		depth := 0.0
		if full > 0 {
			depth = math.Abs(s.Attribution) / full
		}
		text := strings.Map(func(r rune) rune { // no control characters for the terminal
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, s.Token)
		if depth < 0.06 {
			b.WriteString(text)
			continue
		}
		at := min(int(depth*float64(len(grounds))), len(grounds)-1)
		fmt.Fprintf(&b, "\x1b[38;5;16;48;5;%dm%s\x1b[0m", grounds[at], text)
	}
	return b.String()
}
