// Package split deals rows out to the training, validation and test splits: by shares, classes, groups, folds, or in order.
package split
