package corpus

import (
	"crypto/sha256"
	"errors"
	"iter"
	"unicode"
	"unicode/utf8"
)

// Text is documents one after the other, which were read once to see what they are. It is the content of a table's column.
type Text struct {
	Documents  []Document
	Characters int // of all documents
	characters []int
}

// Read reads documents once, counts their characters and gives each document's digest to digest, in their order; bad hears of
// those that cannot be read, and skip of those that are empty, which are left out.
func Read(documents []Document, digest func(sum []byte), bad func(error), skip func(name string)) *Text {
	t := &Text{}
	for _, d := range documents {
		sum, n, sound := sha256.New(), 0, true
		for piece, err := range d.pieces(sum) {
			if err != nil {
				bad(err)
				sound = false
				break
			}
			n += utf8.RuneCountInString(piece)
		}
		digest(sum.Sum(nil))
		if sound && n == 0 {
			skip(d.Name)
		} else if sound {
			t.Documents, t.characters, t.Characters = append(t.Documents, d), append(t.characters, n), t.Characters+n
		}
	}
	return t
}

// Lacks reports that no document is left out.
func (t *Text) Lacks(int32) bool { return false }

// Piece is a piece of a text.
type Piece struct {
	Text     string
	Document int // which it is of
	Section  int // which it is in
}

// errChanged is the error of a document that has other characters than before.
var errChanged = errors.New("has changed while it was read")

// Pieces reads a text again, piece by piece. Section 0 ends after about cuts[0] characters, section 1 after cuts[1], and so on: at
// the next white space, if there is one close by, so that no word is cut in two. What follows the last cut is not read.
func (t *Text) Pieces(cuts []int) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		section, seen := 0, 0
		for i := range t.Documents {
			begun := seen
			for text, err := range t.Documents[i].pieces(nil) {
				if err != nil {
					yield(Piece{}, err)
					return
				}
				for text != "" {
					own := text
					if section < len(cuts) {
						own = text[:cutAt(text, cuts[section]-seen)]
					}
					if own != "" && !yield(Piece{own, i, section}, nil) {
						return
					}
					if seen, text = seen+utf8.RuneCountInString(own), text[len(own):]; text == "" {
						break
					}
					if section++; section == len(cuts) {
						return
					}
				}
			}
			if t.characters != nil && seen-begun != t.characters[i] {
				yield(Piece{}, &BadText{t.Documents[i].Name, 1, errChanged.Error()})
				return
			}
		}
	}
}

// near is how many characters after a cut white space is looked for.
const near = 200

// cutAt is the length of what a text has before the white space that stands so many characters from its beginning, or soon after; if
// there is none, of so many characters.
func cutAt(text string, characters int) int {
	n, first := 0, -1
	for at, r := range text {
		if n >= characters {
			if first < 0 {
				first = at
			}
			if unicode.IsSpace(r) {
				return at
			}
			if n >= characters+near {
				return first
			}
		}
		n++
	}
	if first >= 0 {
		return first
	}
	return len(text)
}
