package vectors

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"os"
	"strconv"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
)

func init() {
	formats.Register("text", "a line for each word: the word and its numbers, as GloVe, word2vec and fastText write them", textFormat{})
}

// textFormat is a line for each vector: the word and its numbers, with spaces or tabs between them. The first line may tell how
// many vectors there are and of what size. The file may be compressed with gzip.
type textFormat struct{}

func (textFormat) endings() []string { return nil }

func (textFormat) open(s Source) (rows, error) {
	switch {
	case s.Words != "":
		return nil, Wrong("words", "a text file has its words in it; words is for .npy and .safetensors")
	case s.Tensor != "":
		return nil, Wrong("tensor", "a text file has no tensors to choose from; tensor is for .safetensors")
	}
	file, err := open("file", s.File)
	if err != nil {
		return nil, err
	}
	in, err := record.Unpack(file)
	if err != nil {
		file.Close()
		return nil, Wrong("file", "%s: %v", s.File, err)
	}
	t := &textRows{name: s.File, file: file, in: in}
	if err := t.begin(); err != nil {
		file.Close()
		return nil, err
	}
	return t, nil
}

// textRows are the lines of a text file.
type textRows struct {
	name    string
	file    *os.File
	in      *bufio.Reader
	line    int
	length  int    // of a vector
	told    int    // vectors, as the first line says; -1 where it does not
	seen    int    // vectors
	first   []byte // a line that begin read and next returns
	numbers []byte // of the current line
}

func (t *textRows) size() int { return t.length }
func (t *textRows) close()    { t.file.Close() }

// begin reads the first line.
func (t *textRows) begin() error {
	line, err := t.read()
	switch {
	case err == io.EOF:
		return Wrong("file", "%s: the file is empty", t.name)
	case err != nil:
		return err
	case bytes.IndexByte(line, 0) >= 0:
		return Wrong("file", "%s: is no text; vectors are read from text (.txt, .vec), .npy and .safetensors files", t.name)
	}
	fields := bytes.Fields(line)
	if len(fields) == 2 {
		count, err1 := strconv.Atoi(string(fields[0]))
		size, err2 := strconv.Atoi(string(fields[1]))
		if err1 == nil && err2 == nil && count >= 0 {
			t.told, t.length = count, size
			return nil
		}
	}
	t.told, t.length, t.first = -1, len(fields)-1, bytes.Clone(line)
	if t.length < 1 {
		return Wrong("file", "%s:1: want a word and its numbers, got %s", t.name, phrase.Quote(string(line)))
	}
	return nil
}

// read returns the next line without its end.
func (t *textRows) read() ([]byte, error) {
	t.line++
	line, err := t.in.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return nil, Wrong("file", "%s:%d: the line is longer than %d bytes; is this a file of vectors?", t.name, t.line, t.in.Size())
	case err == io.EOF && len(line) > 0:
		err = nil
	case err != nil && err != io.EOF:
		return nil, Wrong("file", "%s: %v", t.name, record.PlainError(err))
	}
	return bytes.TrimRight(line, " \t\r\n"), err
}

func (t *textRows) next() ([]byte, error) {
	line, err := t.first, error(nil)
	if t.first = nil; line == nil {
		line, err = t.read()
	}
	if err == nil && len(line) == 0 { // only at the end
		if line, err = t.read(); err == nil {
			return nil, Wrong("file", "%s:%d: the line is empty", t.name, t.line-1)
		}
	}
	if err == io.EOF && t.told >= 0 && t.seen != t.told {
		return nil, Wrong("file", "%s: the first line tells of %s, and the file has %s: it was cut, or the first line must be corrected",
			t.name, phrase.Count(t.told, "vector"), phrase.Thousands(t.seen))
	}
	if err != nil {
		return nil, err
	}
	t.seen++
	return t.split(line)
}

// split cuts a line before its numbers. A word may hold spaces.
func (t *textRows) split(line []byte) (word []byte, err error) {
	i := bytes.IndexAny(line, " \t")
	if i > 0 && bytes.Count(line[i:], []byte(" "))+bytes.Count(line[i:], []byte("\t")) == t.length {
		t.numbers = line[i:]
		return line[:i], nil
	}
	end := len(line)
	for k := range t.length {
		if end = bytes.LastIndexAny(line[:end], " \t"); end < 0 {
			return nil, Wrong("file", "%s:%d: has %s after the word, and %d are expected", t.name, t.line, phrase.Count(k, "number"), t.length)
		}
		t.numbers = line[end:]
		end = len(bytes.TrimRight(line[:end], " \t"))
	}
	return line[:end], nil
}

func (t *textRows) vector(dst []float32) error {
	fields := bytes.Fields(t.numbers)
	if len(fields) != len(dst) {
		return Wrong("file", "%s:%d: has %s after the word, and %d are expected", t.name, t.line, phrase.Count(len(fields), "number"), len(dst))
	}
	for i, f := range fields {
		x, err := strconv.ParseFloat(string(f), 32)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return Wrong("file", "%s:%d: %s is no finite number", t.name, t.line, phrase.Quote(string(f)))
		}
		dst[i] = float32(x)
	}
	return nil
}
