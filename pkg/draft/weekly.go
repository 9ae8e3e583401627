package draft

import (
	"math"

	"dnn/pkg/survey"
)

// weekday is what a spec for a series with a weekly pattern has as dataset.calendar.
var weekday = []string{"weekday"}

const (
	week        = 7
	leastWeeks  = 4   // of which a pattern is taken from
	leastWeekly = 0.3 // correlation of the days of a week with those of the next: of noise it is 0
	trainedOn   = 65  // percent of the rows: the later ones are validation and test
)

// weekly reports whether the days of a week differ in a series of days, in the part that a net learns from: what is left when the
// mean of the seven days around is taken away correlates with the same a week later.
func weekly(c *survey.Clock, values []float64) bool {
	const day = 24 * 60 * 60
	begin := c.At[c.Order[0]]
	last := c.Order[len(c.Order)*trainedOn/100]
	days := make([]float64, 1+int(math.Round((c.At[last]-begin)/day)))
	for i := range days {
		days[i] = math.NaN()
	}
	for _, row := range c.Order {
		if i := int(math.Round((c.At[row] - begin) / day)); i < len(days) {
			days[i] = values[row]
		}
	}
	if len(days) < leastWeeks*week {
		return false
	}
	rest := make([]float64, len(days))
	for i := range rest {
		rest[i] = math.NaN()
		if i < week/2 || i+week/2 >= len(days) {
			continue
		}
		sum := 0.0
		for k := i - week/2; k <= i+week/2; k++ {
			sum += days[k]
		}
		rest[i] = days[i] - sum/week
	}
	both, first, second := 0.0, 0.0, 0.0
	for i := range len(rest) - week {
		if a, b := rest[i], rest[i+week]; !math.IsNaN(a + b) {
			both, first, second = both+float64(a*b), first+float64(a*a), second+float64(b*b)
		}
	}
	return both > leastWeekly*math.Sqrt(first*second)
}
