package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestFiguresForPeople(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0000", 0.98765: "0.9877", 12.3456: "12.346", 52980.41: "52980.4", 2.5951e9: "2.595e+09", 0.00012345: "0.0001234",
		-0.5: "-0.5000", math.Inf(1): "+Inf", math.NaN(): "-",
	} {
		if got := Figure(x); got != want {
			t.Errorf("Figure(%v) = %s, want %s", x, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %s, want %s", n, got, want)
		}
	}
}

// What is written must be read back as the same float32, and be a JSON number.
func TestNumbersReadBack(t *testing.T) {
	for _, x := range []float32{0, 1, -1, 0.1, 1e-7, 3.0491307e-07, 206855.81, 16777216, 1e15, 3.4e38, math.SmallestNonzeroFloat32, 0.00012} {
		text := AppendNumber(nil, float64(x))
		back, err := strconv.ParseFloat(string(text), 32)
		if err != nil || float32(back) != x {
			t.Errorf("%v is written as %s", x, text)
		}
		if !json.Valid(text) {
			t.Errorf("%s is no JSON", text)
		}
	}
}

func FuzzCSVFieldsReadBack(f *testing.F) {
	f.Add("a", "b,c", "\"d\"")
	f.Add("", " x ", "two\nlines")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var line []byte
		for _, field := range []string{a, b, c} {
			line = append(AppendCSV(line, field), ',')
		}
		line = append(line[:len(line)-1], '\n')
		r := csv.NewReader(bytes.NewReader(line))
		back, err := r.Read()
		norm := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") } // the reader does so
		if err != nil || len(back) != 3 || back[0] != norm(a) || back[1] != norm(b) || back[2] != norm(c) {
			t.Errorf("%q was written as %q and read as %q (%v)", []string{a, b, c}, line, back, err)
		}
	})
}

func FuzzJSONTextsReadBack(f *testing.F) {
	f.Add("plain")
	f.Add("\"quoted\" \\ \x00 é \u2028")
	f.Fuzz(func(t *testing.T, text string) {
		var back string
		if err := json.Unmarshal(QuoteJSON(nil, text), &back); err != nil || back != strings.ToValidUTF8(text, "\ufffd") && back != text {
			if strings.ToValidUTF8(text, "") == text {
				t.Errorf("%q was read back as %q (%v)", text, back, err)
			}
		}
	})
}
