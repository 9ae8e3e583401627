package infer

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// Decoder writes the sequences of a head that generates them: it keeps what the net makes of the input, and asks it for the
// probabilities of one step after the other. Layers keep their states, keys and values from step to step where they can; else
// all steps so far are computed again. One goroutine at a time uses a Decoder, its state and its pool.
type Decoder struct {
	net   *model.Network
	state *exec.State
	pool  *exec.Pool
	head  int
	max   int  // steps of a sequence, with the one that begins it
	keeps bool // layers keep what they need from step to step

	// Stop, where it is not nil, is asked before each step of a Search, which ends with its error.
	Stop func() error

	encode, step map[decodeKey]*model.Program
	spare        []float32
	running
}

// running is what a Decoder writes at the moment.
type running struct {
	batch   *dataset.Batch
	rows    []int // of the batch, which are decoded together
	copies  int   // of each row: unfinished sequences
	shape   model.BatchShape
	program *model.Program // that ran last
	size    int            // steps that it takes
	prefix  [][]int32      // by sequence, where nothing is kept
}

// decodeKey is what a program of a Decoder is compiled for.
type decodeKey struct {
	shape model.BatchShape
	chunk model.Chunk
}

// NewDecoder prepares to write the sequences of head k, of at most so many tokens; the spec's number where it is 0.
func NewDecoder(net *model.Network, state *exec.State, pool *exec.Pool, k, tokens int) (*Decoder, error) {
	h := &net.Heads[k]
	if !h.Generated() {
		return nil, fmt.Errorf("the target %s is no text that the net writes", h.Name)
	}
	if tokens == 0 {
		tokens = h.Axis.Steps - 1
	}
	d := &Decoder{net: net, state: state, pool: pool, head: k, max: tokens + 1, encode: map[decodeKey]*model.Program{}, step: map[decodeKey]*model.Program{}}
	var err error
	d.keeps, err = d.probe()
	return d, err
}

// begin prepares to write sequences for some rows of a batch, so many for each.
func (d *Decoder) begin(b *dataset.Batch, rows []int, copies int) error {
	steps := make([]int, len(d.net.Schema.Blocks))
	for i := range steps {
		if d.net.Schema.Blocks[i].Sequence && i != d.net.Prefix(d.head) {
			for _, row := range rows {
				steps[i] = max(steps[i], d.net.Schema.Bucket(i, max(1, int(b.Lengths[i][row]))))
			}
		} else if d.net.Schema.Blocks[i].Sequence {
			steps[i] = 1
		}
	}
	d.running = running{batch: b, rows: rows, copies: copies, shape: model.BatchShapeFor(len(rows), steps), prefix: make([][]int32, len(rows)*copies)}
	if d.keeps {
		for _, name := range d.carried() {
			clear(d.state.Data(name))
		}
	}
	return d.encodeRows()
}

// encodeRows computes what the net makes of the rows themselves.
func (d *Decoder) encodeRows() error {
	key := decodeKey{shape: d.shape}
	if _, known := d.encode[key]; !known {
		g, err := d.net.EncodeGraph(d.head, d.shape)
		if err != nil {
			return err
		}
		d.encode[key] = nil
		if g != nil {
			if d.encode[key], err = d.net.Compile(g, d.state, d.pool, model.Evaluation(d.state)); err != nil {
				return err
			}
		}
	}
	if p := d.encode[key]; p != nil {
		p.FeedRows(d.batch, d.rows, 0)
		p.Run()
	}
	return nil
}

// programFor is that which takes so many steps at once, fed with what the net made of the rows.
func (d *Decoder) programFor(steps int) (*model.Program, error) {
	if d.program != nil && d.size == steps {
		return d.program, nil
	}
	shape := d.shape
	shape.Rows *= d.copies
	key := decodeKey{shape, model.Chunk{Steps: steps}}
	if d.keeps {
		key.chunk.Kept = d.max
	}
	p := d.step[key]
	if p == nil {
		g, err := d.net.StepGraph(d.head, shape, key.chunk)
		if err != nil {
			return nil, err
		}
		if p, err = d.net.Compile(g, d.state, d.pool, model.Evaluation(d.state)); err != nil {
			return nil, err
		}
		model.CopyTransposed(d.net, d.state) // for programs of one row
		d.step[key] = p
	}
	p.FeedRows(d.batch, d.each(), 0)
	if from := d.encode[decodeKey{shape: d.shape}]; from != nil {
		for i := 0; from.HasOutput(model.Memory(i)); i++ {
			if p.HasFeed(model.Memory(i)) {
				repeatRows(p.Feed(model.Memory(i)).F, from.Output(model.Memory(i)).F, len(d.rows), d.copies)
				repeatRows(p.Feed(model.Memory(i)).I, from.Output(model.Memory(i)).I, len(d.rows), d.copies)
			}
		}
	}
	d.program, d.size = p, steps
	return p, nil
}

// each lists the rows of the batch, once for each of their sequences.
func (d *Decoder) each() (list []int) {
	for _, row := range d.rows {
		for range d.copies {
			list = append(list, row)
		}
	}
	return list
}

// repeatRows copies each row so many times.
func repeatRows[T int32 | float32](dst, src []T, rows, copies int) {
	size := len(src) / rows
	for i := range len(dst) / max(1, size) {
		copy(dst[i*size:(i+1)*size], src[i/copies*size:])
	}
}

// next takes the tokens at place `at` of all sequences and returns the logarithms of the probabilities of what follows,
// [sequences, classes].
func (d *Decoder) next(tokens []int32, at int) ([]float32, error) {
	if d.keeps {
		return d.nextKept(tokens, at)
	}
	for i, t := range tokens {
		d.prefix[i] = append(d.prefix[i][:at], t)
	}
	steps := d.net.Schema.Bucket(d.net.Prefix(d.head), at+1)
	p, err := d.programFor(steps)
	if err != nil {
		return nil, err
	}
	d.feed(p, func(i int, ints []int32) int32 {
		clear(ints[copy(ints, d.prefix[i]):])
		return int32(at + 1)
	})
	p.Run()
	out, width := p.Output(model.OutLogProbabilities).F, d.net.Heads[d.head].Width
	d.spare = resize(d.spare, len(tokens)*width)
	for i := range tokens {
		copy(d.spare[i*width:(i+1)*width], out[(i*steps+at)*width:])
	}
	return d.spare, nil
}

// nextKept is next where layers keep what they need.
func (d *Decoder) nextKept(tokens []int32, at int) ([]float32, error) {
	p, err := d.programFor(1)
	if err != nil {
		return nil, err
	}
	d.feed(p, func(i int, ints []int32) int32 {
		ints[0] = tokens[i]
		return 1
	})
	fillFeed(p, layers.FeedPosition, int32(at))
	p.Run()
	return p.Output(model.OutLogProbabilities).F, nil
}

// take takes several tokens of the only sequence, from place `at` on, and returns the logarithms of the probabilities of what
// follows the last, where layers keep what they need.
func (d *Decoder) take(tokens []int32, at int) ([]float32, error) {
	p, err := d.programFor(len(tokens))
	if err != nil {
		return nil, err
	}
	d.feed(p, func(_ int, ints []int32) int32 { return int32(copy(ints, tokens)) })
	fillFeed(p, layers.FeedPosition, int32(at))
	p.Run()
	width := d.net.Heads[d.head].Width
	return p.Output(model.OutLogProbabilities).F[(len(tokens)-1)*width:], nil
}

// feed feeds the steps of each sequence, and how many they are.
func (d *Decoder) feed(p *model.Program, one func(i int, ints []int32) int32) {
	name := d.net.Schema.Blocks[d.net.Prefix(d.head)].Name
	ints := p.Feed(model.FeedBlock + name).I
	var lengths []int32
	if p.HasFeed(model.FeedLengths + name) {
		lengths = p.Feed(model.FeedLengths + name).I
	}
	n := len(d.rows) * d.copies
	size := len(ints) / n
	for i := range n {
		length := one(i, ints[i*size:(i+1)*size])
		if lengths != nil {
			lengths[i] = length
		}
	}
}

func fillFeed(p *model.Program, name string, x int32) {
	if p.HasFeed(name) {
		ints := p.Feed(name).I
		for i := range ints {
			ints[i] = x
		}
	}
}

// follow puts in the place of each sequence the one that it goes on from, of so many steps.
func (d *Decoder) follow(parents []int, steps int) {
	if !d.keeps {
		old := slices.Clone(d.prefix)
		for i, parent := range parents {
			d.prefix[i] = slices.Clone(old[parent])
		}
		return
	}
	for _, name := range d.carried() {
		data, shape := d.state.Data(name), d.state.Shape(name)
		size := len(data) / shape[0]
		used := size
		if len(shape) == 3 {
			used = min(size, steps*shape[2])
		}
		d.spare = resize(d.spare, len(parents)*used)
		for i, parent := range parents {
			copy(d.spare[i*used:(i+1)*used], data[parent*size:])
		}
		for i, parent := range parents {
			if parent != i {
				copy(data[i*size:i*size+used], d.spare[i*used:(i+1)*used])
			}
		}
	}
}

// carried names the states that the layers keep for the running sequences.
func (d *Decoder) carried() (names []string) {
	prefix := model.CarriedPrefix(len(d.rows) * d.copies)
	for _, name := range d.state.Names() {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix {
			names = append(names, name)
		}
	}
	return names
}

// probe finds whether the net gives the same, to the bit, where its layers keep what they need from step to step: what looks
// at several steps without keeping them does not.
func (d *Decoder) probe() (bool, error) {
	if d.max < 3 {
		return false, nil
	}
	b := d.net.Schema.NewBatch(1)
	b.Rows = 1
	for i := range d.net.Schema.Blocks {
		b.FillProbe(i, min(3, b.Steps[i]))
	}
	width := d.net.Heads[d.head].Width
	tokens := []int32{int32(width - 1), int32(min(2, width-1)), int32(width / 2)}
	var results [2][]float32
	for i, keeps := range []bool{false, true} {
		d.keeps = keeps
		if err := d.begin(b, []int{0}, 1); err != nil {
			return false, err
		}
		for at, t := range tokens {
			out, err := d.next([]int32{t}, at)
			if err != nil && keeps {
				return false, nil // a layer cannot keep what it needs
			}
			if err != nil {
				return false, err
			}
			results[i] = append(results[i], out...)
		}
	}
	return slices.Equal(results[0], results[1]), nil
}
