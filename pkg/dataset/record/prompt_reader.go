package record

import (
	"bufio"
	"bytes"
	"io"
	"time"
)

// How long a batch that has rows waits for more.
const (
	RowPause  = time.Millisecond      // for the next one
	RowsWait  = 20 * time.Millisecond // in all
	namesWait = 20 * time.Millisecond // for objects of JSON Lines that may have new keys
)

// PromptReader is a Reader for rows that may arrive slowly, as through a pipe. Soon says whether one has arrived. A
// goroutine waits for the bytes. When rows arrive decides which of them go through a net together; that changes no bit.
type PromptReader struct {
	*bufio.Reader
	Pieces *pieces
	quotes bool   // fields may be quoted, and then contain line ends
	mark   []byte // of lines that are comments, which are no rows; empty where there are none
	until  time.Time
	lines  *lineCounter // all are counted when the end is reached
}

// NewPromptReader starts to read. quotes says that fields may be quoted, comment is what lines that are no rows begin with.
func NewPromptReader(r io.Reader, quotes bool, comment string) *PromptReader {
	p := &pieces{full: make(chan piece, piecesAhead), free: make(chan []byte, piecesAhead), Stop: make(chan struct{})}
	for range piecesAhead {
		p.free <- make([]byte, ReadBuffer/piecesAhead)
	}
	lines := &lineCounter{Reader: r}
	go p.fill(lines)
	return &PromptReader{Reader: bufio.NewReaderSize(p, ReadBuffer), Pieces: p, quotes: quotes, mark: []byte(comment), lines: lines}
}

// Wait sets how long Soon waits in all.
func (a *PromptReader) Wait(all time.Duration) { a.until = time.Now().Add(all) }

// Soon reports whether the next row has arrived as a whole, or arrives within the pause. The end of the input and
// errors count as rows: nobody has to wait for them.
func (a *PromptReader) Soon(pause time.Duration) bool {
	for {
		if head, _ := a.Peek(a.Buffered()); a.whole(head) || len(head) == a.Size() {
			return true
		}
		if !a.Pieces.come(min(pause, time.Until(a.until))) {
			return false
		}
		if _, err := a.Peek(a.Buffered() + 1); err != nil {
			return true
		}
	}
}

// whole reports whether a text begins with a whole row. Empty lines are not rows.
func (a *PromptReader) whole(text []byte) bool {
	for len(text) > 0 {
		if text[0] <= ' ' {
			text = text[1:]
			continue
		}
		if len(a.mark) == 0 || !bytes.HasPrefix(text, a.mark) {
			break
		}
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	quoted := false
	for {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if !ended {
			return false
		}
		if a.quotes && bytes.Count(line, []byte(`"`))%2 == 1 {
			quoted = !quoted
		}
		if !quoted {
			return true
		}
		text = rest
	}
}

// piecesAhead is how many pieces are read ahead.
const piecesAhead = 4

// pieces passes bytes on as they arrive.
type pieces struct {
	full chan piece
	free chan []byte // buffers to reuse
	Stop chan struct{}
	now  piece // of which rest is not read yet
	rest []byte
}

// piece is the result of one read.
type piece struct {
	memory []byte
	n      int
	err    error
}

// fill reads to the end, or until nobody needs more.
func (p *pieces) fill(r io.Reader) {
	for {
		select {
		case <-p.Stop:
			return
		case memory := <-p.free:
			n, err := r.Read(memory)
			p.full <- piece{memory, n, err}
			if err != nil {
				return
			}
		}
	}
}

// come reports whether a Read has something to return, within the time.
func (p *pieces) come(within time.Duration) bool {
	if len(p.rest) > 0 || p.now.err != nil {
		return true
	}
	select {
	case next := <-p.full:
		p.take(next)
		return true
	default:
	}
	if within <= 0 {
		return false
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case next := <-p.full:
		p.take(next)
		return true
	case <-timer.C:
		return false
	}
}

func (p *pieces) take(next piece) { p.now, p.rest = next, next.memory[:next.n] }

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.rest) == 0 && p.now.err == nil {
		p.take(<-p.full)
	}
	n := copy(to, p.rest)
	if p.rest = p.rest[n:]; len(p.rest) > 0 {
		return n, nil
	}
	if p.now.memory != nil {
		p.free <- p.now.memory
		p.now.memory = nil
	}
	if n > 0 {
		return n, nil
	}
	return 0, p.now.err
}
