package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// standIn is the default kind of a field, for a mapping that names none but has only keys that the default kind has too.
// So `--set optimizer.learning_rate=0.003` needs no optimizer in the spec. Keys that no kind has decide nothing.
func (set *kindSet) standIn(n *Node, f *Field) string {
	t, ok := set.lookup(defaultKind(f))
	if !ok {
		return ""
	}
	own, known := infoOf(t.Elem()).own, set.settingsKeys()
	for i := 0; i+1 < len(n.yaml.Content); i += 2 {
		if key := n.yaml.Content[i].Value; !own[key] && (slices.Contains(known, key) || slices.Contains(set.keys(), key)) {
			return ""
		}
	}
	return defaultKind(f)
}

// defaultKind is the kind that a field holds when its key is absent, or "".
func defaultKind(f *Field) string {
	if f == nil || f.def == nil || f.Type == nil || f.Type.Kind() != reflect.Interface || f.def.Kind != yaml.ScalarNode || isNull(f.def) {
		return ""
	}
	return f.def.Value
}

// noteLacking says that the kind of a mapping is not known, and what its keys tell of it.
func (set *kindSet) noteLacking(n *Node, outer *structInfo, p *Problems) {
	if set.lacking != nil {
		if path, why := set.lacking(n); why != "" {
			p.Add(path, "%s", why)
			return
		}
	}
	if p.Many() {
		p.Add(n.Path, "%s is missing: it chooses the %s", set.key, set.what)
		return
	}
	var fit []string
	for _, key := range set.keys() {
		t, _ := set.lookup(key)
		own, all, some := infoOf(t.Elem()).own, true, false
		for i := 0; i+1 < len(n.yaml.Content); i += 2 {
			key := n.yaml.Content[i].Value
			if outer == nil || !outer.own[key] {
				all, some = all && own[key], true
			}
		}
		if all && some {
			fit = append(fit, key)
		}
	}
	if len(fit) > 0 && len(fit) <= 3 {
		p.Add(n.Path, "%s is missing: it chooses the %s (did you mean %s: %s?)", set.key, set.what, set.key, strings.Join(fit, " or "))
		return
	}
	p.Add(n.Path, "%s is missing: it chooses the %s%s", set.key, set.what, listed(set.keys()))
}

// alias is the kind that is known elsewhere by a word, or "".
func (set *kindSet) alias(word string) string { return set.instead(plainWord(word)) }

// meant is the kind that an unknown word may mean; where it is not one alone, tail names them for the message.
func (set *kindSet) meant(word string) (kind, tail string) {
	if kind = set.alias(word); kind != "" {
		return kind, ""
	}
	keys := set.keys()
	if near := slips(word, keys); len(near) > 1 && len(near) <= 3 {
		last := len(near) - 1
		return "", " (did you mean " + strings.Join(near[:last], ", ") + " or " + near[last] + "?)"
	}
	if kind = Suggest(word, keys); kind != "" || len(keys) > mostListed {
		return kind, ""
	}
	return "", listed(keys)
}

// belongs says of an unknown key which other kinds have it, if they are few and it is no slip.
func (set *kindSet) belongs(key string, known []string) string {
	if set == nil || Suggest(key, known) != "" {
		return ""
	}
	var owners []string
	for _, kind := range set.keys() {
		if t, _ := set.lookup(kind); slices.Contains(infoOf(t.Elem()).keys, key) {
			owners = append(owners, kind)
		}
	}
	if n := len(owners); n == 0 || n > 3 {
		return ""
	}
	return fmt.Sprintf("; it belongs to %s: %s", set.key, strings.Join(owners, " or "))
}

// alsoKnown is the key of one of the structs that others know by a word, or "".
func alsoKnown(word string, infos ...*structInfo) string {
	w := plainWord(word)
	for _, info := range infos {
		if info != nil && info.also[w] != "" {
			return info.also[w]
		}
	}
	return ""
}

// alsoKnown is the key that others know by a word in a mapping whose kind is not known, or "".
func (set *kindSet) alsoKnown(word string, outer *structInfo) string {
	infos := []*structInfo{outer}
	for _, kind := range set.keys() {
		t, _ := set.lookup(kind)
		infos = append(infos, infoOf(t.Elem()))
	}
	return alsoKnown(word, infos...)
}

// didYouMean is the tail of a message about an unknown key: what it is a slip of, the section in which it is known, or
// what else comes near.
func (info *structInfo) didYouMean(key string, known []string, n *Node) string {
	if slip(key, known) == "" {
		if at := info.within(key); at != "" {
			return fmt.Sprintf(" (did you mean %s?)", at)
		}
	}
	if root := n.root(); root != nil && Suggest(key, known) == "" && n.kinds.belongs(key, known) == "" {
		if at := root.within(key); at != "" && at != join(n.Path, key) {
			return fmt.Sprintf(" (did you mean %s?)", at)
		}
	}
	return didYouMean(key, known)
}

// within is the place of a key in a section, or of the key that is known by another word there, or "". Sections that are one
// mapping come before those whose kinds have keys of their own.
func (info *structInfo) within(key string) string {
	for _, kinds := range []bool{false, true} {
		for i := range info.fields {
			f := &info.fields[i]
			set, ok := kindsOf(f.Type)
			if f.inline || ok != kinds {
				continue
			}
			if slices.Contains(keysWithin(f.Type), plainWord(key)) {
				return join(f.Key, plainWord(key))
			}
			if ok && set.alsoKnown(key, nil) != "" {
				return join(f.Key, set.alsoKnown(key, nil))
			}
		}
	}
	return ""
}

// keysWithin lists the keys of a section: of a mapping, or of all kinds that may stand there.
func keysWithin(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if set, ok := kindsOf(t); ok {
		return set.settingsKeys()
	}
	if t.Kind() != reflect.Struct || infoOf(t).custom {
		return nil
	}
	info := infoOf(t)
	if info.inline == nil {
		return info.keys
	}
	set, _ := kindsOf(info.inline.Type)
	return append(slices.Clone(info.keys), set.settingsKeys()...)
}

// example shows a mapping for a section in whose place stands something else.
func example(info *structInfo) string {
	if info.custom || info.inline != nil || len(info.keys) == 0 {
		return ""
	}
	for i := range info.fields {
		f := &info.fields[i]
		if f.def != nil && !f.unset && !f.inline && f.def.Kind == yaml.ScalarNode && f.def.ShortTag() != "!!str" && !isNull(f.def) {
			return fmt.Sprintf("; for example {%s: %s}", f.Key, f.Default)
		}
	}
	if len(info.keys) <= 8 {
		return " (its keys: " + strings.Join(info.keys, ", ") + ")"
	}
	return ""
}
