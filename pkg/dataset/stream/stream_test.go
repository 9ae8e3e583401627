package stream_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// loadPenguins loads real rows with gaps, numbers and a category.
func loadPenguins(t testing.TB) *dataset.Data {
	return datasettest.MustLoad(t, datasettest.DataFolder, `
  path: palmerpenguins.csv
  inputs: [bill_length_mm, {column: bill_depth_mm, normalize: log_zscore}, {column: flipper_length_mm, normalize: minmax, missing: median}, {column: body_mass_g, type: number}, {column: sex, type: category}, {column: island, encode: index}]
  target: {column: species, type: category}
  split: {train: 0.6, validation: 0.2, test: 0.2, stratify: true}
`)
}

func TestPenguins(t *testing.T) {
	d := loadPenguins(t)
	if got := fmt.Sprint(d.Train.LabelCounts()[0], d.Validation.LabelCounts()[0], d.Test.LabelCounts()[0]); got != "[92 40 74] [30 14 25] [30 14 25]" {
		t.Error(got)
	}
	if got := fmt.Sprint(d.Schema.Heads[0].Classes, d.Schema.Blocks); got != "[Adelie Chinstrap Gentoo] [{features false [7] false} {island true [] false}]" {
		t.Error(got)
	}
	for k := range 4 {
		if k == 2 {
			continue // minmax
		}
		sum, squares := 0.0, 0.0
		for _, row := range datasettest.Floats(d.Schema, d.Train, 0) {
			sum += float64(row[k])
			squares += float64(row[k]) * float64(row[k])
		}
		n := float64(d.Train.Rows())
		if mean, variance := sum/n, squares/n; mean > 1e-6 || mean < -1e-6 || variance < 0.98 || variance > 1+1e-6 {
			t.Errorf("column %d: mean %v, variance %v", k, mean, variance)
		}
	}
}

func drain(t *testing.T, st *stream.Stream, s *dataset.Schema, size int) (b *dataset.Batch, errs []error, lines []int) {
	t.Helper()
	b = s.NewBatch(0)
	for {
		part := s.NewBatch(size)
		n, err := st.Next(part, size)
		if err == io.EOF {
			return b, errs, lines
		}
		if err != nil {
			t.Fatal(err)
		}
		b.Rows += n
		for i := range s.Blocks {
			if s.Blocks[i].Ints {
				b.Ints[i] = append(b.Ints[i], part.Ints[i][:n*s.Blocks[i].Size()]...)
			} else {
				b.Floats[i] = append(b.Floats[i], part.Floats[i][:n*s.Blocks[i].Size()]...)
			}
		}
		if part.Heads[0].Ints != nil {
			b.Heads[0].Ints = append(b.Heads[0].Ints, part.Heads[0].Ints[:n]...)
		}
		if part.Heads[0].Floats != nil {
			b.Heads[0].Floats = append(b.Heads[0].Floats, part.Heads[0].Floats[:n*s.Heads[0].Width]...)
		}
		b.Weight = append(b.Weight, part.Weight[:n]...)
		errs, lines = append(errs, st.Errors()...), append(lines, st.Lines()...)
	}
}

// A stream by the schema from JSON must give the numbers that the splits have.
func TestStreamAgreesWithParts(t *testing.T) {
	d := loadPenguins(t)
	text, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var s dataset.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(&s); string(again) != string(text) {
		t.Errorf("the schema changed on its way through JSON\n%s\n%s", text, again)
	}
	f, err := os.Open(filepath.Join(datasettest.DataFolder, "palmerpenguins.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := stream.Open(&s, f, "palmerpenguins.csv", stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	all, errs, lines := drain(t, st, &s, 50)
	if all.Rows != 344 || lines[343] != 345 || slices.ContainsFunc(errs, func(e error) bool { return e != nil }) {
		t.Fatal(all.Rows, lines, errs)
	}
	for _, p := range []*dataset.Part{d.Train, d.Validation, d.Test} {
		b := s.NewBatch(1)
		for i := range p.Rows() {
			p.Fill(b, []int{i})
			at := int(p.Stored.At(i))
			if !slices.Equal(b.Floats[0], all.Floats[0][at*7:at*7+7]) || b.Ints[1][0] != all.Ints[1][at] || b.Heads[0].Ints[0] != all.Heads[0].Ints[at] {
				t.Fatalf("row %d: %v, in the stream %v", at, b.Floats[0], all.Floats[0][at*7:at*7+7])
			}
		}
	}
}

// LoadWith keeps the fitted statistics though the training rows are others now.
func TestLoadWith(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,u\n3,v\n", "e.csv": "x,y\n10,v\n", "f.csv": "z,y\n1,u\n"})
	s := datasettest.MustLoad(t, dir, "{train: d.csv, target: y}").Schema
	load := func(file string) (*dataset.Data, int) {
		settings, p := datasettest.SettingsOf(t, "{train: "+file+", target: y}")
		d := dataset.LoadWith(settings, s, dir, 1, p)
		return d, p.Len()
	}
	d, n := load("e.csv")
	if n != 0 || !slices.Equal(datasettest.Floats(s, d.Train, 0)[0], []float32{8}) {
		t.Error(n, d)
	}
	if _, n := load("f.csv"); n != 1 {
		t.Error(n)
	}
}

func TestStreams(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{
		"d.csv": "a,c,y,w\n1,u,2,1\n3,v,4,1\n",
		"n.csv": "1,u,2,1\n3,v,4,1\n",
	})
	named := datasettest.MustLoad(t, dir, `{train: d.csv, target: y, weight: w, missing_values: ["?"], inputs: [a, {column: c, missing: error}]}`).Schema
	listed := datasettest.MustLoad(t, dir, `{train: n.csv, header: [a, c, y, w], target: y, weight: w, inputs: [a, {column: c, missing: error}]}`).Schema
	for _, c := range []struct {
		about        string
		s            *dataset.Schema
		name, text   string
		o            stream.Options
		want         string // floats and errors of the rows
		header, fail string
	}{
		{"as trained", named, "-", "a,c,y,w\n1,u,2,1\n", stream.Options{}, "-1 1 0", "a c y w", ""},
		{"any order, others ignored, no target", named, "x.csv", "q,c,a\n9,v,3\n", stream.Options{}, "1 0 1", "q c a", ""},
		{"gap and unseen word", named, "x.csv", "c,a\nz,?\n", stream.Options{}, "0 0 0", "c a", ""},
		{"bad rows keep their place", named, "x.csv", "c,a\nu,1\nu,x\n,1\nu\n\"u,1\n", stream.Options{},
			`-1 1 0/line 3: column "a": "x" is not a number/line 4: column "c": is missing/line 5: 1 field, but there are 2 columns/line 6: the quote that opens in line 6`, "c a", ""},
		{"all missing columns", named, "x.csv", "b\n1\n", stream.Options{WithTarget: true}, "", "", "columns are missing: a, c, y"},
		{"one missing column", named, "x.csv", "A,c\n1,u\n", stream.Options{}, "", "", `no column "a" (did you mean A?)`},
		{"doubled column", named, "x.csv", "a,c,a\n1,u,1\n", stream.Options{}, "", "", "duplicate columns: a"},
		{"missing target", named, "x.csv", "a,c,y,w\n1,u,,1\n1,u,2,-1\n", stream.Options{WithTarget: true}, `line 3: column "w": "-1" is not a weight: expected a number of 0 or more`, "a c y w", ""},
		{"no weight", named, "x.csv", "a,c,y\n1,u,2\n", stream.Options{WithTarget: true}, "-1 1 0", "a c y", ""},
		{"repeated header", named, "x.csv", "a,c\n1,u\na,c\n3,v\n", stream.Options{}, "-1 1 0/1 0 1", "a c", ""},
		{"utf-16", named, "x.csv", "\xff\xfea\x00,\x00c\x00\n\x001\x00,\x00u\x00\n\x00", stream.Options{}, "-1 1 0", "a c", ""},
		{"sep=", named, "x.csv", "sep=;\na;c\n1;u\n", stream.Options{}, "-1 1 0", "a c", ""},
		{"tab", named, "x.tsv", "a\tc\n1\tu\n", stream.Options{}, "-1 1 0", "a c", ""},
		{"another delimiter", named, "x.csv", "a;c\n1;u\n", stream.Options{Delimiter: ";"}, "-1 1 0", "a c", ""},
		{"a delimiter for all else", named, "x.tsv", "a;c\n1;u\n", stream.Options{Delimiter: ";"}, "", "", "only CSV has a delimiter"},
		{"two characters", named, "x.csv", "", stream.Options{Delimiter: "::"}, "", "", "must be one character"},
		{"not the delimiter", named, "x.csv", "a;c;d\n1;u;\n", stream.Options{}, "", "", "x.csv: the header has 2 semicolons but no comma"},
		{"tabs", named, "-", "a\tc\n1\tu\n", stream.Options{}, "", "", "the header has 1 tab but no comma"},
		{"commas", named, "x.tsv", "a,c\n1,u\n", stream.Options{}, "", "", "the header has 1 comma but no tab"},
		{"json lines", named, "x.jsonl", "{\"c\":\"u\",\"a\":1}\n{\"a\":\"?\",\"c\":\"v\"}\n{\"a\":\n", stream.Options{}, `-1 1 0/0 0 1/line 3: not a JSON object: "{\"a\":"`, "c a", ""},
		{"json array", named, "x.json", "[{\"c\":\"u\",\n\"a\":1},\n{\"a\":NaN,\"c\":\"v\"}]", stream.Options{Format: "jsonl"}, "-1 1 0/0 0 1", "c a", ""},
		{"asked for", named, "-", "{\"c\":\"u\",\"a\":1}\n", stream.Options{Format: "jsonl"}, "-1 1 0", "c a", ""},
		{"json lines, a key nowhere", named, "x.jsonl", "{\"c\":\"u\"}\n{\"c\":\"v\"}\n", stream.Options{}, "0 1 0/0 0 1", "c a", ""},
		{"json lines, a gap that is an error", named, "x.jsonl", "{\"a\":1}\n", stream.Options{}, `line 1: column "c": is missing`, "a c", ""},
		{"json lines, a key misspelt", named, "x.jsonl", "{\"c\":\"u\",\"A\":1}\n", stream.Options{}, "", "", `no column "a" (did you mean A?)`},
		{"json lines, no key at all", named, "x.jsonl", "{\"q\":1}\n", stream.Options{}, "", "", "columns are missing: a, c"},
		{"json lines, no target", named, "x.jsonl", "{\"a\":1,\"c\":\"u\",\"w\":1}\n", stream.Options{WithTarget: true}, "", "", `no column "y"`},
		{"listed names, another delimiter", listed, "x.csv", "1;u\n", stream.Options{Delimiter: ";"}, "-1 1 0", "a c", ""},
		{"the wrong delimiter, in quotes", named, "x.csv", "\"c\";\"a\"\nu;1\n", stream.Options{}, "", "", "x.csv: the header has 1 semicolon but no comma"},
		{"a workbook", named, "x.csv", "PK\x03\x04 ", stream.Options{}, "", "", "x.csv: is a zip archive"},
		{"unknown format", named, "-", "", stream.Options{Format: "cvs"}, "", "", "did you mean csv?"},
		{"no rows in images", named, "x.idx", "", stream.Options{}, "", "", "idx has no rows"},
		{"empty", named, "x.csv", "", stream.Options{}, "", "", "the file is empty"},
		{"header only", named, "x.csv", "a,c\n", stream.Options{}, "", "a c", ""},
		{"listed names", listed, "x.csv", "1,u,2,1\n", stream.Options{}, "-1 1 0", "a c y w", ""},
		{"listed names, no target", listed, "x.csv", "1,u\n", stream.Options{}, "-1 1 0", "a c", ""},
		{"listed names, but a header", listed, "x.csv", "y,c,a\n2,u,1\n", stream.Options{}, "-1 1 0", "y c a", ""},
		{"listed names, too few", listed, "x.csv", "1\n", stream.Options{}, "", "", "header lists 4 names"},
	} {
		t.Run(c.about, func(t *testing.T) {
			st, err := stream.Open(c.s, strings.NewReader(c.text), c.name, c.o)
			if err != nil {
				if c.fail == "" || !strings.Contains(err.Error(), c.fail) {
					t.Errorf("%v, want %q", err, c.fail)
				}
				return
			}
			if c.fail != "" {
				t.Fatalf("no error, want %q", c.fail)
			}
			b := c.s.NewBatch(10)
			n, err := st.Next(b, 10)
			if (n == 0) != (err == io.EOF) {
				t.Fatal(n, err)
			}
			var rows []string
			for i := range n {
				row := strings.Trim(fmt.Sprint(b.Floats[0][i*3:i*3+3]), "[]")
				if e := st.Errors()[i]; e != nil {
					if row != "0 0 0" || b.Weight[i] != 0 {
						t.Error("a bad row must hold zeros")
					}
					row = strings.Split(e.Error(), " (")[0]
				} else if b.Weight[i] != 1 {
					t.Error("weight", b.Weight[i])
				}
				rows = append(rows, row)
			}
			if got := strings.Join(rows, "/"); got != c.want || strings.Join(st.Header(), " ") != c.header {
				t.Errorf("got  %s\nwant %s\nheader %v", got, c.want, st.Header())
			}
			if len(st.Records()) != n || len(st.Lines()) != n || strings.HasSuffix(c.name, "jsonl") && len(st.Raw()) != n {
				t.Error(st.Records(), st.Lines(), st.Raw())
			}
		})
	}
}

// Most numbers are read without a look at the rest of a field. Fields that need one are as in training: gaps that are numbers,
// spaces, and numbers that a column writes in another form.
func TestNumbersOfEveryWriting(t *testing.T) {
	rows := "a,b,c,w,y\n"
	for i := range 30 {
		rows += fmt.Sprintf("%d,%d,\"%d.%03d,5\",%c,%d\n", i, -i, 1+i%9, i, 'u'+i%3, i)
	}
	rows += "-999, 7 ,\"1.234\",u,1\n-999.0,,\"2,25\",v,2\n1e2,+.5,-999,w,3\n5.,0x10,7,w,4\n1_0,2,3,u,5\n3,-999,,v,6\n"
	const settings = `{path: d.csv, missing_values: [-999], inputs: [{columns: [a, b], name: ab, type: number}, {column: c, type: number}, {column: w, type: category}], target: y, split: {validation: 0, test: 0}}`
	good := strings.NewReplacer("0x10", "16", "1_0", "10").Replace(rows)
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": good}), settings)
	read := func(text string) ([]float32, []error) {
		st, err := stream.Open(d.Schema, strings.NewReader(text), "d.csv", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b, errs, _ := drain(t, st, d.Schema, 7)
		return b.Floats[0], errs
	}
	got, errs := read(good)
	if want := slices.Concat(datasettest.Floats(d.Schema, d.Train, 0)...); !slices.Equal(got, want) || slices.ContainsFunc(errs, func(e error) bool { return e != nil }) {
		t.Errorf("rows are %v, in training %v; %v", got, want, errs)
	}
	_, errs = read(rows)
	if e := fmt.Sprint(errs[33:35]); !strings.Contains(e, `"0x10" is not a number`) || !strings.Contains(e, `"1_0" is not a number`) {
		t.Error(e)
	}
}

func TestStreamKeepsRawFields(t *testing.T) {
	d, _ := datasettest.LoadTable(t, "a,y\n1,2\n3,4\n", "target: y")
	st, err := stream.Open(d.Schema, strings.NewReader("name,a\n x ,NA\ny, 3 \n"), "-", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(1)
	for _, want := range []string{"[x  NA]", "[y 3 ]"} {
		if _, err := st.Next(b, 1); err != nil || fmt.Sprint(st.Records()[0]) != want {
			t.Errorf("%q", st.Records())
		}
	}
}

// Words that training never saw are counted, but for those that were rare there, gaps and bad rows.
func TestStreamCountsUnseenWords(t *testing.T) {
	d, _ := datasettest.LoadTable(t, "a,b,c,x,y\nu,p,q,1,1\nv,p,q,2,2\nu,p,r,3,3\nv,p,q,4,4\n",
		"inputs: [{column: a, type: category}, {columns: [b, c], type: category, encode: index, min_count: 2}, x], target: y")
	e, _ := datasettest.LoadTable(t, "a,b,x,y\nu,p,1,1\nv,p,2,2\n", "inputs: [{column: a, type: category}, {column: b, type: category, encode: index}, x], target: y")
	for _, c := range []struct {
		s          *dataset.Schema
		text, want string
	}{
		{d.Schema, "a,b,c,x\nu,p,q,1\nw,p,r,1\nw,o,o,1\n,p,q,1\nw,p,q,no\n", "2 [{a 2} {b 1} {c 1}]"},
		{e.Schema, "a,b,x\nu,o,1\nw,o,1\nu,p,1\n", "2 [{b 2} {a 1}]"},
		{e.Schema, "a,b,x\nu,p,1\n", "0 []"},
	} {
		st, err := stream.Open(c.s, strings.NewReader(c.text), "x.csv", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		drain(t, st, c.s, 2)
		rows, columns := st.Unseen()
		if got := fmt.Sprint(rows, columns); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestSchemaFromBrokenJSON(t *testing.T) {
	for _, text := range []string{`{`, `{"inputs":[{"name":"a","block":0}]}`, `{"inputs":[{"name":"a","fitted":{"type":"holograph"}}]}`,
		`{"target":{"columns":[{"type":"x"}]}}`, `{"format":{"type":"x"}}`, `{"inputs":[{"name":"a","block":3,"fitted":{"type":"number"}}]}`} {
		if err := json.Unmarshal([]byte(text), &dataset.Schema{}); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	d := loadPenguins(t)
	b := d.Schema.NewBatch(32)
	rows := make([]int, 32)
	for i := range rows {
		rows[i] = i * 5
	}
	if n := testing.AllocsPerRun(20, func() { d.Train.Fill(b, rows) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// repeated is a table without end, in constant memory.
type repeated struct {
	header, row string
	rows, at    int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.header != "" {
		n := copy(p, r.header)
		r.header = r.header[n:]
		return n, nil
	}
	n := 0
	for r.rows > 0 && n < len(p) {
		k := copy(p[n:], r.row[r.at:])
		n += k
		if r.at += k; r.at == len(r.row) {
			r.at = 0
			r.rows--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestStreamMemoryIsFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 300,000 rows")
	}
	d := loadPenguins(t)
	st, err := stream.Open(d.Schema, &repeated{header: "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n", row: "Torgersen,39.1,18.7,181,3750,male,2007\n", rows: 300_000}, "-", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(256)
	total, peak := 0, uint64(0)
	for {
		n, err := st.Next(b, 256)
		if err == io.EOF {
			break
		}
		if total += n; total%(256*200) == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if total != 300_000 || peak > 8<<20 {
		t.Errorf("%d rows, %d bytes in use", total, peak)
	}
}

// Words in another encoding would not come back from a model's file as they were, so they are mistakes everywhere.
func TestOtherEncodings(t *testing.T) {
	for _, text := range []string{"a,y\ncaf\xe9,u\nx,v\n", "a,y\nx,caf\xe9\nx,v\n"} {
		if _, problems := datasettest.LoadTable(t, text, "inputs: [{column: a, type: category}], target: {column: y, type: category}"); !strings.Contains(problems, `"caf\xe9" is not UTF-8, but fits windows-1252; set encoding: windows-1252`) {
			t.Errorf("%q: %q", text, problems)
		}
	}
	d, _ := datasettest.LoadTable(t, "a,y\nx,u\nz,v\n", "inputs: [{column: a, type: category}], target: {column: y, type: category}")
	st, err := stream.Open(d.Schema, strings.NewReader("a\nx\ncaf\xe9\n"), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Next(d.Schema.NewBatch(4), 4); err != nil || st.Errors()[0] != nil || st.Errors()[1] == nil {
		t.Error(err, st.Errors())
	}
}
