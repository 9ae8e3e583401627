package column

// alignedLabels encodes the tokens of a text as labels that the loss aligns with the net's own steps: one cell each, of a block
// that no layer sees. No token begins a text, none ends it, and to predict there is none at all.
type alignedLabels struct{ textPrefix }

func (p *alignedLabels) Layout() layout {
	return layout{Shape: []int{p.of.Length}, Own: true, Ints: true, Vocabulary: len(p.of.classes), Sequence: true}
}

func (p *alignedLabels) StepCells() int { return 1 }

// EncodeSteps appends the tokens of a text, none without fields.
func (p *alignedLabels) EncodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	if len(fields) == 0 {
		return cells, nil
	}
	if fields[0] == "" {
		return cells, Wrong(0, "is missing")
	}
	before := len(cells)
	cells = p.of.tokens.Encode(cells, fields[0])
	return cells[:min(len(cells), before+p.of.Length)], nil
}

func (p *alignedLabels) ExpandSteps(cells []uint32, _ []float32, ints []int32) {
	for i, c := range cells {
		ints[i] = int32(c)
	}
}

func (p *alignedLabels) ExpandLabels(cells []uint32, ints []int32) { p.ExpandSteps(cells, nil, ints) }
