package work

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/train"
)

// Progress shows how trainings go.
type Progress struct {
	Term *term.Terminal
	bar  *bar
}

// Watcher follows a training: with a bar on a terminal, else a line for each validation, or nothing.
func (p *Progress) Watcher() train.Watcher {
	switch {
	case p.Term.Quiet:
		return nil
	case term.Is(p.Term.Err):
		p.bar = &bar{out: &narrow{to: p.Term.RawErr(), columns: p.Term.ErrColumns}, colour: p.Term.ColoredErr()}
		return p.bar
	}
	return &lines{out: p.Term.Err, now: time.Now}
}

// End leaves the line of the bar. On a terminal the line is wiped: it may hold the ^C that the terminal echoed, too.
func (p *Progress) End() {
	if p.bar != nil {
		p.bar.end()
	}
	p.Wipe()
}

// Wipe empties the line of a terminal that the bar is drawn on.
func (p *Progress) Wipe() {
	if term.Is(p.Term.Err) && os.Getenv("TERM") != "dumb" {
		fmt.Fprint(p.Term.RawErr(), "\r\x1b[K")
	}
}

// lines writes one plain line for each validation.
type lines struct {
	out    io.Writer
	now    func() time.Time
	length train.Length
	began  time.Time
}

func (l *lines) Start(length train.Length) { l.length, l.began = length, l.now() }
func (l *lines) Step(train.Progress)       {}

func (l *lines) Epoch(e train.Epoch) {
	width := len(fmt.Sprint(l.length.Epochs))
	best := ""
	if e.Best {
		best = "  best"
	}
	fmt.Fprintf(l.out, "epoch %*d/%d  step %d  %s  %s%s\n", width, e.Epoch, l.length.Epochs, e.Step, Duration(l.now().Sub(l.began)), figures(e), best)
}

// figures lists the loss and the scores of a validation.
func figures(e train.Epoch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "loss %s", output.Figure(e.Loss))
	if e.Validation == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "  validation_loss %s", output.Figure(e.Validation.Loss))
	for i := range e.Validation.Heads {
		h := &e.Validation.Heads[i]
		for _, m := range h.Metrics {
			if m.Result.Single() {
				fmt.Fprintf(&b, "  %s %s", h.Figure(m.Name), output.Figure(m.Result.Value))
			}
		}
	}
	return b.String()
}

// redraw is how long a bar stands still at least.
const redraw = 100 * time.Millisecond

// bar draws a progress bar with the time left and the current figures. It counts from the beginning of the training, so
// that its share and its epochs agree in a resumed one too; the time left follows from the steps of this process.
type bar struct {
	out    *narrow
	colour bool
	length train.Length
	shown  *progressbar.ProgressBar
	began  time.Time
	drawn  time.Time
	figure string // the newest score
}

func (b *bar) Start(length train.Length) {
	b.length, b.began = length, time.Now()
	theme := progressbar.ThemeASCII
	theme.Saucer, theme.SaucerHead, theme.SaucerPadding, theme.BarStart, theme.BarEnd = "━", "━", " ", "", ""
	if b.colour {
		theme.Saucer, theme.SaucerHead = "[cyan]━[reset]", "[cyan]━[reset]"
	}
	b.shown = progressbar.NewOptions(max(1, length.TotalSteps),
		progressbar.OptionSetWriter(b.out), progressbar.OptionSetWidth(24), progressbar.OptionSetTheme(theme),
		progressbar.OptionEnableColorCodes(b.colour), progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetRenderBlankState(length.From.Step == 0))
	b.shown.Set(length.From.Step)
}

func (b *bar) Step(now train.Progress) {
	if time.Since(b.drawn) < redraw {
		return
	}
	b.drawn = time.Now()
	text, left := fmt.Sprintf("epoch %d/%d  loss %s", now.Epoch, b.length.Epochs, output.Figure(now.Loss)), b.left(now.Step)
	if full := text + b.figure + left; len(full) < b.out.width() {
		text = full
	} else {
		text += left
	}
	b.shown.Describe(text)
	b.shown.Set(now.Step)
}

// left says how long the rest will take, once there is something to judge by.
func (b *bar) left(step int) string {
	spent := time.Since(b.began)
	if step <= b.length.From.Step || spent < time.Second {
		return ""
	}
	rest := spent.Seconds() / float64(step-b.length.From.Step) * float64(b.length.TotalSteps-step)
	if rest > (1000 * time.Hour).Seconds() {
		return ""
	}
	return "  " + Duration(time.Duration(math.Ceil(rest))*time.Second) + " left"
}

func (b *bar) Epoch(e train.Epoch) {
	if e.Validation == nil {
		return
	}
	name, value := "loss", e.Validation.Loss
	if len(e.Validation.Heads) == 1 { // of several, the loss is the figure of all
		for _, m := range e.Validation.Heads[0].Metrics {
			if m.Result.Single() && !math.IsNaN(m.Result.Value) {
				name, value = m.Name, m.Result.Value
				break
			}
		}
	}
	b.figure = fmt.Sprintf("  validation_%s %s", term.Shown(name), output.Figure(value))
}

func (b *bar) end() {
	if b.shown != nil {
		b.shown.Clear()
	}
}
