// Package forecast goes beyond the end of the data, horizon by horizon: what was predicted is the history of what follows.
package forecast
