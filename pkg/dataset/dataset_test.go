package dataset

import (
	"bytes"
	"compress/gzip"
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

	"dnn/pkg/spec"
)

// write puts files into a new folder; names ending in .gz are packed.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			z := gzip.NewWriter(f)
			z.Write([]byte(text))
			z.Close()
		} else {
			f.WriteString(text)
		}
		f.Close()
	}
	return dir
}

// settingsOf decodes a dataset section that has no mistakes.
func settingsOf(t testing.TB, section string) (*Settings, *spec.Problems) {
	t.Helper()
	settings, doc, p := decode(t, section)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	return settings, p
}

func decode(t testing.TB, section string) (*Settings, *spec.Document, *spec.Problems) {
	t.Helper()
	doc, err := spec.Parse("spec.yaml", []byte("dataset: "+section), nil)
	if err != nil {
		t.Fatal(err)
	}
	var top struct{ Dataset Settings }
	p := &spec.Problems{}
	doc.Decode(&top, p)
	return &top.Dataset, doc, p
}

// tryLoad decodes a dataset section and loads it. problems are the mistakes, one a line.
func tryLoad(t testing.TB, dir, section string, seed uint64) (d *Data, problems string) {
	t.Helper()
	settings, doc, p := decode(t, section)
	d = Load(settings, dir, seed, p, KeepPictures())
	if err := p.Err(doc); err != nil {
		problems = err.Error()
	}
	return d, problems
}

// mustLoad is tryLoad for a section without mistakes.
func mustLoad(t testing.TB, dir, section string) *Data {
	t.Helper()
	d, problems := tryLoad(t, dir, section, 1)
	if problems != "" {
		t.Fatalf("%s\n%s", section, problems)
	}
	return d
}

// loadTable loads a CSV text. All its rows are training rows unless the section says otherwise.
func loadTable(t testing.TB, csv, section string) (*Data, string) {
	t.Helper()
	return tryLoad(t, write(t, map[string]string{"d.csv": csv}), "{train: d.csv, "+section+"}", 1)
}

// floats returns the rows of a block of a part.
func floats(s *Schema, p *Part, block int) [][]float32 {
	b := s.NewBatch(p.Rows())
	p.FillFrom(b, 0, p.Rows())
	var rows [][]float32
	size := s.Blocks[block].Size()
	for i := range p.Rows() {
		rows = append(rows, b.Floats[block][i*size:(i+1)*size])
	}
	return rows
}

func noted(d *Data, part string) bool {
	return slices.ContainsFunc(d.Notes, func(n spec.Note) bool { return strings.Contains(n.String(), part) })
}

// count makes a table of the numbers 1, 2, … in the column v, with further columns made from them.
func countTable(rows int, header string, more func(i int) string) string {
	var b strings.Builder
	b.WriteString("v" + header + "\n")
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, "%d%s\n", i, more(i))
	}
	return b.String()
}

func nothing(int) string { return "" }

// again writes a schema and reads it, as a model file does.
func again(t *testing.T, s *Schema) *Schema {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	other := &Schema{}
	if err := json.Unmarshal(data, other); err != nil {
		t.Fatal(err)
	}
	return other
}

// idxText is an IDX file.
func idxText(kind byte, data string, shape ...int) string {
	text := []byte{0, 0, kind, byte(len(shape))}
	for _, d := range shape {
		text = binary.BigEndian.AppendUint32(text, uint32(d))
	}
	return string(text) + data
}

// grey is a picture of one grey, and coloured one of one colour, in the form that the ending of its name tells.
func grey(w, h int, v byte) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = v
	}
	return m
}

func coloured(w, h int, c color.NRGBA) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, 255
	}
	return m
}

// draw writes pictures into a folder, and texts as they are.
func draw(t testing.TB, dir string, files map[string]any) string {
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
				err = gif.Encode(&b, m, &gif.Options{NumColors: 256, Quantizer: greys{}})
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

// photos writes a table that names pictures beside other columns, which are normalized by nothing.
func photos(t *testing.T, table, text string) string {
	t.Helper()
	dir := draw(t, t.TempDir(), map[string]any{
		"data/p/a.png": grey(2, 2, 1), "data/p/b c.png": grey(4, 4, 2), "data/p/ü.jpg": grey(2, 2, 3), "data/red.png": coloured(2, 2, color.NRGBA{R: 255}), "data/broken.png": "oh",
	})
	return draw(t, dir, map[string]any{table: text})
}

// recordings are a few sequences of different lengths, by their files; long is the same in one table.
func recordings() (files map[string]any, long string) {
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
