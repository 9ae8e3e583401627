package layout

// Own is the layout of this program.
const Own = "dnn"

func init() {
	Programs.Register(Own, "names and layouts of this program, as model files and dnn import have them", own)
}

// own is a layer as it is.
func own(l *Layer) []Module {
	var f Form
	for i := range l.Params {
		f = append(f, same(l.Params[i].Role, &l.Params[i]))
	}
	if f == nil {
		return nil
	}
	return []Module{{Forms: []Form{f}}}
}
