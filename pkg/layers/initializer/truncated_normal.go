package initializer

import "dnn/internal/kernel/rand"

func init() {
	Registry.Register("truncated_normal", "normal without its tails", &TruncatedNormal{})
}

// TruncatedNormal draws from a normal distribution cut off two standard deviations from its mean; what lies beyond is
// drawn anew. The standard deviation of what remains is 0.88·std.
//
//	w ~ N(mean, std²) given |w - mean| ≤ 2·std
type TruncatedNormal struct {
	Mean float64 `default:"0" range:"(,)" doc:"mean"`
	Std  float64 `default:"0.05" range:"[0,)" doc:"standard deviation before the cut"`
}

// Cases are examples of it.
func (*TruncatedNormal) Cases() []Case {
	return []Case{{Spec: "{type: truncated_normal, mean: 1, std: 0.5}", Mean: 1, Std: 0.5 * 0.87962566103423978, Most: 2}}
}

// Fill draws, and draws elements beyond the bounds again from the following steps of the stream.
func (n *TruncatedNormal) Fill(dst []float32, t Target) {
	mean, std := float32(n.Mean), float32(n.Std)
	t.normal(dst, n.Mean, n.Std)
	for i := range dst {
		for step := uint64(1); dst[i]-mean > 2*std || mean-dst[i] > 2*std; step++ {
			rand.Normal(dst[i:i+1], mean, std, t.Seed, t.Stream, step, i)
		}
	}
}
