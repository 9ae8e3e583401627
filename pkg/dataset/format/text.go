package format

import (
	"errors"
	"fmt"

	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("text", "texts to continue: a token is predicted from those before it", &Text{}).
		Also("txt", "language_model", "corpus")
}

// Text reads texts for a language model, which predicts each token from the tokens before it. There are no inputs and no target to
// name: the input is "text", the tokens of a window, and so is the target, of which each step is the token that follows.
//
// The tokenizer is fitted on the training split. A training row is a window of so many tokens, one at each place of the text; rows
// of the other splits are windows that follow one another, so that each token but a split's first is predicted once. Splits are cut
// from the text in its order, at white space. Characters are the text's own: line breaks, runs of spaces and accents as they are
// typed, if the tokenizer can keep them (char and byte_bpe).
//
// A path is a file, a glob, a list of both, or a folder, of which the files ending in .txt, .txt.gz or .txt.zst are read. Several files are
// documents one after the other, in the order of the list and of their names, with the token <end> between them. Files are UTF-8 and
// may be compressed with gzip or zstd.
type Text struct {
	Files     `spec:",inline"`
	Tokenizer tokenizer.Tokenizer `json:"-" default:"char" doc:"what a token is"`
	Window    int                 `json:"-" default:"64" range:"[1,1048576]" doc:"tokens of a row: how far back the net sees in training"`
	Stride    int                 `json:"-" default:"1" range:"[0,)" doc:"how many tokens a window of training begins after the one before; more where an epoch would have more than 67 million windows"`
	Memory    float64             `json:"-" default:"-1" range:"[0,)" doc:"memory in GB for the tokens of all splits; a split that does not fit is read from a file (default: a quarter of the machine's memory)"`
	Cache     string              `json:"-" default:"auto" doc:"folder of that file, which is gone when the program ends; auto: dnn in the user's cache folder"`
}

// CheckSpec checks the files, and has the tokenizer keep texts as they are.
func (f *Text) CheckSpec(path string, p *spec.Problems) {
	f.Files.CheckSpec(path, p)
	if t, ok := f.Tokenizer.(tokenizer.Exacter); ok {
		f.Tokenizer = t.Exactly()
	}
}

// Extensions are none: a file ending in .txt may hold anything.
func (f *Text) Extensions() []string { return nil }

// Read looks through the documents of a split: a table with one row for each.
func (f *Text) Read(src Source, part string) *table.Table {
	key, entries := f.of(part)
	at := Section + "." + key
	documents, sound := f.find(src, key, entries)
	bad := func(err error) {
		sound = false
		var text *corpus.BadText
		if errors.As(err, &text) {
			src.Mistake(at, "texts that cannot be read", fmt.Sprintf("%s:%d", text.Name, text.Line), text.Text)
		} else {
			src.Problems().Add(at, "%v", err)
		}
	}
	text := corpus.Read(documents, func(sum []byte) { src.Digest()(sum) }, bad, func(name string) {
		src.Note("%s is empty and left out", name)
	})
	if sound && len(text.Documents) == 0 {
		src.Problems().Add(at, "there is no text in %s", names(documents))
	}
	if !sound || len(text.Documents) == 0 {
		return nil
	}
	t := &table.Table{Key: key, Header: []string{TextColumn}, Rows: len(text.Documents)}
	t.Columns = []*table.Column{{Name: TextColumn, Content: text}}
	for i, d := range text.Documents {
		t.Files = append(t.Files, table.FileSpan{Name: d.Name, First: i})
	}
	return t
}

// TextColumn is how the input and the target of texts to continue are called.
const TextColumn = "text"

// find lists the documents that entries name.
func (f *Text) find(src Source, key string, entries []string) (list []corpus.Document, sound bool) {
	before := src.Problems().Len()
	for _, file := range expand(src, key, entries) {
		found, err := corpus.Find(file)
		if err != nil {
			src.Problems().Add(Section+"."+key, "%s: %v", file, err)
		}
		list = append(list, found...)
	}
	return list, src.Problems().Len() == before
}

// names lists the first documents.
func names(documents []corpus.Document) string {
	if n := len(documents); n > 1 {
		return fmt.Sprintf("%s and %d more", documents[0].Name, n-1)
	}
	return documents[0].Name
}

// EachFile calls each with the paths of files, and of the folder of the cache.
func (f *Text) EachFile(each func(path *string)) {
	f.Files.EachFile(each)
	if f.Cache != "auto" && f.Cache != "" {
		each(&f.Cache)
	}
}

// CacheFolder is the folder of the cache, which need not be there.
func (f *Text) CacheFolder() string { return f.Cache }

// Tokens says where tokens are kept; path resolves a path of the spec.
func (f *Text) Tokens(path func(name string) string) *corpus.Memory {
	m := &corpus.Memory{Limit: f.Memory * 1e9}
	if f.Memory < 0 {
		m.Limit = corpus.DefaultMemory()
	}
	if f.Cache != "auto" && f.Cache != "" {
		m.Dir = path(f.Cache)
	}
	return m
}
