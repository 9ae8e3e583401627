package spec

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// decodeStruct fills v from a mapping, notes unknown and missing keys, and fills defaults. elsewhere are the keys of
// enclosing structs that the same mapping may hold; they are only suggested.
func decodeStruct(n *Node, v reflect.Value, p *Problems, elsewhere []string) {
	fillDefaults(v)
	info := infoOf(v.Type())
	switch {
	case info.inline != nil && n.yaml.Kind == yaml.ScalarNode: // a bare word is short for a kind with defaults
		decodeKind(n, v.FieldByIndex(info.inline.Index), info.inline, nil, elsewhere, p)
		noteMissing(n, info, nil, p)
		check(n.Path, v, info, p)
		return
	case n.yaml.Kind != yaml.MappingNode && n.Path == "":
		p.Add("", "want a mapping with the keys %s; got %s", strings.Join(info.keys, ", "), n.Describe())
		return
	case n.yaml.Kind != yaml.MappingNode:
		p.Add(n.Path, "want %s, got %s%s", wanted(typeText(v.Type())), n.Describe(), example(info))
		return
	}
	if info.inline == nil && n.yaml.Tag == bareTag {
		word := &Node{Path: n.Path, yaml: n.yaml.Content[1]}
		n.yaml.Tag, n.yaml.Content = "!!map", n.yaml.Content[2:]
		p.Add(n.Path, "want %s, got %s%s", wanted(typeText(v.Type())), word.Describe(), example(info))
	}
	prune(n, info)
	var meant []string
	if info.inline != nil {
		decodeKind(n, v.FieldByIndex(info.inline.Index), info.inline, info, elsewhere, p)
	} else {
		meant = rejectUnknown(n, info, elsewhere, p)
	}
	noteMissing(n, info, meant, p)
	for i := range info.fields {
		f := &info.fields[i]
		if f.inline {
			continue
		}
		if at := n.Get(f.Key); at != nil {
			decodeValue(at, v.FieldByIndex(f.Index), f, p)
		}
	}
	check(n.Path, v, info, p)
}

// unset reports whether an override took a value away: --set key=null.
func (n *Node) unset(y *yaml.Node) bool {
	return n.doc != nil && isNull(y) && n.doc.from[y] != ""
}

// prune removes the keys that overrides took away, so that they have their defaults. Where null is a value, it is one.
func prune(n *Node, info *structInfo) {
	if n.doc == nil {
		return
	}
	named := func(key string) func(Field) bool {
		return func(f Field) bool { return !f.inline && f.Key == key && f.Type.Kind() != reflect.Pointer }
	}
	for i := 0; i+1 < len(n.yaml.Content); {
		if n.unset(n.yaml.Content[i+1]) && slices.ContainsFunc(info.fields, named(n.yaml.Content[i].Value)) {
			n.yaml.Content = slices.Delete(n.yaml.Content, i, i+2)
		} else {
			i += 2
		}
	}
}

// noteMissing notes the keys that must be there and are not, but for those that were meant by an unknown key. Of a kind that
// is only guessed nothing is missing.
func noteMissing(n *Node, info *structInfo, meant []string, p *Problems) {
	if n.guessed {
		return
	}
	for i := range info.fields {
		f := &info.fields[i]
		if f.Required && !f.inline && n.Get(f.Key) == nil && (f.Unless == "" || n.Get(f.Unless) == nil) && !slices.Contains(meant, f.Key) {
			p.Add(n.Path, "%s is missing%s", f.Key, because(f.Doc))
		}
	}
}

// because explains a key by the first clause of its doc.
func because(doc string) string {
	if doc, _, _ = strings.Cut(doc, ";"); doc == "" {
		return ""
	}
	return " (" + doc + ")"
}

// check calls the rules of a struct, after those of the structs merged into it.
func check(path string, v reflect.Value, info *structInfo, p *Problems) {
	for _, index := range info.checkers {
		v.FieldByIndex(index).Addr().Interface().(Checker).CheckSpec(path, p)
	}
	if c, ok := v.Addr().Interface().(Checker); ok {
		c.CheckSpec(path, p)
	}
}

// rejectUnknown notes every key of a mapping that the struct does not have, and returns the keys that may be meant.
func rejectUnknown(n *Node, info *structInfo, elsewhere []string, p *Problems) (meant []string) {
	for i, end := 0, len(n.yaml.Content); i+1 < end; i += 2 {
		if key := n.yaml.Content[i].Value; !info.own[key] {
			known := slices.Concat(info.keys, elsewhere)
			if end > mostAdopting {
				p.AddKey(join(n.Path, key), "unknown key%s", p.DidYouMean(key, func() []string { return known }))
				continue
			}
			if also := alsoKnown(key, info, n.outer); also != "" {
				p.AddKey(join(n.Path, key), "unknown key (did you mean %s?)", also)
				meant = append(meant, also)
				adopt(n.yaml, i, also)
				continue
			}
			tail := ""
			if !p.Many() {
				tail = info.didYouMean(key, known, n) + n.kinds.belongs(key, known)
			}
			p.AddKey(join(n.Path, key), "unknown key%s", tail)
			meant = append(meant, Suggest(key, known))
			adopt(n.yaml, i, slip(key, known))
		}
	}
	return meant
}

// mostAdopting is the length (keys and values) of the longest mapping in which slips are looked for.
const mostAdopting = 200

// adopt reads the value of the i-th node, an unknown key, as that of the key that is meant, unless that one is there too:
// what stands below is looked at all the same, and nothing is said to be missing that is there under a wrong name.
func adopt(n *yaml.Node, i int, meant string) {
	if len(n.Content) > mostAdopting {
		return
	}
	if _, there := child(n, meant); meant == "" || there != nil {
		return
	}
	key := *n.Content[i]
	key.Value = meant
	n.Content = append(n.Content, &key, n.Content[i+1])
}

// decodeKind fills an interface value with the settings of the kind that the node chooses. outer is the enclosing struct
// when the kind is inline: its keys are none of the kind's. f is the field, whose default may be the kind.
func decodeKind(n *Node, v reflect.Value, f *Field, outer *structInfo, elsewhere []string, p *Problems) {
	set, ok := kindsOf(v.Type())
	if !ok {
		panic("spec: no kinds are registered for " + v.Type().String())
	}
	n.Widen(set.key)
	if n.yaml.Kind == yaml.ScalarNode && set.scalar != nil && !isNull(n.yaml) {
		if settings, ok := set.scalar(n.yaml.Value); ok {
			v.Set(reflect.ValueOf(settings))
			check(n.Path, v.Elem().Elem(), infoOf(v.Elem().Elem().Type()), p)
			return
		}
	}
	key, at, ok := kindKey(n, set, f, outer, elsewhere, p)
	if !ok {
		return
	}
	t, ok := set.lookup(key)
	guessed := !ok
	if !ok {
		meant, tail := "", ""
		if !p.Many() {
			meant, tail = set.meant(key)
		}
		if meant == "" && set.unknown != nil {
			tail = cmp.Or(set.unknown(plainWord(key)), tail)
		}
		p.list = append(p.list, Problem{Path: at, Text: fmt.Sprintf("unknown %s %q%s", set.what, short(key), tail), word: key, meant: meant})
		if t, ok = set.likely(n, key); !ok {
			return
		}
	}
	rest := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.yaml.Line, Column: n.yaml.Column}
	if n.yaml.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.yaml.Content); i += 2 {
			if k := n.yaml.Content[i].Value; k != set.key && (outer == nil || !outer.own[k]) {
				rest.Content = append(rest.Content, n.yaml.Content[i], n.yaml.Content[i+1])
			}
		}
	}
	elsewhere = append(slices.Clip(elsewhere), set.key)
	if n.IsMapping() && n.Get(set.key) == nil { // a key of another kind would have chosen that one
		elsewhere = append(elsewhere, set.settingsKeys()...)
	}
	if outer != nil {
		elsewhere = append(elsewhere, outer.keys...)
	}
	chosen := &Node{Path: n.Path, yaml: rest, doc: n.doc, guessed: guessed, kinds: set, outer: outer}
	prune(chosen, infoOf(t.Elem()))
	settings, own := reflect.New(t.Elem()), len(rest.Content)
	decodeStruct(chosen, settings.Elem(), p, elsewhere)
	if n.yaml.Kind == yaml.MappingNode { // adopted keys may be those of the enclosing struct
		n.yaml.Content = append(n.yaml.Content, rest.Content[own:]...)
	}
	v.Set(settings)
}

// likely is the kind that an unknown word is a slip of, or that the rest of the mapping tells, so that its settings are
// looked at all the same. A bare word does not bring what a kind needs.
func (set *kindSet) likely(n *Node, word string) (reflect.Type, bool) {
	if near := slips(word, set.keys()); set.alias(word) == "" && len(near) > 1 { // their settings differ
		return nil, false
	}
	key := cmp.Or(set.alias(word), slip(word, set.keys()))
	if key == "" && n.IsMapping() && set.tells {
		key = set.absent(n)
	}
	t, ok := set.lookup(key)
	return t, ok && (n.IsMapping() || !needs(t.Elem()))
}

// rejectForeign looks through a mapping that does not tell its kind for keys that no kind has. It reports whether one of
// them is a slip of a key that tells it; else it notes them.
func (set *kindSet) rejectForeign(n *Node, outer *structInfo, elsewhere []string, p *Problems) (tells bool) {
	if len(n.yaml.Content) > mostAdopting { // it is something else altogether
		return false
	}
	known := append(slices.Concat(elsewhere, set.settingsKeys()), set.key)
	if outer != nil {
		known = append(known, outer.keys...)
	}
	var foreign []string
	for i, end := 0, len(n.yaml.Content); i+1 < end; i += 2 {
		if key := n.yaml.Content[i].Value; !slices.Contains(known, key) {
			foreign = append(foreign, key)
			adopt(n.yaml, i, cmp.Or(set.alsoKnown(key, outer), slip(key, known)))
		}
	}
	if n.Get(set.key) != nil || set.absent != nil && set.absent(n) != "" {
		return true
	}
	for _, key := range foreign {
		if also := set.alsoKnown(key, outer); also != "" {
			p.AddKey(join(n.Path, key), "unknown key (did you mean %s?)", also)
			continue
		}
		tail := ""
		if !p.Many() {
			tail = suggestion(key, known)
		}
		p.AddKey(join(n.Path, key), "unknown key%s", tail)
	}
	return false
}

// kindKey returns the word that chooses a kind and the path where it stands. It notes why there is none.
func kindKey(n *Node, set *kindSet, f *Field, outer *structInfo, elsewhere []string, p *Problems) (key, at string, ok bool) {
	switch {
	case n.IsMapping():
		at = join(n.Path, set.key)
		if k := n.Get(set.key); k != nil {
			if key, ok = k.Scalar(); !ok {
				p.Add(at, "want the name of %s, got %s%s", article(set.what), k.Describe(), listed(set.keys()))
			}
			return key, at, ok
		}
		if set.absent != nil {
			key = set.absent(n)
		}
		if key == "" {
			key = set.standIn(n, f)
		}
		if key != "" {
			return key, at, true
		}
		if set.rejectForeign(n, outer, elsewhere, p) {
			return kindKey(n, set, f, outer, elsewhere, p)
		}
		set.noteLacking(n, outer, p)
		return "", at, false
	case n.yaml.Kind == yaml.ScalarNode && !isNull(n.yaml):
		return n.yaml.Value, n.Path, true
	}
	p.Add(n.Path, "want %s, got %s%s", article(set.what), n.Describe(), listed(set.keys()))
	return "", "", false
}

// decodeValue fills one value of any supported type.
func decodeValue(n *Node, v reflect.Value, f *Field, p *Problems) {
	if u, ok := v.Addr().Interface().(Unmarshaler); ok {
		u.UnmarshalSpec(n, p)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		decodePointer(n, v, f, p)
	case reflect.Interface:
		decodeKind(n, v, f, nil, nil, p)
	case reflect.Struct:
		decodeStruct(n, v, p, nil)
	case reflect.Slice:
		decodeSlice(n, v, f, p)
	case reflect.Map:
		decodeMap(n, v, f, p)
	default:
		decodeScalar(n, v, f, p)
	}
}

// decodePointer fills something that may be absent; null says that it is.
func decodePointer(n *Node, v reflect.Value, f *Field, p *Problems) {
	if isNull(n.yaml) {
		if n.yaml.Value == "" {
			p.Add(n.Path, "nothing stands here; want %s, or null for none", wanted(typeText(v.Type())))
		}
		v.SetZero()
		return
	}
	fresh := reflect.New(v.Type().Elem())
	fillDefaults(fresh.Elem())
	decodeValue(n, fresh.Elem(), f, p)
	v.Set(fresh)
}

// decodeSlice fills a list; a single plain value is taken as a list of one.
func decodeSlice(n *Node, v reflect.Value, f *Field, p *Problems) {
	if n.doc != nil && n.IsList() { // defaults, which all share, have nothing unset
		n.yaml.Content = slices.DeleteFunc(n.yaml.Content, n.unset)
	}
	items := n.yaml.Content
	switch {
	case n.IsList():
	case n.yaml.Kind == yaml.ScalarNode && !isNull(n.yaml):
		items = []*yaml.Node{n.yaml}
	case n.IsMapping():
		p.Add(n.Path, "want %s, got a mapping (entries of a list begin with \"- \")", wanted(typeText(v.Type())))
		return
	default:
		p.Add(n.Path, "want %s, got %s", wanted(typeText(v.Type())), n.Describe())
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		fillDefaults(out.Index(i))
		path := n.Path
		if n.IsList() {
			path = fmt.Sprintf("%s[%d]", n.Path, i)
		}
		decodeValue(&Node{Path: path, yaml: item, doc: n.doc}, out.Index(i), f, p)
	}
	if !f.Length.Holds(float64(len(items))) {
		p.Add(n.Path, "has %s, want %s", count(len(items), "entry"), f.Length.Words())
	}
	v.Set(out)
}

func decodeMap(n *Node, v reflect.Value, f *Field, p *Problems) {
	if !n.IsMapping() {
		p.Add(n.Path, "want %s, got %s", wanted(typeText(v.Type())), n.Describe())
		return
	}
	out := reflect.MakeMap(v.Type())
	for i := 0; i+1 < len(n.yaml.Content); i += 2 {
		key := n.yaml.Content[i].Value
		item := reflect.New(v.Type().Elem()).Elem()
		fillDefaults(item)
		decodeValue(&Node{Path: join(n.Path, key), yaml: n.yaml.Content[i+1], doc: n.doc}, item, f, p)
		out.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
	}
	v.Set(out)
}
