// Package plot draws charts from plain numbers: learning curves, confusion matrices, predictions against labels, forecasts,
// heat maps, attributions, and sheets of images. Each is a struct that describes the chart and a function that draws it.
package plot
