// Package npy reads arrays as NumPy writes them, alone (.npy) or several in an archive (.npz). Sizes that a header declares are
// held against the file before memory is taken for them, and pickled objects are not read.
package npy
