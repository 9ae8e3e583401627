package tensors

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
)

// writePyTorch writes a state_dict as torch.save does, which torch.load reads with weights_only=True.
func writePyTorch(path string, list []Tensor) error {
	description := pickled(list)
	return writeZip(path, len(list)+3, func(i int) (string, func(w io.Writer) error) {
		text := func(b []byte) func(w io.Writer) error {
			return func(w io.Writer) error {
				_, err := w.Write(b)
				return err
			}
		}
		switch k := i - 2; {
		case i == 0:
			return "weights/data.pkl", text(description)
		case i == 1:
			return "weights/byteorder", text([]byte("little"))
		case k < len(list):
			return "weights/data/" + strconv.Itoa(k), func(w io.Writer) error { return writeNumbers(w, &list[k]) }
		}
		return "weights/version", text([]byte("3\n"))
	})
}

// pickled is a pickle of protocol 2: an OrderedDict of tensors, each of a storage of its own.
func pickled(list []Tensor) []byte {
	var b bytes.Buffer
	text := func(s string) {
		b.WriteByte('X')
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))
		b.WriteString(s)
	}
	whole := func(n int) {
		if n >= 0 && n < 1<<31 {
			b.WriteByte('J')
			b.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
			return
		}
		b.WriteString("\x8a\x08")
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	}
	wholes := func(list []int) {
		b.WriteByte('(')
		for _, n := range list {
			whole(n)
		}
		b.WriteByte('t')
	}
	b.WriteString("\x80\x02ccollections\nOrderedDict\n)R(")
	for i, t := range list {
		text(t.Name)
		b.WriteString("ctorch._utils\n_rebuild_tensor_v2\n((")
		text("storage")
		if t.Whole {
			b.WriteString("ctorch\nLongStorage\n")
		} else {
			b.WriteString("ctorch\nFloatStorage\n")
		}
		text(strconv.Itoa(i))
		text("cpu")
		whole(len(t.Data))
		b.WriteString("tQ") // what lies outside of the pickle
		whole(0)
		wholes(t.Shape)
		strides, step := make([]int, len(t.Shape)), 1
		for k := len(t.Shape) - 1; k >= 0; k-- {
			strides[k] = step
			step *= t.Shape[k]
		}
		wholes(strides)
		b.WriteString("\x89ccollections\nOrderedDict\n)RtR")
	}
	b.WriteString("u.")
	return b.Bytes()
}
