// Command memory trains nets on tasks that need a long memory, the adding problem and copying as in docs/examples, with
// rnn, lstm and gru and three seeds each, and draws how they learn:
//
//	go run ./memory > ../docs/memory.svg
//
// It takes some ten minutes. After how many steps each solves its task goes to standard error as a table.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dnn/bench/chart"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// task is a spec of docs/examples and the figure of its validation part that tells whether it is solved.
type task struct {
	spec, figure, title string
	solved              func(v float64) bool
	level, top          float64
	levelName           string
	steps               int
	ticks               []float64
}

var tasks = []task{
	{
		spec: "adding.yaml", figure: "mse", title: "adding problem, length 100: mean squared error",
		solved: func(v float64) bool { return v < 0.01 }, level: 0.167, levelName: "without memory", top: 0.2, steps: 3000,
		ticks: []float64{0, 1000, 2000, 3000},
	},
	{
		spec: "copy.yaml", figure: "sequence_accuracy", title: "copying 5 letters after 20 blanks: share all right",
		solved: func(v float64) bool { return v > 0.99 }, steps: 3000, ticks: []float64{0, 1000, 2000, 3000},
	},
}

func main() {
	fmt.Fprintln(os.Stderr, "| task | layer | solved after steps, by seed |\n|---|---|---|")
	var panels []chart.Panel
	for _, t := range tasks {
		p := chart.Panel{Title: t.title, Across: "steps of training", Ticks: t.ticks, Level: t.level, Top: t.top, LevelName: t.levelName}
		for _, kind := range []string{"rnn", "lstm", "gru"} {
			var solved []string
			for seed := range 3 {
				points, err := t.train(kind, seed+1)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				p.Lines = append(p.Lines, chart.Line{Name: kind, Points: points})
				after := "never"
				for _, q := range points {
					if t.solved(q.Y) {
						after = fmt.Sprint(q.X)
						break
					}
				}
				solved = append(solved, after)
			}
			fmt.Fprintf(os.Stderr, "| %s | %s | %s |\n", strings.TrimSuffix(t.spec, ".yaml"), kind, strings.Join(solved, ", "))
		}
		panels = append(panels, p)
	}
	fmt.Print(chart.Draw("Tasks of long memory, three seeds each", panels...))
}

// train returns the figure after each validation.
func (t task) train(kind string, seed int) ([]chart.Point, error) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "examples", t.spec))
	if err != nil {
		return nil, err
	}
	changed := strings.Replace(string(text), "type: lstm", "type: "+kind, 1)
	doc, err := spec.Parse(t.spec, []byte(changed), []string{fmt.Sprintf("seed=%d", seed), fmt.Sprintf("train.steps=%d", t.steps)})
	if err != nil {
		return nil, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "memory")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tr, err := train.New(job, train.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer tr.Close()
	if err := tr.Run(context.Background()); err != nil {
		return nil, err
	}
	return t.read(filepath.Join(dir, train.MetricsFile))
}

// read takes the figure from the lines of a run.
func (t task) read(path string) (points []chart.Point, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var l struct {
			Step       float64
			Validation map[string]any
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, err
		}
		if v, ok := l.Validation[t.figure].(float64); ok {
			points = append(points, chart.Point{X: l.Step, Y: v})
		}
	}
	return points, lines.Err()
}
