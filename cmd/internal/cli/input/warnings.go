package input

import (
	"fmt"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
)

// Warn prints what was odd about the rows of a stream: repeated header lines, words that training never saw, absent keys, truncated sequences.
func Warn(t *term.Terminal, s *stream.Stream) {
	if encoding := s.UTF8(); encoding != "" {
		t.Note("the text is UTF-8, not %s as the model's spec says of its data; it is read as UTF-8", encoding)
	}
	if s.Unweighted() {
		t.Note("there is no column of weights: each row counts as 1")
	}
	if n, line := s.Repeats(); n > 0 {
		t.Warn("left out %s of the header line, the first in line %d", output.Plural(n, "repetition"), line)
	}
	for _, r := range s.Respelled() {
		t.Note("%s of %s %s written otherwise than in training, such as %s for %s; they are read as the same", output.Plural(r.Rows, "field"), r.Column,
			phrase.IsAre(r.Rows), r.Field, r.Word)
	}
	WarnCut(t, s.Cut())
	warnAbsent(t, s.MissingKeys())
	rows, columns := s.Unseen()
	if rows == 0 {
		return
	}
	var list []string
	for _, c := range columns {
		list = append(list, fmt.Sprintf("%s: %s", c.Column, output.Count(c.Rows)))
	}
	t.Warn("%s with words that training never saw (%s)", output.Plural(rows, "row"), output.List(list, 10))
}

// manyUnseen is the share of tokens, one in so many, from which on it is likely that texts are written in another way than those of
// the training: in another language, or in capitals.
const manyUnseen = 10

// WarnOfTokens tells how many tokens of texts the model's vocabulary does not have.
func WarnOfTokens(t *term.Terminal, s *stream.Stream) {
	for _, in := range s.UnseenTokens() {
		text := fmt.Sprintf("%s: %s of %s not in the model's vocabulary", in.Input, output.Count(in.Tokens), output.Plural(in.All, "token"))
		switch {
		case in.Tokens > 0 && in.Tokens*manyUnseen >= in.All:
			t.Warn("%s; are the texts written as those of the training were?", text)
		case in.Tokens > 0:
			t.Note("%s", text)
		}
	}
}

// warnAbsent warns of keys that objects of JSON Lines lack: they may be spelled in another way.
func warnAbsent(t *term.Terminal, absent []record.MissingKey) {
	var all, some []string
	for _, c := range absent {
		if c.All {
			all = append(all, c.Column)
		} else {
			some = append(some, fmt.Sprintf("%s (%s, first in line %d)", c.Column, output.Plural(c.Rows, "row"), c.Line))
		}
	}
	if len(all) > 0 {
		t.Warn("no row has the %s %s; treated as missing values", output.Choose(len(all) == 1, "key", "keys"), output.List(all, 10))
	}
	if len(some) > 0 {
		t.Warn("some rows lack the %s %s; treated as missing values", output.Choose(len(some) == 1, "key", "keys"), output.List(some, 10))
	}
}

// WarnCut warns of truncated sequences.
func WarnCut(t *term.Terminal, c dataset.Cut) {
	if c.Rows > 0 {
		t.Warn("%s truncated to %s steps in %s (%s)", output.Plural(c.Rows, "row"), output.Count(c.Steps), c.Column, c.Why)
	}
}
