// Package npy reads arrays as NumPy writes them, alone (.npy) or several in an archive (.npz). It compares the
// sizes that a header declares with the file before it takes memory, and reads no pickled objects.
package npy
