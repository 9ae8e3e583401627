package dates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoHolidays: what is no list of dates is told in few words, and counts among the data that was read all the same.
func TestNoHolidays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "days.txt")
	for text, want := range map[string]string{
		"2024-01-01\n" + strings.Repeat("x", 1000) + "\n": `days.txt: "` + strings.Repeat("x", 37) + `…" is no date like the others`,
		strings.Repeat("2024-01-01", 10_000):              "days.txt: a line of more than 65536 bytes; expects a date on each line",
		strings.Repeat("2024-01-01\n", 100_000):           "days.txt: more than 1048576 bytes; expects a date on each line",
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var sum []byte
		got, err := ReadDays(path, func(s []byte) { sum = s })
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q, %v; want %s", got, err, want)
		}
		if len(sum) == 0 {
			t.Errorf("%s: no digest", want)
		}
	}
}
