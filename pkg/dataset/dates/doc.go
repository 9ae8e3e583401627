// Package dates reads timestamps in the ways that people and programs write them, knows how far they lie apart (a frequency), and
// which place they have in the calendar.
package dates
