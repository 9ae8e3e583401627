package tensors_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/tensors"
)

// pickleOf is a .pt file with this pickle, and one storage of 4 bytes.
func pickleOf(t *testing.T, pickle string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"data.pkl": pickle, "data/0": "\x00\x00\x80\x3f"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "x/" + name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.pt")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// text is a text of a pickle, and tensorOf one number seen as a tensor of so many rows of 1000, at distances.
func text(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func tensorOf(rows uint32, distance string) string {
	storage := "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\x01tQ"
	shape := "(J" + string(binary.LittleEndian.AppendUint32(nil, rows)) + "M\xe8\x03t"
	return "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + "K\x00" + shape + "(" + distance + distance + "t\x89NtR"
}

// A pickle runs nothing, and describes no more numbers than the file has.
func TestHostilePickles(t *testing.T) {
	key := text("w")
	for name, c := range map[string]struct{ pickle, want string }{
		"code":      {"\x80\x02cos\nsystem\n" + text("touch hacked") + "\x85R.", "no tensors"},
		"a value":   {"\x80\x02}" + key + "cos\nsystem\n" + text("touch hacked") + "\x85Rs.", "no tensors"},
		"huge":      {"\x80\x02}" + key + tensorOf(1<<20, "K\x00") + "s.", "more numbers than the file"},
		"beyond":    {"\x80\x02}" + key + tensorOf(1, "K\x01") + "s.", "beyond its storage"},
		"backwards": {"\x80\x02}" + key + tensorOf(1, "J\xff\xff\xff\xff") + "s.", "beyond its storage"},
		"circle":    {"\x80\x02}q\x00" + key + "h\x00s.", "without end"},
		"twice":     {"\x80\x02}q\x00(" + text("a") + "h\x00" + text("b") + "h\x00u.", "without end"},
		"cut":       {"\x80\x02}" + key, "ends within a pickle"},
		"no stack":  {"\x80\x020.", "damaged"},
		"long text": {"\x80\x02X\xff\xff\xff\x7f.", "ends within a pickle"},
	} {
		if _, err := tensors.Read(pickleOf(t, c.pickle)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := os.Stat("hacked"); err == nil {
		t.Error("a pickle ran a command")
	}
}

// A tree of an HDF5 file that leads back to itself is not followed for long, nor is a heap that lies outside.
func TestHostileHDF5(t *testing.T) {
	whole, err := os.ReadFile("../../testdata/weights/keras_gru.weights.h5")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.h5")
	for mark, at := range map[string]int{"TREE": 32, "SNOD": 16, "HEAP": 24} {
		to := uint64(96) // the root group
		if mark == "HEAP" {
			to = 1 << 40
		}
		b := bytes.Clone(whole)
		for i := bytes.Index(b, []byte(mark)); i >= 0; {
			binary.LittleEndian.PutUint64(b[i+at:], to)
			next := bytes.Index(b[i+4:], []byte(mark))
			if next < 0 {
				break
			}
			i += 4 + next
		}
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := tensors.Read(path); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", mark, err)
		}
	}
}
