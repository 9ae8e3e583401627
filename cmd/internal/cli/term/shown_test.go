package term

import (
	"bytes"
	"testing"
)

// TestNothingIsObeyed: a terminal gets no character that it would obey, but for the program's own marks.
func TestNothingIsObeyed(t *testing.T) {
	for text, want := range map[string]string{
		"plain é 日本\n\tx":                "plain é 日本\n\tx",
		"\x1b[2Jgone":                    `\x1b[2Jgone`,
		"\x1b]0;title\x07":               `\x1b]0;title\x07`,
		"\x1b[1mbold\x1b[0m":             "\x1b[1mbold\x1b[0m",
		"\x1b[38;5;16;48;5;203mx\x1b[0m": "\x1b[38;5;16;48;5;203mx\x1b[0m",
		"\x1b[8mhidden":                  `\x1b[8mhidden`,
		"a\rb\bc\x7f":                    `a\rb\x08c\x7f`,
		"C1 \u009b2J":                    `C1 \x9b2J`,
		"raw \x9b2J":                     `raw \x9b2J`,
		"abc\u202etxt.exe":               `abc\u202etxt.exe`,
		"\u2066x\u2069 \u200f":           "\\u2066x\\u2069 \u200f",
	} {
		var b bytes.Buffer
		on := New(nil, &b, &b)
		if n, err := on.Err.Write([]byte(text)); n != len(text) || err != nil || b.String() != want {
			t.Errorf("%q: %q, %d, %v", text, b.String(), n, err)
		}
	}
	var b bytes.Buffer
	on := New(nil, &b, &b)
	on.Out.Write([]byte("\x1b[2J"))
	if b.String() != "\x1b[2J" {
		t.Errorf("what no terminal reads was changed: %q", b.String())
	}
	for text, want := range map[string]string{"a": "a", "a\nb\x1b": `a\nb\x1b`, "é\u202e": `é\u202e`} {
		if got := Shown(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
