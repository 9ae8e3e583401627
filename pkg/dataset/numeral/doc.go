// Package numeral reads numbers as people and programs write them: plain decimals to the bit and fast, with signs for money and
// thousands by the form of their column, and the words that mean a missing one.
package numeral
