package importer

import (
	"fmt"
	"strings"
)

// Net is a net that was imported.
type Net struct {
	Name   string
	Inputs []*Input
	Layers []*Layer
	Ends   string // what the graph does to its output and the loss does here: softmax, log_softmax, sigmoid, or nothing
	Notes  []string
	out    []int // axes of the graph's output in that of the last layer; nil where they are in the same order
}

// Input is an input of the net.
type Input struct {
	Name   string
	Graph  string // its name in the ONNX graph
	Shape  []int  // of a row, in the order of this program: images are [height, width, channels]
	Steps  bool   // whether the first axis is of any size
	Tokens int    // of whole numbers: how many different ones; 0 of numbers
	Axes   []int  // of the ONNX tensor: axis i of it is Axes[i] of Shape, -1 the batch
	atoms  []*atom
	own    []group // nil while it is open
}

// Layer is a layer of a spec with its parameters.
type Layer struct {
	Kind, Name string
	Settings   []Setting
	Inputs     []string // names; nil for the layer before
	Params     []Param
	identity   bool // of attention: nothing projects what its heads give yet
}

// Setting is a key of a layer with its value as YAML.
type Setting struct{ Key, Value string }

// Param is a parameter or a statistic, by its role in the layer.
type Param struct {
	Role  string
	Shape []int
	Data  []float32
}

// set gives the layer a setting.
func (l *Layer) set(key string, value any) {
	text := fmt.Sprint(value)
	if list, ok := value.([]int); ok {
		text = "[" + strings.Trim(strings.ReplaceAll(text, " ", ", "), "[]") + "]"
		if same(list) {
			text = fmt.Sprint(list[0])
		}
	}
	for i := range l.Settings {
		if l.Settings[i].Key == key {
			l.Settings[i].Value = text
			return
		}
	}
	l.Settings = append(l.Settings, Setting{key, text})
}

// setting is the value of a key, "" if it is not given.
func (l *Layer) setting(key string) string {
	for _, s := range l.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// unset takes a setting away.
func (l *Layer) unset(key string) {
	for i := range l.Settings {
		if l.Settings[i].Key == key {
			l.Settings = append(l.Settings[:i], l.Settings[i+1:]...)
			return
		}
	}
}

// param gives the layer a parameter.
func (l *Layer) param(role string, data []float32, shape ...int) {
	if sizeOf(shape) != len(data) {
		fail("%s has %d numbers, and must be of shape %v", role, len(data), shape)
	}
	l.Params = append(l.Params, Param{role, shape, data})
}

// find is the parameter of a role, or nil.
func (l *Layer) find(role string) *Param {
	for i := range l.Params {
		if l.Params[i].Role == role {
			return &l.Params[i]
		}
	}
	return nil
}

// same reports whether a list has one number, as often as it may be.
func same(list []int) bool {
	for _, x := range list {
		if x != list[0] {
			return false
		}
	}
	return len(list) > 0
}
