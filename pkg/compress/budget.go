package compress

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"dnn/internal/phrase"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/model"
)

// Breach is a limit of the budget that a model does not keep.
type Breach struct {
	Limit string  `json:"limit"` // max_size, max_loss_of, max_latency
	Name  string  `json:"name,omitempty"`
	Have  float64 `json:"have"` // bytes, the loss of the figure, seconds
	Most  float64 `json:"most"`
}

// String says what is too much.
func (b Breach) String() string {
	switch b.Limit {
	case "max_size":
		return fmt.Sprintf("its file has %s, more than %s", phrase.Count(int(b.Have), "byte"), phrase.Thousands(int(b.Most)))
	case "max_latency":
		return fmt.Sprintf("a row takes %v, more than %v", seconds(b.Have), seconds(b.Most))
	}
	if math.IsNaN(b.Have) {
		return b.Name + " is undefined"
	}
	return fmt.Sprintf("%s is worse by %.4g, more than %v", b.Name, b.Have, b.Most)
}

// MarshalJSON writes null for a loss that is undefined.
func (b Breach) MarshalJSON() ([]byte, error) {
	have := "null"
	if !math.IsNaN(b.Have) {
		have = fmt.Sprint(b.Have)
	}
	return fmt.Appendf(nil, `{"limit":%q,"name":%q,"have":%s,"most":%v}`, b.Limit, b.Name, have, b.Most), nil
}

func seconds(x float64) time.Duration { return time.Duration(math.Round(x * 1e9)) }

// tiny is what rounding makes of two figures that differ by the limit.
const tiny = 1e-12

// breaches are the limits that a model does not keep, from the figures before the first step. rises has the figures that are
// higher for a better model.
func breaches(b *recipe.Budget, first, now *Figures, rises map[string]bool) (list []Breach) {
	if b.MaxSize != nil && now.Size > int64(b.MaxSize.N) {
		list = append(list, Breach{"max_size", "", float64(now.Size), float64(b.MaxSize.N)})
	}
	for _, name := range slices.Sorted(maps.Keys(b.MaxLossOf)) {
		most := b.MaxLossOf[name]
		worse := now.Of(name) - first.Of(name)
		if rises[name] {
			worse = -worse
		}
		if !(worse <= most+tiny) {
			list = append(list, Breach{"max_loss_of", name, worse, most})
		}
	}
	if b.MaxLatency != nil && now.Latency1 > b.MaxLatency.D {
		list = append(list, Breach{"max_latency", "", now.Latency1.Seconds(), b.MaxLatency.D.Seconds()})
	}
	return list
}

// lost reports whether a figure is too much worse, which only training can mend.
func lost(list []Breach) bool {
	return slices.ContainsFunc(list, func(b Breach) bool { return b.Limit == "max_loss_of" })
}

// judge holds all stages against the budget, and chooses the last that keeps it.
func (res *Result) judge(b *recipe.Budget, rises map[string]bool) {
	res.Chosen = -1
	for i := range res.Stages {
		s := &res.Stages[i]
		if s.Breaks = breaches(b, &res.Stages[0].Figures, &s.Figures, rises); len(s.Breaks) == 0 {
			res.Chosen = i
		}
	}
}

// risen are the figures that are higher of a better model.
func (r *runner) risen(list []Score) map[string]bool {
	rises := map[string]bool{}
	for _, s := range list {
		rises[s.Name] = model.Rises(r.net, s.Name)
	}
	return rises
}
