package spec

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// decodeScalar fills a truth value, number or text, and holds it against the field's range and words.
func decodeScalar(n *Node, v reflect.Value, f *Field, p *Problems) {
	y := n.yaml
	switch {
	case y.Kind != yaml.ScalarNode && len(f.OneOf) > 0:
		p.Add(n.Path, "want %s, got %s", alternatives(f.OneOf), n.Describe())
		return
	case y.Kind != yaml.ScalarNode || isNull(y) && v.Kind() != reflect.String:
		p.Add(n.Path, "want %s, got %s", wanted(typeText(v.Type())), n.Describe())
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		decodeBool(n, v, p)
	case reflect.String:
		decodeText(n, v, f, p)
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		decodeNumber(n, v, f, p)
	default:
		panic("spec: cannot decode into " + v.Type().String())
	}
}

var otherTruths = map[string]string{"yes": "true", "on": "true", "y": "true", "t": "true", "1": "true", "no": "false", "off": "false", "n": "false", "f": "false", "0": "false", "none": "false"}

func decodeBool(n *Node, v reflect.Value, p *Problems) {
	word := strings.ToLower(n.yaml.Value)
	if n.yaml.ShortTag() == "!!bool" {
		v.SetBool(word == "true")
		return
	}
	hint := ""
	if meant, ok := otherTruths[word]; ok {
		hint = " (did you mean " + meant + "?)"
	} else if word == "true" || word == "false" {
		hint = " (take the quotes off)"
	} else if s := Suggest(word, []string{"true", "false"}); s != "" {
		hint = " (did you mean " + s + "?)"
	}
	p.Add(n.Path, "want true or false, got %s%s", n.Describe(), hint)
}

func decodeText(n *Node, v reflect.Value, f *Field, p *Problems) {
	y := n.yaml
	plain := y.ShortTag() != "!!str"
	switch {
	case len(f.OneOf) > 0 && y.Value == "":
		p.Add(n.Path, "want %s, got %s", alternatives(f.OneOf), n.Describe())
	case len(f.OneOf) > 0 && !slices.Contains(f.OneOf, y.Value):
		p.Add(n.Path, "%q is not one of %s%s", short(y.Value), strings.Join(f.OneOf, ", "), suggestion(y.Value, f.OneOf))
	case len(f.OneOf) > 0:
		v.SetString(y.Value)
	case isNull(y) && y.Value == "":
		p.Add(n.Path, "want a text, got nothing")
	case plain && (!f.AnyText || isNull(y)):
		p.Add(n.Path, "want a text, got %s (put it in quotes if it is meant as text)", short(y.Value))
	default:
		v.SetString(y.Value)
	}
}

// decodeNumber fills a whole number or a number.
func decodeNumber(n *Node, v reflect.Value, f *Field, p *Problems) {
	x, ok := readNumber(n, typeText(v.Type()), p)
	if !ok {
		return
	}
	whole := v.Kind() != reflect.Float64
	u, err := strconv.ParseUint(cleanNumber(n.yaml.Value), 0, 64)
	exact := err == nil // where a float64 is not
	switch limit := float64(1 << 53); {
	case whole && x != math.Trunc(x):
		p.Add(n.Path, "want a whole number, got %s", n.yaml.Value)
		return
	case v.Kind() == reflect.Uint64 && x < 0 && f.Range.Text == "":
		p.Add(n.Path, "%s is out of range: want at least 0", n.yaml.Value)
		return
	case v.Kind() == reflect.Uint64 && x >= 1<<64 && !exact, (v.Kind() == reflect.Int || v.Kind() == reflect.Int64) && math.Abs(x) > limit:
		p.Add(n.Path, "%s is too large", short(n.yaml.Value))
		return
	case !f.Range.Holds(x):
		p.Add(n.Path, "%s is out of range: want %s", short(n.yaml.Value), f.Range.Words())
		return
	}
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(x)
	case reflect.Uint64:
		if !exact {
			u = uint64(x)
		}
		v.SetUint(u)
	default:
		v.SetInt(int64(x))
	}
}

var (
	decimal = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	octal   = regexp.MustCompile(`^[-+]?0[0-9]+$`)
)

// cleanNumber takes off what YAML allows and strconv does not.
func cleanNumber(s string) string {
	return strings.TrimPrefix(strings.ReplaceAll(s, "_", ""), "+")
}

// readNumber reads a plain, unquoted number: 64, 1e-4, .5, 1_000, 0x10, .inf. It notes what is none.
func readNumber(n *Node, want string, p *Problems) (float64, bool) {
	y := n.yaml
	text := cleanNumber(y.Value)
	wrong := func(hint string) (float64, bool) {
		p.Add(n.Path, "want %s, got %s%s", wanted(want), n.Describe(), hint)
		return 0, false
	}
	number := decimal.MatchString(text)
	switch tag := y.ShortTag(); {
	case octal.MatchString(text) && tag != "!!str":
		p.Add(n.Path, "%s begins with 0, which YAML takes for octal; write %s", y.Value, decimalOf(text))
		return 0, false
	case tag == "!!str" && y.Style != 0 && number:
		return wrong(" (take the quotes off)")
	case tag == "!!str" && number:
		p.Add(n.Path, "%s is too large", short(y.Value))
		return 0, false
	case tag != "!!int" && tag != "!!float":
		return wrong("")
	}
	var x float64
	if err := y.Decode(&x); err != nil || math.IsNaN(x) || math.IsInf(x, 0) && want != "number" {
		return wrong("")
	}
	return x, true
}

// decimalOf takes the leading zeros off.
func decimalOf(text string) string {
	sign := ""
	if text[0] == '-' || text[0] == '+' {
		sign, text = text[:1], text[1:]
	}
	if text = strings.TrimLeft(text, "0"); text == "" {
		text = "0"
	}
	return fmt.Sprint(sign, text)
}
