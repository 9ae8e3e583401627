package dataset_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// Up to the longest of the training split there are a few lengths; beyond it the padding stays small, and lengths few.
func TestRoom(t *testing.T) {
	for most := range 200 {
		s := &dataset.Schema{
			Inputs: []dataset.Input{{Encoder: &column.SeriesEncoder{Form: "list", Steps: most + 1, Unlimited: true, Channels: make([]column.SeriesChannel, 2)}}},
		}
		s.Assemble()
		last, within, beyond := 0, 0, 0
		for n := 1; n < 4000; n++ {
			room := s.Bucket(0, n)
			if room < n || room < last {
				t.Fatalf("of %d steps: room for %d is %d, and before %d", most+1, n, room, last)
			}
			if room > last && n > most+1 {
				beyond++
			} else if room > last {
				within++
			}
			if last = room; n > most+1 && (room%16 != 0 || room > n+max(15, n/8)) {
				t.Fatalf("room for %d is %d", n, room)
			}
		}
		if within > dataset.BucketCount || beyond > 50 || last > 4096 {
			t.Errorf("of %d steps: %d and %d lengths, the last %d", most+1, within, beyond, last)
		}
	}
}

// Very long rows make batches smaller, and nothing else: each row keeps its image, its text, its line and its error.
func TestBatchesOfVeryLongRows(t *testing.T) {
	pictures := map[string]any{"train.csv": "p,text,y\n1.png,ab,u\n2.png,b,v\n"}
	for i := range 9 {
		pictures[fmt.Sprintf("%d.png", i)] = datasettest.Grey(1, 1, byte(10*i))
	}
	dir := datasettest.Draw(t, t.TempDir(), pictures)
	d := datasettest.MustLoad(t, dir, "{train: train.csv, target: {column: y, type: category}, inputs: [{column: p, type: image, normalize: none}, {column: text, type: text, tokenizer: char}]}")
	s := d.Schema.WithBuckets(datasettest.WithMost(d.Schema.Buckets(), 1, 200_000, "a test"))
	var rows strings.Builder
	rows.WriteString("text,p,y\n")
	for i := range 150 {
		n := i % 5
		switch i {
		case 20, 90:
			n = 100_000
		case 91:
			n = 1_000_000
		}
		picture := fmt.Sprintf("%d.png", i%9)
		if i%40 == 39 {
			picture = "none.png"
		}
		fmt.Fprintf(&rows, "%s,%s,%s\n", strings.Repeat("ab", n)[:n], picture, "uv"[i%2:i%2+1])
	}
	st, err := stream.Open(s, strings.NewReader(rows.String()), "new.csv", stream.Options{WithTarget: true, Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(64)
	at, batches := 0, 0
	for {
		n, err := st.Next(b, 64)
		if err == io.EOF {
			break
		}
		if n == 0 || err != nil || n != len(st.Lines()) || n != len(st.Errors()) || n != len(st.Records()) {
			t.Fatal(n, err, len(st.Lines()), len(st.Errors()))
		}
		batches++
		if len(b.Ints[1]) > dataset.BatchNumbers {
			t.Errorf("a buffer of %d numbers", len(b.Ints[1]))
		}
		for i := range n {
			want, length := float32(10*(at%9)), at%5
			switch at {
			case 20, 90:
				length = 100_000
			case 91:
				length = 200_000
			}
			bad := at%40 == 39
			if bad {
				want = 0
			}
			if (st.Errors()[i] != nil) != bad || st.Lines()[i] != at+2 || st.Records()[i][2] != "uv"[at%2:at%2+1] {
				t.Fatalf("row %d: line %d, %v", at, st.Lines()[i], st.Errors()[i])
			}
			if bad {
				length = 0
			}
			row := b.Ints[1][i*b.RowSize(1) : (i+1)*b.RowSize(1)]
			if b.Floats[0][i] != want || int(b.Lengths[1][i]) != length || !bad && int(b.Heads[0].Ints[i]) != at%2 {
				t.Errorf("row %d: image %v, %d steps, class %d", at, b.Floats[0][i], b.Lengths[1][i], b.Heads[0].Ints[i])
			}
			if slices.Contains(row[length:], 1) || length > 1 && (row[length-1] == 0 || row[length-2] == 0 || row[length-1] == row[length-2]) {
				t.Errorf("row %d of %d steps ends in %v", at, length, row[max(0, length-3):min(len(row), length+3)])
			}
			at++
		}
	}
	if at != 150 || batches < 5 || batches > 20 {
		t.Errorf("%d rows in %d batches", at, batches)
	}
	if got := st.Cut(); got != (dataset.Cut{1, "text", 200_000, "a test"}) {
		t.Errorf("%+v", got)
	}
}

// So they do in a split.
func TestPartsOfVeryLongRows(t *testing.T) {
	long := strings.Repeat("ab", 50_000) + ",u\n"
	dir := datasettest.Write(t, map[string]string{"train.csv": "text,y\nab,u\nb,v\n", "test.csv": "text,y\n" + strings.Repeat("ab,v\n", 30) + long + strings.Repeat("b,u\n", 60)})
	d := datasettest.MustLoad(t, dir, "{train: train.csv, test: test.csv, target: y, inputs: [{column: text, type: text, tokenizer: char}]}")
	d = d.WithSchema(d.Schema.WithBuckets(datasettest.WithMost(d.Schema.Buckets(), 0, 200_000, "a test")))
	b := d.Schema.NewBatch(64)
	var sizes []int
	for from := 0; from < d.Test.Rows(); {
		n, err := d.Test.FillFrom(b, from, 64)
		if err != nil || n == 0 || len(b.Ints[0]) > dataset.BatchNumbers {
			t.Fatal(n, err, len(b.Ints[0]))
		}
		sizes = append(sizes, n)
		from += n
	}
	if want := []int{dataset.BatchNumbers / 106_496, 91 - dataset.BatchNumbers/106_496}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v rows, want %v", sizes, want)
	}
	if c := d.Test.Cut(); c.Rows > 0 || d.Test.Length(30) != 100_000 {
		t.Errorf("%+v, a row of %d steps", c, d.Test.Length(30))
	}
}

// A bound far beyond the data takes no memory: batches have room for what there is, and for more where it comes.
func TestBoundsBeyondTheData(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"text.csv": "x,y\na b c,1\nb,2\nc a,3\n",
		"list.csv": "x,y\n1;2;3,1\n4,2\n5;6,3\n",
		"long.csv": "id,x,y\na,1,1\na,2,1\na,3,1\nb,4,2\nc,5,3\nc,6,3\n",
		"even.csv": "id,x,y\na,1,1\na,2,1\na,3,1\nb,4,2\nb,5,2\nb,5,2\n",
	})
	for file, in := range map[string]string{"text": "text", "list": "series", "long": "series", "even": "series"} {
		section := fmt.Sprintf("{train: %s.csv, target: y, inputs: [{column: x, type: %s, max_length: 1000000000}]}", file, in)
		if file == "long" || file == "even" {
			section = strings.Replace(section, "target", "sequence_id: id, target", 1)
		}
		d := datasettest.MustLoad(t, dir, section)
		block := &d.Schema.Blocks[0]
		if block.Shape[0] != 1e9 || d.Schema.LongestTraining(0) != 3 || !block.Sequence {
			t.Errorf("%s: %+v", file, block)
		}
		if lengths := d.Schema.Buckets()[0].Lengths; len(lengths) > 40 || !slices.Contains(lengths, 3) || lengths[len(lengths)-1] != 1e9 {
			t.Errorf("%s: lengths %v", file, lengths)
		}
		b := d.Schema.NewBatch(2)
		if d.Train.FillFrom(b, 0, 2); b.Steps[0] != 3 || len(b.Floats[0])+len(b.Ints[0]) != 6 {
			t.Errorf("%s: %d steps", file, b.Steps[0])
		}
	}
	d := datasettest.MustLoad(t, dir, "{train: text.csv, target: y, inputs: [{column: x, type: text, max_length: 50}]}")
	st, err := stream.Open(d.Schema, strings.NewReader("x\na b a b a b a\n"+strings.Repeat("a ", 60)+"\n"), "new.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(1)
	for _, want := range []int32{7, 50} {
		if _, err := st.Next(b, 1); err != nil || b.Lengths[0][0] != want || b.Steps[0] < int(want) {
			t.Errorf("%v %d steps of %d, want %d", err, b.Lengths[0][0], b.Steps[0], want)
		}
	}
	if cut := st.Cut(); cut.Rows != 1 || cut.Steps != 50 || cut.Why != "max_length" {
		t.Errorf("%+v", cut)
	}
}
