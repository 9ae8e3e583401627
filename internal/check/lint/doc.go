// Package lint holds the project's rules as tests: the order of the packages, what a package must not do, and how code looks.
// Each failure says which rule was broken, where, and why there is one.
package lint
