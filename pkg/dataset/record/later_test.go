package record_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"dnn/pkg/dataset/record"
)

func TestDecodeLater(t *testing.T) {
	long := strings.Repeat("abc,", 2000)
	for _, c := range []struct {
		text, want string
		utf8       bool
	}{
		{"Ulm", "Ulm", false},
		{"K\xf6ln", "Köln", false},
		{"Köln", "Köln", true},
		{long + "Köln" + long, long + "Köln" + long, true},
		{long + "K\xf6ln" + long, long + "Köln" + long, false},
		{"Köln" + long + "K\xf6ln", "Köln" + long + "Köln", true},
		{"K\xf6ln Köln", "Köln KÃ¶ln", false},
		{"K\xf6", "Kö", false},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text))} {
			l := (&record.Encoded{Encoding: "windows-1252"}).DecodeLater(r)
			got, err := io.ReadAll(l)
			if err != nil || string(got) != c.want || l.UTF8() != c.utf8 {
				t.Errorf("%.20q: %.20q, UTF-8 %v, %v", c.text, got, l.UTF8(), err)
			}
		}
	}
}
