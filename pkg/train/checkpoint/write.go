package checkpoint

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// bufferSize is the bytes read or written at a time.
const bufferSize = 1 << 20

// Write stores f under path. The bytes go to a temporary file in the same directory, which is synced and renamed, and
// the directory is synced too: after Write has returned nil, the file survives a crash of the machine. On an error the
// temporary file is removed and a file that was there before is untouched. (The one exception: where the last step,
// syncing the directory, fails, the new file is in place already.) The tensors' data are not copied.
//
// If path is a symbolic link, the link is replaced, not what it points to.
func Write(path string, f *File) error {
	if err := write(path, f); err != nil {
		return fmt.Errorf("writing the model %s: %w", path, err)
	}
	return nil
}

func write(path string, f *File) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	order := f.stored()
	header, checksumAt, err := encodeHeader(f, order)
	if err != nil {
		return err
	}
	temp, err := createTemp(filepath.Dir(path))
	if err != nil {
		var named *fs.PathError
		if errors.As(err, &named) { // its name is nothing to the user
			err = named.Err
		}
		return err
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
		}
		forgetTemp(temp.Name())
	}()
	if err := writeContent(temp, header, checksumAt, order); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeContent writes header and data in one go, computing the checksum on the way, and puts it in its place at last.
func writeContent(file *os.File, header []byte, checksumAt int, order []*Tensor) error {
	sum := sha256.New()
	buffered := bufio.NewWriterSize(file, bufferSize)
	out := &summedWriter{buffered, sum}
	if err := out.write(header); err != nil {
		return err
	}
	for _, t := range order {
		for data := t.Data; len(data) > 0; {
			n := min(len(data), bufferSize)
			if err := out.write(data[:n]); err != nil {
				return err
			}
			data = data[n:]
		}
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(hex.EncodeToString(sum.Sum(nil))), int64(checksumAt))
	return err
}

// summedWriter sums what it writes.
type summedWriter struct {
	to  io.Writer
	sum hash.Hash
}

func (w *summedWriter) write(p []byte) error {
	w.sum.Write(p)
	_, err := w.to.Write(p)
	return err
}

// syncDir makes a rename within dir survive a crash, where the system can do so.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
