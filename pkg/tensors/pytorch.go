package tensors

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"dnn/pkg/tensors/pickle"
)

func init() {
	Formats.Register("pytorch", "what torch.save writes: a state_dict, a checkpoint with one in it, or a module", Format{
		Endings: []string{".pt", ".pth", ".bin"}, Read: readPyTorch, Write: writePyTorch,
	})
}

// mostPickle is how many bytes the description of tensors may have.
const mostPickle = 256 << 20

// pytorchFile is an archive of a pickle, which describes tensors, and of their numbers.
type pytorchFile struct {
	entries  map[string]*zip.File // without the folder that all are in
	storages map[string][]byte
	big      bool
	elements int // that tensors may still have
}

// readPyTorch reads an archive of torch.save. Nothing that its pickle names is called.
func readPyTorch(f *os.File, size int64) (*File, error) {
	if isOld(f) {
		return readOldPyTorch(f, size)
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, errors.New("is no file of torch.save")
	}
	p := &pytorchFile{entries: map[string]*zip.File{}, storages: map[string][]byte{}, elements: int(2*size) + 1024}
	var total uint64
	for _, one := range archive.File {
		_, name, _ := strings.Cut(one.Name, "/")
		p.entries[name] = one
		if one.Method != zip.Store {
			return nil, errors.New("is no archive of torch.save: it is compressed, as those of torch.jit.save are")
		}
		if total += one.UncompressedSize64; one.UncompressedSize64 > uint64(size) || total > uint64(size) {
			return nil, errors.New("is damaged: its entries are larger than the file")
		}
	}
	description := p.entries["data.pkl"]
	if description == nil {
		return nil, errors.New("is no archive of torch.save: it has no data.pkl")
	}
	if order, err := p.entry("byteorder"); err == nil {
		p.big = strings.TrimSpace(string(order)) == "big"
	}
	r, err := description.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	root, _, err := pickle.Read(bufio.NewReader(io.LimitReader(r, mostPickle)))
	if err != nil {
		return nil, err
	}
	return p.described(root)
}

// described reads the tensors that a pickle describes.
func (p *pytorchFile) described(root any) (*File, error) {
	w := &walk{file: p, left: 1 << 20}
	list, err := w.state(root)
	if err != nil {
		return nil, err
	}
	return &File{Tensors: list, Ordered: true, Layout: "torch"}, nil
}

// entry reads a file of the archive.
func (p *pytorchFile) entry(name string) ([]byte, error) {
	one := p.entries[name]
	if one == nil {
		return nil, fmt.Errorf("lacks %s", name)
	}
	r, err := one.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, one.UncompressedSize64) // not more than the file has
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// storageTypes are the numbers of PyTorch's storages.
var storageTypes = map[string]string{
	"DoubleStorage": "F64", "FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16", "LongStorage": "I64",
	"IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8", "BoolStorage": "BOOL",
}

// isTensor reports whether a value is what PyTorch makes a tensor of, and of what. A parameter holds one.
func isTensor(x any) (args pickle.Tuple, ok bool) {
	for range 3 {
		o, _ := x.(*pickle.Object)
		switch {
		case o == nil:
			return nil, false
		case o.Class == pickle.Global{Module: "torch._utils", Name: "_rebuild_tensor_v2"}:
			return o.Args, len(o.Args) >= 4
		case o.Class.Module == "torch._utils" && strings.HasPrefix(o.Class.Name, "_rebuild_parameter") && len(o.Args) > 0:
			x = o.Args[0]
		default:
			return nil, false
		}
	}
	return nil, false
}

// storageOf is the key of a storage, and the numbers in it.
func storageOf(p *pickle.Persistent) (key string, n number, ok bool) {
	if p == nil {
		return "", n, false
	}
	id, _ := p.ID.(pickle.Tuple)
	if len(id) < 5 || id[0] != "storage" {
		return "", n, false
	}
	class, _ := id[1].(pickle.Global)
	key, _ = id[2].(string)
	n, ok = numbers[storageTypes[class.Name]]
	return key, n, ok && class.Module == "torch"
}

// tensor reads a tensor: storage, offset, shape and strides.
func (p *pytorchFile) tensor(name string, args pickle.Tuple) (t Tensor, err error) {
	stored, _ := args[0].(*pickle.Persistent)
	key, n, ok := storageOf(stored)
	if !ok {
		return t, fmt.Errorf("tensor %s has no storage, or one of numbers that are not read", name)
	}
	n.big = p.big
	offset, ok := args[1].(int64)
	shape, ok1 := wholes(args[2])
	strides, ok2 := wholes(args[3])
	if !ok || !ok1 || !ok2 || len(shape) != len(strides) || offset < 0 {
		return t, fmt.Errorf("tensor %s is damaged", name)
	}
	size, err := sizeOf(shape)
	if err != nil {
		return t, fmt.Errorf("tensor %s %w", name, err)
	}
	if p.elements -= size; p.elements < 0 {
		return t, fmt.Errorf("tensor %s of shape %v: the tensors have more numbers than the file", name, shape)
	}
	b, ok := p.storages[key]
	if !ok {
		if b, err = p.entry("data/" + key); err != nil {
			return t, fmt.Errorf("tensor %s: %w", name, err)
		}
		p.storages[key] = b
	}
	t = Tensor{Name: name, Shape: shape, Whole: n.whole()}
	if last := lastElement(shape, strides, int(offset)); size > 0 && (last < 0 || last >= len(b)/n.size) {
		return t, fmt.Errorf("tensor %s of shape %v reaches beyond its storage of %d numbers", name, shape, len(b)/n.size)
	}
	t.Data = make([]float32, size)
	index := make([]int, len(shape))
	for i, at := range t.Data[:size] {
		place := int(offset)
		for k, x := range index {
			place += x * strides[k]
		}
		at = n.float(b[place*n.size:])
		t.Data[i] = at
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < shape[k] {
				break
			}
			index[k] = 0
		}
	}
	return t, nil
}

// lastElement is the largest place of a tensor in its storage, -1 if that cannot be.
func lastElement(shape, strides []int, at int) int {
	for k, n := range shape {
		if n == 0 {
			return 0
		}
		if n > 1 && (strides[k] < 0 || strides[k] > 1<<40/n) {
			return -1
		}
		if at += (n - 1) * max(0, strides[k]); at > 1<<40 {
			return -1
		}
	}
	return at
}

// wholes are the whole numbers of a tuple.
func wholes(x any) (list []int, ok bool) {
	t, ok := x.(pickle.Tuple)
	list = make([]int, len(t))
	for i, v := range t {
		n, whole := v.(int64)
		if !whole {
			return nil, false
		}
		list[i] = int(n)
	}
	return list, ok && len(list) <= 64
}

// keyText is a key of a dictionary as part of a name.
func keyText(key any) (string, bool) {
	switch key := key.(type) {
	case string:
		return key, true
	case int64:
		return strconv.FormatInt(key, 10), true
	}
	return "", false
}
