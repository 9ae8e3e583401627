package corpus

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"dnn/internal/machine"
	"dnn/internal/newfile"
	"dnn/pkg/dataset/record"
)

// Memory is how much memory the tokens of a dataset may take, and where they lie if they take more.
type Memory struct {
	Limit float64 // in bytes
	Dir   string  // of the file; "": dnn in the user's cache folder
	held  int
}

// blockTokens is how many tokens are held together.
const blockTokens = 1 << 18

// Tokens is a stream of tokens, each of two bytes, or of four if the vocabulary is large. They can be read by several goroutines at
// once.
type Tokens struct {
	memory *Memory
	width  int
	blocks [][]byte // in memory; nil where there is a file
	file   *os.File
	filled []byte // the last block, which is not in the file yet
	n      int
	err    error // of writing the file
}

// NewTokens makes an empty stream for a vocabulary.
func NewTokens(m *Memory, vocabulary int) *Tokens {
	t := &Tokens{memory: m, width: 2}
	if vocabulary > math.MaxUint16+1 {
		t.width = 4
	}
	return t
}

// Len is the number of tokens.
func (t *Tokens) Len() int { return t.n }

// Filed reports whether the tokens lie in a file.
func (t *Tokens) Filed() bool { return t.file != nil }

// Append adds tokens.
func (t *Tokens) Append(tokens ...uint32) {
	for _, token := range tokens {
		if t.width == 2 {
			t.filled = binary.LittleEndian.AppendUint16(t.filled, uint16(token))
		} else {
			t.filled = binary.LittleEndian.AppendUint32(t.filled, token)
		}
		if t.n++; len(t.filled) == t.width*blockTokens {
			t.flush()
		}
	}
}

// flush puts the last block to the others.
func (t *Tokens) flush() {
	if t.err != nil {
		return
	}
	if t.file != nil {
		t.write(t.filled)
		t.filled = t.filled[:0]
		return
	}
	t.blocks = append(t.blocks, t.filled)
	t.memory.held += len(t.filled)
	t.filled = nil
	if float64(t.memory.held) > t.memory.Limit {
		t.spill()
	}
}

// spill takes all blocks from memory into a file.
func (t *Tokens) spill() {
	if t.file, t.err = t.memory.scratch(); t.err != nil {
		return
	}
	for _, b := range t.blocks {
		t.memory.held -= len(b)
		t.write(b)
	}
	t.blocks = nil
}

func (t *Tokens) write(block []byte) {
	if t.err == nil {
		_, t.err = t.file.Write(block)
	}
}

// End ends the adding of tokens. The error is that of the file.
func (t *Tokens) End() error {
	if len(t.filled) > 0 {
		t.flush()
	}
	if t.err != nil {
		return fmt.Errorf("the file of tokens in %s: %w", t.memory.dir(), record.PlainError(t.err))
	}
	machine.Hold(t.memory.held)
	return nil
}

// Read reads the tokens from a place on into dst. raw is used again from call to call.
func (t *Tokens) Read(dst []uint32, at int, raw *[]byte) error {
	if t.file == nil {
		for i := range dst {
			block, k := t.blocks[(at+i)/blockTokens], (at+i)%blockTokens
			if t.width == 2 {
				dst[i] = uint32(binary.LittleEndian.Uint16(block[2*k:]))
			} else {
				dst[i] = binary.LittleEndian.Uint32(block[4*k:])
			}
		}
		return nil
	}
	size := t.width * len(dst)
	if cap(*raw) < size {
		*raw = make([]byte, size)
	}
	bytes := (*raw)[:size]
	if _, err := t.file.ReadAt(bytes, int64(t.width)*int64(at)); err != nil {
		return fmt.Errorf("the file of tokens in %s: %w", t.memory.dir(), record.PlainError(err))
	}
	for i := range dst {
		if t.width == 2 {
			dst[i] = uint32(binary.LittleEndian.Uint16(bytes[2*i:]))
		} else {
			dst[i] = binary.LittleEndian.Uint32(bytes[4*i:])
		}
	}
	return nil
}

// DefaultMemory is a quarter of the machine's memory, in bytes.
func DefaultMemory() float64 {
	const unknown = 1 << 30 // where the memory size is unknown
	if have := machine.Memory(); have > 0 {
		return float64(have) / 4
	}
	return unknown
}

func (m *Memory) scratch() (*os.File, error) { return newfile.Scratch(m.dir()) }

func (m *Memory) dir() string {
	if m.Dir != "" {
		return m.Dir
	}
	home, err := os.UserCacheDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, "dnn")
}
