package layers

// Extent says which axis of a layer's parameters a setting counts.
type Extent struct {
	Key  string // of the setting
	Role string // of the parameters: a pattern such as "weight_hh_*"
	Axis int
	// Now is what the setting says: 0 where it follows from other things, and WordExtent where the data knows it.
	Now int
	// Parts into which the axis falls, each of as many elements as the setting says; 0 where the setting counts elements, or, if Now
	// is less than the axis has, parts of it: heads.
	Parts int
}

// WordExtent stands for an extent given as a word.
const WordExtent = -1

// sized is implemented by layers with settings that count units of their own.
type sized interface{ extents() []Extent }

// Extents lists the settings of a layer that count units of its own; none of layers whose sizes follow from their inputs.
func (e *Entry) Extents() []Extent {
	if l, ok := e.Kind.(sized); ok {
		return l.extents()
	}
	return nil
}

// now is what a size says.
func (s Size) now() int {
	if s.Word != "" {
		return WordExtent
	}
	return s.N
}

func ofRank(key string, units Size, rank int) []Extent {
	if rank == 0 {
		return []Extent{{Key: key, Role: "weight", Now: units.now()}}
	}
	return []Extent{{Key: key, Role: upWeight, Now: units.now()}, {Key: "rank", Role: downWeight, Now: rank}}
}

func (l *Dense) extents() []Extent       { return ofRank("units", l.Units, l.Rank) }
func (l *Convolution) extents() []Extent { return ofRank("filters", l.Filters, l.Rank) }

func (l *Transposed) extents() []Extent {
	if l.Groups > 1 { // the axis has those of one group
		return nil
	}
	return []Extent{{Key: "filters", Role: "weight", Axis: 1, Now: l.Filters.now()}}
}

func (l *SeparableConv2D) extents() []Extent {
	return []Extent{{Key: "filters", Role: "pointwise.weight", Now: l.Filters.now()}}
}

func (l *Recurrent) extents() []Extent {
	return []Extent{{Key: "units", Role: "weight_hh_*", Axis: 1, Now: l.Units.now()}}
}

func (l *Embedding) extents() []Extent {
	if l.Weights != "" || l.From != nil { // whose vectors have the size of others
		return nil
	}
	return []Extent{{Key: "size", Role: "table", Axis: 1, Now: l.Size}}
}

func (l *SqueezeExcite) extents() []Extent {
	return []Extent{{Key: "units", Role: "squeeze.weight", Now: l.Units}}
}

func (l *AttentionPool) extents() []Extent {
	return []Extent{{Key: "units", Role: "weight", Now: l.Units}}
}

func (l *Attention) extents() []Extent {
	if l.Kind != "additive" {
		return nil
	}
	return []Extent{{Key: "units", Role: "query.weight", Now: l.Units}}
}

func (l *MultiHead) extents() []Extent {
	list := []Extent{
		{Key: "heads", Role: "*query.weight", Now: l.Heads},
		{Key: "head_size", Role: "*query.weight", Now: l.HeadSize, Parts: l.Heads},
	}
	if l.KeyHeads > 0 {
		list = append(list, Extent{Key: "key_heads", Role: "*key.weight", Now: l.KeyHeads})
	}
	return list
}

func (l *Transformer) extents() []Extent {
	return append(l.MultiHead.extents(), Extent{Key: "hidden", Role: "*.hidden.weight", Now: l.Hidden})
}
