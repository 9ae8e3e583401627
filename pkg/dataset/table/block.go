package table

import (
	"encoding/binary"
	"math"
	"math/bits"

	"dnn/pkg/dataset/numeral"
)

// A block is fields of a column that follow one another. Where nearly all of them are decimals (or gaps) it keeps their digits, in as
// few bytes as the largest takes, and the few others as text; else it keeps the text of all, or where few words make it up, their
// numbers. The lowest bits of a decimal say how many digits follow the point, unless all decimals of the block have the same.
type block struct {
	first, rows int32 // of the table

	width  int              // bytes of a number; 0 for text
	digits []byte           // little-endian, and some bytes more, so that eight can be read at once
	places uint8            // the least digits after the point
	bits   uint8            // how many bits of a number say how many more it has
	odd    map[int32]string // by row, fields that are no decimals

	dictionary []string // of a block of few words, which are these; nil for others
	codes      []uint8  // of each field, the place of its word

	text string // of a block of many words
	ends []uint32
}

// The smallest integers of a width stand for fields that are no decimals.
const (
	gapDigits = math.MinInt64     // a gap
	oddDigits = math.MinInt64 + 1 // any other
)

// at returns the decimal of a field, or gapDigits or oddDigits as its digits.
func (b *block) at(i int32) numeral.Decimal {
	unused := 64 - 8*b.width
	number := int64(binary.LittleEndian.Uint64(b.digits[int(i)*b.width:])<<unused) >> unused
	if number <= math.MinInt64>>unused+1 {
		return numeral.Decimal{Digits: gapDigits + number - math.MinInt64>>unused}
	}
	return numeral.Decimal{Digits: number >> b.bits, Places: b.places + uint8(number&(1<<b.bits-1))}
}

// piece is the text of a field in a block of text.
func (b *block) piece(i int32) string {
	if b.codes != nil {
		return b.dictionary[b.codes[i]]
	}
	from := uint32(0)
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.text[from:b.ends[i]]
}

// field is the text of a field.
func (b *block) field(i int32) string {
	if b.width == 0 {
		return b.piece(i)
	}
	switch d := b.at(i); d.Digits {
	case gapDigits:
		return ""
	case oddDigits:
		return b.odd[i]
	default:
		var memory [numeral.MostPlaces + 4]byte
		return string(d.Append(memory[:0]))
	}
}

// gap reports whether a field is empty.
func (b *block) gap(i int32) bool {
	if b.width == 0 {
		return b.piece(i) == ""
	}
	return b.at(i).Digits == gapDigits
}

// number reads a field as a number; ok is false for gaps and words.
func (b *block) number(i int32) (x float64, ok bool) {
	if b.width == 0 {
		return numeral.Parse(b.piece(i))
	}
	switch d := b.at(i); d.Digits {
	case gapDigits:
		return 0, false
	case oddDigits:
		return numeral.Parse(b.odd[i])
	default:
		return d.Value(), true
	}
}

// numbers reads the fields of some rows, of which the first lies in the block, as number does: NaN for gaps and words. It returns how
// many lie in the block, and what they are.
func (b *block) numbers(rows []int32, into []float64) (n, gaps, words int) {
	if b.width == 0 || b.width > widestExact {
		for n = 0; n < len(rows) && b.has(rows[n]); n++ {
			x, ok := b.number(rows[n] - b.first)
			if !ok && b.gap(rows[n]-b.first) {
				gaps++
			} else if !ok {
				words++
			}
			if into[n] = x; !ok {
				into[n] = math.NaN()
			}
		}
		return n, gaps, words
	}
	unused, more := 64-8*b.width, 1<<b.bits-1
	odd := math.MinInt64>>unused + 1
	for n = 0; n < len(rows) && b.has(rows[n]); n++ {
		i := rows[n] - b.first
		number := int(binary.LittleEndian.Uint64(b.digits[int(i)*b.width:])<<unused) >> unused
		if number > odd {
			into[n] = float64(number>>b.bits) / numeral.Power(b.places+uint8(number&more))
			continue
		}
		x, ok := b.number(i)
		if number < odd {
			gaps++
		} else if !ok {
			words++
		}
		if into[n] = x; !ok {
			into[n] = math.NaN()
		}
	}
	return n, gaps, words
}

// widestExact is the width of the largest numbers that are all below mostExact.
const widestExact = 6

// has reports whether a row lies in the block.
func (b *block) has(row int32) bool { return uint32(row-b.first) < uint32(b.rows) }

// bytes is about how many bytes the fields take.
func (b *block) bytes() int {
	return len(b.digits) + oddBytes*len(b.odd) + len(b.text) + 4*len(b.ends) + len(b.codes) + wordBytes*len(b.dictionary)
}

// oddBytes is about what a field takes that is no decimal, in a block of numbers, and wordBytes what a word takes.
const (
	oddBytes  = 48
	wordBytes = 32
)

// forget drops the fields. Others may ask meanwhile which rows the block has.
func (b *block) forget() {
	b.digits, b.odd, b.dictionary, b.codes, b.text, b.ends = nil, nil, nil, nil, "", nil
}

// plain reports whether all fields are decimals or gaps, and some whether one is a decimal.
func (b *block) plain() (some, plain bool) {
	if b.width == 0 || b.odd != nil {
		return false, false
	}
	for i := int32(0); i < b.rows && !some; i++ {
		some = !b.gap(i)
	}
	return some, true
}

// words yields each field that is no decimal and no gap.
func (b *block) words(yield func(word string) bool) {
	for _, word := range b.odd {
		if !yield(word) {
			return
		}
	}
	if b.width > 0 {
		return
	}
	for i := range b.rows {
		if word := b.piece(i); word != "" && !yield(word) {
			return
		}
	}
}

// blockRows is how many fields a block has that is made field by field, and blockText how many bytes of text it has at most.
const (
	blockRows = 4096
	blockText = 1 << 20
)

// A builder collects fields for a block.
type builder struct {
	digits []int64 // gapDigits and oddDigits for fields that are no decimals
	places []uint8
	odd    []int32 // the fields that are none
	ends   []uint32
	text   []byte // theirs
}

func (b *builder) len() int { return len(b.digits) }

func (b *builder) full() bool { return len(b.digits) >= blockRows || len(b.text) >= blockText }

func (b *builder) push(d numeral.Decimal) {
	b.digits, b.places = append(b.digits, d.Digits), append(b.places, d.Places)
}

// add appends a field.
func add[T numeral.Characters](b *builder, field T) {
	if len(field) == 0 {
		b.push(numeral.Decimal{Digits: gapDigits})
		return
	}
	if d, ok := numeral.ParseDecimal(field); ok {
		b.push(d)
		return
	}
	b.odd = append(b.odd, int32(len(b.digits)))
	b.text = append(b.text, field...)
	b.ends = append(b.ends, uint32(len(b.text)))
	b.push(numeral.Decimal{Digits: oddDigits})
}

// take appends a field of a block.
func (b *builder) take(from *block, i int32) {
	if from.width == 0 {
		add(b, from.piece(i))
		return
	}
	if d := from.at(i); d.Digits != oddDigits {
		b.push(d)
		return
	}
	add(b, from.odd[i])
}

// join appends the fields of another builder.
func (b *builder) join(other *builder) {
	before, text := int32(len(b.digits)), uint32(len(b.text))
	b.digits, b.places = append(b.digits, other.digits...), append(b.places, other.places...)
	b.text = append(b.text, other.text...)
	for k, i := range other.odd {
		b.odd, b.ends = append(b.odd, before+i), append(b.ends, text+other.ends[k])
	}
}

func (b *builder) reset() {
	b.digits, b.places, b.odd, b.ends, b.text = b.digits[:0], b.places[:0], b.odd[:0], b.ends[:0], b.text[:0]
}

// oddShare is the least number of fields in a block of numbers for each field that is not a number.
const oddShare = 8

// seal makes a block of the fields and empties the builder.
func (b *builder) seal() block {
	made := block{rows: int32(b.len())}
	if len(b.odd)*oddShare > b.len() || !b.sealNumbers(&made) {
		b.sealText(&made)
	}
	b.reset()
	return made
}

// fields yields the fields as text, each until the next one.
func (b *builder) fields(yield func(i int, field []byte) bool) {
	var number [numeral.MostPlaces + 4]byte
	odd, from := 0, uint32(0)
	for i, digits := range b.digits {
		var field []byte
		switch digits {
		case gapDigits:
		case oddDigits:
			field = b.text[from:b.ends[odd]]
			odd, from = odd+1, b.ends[odd]
		default:
			field = numeral.Decimal{Digits: digits, Places: b.places[i]}.Append(number[:0])
		}
		if !yield(i, field) {
			return
		}
	}
}

func (b *builder) sealText(made *block) {
	if made.dictionary, made.codes = b.fewWords(); made.codes != nil {
		return
	}
	text := make([]byte, 0, len(b.text))
	made.ends = make([]uint32, b.len())
	for i, field := range b.fields {
		text = append(text, field...)
		made.ends[i] = uint32(len(text))
	}
	made.text = string(text)
}

// fewWords lists the words of the fields, and the place of each field's word, if they are so few that it is worth it.
func (b *builder) fewWords() (words []string, codes []uint8) {
	most := min(1<<8, b.len()/wordRows)
	places := map[string]uint8{}
	codes = make([]uint8, b.len())
	for i, field := range b.fields {
		place, known := places[string(field)]
		if !known {
			if len(words) == most {
				return nil, nil
			}
			place = uint8(len(words))
			words = append(words, string(field))
			places[words[place]] = place
		}
		codes[i] = place
	}
	return words, codes
}

// wordRows is the least number of fields in a block of few words for each of the words.
const wordRows = 4

// sealNumbers reports whether all numbers fit in 64 bits with what says how many of their digits follow the point.
func (b *builder) sealNumbers(made *block) bool {
	low, high, least, most := int64(0), int64(0), uint8(numeral.MostPlaces), uint8(0)
	for i, digits := range b.digits {
		if digits > oddDigits {
			low, high = min(low, digits), max(high, digits)
			least, most = min(least, b.places[i]), max(most, b.places[i])
		}
	}
	if least < most {
		made.bits = uint8(bits.Len8(most - least))
	}
	fits := func(width int) bool {
		limit := int64(math.MaxInt64) >> (64 - 8*width) >> made.bits
		return -limit < low && high <= limit
	}
	for made.places, made.width = least, 1; !fits(made.width); made.width++ {
		if made.width == 8 {
			*made = block{rows: made.rows}
			return false
		}
	}
	made.digits = make([]byte, len(b.digits)*made.width+8-made.width)
	marks := int64(math.MinInt64) >> (64 - 8*made.width)
	for i, digits := range b.digits {
		if digits <= oddDigits {
			digits = marks + digits - gapDigits
		} else {
			digits = digits<<made.bits | int64(b.places[i]-least)
		}
		binary.LittleEndian.PutUint64(made.digits[i*made.width:], uint64(digits)) // the next number covers what is too much
	}
	from := uint32(0)
	for k, i := range b.odd {
		if made.odd == nil {
			made.odd = make(map[int32]string, len(b.odd))
		}
		made.odd[i] = string(b.text[from:b.ends[k]])
		from = b.ends[k]
	}
	return true
}
