// Package phrase writes counts, names and values into messages: "1 gap", "2,000 gaps", "a, b and 3 more".
package phrase
