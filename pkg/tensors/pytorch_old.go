package tensors

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"

	"dnn/pkg/tensors/pickle"
)

// oldMagic is how files of torch.save begin that are no archives, as before PyTorch 1.6: with a number as a pickle.
const oldMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."

func isOld(f *os.File) bool {
	head := make([]byte, len(oldMagic))
	_, err := f.ReadAt(head, 0)
	return err == nil && string(head) == oldMagic
}

// readOldPyTorch reads pickles one behind the other: magic number, version, the machine, what was saved, keys of the storages; then these,
// each behind its number of elements.
func readOldPyTorch(f *os.File, size int64) (*File, error) {
	p := &pytorchFile{storages: map[string][]byte{}, elements: int(2*size) + 1024}
	r := bufio.NewReader(io.NewSectionReader(f, 0, size))
	var root, keys any
	var outside []*pickle.Persistent
	for i := range 5 {
		x, out, err := pickle.Read(r)
		if err != nil {
			return nil, err
		}
		switch i {
		case 3:
			root, outside = x, out
		case 4:
			keys = x
		}
	}
	sizes := map[string]int{} // of an element, by storage
	for _, one := range outside {
		if key, n, ok := storageOf(one); ok {
			sizes[key] = n.size
		}
	}
	list, _ := keys.(*pickle.List)
	if list == nil {
		return nil, errors.New("is a damaged file of torch.save: it has no list of storages")
	}
	left := uint64(size)
	for _, x := range list.Items {
		key, _ := x.(string)
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, errors.New("ends within its storages")
		}
		n := binary.LittleEndian.Uint64(head[:])
		if sizes[key] == 0 || n > math.MaxInt32*64 || n*uint64(sizes[key]) > left {
			return nil, errors.New("is a damaged file of torch.save: a storage is larger than the file")
		}
		left -= n * uint64(sizes[key])
		b := make([]byte, n*uint64(sizes[key]))
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, errors.New("ends within its storages")
		}
		p.storages[key] = b
	}
	return p.described(root)
}
