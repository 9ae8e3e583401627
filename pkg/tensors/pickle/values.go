// Package pickle reads Python's pickles as plain values, and calls nothing: what a pickle would have Python call becomes an Object
// that says so. So a pickle of anyone can be read.
//
// Each value of a pickle takes at least a byte of it. A pickle may say that a value lies in itself, or many times in another: who
// walks through values must count.
package pickle

// None is Python's None, as are values of kinds that nobody needs.
type None struct{}

// Global is a name of a module, such as a class or a function.
type Global struct{ Module, Name string }

// String is how Python writes it.
func (g Global) String() string { return g.Module + "." + g.Name }

// Tuple is a tuple.
type Tuple []any

// List is a list, or a set.
type List struct{ Items []any }

// Dict is a dictionary in its order.
type Dict struct{ Keys, Values []any }

// Get is the value of a key that is a text, nil if there is none.
func (d *Dict) Get(key string) any {
	for i := len(d.Keys) - 1; i >= 0; i-- { // the last one counts
		if d.Keys[i] == key {
			return d.Values[i]
		}
	}
	return nil
}

// Object is what Python would make by calling something with arguments.
type Object struct {
	Class Global // zero where it is no name
	Args  Tuple
	State any  // what it is filled with
	Dict  Dict // what is put into it by keys
}

// Persistent is an object that lies outside of the pickle.
type Persistent struct{ ID any }
