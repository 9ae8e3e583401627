// Package lint holds the project's rules as tests: the order of the rooms, what a room must not do, and how code looks.
// Each failure says which rule was broken, where, and why there is one.
package lint
