package train

import (
	"encoding/json"
	"math"
	"testing"
)

func TestSpread(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{4, 2, 9}, `{"mean":5,"std":3.605551275463989,"median":4,"min":2,"max":9,"runs":3}`},
		{[]float64{1, nan, 3, math.Inf(1), 2, 6}, `{"mean":3,"std":2.160246899469287,"median":2.5,"min":1,"max":6,"runs":4}`},
		{[]float64{0.7, 0.7, 0.7}, `{"mean":0.7,"std":0,"median":0.7,"min":0.7,"max":0.7,"runs":3}`},
		{[]float64{nan, 0.5}, `{"mean":0.5,"std":null,"median":0.5,"min":0.5,"max":0.5,"runs":1}`},
		{[]float64{nan}, `{"mean":null,"std":null,"median":null,"min":null,"max":null,"runs":0}`},
	} {
		if got, err := json.Marshal(spreadOf(c.values)); err != nil || string(got) != c.want {
			t.Errorf("%v: %s, want %s (%v)", c.values, got, c.want, err)
		}
	}
}
