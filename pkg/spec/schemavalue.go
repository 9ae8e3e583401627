package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// schema is a JSON Schema as far as it is needed here.
type schema struct {
	Schema               string             `json:"$schema,omitempty"`
	Title                string             `json:"title,omitempty"`
	Description          string             `json:"description,omitempty"`
	Ref                  string             `json:"$ref,omitempty"`
	Type                 any                `json:"type,omitempty"` // a word or a list of words
	Const                any                `json:"const,omitempty"`
	Enum                 []any              `json:"enum,omitempty"`
	Minimum              *float64           `json:"minimum,omitempty"`
	ExclusiveMinimum     *float64           `json:"exclusiveMinimum,omitempty"`
	Maximum              *float64           `json:"maximum,omitempty"`
	ExclusiveMaximum     *float64           `json:"exclusiveMaximum,omitempty"`
	Items                *schema            `json:"items,omitempty"`
	MinItems             *int               `json:"minItems,omitempty"`
	MaxItems             *int               `json:"maxItems,omitempty"`
	Properties           properties         `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"` // false or a schema
	OneOf                []*schema          `json:"oneOf,omitempty"`
	AnyOf                []*schema          `json:"anyOf,omitempty"`
	Default              json.RawMessage    `json:"default,omitempty"`
	Defs                 map[string]*schema `json:"$defs,omitempty"`
}

// properties keep their order, in which editors offer them.
type properties []property

type property struct {
	key    string
	schema *schema
}

// MarshalJSON writes an object.
func (p properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, x := range p {
		key, err := json.Marshal(x.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(x.schema)
		if err != nil {
			return nil, err
		}
		out.WriteByte("{,"[min(i, 1)])
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// toJSON is a YAML value as JSON.
func toJSON(n *yaml.Node) json.RawMessage {
	var v any
	if err := n.Decode(&v); err != nil {
		panic("spec: " + err.Error())
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic("spec: " + err.Error())
	}
	return text
}

// custom is the schema of a type with a spelling of its own. A struct that has no way back of its own is written by its
// fields; so is a list by its entries; each may be a plain value besides. What others take, their description says.
func (b *schemas) custom(t reflect.Type) *schema {
	back := reflect.PointerTo(t).Implements(reflect.TypeFor[Marshaler]())
	plain := func() *schema { return &schema{Type: []string{"string", "number", "boolean"}} }
	switch {
	case t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(reflect.TypeFor[Listed]()):
		return b.define(t, snake(t.Name()), func() *schema { return b.listed(t) })
	case t.Kind() == reflect.Struct && !back:
		return b.define(t, snake(t.Name()), func() *schema {
			return &schema{AnyOf: append([]*schema{plain()}, b.objects(t)...)}
		})
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		item := b.value(t.Elem(), &Field{})
		return &schema{AnyOf: []*schema{item, {Type: "array", Items: item}}}
	}
	words := typeText(t)
	if strings.Contains(words, "(") {
		return &schema{}
	}
	var all []*schema
	for _, w := range strings.Split(words, " | ") {
		s := described(w)
		if s == nil {
			return &schema{}
		}
		all = append(all, s)
	}
	return b.alternatives(all, false)
}

// listed is the schema of settings that may be written as the list of one of their keys.
func (b *schemas) listed(t reflect.Type) *schema {
	key := reflect.New(t).Interface().(Listed).ListedSpec()
	for i := range infoOf(t).fields {
		if f := &infoOf(t).fields[i]; f.Key == key {
			return &schema{AnyOf: append([]*schema{b.value(f.Type, f)}, b.objects(t)...)}
		}
	}
	panic(fmt.Sprintf("spec: %s has no key %s", t, key))
}

var bareWord = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// described is the schema of one of the words that describe a type, or nil.
func described(words string) *schema {
	for prefix, kind := range map[string]string{"whole number": "integer", "number": "number", "text": "string", "mapping": "object", "list": "array"} {
		rest, ok := strings.CutPrefix(words, prefix)
		if !ok || rest != "" && !strings.HasPrefix(rest, " of ") {
			continue
		}
		s := &schema{Type: kind}
		if item := strings.TrimSuffix(strings.TrimPrefix(rest, " of "), "s"); kind == "array" && item != "" && !bareWord.MatchString(item) {
			s.Items = described(item)
		} else if item == "number" || item == "text" {
			s.Items = described(item)
		}
		return s
	}
	switch {
	case words == "true" || words == "false":
		return &schema{Const: words == "true"}
	case bareWord.MatchString(words):
		return &schema{Const: words}
	}
	return nil
}
