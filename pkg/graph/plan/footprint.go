package plan

import "dnn/pkg/graph"

// Memory is what a program takes, in bytes.
type Memory struct {
	Weights   int `json:"weights"`   // parameters, trained or not
	State     int `json:"state"`     // statistics, and states that are carried
	Optimizer int `json:"optimizer"` // what the optimizer keeps, sums of gradients, averages
	Inputs    int `json:"inputs"`    // what is fed, and constants
	Values    int `json:"values"`    // the arena: all values of a step, which share it
	Kept      int `json:"kept"`      // of the arena, what the forward pass leaves for the backward pass
}

// Total is the sum of all.
func (m Memory) Total() int { return m.Weights + m.State + m.Optimizer + m.Inputs + m.Values }

// Memory adds up what the program takes.
func (p *Plan) Memory() Memory {
	m := Memory{Values: p.Arena, Kept: p.Kept}
	for _, v := range p.Graph.Vars {
		size := v.Value.Bytes()
		switch v.Class {
		case graph.Weights, graph.Frozen:
			m.Weights += size
		case graph.State:
			m.State += size
		case graph.Slot:
			m.Optimizer += size
		}
	}
	for _, n := range p.Graph.Nodes {
		if n.Leaf == graph.Input || n.Leaf == graph.Constant {
			m.Inputs += n.Outputs[0].Bytes()
		}
	}
	return m
}

// keptBetween is the size of the blocks of values that are written before the backward pass begins and read in it.
func keptBetween(order []*graph.Node, blocks []*block) (bytes int) {
	for turn, n := range order {
		if n.Stage != graph.Backward {
			continue
		}
		for _, b := range blocks {
			if b.value != nil && b.born < turn && b.dies >= turn {
				bytes += b.size
			}
		}
		break
	}
	return bytes
}
