package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestSchema holds the schema of the sample language against a file. That file was also held against Python's jsonschema:
// it accepts what is read without mistakes in testdata/mistakes.txt and refuses most of the rest (see schema_check.py).
func TestSchema(t *testing.T) {
	got := Schema(&config{}, "sample")
	if *update {
		if err := os.WriteFile("testdata/schema.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the schema has changed; when that is meant, run go test ./pkg/spec -update\n%s", got)
	}
	if again := Schema(&config{}, "sample"); !bytes.Equal(got, again) {
		t.Error("the schema differs from call to call")
	}
}

// TestSchemaIsClosed: every reference leads somewhere, every mapping is closed, every setting is described.
func TestSchemaIsClosed(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(&config{}, "sample"), &root); err != nil {
		t.Fatal(err)
	}
	defs := root["$defs"].(map[string]any)
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && defs[strings.TrimPrefix(ref, "#/$defs/")] == nil {
				t.Errorf("%s: %s leads nowhere", path, ref)
			}
			if _, open := v["additionalProperties"]; v["type"] == "object" && !open {
				t.Errorf("%s takes unknown keys", path)
			}
			for key, sub := range v {
				walk(path+"/"+key, sub)
				if p, ok := sub.(map[string]any); ok && strings.HasSuffix(path, "/properties") && p["description"] == nil && p["const"] == nil {
					t.Errorf("%s/%s has no description", path, key)
				}
			}
		case []any:
			for _, sub := range v {
				walk(path, sub)
			}
		}
	}
	walk("", root)
}
