package spec

import (
	"strings"
	"testing"
)

func TestBytes(t *testing.T) {
	read := func(text string) (b Bytes, err error) {
		d, err := Parse("s.yaml", []byte("size: "+text+"\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p Problems
		var target struct{ Size Bytes }
		d.Decode(&target, &p)
		return target.Size, p.Err(d)
	}
	for text, want := range map[string]int{"100MB": 1e8, "0.5 GiB": 1 << 29, "4096000kB": 4096e6, "9999999B": 9999999, "1TB": 1e12, "8MiB": 8 << 20, "2KB": 2000} {
		if b, err := read(text); err != nil || b.N != want || b.MarshalSpec() != text {
			t.Errorf("%s: %+v, %v", text, b, err)
		}
	}
	for text, want := range map[string]string{
		"4": `"4" is no size: give a number and a unit`, "4gigs": `"4gigs" is no size`, "-4GB": `"-4GB" is no size`, "4 iB": `"4 iB" is no size`, "''": `"" is no size`,
		"0GB": "0GB is out of range: expects 1B or more", "99999999TB": "99999999TB is out of range", "[4GB]": "size: ", "{}": "size: ",
	} {
		if b, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v, want %s", text, b, err, want)
		}
	}
}
