package tokenizer

import (
	"strings"
	"unicode/utf8"
)

// Place is where a token is in its text.
type Place struct {
	Text  string // as it is there, in its original case; "" for a token that is only the white space before a word
	Blank bool   // white space comes before it
}

// Places finds the tokens of a text in it, one Place for each. White space counts as one blank, and accented letters are
// single characters, as tokens have them.
func Places(f Fitted, text string) []Place {
	pieces := f.Pieces(text)
	if e, ok := f.(interface{ exact() bool }); ok && e.exact() {
		return exactPlaces(pieces, text)
	}
	list := make([]Place, len(pieces))
	own, lower := normalize(text, false), normalize(text, true)
	if len(own) != len(lower) { // letters whose other case takes more bytes
		own = lower
	}
	at := 0
	for i, piece := range pieces {
		list[i].Text = piece
		if strings.TrimSpace(piece) == "" { // a blank, which bpe also has before the first word
			if strings.HasPrefix(own[at:], " ") {
				at++
				list[i].Text = " "
			} else {
				list[i].Text = ""
			}
			continue
		}
		bare := strings.TrimPrefix(piece, " ")
		low := strings.ToLower(bare)
		skip := strings.Index(lower[at:], low)
		if skip < 0 { // an entry of a JSON list that is written otherwise there
			list[i] = Place{bare, i > 0}
			continue
		}
		from := at + skip
		at = from + len(low)
		list[i] = Place{own[from:at], skip > 0 && i > 0}
	}
	return list
}

// exactPlaces are those of pieces that are the text, one behind the other. A character that reaches over several pieces is in
// the place of the first.
func exactPlaces(pieces []string, text string) []Place {
	if all := strings.Join(pieces, ""); len(all) != len(text) { // letters whose other case takes more bytes
		text = all
	}
	list := make([]Place, len(pieces))
	at, whole := 0, 0 // the end of the pieces so far, and of the characters that they begin
	for i, piece := range pieces {
		end := at + len(piece)
		from := max(at, whole)
		for whole < end {
			_, n := utf8.DecodeRuneInString(text[whole:])
			whole += n
		}
		in := text[from:max(from, whole)]
		switch {
		case in != "" && strings.TrimSpace(in) == "":
			list[i].Text = " "
		default:
			list[i] = Place{strings.TrimPrefix(in, " "), strings.HasPrefix(in, " ")}
		}
		at = end
	}
	return list
}
