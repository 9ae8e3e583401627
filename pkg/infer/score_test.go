package infer

import (
	"encoding/json"
	"testing"

	"dnn/pkg/metrics"
)

// TestSignature: a figure that compares only with a signature has it next to it in JSON, others have none.
func TestSignature(t *testing.T) {
	s := Scores{Rows: 2, Heads: []HeadScores{{Loss: 1, Metrics: []metrics.Named{
		{Name: "bleu", Result: metrics.Result{Value: 30}, Signature: "nrefs:1|case:mixed"},
		{Name: "chrf_2", Result: metrics.Result{Value: 50}},
	}}}}
	got, err := json.Marshal(&s)
	if want := `{"rows":2,"loss":1,"bleu":30,"bleu_signature":"nrefs:1|case:mixed","chrf_2":50}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
