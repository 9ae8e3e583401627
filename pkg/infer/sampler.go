package infer

import (
	"cmp"
	"math"
	"slices"

	"dnn/internal/exact"
	"dnn/internal/random"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/layers"
)

// Sampling says how tokens are drawn.
type Sampling struct {
	// Temperature divides the log probabilities; 0 takes the most probable token.
	Temperature float64
	// TopK leaves only the K most probable tokens to draw from; 0 leaves all.
	TopK int
	// TopP leaves only the most probable tokens that have together at least this probability; 1 leaves all.
	TopP float64
	// Repetition multiplies the log probabilities of tokens that are among those that the net still sees; 1 changes nothing.
	Repetition float64
	// Seed decides what is drawn, with the number of the token alone.
	Seed uint64
}

// samplingStream is the stream of random numbers from which tokens are drawn.
const samplingStream = 4 << 32

// Continuation writes behind a text, token by token. One goroutine at a time uses a Continuation.
type Continuation struct {
	d     *Decoder
	how   Sampling
	draws *random.Stream
	seen  []int32 // tokens that the net was given since position 0
	at    int     // their number
	next  []float32
	order []candidate

	// The log probability of the tokens that Read took, and how many they are.
	Sum   float64
	Count int
}

// Continue prepares to continue a text that begins with a token.
func (d *Decoder) Continue(begin int32, how Sampling) (*Continuation, error) {
	b := d.net.Schema.NewBatch(1)
	b.Rows = 1
	if err := d.begin(b, []int{0}, 1); err != nil {
		return nil, err
	}
	c := &Continuation{d: d, how: how, draws: random.New(how.Seed, samplingStream)}
	return c, c.take(begin)
}

// take gives the net a token.
func (c *Continuation) take(token int32) error {
	if c.at == c.d.max-1 && c.slides() {
		if err := c.slide(); err != nil {
			return err
		}
	}
	out, err := c.d.next([]int32{token}, c.at)
	if err != nil {
		return err
	}
	c.seen = append(c.seen, token)
	c.at++
	c.next = out
	return nil
}

// slides reports whether the net can see so many tokens only: what it keeps has places, or it is given all of them anew.
func (c *Continuation) slides() bool {
	return !c.d.keeps || c.d.program.HasFeed(layers.FeedPosition)
}

// slide lets the net forget the first half of what it sees.
func (c *Continuation) slide() error {
	kept := slices.Clone(c.seen[len(c.seen)-c.half():])
	if err := c.d.begin(c.d.batch, []int{0}, 1); err != nil {
		return err
	}
	c.seen, c.at = c.seen[:0], 0
	return c.takeAll(kept)
}

// half is half of what the net sees, and how many tokens it takes at once where that pays.
func (c *Continuation) half() int { return max(1, (c.d.max-1)/2) }

// takeAll gives the net several tokens, half of what it sees at once where it keeps what it needs.
func (c *Continuation) takeAll(tokens []int32) error {
	for n := c.half(); c.d.keeps && len(tokens) >= n && n > 1; tokens = tokens[n:] {
		if c.at+n > c.d.max-1 && c.slides() {
			break
		}
		out, err := c.d.take(tokens[:n], c.at)
		if err != nil {
			return err
		}
		c.seen, c.next, c.at = append(c.seen, tokens[:n]...), out, c.at+n
	}
	for _, t := range tokens {
		if err := c.take(t); err != nil {
			return err
		}
	}
	return nil
}

// Read takes the tokens of a text, whose probabilities it adds up where they are asked for.
func (c *Continuation) Read(tokens []uint32, count bool) error {
	if !count {
		list := make([]int32, len(tokens))
		for i, t := range tokens {
			list[i] = int32(t)
		}
		if c.d.keeps && c.slides() && len(list) > c.d.max-2 { // the net forgets what is before
			list = list[len(list)-c.half():]
		}
		return c.takeAll(list)
	}
	for _, t := range tokens {
		if int(t) < len(c.next) {
			c.Sum += float64(c.next[t])
			c.Count++
		}
		if err := c.take(int32(t)); err != nil {
			return err
		}
	}
	return nil
}

// Next draws the next token and takes it. A token that ends texts is taken too: what follows begins anew.
func (c *Continuation) Next() (int32, error) {
	token := c.draw()
	return token, c.take(token)
}

// draw draws a token.
func (c *Continuation) draw() int32 {
	recent := map[int32]bool{}
	if c.how.Repetition != 1 {
		for _, t := range c.seen {
			recent[t] = true
		}
	}
	c.order = c.order[:0]
	for t, p := range c.next {
		token, x := int32(t), float64(p)
		if token == tokenizer.Padding || token == tokenizer.Unknown {
			continue
		}
		if recent[token] {
			x *= c.how.Repetition // log probabilities are negative
		}
		c.order = append(c.order, candidate{token: token, sum: x})
	}
	slices.SortFunc(c.order, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.token, b.token)) })
	if c.how.Temperature == 0 {
		return c.order[0].token
	}
	left := c.order
	if k := c.how.TopK; k > 0 && k < len(left) {
		left = left[:k]
	}
	total, highest := 0.0, left[0].sum
	for i := range left {
		left[i].sum = exact.Exp((left[i].sum - highest) / c.how.Temperature)
		total += left[i].sum
	}
	if p := c.how.TopP; p > 0 && p < 1 {
		left, total = nucleus(left, p*total)
	}
	u := c.draws.Uniform() * total
	for i := range left {
		if u -= left[i].sum; u < 0 {
			return left[i].token
		}
	}
	return left[len(left)-1].token
}

// nucleus are the first candidates whose probabilities reach a share of all, and the sum of those.
//
// Source: Holtzman et al. 2020, "The curious case of neural text degeneration", section 3.1.
func nucleus(list []candidate, share float64) (left []candidate, sum float64) {
	for i := range list {
		if sum += list[i].sum; sum >= share {
			return list[:i+1], sum
		}
	}
	return list, sum
}

// Perplexity is that of the tokens that Read took.
func (c *Continuation) Perplexity() float64 { return math.Exp(-c.Sum / float64(c.Count)) }
