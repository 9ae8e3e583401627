package stream

import (
	"dnn/pkg/dataset/record"
)

// Unseen is how many rows of a stream had a word in a column that training never saw.
type Unseen struct {
	Column string
	Rows   int
}

// UnseenTokens is how many of the tokens of an input the model's vocabulary does not have.
type UnseenTokens struct {
	Input       string
	Tokens, All int
}

// unseen counts, for a stream, rows with such words.
type unseen struct {
	rows    int
	columns []Unseen // in the order they turned up
	at      map[string]int
	row     bool // the current row was counted
	tokens  []UnseenTokens
}

// countTokens counts those of an input in a row.
func (u *unseen) countTokens(input string, tokens, all int) {
	for i := range u.tokens {
		if t := &u.tokens[i]; t.Input == input {
			t.Tokens, t.All = t.Tokens+tokens, t.All+all
			return
		}
	}
	u.tokens = append(u.tokens, UnseenTokens{input, tokens, all})
}

func (u *unseen) count(column string) {
	if !u.row {
		u.row = true
		u.rows++
	}
	k, known := u.at[column]
	if !known {
		if u.at == nil {
			u.at = map[string]int{}
		}
		k = len(u.columns)
		u.at[column] = k
		u.columns = append(u.columns, Unseen{Column: column})
	}
	u.columns[k].Rows++
}

// Absent lists the columns that objects of JSON Lines lacked so far. Where a row is made of several, as in windows, only those
// that none had: a row may hold no more than a date.
func (st *Stream) MissingKeys() (list []record.MissingKey) {
	if st.json == nil {
		return nil
	}
	for _, a := range st.json.Needed {
		if a.Rows > 0 && (a.All || st.Held == nil) {
			list = append(list, a)
		}
	}
	return list
}

// Unseen returns how many of the rows so far had words that training never saw, which the net was given as nothing, and
// how many of them in which column. Bad rows do not count.
func (r *readRows) Unseen() (rows int, columns []Unseen) { return r.unseen.rows, r.unseen.columns }

// UnseenTokens returns, for each input of text, how many of the tokens so far the model's vocabulary does not have.
func (r *readRows) UnseenTokens() []UnseenTokens { return r.unseen.tokens }
