package checkpoint

import (
	"bytes"
	"errors"
	"testing"
)

// A model behind a program is found by its end, also in the place of another, and a changed end is told.
func TestAppended(t *testing.T) {
	program, model := []byte("a program that is long enough to be one"), []byte("a model")
	appended := func(program, model []byte) []byte {
		var b bytes.Buffer
		if err := Append(&b, bytes.NewReader(program), int64(len(program)), bytes.NewReader(model), int64(len(model))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	find := func(raw []byte) (string, error) {
		from, n, err := Appended(bytes.NewReader(raw), int64(len(raw)))
		return string(raw[from : from+n]), err
	}
	whole := appended(program, model)
	if got, err := find(whole); err != nil || got != "a model" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := find(appended(whole, []byte("another"))); err != nil || got != "another" {
		t.Errorf("%q, %v", got, err)
	}
	if again := appended(appended(whole, []byte("another")), model); !bytes.Equal(again, whole) {
		t.Error("the first model is left in the program")
	}
	for _, none := range [][]byte{nil, program, whole[:len(whole)-1]} {
		if got, err := find(none); err != nil || got != "" {
			t.Errorf("%q, %v where there is none", got, err)
		}
	}
	length := len(whole) - tailOf
	for _, n := range []byte{0, 6, 8, 200} {
		changed := bytes.Clone(whole)
		changed[length] = n
		if _, err := find(changed); !errors.Is(err, ErrDamaged) {
			t.Errorf("a length of %d: %v", n, err)
		}
	}
	for at := length; at < length+8; at++ {
		changed := bytes.Clone(whole)
		changed[at] = 0xff
		if _, err := find(changed); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d of the length: %v", at-length, err)
		}
	}
}
