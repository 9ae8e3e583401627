package tokenizer

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// sentences come back from tokens as they are, whatever the kind.
var sentences = []string{
	"Two young, white males are outside near many bushes.",
	"\"Don't stop!\" she said; it's 3.5 km (2.2 miles) to go: 1,000 m in 5 minutes.",
	"It costs $40.50 at 10:30, well-known and/or new.",
	"Der Mann sagte: „Größe zählt“, und ging.",
	"¿Dónde está la niña? ¡Aquí, en el jardín!",
	"他说：“今天是三月”，然后走了。",
	"", "a", "...",
}

// TestRoundTrip: tokens put together are the text again.
func TestRoundTrip(t *testing.T) {
	loose := "  Two   young\n\n"
	texts := slices.Repeat(append(slices.Clone(sentences), loose), 2)
	for _, key := range append(Registry.Keys(), "{type: char, exact: true}") {
		kind := decode(t, key)
		if w, ok := kind.(*Word); ok {
			w.Lowercase = false
		}
		f := kind.Fit(slices.Values(texts))
		for _, text := range sentences {
			if got := Decode(f, f.Encode(nil, text)); got != text {
				t.Errorf("%s: %q comes back as %q", key, text, got)
			}
		}
		want := normalize(loose, false)
		if e, ok := f.(interface{ exact() bool }); ok && e.exact() {
			want = loose
		}
		if got := Decode(f, f.Encode(nil, loose)); got != want {
			t.Errorf("%s: %q comes back as %q", key, loose, got)
		}
	}
}

// TestDecodeUnknown: an unknown token shows, padding and marks beyond the vocabulary do not.
func TestDecodeUnknown(t *testing.T) {
	for _, key := range Registry.Keys() {
		f := decode(t, key).Fit(slices.Values(sentences))
		end := uint32(len(f.Tokens()))
		if got := Decode(f, []uint32{Padding, Unknown, end, Padding}); got != UnknownText {
			t.Errorf("%s: an unknown token is %q", key, got)
		}
	}
}

// TestExactly: kinds that keep texts as they are say so, and do.
func TestExactly(t *testing.T) {
	for _, key := range Registry.Keys() {
		e, ok := decode(t, key).(Exacter)
		if !ok {
			continue
		}
		text := "Cafe\u0301\n\n  two\tA  "
		f := e.Exactly().Fit(slices.Values([]string{text}))
		if got := Decode(f, f.Encode(nil, text)); got != text {
			t.Errorf("%s: %q comes back as %q", key, text, got)
		}
	}
}

// TestSpacing: words are put together as they are usually typed.
func TestSpacing(t *testing.T) {
	for words, want := range map[string]string{
		"a man , tall , sleeps .":              "a man, tall, sleeps.",
		`he said " go " and " no "`:            `he said "go" and "no"`,
		"( a ) [ b ]":                          "(a) [b]",
		"3 . 5 and 1 , 000 at 10 : 30 . 7 men": "3.5 and 1,000 at 10:30.7 men",
		"chapter 3 . then":                     "chapter 3. then",
		"$ 5 , 50 %":                           "$5,50%",
		"the dogs ' house":                     "the dogs' house",
		"你好 ， 世界 。":                            "你好，世界。",
		"a — b":                                "a — b",
	} {
		s, got := spacing{}, ""
		for _, word := range strings.Fields(words) {
			got += s.glue(word) + word
		}
		if got != want {
			t.Errorf("%q are put together as %q, want %q", words, got, want)
		}
	}
}

// TestBytesInAnyOrder: what byte_bpe writes is text after every token, whatever the tokens are.
func TestBytesInAnyOrder(t *testing.T) {
	f := (&ByteBPE{MinCount: 2, Vocabulary: 300}).Fit(slices.Values(append(sentences, sentences...)))
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		d := f.Decoder()
		for range 20 {
			if text := d.Next(uint32(r.IntN(300))); !utf8.ValidString(text) {
				t.Fatalf("%q is no text", text)
			}
		}
		if text := d.End() + d.End(); !utf8.ValidString(text) || utf8.RuneCountInString(text) > 1 {
			t.Fatalf("%q is left over", text)
		}
	}
	if got := Decode(f, []uint32{reserved + 0xe2, reserved + 0x82, reserved + 'a'}); got != UnknownText+"a" {
		t.Errorf("half a character and a letter are %q", got)
	}
}

// FuzzRoundTrip: byte_bpe and exact characters give any text back, byte for byte, and the places of its tokens are the text.
func FuzzRoundTrip(f *testing.F) {
	for _, text := range append(slices.Clone(texts), sentences...) {
		f.Add(text, text)
	}
	f.Add("\x00 \u2028", "'s  \n\n 👩\u200d🔬")
	f.Fuzz(func(t *testing.T, learned, text string) {
		if !utf8.ValidString(text) {
			return
		}
		fitted := (&ByteBPE{MinCount: 1, Vocabulary: 400}).Fit(slices.Values([]string{learned, text}))
		data, err := Marshal(fitted)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Unmarshal(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := Decode(again, fitted.Encode(nil, text)); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
		if got := strings.Join(again.Pieces(text), ""); got != text {
			t.Errorf("%q has the pieces of %q", text, got)
		}
		for word := range pretokens(text) {
			if f := again.(*byteRuns); !slices.Equal(f.cut(word), f.merges.cut(singleBytes(word))) {
				t.Errorf("%q is cut in short to %q", word, f.cut(word))
			}
		}
		places := ""
		for _, p := range Places(again, text) {
			if p.Blank {
				places += " "
			}
			places += p.Text
		}
		if a, b := strings.Fields(places), strings.Fields(text); !slices.Equal(a, b) {
			t.Errorf("the places of %q are %q", b, a)
		}
		chars := (&Char{Exact: true, MinCount: 1, Vocabulary: 9999}).Fit(slices.Values([]string{text}))
		if got := Decode(chars, chars.Encode(nil, text)); got != text {
			t.Errorf("characters: %q comes back as %q", text, got)
		}
	})
}
