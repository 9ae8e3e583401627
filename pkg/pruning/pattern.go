package pruning

import (
	"fmt"
	"regexp"
	"strconv"

	"dnn/pkg/spec"
)

// Pattern keeps N of M weights; the zero value is none.
//
// Source: Mishra et al. 2021, "Accelerating sparse deep neural networks", section 4.
type Pattern struct{ N, M int }

// longest is the largest M.
const longest = 64

var patternForm = regexp.MustCompile(`^(\d{1,4}):(\d{1,4})$`)

// UnmarshalSpec reads n:m.
func (t *Pattern) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	text, _ := n.Scalar()
	parts := patternForm.FindStringSubmatch(text)
	if parts == nil {
		p.Add(n.Path, `expects n:m, such as "2:4", got %q`, text)
		return
	}
	t.N, _ = strconv.Atoi(parts[1])
	t.M, _ = strconv.Atoi(parts[2])
	switch {
	case t.N == 0:
		p.Add(n.Path, "%v prunes all weights away, and nothing is left to compute with; take 1:%d or more", t, max(2, t.M))
	case t.N >= t.M || t.M > longest:
		p.Add(n.Path, "%v: n must be less than m, and m at most %d", t, longest)
	}
}

// MarshalSpec writes the pattern as it was given; nil where there is none.
func (t Pattern) MarshalSpec() any {
	if t.M == 0 {
		return nil
	}
	return t.String()
}

// DescribeSpec says what a pattern looks like.
func (*Pattern) DescribeSpec() string { return "n:m" }

func (t Pattern) String() string { return fmt.Sprintf("%d:%d", t.N, t.M) }
