package pjrt

import "unsafe"

// tail is what a plugin takes for fields of later versions.
type tail [8]uint64

type initializeArgs struct {
	header
	tail tail
}

type errorMessageArgs struct {
	header
	failed uintptr
	text   *byte
	length uintptr
	tail   tail
}

type errorCodeArgs struct {
	header
	failed uintptr
	code   int32
	tail   tail
}

type errorDestroyArgs struct {
	header
	failed uintptr
	tail   tail
}

type attributesArgs struct {
	header
	list  *namedValue
	count uintptr
	tail  tail
}

// namedValue is an attribute or an option. It has no tail: they lie behind one another.
type namedValue struct {
	header
	name   *byte
	length uintptr
	kind   int32 // 0 text, 1 integer, 2 integers, 3 float, 4 bool
	value  uint64
	count  uintptr
}

// handleArgs is the struct of all functions that take a handle and return nothing.
type handleArgs struct {
	header
	handle uintptr
	tail   tail
}

// resultArgs is the struct of functions that take a handle and return one word.
type resultArgs struct {
	header
	handle uintptr
	result uintptr
	tail   tail
}

// textArgs is the struct of functions that take a handle and return characters, or a list of handles.
type textArgs struct {
	header
	handle uintptr
	text   *byte
	length uintptr
	tail   tail
}

type clientCreateArgs struct {
	header
	options    *namedValue
	count      uintptr
	get, getBy uintptr
	put, putBy uintptr
	client     uintptr
	try, tryBy uintptr
	tail       tail
}

type devicesArgs struct {
	header
	client  uintptr
	devices *uintptr
	count   uintptr
	tail    tail
}

type program struct {
	header
	code         *byte
	codeLength   uintptr
	format       *byte
	formatLength uintptr
	tail         tail
}

type compileArgs struct {
	header
	client        uintptr
	program       *program
	options       *byte
	optionsLength uintptr
	executable    uintptr
	tail          tail
}

type fromHostArgs struct {
	header
	client  uintptr
	data    unsafe.Pointer
	kind    int32
	dims    *int64
	rank    uintptr
	strides struct {
		list  *int64
		count uintptr
	}
	semantics int32
	device    uintptr
	memory    uintptr
	layout    uintptr
	done      uintptr
	buffer    uintptr
	tail      tail
}

type dimensionsArgs struct {
	header
	buffer uintptr
	dims   *int64
	rank   uintptr
	tail   tail
}

type toHostArgs struct {
	header
	buffer uintptr
	layout unsafe.Pointer
	data   unsafe.Pointer
	size   uintptr
	event  uintptr
	tail   tail
}

// hostLayout is the layout that arrays have in Go: the last axis is the innermost.
type hostLayout struct {
	header
	inner struct { // PJRT_Buffer_MemoryLayout_Tiled
		header
		minorToMajor *int64
		rank         uintptr
		tileDims     *int64
		tileSizes    *uintptr
		tiles        uintptr
	}
	kind int32 // 0 tiled
	tail tail
}

type executeOptions struct {
	header
	send, receive           uintptr
	sendCount, receiveCount uintptr
	launch                  int32
	kept                    *int64 // inputs that are not donated
	keptCount               uintptr
	context                 uintptr
	callLocation            *byte
	tasks                   uintptr
	taskIDs                 uintptr
	incarnations            uintptr
	multiSlice              uintptr
	tail                    tail
}

type executeArgs struct {
	header
	executable uintptr
	options    *executeOptions
	arguments  **uintptr
	devices    uintptr
	count      uintptr
	outputs    **uintptr
	events     *uintptr
	device     uintptr
	tail       tail
}

type memoryStatsArgs struct {
	header
	device         uintptr
	inUse          int64
	peak           int64
	peakSet        bool
	allocations    int64
	allocationsSet bool
	largest        int64
	largestSet     bool
	limit          int64
	limitSet       bool
	rest           [12]int64
	tail           tail
}
