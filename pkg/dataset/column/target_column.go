package column

import (
	"encoding/json"
	"fmt"
)

// TargetColumn is one fitted target column.
type TargetColumn struct {
	Encoder TargetEncoder
}

// Single is the encoder of a single label: if each step has one, that of a step.
func (c TargetColumn) Single() TargetEncoder {
	if e, ok := c.Encoder.(StepTarget); ok {
		return e.each()
	}
	return c.Encoder
}

// MarshalJSON writes {"type": "number", …}.
func (c TargetColumn) MarshalJSON() ([]byte, error) {
	key := KeyOfEncoder(TargetTypes, c.Encoder, func(t TargetType) any {
		if e := t.Encoder(); e != nil {
			return e
		}
		return nil
	})
	return MarshalTyped(key, c.Encoder)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *TargetColumn) UnmarshalJSON(data []byte) error {
	key, err := TypeOf(data)
	if err != nil {
		return err
	}
	t, ok := TargetTypes.Get(key)
	if !ok || t.Encoder() == nil {
		return fmt.Errorf("the target has the unknown type %q: was the model written by a newer version?", key)
	}
	c.Encoder = t.Encoder()
	if err := json.Unmarshal(data, c.Encoder); err != nil {
		return err
	}
	if err := c.Encoder.Valid(); err != nil {
		return fmt.Errorf("a target column %w", err)
	}
	if p, ok := c.Encoder.(Preparer); ok {
		p.Prepare()
	}
	return nil
}

// Scaling is the scale on which a number is learned.
func (c *TargetColumn) Scaling() (s Scaling, ok bool) {
	if e, ok := c.Single().(Scaled); ok {
		return *e.Scale(), true
	}
	return s, false
}
