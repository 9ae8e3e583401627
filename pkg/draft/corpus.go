package draft

import (
	"fmt"
	"os"
)

// corpus drafts a language model for a text.
func (d *drafting) corpus() error {
	info, err := os.Stat(d.Data)
	if err != nil {
		return err
	}
	if d.Target != "" {
		return fmt.Errorf("%s is a text, which has no columns; without --target, a language model learns to write such texts", d.Data)
	}
	d.about = "Learns to write: predicts each character of a text from those before."
	d.see("%s: a text of %d kB; a language model learns to write such texts", d.Data, info.Size()>>10)
	d.dataset.add("format: text")
	d.dataset.add("path: %s", d.path(d.Data))
	d.dataset.add("tokenizer: char").note("byte_bpe for large texts: pieces of words")
	d.dataset.add("window: 64").note("how many characters back the net sees")
	d.dataset.add("split: {validation: 0.1}").note("the end of the text")
	d.layers.add("- {type: embedding, size: 128, positions: learned}")
	d.layers.add("- {type: transformer_encoder, blocks: 2, heads: 4, hidden: 256, causal: true, norm: before}")
	d.layers.add("- layer_norm")
	d.layers.add("- {type: dense, units: vocabulary}")
	d.rest.add("loss: cross_entropy")
	d.rest.add("optimizer: {type: adamw, learning_rate: {type: cosine, initial: 0.003, final: 0.0003, warmup: 50}, weight_decay: 0.1}")
	d.rest.add("metrics: [perplexity, token_accuracy]")
	d.rest.add("train: {steps: 2000, batch_size: 16, gradient_clip: {norm: 1.0}, validate_every: 250}").note("more steps for larger texts")
	return nil
}
