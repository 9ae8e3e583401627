package plot

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/internal/plot/canvas"
)

// A token's colour shows its sign, and the largest value of all texts has the deepest colour.
func TestAttributionColours(t *testing.T) {
	a := Attribution{Title: "t", Texts: []AttributedText{
		{Tokens: []AttributedToken{{"good", false, 2}, {"bad", true, -2}, {"no", true, 0}}},
		{Tokens: []AttributedToken{{"fair", false, 0.02}}},
	}}
	svg := string(a.drawing().SVG())
	for token, color := range map[string]string{"good: 2": "#b2182b", "bad: −2": "#2166ac", "no: 0": "#f7f7f7"} {
		if !strings.Contains(svg, `fill="`+color+`"><title>`+token+`</title>`) {
			t.Errorf("%s has not the colour %s", token, color)
		}
	}
	if c := shade(0.02, 2); c == shade(0, 2) || c.R < c.B {
		t.Errorf("a small positive attribution has the colour %v", c)
	}
}

// Lines break at spaces, and the tokens of a word stay together.
func TestAttributedTextBreaks(t *testing.T) {
	text := AttributedText{Tokens: []AttributedToken{{"un", false, 1}, {"break", false, 1}, {"able", false, 1}, {"words", true, 1}, {"to", true, 1}, {"gether", false, 1}}}
	p := &canvas.Drawing{}
	room := 20.0
	for _, token := range text.Tokens[:4] {
		room += token.width()
	}
	text.draw(p, 0, room, 0, 1)
	var lines []float64
	for _, s := range p.Shapes {
		if l, ok := s.(canvas.Label); ok {
			lines = append(lines, l.At.Y)
		}
	}
	if len(lines) != 6 || lines[0] != lines[3] || lines[4] == lines[3] || lines[4] != lines[5] {
		t.Errorf("the tokens stand at the heights %v", lines)
	}
}

// Of a long text the tokens around the largest values are drawn, and how many are left out between them.
func TestLongTextsAreCut(t *testing.T) {
	text := AttributedText{Tokens: make([]AttributedToken, 12_000)}
	for i := range text.Tokens {
		text.Tokens[i] = AttributedToken{fmt.Sprintf("w%d", i), true, 0.001 * float64(i%7)}
	}
	text.Tokens[5000].Value, text.Tokens[5005].Value, text.Tokens[0].Value = -3, 2, 1
	got := text.excerpt(60)
	var words []string
	drawn := 0
	for _, token := range got.Tokens {
		if words = append(words, token.Text); !math.IsNaN(token.Value) {
			drawn++
		}
	}
	all := strings.Join(words, " ")
	if drawn != 60 || !strings.HasPrefix(all, "w0 w1 ") || !strings.Contains(all, " more … w4988 w4989 ") || !strings.Contains(all, " w5017 … ") {
		t.Errorf("%d are drawn: %s", drawn, all)
	}
	left := 0
	for _, word := range words {
		n := 0
		fmt.Sscanf(strings.ReplaceAll(word, "\u00a0", ""), "… %d more …", &n)
		left += n
	}
	if left+drawn != len(text.Tokens) {
		t.Errorf("%d drawn and %d left out of %d", drawn, left, len(text.Tokens))
	}
	one := Attribution{Texts: []AttributedText{text}}
	if p := one.drawing(); p.Height > 2500 {
		t.Errorf("the image is %v high", p.Height)
	}
	if short := (&AttributedText{Tokens: text.Tokens[:60]}).excerpt(60); len(short.Tokens) != 60 {
		t.Errorf("a text that fits is cut to %d", len(short.Tokens))
	}
}

func TestAttributionErrors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.png")
	if err := DrawAttribution(path, Attribution{}); err == nil {
		t.Error("nothing is drawn")
	}
	one := Attribution{Series: []AttributedSeries{{"s", 1, []float64{1, 2}, []float64{1}}}}
	if err := DrawAttribution(path, one); err == nil || !strings.Contains(err.Error(), "1 attributions for 2 steps") {
		t.Errorf("got %v", err)
	}
	one.Series[0].Attributions = []float64{1, 2}
	if err := os.WriteFile(path, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := DrawAttribution(path, one); !errors.Is(err, fs.ErrExist) {
		t.Errorf("another file is replaced: %v", err)
	}
}

// The channels that are drawn are those that lead the table of their sums, and what has two values alone has no slopes.
func TestDrawnChannels(t *testing.T) {
	var list []AttributedSeries
	for _, share := range []float64{1, -2, 3, 4, 5, 6, 7} {
		list = append(list, AttributedSeries{Name: fmt.Sprint(share), Attributions: []float64{share, 0}})
	}
	list = append(list, AttributedSeries{Name: "both ways", Attributions: []float64{100, -100}})
	var names []string
	for _, s := range strongest(list) {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "-2 3 4 5 6 7" {
		t.Error(got)
	}
	nan := math.NaN()
	if !switches([]float64{0, 1, nan, 1}) || switches([]float64{0, 1, 2}) {
		t.Error("two values switch, three do not")
	}
	steps, values := edges([]float64{3, 4}, []float64{1, 0})
	if fmt.Sprint(steps, values) != "[2.5 3.5 3.5 4.5] [1 1 0 0]" {
		t.Error(steps, values)
	}
}
