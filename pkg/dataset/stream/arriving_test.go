package stream_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
)

const arrivingSpec = `
  train: x.%s
  inputs: [{column: a, type: number}, {column: b, type: text, tokenizer: {type: word, min_count: 1}}]
  target: {column: y, type: number}
`

// arrivingSchema is that of rows in a form.
func arrivingSchema(t *testing.T, form, rows string) *dataset.Schema {
	t.Helper()
	return datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x." + form: rows}), fmt.Sprintf(arrivingSpec, form)).Schema
}

// Each row is read before the next one is written; a script may wait for its answer.
func TestRowsAreReadAsTheyCome(t *testing.T) {
	csv := arrivingSchema(t, "csv", "a,b,y\n1,red fox,1\n2,blue,2\n")
	commented := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": "a,b,y\n1,red fox,1\n2,blue,2\n"}), fmt.Sprintf(arrivingSpec, "csv")+`  comment: "#"`).Schema
	jsonl := arrivingSchema(t, "jsonl", `{"a":1,"b":"red fox","y":1}`+"\n"+`{"a":2,"b":"blue","y":2}`+"\n")
	for name, c := range map[string]struct {
		s     *dataset.Schema
		o     stream.Options
		head  string
		lines []string // each a row
		bad   []int
	}{
		"csv":      {csv, stream.Options{}, "a,b\n", []string{"1,red\n", "\n2,blue\r\n", "x,blue\n", "3,\"two\nlines\"\n", "4,a \"quote\n", "5,\n"}, []int{2, 4}},
		"tsv":      {csv, stream.Options{Format: "tsv"}, "a\tb\n", []string{"1\tred\n", "2\tblue \"sky\n", "3\n", "4\tx\n"}, []int{2}},
		"no names": {csv, stream.Options{}, "", []string{"a,b\n1,red\n", "2,blue\n"}, nil},
		"comments": {commented, stream.Options{}, "# x\na,b\n", []string{"1,red\n# one\n", "# two\n\n2,blue\n#\n", "3,\"#\n#\"\n"}, nil},
		"array":    {jsonl, stream.Options{}, "[", []string{"{\"a\":1,\n\"b\":\"red\"},\n", "{\"a\":2},\n ", "{\"a\":3}\n", ", {\"a\":4}]\n"}, nil},
		"jsonl":    {jsonl, stream.Options{}, "", []string{`{"a":1,"b":"red"}` + "\n", "\n" + `{"b":"blue \" sky","a":2,"c":3}` + "\n", "{broken\n", `{"a":4}` + "\n"}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			r, w := io.Pipe()
			c.o.Prompt = true
			next := make(chan bool) // asks for a line to be written
			go func() {
				io.WriteString(w, c.head)
				for _, line := range c.lines {
					<-next
					io.WriteString(w, line)
				}
				<-next
				w.Close()
			}()
			go func() { next <- true }()
			st, err := stream.Open(c.s, r, "", c.o)
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			b := c.s.NewBatch(8)
			for i := range c.lines {
				if i > 0 {
					next <- true
				}
				n, err := st.Next(b, 8)
				if n != 1 || err != nil {
					t.Fatalf("row %d: %d rows, %v", i, n, err)
				}
				if bad := st.Errors()[0] != nil; bad != slices.Contains(c.bad, i) {
					t.Errorf("row %d: %v", i, st.Errors()[0])
				}
				if !st.Waits() {
					t.Errorf("row %d is there, and no other, but it does not wait", i)
				}
			}
			next <- true
			if n, err := st.Next(b, 8); n != 0 || err != io.EOF {
				t.Errorf("at the end: %d rows, %v", n, err)
			}
		})
	}
}

// Rows that come with a broken one are not held back by it: it may go on for many lines.
func TestRowsBeforeAnOpenQuote(t *testing.T) {
	s := arrivingSchema(t, "csv", "a,b,y\n1,red fox,1\n2,blue,2\n")
	r, w := io.Pipe()
	go io.WriteString(w, "a,b\n1,red\n2,blue\n3,\"open\n")
	st, err := stream.Open(s, r, "", stream.Options{Prompt: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if n, err := st.Next(s.NewBatch(8), 8); n != 2 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	go func() {
		io.WriteString(w, "field\"\n")
		w.Close()
	}()
	if n, err := st.Next(s.NewBatch(8), 8); n != 1 || err != nil || st.Records()[0][1] != "open\nfield" {
		t.Errorf("%d rows, %v, %q", n, err, st.Records())
	}
}

// What comes all at once, packed or not, in pieces of any size, comes in full batches but for the last rows; those are counted
// by powers of two only while more may come.
func TestRowsThatAreThereFillBatches(t *testing.T) {
	s := arrivingSchema(t, "csv", "a,b,y\n1,red fox,1\n2,blue,2\n")
	var text bytes.Buffer
	text.WriteString("a,b\n")
	for i := range 30_000 {
		fmt.Fprintf(&text, "%d,%s\n", i, strings.Repeat("red ", i%7))
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(text.Bytes())
	z.Close()
	for name, r := range map[string]io.Reader{"plain": &text, "packed": &packed} {
		st, err := stream.Open(s, r, "", stream.Options{Prompt: true})
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(1024)
		rows, batches := 0, 0
		for {
			n, err := st.Next(b, 1024)
			if err == io.EOF {
				break
			}
			for i, e := range st.Errors() {
				if e != nil || st.Records()[i][0] != fmt.Sprint(rows+i) {
					t.Fatalf("%s: row %d: %v %q", name, rows+i, e, st.Records()[i])
				}
			}
			rows, batches = rows+n, batches+1
		}
		if st.Close(); rows != 30_000 || batches > 60 {
			t.Errorf("%s: %d rows in %d batches", name, rows, batches)
		}
	}
	r, w := io.Pipe()
	go io.WriteString(w, "a,b\n"+strings.Repeat("1,red\n", 13))
	st, err := stream.Open(s, r, "", stream.Options{Prompt: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, want := range []int{8, 4, 1} {
		if n, err := st.Next(s.NewBatch(64), 64); n != want || err != nil {
			t.Errorf("%d rows, not %d, %v", n, want, err)
		}
	}
}

// A steady stream whose pauses are too short to count is answered in time.
func TestRowsDoNotWaitForAFullBatch(t *testing.T) {
	s := arrivingSchema(t, "csv", "a,b,y\n1,red fox,1\n2,blue,2\n")
	r, w := io.Pipe()
	go func() {
		for line := "a,b\n"; ; line = "1,red\n" {
			if _, err := io.WriteString(w, line); err != nil {
				return
			}
			time.Sleep(record.RowPause / 4)
		}
	}()
	defer r.Close()
	st, err := stream.Open(s, r, "", stream.Options{Prompt: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	begun := time.Now()
	n, err := st.Next(s.NewBatch(1<<16), 1<<16)
	if took := time.Since(begun); n == 0 || err != nil || took > time.Second {
		t.Errorf("%d rows, %v, after %v", n, err, took)
	}
}
