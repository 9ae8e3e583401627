package structure

import (
	"testing"

	"dnn/pkg/compress/compresstest"
)

// TestConfigs halves sample nets of all sorts, as TestNets does.
func TestConfigs(t *testing.T) {
	for _, name := range []string{"gpt", "lstm", "resnet", "skip", "stems", "two_heads", "vit"} {
		t.Run(name, func(t *testing.T) {
			f, job := compresstest.Spec(t, name)
			s := Settings{Remove: 0.5}
			small, r, err := Apply(f, nil, s)
			if err != nil {
				t.Fatal(err)
			}
			if r.Multiplications.After > 0.9*r.Multiplications.Before {
				t.Errorf("%.0f of %.0f multiplications are left: %+v", r.Multiplications.After, r.Multiplications.Before, r.Sizes)
			}
			want := compresstest.Predictions(t, zeroed(t, f, s), job, 8)
			if far := compresstest.Far(want, compresstest.Predictions(t, small, job, 8)); far > 2e-5 {
				t.Errorf("predictions are %g apart", far)
			}
		})
	}
}
