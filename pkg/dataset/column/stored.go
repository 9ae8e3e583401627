package column

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"dnn/pkg/spec"
)

// MarshalTyped writes a fitted encoder as {"type": "number", …its own fields}.
func MarshalTyped(key string, encoder any) ([]byte, error) {
	body, err := json.Marshal(encoder)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf(`{"type":%q`, key)
	if string(body) == "{}" {
		return []byte(head + "}"), nil
	}
	return append([]byte(head+","), body[1:]...), nil
}

// TypeOf reads the type that MarshalTyped wrote.
func TypeOf(data []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(data, []byte(`{"type":"`)); ok { // as it was written, without a look at the rest
		if key, _, _ := bytes.Cut(rest, []byte{'"'}); bytes.IndexByte(key, '\\') < 0 {
			return string(key), nil
		}
	}
	var head struct{ Type string }
	err := json.Unmarshal(data, &head)
	return head.Type, err
}

// MarshalEncoder writes the encoder of an input with its type: {"type": "number", …}.
func MarshalEncoder(e Encoder) ([]byte, error) { return MarshalTyped(TypeOfEncoder(e), e) }

// TypeOfEncoder is the key of the type that an input's encoder was fitted as.
func TypeOfEncoder(e Encoder) string {
	return KeyOfEncoder(Types, e, func(t Type) any {
		if e := t.Encoder(); e != nil {
			return e
		}
		return nil
	})
}

// UnmarshalEncoder reads what MarshalEncoder wrote, for so many columns, and makes it ready for use.
func UnmarshalEncoder(data []byte, columns int) (Encoder, error) {
	key, err := TypeOf(data)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	t, ok := Types.Get(key)
	if !ok || t.Encoder() == nil {
		return nil, fmt.Errorf("has the unknown type %q: was the model written by a newer version?", key)
	}
	e := t.Encoder()
	if own, ok := e.(json.Unmarshaler); ok { // without a look at its form, which is that of the whole
		err = own.UnmarshalJSON(data)
	} else {
		err = json.Unmarshal(data, e)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if err := e.Valid(columns); err != nil {
		return nil, err
	}
	if p, ok := e.(Preparer); ok {
		p.Prepare()
	}
	return e, nil
}

// KeyOfEncoder returns the type whose encoder has the Go type of e.
func KeyOfEncoder[T any](reg spec.Registry[T], e any, encoder func(T) any) string {
	for _, key := range reg.Keys() {
		kind, _ := reg.Get(key)
		if proto := encoder(kind); proto != nil && reflect.TypeOf(proto) == reflect.TypeOf(e) {
			return key
		}
	}
	panic(fmt.Sprintf("dataset: no type has the encoder %T", e))
}
