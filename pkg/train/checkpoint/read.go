package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/machine"
	"dnn/internal/regular"
)

// Read returns the content of the model file at path after verifying all of it. The tensors share one block of memory,
// so the file is held once. Errors wrap ErrDamaged, ErrNotModel, ErrNewer, or what the system said.
func Read(path string) (*File, error) { return open(path, true) }

// ReadMetadata returns the metadata of the model file at path. It verifies the whole file, as Read does, but holds only
// the header.
func ReadMetadata(path string) (map[string]string, error) {
	f, err := open(path, false)
	if err != nil {
		return nil, err
	}
	return f.Metadata, nil
}

// ReadHeader returns the metadata, and names, dtypes and shapes of the tensors without their data (Data is nil). It
// verifies the whole file, as Read does, but holds only the header.
func ReadHeader(path string) (*File, error) { return open(path, false) }

func open(path string, keep bool) (*File, error) {
	file, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w: it is not a regular file", path, ErrNotModel)
	}
	if have := machine.Memory(); keep && have > 0 && info.Size() > int64(have) {
		return nil, fmt.Errorf("%s: has %.1f GB, and this machine has %.1f GB of memory", path, float64(info.Size())/1e9, float64(have)/1e9)
	}
	r, size := io.Reader(file), info.Size()
	from, n, err := Appended(file, size)
	if from > 0 {
		r, size = io.NewSectionReader(file, from, n), n
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := decode(r, size, keep)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// decode reads a model file of size bytes from r. Without keep it verifies the data and drops them.
func decode(r io.Reader, size int64, keep bool) (*File, error) {
	header, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	rest := size - int64(len(header))
	meta, tensors, spans, err := decodeHeader(header[lengthSize:], rest)
	checksumAt := findChecksum(header)
	if checksumAt < 0 {
		return nil, foreign(meta, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w (the file was cut or changed)", ErrDamaged, err)
	}
	if rest > math.MaxInt {
		return nil, fmt.Errorf("%d bytes of data do not fit this machine's memory", rest)
	}
	want := string(header[checksumAt : checksumAt+digits])
	copy(header[checksumAt:], zeros)
	got, data, err := sumData(r, header, rest, keep)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(meta[versionKey], got == want); err != nil {
		return nil, err
	}
	if got != want {
		return nil, fmt.Errorf("%w: the checksum does not match (the file was cut or changed)", ErrDamaged)
	}
	delete(meta, versionKey)
	delete(meta, checksumKey)
	if keep {
		for i, span := range spans {
			tensors[i].Data = data[span[0]:span[1]:span[1]]
		}
	}
	slices.SortFunc(tensors, func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) })
	return &File{Metadata: meta, Tensors: tensors}, nil
}

// readHeader returns the header with its length before it. It allocates no more than the file has.
func readHeader(r io.Reader, size int64) ([]byte, error) {
	if size == 0 {
		return nil, fmt.Errorf("%w: the file is empty", ErrDamaged)
	}
	var start [lengthSize + 1]byte
	if size < int64(len(start)) {
		return nil, fmt.Errorf("%w: the file has only %d bytes (it was cut, or never was a model)", ErrDamaged, size)
	}
	if err := readFull(r, start[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(start[:])
	if start[lengthSize] != '{' {
		return nil, fmt.Errorf("%w: it does not start as a safetensors file does", ErrNotModel)
	}
	if n > uint64(size-lengthSize) {
		return nil, fmt.Errorf("%w: the header should have %d bytes, but only %d are left (the file was cut or changed)",
			ErrDamaged, n, size-lengthSize)
	}
	if n > maxHeader || n < 2 {
		return nil, fmt.Errorf("%w: a header of %d bytes cannot be (the file was changed)", ErrDamaged, n)
	}
	header := make([]byte, lengthSize+n)
	copied := copy(header, start[:])
	return header, readFull(r, header[copied:])
}

// sumData reads the size bytes of data from r and returns the checksum over header and data.
func sumData(r io.Reader, header []byte, size int64, keep bool) (sum string, data []byte, err error) {
	hash := sha256.New()
	hash.Write(header)
	var chunk []byte
	if keep {
		data = make([]byte, size)
	} else {
		chunk = make([]byte, min(size, bufferSize))
	}
	for at := int64(0); at < size; {
		n := min(size-at, bufferSize)
		if keep {
			chunk = data[at : at+n]
		}
		if err := readFull(r, chunk[:n]); err != nil {
			return "", nil, err
		}
		hash.Write(chunk[:n])
		at += n
	}
	return hex.EncodeToString(hash.Sum(nil)), data, nil
}

// foreign says why a file without a checksum is none of ours. err is what decodeHeader said.
func foreign(meta map[string]string, err error) error {
	for key := range meta {
		if strings.HasPrefix(key, "dnn.") {
			return fmt.Errorf("%w: the checksum is missing (the file was changed)", ErrDamaged)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotModel, err)
	}
	return fmt.Errorf("%w: it is a safetensors file of another program (its metadata has no %s)", ErrNotModel, checksumKey)
}

// checkVersion looks at the format version. A newer program may sum otherwise, so a file of a newer version whose
// checksum does not match can be either newer or damaged.
func checkVersion(text string, sound bool) error {
	version, err := strconv.Atoi(text)
	switch {
	case err == nil && version >= 1 && version <= Version:
		return nil
	case !sound:
		return fmt.Errorf("%w, or %w: it says format %q, this program reads up to %d, and the checksum does not match",
			ErrDamaged, ErrNewer, text, Version)
	case err == nil && version > Version:
		return fmt.Errorf("%w: it has format %d, this program reads up to %d; use a newer dnn", ErrNewer, version, Version)
	}
	return fmt.Errorf("%w: its format version is %q", ErrNotModel, text)
}

// readFull fills p. That the file ends early, although its size was asked before, means that it shrinks right now.
func readFull(r io.Reader, p []byte) error {
	_, err := io.ReadFull(r, p)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: the file ended early (it was cut while it was read)", ErrDamaged)
	}
	return err
}
