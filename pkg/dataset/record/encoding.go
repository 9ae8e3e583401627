package record

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"dnn/pkg/spec"
)

// Encoded is the setting for the bytes of text files.
type Encoded struct {
	Encoding string `json:"encoding,omitempty" default:"utf-8" doc:"how the bytes of the file write letters: utf-8, utf-16, latin1, windows-1252, windows-1251, shift_jis, gbk, euc-kr, big5 or another name that browsers know. A byte order mark decides whatever is set"`
}

// encodingNames are those that browsers do not know.
var encodingNames = map[string]string{
	"utf8": "utf-8", "utf-8-sig": "utf-8", "utf16": "utf-16", "utf16le": "utf-16le", "utf16be": "utf-16be", "utf16-le": "utf-16le",
	"ansi": "windows-1252", "latin-1": "latin1", "iso_8859_1": "latin1", "cp936": "gbk", "cp932": "shift_jis", "sjis": "shift_jis", "cp949": "euc-kr", "euc_kr": "euc-kr", "euc_jp": "euc-jp",
	"mac": "macintosh", "mac_roman": "macintosh",
}

// encodingOf returns the encoding of that name, or nil.
func encodingOf(name string) encoding.Encoding {
	name = strings.ToLower(strings.TrimSpace(name))
	if other := encodingNames[name]; other != "" {
		name = other
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		e, err = htmlindex.Get(strings.ReplaceAll(name, "_", "-"))
	}
	if key, _ := htmlindex.Name(e); err != nil || key == "replacement" || key == "x-user-defined" {
		return nil
	}
	return e
}

// CheckEncoding requires the name of an encoding.
func (e *Encoded) CheckEncoding(path string, p *spec.Problems) {
	if e.Encoding != "" && encodingOf(e.Encoding) == nil {
		p.Add(path+".encoding", "no encoding is called %q; common ones are utf-8, utf-16, latin1, windows-1252, windows-1251, shift_jis, gbk, euc-kr and big5", e.Encoding)
		e.Encoding = ""
	}
}

// Decode returns the text of a file in UTF-8.
func (e *Encoded) Decode(r io.Reader) io.Reader {
	from := encodingOf(e.Encoding)
	if from == nil || from == unicode.UTF8 {
		return r // bytes that are not UTF-8 are mistakes with a place
	}
	return transform.NewReader(r, from.NewDecoder())
}

// FitEncoding guesses the encoding of a text that is not UTF-8.
func FitEncoding(text string) string {
	high := 0
	for _, b := range []byte(text) {
		if b >= utf8.RuneSelf {
			high++
		}
	}
	runs := bytes.FieldsFunc([]byte(text), func(r rune) bool { return r < utf8.RuneSelf && r != utf8.RuneError })
	even, longest, low, pairs := true, 0, 0, 0
	for _, run := range runs {
		even, longest = even && len(run)%2 == 0, max(longest, len(run))
		for i, b := range run {
			if b >= 0xe0 {
				low++
			}
			if i%2 == 0 && b >= 0xb0 && b <= 0xd7 {
				pairs++
			}
		}
	}
	switch {
	case decodes("shift_jis", text, kana):
		return "shift_jis"
	case longest >= 3 && low*2 > high:
		return "windows-1251"
	case longest >= 4 && even && decodes("gbk", text, nil) && pairs*4 > high:
		return "gbk"
	case longest >= 4 && even && decodes("euc-kr", text, hangul):
		return "euc-kr"
	case longest >= 4 && even && decodes("big5", text, nil):
		return "big5"
	}
	return "windows-1252"
}

// decodes reports whether a text can be read in an encoding, and then has a letter of a sort.
func decodes(name, text string, sort func(r rune) bool) bool {
	got, err := encodingOf(name).NewDecoder().String(text)
	return err == nil && !strings.ContainsRune(got, utf8.RuneError) && (sort == nil || strings.ContainsFunc(got, sort))
}

func kana(r rune) bool   { return r >= 0x3041 && r <= 0x30ff }
func hangul(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }
