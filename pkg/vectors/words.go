package vectors

import (
	"bufio"
	"bytes"
	"io"
	"os"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
)

// wordList is a file with the word of each vector of a matrix, one per line.
type wordList struct {
	name string
	file *os.File
	in   *bufio.Reader
	line int
}

// openWords opens the list for the matrix in a file.
func openWords(s Source) (*wordList, error) {
	if s.Words == "" {
		return nil, Wrong("words", "%s holds numbers alone: words names a file with the word of each vector, one per line", s.File)
	}
	file, err := open("words", s.Words)
	if err != nil {
		return nil, err
	}
	in, err := record.Unpack(file)
	if err != nil {
		file.Close()
		return nil, Wrong("words", "%s: %v", s.Words, err)
	}
	return &wordList{s.Words, file, in, 0}, nil
}

// next returns the next word; io.EOF behind the last.
func (w *wordList) next() ([]byte, error) {
	line, err := w.in.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return nil, Wrong("words", "%s:%d: the line is longer than %d bytes; is this a list of words?", w.name, w.line+1, w.in.Size())
	case err == io.EOF && len(line) == 0:
		return nil, io.EOF
	case err != nil && err != io.EOF:
		return nil, Wrong("words", "%s: %v", w.name, record.PlainError(err))
	}
	w.line++
	return bytes.TrimRight(line, "\r\n"), nil
}

// of returns the word of the i-th of n vectors, and behind the last io.EOF, unless the list goes on.
func (w *wordList) of(i, n int, file string) ([]byte, error) {
	word, err := w.next()
	switch {
	case err == io.EOF && i < n:
		return nil, Wrong("words", "%s has %s, and %s has %s", w.name, phrase.Count(i, "word"), file, phrase.Count(n, "vector"))
	case err == nil && i >= n:
		return nil, Wrong("words", "%s has more words than the %s of %s", w.name, phrase.Count(n, "vector"), file)
	}
	return word, err
}
