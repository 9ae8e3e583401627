package parquet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestArrow reads what Arrow (pyarrow 22) wrote, in both versions of its pages, and with timestamps of 96 bits.
func TestArrow(t *testing.T) {
	files, _ := filepath.Glob("testdata/arrow-[12]-[sgz]*.parquet")
	if len(files) != 3 {
		t.Fatal(files)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		header, rows, err := read(b)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if want := "i u f h s c b d ns ms t dec l m st.a st.b fl ls raw -mp (a map or a list of groups)"; header != want {
			t.Errorf("got  %s\nwant %s", header, want)
		}
		zoned := []string{"T", "Z"}
		if strings.Contains(file, "gzip") { // 96 bits know of no offset
			zoned = []string{" ", ""}
		}
		for i, want := range []string{
			"1|1|255|0.1|0.5|a|x|true|2024-12-25|2024-01-02 03:04:05.123456789|2024-01-02T03:04:05Z|01:02:03|-1.50|[1.5, null]|[[1, 2], [3]]|1|x|[1, 2]|[1]|\x00\xff",
			"2||0||1||y|||1970-01-01 00:00:00|1970-01-01T00:00:00Z|||[]|[null, []]|||[3, 4]|[]|",
			"3|-3|1||2|ä b|x|false|1969-12-31|||00:00:00|123456789012345678901.25||[[4]]|2||[5, 6]||z",
		} {
			want = strings.NewReplacer("T0", zoned[0]+"0", "Z", zoned[1]).Replace(want)
			if rows[i] != want {
				t.Errorf("%s: got  %s\nwant %s", file, rows[i], want)
			}
		}
	}
}

// TestBooleans: pages of version 2 hold booleans as runs, here 13 true ones, a gap and 20 false ones between others, twice.
func TestBooleans(t *testing.T) {
	for _, codec := range []string{"none", "zstd"} {
		b, err := os.ReadFile("testdata/booleans-2-" + codec + ".parquet")
		if err != nil {
			t.Fatal(err)
		}
		_, rows, err := read(b)
		if err != nil || len(rows) != 80 {
			t.Fatal(err, len(rows))
		}
		for i, row := range rows {
			want := "false"
			switch at := i % 40; {
			case at < 13 || at > 33 && at%2 == 0:
				want = "true"
			case at == 13:
				want = ""
			}
			if _, got, _ := strings.Cut(row, "|"); got != want {
				t.Errorf("%s, row %d: %q, want %q", codec, i+1, got, want)
			}
		}
	}
}
