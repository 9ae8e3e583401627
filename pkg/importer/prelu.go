package importer

func init() {
	register("PRelu", prelu)
	needs["PRelu"] = 2
}

// prelu is a leaky ReLU, if one slope is that of all channels.
func prelu(n *node) []*value {
	slopes := n.need(1)
	if len(slopes.data) == 0 || !slopes.all(slopes.data[0]) {
		fail("a slope for each channel: an activation has one for all")
	}
	alpha := slopes.data[0]
	return []*value{signalOf(applied(n, func(x float64) float64 { return max(0, x) + alpha*min(0, x) }))}
}
