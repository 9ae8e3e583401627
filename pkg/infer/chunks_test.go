package infer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
)

// Sequences in chunks are scored and predicted as in one piece, to the bit, however long the chunks are, also those
// that end before others do.
func TestChunksAreOneSequence(t *testing.T) {
	for _, kind := range []string{"rnn", "lstm", "gru"} {
		predict := func(set ...string) []float32 {
			j := mustOpen(t, strings.ReplaceAll(statefulSpec, "KIND", kind), wordRows, set...)
			pool := parallel.New(2)
			defer pool.Close()
			r := NewRunner(&j.Network, exec.NewState(), pool, true)
			var all []float32
			for range 2 { // the second time begins anew too
				if err := j.Data.Train.Fill(r.Batch(), []int{0, 1, 2, 3, 4}); err != nil {
					t.Fatal(err)
				}
				out, err := r.Run()
				if err != nil || out[0].Weight != 19 || math.IsNaN(out[0].Loss) {
					t.Fatal(err, out)
				}
				for i := range 5 {
					from, to := r.Predictions(0, i)
					all = append(all, out[0].Prediction[2*from:2*to]...)
				}
			}
			return all
		}
		whole := predict()
		for _, unroll := range []string{"1", "2", "3", "6", "7", "50"} {
			if got := predict("batch_size: 2 => batch_size: 2, stateful: true, unroll: " + unroll); !slices.Equal(got, whole) {
				t.Errorf("%s in chunks of %s: %v, in one piece %v", kind, unroll, got[:6], whole[:6])
			}
		}
	}
}
