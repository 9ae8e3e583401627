package parquet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// coded has a column for each encoding that values may have.
type coded struct {
	Plain   int32    `parquet:",plain"`
	Delta   int32    `parquet:",delta"`
	Deltas  int64    `parquet:",delta,optional"`
	Split   float32  `parquet:",split"`
	Splits  float64  `parquet:",split"`
	Few     string   `parquet:",dict"`
	Choice  *float64 `parquet:",dict,optional"`
	Lengths string   `parquet:"Lengths,delta"`
	Flag    *bool    `parquet:",optional"`
	Half    [2]byte  `parquet:",dict"`
	List    []int32  `parquet:",list"`
	Words   []string `parquet:",list"`
	Wide    int64    `parquet:",dict"`
}

// draw makes rows in which runs, gaps, small and large numbers occur.
func draw(random *rand.Rand, n int) (rows []coded) {
	words := []string{"", "a", "beta", "gamma ray", strings.Repeat("long", 30)}
	last := coded{}
	for range n {
		if random.IntN(3) > 0 || len(rows) == 0 { // otherwise the row before comes again
			last = coded{Plain: int32(random.Uint32()), Delta: int32(random.Uint32()) >> random.IntN(32), Deltas: int64(random.Uint64()) >> random.IntN(64),
				Split: random.Float32(), Splits: random.NormFloat64(), Few: words[random.IntN(5)], Lengths: words[random.IntN(5)] + fmt.Sprint(random.IntN(50)),
				Half: [2]byte{0, byte(random.IntN(60))}, Wide: int64(random.IntN(3000))}
			if random.IntN(4) > 0 {
				x, yes := float64(random.IntN(9)), random.IntN(2) == 0
				last.Choice, last.Flag = &x, &yes
			}
			for range random.IntN(4) {
				last.List, last.Words = append(last.List, int32(random.IntN(1000))-500), append(last.Words, words[random.IntN(5)])
			}
		}
		rows = append(rows, last)
	}
	return rows
}

// fields are a row as it must be read.
func (c *coded) fields() string {
	deltas, choice, flag := "", "", ""
	if c.Deltas != 0 { // parquet-go writes zeros of optional fields as gaps
		deltas = fmt.Sprint(c.Deltas)
	}
	if c.Choice != nil {
		choice, flag = fmt.Sprint(*c.Choice), fmt.Sprint(*c.Flag)
	}
	list, words := "[]", "[]"
	if len(c.List) > 0 {
		b, _ := json.Marshal(c.List)
		list = strings.ReplaceAll(string(b), ",", ", ")
		b, _ = json.Marshal(c.Words)
		words = strings.ReplaceAll(string(b), `","`, `", "`)
	}
	return strings.Join([]string{fmt.Sprint(c.Plain), fmt.Sprint(c.Delta), deltas, strconv.FormatFloat(float64(c.Split), 'g', -1, 32),
		strconv.FormatFloat(c.Splits, 'g', -1, 64), c.Few, choice, c.Lengths, flag, list, words, fmt.Sprint(c.Wide)}, "|")
}

// encoded is a file of such rows, in small pages.
func encoded(t testing.TB, rows []coded, version int, codec compress.Codec) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pq.NewGenericWriter[coded](&b, pq.DataPageVersion(version), pq.Compression(codec), pq.PageBufferSize(1500), pq.MaxRowsPerRowGroup(900))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEncodings: every encoding and compression, in both versions of pages, gives what was written.
func TestEncodings(t *testing.T) {
	for version := 1; version <= 2; version++ {
		for _, codec := range []compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Gzip, &pq.Zstd, &pq.Brotli} {
			rows := draw(rand.New(rand.NewPCG(3, uint64(version))), 2000)
			header, got, err := read(encoded(t, rows, version, codec))
			if err != nil || len(got) != len(rows) {
				t.Fatalf("version %d, %v: %v, %d rows", version, codec, err, len(got))
			}
			if want := "Plain Delta Deltas Split Splits Few Choice Lengths Flag Half List Words Wide -"; header != want {
				t.Fatal(header)
			}
			for i := range rows {
				all := strings.Split(got[i], "|")
				all = append(all[1:10], all[11:]...) // without the number of the row, and what float16 is
				if got, want := strings.Join(all, "|"), rows[i].fields(); got != want {
					t.Fatalf("version %d, %v, row %d:\ngot  %s\nwant %s", version, codec, i+1, got, want)
				}
			}
		}
	}
}

// TestLengths: texts whose lengths come before all of them.
func TestLengths(t *testing.T) {
	var b bytes.Buffer
	w := pq.NewGenericWriter[struct{ X string }](&b, pq.NewSchema("texts", pq.Group{"X": pq.Encoded(pq.String(), &pq.DeltaLengthByteArray)}))
	if _, err := w.Write([]struct{ X string }{{"ab"}, {""}, {"cde"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := read(b.Bytes()); err != nil || fmt.Sprint(rows) != "[1|ab 2| 3|cde]" {
		t.Error(rows, err)
	}
}
