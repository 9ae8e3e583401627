package spec

import (
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	type settings struct{ Limit *Duration }
	for text, want := range map[string]time.Duration{
		"2ms": 2 * time.Millisecond, "500us": 500 * time.Microsecond, "1.5s": 1500 * time.Millisecond, "1m30s": 90 * time.Second,
		"2": 0, "fast": 0, "-2ms": 0, "0s": 0, "[2ms]": 0,
	} {
		d, err := Parse("spec.yaml", []byte("limit: "+text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var s settings
		var p Problems
		d.Decode(&s, &p)
		if s.Limit == nil || s.Limit.D != want || p.Len() > 0 != (want == 0) {
			t.Errorf("%s: %+v, %v", text, s.Limit, p.Messages())
		}
		if want > 0 {
			if again := strings.TrimSpace(string(Encode(&s))); again != "limit: "+text {
				t.Errorf("%s is written %q", text, again)
			}
		}
	}
}
