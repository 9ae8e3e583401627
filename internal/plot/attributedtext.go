package plot

import (
	"math"
	"strings"
	"unicode"

	"dnn/internal/plot/canvas"
)

const (
	tokenSize  = 17.0 // of the letters
	tokenLine  = 31.0 // height of a line
	tokenBox   = 25.0 // height of a token's background
	tokenPad   = 3.0  // on each side of its letters
	textsApart = 12.0
)

// drawTexts draws the texts from y on and returns where they end.
func (a *Attribution) drawTexts(p *canvas.Drawing, y float64) float64 {
	heads := 0.0
	var all [][]float64
	for i := range a.Texts {
		if head := canvas.Clean(a.Texts[i].Head); head != "" {
			heads = max(heads, min(180, canvas.TextWidth(head, legendSize, false)+16))
		}
		for _, t := range a.Texts[i].Tokens {
			all = append(all, []float64{t.Value})
		}
	}
	full := fullest(all...)
	for i := range a.Texts {
		t := &a.Texts[i]
		if t.Name != "" {
			p.BoldText(sideMargin, y+10, canvas.Shorten(canvas.Clean(t.Name), 14, true, 600), 14, canvas.Ink)
			y += 24
		}
		if t.Head != "" {
			p.Text(sideMargin, y+tokenBox*0.7, canvas.Shorten(canvas.Clean(t.Head), legendSize, false, heads-16), legendSize, canvas.Left, canvas.Soft)
		}
		short := t.excerpt(max(leastTokens, mostTokens/len(a.Texts)))
		y = short.draw(p, sideMargin+heads, attributionWidth-sideMargin-barRoom, y, full)
		if t.Head == "" {
			y += textsApart
		}
	}
	return y + textsApart
}

// draw lays the tokens out between two edges, from y on, and returns where they end. Lines break at spaces, or within
// words longer than a line.
func (t *AttributedText) draw(p *canvas.Drawing, from, to, y, full float64) float64 {
	if len(t.Tokens) == 0 {
		p.Text(from, y+tokenBox*0.7, "no tokens", legendSize, canvas.Left, canvas.Soft)
		return y + tokenLine
	}
	gap := canvas.TextWidth(" ", tokenSize, false)
	x := from
	for i := 0; i < len(t.Tokens); {
		next := t.wordEnd(i)
		wide := 0.0
		for _, token := range t.Tokens[i:next] {
			wide += token.width()
		}
		if t.Tokens[i].Blank && x > from {
			x += gap
		}
		if x > from && x+wide > to && from+wide <= to {
			x, y = from, y+tokenLine
		}
		for ; i < next; i++ {
			token := &t.Tokens[i]
			w := token.width()
			if x > from && x+w > to {
				x, y = from, y+tokenLine
			}
			token.draw(p, x, y, min(w, to-from), full)
			x += w
		}
	}
	return y + tokenLine
}

// wordEnd returns the index after the word that token i begins.
func (t *AttributedText) wordEnd(i int) int {
	for i++; i < len(t.Tokens); i++ {
		before := t.Tokens[i-1].Text
		if t.Tokens[i].Blank || strings.TrimFunc(before, unicode.IsSpace) == "" {
			return i
		}
	}
	return i
}

// shown returns the text to draw for a token: a dot for one that is only spaces.
func (t *AttributedToken) shown() string {
	if text := canvas.Clean(t.Text); text != "" {
		return text
	}
	return "·"
}

func (t *AttributedToken) width() float64 {
	return canvas.TextWidth(t.shown(), tokenSize, false) + 2*tokenPad
}

func (t *AttributedToken) draw(p *canvas.Drawing, x, y, w, full float64) {
	text := t.shown()
	if math.IsNaN(t.Value) { // marks tokens left out
		p.Text(x+tokenPad, y+tokenBox*0.7, text, tokenSize, canvas.Left, canvas.Soft)
		return
	}
	ground := shade(t.Value, full)
	p.Rect(x+0.5, y, w-1, tokenBox, ground, text+": "+short(roundDigits(t.Value, 3)))
	p.Text(x+tokenPad, y+tokenBox*0.7, canvas.Shorten(text, tokenSize, false, w), tokenSize, canvas.Left, canvas.On(ground))
}
