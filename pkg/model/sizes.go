package model

import (
	"dnn/pkg/layers"
	"dnn/pkg/task"
)

// sizesOf are the sizes that a head gives to the words in a spec.
func sizesOf(h *task.Head) layers.Sizes {
	s := layers.Sizes{Known: h.Known(), Because: h.Because()}
	switch h.Kind {
	case task.Category:
		s.Classes = h.Width
		if h.Width == 0 {
			s.Classes = layers.Unsettled
		}
		if h.Text() {
			s.Vocabulary = s.Classes
		}
	case task.Binary, task.Labels, task.Number:
		s.Targets = h.Width
		if h.Separator != "" { // labels that a field lists are classes, of which any may hold
			s.Classes = h.Width
		}
	}
	return s
}

// sizes are the sizes for layers that name no head: those in which the heads do not differ.
func sizes(heads []task.Head) layers.Sizes {
	s := sizesOf(&heads[0])
	for i := range heads[1:] {
		other := sizesOf(&heads[1+i])
		s.Known = s.Known && other.Known
		s.Several = s.Several || s.Classes != 0 && other.Classes != 0 || s.Targets != 0 && other.Targets != 0
		s.Classes, s.Targets, s.Vocabulary = s.Classes+other.Classes, s.Targets+other.Targets, max(s.Vocabulary, other.Vocabulary)
	}
	if s.Several {
		s.Classes, s.Targets = 0, 0
	}
	return s
}

// layerHeads tells the layers which heads there are.
func layerHeads(heads []task.Head) (list []layers.Head) {
	for i := range heads {
		list = append(list, layers.Head{Name: heads[i].Name, Sizes: sizesOf(&heads[i])})
	}
	return list
}
