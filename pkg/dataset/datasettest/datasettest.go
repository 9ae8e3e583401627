// Package datasettest writes small datasets and loads them, for the tests of the packages of the data side.
package datasettest

import (
	"bytes"
	"compress/gzip"
	"dnn/pkg/dataset"
	"dnn/pkg/spec"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Write puts files into a new folder; names ending in .gz and .zst are packed.
func Write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(name) {
		case ".gz":
			z := gzip.NewWriter(f)
			z.Write([]byte(text))
			z.Close()
		case ".zst":
			z, _ := zstd.NewWriter(f)
			z.Write([]byte(text))
			z.Close()
		default:
			f.WriteString(text)
		}
		f.Close()
	}
	return dir
}

// SettingsOf decodes a dataset section that has no mistakes.
func SettingsOf(t testing.TB, section string) (*dataset.Settings, *spec.Problems) {
	t.Helper()
	settings, doc, p := Decode(t, section)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	return settings, p
}

// Decode reads a dataset section.
func Decode(t testing.TB, section string) (*dataset.Settings, *spec.Document, *spec.Problems) {
	t.Helper()
	doc, err := spec.Parse("spec.yaml", []byte("dataset: "+section), nil)
	if err != nil {
		t.Fatal(err)
	}
	var top struct{ Dataset dataset.Settings }
	p := &spec.Problems{}
	doc.Decode(&top, p)
	return &top.Dataset, doc, p
}

// TryLoad decodes a dataset section and loads it. problems are the mistakes, one a line.
func TryLoad(t testing.TB, dir, section string, seed uint64) (d *dataset.Data, problems string) {
	t.Helper()
	settings, doc, p := Decode(t, section)
	d = dataset.Load(settings, dir, seed, p, dataset.KeepImages())
	if err := p.Err(doc); err != nil {
		problems = err.Error()
	}
	return d, problems
}

// MustLoad is tryLoad for a section without mistakes.
func MustLoad(t testing.TB, dir, section string) *dataset.Data {
	t.Helper()
	d, problems := TryLoad(t, dir, section, 1)
	if problems != "" {
		t.Fatalf("%s\n%s", section, problems)
	}
	return d
}

// LoadTable loads a CSV text. All its rows are training rows unless the section says otherwise.
func LoadTable(t testing.TB, csv, section string) (*dataset.Data, string) {
	t.Helper()
	return TryLoad(t, Write(t, map[string]string{"d.csv": csv}), "{train: d.csv, "+section+"}", 1)
}

// Floats returns the rows of a block of a split.
func Floats(s *dataset.Schema, p *dataset.Part, block int) [][]float32 {
	b := s.NewBatch(p.Rows())
	p.FillFrom(b, 0, p.Rows())
	var rows [][]float32
	size := s.Blocks[block].Size()
	for i := range p.Rows() {
		rows = append(rows, b.Floats[block][i*size:(i+1)*size])
	}
	return rows
}

// Noted reports whether a note on the data holds a text.
func Noted(d *dataset.Data, part string) bool {
	return slices.ContainsFunc(d.Notes, func(n spec.Note) bool { return strings.Contains(n.String(), part) })
}

// count makes a table of the numbers 1, 2, … in the column v, with further columns made from them.
func CountTable(rows int, header string, more func(i int) string) string {
	var b strings.Builder
	b.WriteString("v" + header + "\n")
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, "%d%s\n", i, more(i))
	}
	return b.String()
}

// Nothing is what CountTable takes where there are no further columns.
func Nothing(int) string { return "" }

// Again writes a schema and reads it, as a model file does.
func Again(t *testing.T, s *dataset.Schema) *dataset.Schema {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	other := &dataset.Schema{}
	if err := json.Unmarshal(data, other); err != nil {
		t.Fatal(err)
	}
	return other
}

// IdxText is an IDX file.
func IdxText(kind byte, data string, shape ...int) string {
	text := []byte{0, 0, kind, byte(len(shape))}
	for _, d := range shape {
		text = binary.BigEndian.AppendUint32(text, uint32(d))
	}
	return string(text) + data
}

// Grey is an image of one grey, and coloured one of one colour, in the format of its extension.
func Grey(w, h int, v byte) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = v
	}
	return m
}

// Coloured is an image of one colour.
func Coloured(w, h int, c color.NRGBA) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, 255
	}
	return m
}

// Draw writes images into a folder, and texts as they are.
func Draw(t testing.TB, dir string, files map[string]any) string {
	t.Helper()
	for name, what := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		var err error
		switch m := what.(type) {
		case string:
			b.WriteString(m)
		case image.Image:
			switch strings.ToLower(filepath.Ext(name)) {
			case ".jpg", ".jpeg":
				err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 100})
			case ".gif":
				err = gif.Encode(&b, m, &gif.Options{NumColors: 256, Quantizer: Greys{}})
			default:
				err = png.Encode(&b, m)
			}
		}
		if err == nil {
			err = os.WriteFile(full, b.Bytes(), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Photos writes a table that names images next to other columns, which are normalized by nothing.
func Photos(t *testing.T, table, text string) string {
	t.Helper()
	dir := Draw(t, t.TempDir(), map[string]any{
		"data/p/a.png": Grey(2, 2, 1), "data/p/b c.png": Grey(4, 4, 2), "data/p/ü.jpg": Grey(2, 2, 3), "data/red.png": Coloured(2, 2, color.NRGBA{R: 255}), "data/broken.png": "oh",
	})
	return Draw(t, dir, map[string]any{table: text})
}

// Recordings are a few sequences of different lengths, by their files; long is the same in one table.
func Recordings() (files map[string]any, long string) {
	var rows strings.Builder
	rows.WriteString("id,class,x,y\n")
	files = map[string]any{}
	for i, class := range []string{"run", "run", "run", "run", "walk", "walk", "walk", "walk"} {
		name := fmt.Sprintf("%s/%03d.csv", class, i)
		var one strings.Builder
		one.WriteString("x,y\n")
		for step := range 3 + i%4 {
			fields := fmt.Sprintf("%g,%g", float64(i)+0.1*float64(step*step), float64(step)/7)
			if i == 2 && step == 1 {
				fields = "," + fmt.Sprint(i)
			}
			one.WriteString(fields + "\n")
			fmt.Fprintf(&rows, "%s,%s,%s\n", name, class, fields)
		}
		files["set/"+name] = one.String()
	}
	return files, rows.String()
}

func (Greys) Quantize(p color.Palette, _ image.Image) color.Palette {
	for v := range 256 {
		p = append(p, color.Gray{byte(v)})
	}
	return p
}

// Greys is a palette of greys.
type Greys struct{}

const ImagesAlone = "inputs: [{column: image, type: image, normalize: none}], "

const DataFolder = "../../../testdata/data"

const PhotoInputs = "inputs: [{column: photo, width: 2, height: 2, channels: 1, normalize: none}, {column: x, type: number, normalize: none}], target: {column: y, type: number, normalize: none}"

// WithMost are buckets with another limit for a block.
func WithMost(b dataset.Buckets, block, steps int, why string) dataset.Buckets {
	b[block].MaxSteps, b[block].Why = steps, why
	return b
}
