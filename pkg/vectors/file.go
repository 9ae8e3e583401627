// Package vectors reads vectors of words that others learned: text files as of GloVe, word2vec and fastText, and matrices in
// .npy and .safetensors files with a list of words. One file of this package for each format.
//
// Files are read from the beginning to the end, a vector at a time, and only those of the wanted words are kept: a file may be
// larger than the memory. It may come from anyone, so sizes are checked before memory is taken for them.
package vectors

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"dnn/internal/registry"
	"dnn/internal/regular"
	"dnn/pkg/dataset/record"
)

// maxSize is the most numbers of a vector: far beyond any use, and a few megabytes.
const maxSize = 1 << 20

// Source says where vectors are. Its paths lead there from the working directory.
type Source struct {
	File   string
	Words  string // a file with the word of each vector, one per line; "" where File has them itself
	Tensor string // which one, of a file with several; "" for the only one
}

// Mistake is something wrong with a source.
type Mistake struct {
	Key  string // of the setting to blame: file, words or tensor
	Text string
}

func (m *Mistake) Error() string { return m.Text }

// Wrong makes a Mistake.
func Wrong(key, format string, args ...any) *Mistake {
	return &Mistake{key, fmt.Sprintf(format, args...)}
}

// format is a way in which files hold vectors. Formats are chosen by the ending of the file's name.
type format interface {
	endings() []string
	open(s Source) (rows, error)
}

// formats holds them; text has no ending of its own and takes all other files.
var formats = registry.New[format]("vector format")

// rows are the vectors of a file, one after the other.
type rows interface {
	// size is how many numbers a vector has.
	size() int
	// next goes on to the next vector and returns its word, which holds until the next call; io.EOF at the end.
	next() ([]byte, error)
	// vector writes the numbers of the vector whose word next returned.
	vector(dst []float32) error
	close()
}

// File is an open file of vectors.
type File struct {
	Size int // numbers of a vector
	rows rows
}

// Open opens a source and reads what comes before the first vector.
func Open(s Source) (*File, error) {
	name := strings.ToLower(record.Uncompressed(s.File))
	chosen, _ := formats.Get("text")
	for _, k := range formats.Kinds() {
		if slices.ContainsFunc(k.Value.endings(), func(end string) bool { return strings.HasSuffix(name, end) }) {
			chosen = k.Value
		}
	}
	r, err := chosen.open(s)
	if err != nil {
		return nil, err
	}
	if n := r.size(); n < 1 || n > maxSize {
		r.close()
		return nil, Wrong("file", "%s: vectors of %d numbers cannot be", s.File, n)
	}
	return &File{r.size(), r}, nil
}

// Close closes the file.
func (f *File) Close() { f.rows.close() }

// Found says what of a vocabulary a file has.
type Found struct {
	Vectors int // in the file
	Words   int // of the vocabulary, without rows that stand for none
	Exact   int // of these, those that the file has
	Folded  int // further ones that it has in another case
}

// Into reads the whole file and writes the vectors of words into dst, Size numbers for each; what the file does not have stays
// as it is. "" stands for no word. Of several vectors of one word the first counts. have tells which words were found.
func (f *File) Into(dst []float32, words []string) (found Found, have []bool, err error) {
	row, folded := make(map[string]int, len(words)), map[string][]int{}
	for i, w := range words {
		if w != "" {
			row[w] = i
			folded[strings.ToLower(w)] = append(folded[strings.ToLower(w)], i)
		}
	}
	have = make([]bool, len(words))
	near := map[int]bool{}
	for {
		word, err := f.rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return found, nil, err
		}
		found.Vectors++
		i, ok := row[string(word)]
		if !ok {
			for _, i := range folded[strings.ToLower(string(word))] {
				near[i] = true
			}
			continue
		}
		if have[i] {
			continue
		}
		if err := f.rows.vector(dst[i*f.Size : (i+1)*f.Size]); err != nil {
			return found, nil, err
		}
		have[i] = true
	}
	found.Words = len(row)
	for _, i := range row {
		switch {
		case have[i]:
			found.Exact++
		case near[i]:
			found.Folded++
		}
	}
	return found, have, nil
}

// open opens a file under the setting key.
func open(key, name string) (*os.File, error) {
	file, err := regular.Open(name)
	if err != nil {
		return nil, Wrong(key, "%s", record.FileError(err))
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		err = Wrong(key, "%s", record.FileError(err))
	case info.IsDir():
		err = Wrong(key, "%s: is a folder, not a file", name)
	case !info.Mode().IsRegular():
		err = Wrong(key, "%s: is no regular file, which can be read twice", name)
	default:
		return file, nil
	}
	file.Close()
	return nil, err
}
