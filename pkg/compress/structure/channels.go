package structure

// channel is one index of an axis. Channels that can only be removed together are in one class.
type channel = int32

// axis is the channels of an axis of a value. It is nil for an axis of which nothing is ever removed: rows, steps, places in an image,
// what the data puts in.
type axis []channel

// channels are the classes of channels, as a forest: each channel points to another of its class, the first to itself.
type channels struct {
	parent []channel
	// why says of the first channel of a class what keeps it from being removed; "" where nothing does.
	why []string
}

// fresh are n channels, each a class of its own.
func (c *channels) fresh(n int) axis {
	a := make(axis, n)
	for i := range a {
		a[i] = channel(len(c.parent))
		c.parent, c.why = append(c.parent, a[i]), append(c.why, "")
	}
	return a
}

// class is the first channel of the class of x.
func (c *channels) class(x channel) channel {
	for c.parent[x] != x {
		c.parent[x] = c.parent[c.parent[x]]
		x = c.parent[x]
	}
	return x
}

// join makes one class of two channels. The lower number stays the first, so that classes are numbered as the graph goes.
func (c *channels) join(x, y channel) {
	x, y = c.class(x), c.class(y)
	if x == y {
		return
	}
	x, y = min(x, y), max(x, y)
	c.parent[y] = x
	if c.why[x] == "" {
		c.why[x] = c.why[y]
	}
}

// keep keeps the classes of an axis from being removed.
func (c *channels) keep(a axis, why string) {
	for _, x := range a {
		if x = c.class(x); c.why[x] == "" {
			c.why[x] = why
		}
	}
}

// couple joins the channels of two axes one by one: where one of them is nil, those of the other stay.
func (c *channels) couple(a, b axis, why string) {
	switch {
	case a == nil:
		c.keep(b, why)
	case b == nil:
		c.keep(a, why)
	default:
		for i := range a {
			c.join(a[i], b[i])
		}
	}
}
