package parquet_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"

	"dnn/pkg/dataset/parquet"
)

type inner struct {
	A int32
	B *string
}

type row struct {
	Whole   int64
	Small   uint8
	Float   float32
	Double  *float64
	Word    string `parquet:",dict,zstd"`
	Flag    bool
	Day     int32     `parquet:",date"`
	At      time.Time `parquet:",timestamp(microsecond)"`
	Price   int64     `parquet:",decimal(2:12)"`
	List    []float64 `parquet:",list,snappy"`
	Matrix  [][]int32 `parquet:",list"`
	Names   []string  `parquet:",list"`
	Group   inner
	Maps    map[string]int32
	Maybe   *int64 `parquet:",optional"`
	Another inner
}

// written is a file with so many rows in each row group.
func written(t testing.TB, rows []row, group int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pq.NewGenericWriter[row](&b, pq.MaxRowsPerRowGroup(int64(group)))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func samples() []row {
	half, word, seven := 0.5, "x", int64(7)
	at := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	return []row{
		{Whole: -5, Small: 200, Float: 0.1, Double: &half, Word: "a", Flag: true, Day: 19724, At: at, Price: -150, List: []float64{1, 2.5, math.NaN()}, Matrix: [][]int32{{1, 2}, {3}},
			Names: []string{"p", "q\""}, Group: inner{A: 1, B: &word}, Maybe: &seven},
		{Float: float32(math.NaN()), Day: -1, At: at.Add(1500 * time.Microsecond), Price: 5, List: []float64{}, Matrix: [][]int32{{}, {4}}},
		{Word: "a", Float: float32(math.Inf(-1)), At: at, Matrix: [][]int32{{9}}},
	}
}

// read returns all rows, with their fields joined by bars.
func read(b []byte, only ...string) (header string, rows []string, err error) {
	r, err := parquet.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "", nil, err
	}
	if only != nil {
		r.Only(func(name string) bool { return name == only[0] })
	}
	for {
		fields, line, err := r.Next()
		if err == io.EOF {
			return strings.Join(r.Header(), " ") + " -" + strings.Join(r.LeftOut(), ","), rows, nil
		}
		if err != nil {
			return "", rows, err
		}
		if len(rows) < 100_000 {
			rows = append(rows, fmt.Sprint(line, "|", strings.Join(fields, "|")))
		}
	}
}

// TestRows: all types as text, gaps, lists and groups, over row groups.
func TestRows(t *testing.T) {
	for _, group := range []int{1, 2, 10} {
		header, rows, err := read(written(t, samples(), group))
		if err != nil {
			t.Fatal(err)
		}
		if want := "Whole Small Float Double Word Flag Day At Price List Matrix Names Group.A Group.B Maybe Another.A Another.B -Maps (a map or a list of groups)"; header != want {
			t.Errorf("got  %s\nwant %s", header, want)
		}
		for i, want := range []string{
			`1|-5|200|0.1|0.5|a|true|2024-01-02|2024-01-02T03:04:05Z|-1.50|[1, 2.5, null]|[[1, 2], [3]]|["p", "q\""]|1|x|7|0|`,
			`2|0|0|||` + `|false|1969-12-31|2024-01-02T03:04:05.001500Z|0.05|[]|[[], [4]]|[]|0|||0|`,
			`3|0|0|-inf||a|false|1970-01-01|2024-01-02T03:04:05Z|0.00|[]|[[9]]|[]|0|||0|`,
		} {
			if rows[i] != want {
				t.Errorf("got  %s\nwant %s", rows[i], want)
			}
		}
	}
	if _, rows, err := read(written(t, samples(), 2), "Word"); err != nil || fmt.Sprint(rows) != "[1|||||a|||||||||||| 2||||||||||||||||| 3|||||a||||||||||||]" {
		t.Error(rows, err)
	}
}

// TestLZ4: pages of LZ4 would be read as what was in their buffer before, so the file is refused.
func TestLZ4(t *testing.T) {
	type number struct {
		X float64 `parquet:",lz4"`
	}
	var b bytes.Buffer
	w := pq.NewGenericWriter[number](&b)
	if _, err := w.Write([]number{{1.25}, {2.5}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := read(b.Bytes()); err == nil || !strings.HasPrefix(err.Error(), "is compressed with LZ4") {
		t.Error(rows, err)
	}
}

// TestNoParquet: other and damaged files say what is wrong with them.
func TestNoParquet(t *testing.T) {
	sound := written(t, samples(), 2)
	long := bytes.Clone(sound)
	copy(long[len(long)-8:], "\xff\xff\xff\x7f")
	for text, want := range map[string]string{
		"":                            "is no Parquet file: it has less than 12 bytes",
		"a,b\n1,2\n3,4\n5,6\n":        "is no Parquet file: it does not begin with PAR1",
		string(sound[:len(sound)-20]): "has no footer; it is damaged or cut off",
		string(long):                  "has no footer; it is damaged or cut off",
		"PAR1\x19\xfc\xff\xff\xff\xff\x07" + "\x07\x00\x00\x00PAR1": "has a footer that cannot be read; it is damaged",
		"PAR1aaaaPARE": "is encrypted",
	} {
		if _, _, err := read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestMutations: no change of a file makes its reader panic, hang or take memory for what is not there.
func TestMutations(t *testing.T) {
	var rows []row
	for range 20 {
		rows = append(rows, samples()...)
	}
	random := rand.New(rand.NewPCG(1, 2))
	coded := draw(random, 200)
	for _, sound := range [][]byte{written(t, rows, 25), encoded(t, coded, 1, &pq.Uncompressed), encoded(t, coded, 2, &pq.Snappy)} {
		for range 1000 {
			b := bytes.Clone(sound)
			for range 1 + random.IntN(3) {
				at := random.IntN(len(b))
				if random.IntN(2) == 0 { // the footer
					at = len(b) - 1 - random.IntN(min(len(b), 2500))
				}
				b[at] = byte(random.IntN(256))
			}
			read(b[:len(b)-random.IntN(2)*random.IntN(9)])
		}
	}
}
