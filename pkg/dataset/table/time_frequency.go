package table

import "dnn/pkg/dataset/dates"

// steady returns the frequency of a group's rows, and whether they are evenly spaced.
func (t *TimeIndex) steady(group int32) (dates.Frequency, bool) {
	if t.At == nil {
		return dates.Frequency{}, false
	}
	return t.Format.FrequencyOf(t.At[t.Starts[group]:t.Starts[group+1]])
}

// Frequency is the frequency of most rows.
func (t *TimeIndex) Frequency() dates.Frequency {
	if p, ok := t.steady(0); ok {
		return p
	}
	return t.Format.FrequencyOfMost(t.At, t.Group)
}

// FrequencyFor returns the frequency that the setting asks for.
func (t *TimeIndex) FrequencyFor(every string) (dates.Frequency, error) {
	if every == dates.AutoFrequency {
		return t.Frequency(), nil
	}
	return t.Format.FrequencyAsked(every, t.Column)
}

// Season guesses after how many rows a series repeats itself; 0 if unknown.
func (t *TimeIndex) Season() int {
	steps, _ := t.Format.Season(t.Frequency())
	return steps
}

// Spacing names the steps of the season: "months".
func (t *TimeIndex) Spacing() string {
	_, what := t.Format.Season(t.Frequency())
	return what
}
