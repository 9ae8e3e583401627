package layers

import (
	"fmt"
	"strings"

	"dnn/pkg/spec"
)

// A joined is the layer that made one list of numbers of rows with several axes. A layer behind it that expects those
// axes names it in its message.
type joined struct {
	path, kind string
	layer      Layer
	steps      bool // the rows were sequences [steps, features]
}

// join notes in out the layer that joined its axes: the entry, which was built from in, or one before or within it.
func (s *scope) join(i int, path string, in []Signal, out *Signal) {
	switch {
	case out.Value.Shape.Rank() != 2:
		out.joined = nil
	case out.joined != nil || len(in) == 0: // it is kept, or was noted within a block
	case in[0].Value.Shape.Rank() > 2:
		kind := s.entries[i].Kind
		out.joined = &joined{path, spec.KeyOf(kind), kind, in[0].Value.Shape.Rank() == 3}
	default:
		out.joined = in[0].joined
	}
}

// hint says how to keep the axes; "" when nothing joined them.
func (j *joined) hint() string {
	if j == nil {
		return ""
	}
	before := fmt.Sprintf("; %s (%s)", j.path, j.kind)
	axes := "its axes"
	if j.steps {
		axes = "its steps"
	}
	switch j.layer.(type) {
	case interface{ lastAlone() bool }:
		return before + " gives its last state alone: sequences: true there keeps the steps"
	case *Flatten:
		return fmt.Sprintf("%s took %s away: leave it out, or put it behind this layer", before, axes)
	case *Reshape:
		return fmt.Sprintf("%s made one list of %s", before, axes)
	default:
		return fmt.Sprintf("%s made one vector of %s: leave it out, or put it behind this layer", before, axes)
	}
}

// lastAlone reports whether a recurrent layer gives its last state and not all steps.
func (l *Recurrent) lastAlone() bool { return !l.Sequences }

// GivesSteps reports whether a layer is recurrent and gives all of its steps.
func GivesSteps(l Layer) bool {
	r, ok := l.(interface{ lastAlone() bool })
	return ok && !r.lastAlone()
}

// LastStateOf is the path of the recurrent layer whose last state alone the signal was made from; "" where it was made from
// something else.
func (s Signal) LastStateOf() string {
	if s.joined != nil {
		if r, ok := s.joined.layer.(interface{ lastAlone() bool }); ok && r.lastAlone() {
			return s.joined.path
		}
	}
	return ""
}

// twin is the kind that does along other axes what a kind does, conv1d for conv2d; conv1d or conv2d where there is none.
func twin(kind, from, to string) string {
	other := strings.Replace(kind, from, to, 1)
	if _, ok := Registry.Get(other); ok && other != kind {
		return other
	}
	return "conv" + to
}

// fitMeant lets the kind that is suggested for an unknown one be that of the axes of its input: max_pool1d of a sequence,
// not max_pool2d, unless the word itself has a number.
func (s *scope) fitMeant(path string, in []Signal) {
	if len(in) == 0 || in[0].unknown != certain {
		return
	}
	axes := fmt.Sprintf("%dd", in[0].Shape().Rank()-1)
	for _, at := range []string{path, path + ".type"} {
		s.net.problems.Suggest(at, func(word, meant string) string {
			kind, forImages := strings.CutSuffix(meant, "2d")
			if _, ok := Registry.Get(kind + axes); ok && forImages && !strings.ContainsAny(word, "0123456789") {
				return kind + axes
			}
			return meant
		})
	}
}
