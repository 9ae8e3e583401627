package dataset

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// Up to the longest of the training part there are a few lengths; beyond it the padding stays small, and lengths few.
func TestRoom(t *testing.T) {
	for most := range 200 {
		s := &Schema{
			Inputs: []Input{{Encoder: &SeriesEncoder{Form: "list", Steps: most + 1, Unlimited: true, Channels: make([]seriesChannel, 2)}}},
		}
		s.assemble()
		last, within, beyond := 0, 0, 0
		for n := 1; n < 4000; n++ {
			room := s.Room(0, n)
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
		if within > buckets || beyond > 50 || last > 4096 {
			t.Errorf("of %d steps: %d and %d lengths, the last %d", most+1, within, beyond, last)
		}
	}
}

// Very long rows make batches smaller, and nothing else: each row keeps its picture, its text, its line and its error.
func TestBatchesOfVeryLongRows(t *testing.T) {
	pictures := map[string]any{"train.csv": "p,text,y\n1.png,ab,u\n2.png,b,v\n"}
	for i := range 9 {
		pictures[fmt.Sprintf("%d.png", i)] = grey(1, 1, byte(10*i))
	}
	dir := draw(t, t.TempDir(), pictures)
	d := mustLoad(t, dir, "{train: train.csv, target: y, inputs: [{column: p, type: image, normalize: none}, {column: text, type: text, tokenizer: char}]}")
	s := d.Schema
	s.Allow(1, 200_000, "a test")
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
	st, err := s.Open(strings.NewReader(rows.String()), "new.csv", StreamOptions{WithTarget: true, Root: dir})
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
		if len(b.Ints[1]) > batchNumbers {
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
			if b.Floats[0][i] != want || int(b.Lengths[1][i]) != length || !bad && int(b.Classes[i]) != at%2 {
				t.Errorf("row %d: picture %v, %d steps, class %d", at, b.Floats[0][i], b.Lengths[1][i], b.Classes[i])
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
	if got := st.Cut(); got != (Cut{1, "text", 200_000, "a test"}) {
		t.Errorf("%+v", got)
	}
}

// So they do in a part.
func TestPartsOfVeryLongRows(t *testing.T) {
	long := strings.Repeat("ab", 50_000) + ",u\n"
	dir := write(t, map[string]string{"train.csv": "text,y\nab,u\nb,v\n", "test.csv": "text,y\n" + strings.Repeat("ab,v\n", 30) + long + strings.Repeat("b,u\n", 60)})
	d := mustLoad(t, dir, "{train: train.csv, test: test.csv, target: y, inputs: [{column: text, type: text, tokenizer: char}]}")
	d.Schema.Allow(0, 200_000, "a test")
	b := d.Schema.NewBatch(64)
	var sizes []int
	for from := 0; from < d.Test.Rows(); {
		n, err := d.Test.FillFrom(b, from, 64)
		if err != nil || n == 0 || len(b.Ints[0]) > batchNumbers {
			t.Fatal(n, err, len(b.Ints[0]))
		}
		sizes = append(sizes, n)
		from += n
	}
	if want := []int{batchNumbers / 106_496, 91 - batchNumbers/106_496}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v rows, want %v", sizes, want)
	}
	if c := d.Test.Cut(); c.Rows > 0 || d.Test.Length(30) != 100_000 {
		t.Errorf("%+v, a row of %d steps", c, d.Test.Length(30))
	}
}
