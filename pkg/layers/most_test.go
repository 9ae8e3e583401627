package layers

import (
	"strings"
	"testing"
)

// TestMostLayers: repetitions of repetitions are counted before anything is built.
func TestMostLayers(t *testing.T) {
	const norms = "{type: repeat, times: 10000, layers: [batch_norm]}"
	for text, want := range map[string]string{
		"{type: repeat, times: 10000, layers: [" + norms + "]}":                                                                "layers[0].times: 10000 times 10000 layers are 100000000; a net has at most 100000",
		strings.Repeat(norms+", ", 10) + "batch_norm":                                                                          "layers: 100001 layers in all, most of them in layers[0]; a net has at most 100000",
		"{type: residual, layers: [{type: repeat, times: 1000, layers: [{type: repeat, times: 1000, layers: [batch_norm]}]}]}": "layers[0].layers[0].times: 1000 times 1000 layers are 1000000; a net has at most 100000",
	} {
		if got := strings.Join(build(t, "layers: ["+text+"]", true, Spec{}).lines(), "\n"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestUnknownKindIsToldOnce: what an unknown kind may be meant to be brings no further mistakes.
func TestUnknownKindIsToldOnce(t *testing.T) {
	words := []string{"convd", "dens", "wavelet", "maxpool", "Conv", "global_pool", "conv2"}
	for _, key := range Registry.Keys() {
		words = append(words, key[:len(key)-1], key+"s")
	}
	for _, word := range words {
		for _, text := range []string{
			"[" + word + ", {type: dense, units: 3}]", "[{type: " + word + "}, {type: dense, units: 3}]",
			"[{type: repeat, times: 2, layers: [{type: " + word + "}]}]", "[{type: residual, layers: [" + word + "]}]",
		} {
			lines := build(t, "layers: "+text, true, Spec{}).lines()
			if len(lines) != 1 || !strings.Contains(lines[0], "unknown layer") {
				t.Errorf("%s: %q", text, lines)
			}
		}
	}
	for word, want := range map[string]string{"convd": "did you mean conv1d, conv2d or conv3d?", "maxpool": "did you mean max_pool2d?"} {
		lines := build(t, "layers: [{type: "+word+", filters: 2}]", true, Spec{}).lines()
		if len(lines) == 0 || !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("%s: %q, want %s", word, lines, want)
		}
	}
}
