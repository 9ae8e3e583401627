package spec

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
)

// kindSet lets the decoder fill a field of interface type T from the registry of T's kinds.
type kindSet struct {
	what    string
	key     string // the key that chooses the kind: "type"
	keys    func() []string
	lookup  func(key string) (reflect.Type, bool) // the pointer type of the kind's settings
	summary func(key string) string
	scalar  func(text string) (any, bool)
	absent  func(n *Node) string
	tells   bool
	lacking func(n *Node) (path, why string)
	aliases func() map[string]string
	instead func(word string) string // of an alias
	within  []string                 // settingsKeys, once they were asked for
	once    sync.Once
	unknown func(word string) string
}

// KindOptions adjust how a registry's kinds are written in a spec.
type KindOptions struct {
	// Key chooses the kind in a mapping. Default "type".
	Key string
	// Scalar reads a plain value that is not the name of a kind: a number that means a constant schedule.
	Scalar func(text string) (settings any, ok bool)
	// Absent names the kind of a mapping that has no Key, or returns "".
	Absent func(n *Node) string
	// Tells says that Absent knows the kind from the other keys, without a default, so that it may be asked about a mapping
	// with a wrong word too.
	Tells bool
	// Lacking says, of a mapping whose kind is not known, where and why, or returns "".
	Lacking func(n *Node) (path, why string)
	// Unknown is the tail of a message about a word that is no kind and is like none, or returns "".
	Unknown func(word string) string
}

var (
	kindSets = map[reflect.Type]*kindSet{}
	kindKeys sync.Map // kindKeyOf to key
)

// kindKeyOf is a settings type within a set of kinds.
type kindKeyOf struct {
	set      *kindSet
	settings reflect.Type
}

// Registry is what RegisterKinds asks of a registry of kinds; the packages' own registries are such.
type Registry[T any] interface {
	What() string                      // the noun for one kind: "layer"
	Keys() []string                    // of all kinds, sorted
	Get(key string) (value T, ok bool) // the kind of a key or of a former one
	Summary(key string) string         // of the kind, one line
	Aliases() map[string]string        // words by which others know kinds, and what a spec says instead
	Alias(word string) string          // what a spec says instead of one of them, or ""
}

// RegisterKinds makes fields of the interface type T decodable: `type: key` (or the bare word key) chooses one of reg's
// kinds, whose prototypes must be pointers to settings structs. It is called once, where T is declared.
func RegisterKinds[T any](reg Registry[T], o KindOptions) {
	if o.Key == "" {
		o.Key = "type"
	}
	kindSets[reflect.TypeFor[T]()] = &kindSet{
		what: reg.What(), key: o.Key, keys: reg.Keys, scalar: o.Scalar, absent: o.Absent, tells: o.Tells, lacking: o.Lacking, unknown: o.Unknown,
		aliases: reg.Aliases, instead: reg.Alias,
		lookup: func(key string) (reflect.Type, bool) {
			proto, ok := reg.Get(key)
			if !ok {
				return nil, false
			}
			return reflect.TypeOf(proto), true
		},
		summary: reg.Summary,
	}
}

// settingsKeys lists the keys of all kinds of the set, those of the kinds within them too, each once.
func (set *kindSet) settingsKeys() []string {
	set.once.Do(func() {
		seen := map[string]bool{}
		for _, key := range set.allSettingsKeys() {
			if !seen[key] {
				seen[key] = true
				set.within = append(set.within, key)
			}
		}
		set.within = slices.Clip(set.within)
	})
	return set.within
}

func (set *kindSet) allSettingsKeys() (keys []string) {
	for _, key := range set.keys() {
		t, _ := set.lookup(key)
		info := infoOf(t.Elem())
		keys = append(keys, info.keys...)
		if info.inline == nil {
			continue
		}
		if within, ok := kindsOf(info.inline.Type); ok {
			keys = append(append(keys, within.key), within.allSettingsKeys()...)
		}
	}
	return keys
}

func kindsOf(t reflect.Type) (*kindSet, bool) {
	k, ok := kindSets[t]
	return k, ok
}

// Kinds are the kinds that a field of one interface type may hold, for the reference and for tests over all of them.
type Kinds struct {
	What string       // the noun: "layer"
	Key  string       // the key that chooses among them: "type"
	Type reflect.Type // the interface
	List []KindInfo
	// Aliases are the words for which a kind is suggested, and what a spec says instead.
	Aliases map[string]string
}

// KindInfo is one of them.
type KindInfo struct {
	Key, Summary string
	Settings     reflect.Type // a struct
	Bare         bool         // the bare word is enough
}

// AllKinds lists all that was registered with RegisterKinds, sorted by its noun.
func AllKinds() (all []Kinds) {
	for t, set := range kindSets {
		k := Kinds{What: set.what, Key: set.key, Type: t, Aliases: set.aliases()}
		for _, key := range set.keys() {
			settings, _ := set.lookup(key)
			k.List = append(k.List, KindInfo{key, set.summary(key), settings.Elem(), suffices(settings.Elem())})
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kinds) int { return cmp.Compare(a.What, b.What) })
	return all
}

// KindOf returns the noun of the kinds that a field of type t may hold, and the key that chooses among them.
func KindOf(t reflect.Type) (what, key string, ok bool) {
	if set, ok := kindSets[t]; ok {
		return set.what, set.key, true
	}
	return "", "", false
}

// New returns the settings of a registered kind with every default filled in. It panics for an unknown key or for a kind
// that has required settings: it is for programs and tests, not for input.
func New[T any](key string) T {
	set, ok := kindSets[reflect.TypeFor[T]()]
	if !ok {
		panic("spec: no kinds are registered for " + reflect.TypeFor[T]().String())
	}
	t, ok := set.lookup(key)
	if !ok {
		panic("spec: unknown " + set.what + " " + key)
	}
	v := reflect.New(t.Elem())
	fillDefaults(v.Elem())
	return v.Interface().(T)
}

// Defaults fills every field of the settings struct that target points to with its default.
func Defaults(target any) { fillDefaults(reflect.ValueOf(target).Elem()) }

// KeyOf returns the key of a kind from its settings, as registered for T, or "".
func KeyOf[T any](settings T) string {
	return keyOf(kindSets[reflect.TypeFor[T]()], reflect.TypeOf(settings))
}

func keyOf(set *kindSet, t reflect.Type) string {
	if key, ok := kindKeys.Load(kindKeyOf{set, t}); ok {
		return key.(string)
	}
	for _, key := range set.keys() {
		if kt, _ := set.lookup(key); kt == t {
			kindKeys.Store(kindKeyOf{set, t}, key)
			return key
		}
	}
	return ""
}
