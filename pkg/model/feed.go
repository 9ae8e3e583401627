package model

import "dnn/pkg/dataset"

// FeedBatch copies a batch into the inputs of the program, which is compiled for its rows. Of sequences that come in chunks, or
// have more steps than the program takes, it takes the first.
func (p *Program) FeedBatch(b *dataset.Batch) { p.FeedRows(b, nil, 0) }

// FeedChunk is FeedBatch for a program that takes a chunk of the batch's sequences, which begins with step `from`.
func (p *Program) FeedChunk(b *dataset.Batch, from int) { p.FeedRows(b, nil, from) }

// FeedRows copies some rows of a batch, all where pick is nil, into a program compiled for so many: of sequences as many steps from
// `from` on as the program has room for.
func (p *Program) FeedRows(b *dataset.Batch, pick []int, from int) {
	n := p.net
	for i := range n.Schema.Blocks {
		name := n.Schema.Blocks[i].Name
		room := b.Steps[i]
		if p.HasFeed(FeedBlock + name) {
			feed := p.Feed(FeedBlock + name)
			if !n.Schema.Blocks[i].Sequence {
				copyRows(feed.I, b.Ints[i], pick)
				copyRows(feed.F, b.Floats[i], pick)
				continue
			}
			size := b.RowSize(i) / b.Steps[i]
			copySteps(feed.I, b.Ints[i], b.Rows, pick, b.Steps[i], size, from)
			copySteps(feed.F, b.Floats[i], b.Rows, pick, b.Steps[i], size, from)
			room = max(len(feed.I), len(feed.F)) / (picks(pick, b.Rows) * size)
		}
		if p.HasFeed(FeedLengths + name) { // also where what they are the lengths of is fed otherwise
			lengths := p.Feed(FeedLengths + name).I
			for k := range lengths {
				lengths[k] = min(max(b.Lengths[i][picked(pick, k)]-int32(from), 0), int32(room))
			}
		}
	}
	for k := range n.Heads {
		p.feedLabels(b, k, pick, from)
	}
	if p.HasFeed(FeedShare) {
		copyRows(p.Feed(FeedShare).F, b.Share, pick)
	}
	if p.HasFeed(FeedBase) {
		copyRows(p.Feed(FeedBase).F, b.Offset, pick)
	}
	if p.HasFeed(FeedWeight) {
		copyRows(p.Feed(FeedWeight).F, b.Weight, pick)
	}
}

// feedLabels copies the labels of head k.
func (p *Program) feedLabels(b *dataset.Batch, k int, pick []int, from int) {
	n := p.net
	labels := b.Labels(k)
	if name := n.headName(FeedTarget, k); p.HasFeed(name) {
		feed := p.Feed(name)
		if n.Heads[k].Sequence() {
			room := b.MaxLabels(k)
			copySteps(feed.I, labels.Ints, b.Rows, pick, room, 1, from)
			copySteps(feed.F, labels.Floats, b.Rows, pick, room, n.Heads[k].Width, from)
		} else {
			copyRows(feed.I, labels.Ints, pick)
			copyRows(feed.F, labels.Floats, pick)
		}
	}
	if p.HasFeed(FeedShare) {
		second := p.Feed(n.headName(FeedSecond, k))
		copyRows(second.I, labels.SecondInts, pick)
		copyRows(second.F, labels.SecondFloats, pick)
	}
}

// picked is the row that stands at a place.
func picked(pick []int, place int) int {
	if pick == nil {
		return place
	}
	return pick[place]
}

// picks is how many rows of so many are picked.
func picks(pick []int, rows int) int {
	if pick == nil {
		return rows
	}
	return len(pick)
}

// copyRows copies rows that fill dst; nothing where there is no dst.
func copyRows[T int32 | float32](dst, src []T, pick []int) {
	if pick == nil {
		copy(dst, src)
		return
	}
	size := len(dst) / len(pick)
	for place, row := range pick {
		copy(dst[place*size:(place+1)*size], src[row*size:])
	}
}

// copySteps copies the steps from `from` on of rows that have room for so many of that size each, as many as there is room for
// in dst, and zeros where there are none; nothing where there is no dst.
func copySteps[T int32 | float32](dst, src []T, rows int, pick []int, steps, size, from int) {
	if dst == nil {
		return
	}
	room := len(dst) / picks(pick, rows)
	for place := range picks(pick, rows) {
		row := picked(pick, place)
		own := src[row*steps*size : (row+1)*steps*size]
		to := dst[place*room : (place+1)*room]
		clear(to[copy(to, own[min(from*size, len(own)):]):])
	}
}
