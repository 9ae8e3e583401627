// Package dataset turns files into encoded batches.
//
// The way of the data through this package:
//
//	Format ──> Table ──> split ──> fit on the training rows ──> Schema + cells ──> Batch
//	 files     columns   splits    Encoders                     what eval needs    what a step takes
//
// A Format reads files into a Table of named columns. Rows are divided into splits; whatever is learned from the data (means,
// medians, categories, scales) is learned from the rows of the training split and kept in the Schema, which goes into the
// model as JSON and is all that evaluation and prediction need.
//
// An Encoder is a fitted input. It turns the fields of a row into cells (32 bits each, one or a few for each field), and
// cells into the numbers of a batch. Splits keep cells, not numbers: a category of 1,000 words is one cell and becomes 1,000
// numbers only in the batch. Part.Fill and Stream.Next share that code, so they cannot differ.
//
// A Batch has one buffer for each Block. All float columns lie side by side in one block named "features"; each image
// and each input of whole numbers has a block of its own. A named Input is a range of columns of one block.
//
// Formats, input types, target types and generators are kinds in registries: one file each, named after its key.
package dataset
