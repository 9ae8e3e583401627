package record

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Files whose bytes are no text in UTF-8 are told as what they are.
func TestZeroBytes(t *testing.T) {
	const text = "town,size,kind\nUlm,126405,city\nKöln,1087863,city\n"
	little, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	big, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	chinese, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String("城市,x,y\n北京,1,2\n上海,3,4\n")
	marked, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	wide, _ := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().String(text)
	bare, _ := utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM).NewEncoder().String(text)
	for name, c := range map[string]struct{ bytes, want string }{
		"UTF-8": {text, ""}, "a mark": {marked, ""}, "little": {little, "encoding: utf-16le"}, "big": {big, "encoding: utf-16be"},
		"Chinese": {chinese, "encoding: utf-16le"}, "UTF-32": {wide, "UTF-32"}, "UTF-32 without a mark": {bare, "UTF-32"},
		"zeros": {strings.Repeat("\x00", 4000), "begins with zero bytes"}, "one zero": {"a\x00,b\n1,2\n", ""}, "short": {"a\n", ""},
	} {
		unpacked, err := Unpack(strings.NewReader(c.bytes))
		if err != nil {
			t.Fatal(err)
		}
		_, err = OpenDelimited(unpacked, Header{}, Fields{Comma: ',', Quotes: true})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// A column that is missing is told with what may be the matter.
func TestNoColumnHints(t *testing.T) {
	for want, c := range map[string]struct {
		header []string
		name   string
	}{
		`; if user holds JSON objects, write their values as keys of the rows: {"user.age": …}`: {[]string{"user", "x"}, "user.age"},
		"; the text is not UTF-8, but fits gbk":                                                 {[]string{"\xb3\xc7\xca\xd0", "x"}, "城市"},
	} {
		if got := NoColumn(c.header, c.name); !strings.Contains(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
