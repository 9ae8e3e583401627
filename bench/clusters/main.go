// Command clusters computes how training would scale to many machines, and draws it:
//
//	go run ./clusters > ../docs/clusters.svg
//
// The figures go to standard error as tables. It is a model: the time of a step's rows, of the update and of the sums are measured on
// this machine with one thread, and the exchange is what 2·(n-1)/n times the gradients take over a network of three speeds, with a
// latency for each of the 2·(n-1) messages of a rank. It does not know of collisions, of machines that differ, or of the disk.
package main

import (
	"fmt"
	"math"
	"os"
	"time"

	"dnn/bench/chart"
	"dnn/pkg/cluster"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// net is a net whose parts are measured.
type net struct{ name, layers string }

var nets = []net{
	{"convolutions (fashion-cnn)", `
  - {type: reshape, shape: [28, 28, 1]}
  - {type: conv2d, filters: 32, kernel: 3, padding: same, activation: relu}
  - batch_norm
  - {type: conv2d, filters: 32, kernel: 3, padding: same, activation: relu}
  - {type: max_pool2d, size: 2}
  - {type: conv2d, filters: 64, kernel: 3, padding: same, activation: relu}
  - {type: avg_pool2d, size: 2}
  - flatten
  - {type: dense, units: 128, activation: relu}
  - {type: dense, units: classes}`},
	{"multilayer perceptron (784-512-512-10)", `
  - {type: dense, units: 512, activation: relu}
  - {type: dense, units: 512, activation: relu}
  - {type: dense, units: classes}`},
}

// network is how fast machines exchange.
type network struct {
	name          string
	bits, latency float64 // each second; seconds for each message
}

var networks = []network{{"1 Gbit/s", 1e9, 30e-6}, {"10 Gbit/s", 1e10, 15e-6}, {"100 Gbit/s", 1e11, 3e-6}}

const (
	few, many = 32, 96 // rows of the steps that are measured
	rows      = 32     // of each rank
	largest   = 256    // ranks
	rounds    = 7      // measurements, of which the least counts: other programs only make them longer
)

// parts are the times of a step in seconds.
type parts struct {
	row, update float64
	sum         float64 // of one array of gradients to another
	numbers     int     // of the gradients
}

// step is the time of a step on n ranks, each with so many rows.
func (p parts) step(n int, of network) float64 {
	t := rows*p.row + p.update
	if n == 1 {
		return t
	}
	share := float64(n-1) / float64(n)
	return t + 2*float64(n-1)*of.latency + 2*share*32*float64(p.numbers)/of.bits + share*p.sum
}

func main() {
	var panels []chart.Panel
	for _, one := range nets {
		p, err := measure(one)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintf(os.Stderr, "%s: %.3f ms a row, %.3f ms an update, %.3f ms a sum of %.2f MB\n", one.name, 1e3*p.row, 1e3*p.update, 1e3*p.sum, 4e-6*float64(p.numbers))
		panels = append(panels, p.panel(one.name))
	}
	fmt.Print(chart.Draw(fmt.Sprintf("Model: efficiency of n ranks, %d rows each (not measured beyond the parts)", rows), panels...))
}

// panel shows the part of the time that goes into rows and update.
func (p parts) panel(name string) chart.Panel {
	panel := chart.Panel{Title: "efficiency, " + name, Across: "ranks", Top: 1}
	for _, of := range networks {
		line := chart.Line{Name: of.name}
		fmt.Fprintf(os.Stderr, "| %s |", of.name)
		for n := 1; n <= largest; n *= 2 {
			y := p.step(1, of) / p.step(n, of)
			line.Points = append(line.Points, chart.Point{X: math.Log2(float64(n)), Y: y})
			fmt.Fprintf(os.Stderr, " %d: %.2f |", n, y)
		}
		fmt.Fprintln(os.Stderr)
		panel.Lines = append(panel.Lines, line)
	}
	for n := 1; n <= largest; n *= 4 {
		panel.Ticks, panel.TickNames = append(panel.Ticks, math.Log2(float64(n))), append(panel.TickNames, fmt.Sprint(n))
	}
	return panel
}

// measure takes the least times of a net on one thread.
func measure(one net) (p parts, err error) {
	text := fmt.Sprintf("dataset: {format: synthetic, generator: blobs, rows: 200, features: 784, classes: 10}\nlayers:%s\noptimizer: adam\ntrain: {epochs: 1, batch_size: %d}\n", one.layers, many)
	doc, err := spec.Parse("clusters.yaml", []byte(text), nil)
	if err != nil {
		return p, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return p, err
	}
	at := map[int]float64{}
	for _, n := range []int{few, many} {
		at[n] = math.Inf(1)
		for range rounds {
			t, err := train.Time(job, train.TimingOptions{Threads: 1, Batch: n, Steps: 3})
			if err != nil {
				return p, err
			}
			at[n], p.numbers = min(at[n], t.Step.Seconds()), t.Parameters
		}
	}
	p.row = (at[many] - at[few]) / (many - few)
	p.update = max(0, at[few]-few*p.row)
	p.sum = sums(p.numbers)
	return p, nil
}

// sums is the least time that the exact sum over two shards takes besides the network, of several.
func sums(numbers int) float64 {
	ranks, least := cluster.Local(2), math.Inf(1)
	done := make(chan error, len(ranks))
	for r, c := range ranks {
		go func() {
			s, own, sum := cluster.Summer{Comm: c}, [][]float32{make([]float32, numbers)}, make([]float32, numbers)
			var err error
			for i := 0; i < rounds && err == nil; i++ {
				start := time.Now()
				if err = s.Exact(2, own, sum); r == 0 {
					least = min(least, time.Since(start).Seconds())
				}
			}
			done <- err
		}()
	}
	for range ranks {
		if err := <-done; err != nil {
			return math.NaN()
		}
	}
	return least
}
