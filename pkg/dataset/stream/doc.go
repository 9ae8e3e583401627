// Package stream encodes rows as they arrive, as a schema was fitted: tables, folders of images, files of sequences.
//
// Where rows can only be encoded together with others, as windows and long tables, a stream holds them in memory as a
// History; all others take constant memory.
package stream
