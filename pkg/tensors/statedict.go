package tensors

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/tensors/pickle"
)

// walk looks for tensors in what a pickle holds.
type walk struct {
	file *pytorchFile
	left int // values that may still be looked at: a pickle may hold one many times
	list []Tensor
}

// nested are the keys under which checkpoints keep the state_dict of a net.
var nested = []string{"state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params"}

// state finds the tensors of a net: those of a state_dict, of a checkpoint that holds one, or of a module.
func (w *walk) state(root any) ([]Tensor, error) {
	for range len(nested) {
		items := itemsOf(root)
		direct := items != nil && slices.ContainsFunc(items.Values, func(x any) bool { _, ok := isTensor(x); return ok })
		if direct || items == nil {
			break
		}
		inner := any(nil)
		for _, key := range nested {
			if x := items.Get(key); inner == nil && x != nil && itemsOf(x) != nil {
				inner = x
			}
		}
		if inner == nil {
			break
		}
		root = inner
	}
	if _, ok := root.(*pickle.List); ok {
		return nil, errors.New("holds a list, and no state_dict: save the net's state_dict()")
	}
	if err := w.into("", root, 0); err != nil {
		return nil, err
	}
	if len(w.list) == 0 {
		return nil, errors.New("holds no tensors by name: save the net's state_dict()")
	}
	return w.list, nil
}

// itemsOf are what a value holds by keys: a dictionary, or a module with its parameters, buffers and modules.
func itemsOf(x any) *pickle.Dict {
	switch x := x.(type) {
	case *pickle.Dict:
		return x
	case *pickle.Object:
		if len(x.Dict.Keys) > 0 {
			return &x.Dict
		}
		state, _ := x.State.(*pickle.Dict)
		if state == nil {
			return nil
		}
		all := &pickle.Dict{}
		for _, key := range []string{"_parameters", "_buffers", "_modules"} {
			if part := state.Get(key); part != nil {
				if d := itemsOf(part); d != nil {
					all.Keys, all.Values = append(all.Keys, d.Keys...), append(all.Values, d.Values...)
				}
			}
		}
		return all
	}
	return nil
}

// into adds the tensors of a value under a name.
func (w *walk) into(name string, x any, depth int) error {
	if w.left--; w.left < 0 || depth > 64 || len(name) > 1<<12 {
		return errors.New("holds values in values without end")
	}
	if args, ok := isTensor(x); ok {
		t, err := w.file.tensor(name, args)
		if err == nil {
			w.list = append(w.list, t)
		}
		return err
	}
	items := itemsOf(x)
	if items == nil {
		if o, ok := x.(*pickle.Object); ok && strings.HasPrefix(o.Class.Name, "_rebuild") {
			return fmt.Errorf("%s is made by %s, which is not read; save it as a plain tensor on the CPU", name, o.Class)
		}
		return nil // a number, a text
	}
	for i, key := range items.Keys {
		text, ok := keyText(key)
		if !ok || depth == 0 && (strings.HasPrefix(text, "optim") || strings.Contains(text, "scheduler")) {
			continue
		}
		if name != "" {
			text = name + "." + text
		}
		if err := w.into(text, items.Values[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}
