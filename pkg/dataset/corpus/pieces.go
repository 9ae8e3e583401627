package corpus

import (
	"bytes"
	"fmt"
	"hash"
	"io"
	"iter"
	"unicode"
	"unicode/utf8"

	"dnn/pkg/dataset/record"
)

// pieceBytes is about how long a piece of a document is.
const pieceBytes = 1 << 20

// BadText is a place of a document that is no text.
type BadText struct {
	Name string
	Line int
	Text string
}

func (e *BadText) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text) }

// pieces yields a document piece by piece. A piece begins with the white space after a word, so that no token reaches beyond
// it, unless white space is very far between. The bytes as they lie on disk go into sum, if it is not nil.
func (d *Document) pieces(sum hash.Hash) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		f, err := d.open()
		if err != nil {
			yield("", fmt.Errorf("%s: %w", d.Name, err))
			return
		}
		defer f.Close()
		var raw io.Reader = f
		if sum != nil {
			raw = io.TeeReader(f, sum)
		}
		text, err := record.Unpack(raw)
		if err != nil {
			yield("", fmt.Errorf("%s: %w", d.Name, record.PlainError(err)))
			return
		}
		if d.cut(text, yield) && sum != nil {
			io.Copy(io.Discard, raw) // what follows the end of a gzip stream
		}
	}
}

// cut yields the pieces of what it reads, and reports whether that was all.
func (d *Document) cut(text io.Reader, yield func(string, error) bool) bool {
	buffer, held, line := make([]byte, 2*pieceBytes), 0, 1
	for {
		n, err := io.ReadFull(text, buffer[held:])
		have := buffer[:held+n]
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			yield("", fmt.Errorf("%s: %w", d.Name, record.PlainError(err)))
			return false
		}
		end := len(have)
		if !last {
			end = boundary(have)
		}
		if at := invalid(have[:end]); at >= 0 {
			yield("", &BadText{d.Name, line + bytes.Count(have[:at], []byte{'\n'}), fmt.Sprintf("%q is not UTF-8; save the file in that encoding", have[at:min(at+8, len(have))])})
			return false
		}
		if end > 0 && !yield(string(have[:end]), nil) {
			return false
		}
		if last {
			return true
		}
		line += bytes.Count(have[:end], []byte{'\n'})
		held = copy(buffer, have[end:])
	}
}

// boundary is where to cut bytes that go on: before the last white space that follows a word, or else behind the last whole
// character.
func boundary(text []byte) int {
	after := false // what follows is white space
	for at := len(text); at > len(text)/2; {
		r, n := utf8.DecodeLastRune(text[:at])
		space := unicode.IsSpace(r)
		if after && !space {
			return at
		}
		after, at = space, at-n
	}
	for back := 1; back < utf8.UTFMax; back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) && !utf8.FullRune(text[at:]) {
			return at
		}
	}
	return len(text)
}

// invalid is where bytes are not UTF-8, -1 where they are.
func invalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	at := 0
	for {
		r, n := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && n <= 1 {
			return at
		}
		at += n
	}
}
