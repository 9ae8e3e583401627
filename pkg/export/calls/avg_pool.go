package calls

func init() { Registry.Register("avg_pool", "y = the mean of each window", sumPool) }
