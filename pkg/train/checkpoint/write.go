package checkpoint

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"dnn/internal/newfile"
)

// bufferSize is the bytes read or written at a time.
const bufferSize = 1 << 20

// Write stores f under path, as internal/newfile does: after Write has returned nil, the file survives a crash of the machine;
// on an error a file that was there before is untouched. (The one exception: where the last step, syncing the directory, fails,
// the new file is in place already.) The tensors' data are not copied.
func Write(path string, f *File) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("writing the model %s: %w", path, err)
	}
	order := f.stored()
	header, checksumAt, err := encodeHeader(f, order)
	if err != nil {
		return fmt.Errorf("writing the model %s: %w", path, err)
	}
	sum := sha256.New()
	writeContent(sum, header, order)
	hex.Encode(header[checksumAt:], sum.Sum(nil))
	if err := writeFile(path, header, order); err != nil {
		return fmt.Errorf("writing the model %w", err)
	}
	return nil
}

// WritePlain stores tensors under path for other programs: a safetensors file that is no model of this program. It says that it is of
// PyTorch, as others expect who read weights.
func WritePlain(path string, list []Tensor) error {
	f := &File{Tensors: list}
	if err := f.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	order := f.stored()
	header, err := headerOf(map[string]string{"format": "pt"}, order)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeFile(path, header, order)
}

func writeFile(path string, header []byte, order []*Tensor) error {
	file, err := newfile.Create(path)
	if err != nil {
		return err
	}
	defer file.Abandon()
	if err := writeContent(file, header, order); err != nil {
		return err
	}
	return file.Commit()
}

// writeContent writes header and data.
func writeContent(to io.Writer, header []byte, order []*Tensor) error {
	buffered := bufio.NewWriterSize(to, bufferSize)
	if _, err := buffered.Write(header); err != nil {
		return err
	}
	for _, t := range order {
		for data := t.Data; len(data) > 0; {
			n := min(len(data), bufferSize)
			if _, err := buffered.Write(data[:n]); err != nil {
				return err
			}
			data = data[n:]
		}
	}
	return buffered.Flush()
}
