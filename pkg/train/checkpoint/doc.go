// Package checkpoint writes and reads the model file: one .safetensors file that any safetensors reader opens.
//
// The layout is that of https://github.com/huggingface/safetensors:
//
//	8 bytes   length n of the header, unsigned, little endian
//	n bytes   JSON object, padded with spaces so that the data starts at a multiple of 64 bytes
//	rest      the tensors, little endian, row-major, one after the other without gaps
//
// The header maps each tensor's name to its dtype, shape and data_offsets (bytes from the start of the data), and
// "__metadata__" to a flat object of strings. Two entries of the metadata belong to this package, and callers never see
// them:
//
//	dnn.format   version of the format, now "1"
//	dnn.sha256   SHA-256 of the whole file, in hexadecimal, computed with these 64 digits taken as '0'
//
// So every byte of the file is covered: a file cut anywhere, or with any bit changed, does not load. The checksum finds
// accidents, not forgery: it is no signature.
//
// The bytes of a file follow from its content alone. The order of File.Tensors does not matter: tensors lie by element
// size, largest first (which keeps each aligned), then by name.
//
// Writing is atomic: a reader sees the old file or the new one, at any moment, whatever happens to the writer. A writer
// that is killed leaves at most a file ending in .tmp beside the target, which newfile.CleanTemps removes.
package checkpoint
