package spec

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// flowWidth is the longest mapping or list that is printed on one line.
const flowWidth = 110

// Encode prints settings as a spec in which every default is visible. Reading the text gives the same settings back.
// Keys that are absent and have no default (nil pointers, empty lists and texts) are left out.
func Encode(settings any) []byte {
	node := encodeValue(reflect.ValueOf(settings))
	fold(node, 0)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(node); err != nil {
		panic("spec: " + err.Error()) // the tree is our own
	}
	return out.Bytes()
}

func encodeValue(v reflect.Value) *yaml.Node {
	if !v.IsValid() {
		return nil
	}
	if o, ok := asOneOrEach(v); ok {
		return encodeOneOrEach(o)
	}
	if m, ok := marshaler(v); ok {
		plain := m.MarshalSpec()
		if plain == nil {
			return nil
		}
		return encodeValue(reflect.ValueOf(plain))
	}
	switch v.Kind() {
	case reflect.Interface:
		return encodeKind(v)
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return encodeValue(v.Elem())
	case reflect.Struct:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		encodeFields(n, v)
		return n
	case reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range v.Len() {
			if c := encodeValue(v.Index(i)); c != nil {
				n.Content = append(n.Content, c)
			}
		}
		return n
	case reflect.Map:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		var keys []string
		for _, k := range v.MapKeys() {
			keys = append(keys, k.String())
		}
		slices.Sort(keys)
		for _, k := range keys {
			if c := encodeValue(v.MapIndex(reflect.ValueOf(k))); c != nil {
				n.Content = append(n.Content, textNode(k), c)
			}
		}
		return n
	case reflect.Bool:
		return scalarNode("!!bool", strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int64:
		return scalarNode("!!int", strconv.FormatInt(v.Int(), 10))
	case reflect.Uint64:
		return scalarNode("!!int", strconv.FormatUint(v.Uint(), 10))
	case reflect.Float64:
		text := formatNumber(v.Float())
		if _, err := strconv.Atoi(text); err == nil {
			return scalarNode("!!int", text)
		}
		return scalarNode("!!float", text)
	case reflect.String:
		return textNode(v.String())
	}
	panic("spec: cannot encode " + v.Type().String())
}

// marshaler returns v as a Marshaler when its type or a pointer to it is one.
func marshaler(v reflect.Value) (Marshaler, bool) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, false
	}
	if v.CanAddr() {
		v = v.Addr()
	}
	m, ok := v.Interface().(Marshaler)
	return m, ok
}

func scalarNode(tag, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// textNode is a text, in quotes where a reader would take it for something else: readers of YAML 1.1 too, to which no is
// a truth value.
func textNode(text string) *yaml.Node {
	n := scalarNode("!!str", text)
	truth := slices.Contains([]string{"y", "n", "yes", "no", "on", "off"}, strings.ToLower(text))
	switch {
	case strings.ContainsAny(text, "\r\n"):
		n.Style = yaml.DoubleQuotedStyle
	case truth, text == "<<":
		n.Style = yaml.SingleQuotedStyle
	}
	return n
}

// formatNumber writes a number as briefly as it can be read back, whole numbers without a point.
func formatNumber(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return ".inf"
	case math.IsInf(x, -1):
		return "-.inf"
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case math.Abs(x) >= 1e-4 && math.Abs(x) < 1e15:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0" // readers of YAML 1.1 take 1e-08 for a text
	}
	return mantissa + "e" + exponent
}

// encodeFields appends the keys of a settings struct, an inline kind's in their place.
func encodeFields(n *yaml.Node, v reflect.Value) {
	for _, f := range Fields(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if f.inline {
			if kind := encodeKind(field); kind != nil {
				n.Content = append(n.Content, kind.Content...)
			}
			continue
		}
		if absent(field, &f) {
			continue
		}
		c := encodeValue(field)
		if c == nil && field.Kind() == reflect.Pointer {
			c = scalarNode("!!null", "null") // there is a default, but it was not wanted
		}
		if c != nil {
			n.Content = append(n.Content, textNode(f.Key), c)
		}
	}
}

// absent reports whether a field holds what it holds when its key is left out: then it stays out of the resolved spec.
func absent(v reflect.Value, f *Field) bool {
	if f.Required {
		return false
	}
	if f.unset {
		return v.Equal(unsetValue(f))
	}
	switch v.Kind() {
	case reflect.Slice:
		return v.IsNil() && !f.HasDef || v.Len() == 0 && f.Default == "[]"
	case reflect.Map:
		return v.IsNil() && !f.HasDef || v.Len() == 0 && f.Default == "{}"
	case reflect.String:
		return v.Len() == 0 && f.Default == ""
	case reflect.Pointer:
		return v.IsNil() && (!f.HasDef || f.Default == "null")
	case reflect.Interface:
		return v.IsNil()
	}
	return false
}

// encodeKind prints an interface value as a mapping that begins with its key.
func encodeKind(v reflect.Value) *yaml.Node {
	if v.IsNil() {
		return nil
	}
	set, ok := kindsOf(v.Type())
	if !ok {
		panic(fmt.Sprintf("spec: no kinds are registered for %s", v.Type()))
	}
	key := keyOf(set, v.Elem().Type())
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{textNode(set.key), textNode(key)}}
	encodeFields(n, v.Elem().Elem())
	return n
}

// fold prints short mappings and lists on one line, below the top level.
func fold(n *yaml.Node, depth int) int {
	width := len(n.Value) + 2
	for _, c := range n.Content {
		width += fold(c, depth+1) + 2
	}
	if depth > 1 && n.Kind != yaml.ScalarNode && width <= flowWidth {
		n.Style = yaml.FlowStyle
	}
	if depth == 1 && n.Kind == yaml.SequenceNode && width <= flowWidth && allScalars(n) {
		n.Style = yaml.FlowStyle
	}
	return width
}

func allScalars(n *yaml.Node) bool {
	for _, c := range n.Content {
		if c.Kind != yaml.ScalarNode {
			return false
		}
	}
	return true
}
