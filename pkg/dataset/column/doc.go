// Package column turns the columns of a table into numbers: one file for each type, named after its key.
//
// A Type is what a spec chooses (type: number): settings from which an Encoder is fitted to the training rows. The Encoder
// is plain data that goes as JSON into the model. It turns the fields of a row into cells (32 bits each, one or a few for
// each field), and cells into the numbers of a batch. A TargetType and its TargetEncoder do the same for what is predicted.
//
// A Fitting is what a type learns from and where it says what it found. What only some types and encoders can do is asked by
// the small interfaces in ask.go.
package column
