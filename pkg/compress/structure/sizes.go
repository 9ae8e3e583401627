package structure

import (
	"path"

	"dnn/pkg/layers"
)

// size is a setting of the spec that counts units, filters or heads. In a repeat, and in layers with several directions or blocks, it
// counts those of several parameters.
type size struct {
	path, key string // layers[3], units
	layer     string // the first that it is of
	now       int    // what the spec says; 0 where it follows from other things, layers.WordExtent where the data knows it
	count     int    // what that comes to
	dims      [][]channel
	fixed     bool // is said, but never changed: the size of heads
}

// name is how reports call it.
func (s *size) name() string { return s.layer + "." + s.key }

// sizesOf finds the settings of a net that count units, and the classes of channels that they count.
func (c *coupling) sizesOf(list []layers.Entry) (all []*size) {
	at := map[string][]string{} // names of the layers at a path of the spec
	for _, info := range c.infos {
		at[info.Path] = append(at[info.Path], info.Name)
	}
	layers.Each(list, func(where string, e *layers.Entry) {
		for _, x := range e.Extents() {
			s := &size{path: where, key: x.Key, now: x.Now, fixed: x.Parts > 0}
			for _, name := range at[where] {
				for _, p := range c.params {
					if ok, _ := path.Match(x.Role, p.role); p.layer == name && ok {
						s.layer = at[where][0]
						s.count, s.dims = c.counted(x, p.axes[x.Axis]), append(s.dims, c.units(x, p.axes[x.Axis]))
					}
				}
			}
			if len(s.dims) > 0 {
				all = append(all, s)
			}
		}
	})
	return all
}

// counted is what a setting says of an axis.
func (c *coupling) counted(x layers.Extent, a axis) int {
	if x.Parts > 0 {
		return len(a) / x.Parts
	}
	return len(c.units(x, a))
}

// units are the classes of the units that a setting counts along an axis: those of its channels, or of heads of several channels. Of a
// single head there is nothing to remove.
func (c *coupling) units(x layers.Extent, a axis) (list []channel) {
	each := 1
	if x.Parts == 0 && x.Now > 0 {
		each = max(len(a)/x.Now, 1)
	}
	if each > 1 && each == len(a) {
		return nil
	}
	for i := 0; i < len(a); i += each {
		list = append(list, c.class(a[i]))
	}
	return list
}
