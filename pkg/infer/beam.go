package infer

import (
	"cmp"
	"math"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/model"
)

// Sequence is what a net wrote.
type Sequence struct {
	Tokens []int32
	// Score is its log probability divided by its number of tokens, the end included, to the power of the length penalty.
	Score float64
}

// Search writes a sequence for each of some rows of a batch by beam search: at each step the most probable continuations
// of the unfinished sequences go on, until as many have ended. Rows do not influence one another, nor does how many go together.
//
// Source: Graves 2012, "Sequence transduction with recurrent neural networks", section 2.5; Wu et al. 2016, "Google's neural
// machine translation system", section 7, for the length penalty, here without their constant.
func (d *Decoder) Search(b *dataset.Batch, rows []int, how model.Predict) ([]Sequence, error) {
	beam := max(1, how.Beam)
	if err := d.begin(b, rows, beam); err != nil {
		return nil, err
	}
	width := d.net.Heads[d.head].Width
	end := int32(width - 1)
	all := make([]*search, len(rows))
	for i := range all {
		all[i] = newSearch(beam, end, how)
	}
	tokens, parents := make([]int32, len(rows)*beam), make([]int, len(rows)*beam)
	for i := range tokens {
		tokens[i] = end
	}
	for at := 0; at < d.max; at++ {
		if d.Stop != nil {
			if err := d.Stop(); err != nil {
				return nil, err
			}
		}
		out, err := d.next(tokens, at)
		if err != nil {
			return nil, err
		}
		open, moved := false, false
		for r, s := range all {
			s.advance(out[r*beam*width:(r+1)*beam*width], width, at == d.max-1)
			for i := range beam {
				k := r*beam + i
				tokens[k], parents[k] = end, k
				if i < len(s.live) {
					tokens[k], parents[k] = s.live[i].last, r*beam+s.live[i].parent
				}
				moved = moved || parents[k] != k
			}
			open = open || len(s.live) > 0
		}
		if !open {
			break
		}
		if moved {
			d.follow(parents, at+1)
		}
	}
	list := make([]Sequence, len(rows))
	for i, s := range all {
		list[i] = s.best()
	}
	return list, nil
}

// search is the beam search for one row.
type search struct {
	beam     int
	end      int32
	how      model.Predict
	live     []hypothesis
	finished []Sequence
	picked   []candidate
}

// hypothesis is an unfinished sequence.
type hypothesis struct {
	tokens []int32
	last   int32
	sum    float64 // of log probabilities
	parent int     // its place in the beam a step before
}

// candidate is a continuation of one.
type candidate struct {
	parent int
	token  int32
	sum    float64
}

func newSearch(beam int, end int32, how model.Predict) *search {
	return &search{beam: beam, end: end, how: how, live: []hypothesis{{}}}
}

// advance takes the log probabilities of the next tokens, [beam, classes]. The last step ends all sequences.
func (s *search) advance(out []float32, width int, last bool) {
	s.picked = s.picked[:0]
	for i := range s.live {
		h := &s.live[i]
		banned := s.banned(h.tokens)
		for t, p := range out[i*width : (i+1)*width] {
			token := int32(t)
			if token == tokenizer.Padding || token == tokenizer.Unknown || last && token != s.end || slices.Contains(banned, token) {
				continue
			}
			s.offer(candidate{i, token, h.sum + float64(p)})
		}
	}
	var next []hypothesis
	for rank, c := range s.picked {
		h := &s.live[c.parent]
		if c.token == s.end {
			if rank < s.beam {
				s.finished = append(s.finished, Sequence{h.tokens, c.sum / math.Pow(float64(len(h.tokens)+1), s.how.LengthPenalty)})
			}
			continue
		}
		if len(next) < s.beam {
			next = append(next, hypothesis{append(slices.Clone(h.tokens), c.token), c.token, c.sum, c.parent})
		}
	}
	if s.live = next; len(s.finished) >= s.beam {
		s.live = nil
	}
}

// offer keeps the best candidates, twice as many as the beam: so many go on even if all the first end.
func (s *search) offer(c candidate) {
	most := 2 * s.beam
	if len(s.picked) == most && !better(c, s.picked[most-1]) {
		return
	}
	at, _ := slices.BinarySearchFunc(s.picked, c, func(have, c candidate) int {
		if better(have, c) {
			return -1
		}
		return 1
	})
	if len(s.picked) == most {
		s.picked = s.picked[:most-1]
	}
	s.picked = slices.Insert(s.picked, at, c)
}

// better orders candidates; of equal ones the one that was found first is better.
func better(a, b candidate) bool {
	return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.parent, b.parent), cmp.Compare(a.token, b.token)) < 0
}

// banned lists the tokens that would complete a sequence of NoRepeat tokens which was there before.
func (s *search) banned(tokens []int32) (list []int32) {
	n := s.how.NoRepeat
	if n == 0 || len(tokens) < n {
		return nil
	}
	tail := tokens[len(tokens)-n+1:]
	for i := 0; i+n <= len(tokens); i++ {
		if slices.Equal(tokens[i:i+n-1], tail) {
			list = append(list, tokens[i+n-1])
		}
	}
	return list
}

// best is the finished sequence with the highest score.
func (s *search) best() (best Sequence) {
	for i, f := range s.finished {
		if i == 0 || f.Score > best.Score {
			best = f
		}
	}
	return best
}
