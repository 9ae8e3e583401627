// Package generate is "dnn generate".
package generate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/infer"
)

type options struct {
	term       *term.Terminal
	prompt     string
	given      bool // the prompt
	length     int
	how        infer.Sampling
	stop       []string
	perplexity bool
	json       bool
}

// maxLength is how many tokens can be asked for.
const maxLength = 100_000_000

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	g := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "generate MODEL [--prompt TEXT]",
		Short: "Write text with a language model",
		Long: `Write text with a language model, a model that was trained on texts (format: text).

MODEL is a model file, or the folder of a run, whose best weights are used. The text continues the prompt and appears as it
is written. Without --prompt, each line of standard input is a prompt of its own, if it is no terminal. Without
any, or for an empty line, the text begins as a document does.

The model sees as many tokens as its training windows have. When they are full, it forgets the first half of them and
reads the others again, from the first place on; so it sees between half a window and a whole one. Tokens are drawn by their probabilities; the same seed writes the same text, on any machine.

--json prints an object for each prompt: {"prompt": …, "text": …, "tokens": 200}, with --perplexity the perplexity of the
prompt, too.`,
		Example: `  dnn generate runs/shakespeare/0001 --prompt "ROMEO:" --length 500
  dnn generate best.safetensors --temperature 0.7 --top-p 0.9 --seed 7
  cat questions.txt | dnn generate best.safetensors --length 50 --stop "\n" --json
  dnn generate best.safetensors --prompt "To be or not to be" --length 0 --perplexity`,
		Args: flags.Arguments(1, 1, "one MODEL: a model file or the folder of a run"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error {
		g.given = cmd.Flags().Changed("prompt")
		return g.run(args[0])
	})
	f := cmd.Flags()
	f.StringVar(&g.prompt, "prompt", "", "text to continue (default: the lines of standard input, or the beginning of a text)")
	f.IntVar(&g.length, "length", 200, "most tokens to write")
	f.Float64Var(&g.how.Temperature, "temperature", 1, "below 1, probable tokens are drawn more often; 0: always the most probable one")
	f.IntVar(&g.how.TopK, "top-k", 0, "draw from the K most probable tokens only (0: from all)")
	f.Float64Var(&g.how.TopP, "top-p", 1, "draw from the most probable tokens only that together have this probability")
	f.Float64Var(&g.how.Repetition, "repetition-penalty", 1, "above 1, tokens that the model sees are drawn less often again")
	f.Uint64Var(&g.how.Seed, "seed", 0, "seed of the draw; another one writes another text")
	f.StringArrayVar(&g.stop, "stop", nil, `end before this text (\n stands for a line end); may be given several times`)
	f.BoolVar(&g.perplexity, "perplexity", false, "print the perplexity of the prompt, too")
	f.BoolVar(&g.json, "json", false, "print one JSON object per prompt")
	flags.AddDevice(cmd)
	return cmd
}

// check refuses settings that are out of range.
func (g *options) check() error {
	switch {
	case g.length < 0 || g.length > maxLength:
		return exit.Usagef("--length: %d is out of range: must be in [0,%d]", g.length, maxLength)
	case !(g.how.Temperature >= 0) || math.IsInf(g.how.Temperature, 0):
		return exit.Usagef("--temperature: %v is out of range: must be 0 or more", g.how.Temperature)
	case g.how.TopK < 0:
		return exit.Usagef("--top-k: %d is out of range: must be 0 or more", g.how.TopK)
	case !(g.how.TopP > 0 && g.how.TopP <= 1):
		return exit.Usagef("--top-p: %v is out of range: must be in (0,1]", g.how.TopP)
	case !(g.how.Repetition >= 1) || math.IsInf(g.how.Repetition, 0):
		return exit.Usagef("--repetition-penalty: %v is out of range: must be 1 or more", g.how.Repetition)
	}
	for i, s := range g.stop {
		if s == "" {
			return exit.Usagef("--stop: the text is empty")
		}
		g.stop[i] = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`).Replace(s)
	}
	return nil
}

func (g *options) run(arg string) error {
	if err := g.check(); err != nil {
		return err
	}
	file, err := models.Load(arg)
	if err != nil {
		return err
	}
	net := file.Net
	if !dataset.ContinuesText(net.Schema) {
		return exit.Usagef("%s continues no text: that is for models trained with format: text; 'dnn predict' is for this one", file.Path)
	}
	if err := flags.Use(g.term, file.State); err != nil {
		return err
	}
	pool := parallel.New(g.term.Threads)
	defer pool.Close()
	d, err := infer.NewDecoder(net, file.State, pool, 0, 0)
	if err != nil {
		return err
	}
	w := &writer{options: g, decoder: d, text: net.Schema.LabelColumns[0].Generated(), ends: net.Heads[0].Axis.Ends}
	if g.given || term.Is(g.term.In) {
		if !utf8.ValidString(g.prompt) {
			return exit.Usagef("--prompt: the text is not UTF-8")
		}
		return w.write(g.prompt)
	}
	return w.writeLines(bufio.NewReader(g.term.In))
}

// writeLines continues each line; of no lines at all, it writes as without a pipe.
func (w *writer) writeLines(lines *bufio.Reader) error {
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line == "" && n > 1 {
			return nil
		}
		if !utf8.ValidString(line) {
			return exit.Usagef("line %d of standard input is not UTF-8; save it in that encoding", n)
		}
		if failed := w.write(strings.TrimRight(line, "\r\n")); failed != nil || err != nil {
			return failed
		}
	}
}

// writer continues prompts.
type writer struct {
	*options
	decoder *infer.Decoder
	text    column.Generated
	ends    bool // whether the last class ends a text
}

// write continues one prompt.
func (w *writer) write(prompt string) error {
	prefix := w.text.Prefix()
	c, err := w.decoder.Continue(int32(prefix.Begin()), w.how)
	if err != nil {
		return err
	}
	if err := c.Read(w.text.Tokens(prompt), w.perplexity); err != nil {
		return err
	}
	var out io.Writer = w.term.Out
	var whole strings.Builder
	if w.json {
		out = &whole
	} else if _, err := io.WriteString(out, prompt); err != nil {
		return err
	}
	n, err := w.continueText(c, out)
	if err != nil {
		return err
	}
	if w.json {
		return w.print(prompt, whole.String(), n, c)
	}
	if _, err := io.WriteString(out, "\n"); err != nil {
		return err
	}
	if w.perplexity && c.Count > 0 {
		w.term.Note("the perplexity of the prompt is %s (%s)", output.Figure(c.Perplexity()), output.Plural(c.Count, "token"))
	}
	return nil
}

// continueText writes up to the length that is asked for, or until the text ends, and returns how many tokens it wrote.
func (w *writer) continueText(c *infer.Continuation, out io.Writer) (n int, err error) {
	held := &holder{out: out, stop: w.stop}
	spelling := w.text.Spelling()
	end := int32(w.text.Prefix().End())
	for n < w.length && !held.done {
		token, err := c.Next()
		if err != nil {
			return n, err
		}
		if n++; w.ends && token == end {
			break
		}
		if err := held.write(spelling.Next(uint32(token))); err != nil {
			return n, err
		}
	}
	if err := held.write(spelling.End()); err != nil {
		return n, err
	}
	return n, held.flush()
}

// result is what --json prints.
type result struct {
	Prompt     string   `json:"prompt"`
	Text       string   `json:"text"`
	Tokens     int      `json:"tokens"`
	Perplexity *float64 `json:"perplexity,omitempty"`
}

// print prints the text as an object on a line.
func (w *writer) print(prompt, text string, tokens int, c *infer.Continuation) error {
	r := result{Prompt: prompt, Text: text, Tokens: tokens}
	if w.perplexity && c.Count > 0 {
		p := c.Perplexity()
		r.Perplexity = &p
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.term.Out, "%s\n", line)
	return err
}

// holder passes a text on as it comes, but for what may be the beginning of a text that stops it.
type holder struct {
	out  io.Writer
	stop []string
	held string
	done bool
}

// write passes on what cannot be part of a stop any more.
func (h *holder) write(text string) error {
	if h.done {
		return nil
	}
	h.held += text
	for _, s := range h.stop {
		if i := strings.Index(h.held, s); i >= 0 {
			h.held, h.done = h.held[:i], true
		}
	}
	keep := 0
	for _, s := range h.stop {
		for n := min(len(s)-1, len(h.held)); n > keep && !h.done; n-- {
			if strings.HasPrefix(s, h.held[len(h.held)-n:]) {
				keep = n
			}
		}
	}
	passed := h.held[:len(h.held)-keep]
	h.held = h.held[len(passed):]
	if passed == "" {
		return nil
	}
	_, err := io.WriteString(h.out, passed)
	return err
}

// flush passes on what was held back.
func (h *holder) flush() error {
	rest := h.held
	if h.held = ""; rest == "" {
		return nil
	}
	_, err := io.WriteString(h.out, rest)
	return err
}
