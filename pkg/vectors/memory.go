package vectors

import "io"

// InMemory is a File of vectors that were read already: size numbers for each of the words, of which "" are none.
func InMemory(words []string, vectors []float32, size int) *File {
	return &File{size, &memory{words: words, vectors: vectors, length: size}}
}

type memory struct {
	words   []string
	vectors []float32
	length  int
	seen    int
}

func (m *memory) size() int { return m.length }
func (m *memory) close()    {}

func (m *memory) next() ([]byte, error) {
	for m.seen < len(m.words) && m.words[m.seen] == "" {
		m.seen++
	}
	if m.seen == len(m.words) {
		return nil, io.EOF
	}
	m.seen++
	return []byte(m.words[m.seen-1]), nil
}

func (m *memory) vector(dst []float32) error {
	copy(dst, m.vectors[(m.seen-1)*m.length:m.seen*m.length])
	return nil
}
